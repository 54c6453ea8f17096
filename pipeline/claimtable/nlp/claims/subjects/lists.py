"""Figures of lists that leave out what the first of them says: "20 percent very short, 53 short", "4,300 in the east, 2,310 in the north"."""

from __future__ import annotations

from dataclasses import replace

from claimtable.nlp import syntax
from claimtable.nlp.claims.context import Context
from claimtable.nlp.claims.subjects.place import Place
from claimtable.nlp.claims.subjects.records import Subject
from claimtable.nlp.claims.subjects.reference import finish
from claimtable.nlp.claims.subjects.scene import Scene
from claimtable.schema import Quantity

MAX_CATEGORY = 4
"""Most tokens of a category behind its figure: "very short" (set by hand)."""
MAX_PLACE = 10
"""Most tokens between two figures of a list of places (set by hand: it bounds the search)."""
_JOINTS = frozenset([",", ";", "and", "or", "&"])
_ENDS = _JOINTS | {".", ":", ")"}
_GRADES = frozenset(["ADJ", "ADV", "VERB", "NOUN"])
"""Parts of speech of a category: "very short", "unemployed", "surplus"."""


def category(ctx: Context, end: int) -> list[int]:
    """Return the tokens of the category behind a figure, up to the next joint: "very short"; empty where none stands there."""
    t = ctx.t
    out: list[int] = []
    for i in range(end, min(end + MAX_CATEGORY, t.n)):
        if t.text[i] in _ENDS:
            return out if out and t.tag[out[-1]] in ("JJ", "NN", "VBN", "RB", "JJS", "JJR") else []
        if t.pos[i] not in _GRADES or t.tag[i] in ("NNS", "VBD", "VBZ", "VBP") or ctx.is_time(i):
            return []
        out.append(i)
    return []


def as_share(ctx: Context, q: Quantity, before: Quantity | None) -> Quantity:
    """Return a bare figure that goes on a list of categories in percent as a share: "20 percent very short, 53 short".

    Args:
        ctx: the document.
        q: the figure.
        before: the figure before it in the sentence.
    """
    if before is None or before.unit != "%" or q.dimension not in (None, "count") or q.value is None:
        return q
    t = ctx.t
    first, end = t.range(q.start, q.end)
    a, b = t.range(before.start, before.end)
    if not a < b <= first or t.sent[a] != t.sent[first]:
        return q
    number = next((i for i in range(first, end) if t.pos[i] == "NUM"), first)
    own = category(ctx, number + 1)
    theirs = category(
        ctx, b if before.dimension == "share" and before.unit_text else _behind_number(ctx, a, b)
    )
    joint = b + len(theirs)
    if not own or not theirs or any(t.text[i] not in _JOINTS for i in range(joint, first)):
        return q
    cut = t.end[number]
    return replace(
        q, unit="%", unit_text=None, dimension="share", end=cut, text=ctx.text[q.start : cut], factor=None,
        table_unit=None,
    )  # fmt: skip


def _behind_number(ctx: Context, a: int, b: int) -> int:
    return next((i + 1 for i in range(b - 1, a - 1, -1) if ctx.t.pos[i] == "NUM"), b)


def graded(s: Scene) -> Subject | None:
    """Return what is graded with the figure's grade: "moisture rated very short" of "moisture was rated 20 percent very short, 53 short"."""
    ctx, t = s.ctx, s.ctx.t
    grade = category(ctx, s.place.end)
    if not grade or not _is_listed(s, grade[-1] + 1):
        return None
    first = next((place for place, subject in s.here if place.quantity.unit == "%"), s.place)
    base = s.base if first is s.place else first.head
    verb = syntax.clause_head(t, base)
    who = syntax.subject(t, verb)
    if who is None or any(place.holds(who) for place in (s.place, first)):
        return None
    what = finish(ctx, who, s.drop, verb, s.memory)
    if what.text is None:
        return None
    said = f"{t.lower[verb]} " if t.tag[verb] == "VBN" and verb not in grade else ""
    text = f"{what.text} {said}{syntax.text_of(t, ctx.text, grade, determiner=True)}"
    return Subject(text, who, verb, resolved=what.resolved)


def _is_listed(s: Scene, end: int) -> bool:
    """Return whether another figure with a grade stands before or behind this one."""
    ctx, t = s.ctx, s.ctx.t
    if s.here and category(ctx, s.here[-1][0].end):
        return True
    k = end
    while k < s.sentence.end and t.text[k] in _JOINTS:
        k += 1
    return k > end and k < s.sentence.end and t.pos[k] == "NUM" and bool(category(ctx, k + 1))


def elsewhere(s: Scene) -> Subject | None:
    """Return what the figure before counts, at the place that this one names: "4,300 people in the east, 2,310 in the north"."""
    if s.place.counted or s.q.unit is not None or not s.here:
        return None
    ctx, t = s.ctx, s.ctx.t
    first, subject = s.here[-1]
    named = _place_behind(ctx, s.place.end)
    if named is None or subject.text is None or not _only_places(ctx, first, s.place):
        return None
    unit = first.quantity.unit or subject.unit
    if unit is None or first.quantity.dimension not in (None, "count"):
        return None
    things = subject.core or subject.text
    theirs = _place_behind(ctx, first.end) or next(
        (found for i in range(first.end, s.place.first) if (found := _place_behind(ctx, i)) is not None), None
    )
    where = syntax.text_of(t, ctx.text, named, determiner=True)
    old = syntax.text_of(t, ctx.text, theirs, determiner=True) if theirs else ""
    text = things.replace(old, where) if old and old in things else f"{things} {where}"
    return replace(
        subject, text=text, head=None, core=things if text != things else None, unit=unit, goes_on=True
    )


def _place_behind(ctx: Context, i: int) -> list[int] | None:
    """Return the tokens of "in the north" that begin at `i`, up to a joint; None where no place is named there."""
    t = ctx.t
    if i >= t.n or t.lower[i] not in ctx.nouns.place_case or t.rel[i] != "case" or ctx.is_time(i + 1):
        return None
    out = [i]
    for k in range(i + 1, min(i + MAX_PLACE, t.n)):
        if t.text[k] in _ENDS or t.pos[k] not in ("DET", "ADJ", "NOUN", "PROPN"):
            break
        out.append(k)
    return out if len(out) > 1 else None


def _only_places(ctx: Context, first: Place, second: Place) -> bool:
    """Return whether the second figure follows a joint, and no verb with a subject of its own stands between the two."""
    t = ctx.t
    if t.text[second.first - 1] not in _JOINTS or t.sent[first.first] != t.sent[second.first]:
        return False
    between = range(first.end, second.first)
    return not any(t.pos[i] in ("VERB", "AUX") and t.rel[i] == "conj" for i in between) and not any(
        t.dep[i] in syntax.SUBJECTS for i in between
    )
