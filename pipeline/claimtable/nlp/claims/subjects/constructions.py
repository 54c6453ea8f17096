"""The places in which a sentence names the measured thing: beside the figure, above it, or as its verb's subject or object."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from claimtable.nlp import syntax
from claimtable.nlp.claims.context import Context
from claimtable.nlp.claims.lexicon import people
from claimtable.nlp.claims.subjects.place import Place, predicate_of
from claimtable.nlp.claims.subjects.records import MAX_TOKENS, Measured, Memory, Subject
from claimtable.nlp.claims.subjects.reference import finish, from_measured, with_possessor
from claimtable.nlp.claims.subjects.wording import other_figures, phrase_of, without_leading_time
from claimtable.nlp.mentions import mentions_in
from claimtable.nlp.tokens import Tokens

LONG_WHOLE = 3
"""Words of a whole that says enough by itself: "all inland waterway freight"."""

MAX_BARE = 3
"""Words of a noun with its article and modifier that does not say whose it is: "a market share" (set by hand)."""

MAX_DEPTH = 6
"""Steps up the tree in which the verb of valuing is looked for (set by hand: it bounds the search)."""

MAX_CLAUSE = 10
"""Tokens of the relative clause that a subject takes in, at most: a longer one tells a story."""
_NOT_TAKEN = frozenset(["money", "count", None, "factor"])
"""Dimensions of figures that are no part of what their verb takes."""
_OPENERS = frozenset([",", "(", "–", "—"])
_CLOSERS = frozenset([",", ")", "–", "—"])
_NAMES = frozenset(["NOUN", "PROPN"])
_CONTENT = frozenset(["NOUN", "PROPN", "ADJ", "VERB", "ADV"])
_MEMBERS = frozenset(["conj", "amod"])
"""Relations of what a comma joins to more of its kind: "roads, bridges and schools"."""
_FIRST_PERSON = frozenset(["i", "we", "you"])
_PURPOSE_CASES = frozenset(["for", "to", "on", "toward", "towards", "into"])
_COMPLEMENT_CASES = frozenset(["of", "in", "out of"])
_COMPARATIVES = frozenset(["more", "less", "fewer"])
_RESULT_CASES = frozenset(["with", "at"])
_FREE_RELATIVES = frozenset(["what", "whatever", "whoever"])
_QUOTES = frozenset('"“”')
_LEVEL_CASES = frozenset(["to", "by", "from", "at", "below", "above", "under", "over"])
_TARGET_CASES = frozenset(["to", "at", "from", "by"])
_CHANGED_CASES = frozenset(["in", "of", "for", "to"])


def complement(ctx: Context, place: Place, holder: int | None = None) -> int | None:
    """Returns the head of "of X" or "in X" beside a share or sum, or beside `holder`, which stands for it."""
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
        and not (case == "in" and (_is_linking(ctx, i) or _is_place(ctx, i)))
    )


def _is_linking(ctx: Context, i: int) -> bool:
    """Tells the noun of "in line with", "in comparison to", which has no determiner and no adjective."""
    t = ctx.t
    return t.lemma[i] in ctx.nouns.linking and not any(
        t.rel[c] in ("amod", "compound") for c in t.children[i]
    )


def _is_place(ctx: Context, i: int) -> bool:
    t = ctx.t
    return any(m.label in ("GPE", "LOC") for m in mentions_in(ctx.doc, t.start[i], t.end[i]))


def is_amount_of_noun(ctx: Context, base: int) -> bool:
    """Tells a share that says how large something is: "a subsidy of 40 percent of the bill"; not a movement or an average."""
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
    """Returns the noun of "one patient in nine" and "one in ten patients"; None for other figures."""
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
    """Tells a figure between commas, brackets or dashes, adverbs aside: "the subsidy, currently $22 million a year, …"."""
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
        and t.pos[i - 1] in _NAMES
        and not ctx.is_time(i - 1)  # "by 15 June, around 12 billion, …"
        and t.rel[last] not in ("nsubj", "obj")
        and end < t.n
        and t.text[end] in _CLOSERS
    )


def noun_before_comma(ctx: Context, first: int, start: int) -> int | None:
    """Returns the head of the noun phrase that ends before the comma or bracket in front of the figure at `first`.

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
        and t.pos[t.head[i]] in _NAMES
        and not (t.rel[i] == "conj" and any(k in ctx.measured for k in range(t.head[i], i)))
    ):
        i = t.head[i]
    return i


