"""The noun that a figure belongs to by where it stands: beside it, before a comma, behind a preposition, above it in the tree."""

from __future__ import annotations

from claimtable.nlp import syntax
from claimtable.nlp.claims.context import Context
from claimtable.nlp.claims.levels import is_neutral, moves
from claimtable.nlp.claims.subjects.place import Place
from claimtable.nlp.mentions import mentions_in
from claimtable.nlp.tokens import Tokens

MAX_DEPTH = 6
"""Steps up the tree in which the verb of valuing is looked for (set by hand: it bounds the search)."""
_OPENERS = frozenset([",", "(", "–", "—"])
_CLOSERS = frozenset([",", ")", "–", "—"])
NAMES = frozenset(["NOUN", "PROPN"])
_PURPOSE_CASES = frozenset(["for", "to", "on", "toward", "towards", "into"])
_COMPLEMENT_CASES = frozenset(["of", "in", "out of"])
_COMPARATIVES = frozenset(["more", "less", "fewer"])
_RESULT_CASES = frozenset(["with", "at"])
LEVEL_CASES = frozenset(["to", "by", "from", "at", "below", "above", "under", "over"])

CALENDAR = frozenset(["year", "month", "week", "quarter", "day", "basis", "pace", "rate", "time", "average"])
"""Nouns before a bracket that only say when or how fast: "prices slowed down year on year (+2%)"."""


def complement(ctx: Context, place: Place, holder: int | None = None) -> int | None:
    """Return the head of "of X" or "in X" beside a share or sum, or beside `holder`, which stands for it."""
    t = ctx.t
    first = place.head if holder is None else holder
    if (
        holder is None
        and place.end < t.n
        and t.lower[place.end] in _COMPLEMENT_CASES
        and t.rel[place.end] == "case"
    ):
        beside = t.head[
            place.end
        ]  # "invested $5 million in a line": right behind the figure, whatever the tree says
        # Not "in the season", "in its first week": what money comes or goes in is not known before.
        taken_in = (
            place.quantity.dimension == "money"
            and t.rel[place.head] == "obj"
            and t.lower[place.end + 1] != "the"
            and (t.dep[place.end + 1] != "nmod:poss" or t.lemma[t.head[place.head]] in ctx.nouns.spend)
        )
        if (t.lower[place.end] != "in" or taken_in) and _is_complement(ctx, place, beside):
            return beside
    for holder in (first, *(i for i in range(place.first, place.end) if i != first)):
        for c in t.children[holder]:
            if t.rel[c] in ("nmod", "obl") and _is_complement(ctx, place, c):
                return c
    return None


def _is_complement(ctx: Context, place: Place, i: int) -> bool:
    t = ctx.t
    case = syntax.case_word(t, i)
    return (
        i >= place.end
        and case in _COMPLEMENT_CASES
        and t.pos[i] in ("NOUN", "PROPN", "PRON")
        and not ctx.is_time(i)
        and not (case == "in" and (is_linking(ctx, i) or _is_place(ctx, i)))
    )


def is_linking(ctx: Context, i: int) -> bool:
    """Recognise the noun of "in line with", "in comparison to", which has no determiner and no adjective."""
    t = ctx.t
    return t.lemma[i] in ctx.nouns.linking and not any(
        t.rel[c] in ("amod", "compound") for c in t.children[i]
    )


def _is_place(ctx: Context, i: int) -> bool:
    t = ctx.t
    return any(m.label in ("GPE", "LOC") for m in mentions_in(ctx.doc, t.start[i], t.end[i]))


def is_amount_of_noun(ctx: Context, base: int) -> bool:
    """Recognise a share that says how large something is: "a subsidy of 40 percent of the bill"; not a movement or an average."""
    t = ctx.t
    noun = t.head[base]
    return (
        t.rel[base] == "nmod"
        and t.pos[noun] == "NOUN"
        and syntax.case_word(t, base) == "of"
        and t.lemma[noun] not in ctx.nouns.change | ctx.nouns.mean | ctx.nouns.anaphor
        and noun not in ctx.measured
    )


