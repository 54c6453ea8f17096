"""Figures that go on a series: "2.1 percent this year and 1.9 percent next year", "Labour won 43 seats, the Greens 12".

Read from the words between two figures, not from the tree: a figure without a verb is where parsers err most.
"""

from __future__ import annotations

from dataclasses import replace

from claimtable.nlp import syntax
from claimtable.nlp.claims.context import Context, Sentence
from claimtable.nlp.claims.subjects.comparison import Found
from claimtable.nlp.claims.subjects.place import Place
from claimtable.nlp.claims.subjects.records import Subject

MAX_GAP = 20
"""Tokens between two figures of a series, at most (set by hand: it bounds the search)."""

_JOINTS = frozenset([",", ";", "and", "or", "but", "while"])
_OWN_CASES = frozenset(["of", "for", "to", "on", "from", "by", "into", "with", "more", "less", "than", "as"])
"""Words behind a figure that begin a complement of its own."""
_PARALLEL = frozenset(["by", "to", "at", "for"])
"""Prepositions that both figures of a series may have."""
_PLAIN = frozenset([None, "count"])
_PRO_FORMS = frozenset(["one", "ones"])
_NAMES = frozenset(["NOUN", "PROPN"])
_INSIDE = frozenset(["NOUN", "PROPN", "ADJ", "DET", "PRON"])
"""Parts of speech of a noun phrase without its prepositions."""


def continued(ctx: Context, place: Place, sentence: Sentence, here: Found) -> Subject | None:
    """Return the subject of a figure that goes on the series of the one before it: the same, or the one that it names itself.

    Between the two stand neither a verb nor a word that governs the second: a conjunction, a comma, times, places, and at most a noun
    phrase, which then takes the place of the first figure's subject ("… and North Korean exports just $1.9 million").
    """
    if not here:
        return None
    ranked = _ranked_next(ctx, place, here)
    if ranked is not None:
        return ranked
    if not _may_go_on(ctx, place, sentence):
        return None
    other, subject = here[-1]
    q, before = place.quantity, other.quantity
    bare = q.unit is None and q.dimension in _PLAIN
    if _is_distance(ctx, place) != _is_distance(ctx, other):
        return None
    if subject.text is None or other.end >= place.first or not (bare or q.dimension == before.dimension):
        return None
    first = place.first
    case = ctx.t.lower[first - 1]
    if case in _PARALLEL and ctx.t.lower[other.first - 1] == case:
        first -= 1  # "by 137 percent, and women by 120 percent"
    named = _named_between(ctx, other.end, first)
    if named is None:
        return None
    unit = (before.unit if bare else None) or subject.unit
    taken = replace(
        subject, head=None, unit=unit, dimension=before.dimension or subject.dimension, goes_on=True
    )
    if not named or _is_distance(ctx, place):  # "… of Orvik, Ruland; 20 km south of Leeds"
        return taken
    name = syntax.text_of(ctx.t, ctx.text, named)
    other_s = _of_other(ctx, subject.text, named[-1] + 1, name)
    if other_s is not None:
        return replace(taken, text=other_s, core=None)
    head, owner = next(x for x in here if x[1].text is not None and x[1].predicate == subject.predicate)
    return replace(taken, text=_renamed(ctx, owner, head, name), core=None)


def _ranked_next(ctx: Context, place: Place, here: Found) -> Subject | None:
    """Return the subject of a bare number of who comes next: "France has 120 cases, followed by Spain with 90 and Italy with 85"."""
    t, q = ctx.t, place.quantity
    name, end = place.first - 2, here[-1][0].end
    if place.counted or q.unit is not None or q.dimension not in _PLAIN or not end <= name < end + MAX_GAP:
        return None
    if t.lower[name + 1] != "with" or t.pos[name] not in _NAMES:
        return None
    before = next((x for x in reversed(here) if x[1].text is not None and not x[1].goes_on), None)
    if before is None:
        return None
    first = before[0]
    start = name
    while start > end and (t.pos[start - 1] in _NAMES or t.pos[start - 1] in ("ADJ", "DET")):
        start -= 1
    between = t.lower[end:start]
    ranking = any(word in ctx.nouns.ranked for word in between) or here[-1][1].goes_on
    if not ranking or any(
        t.pos[i] in _INSIDE or (t.pos[i] in ("VERB", "AUX") and t.lower[i] not in ctx.nouns.ranked)
        for i in range(end, start)
    ):
        return None
    text = _renamed(ctx, before[1], first, syntax.text_of(t, ctx.text, range(start, name + 1)))
    unit, dimension = first.quantity.unit or before[1].unit, first.quantity.dimension
    return replace(
        before[1], text=text, head=None, core=None, unit=unit, dimension=dimension or "count", goes_on=True
    )


