"""Generators: what proposes a subject by more than a path, each on its own. `rules/data/subject_lines.tsv` names them.

Each takes a scene and returns what the figure measures in its view, or None. None of them knows of the others, and their order
here means nothing: weights decide.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from claimtable.nlp import syntax
from claimtable.nlp.claims.levels import LEVEL_CASES
from claimtable.nlp.claims.subjects import clauses, counting, nouns
from claimtable.nlp.claims.subjects.bare import casualties as befallen
from claimtable.nlp.claims.subjects.bare import elliptical
from claimtable.nlp.claims.subjects.bracketed import bracketed
from claimtable.nlp.claims.subjects.breakdown import breakdown
from claimtable.nlp.claims.subjects.comparison import compared_with, coordinated_with, counted_before
from claimtable.nlp.claims.subjects.ellipsis import same_things
from claimtable.nlp.claims.subjects.intervals import interval
from claimtable.nlp.claims.subjects.lists import elsewhere, graded
from claimtable.nlp.claims.subjects.partitive import part_of, with_said
from claimtable.nlp.claims.subjects.records import MAX_TOKENS, Subject
from claimtable.nlp.claims.subjects.reference import finish, from_measured, from_topic
from claimtable.nlp.claims.subjects.scene import Scene
from claimtable.nlp.claims.subjects.series import continued
from claimtable.nlp.claims.subjects.wording import other_figures
from claimtable.nlp.ranks import GRADING, rank_at

_ON = frozenset(["on", "toward", "towards", "into"])
"""Prepositions of what money is spent on, which "funds" does not take."""
_HOW_OFTEN = frozenset(["obl", "obj", "advmod", "nmod"])
"""Relations of "98 times" to its verb."""
_NEAR = 14
"""Tokens before a level among which its noun of change stands (set by hand: it bounds the search)."""
_OF_COMPLEMENT = frozenset(["share", "money", "count", None, "factor"])
"""Dimensions whose "of X" or "in X" is the measured thing."""


def compared(s: Scene) -> Subject | None:
    """Return the subject of the figure that this one is set against: "up from 42"."""
    return _taken_over(s, compared_with(s.ctx, s.place, s.sentence, s.here))


def coordinated(s: Scene) -> Subject | None:
    """Return what the coordinated figure before counts: "3.5 million drivers in America and 600,000 in Britain"."""
    return _taken_over(s, coordinated_with(s.ctx, s.place, s.here))


def series(s: Scene) -> Subject | None:
    """Return the subject of the series that the figure goes on: "Labour won 43 seats, the Greens 12"."""
    return _taken_over(s, continued(s.ctx, s.place, s.sentence, s.here))


def _taken_over(s: Scene, other: Subject | None) -> Subject | None:
    return None if other is None else replace(other, predicate=s.verb)


def sampled(s: Scene) -> Subject | None:
    """Return the noun of "one patient in nine"."""
    noun = nouns.sampled(s.ctx, s.place)
    if noun is None:
        return None
    return with_said(s.ctx, s.phrase(noun, measured=False), s.base, s.verb)


def set_off(s: Scene) -> Subject | None:
    """Return the noun before a figure between commas or brackets: "the subsidy, currently $22 million, …"."""
    if not nouns.is_set_off(s.ctx, s.place.first, s.place.end):
        return None
    noun = nouns.noun_before_comma(s.ctx, s.place.first, s.sentence.start)
    if noun is None or s.place.holds(noun) or noun in s.ctx.measured:
        return None
    return s.phrase(noun, noun)


def restricted(s: Scene) -> Subject | None:
    """Return those that a share takes together by what they do: "21 percent who chose the other one paid"."""
    told = counting.restricted(s.ctx, s.place)
    return Subject(told, None, s.verb, told=True) if told is not None else None


def contestant(s: Scene) -> Subject | None:
    """Return whose result a share is: "followed by Ben Carson with 20 percent"."""
    who = nouns.contestant(s.ctx, s.place, s.base)
    return s.phrase(who, measured=False) if who is not None else None


def scaled(s: Scene) -> Subject | None:
    """Return the scale and its thing: "magnitude of quake" of "the magnitude 5.8 quake"."""
    found = nouns.scaled(s.ctx, s.place)
    if found is None:
        return None
    scale, thing = found
    t = s.ctx.t
    subject = finish(s.ctx, thing, [*s.drop, *t.subtree(scale)], s.verb, s.memory)
    return replace(subject, text=f"{t.lower[scale]} of {subject.text}") if subject.text else subject


def ranked(s: Scene) -> Subject | None:
    """Return whose rank it is: "rank of Canada as largest exporter of wheat", "rank of the town by highest share of pensioners"."""
    ctx, t = s.ctx, s.ctx.t
    rank = rank_at(t, t.at(s.q.start))
    if rank is None or rank.holder is None:
        return None
    thing, holder = frozenset(t.subtree(rank.noun)), frozenset(t.subtree(rank.holder))
    who = finish(ctx, rank.holder, (s.drop | thing) - (holder - thing), s.verb, s.memory)
    grade = rank.end - 1 - (t.lower[rank.end - 2] in GRADING)
    drop = {*range(rank.ordinal, grade), *(i for i in thing if ctx.is_time(i))}
    if rank.holder in thing:
        drop |= holder - {rank.noun}
    things = syntax.text_of(t, ctx.text, syntax.noun_phrase(t, rank.noun, drop=drop)[:MAX_TOKENS])
    has = t.rel[rank.noun] == "obj" and t.lemma[t.head[rank.noun]] == "have"
    return replace(who, text=f"rank of {who.text} {'by' if has else 'as'} {things}") if who.text else who


def located(s: Scene) -> Subject | None:
    """Return what a distance says the place of: "a village 30 km north of the town"."""
    what = nouns.located(s.ctx, s.place, s.base)
    return s.phrase(what, measured=False) if what is not None else None


def multiple(s: Scene) -> Subject | None:
    """Return the subject of the figure before of a multiple behind a comma: "…, nearly three times the national figure"."""
    if not s.here or not _is_multiple_of_other(s):
        return None
    return replace(s.here[-1][1], predicate=s.verb, unit=None)


def _is_multiple_of_other(s: Scene) -> bool:
    t, place = s.ctx.t, s.place
    i = place.first - 1
    while i > 0 and t.pos[i] == "ADV":
        i -= 1
    return t.text[i] == "," and place.end < t.n and t.pos[place.end] in ("DET", "PRON")


def part(s: Scene) -> Subject | None:
    """Return the whole that a bare number, a sum or a share is taken from: "640 of these", "of 312 stations, 47"."""
    return part_of(s.ctx, s.place, s.base, s.verb, s.drop, s.memory, s.here)


def casualties(s: Scene) -> Subject | None:
    """Return the people that a bare number counts by what befell them: "84 died"."""
    return befallen(s.ctx, s.place, s.base, s.verb, s.memory, s.here)


def lost_verb(s: Scene) -> Subject | None:
    """Return what a bare number before a past form counts, where parsers lose the verb: "152 left in 2011"."""
    t, place, base = s.ctx.t, s.place, s.base
    if (
        s.q.unit is None
        and t.rel[base] != "nsubj"
        and t.pos[max(place.first - 1, 0)] != "ADP"  # "a crowd of 3,000 gathered"
        and place.end < s.sentence.end
        and t.tag[place.end] in ("VBD", "VBN")
        and t.pos[place.end - 1] == "NUM"
    ):
        return elliptical(s.ctx, place.end, s.memory, s.here)
    return None


def counted(s: Scene) -> Subject | None:
    """Return the counted thing with what is said of it."""
    return counting.counted(s.ctx, s.place, s.drop, s.verb, s.memory)


def included(s: Scene) -> Subject | None:
    """Return things with what they are among: "deaths among cases of measles" of "378 cases of measles, including two deaths"."""
    ctx, t, head = s.ctx, s.ctx.t, s.place.head
    whole = t.head[head]
    if syntax.case_word(t, head) != "including" or whole >= head or t.tag[whole] != "NNS":
        return None
    own = counting.counted(ctx, s.place, s.drop, s.verb, s.memory)
    counts = frozenset(c for c in t.children[whole] if t.rel[c] == "nummod")
    among = finish(ctx, whole, s.drop | counts | frozenset(t.subtree(head)), s.verb, s.memory)
    told = any(
        syntax.case_word(t, c) for c in t.children[head] if t.rel[c] == "nmod"
    )  # "including 5,000 posts in shops"
    if own is None or not own.text or not among.text or told or t.lemma[whole] == t.lemma[head]:
        return own
    return replace(own, text=f"{own.text} among {among.text}", core=own.text)


def amount_of_noun(s: Scene) -> Subject | None:
    """Return the noun that a share says the size of: "a subsidy of 40 percent of the bill"."""
    if not nouns.is_amount_of_noun(s.ctx, s.base):
        return None
    return clauses.under_noun(s.ctx, s.place, s.base, s.ctx.t.head[s.base], s.drop, s.memory)


def complement(s: Scene) -> Subject | None:
    """Return the "of X" or "in X" beside a figure: "80 percent of gas exports"."""
    ctx, t, q = s.ctx, s.ctx.t, s.q
    what = nouns.complement(ctx, s.place)
    if what is None:
        return None
    of = syntax.case_word(t, what) == "of"
    if q.dimension not in _OF_COMPLEMENT and (q.dimension == "time" or not of):
        return None
    if _is_part(s, of=of) or _is_of_the_total(s, what):
        return None
    if nouns.is_level_reached(ctx, s.place, s.base, s.verb):
        return None
    if q.change is not None and syntax.case_word(t, what) == "in" and _moves(s):
        return None
    whole = s.phrase(what)
    return counting.taken(ctx, s.place, s.base, s.verb, s.drop, whole, s.memory)


def _is_part(s: Scene, *, of: bool) -> bool:
    """Return whether a sum is part of its complement, not its amount: "exports made up $32 million of the total"."""
    t = s.ctx.t
    owner = syntax.subject(t, s.verb) if s.verb is not None and s.verb != s.base else None
    return s.q.dimension == "money" and of and t.rel[s.base] == "obj" and owner is not None


def _is_of_the_total(s: Scene, what: int) -> bool:
    """Return whether the subject says more than the complement: "cars account for 14 percent of the total"."""
    t, words = s.ctx.t, s.ctx.nouns
    who = syntax.subject(t, s.verb) if s.verb is not None else None
    return (
        t.lemma[what] in words.anaphor
        and t.tag[what] != "NNS"
        and all(t.lower[c] in words.pointer or t.rel[c] == "case" for c in t.children[what])
        and who is not None
        and who not in s.ctx.measured
    )


def _moves(s: Scene) -> bool:
    """Return whether a verb says of its subject by how much it moved: "shares fell 6 percent in early trading"."""
    t = s.ctx.t
    return s.verb is not None and t.head[s.base] == s.verb and syntax.subject(t, s.verb) is not None


def compared_noun(s: Scene) -> Subject | None:
    """Return the noun of "50 % more people"."""
    noun = nouns.compared_noun(s.ctx, s.base)
    if noun is None:
        return None
    without = s.drop | {s.ctx.t.head[s.base]}
    return finish(s.ctx, noun, without, s.verb, s.memory, s.q)


def modified(s: Scene) -> Subject | None:
    """Return the noun that the figure modifies: "the $11 billion debt"; of "a sharp 3 percent drop" what dropped."""
    noun = nouns.noun_modified(s.ctx, s.base)
    if noun is None:
        return None
    if nouns.is_bare_change(s.ctx, noun):
        return clauses.under_noun(s.ctx, s.place, s.base, noun, s.drop, s.memory)
    return s.phrase(noun, noun)


def yardstick(s: Scene) -> Subject | None:
    """Return what is compared with a yardstick: "costs were 20 percent above plan"."""
    noun = nouns.yardstick(s.ctx, s.base)
    who = syntax.subject(s.ctx.t, noun) if noun is not None else None
    return s.phrase(who, noun) if who is not None else None


def of_noun(s: Scene) -> Subject | None:
    """Return the noun that the figure hangs on: "the cost of $3 billion", "a fall of 0.4 % in output"."""
    t = s.ctx.t
    noun = t.head[s.base]
    if t.rel[s.base] != "nmod" or t.pos[noun] not in nouns.NAMES:
        return None
    own = nouns.complement(s.ctx, s.place) if t.lemma[noun] in s.ctx.nouns.anaphor else None
    if own is not None:
        return s.phrase(own)  # "a target of $1 billion in trade"
    return clauses.under_noun(s.ctx, s.place, s.base, noun, s.drop, s.memory)


def worth(s: Scene) -> Subject | None:
    """Return the noun that a sum says the worth of: "grain worth $9 million"."""
    noun = nouns.worth(s.ctx, s.place, s.sentence.start)
    return s.phrase(noun) if noun is not None else None


def valued(s: Scene) -> Subject | None:
    """Return what a verb of valuing puts at the figure: "he puts the chance at one in five"."""
    what = nouns.valued(s.ctx, s.place)
    return s.phrase(what, s.ctx.t.head[what]) if what is not None else None


def purpose(s: Scene) -> Subject | None:
    """Return what a sum is put to: "funds for schools" of "spent $5 million on schools"."""
    ctx, t, verb = s.ctx, s.ctx.t, s.verb
    what = nouns.purpose(ctx, s.place, s.base, verb)
    if what is None or (s.q.direction and verb is not None and t.lemma[verb] == "be"):
        return None  # "prices are up 15 cents on the year"
    if t.pos[what] == "PRON":
        return replace(finish(ctx, what, (), verb, s.memory), predicate=verb)
    relative = set(other_figures(ctx, what, s.q))
    relative |= {i for c in t.children[what] if t.dep[c] == "acl:relcl" for i in t.subtree(c)}
    inside = [i for i in t.subtree(what) if not (s.place.holds(i) or ctx.is_time(i) or i in relative)]
    phrase = syntax.text_of(t, ctx.text, inside[:MAX_TOKENS], determiner=True).strip(' "“”,.;')
    first, _, rest = phrase.partition(" ")
    if first.lower() in _ON:
        phrase = f"for {rest}"
    return Subject(f"funds {phrase}", what, verb)


def recipient(s: Scene) -> Subject | None:
    """Return who is given a sum: "funds for the city" of "lends the city $5 million"."""
    who = nouns.recipient(s.ctx, s.place, s.base, s.verb)
    if who is None:
        return None
    found = s.phrase(who, measured=False)
    return replace(found, text=f"funds for {found.text}" if found.text else None)


def share_again(s: Scene) -> Subject | None:
    """Return what the share before measures, for a share that is the subject: "43 % support her, 42 % support him"."""
    again = s.memory.share() if s.ctx.t.rel[s.base] == "nsubj" and s.verb is not None else None
    return from_measured(again, s.verb) if again is not None and not again.told else None


def who_do(s: Scene) -> Subject | None:
    """Return those of whom a share does what the clause before said: "passengers can claim, though fewer than half ever do"."""
    t, verb = s.ctx.t, s.verb
    if t.rel[s.base] != "nsubj" or verb is None or t.lemma[verb] != "do":
        return None
    if syntax.child(t, verb, "obj") is not None:
        return None
    doer = syntax.subject(t, t.head[verb])
    return s.phrase(doer, measured=False) if doer is not None and doer != s.base else None


def respondents(s: Scene) -> Subject | None:
    """Return those that a share is of by what they do alone: "62 percent said that it made no difference"."""
    t, verb = s.ctx.t, s.verb
    if t.rel[s.base] != "nsubj" or verb is None or t.pos[verb] != "VERB":
        return None
    if s.memory.agreeing(plural=True) is not None or counted_before(s.here) is not None:
        return None
    return counting.respondents(s.ctx, s.place, verb)


def said_to_be(s: Scene) -> Subject | None:
    """Return what a figure is said to be: "$100 was a fair price"."""
    t, verb = s.ctx.t, s.verb
    if t.rel[s.base] != "nsubj" or verb is None or s.q.unit is None:
        return None
    if t.pos[verb] != "NOUN" or syntax.child(t, verb, "cop") is None:
        return None
    return finish(s.ctx, verb, {*s.drop, *t.subtree(s.base)}, verb, s.memory, s.q)


def subject_itself(s: Scene) -> Subject | None:
    """Return what a bare number as a subject counts: "84,530 died"."""
    if s.ctx.t.rel[s.base] != "nsubj" or s.verb is None:
        return None
    return elliptical(s.ctx, s.verb, s.memory, s.here, s.base)


def apposed(s: Scene) -> Subject | None:
    """Return the noun that the figure is in apposition to: "Doses left: 215,000"."""
    t = s.ctx.t
    if not nouns.is_apposed(s.ctx, s.place, s.base):
        return None
    noun = t.head[s.base]
    what = s.phrase(noun, noun)
    listed = t.text[s.place.first - 1] == ":" and t.tag[noun] == "NNS"
    return replace(what, unit=t.lemma[noun]) if listed and not what.unit else what


def clause(s: Scene) -> Subject | None:
    """Return the subject of the figure's verb, or the object that the verb moves or holds there."""
    if s.verb is None:
        return None
    return clauses.of_clause(s.ctx, s.place, s.base, s.drop, s.verb, s.memory)