def valued(ctx: Context, place: Place) -> int | None:
    """Returns what a verb of valuing puts at the figure: "he puts the chance of meeting the target at one in five"."""
    t = ctx.t
    if place.first == 0 or t.lower[place.first - 1] != "at":
        return None
    for i in t.ancestors(place.head)[:MAX_DEPTH]:
        if t.lemma[i] in ctx.nouns.value:
            return syntax.child(t, i, "obj", "nsubj:pass")
    return None


def worth(ctx: Context, place: Place, start: int) -> int | None:
    """Returns the noun that a sum behind it says the worth of: "30,000 tonnes of grain worth $9 million"; None behind "is worth".

    Read from the words: parsers hang the adjective on the noun, its verb or anything else.
    """
    t = ctx.t
    i = place.first - 1
    while i > start and t.pos[i] in ("ADV", "DET"):
        i -= 1
    noun = i - 1
    if noun < start or t.lower[i] != "worth" or t.pos[noun] not in _NAMES or ctx.is_time(noun):
        return None
    while t.rel[noun] in ("nmod", "compound", "flat") and start <= t.head[noun] < noun:
        if t.head[noun] in ctx.measured or t.pos[t.head[noun]] not in _NAMES:
            break
        noun = t.head[noun]
    return noun


def taken(
    ctx: Context,
    place: Place,
    base: int,
    verb: int | None,
    drop: Collection[int],
    whole: Subject,
    memory: Memory,
) -> Subject:
    """Returns the whole of a share or measure, with who takes it: "vote that the Greens won" of "the Greens won 31 % of the vote"."""
    t = ctx.t
    if place.quantity.dimension == "share" and verb is not None and t.lemma[verb] in ctx.nouns.compose:
        return _share_of(ctx, base, verb, drop, whole, memory)
    if (
        place.quantity.dimension in _NOT_TAKEN
        or verb is None
        or t.pos[verb] != "VERB"
        or t.rel[base] != "obj"
        or whole.text is None
        or len(whole.text.split()) > LONG_WHOLE
    ):
        return whole
    who = syntax.subject(t, verb)
    if who is None or place.holds(who) or t.lower[who] in _FIRST_PERSON or t.pos[who] == "PRON":
        return whole
    owner = finish(ctx, who, drop, verb, memory)
    if owner.text is None:
        return whole
    # "Moscow wrote off 90 percent of it": a pronoun is not its clause's subject, whatever it was taken for.
    what = "what" if whole.text == owner.text else f"{whole.text} that"
    return replace(whole, text=f"{what} {owner.text} {_predicate_words(ctx, who, verb)}")


def _share_of(
    ctx: Context, base: int, verb: int, drop: Collection[int], whole: Subject, memory: Memory
) -> Subject:
    """Returns whose share a figure is, and of what: "services' share of output" of "services make up 70 percent of output"."""
    t = ctx.t
    who = syntax.subject(t, verb)
    if t.rel[base] not in ("obj", "obl") or who is None or who in ctx.measured or whole.text is None:
        return whole
    relative = t.dep[verb] == "acl:relcl" and t.pos[who] == "PRON"
    owner = finish(ctx, t.head[verb] if relative else who, {*drop, verb}, verb, memory)
    if owner.text is None or owner.text == whole.text:
        return whole
    if len(owner.text.split()) > LONG_WHOLE + 1:
        return replace(owner, predicate=verb)  # who has the share says enough
    ending = "'" if owner.text.endswith("s") else "'s"
    return replace(whole, text=f"{owner.text}{ending} share of {whole.text}")


def compared_noun(ctx: Context, base: int) -> int | None:
    """Returns the noun of "50 % more people": the figure measures a comparative that modifies it."""
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
    """Returns what a distance says the place of: "a village 30 km north of the town", "the quake struck 33 km under the sea".

    A place that is told from another one is that of the noun right before it, whatever the parse hangs it on.
    None where the length measures something.
    """
    t = ctx.t
    direction = t.head[base]
    if not t.dep[base].endswith(":unmarked") or direction < base:
        return None
    if t.pos[direction] in _NAMES:
        if syntax.case_word(t, direction) == "" or not _is_before_case(t, base, direction):
            return None
    elif t.pos[direction] not in ("ADV", "ADP", "ADJ"):
        return None
    above = t.head[direction]
    while t.pos[above] in ("ADV", "ADP") and t.head[above] != above:
        above = t.head[above]
    if t.pos[above] in _NAMES and above < base:
        return above
    if t.pos[direction] in _NAMES or not _is_told_from(t, direction):
        return syntax.subject(t, above)
    beside = _noun_before(ctx, place.first)
    return syntax.subject(t, above) if beside is None else beside