def _is_distance(ctx: Context, place: Place) -> bool:
    """Return how far off something lies, "at a depth of 60 km, 132 km southeast of Leeds", which goes on no other measure."""
    return place.end < ctx.t.n and ctx.t.lower[place.end] in ctx.nouns.direction


def _may_go_on(ctx: Context, place: Place, sentence: Sentence) -> bool:
    """Return whether the figure has neither a noun to count, nor a verb or complement of its own behind it."""
    t = ctx.t
    if (place.counted and not ctx.is_time(place.head)) or place.end >= sentence.end:
        return not place.counted
    after = place.end
    if ctx.is_time(after):
        return True
    return t.lower[after] not in _OWN_CASES and t.pos[after] not in ("VERB", "AUX", "NOUN", "PROPN", "ADJ")


def _named_between(ctx: Context, start: int, end: int) -> list[int] | None:
    """Return the noun phrase between the last joint and the figure at `end`, empty where there is none; None where it is no series."""
    t = ctx.t
    if end - start > MAX_GAP or any(
        t.pos[i] in ("VERB", "AUX") and not ctx.is_time(i) for i in range(start, end)
    ):
        return None
    joints = [i for i in range(end - 1, start - 1, -1) if t.lower[i] in _JOINTS]
    if len(joints) > 1 and joints[0] == end - 1 and t.text[end - 1] == "," and t.pos[end - 2] == "PROPN":
        joints.pop(0)  # "… and John Kasich, 9 percent"
    joint = joints[0] if joints else None
    if joint is None or t.pos[end - 1] == "ADP":
        return None
    phrase: list[int] = []
    under_case = False
    for i in range(joint + 1, end):
        if ctx.is_time(i) or t.pos[i] in ("ADV", "PART", "CCONJ", "PUNCT", "SPACE"):
            under_case = under_case and t.pos[i] == "PART"
        elif t.pos[i] in ("ADP", "SCONJ"):
            under_case = True
        elif t.pos[i] not in _INSIDE:
            return None
        elif not under_case:
            phrase.append(i)
    if not any(t.pos[i] in _NAMES for i in phrase):
        return []
    known = ctx.nouns.anaphor | ctx.nouns.mean | ctx.nouns.change
    if t.lower[phrase[-1]] in _PRO_FORMS:
        return (
            None  # "a higher share in Ruland (22 %), and a lower one in Orvik (3 %)": no name takes its place
        )
    return None if t.lemma[phrase[-1]] in known else phrase


def _of_other(ctx: Context, text: str, ending: int, name: str) -> str | None:
    """Return the same of somebody else, where the token `ending` is the ending of a possessive: "Weber's house …, Saito's …"."""
    t = ctx.t
    if t.tag[ending] != "POS":
        return None
    owner, _, thing = text.partition(f"{t.text[ending]} ")
    return f"{name}{t.text[ending]} {thing}" if owner and thing else None


def _renamed(ctx: Context, subject: Subject, other: Place, name: str) -> str:
    """Return the subject of the first figure with the new name in the place of who or what it is about."""
    t = ctx.t
    assert subject.text is not None
    who = syntax.subject(t, subject.predicate) if subject.predicate is not None else None
    if who is not None and not other.holds(who):
        old = syntax.text_of(t, ctx.text, syntax.noun_phrase(t, who))
        if old and old in subject.text:
            return subject.text.replace(old, name)
    return f"{subject.core or subject.text} of {name}" if other.counted else name