def sampled(ctx: Context, place: Place) -> int | None:
    """Return the noun of "one patient in nine" and "one in ten patients"; None for other figures."""
    t = ctx.t
    if place.quantity.dimension != "share" or not any(
        t.lower[i] in ("in", "out") for i in range(place.first, place.end)
    ):
        return None
    inside = next((i for i in range(place.first, place.end) if t.pos[i] == "NOUN"), None)
    if inside is not None:
        return inside
    last = place.end
    while last < t.n and t.pos[last] in ("ADJ", "NOUN", "PROPN") and t.sent[last] == t.sent[place.first]:
        last += 1
        if t.tag[last - 1] == "NNS":
            break  # "one in five adults smokes": parsers take the verb for a noun
    return last - 1 if last > place.end and t.pos[last - 1] == "NOUN" and not ctx.is_time(last - 1) else None


def is_set_off(ctx: Context, first: int, end: int) -> bool:
    """Recognise a figure between commas, brackets or dashes, adverbs aside: "the subsidy, currently $22 million a year, …"."""
    t = ctx.t
    i = first - 1
    while i > 0 and (t.pos[i] == "ADV" or t.lower[i] in ctx.nouns.level):
        i -= 1
    if i > 0 and t.lower[i] == "at":
        i -= 1  # "unemployment, at 9 percent, is …"
    last = syntax.span_root(t, first, end)
    if end < t.n and t.lower[end] == "of" and t.rel[end] == "case" and t.lower[i + 1] == "at":
        end = t.subtree(t.head[end])[-1] + 1  # ", at 3 percent of output, "
    while end < t.n and ctx.is_time(end) and t.sent[end] == t.sent[first]:
        end += 1  # ", down 20 percent this year, "
    return (
        i > 0
        and t.text[i] in _OPENERS
        and t.pos[i - 1] in NAMES
        and not ctx.is_time(i - 1)  # "by 15 June, around 12 billion, …"
        and t.lemma[i - 1] not in CALENDAR
        and t.rel[last] not in ("nsubj", "obj")
        and end < t.n
        and t.text[end] in _CLOSERS
    )


def noun_before_comma(ctx: Context, first: int, start: int) -> int | None:
    """Return the head of the noun phrase that ends before the comma or bracket in front of the figure at `first`.

    Of coordinated nouns all, unless there is a figure between them: "a share in Ruland (22 percent), and one in Orvik (3 percent)".
    """
    t = ctx.t
    i = first - 1
    while t.text[i] not in _OPENERS:
        i -= 1
    i -= 1
    while (
        t.rel[i] in ("nmod", "compound", "flat", "conj")
        and start <= t.head[i] < i
        and t.pos[t.head[i]] in NAMES
        and not (t.rel[i] == "conj" and any(k in ctx.measured for k in range(t.head[i], i)))
    ):
        i = t.head[i]
    return i


def valued(ctx: Context, place: Place) -> int | None:
    """Return what a verb of valuing puts at the figure: "he puts the chance of meeting the target at one in five"."""
    t = ctx.t
    before = t.lower[max(0, place.first - 2) : place.first]
    if before[-1:] != ["at"] and before != ["at", "from"]:
        return None
    for i in t.ancestors(place.head)[:MAX_DEPTH]:
        if t.lemma[i] in ctx.nouns.value:
            return syntax.child(t, i, "obj", "nsubj:pass")
    return None


def worth(ctx: Context, place: Place, start: int) -> int | None:
    """Return the noun that a sum behind it says the worth of: "30,000 tonnes of grain worth $9 million"; None behind "is worth".

    Read from the words: parsers hang the adjective on the noun, its verb or anything else.
    """
    t = ctx.t
    i = place.first - 1
    while i > start and t.pos[i] in ("ADV", "DET"):
        i -= 1
    noun = i - 1
    if noun < start or t.lower[i] != "worth" or t.pos[noun] not in NAMES or ctx.is_time(noun):
        return None
    while t.rel[noun] in ("nmod", "compound", "flat") and start <= t.head[noun] < noun:
        if t.head[noun] in ctx.measured or t.pos[t.head[noun]] not in NAMES:
            break
        noun = t.head[noun]
    return noun


def compared_noun(ctx: Context, base: int) -> int | None:
    """Return the noun of "50 % more people": the figure measures a comparative that modifies it."""
    t = ctx.t
    word = t.head[base]
    if (
        t.lower[word] in _COMPARATIVES
        and t.rel[word] in ("amod", "advmod", "det", "nummod")
        and t.pos[t.head[word]] == "NOUN"
    ):
        return t.head[word]
    return None