def _is_before_case(t: Tokens, base: int, noun: int) -> bool:
    """Tells whether a length stands before the preposition of the noun: "33 kilometers under the Indian Ocean"."""
    return any(t.rel[c] == "case" and base < c < noun for c in t.children[noun])


def _is_told_from(t: Tokens, direction: int) -> bool:
    """Tells "north of the town" from "they drove north"."""
    return any(
        t.rel[c] in ("obl", "nmod") and syntax.case_word(t, c) in ("of", "from")
        for c in t.children[direction]
    )


def _noun_before(ctx: Context, first: int) -> int | None:
    """Returns the head of the noun phrase that ends right before the figure at `first`, adverbs aside; None where none does."""
    t = ctx.t
    i = first - 1
    while i > 0 and t.pos[i] == "ADV":
        i -= 1
    if i < 0 or t.pos[i] not in _NAMES or ctx.is_time(i) or t.sent[i] != t.sent[first]:
        return None
    while t.rel[i] in ("nmod", "compound", "flat") and t.head[i] < i and t.pos[t.head[i]] in _NAMES:
        i = t.head[i]
    return i


def yardstick(ctx: Context, base: int) -> int | None:
    """Returns the predicate noun that a figure compares its subject with: "costs were 20 percent above plan", "it is three times the limit".

    The figure stands before the preposition or determiner that opens the noun's phrase, so it is no part of that.
    """
    t = ctx.t
    noun = t.head[base]
    if not t.dep[base].endswith(":unmarked") or not syntax.is_before_phrase(t, base, noun):
        return None
    predicate = syntax.child(t, noun, "cop") is not None or (t.rel[noun] == "conj" and t.head[noun] < base)
    return noun if predicate and t.pos[noun] in _NAMES else None


def scaled(ctx: Context, place: Place) -> tuple[int, int] | None:
    """Returns (scale, thing) of a number on a scale without a unit: "the magnitude 5.8 quake", "a quake of magnitude 5.8"."""
    t = ctx.t
    scale = place.first - 1
    if place.quantity.unit is not None or scale < 0 or t.lemma[scale] not in ctx.nouns.scale:
        return None
    thing = t.head[scale]
    if thing == scale or t.pos[thing] not in _NAMES:
        return None
    return scale, thing