def frequency(s: Scene) -> Subject | None:
    """Return what happens as often as "times" says: "times that he voted for the tax" of "he voted for the tax 98 times"."""
    ctx, t, verb = s.ctx, s.ctx.t, s.verb
    noun = s.place.head
    if t.lemma[noun] != "time" or verb is None or t.pos[verb] != "VERB" or t.rel[noun] not in _HOW_OFTEN:
        return None
    who = syntax.subject(t, verb)
    main = t.head[verb] if t.rel[verb] in ("advcl", "xcomp") and syntax.has_to(t, verb) else verb
    if who is None or s.place.holds(who):
        return None
    actor = finish(ctx, who, s.drop, verb, s.memory)
    tail = [
        i
        for c in t.children[main]
        if c > main and t.rel[c] in ("obj", "obl", "xcomp", "advcl") and not ctx.is_time(c)
        for i in t.subtree(c)
        if not s.place.holds(i) and not ctx.is_time(i)
    ]
    comma = next((k for k, i in enumerate(tail) if t.text[i] == ","), len(tail))
    before = [c for c in t.children[main] if t.rel[c] == "aux" and c < main]
    said = syntax.text_of(t, ctx.text, sorted([*before, main, *tail[:comma]])[:MAX_TOKENS], determiner=True)
    return Subject(f"times that {actor.text} {said}", noun, verb, actor.resolved) if actor.text else None