def located(ctx: Context, place: Place, base: int) -> int | None:
    """Return what a distance says the place of: "a village 30 km north of the town", "the quake struck 33 km under the sea".

    A place that is told from another one is that of the noun right before it, whatever the parse hangs it on.
    None where the length measures something.
    """
    t = ctx.t
    direction = t.head[base]
    if not t.dep[base].endswith(":unmarked") or direction < base:
        return None
    if t.pos[direction] in NAMES:
        if syntax.case_word(t, direction) == "" or not _is_before_case(t, base, direction):
            return None
    elif t.pos[direction] not in ("ADV", "ADP", "ADJ"):
        return None
    above = t.head[direction]
    while t.pos[above] in ("ADV", "ADP") and t.head[above] != above:
        above = t.head[above]
    if t.pos[above] in NAMES and above < base:
        return above
    if t.pos[direction] in NAMES or not _is_told_from(t, direction):
        return syntax.subject(t, above)
    beside = _noun_before(ctx, place.first)
    return syntax.subject(t, above) if beside is None else beside


def _is_before_case(t: Tokens, base: int, noun: int) -> bool:
    """Return whether a length stands before the preposition of the noun: "33 kilometers under the Indian Ocean"."""
    return any(t.rel[c] == "case" and base < c < noun for c in t.children[noun])


def _is_told_from(t: Tokens, direction: int) -> bool:
    """Tell "north of the town" from "they drove north"."""
    return any(
        t.rel[c] in ("obl", "nmod") and syntax.case_word(t, c) in ("of", "from")
        for c in t.children[direction]
    )


def _noun_before(ctx: Context, first: int) -> int | None:
    """Return the head of the noun phrase that ends right before the figure at `first`, adverbs aside; None where none does."""
    t = ctx.t
    i = first - 1
    while i > 0 and t.pos[i] == "ADV":
        i -= 1
    if i < 0 or t.pos[i] not in NAMES or ctx.is_time(i) or t.sent[i] != t.sent[first]:
        return None
    while t.rel[i] in ("nmod", "compound", "flat") and t.head[i] < i and t.pos[t.head[i]] in NAMES:
        i = t.head[i]
    return i


def yardstick(ctx: Context, base: int) -> int | None:
    """Return the predicate noun that a figure compares its subject with: "costs were 20 percent above plan", "it is three times the limit".

    The figure stands before the preposition or determiner that opens the noun's phrase, so it is no part of that.
    """
    t = ctx.t
    noun = t.head[base]
    if not t.dep[base].endswith(":unmarked") or not syntax.is_before_phrase(t, base, noun):
        return None
    predicate = syntax.child(t, noun, "cop") is not None or (t.rel[noun] == "conj" and t.head[noun] < base)
    return noun if predicate and t.pos[noun] in NAMES else None


def scaled(ctx: Context, place: Place) -> tuple[int, int] | None:
    """Return (scale, thing) of a number on a scale without a unit: "the magnitude 5.8 quake", "a quake of magnitude 5.8"."""
    t = ctx.t
    scale = place.first - 1
    if place.quantity.unit is not None or scale < 0 or t.lemma[scale] not in ctx.nouns.scale:
        return None
    thing = t.head[scale]
    if thing == scale or t.pos[thing] not in NAMES:
        return None
    return scale, thing


def purpose(ctx: Context, place: Place, base: int, verb: int | None) -> int | None:
    """Return the head of "for X", "to X" or "to do X" that says what a sum of money is put to.

    It stands beside the sum itself, or beside a verb of which the sum is the subject, or the object of a verb of spending.
    """
    t = ctx.t
    if place.quantity.dimension != "money":
        return None
    holders = [place.head]
    spent = verb is not None and t.rel[base] == "obj" and t.lemma[verb] in ctx.nouns.spend
    if verb is not None and verb != place.head and (t.rel[base] == "nsubj" or spent):
        holders.append(verb)
    for holder in holders:
        for c in t.children[holder]:
            if c < place.end or c in ctx.measured:
                continue
            if (
                t.rel[c] in ("nmod", "obl")
                and syntax.case_word(t, c) in _PURPOSE_CASES
                and not ctx.is_time(c)
            ):
                return c
            if t.rel[c] in ("acl", "advcl", "xcomp") and syntax.has_to(t, c):
                return c
    return None