def purpose(ctx: Context, place: Place, base: int, verb: int | None) -> int | None:
    """Returns the head of "for X", "to X" or "to do X" that says what a sum of money is put to.

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
    """Returns who is given a sum of money: "lends the city $5 million"."""
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
    """Returns the noun that the figure modifies: "the $11 billion debt", "the 30 km pipeline's"."""
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
    if t.rel[base] in ("compound", "amod", "nummod") and t.pos[noun] in _NAMES:
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
    """Tells a figure in apposition to what it measures; "arrivals went the other way: 210 in 2007" says nothing of a way."""
    t = ctx.t
    noun = t.head[base]
    adverbial = t.dep[noun] == "obl:unmarked"
    return t.rel[base] == "appos" and t.pos[noun] in _NAMES and not adverbial and not place.holds(noun)


def is_bare_change(ctx: Context, noun: int) -> bool:
    """Tells "a sharp 3 percent drop" from "a 2 °C temperature rise", which says what rises."""
    t = ctx.t
    return t.lemma[noun] in ctx.nouns.change and not any(
        t.dep[c] in ("compound", "nmod:poss") and c not in ctx.measured for c in t.children[noun]
    )


def under_noun(
    ctx: Context, place: Place, base: int, noun: int, drop: Collection[int], memory: Memory
) -> Subject:
    """The figure hangs on a noun: "a fall of 0.4 % in output", "the cost of $3 billion"."""
    t = ctx.t
    q = place.quantity
    if t.lemma[noun] in ctx.nouns.growth and syntax.child(t, noun, "cop") is not None:
        return finish(
            ctx, noun, {*drop, *t.subtree(base)}, noun, memory, q
        )  # "the target is 2.5 percent growth"
    if t.lemma[noun] in ctx.nouns.change:
        what = _changed(ctx, base, noun, drop)
        if what == noun:
            return finish(ctx, noun, {*drop, *t.subtree(base)}, noun, memory, q)
        if what is not None:
            return finish(ctx, what, drop, noun, memory, q)
        before = memory.current or memory.series
        if before:
            alike = (m for m in reversed((*memory.series, *memory.current)) if m.dimension == q.dimension)
            again = next(alike, before[-1])
            return _of_namesake(ctx, noun, again, memory) or from_measured(again, noun)
    if (
        t.lemma[noun] in ctx.nouns.anaphor
        and t.rel[noun] == "obl"
        and not any(t.rel[c] in ("nmod", "compound") and c != base for c in t.children[noun])
    ):
        verb = t.head[noun]
        obj = syntax.child(t, verb, "obj")
        who = (
            obj if obj is not None and syntax.case_word(t, noun) in _TARGET_CASES else syntax.subject(t, verb)
        )
        if who is not None:
            return finish(ctx, who, drop, verb, memory, q)
    subject = finish(ctx, noun, {*drop, *t.subtree(base)}, noun, memory, q)
    return _with_owner(ctx, noun, {*drop, *t.subtree(base), *other_figures(ctx, noun, q)}, subject, memory)


def _with_owner(ctx: Context, noun: int, drop: Collection[int], subject: Subject, memory: Memory) -> Subject:
    """Says whose a bare noun with a figure is: "share of all browsers" of "all browsers have a share of 9 %", "with a magnitude of 4"."""
    t = ctx.t
    phrase = phrase_of(ctx, noun, drop)
    if (
        subject.head != noun
        or len(phrase) > MAX_BARE
        or any(t.rel[i] in ("nmod", "acl") for i in phrase if i != noun)
    ):
        return subject
    owner = _bearer(ctx, noun)
    if owner is None or owner == noun or t.pos[owner] == "PRON":
        return subject
    found = finish(ctx, owner, {*drop, *t.subtree(noun)}, subject.predicate, memory)
    if not found.text or not found.resolved:
        return subject
    return replace(subject, text=f"{subject.text} of {found.text}", core=subject.text)


def _bearer(ctx: Context, noun: int) -> int | None:
    """Returns who has what a noun names: as its verb's object, or behind "with" or "at".

    "Borrow at a rate of 2 percent" says nothing of whose the rate is, "occurred at a depth of 60 km" does of the depth.
    """
    t = ctx.t
    above = t.head[noun]
    if t.rel[noun] == "obj":
        has = t.lemma[above] in ctx.nouns.possess or t.lemma[noun] in ctx.nouns.anaphor
        return syntax.subject(t, above) if has else None
    case = syntax.case_word(t, noun)
    measure = t.lemma[noun] in ctx.nouns.dimension
    if case != "with" and not (case == "at" and measure):
        return None
    if t.rel[noun] == "nmod":
        if measure and t.lemma[above] in ctx.nouns.dimension:
            return _bearer(ctx, above)  # "with a magnitude of 4.4, at a depth of 35 km"
        return above if t.pos[above] in _NAMES and t.lemma[above] != t.lemma[noun] else None
    if t.rel[noun] != "obl" or not measure or t.pos[above] != "VERB":
        return None
    return syntax.subject(t, above) if syntax.child(t, above, "obj") is None else None


def _of_namesake(ctx: Context, noun: int, before: Measured, memory: Memory) -> Subject | None:
    """Returns what was measured of somebody, of somebody else: "Ford sales fell 42 percent. Toyota reported a 20 percent decline"."""
    t = ctx.t
    verb = t.head[noun]
    who = syntax.subject(t, verb) if before.kind and t.rel[noun] == "obj" else None
    if who is None or t.pos[who] != "PROPN" or t.text[who] in before.subject:
        return None
    name = finish(ctx, who, (), verb, memory).text
    return Subject(f"{before.kind} of {name}", noun, noun) if name else None


def _changed(ctx: Context, base: int, noun: int, drop: Collection[int]) -> int | None:
    """Returns what a noun of change says to have changed: its complement, its owner, or the subject of its verb.

    The noun itself where that subject only looks on ("the council forecasts growth of 2 %").
    """
    t = ctx.t
    for holder in (noun, base):
        for c in t.children[holder]:
            if (
                c not in drop
                and c != base
                and t.rel[c] in ("nmod", "obl")
                and syntax.case_word(t, c) in _CHANGED_CASES
                and not _is_linking(ctx, c)
                and not ctx.is_time(c)
                and t.pos[c] not in ("ADJ", "NUM")  # "growth of 0.5 percent in the first"
            ):
                return c
    owner = next(
        (
            c
            for c in t.children[noun]
            if t.dep[c] in ("nmod:poss", "compound") and c not in drop and not ctx.is_time(c)
        ),
        None,
    )
    if owner is not None:
        return owner
    verb = predicate_of(t, noun)
    if verb is None or verb == noun:
        return None
    if t.lemma[verb] in ctx.nouns.view and t.lemma[noun] in ctx.nouns.growth:
        return noun
    who = syntax.subject(t, verb)
    if (
        who is not None
        and who != noun
        and t.rel[noun] in ("obj", "obl", "root", "xcomp")
        and (t.lemma[verb] in ctx.nouns.undergo or ctx.attribution_at(t.start[noun]) is None)
    ):
        return who
    return None


def counted(ctx: Context, place: Place, drop: Collection[int], verb: int | None, memory: Memory) -> Subject:
    """The thing counted, told more closely by what is said of it when the noun alone says little."""
    t = ctx.t
    noun = place.head
    phrase = without_leading_time(ctx, phrase_of(ctx, noun, drop), noun)
    if _is_whole(ctx, place):
        inside = [i for i in phrase if i >= place.first]
        return Subject(syntax.text_of(t, ctx.text, inside) or None, noun, verb)
    if len(phrase) <= LONG_WHOLE:
        phrase += _restricting(ctx, noun, phrase[-1])
    text = with_possessor(ctx, phrase, syntax.text_of(t, ctx.text, phrase), memory)
    if t.lemma[noun] in ctx.nouns.measure | ctx.nouns.anaphor and len(phrase) < 3 and verb is not None:
        who = syntax.subject(t, verb)
        if who is not None and who != noun:
            return finish(ctx, who, drop, verb, memory)
    holder = _holder(ctx, noun, verb) if len(phrase) == 1 else None
    if holder is not None and not place.holds(holder):
        owner = finish(ctx, holder, [*drop, *t.subtree(noun)], verb, memory)
        if owner.text and owner.resolved:
            return Subject(f"{text} of {owner.text}", noun, verb, core=text)
    if verb is None or verb == noun or t.pos[verb] != "VERB":
        return Subject(text or None, noun, verb)
    if _is_level(ctx, place, verb):
        held = of_clause(ctx, place, noun, drop, verb, memory)
        if held is not None:
            return held
    told = len(phrase) > LONG_WHOLE and any(t.pos[i] == "VERB" for i in phrase)
    long = sum(t.pos[i] in _CONTENT for i in phrase) > LONG_WHOLE and t.lemma[noun] not in people()
    if told or long:
        return Subject(text, noun, verb)  # "the cars registered here" says enough
    if t.rel[noun] == "obj":
        said = said_by(ctx, noun, drop, verb, memory)
        if said is not None:
            return Subject(f"{text} {said}", noun, verb, core=text)
    elif (
        t.rel[noun] == "nsubj"
        and t.lemma[verb] != "be"
        and not any(t.tag[c] == "MD" for c in t.children[verb])
    ):
        return Subject(
            f"{text} {relative(ctx, t.lemma[noun] in people(), noun, verb)}", noun, verb, core=text
        )
    return Subject(text, noun, verb)


def _is_whole(ctx: Context, place: Place) -> bool:
    """Tells the second number of "12 of 50 states", which counts all of them."""
    t, of = ctx.t, place.first - 1
    return of > 0 and t.lower[of] == "of" and t.pos[of - 1] == "NUM"


def said_by(ctx: Context, noun: int, drop: Collection[int], verb: int, memory: Memory) -> str | None:
    """Returns what the subject of the verb does to the things that are its object: "that Labour won"; None where nobody is named."""
    t = ctx.t
    who = syntax.subject(t, verb)
    if (
        who is None
        or who == noun
        or (t.rel[verb] in ("acl", "advcl") and syntax.has_to(t, verb))  # "plans to hire 300 people"
        or (t.tag[verb] == "VBG" and not syntax.auxiliaries(t, verb))  # "stations using 300 machines"
        or t.lower[who] in _FIRST_PERSON
    ):
        return None
    actor = finish(ctx, who, drop, verb, memory)
    return f"that {actor.text} {_predicate_words(ctx, who, verb)}" if actor.text else None


def _holder(ctx: Context, noun: int, verb: int | None) -> int | None:
    """Returns who has the counted things of "with": "a company with 14 trains", "the Greens came second with 12 seats"."""
    t = ctx.t
    if syntax.case_word(t, noun) != "with":
        return None
    if t.rel[noun] == "nmod" and t.pos[t.head[noun]] in _NAMES and t.head[noun] < noun:
        return t.head[noun]
    if t.rel[noun] != "obl" or verb is None or syntax.child(t, verb, "obj") is not None:
        return None
    who = syntax.subject(t, verb)
    return who if who is not None and t.lower[who] not in _FIRST_PERSON else None


def restricted(ctx: Context, place: Place) -> str | None:
    """Returns those that a share takes together by what they do: "those who chose the other one" of "21 percent who chose … paid"."""
    t = ctx.t
    clause = next((c for c in t.children[place.head] if t.dep[c] == "acl:relcl"), None)
    if clause is None or t.lower[place.end] not in ("who", "that"):
        return None
    verb = t.head[place.head]
    end = verb if t.rel[place.head] == "nsubj" and verb > place.end else t.subtree(clause)[-1] + 1
    inside = list(range(place.end, end))[:MAX_TOKENS]
    comma = next((k for k, i in enumerate(inside) if t.text[i] == ","), len(inside))
    inside = inside[:comma]
    while inside and t.pos[inside[-1]] in ("AUX", "ADV", "PUNCT", "PART"):
        inside.pop()
    told = syntax.text_of(t, ctx.text, inside, determiner=True)
    return f"those {told}" if len(inside) > 1 else None


def respondents(ctx: Context, place: Place, verb: int) -> Subject:
    """Returns those that a share is of by what they do, where nothing names them: "those who said that it made no difference"."""
    t = ctx.t
    apart = {
        i
        for c in t.children[verb]
        if t.rel[c] in ("conj", "parataxis", "advcl", "cc") and c > verb
        for i in t.subtree(c)
    }
    inside = [i for i in t.subtree(verb) if i >= place.end and i not in apart and t.text[i] not in _QUOTES]
    comma = next((k for k, i in enumerate(inside) if t.text[i] == ","), len(inside))
    inside = inside[: comma if comma > 1 else len(inside)]
    while inside and t.pos[inside[-1]] == "PUNCT":
        inside.pop()
    told = syntax.text_of(t, ctx.text, inside[:MAX_TOKENS], determiner=True)
    return Subject(f"those who {told}", None, verb, resolved=False, told=True)


def contestant(ctx: Context, place: Place, base: int) -> int | None:
    """Returns whose result a share is that stands beside a name: "followed by Ben Carson with 20 percent", "Rubio at 12 percent"."""
    t = ctx.t
    name = t.head[base]
    if place.quantity.dimension != "share" or syntax.case_word(t, base) not in _RESULT_CASES:
        return None
    if t.rel[base] == "obl" and t.tag[name] == "VBN":
        agent = next((c for c in t.children[name] if t.dep[c] == "obl:agent" and c < base), None)
        return agent if agent is not None and t.pos[agent] == "PROPN" else None
    return name if t.rel[base] == "nmod" and t.pos[name] == "PROPN" and name < base else None


def _restricting(ctx: Context, noun: int, last: int) -> list[int]:
    """Returns the tokens of the relative clause right behind a counted noun: "people who suffered heart attacks"."""
    t = ctx.t
    clause = next((c for c in t.children[noun] if t.dep[c] == "acl:relcl"), None)
    if clause is None:
        return []
    out: list[int] = []
    for i in t.subtree(clause):
        if i <= last or t.pos[i] == "PUNCT" or (ctx.is_time(i) and out):
            break
        if i != last + 1 + len(out):
            break
        out.append(i)
    while out and t.pos[out[-1]] in ("ADP", "DET", "CCONJ", "ADJ"):
        out.pop()
    return out if len(out) > 1 and len(out) <= MAX_CLAUSE else []


def relative(ctx: Context, of_people: bool, subject: int, verb: int) -> str:
    """Returns what is said of something as a relative clause: "who have signed a petition"; of a passive its participle.

    Args:
        ctx: the document.
        of_people: whether it is people, which asks for "who".
        subject: the subject of the verb: the noun, or the part that is taken from it.
        verb: what is said.
    """
    t = ctx.t
    if t.dep[subject] == "nsubj:pass":
        return said_of(ctx, verb)
    before = [
        c
        for c in t.children[verb]
        if subject < c < verb and (t.rel[c] == "aux" or t.lower[c] in ("not", "n't", "n’t", "never"))
    ]
    return " ".join(
        part
        for part in (
            "who" if of_people else "that",
            syntax.text_of(t, ctx.text, before, determiner=True),
            said_of(ctx, verb),
        )
        if part
    )


def _predicate_words(ctx: Context, who: int, verb: int) -> str:
    """Returns a verb with its auxiliaries and its particle, an infinitive with its governor: "has turned up", "plans to buy"."""
    t = ctx.t
    words: list[int] = []
    link = verb
    while True:
        particles = [c for c in t.children[link] if t.dep[c] == "compound:prt" and c == link + 1]
        before = [
            c
            for c in t.children[link]
            if who < c < link
            and (t.rel[c] in ("aux", "compound") or (t.rel[c] == "mark" and t.lower[c] == "to"))
        ]
        words = [*before, link, *particles, *words]
        if t.rel[link] != "xcomp" or not syntax.has_to(t, link) or not who < t.head[link] < link:
            return syntax.text_of(t, ctx.text, words, determiner=True)
        link = t.head[link]


def _is_level(ctx: Context, place: Place, verb: int) -> bool:
    """Tells how high something is, "stocks stood at 900 bags", "fell to 40 visitors", from things of their own."""
    t = ctx.t
    q = place.quantity
    return _stands_at_level(ctx, place) and (
        t.lemma[verb] in ctx.nouns.stand | ctx.nouns.change or q.change is not None or q.direction is not None
    )


def _stands_at_level(ctx: Context, place: Place) -> bool:
    """Tells whether the counted noun stands behind a preposition of levels.

    In "fell 12 percent to 4.1 million passengers" parsers take the passengers for an object, or hang them on the percent.
    """
    t = ctx.t
    noun, before = place.head, place.first - 1
    if t.rel[noun] == "obl":
        return (syntax.case_word(t, noun) or t.lower[before]) in _LEVEL_CASES
    loose = t.rel[noun] == "obj" or (t.rel[noun] == "nmod" and t.head[noun] in ctx.measured)
    return loose and t.rel[before] == "case" and t.lower[before] in _TARGET_CASES


def said_of(ctx: Context, verb: int) -> str:
    """Returns a verb with its first complement that is no time: "died of measles"."""
    t = ctx.t
    first = next(
        (
            c
            for c in t.children[verb]
            if t.rel[c] in ("obj", "obl", "xcomp")
            and c > verb
            and t.lower[c] not in _FREE_RELATIVES
            and t.pos[c] != "NUM"
            and not any(t.dep[g] in syntax.SUBJECTS for g in t.children[c])
            and not ctx.is_time(c)
            and not any(t.pos[i] == "NUM" and ctx.is_base(i) for i in t.subtree(c))
        ),
        None,
    )
    tail = [] if first is None else t.subtree(first)
    # "have an occupation, causing …", "leave their homes, with 40 in camps": what a comma cuts off is not said of the thing any more
    cut = next((i for i in tail if i > verb and t.text[i] == "," and t.rel[t.head[i]] not in _MEMBERS), None)
    if cut is not None:
        tail = tail[: tail.index(cut)]
    return syntax.text_of(t, ctx.text, [verb, *tail][:MAX_TOKENS], determiner=True)


def of_clause(
    ctx: Context, place: Place, base: int, drop: Collection[int], verb: int, memory: Memory
) -> Subject | None:
    """The subject of the figure's verb, or the object that the verb moves or holds there; None where it has neither."""
    t = ctx.t
    q = place.quantity
    who = syntax.subject(t, verb)
    if who is None:
        who = syntax.preverbal(t, verb)
        who = None if who is None or who in ctx.measured or ctx.is_time(who) else who
    obj = syntax.child(t, verb, "obj")
    if obj is not None and obj in ctx.measured:
        obj = None
    if who is not None and t.lower[who] in _FIRST_PERSON:
        of_comparative = obj if obj is not None and t.tag[obj] == "JJR" else None
        what = complement(ctx, place, of_comparative) if of_comparative or obj is None else None
        if what is not None:
            return finish(ctx, what, drop, verb, memory, q)
    raised = _raised(ctx, verb)
    if raised is not None:
        return finish(ctx, raised, drop, verb, memory, q)
    awaited = _awaited(ctx, place, base, verb)
    if awaited is not None:
        return awaited
    if who is not None and not place.holds(who):
        if obj is not None and t.lower[who] in _FIRST_PERSON:
            return finish(ctx, obj, drop, verb, memory, q)
        if obj is not None and t.rel[base] in ("obl", "xcomp"):
            moved = _moved_object(ctx, place, obj, base)
            if moved is not None:
                return finish(ctx, moved, drop, verb, memory, q)
        return _numbered(ctx, base, who, finish(ctx, who, drop, verb, memory, q))
    if who is None and t.pos[verb] in ("NOUN", "PROPN") and not place.holds(verb):
        return under_noun(ctx, place, base, verb, drop, memory)
    if who is None and t.pos[verb] == "VERB" and obj is not None:
        return finish(ctx, obj, drop, verb, memory, q)
    return None