def level_of_change(s: Scene) -> Subject | None:
    """Return what a noun of change moves to its level: "a cut in the rate to 5 percent"."""
    ctx, t = s.ctx, s.ctx.t
    if syntax.case_word(t, s.base) not in LEVEL_CASES or t.rel[s.base] not in ("obl", "nmod"):
        return None
    before = (
        i
        for i in range(s.place.first - 1, max(s.sentence.start, s.place.first - _NEAR) - 1, -1)
        if t.lemma[i] in ctx.nouns.change and t.pos[i] == "NOUN"
    )
    noun = next(before, None)
    if noun is None or t.head[s.base] == noun:
        return None
    # Nothing that moves of itself stands between: "after a cut in May rates rose to 5 percent".
    if any(t.pos[i] == "VERB" or t.text[i] == "," for i in range(noun, s.place.first)):
        return None
    what = next(
        (
            c
            for c in t.children[noun]
            if t.rel[c] == "nmod" and syntax.case_word(t, c) in ("in", "of") and noun < c < s.place.first
        ),
        None,
    )
    if what is None or what in ctx.measured or ctx.is_time(what):
        return None
    return finish(ctx, what, {*s.drop, *t.subtree(s.base)}, noun, s.memory, s.q)


def topic(s: Scene) -> Subject | None:
    """Return what the text was about."""
    return from_topic(s.memory.topic, s.verb) if s.memory.topic is not None else None


GENERATORS: Mapping[str, Callable[[Scene], Subject | None]] = {
    f.__name__: f
    for f in (
        compared,
        coordinated,
        breakdown,
        interval,
        series,
        same_things,
        bracketed,
        sampled,
        set_off,
        restricted,
        contestant,
        scaled,
        ranked,
        located,
        multiple,
        part,
        casualties,
        lost_verb,
        counted,
        included,
        amount_of_noun,
        complement,
        compared_noun,
        modified,
        yardstick,
        of_noun,
        worth,
        valued,
        purpose,
        recipient,
        share_again,
        who_do,
        respondents,
        said_to_be,
        subject_itself,
        apposed,
        clause,
        graded,
        elsewhere,
        frequency,
        level_of_change,
        topic,
    )
}