def recipient(ctx: Context, place: Place, base: int, verb: int | None) -> int | None:
    """Return who is given a sum of money: "lends the city $5 million"."""
    t = ctx.t
    if (
        place.quantity.dimension != "money"
        or verb is None
        or t.rel[base] != "obj"
        or t.lemma[verb] not in ctx.nouns.spend
    ):
        return None
    who = syntax.child(t, verb, "iobj", "obj")  # parsers take it for another object
    return who if who is not None and verb < who < place.first else None


def noun_modified(ctx: Context, base: int) -> int | None:
    """Return the noun that the figure modifies: "the $11 billion debt", "the 30 km pipeline's"."""
    t = ctx.t
    noun = t.head[base]
    behind = next((c for c in t.children[base] if t.rel[c] == "appos" and c > base), None)
    if (
        behind is not None
        and base in ctx.measured
        and t.tag[behind] == "NN"
        and t.pos[behind - 1] == "NUM"
        and any(t.rel[c] in ("det", "amod") and c < base for c in t.children[base])
    ):
        return behind  # "a reported $18 million take": parsers take it for an apposition
    if t.rel[base] in ("compound", "amod", "nummod") and t.pos[noun] in NAMES:
        if any(t.pos[i] == "ADP" for i in range(base + 1, noun)):
            return (
                None  # "fell 12 percent to 4.1 million passengers": no modifier stands before a preposition
            )
        while t.rel[noun] == "compound" and t.pos[t.head[noun]] in ("NOUN", "PROPN"):
            noun = t.head[noun]
        return noun
    if t.dep[base] == "nmod:poss" and t.pos[t.head[base]] in ("NOUN", "PROPN"):
        return t.head[base]
    return None


def is_apposed(ctx: Context, place: Place, base: int) -> bool:
    """Recognise a figure in apposition to what it measures; "arrivals went the other way: 210 in 2007" says nothing of a way."""
    t = ctx.t
    noun = t.head[base]
    adverbial = t.dep[noun] == "obl:unmarked"
    return t.rel[base] == "appos" and t.pos[noun] in NAMES and not adverbial and not place.holds(noun)


def is_bare_change(ctx: Context, noun: int) -> bool:
    """Tell "a sharp 3 percent drop" from "a 2 °C temperature rise", which says what rises."""
    t = ctx.t
    return t.lemma[noun] in ctx.nouns.change and not any(
        t.dep[c] in ("compound", "nmod:poss") and c not in ctx.measured for c in t.children[noun]
    )


def contestant(ctx: Context, place: Place, base: int) -> int | None:
    """Return whose result a share is that stands beside a name: "followed by Ben Carson with 20 percent", "Rubio at 12 percent"."""
    t = ctx.t
    name = t.head[base]
    if place.quantity.dimension != "share" or syntax.case_word(t, base) not in _RESULT_CASES:
        return None
    if t.rel[base] == "obl" and t.tag[name] == "VBN":
        agent = next((c for c in t.children[name] if t.dep[c] == "obl:agent" and c < base), None)
        return agent if agent is not None and t.pos[agent] == "PROPN" else None
    return name if t.rel[base] == "nmod" and t.pos[name] == "PROPN" and name < base else None


def is_level_reached(ctx: Context, place: Place, base: int, verb: int | None) -> bool:
    """Return whether it is a level that the complement is no part of.

    "Cut emissions from 96 kg of CO2 to 58 kg", "stands at 3 percent of output", "went from 9 to 6 percent of GDP".
    """
    t = ctx.t
    if verb is None or t.rel[base] != "obl" or t.head[base] != verb:
        return False
    case = syntax.case_word(t, base)
    if place.quantity.dimension != "share":
        obj = syntax.child(t, verb, "obj")
        return case in LEVEL_CASES and obj is not None and obj not in ctx.measured
    if syntax.subject(t, verb) is None:
        return False
    return (case == "at" and t.lemma[verb] in ctx.nouns.stand) or (
        case in ("to", "from") and _is_moved(ctx, place, verb)
    )


def _is_moved(ctx: Context, place: Place, verb: int) -> bool:
    """Return whether a share moved to or from its level: not "the law applies to 90 percent of firms"."""
    q = place.quantity
    if q.direction is not None or q.change is not None:
        return True
    if not is_neutral(ctx, verb):
        return moves(ctx, verb)
    # "Spending went to 9 percent of GDP"; not "aid went to 9 percent of households"
    what = complement(ctx, place)
    return what is None or ctx.t.lemma[what] in ctx.nouns.economy