def _numbered(ctx: Context, base: int, who: int, subject: Subject) -> Subject:
    """Gives a bare number the unit of the things that it is said to be: "the votes were about 90"."""
    t = ctx.t
    if subject.unit or t.tag[who] != "NNS" or syntax.child(t, base, "cop") is None or subject.head != who:
        return subject
    return replace(subject, unit=t.lemma[who])


def _raised(ctx: Context, verb: int) -> int | None:
    """Returns the object that an infinitive says something of: "the report estimates usage of it to have fallen to 88 percent"."""
    t = ctx.t
    above = t.head[verb]
    if t.rel[verb] != "advcl" or t.lemma[above] not in ctx.nouns.view or not syntax.has_to(t, verb):
        return None
    obj = syntax.child(t, above, "obj")
    return obj if obj is not None and above < obj < verb and obj not in ctx.measured else None


def _awaited(ctx: Context, place: Place, base: int, verb: int) -> Subject | None:
    """Returns what takes the time in "it took 30 years for the gearbox to reach half of all cars"; None elsewhere."""
    t = ctx.t
    if t.rel[base] != "obj" or place.quantity.dimension != "time":
        return None
    if not any(t.rel[c] == "expl" or (t.lower[c] == "it" and t.rel[c] == "nsubj") for c in t.children[verb]):
        return None
    clause = next((c for c in t.children[verb] if c > base and syntax.has_to(t, c)), None)
    if clause is None:
        return None
    inside = [i for i in t.subtree(clause) if t.pos[i] != "PUNCT"]
    while inside and t.lower[inside[0]] in ("for", "to"):
        inside.pop(0)
    return Subject(syntax.text_of(t, ctx.text, inside[:MAX_TOKENS]), clause, verb)


def is_level_reached(ctx: Context, place: Place, base: int, verb: int | None) -> bool:
    """Tells a level that the complement is no part of: "cut emissions from 96 kg of CO2 to 58 kg", "stands at 3 percent of output"."""
    t = ctx.t
    if verb is None or t.rel[base] != "obl" or t.head[base] != verb:
        return False
    case = syntax.case_word(t, base)
    if place.quantity.dimension == "share":
        q = place.quantity
        moved = case == "to" and (
            q.direction is not None or q.change is not None
        )  # not "applies to 90 percent of firms"
        return (moved or (case == "at" and t.lemma[verb] in ctx.nouns.stand)) and syntax.subject(
            t, verb
        ) is not None
    obj = syntax.child(t, verb, "obj")
    return case in _LEVEL_CASES and obj is not None and obj not in ctx.measured


def _moved_object(ctx: Context, place: Place, obj: int, base: int) -> int | None:
    """Returns what is moved or held in "raise food demand to …", "limit withdrawals to …", "show a fall of … in output"."""
    t = ctx.t
    if t.lemma[obj] in ctx.nouns.change:
        return complement(ctx, place, obj)
    if t.rel[base] == "xcomp":
        return (
            obj if syntax.child(t, base, "cop") is not None else None
        )  # "estimated the figure to be 9,000 percent"
    case = syntax.case_word(t, base)
    if case == "by" and t.lemma[t.head[base]] in ctx.nouns.stand:
        return None  # "the Greens beat Labour by 640 votes"
    if case == "for" and place.quantity.dimension == "money":
        return obj  # "bought a notebook for €1,200"
    return obj if case in _LEVEL_CASES or case == "as" else None  # "rated it as category 4"
