"""What a total is made up of: "194 cases (159 confirmed and 35 probable)", "29 cases were reported: 23 from Beni, four from Butembo".

The parts have no noun of their own; they count what the total counts, each with the category or place that stands behind it.
"""

from __future__ import annotations

from dataclasses import replace

from claimtable.nlp import syntax
from claimtable.nlp.claims.context import Context
from claimtable.nlp.claims.subjects.place import Place
from claimtable.nlp.claims.subjects.records import Subject
from claimtable.nlp.claims.subjects.scene import Scene

LINE = "breakdown"
"""Id of the line that asks `breakdown`."""
MAX_LIST = 60
"""Tokens from the mark that opens the list to a part of it, at most (set by hand: it bounds the search)."""
MAX_NAMED = 8
"""Tokens of a category or place behind its number, at most (set by hand)."""
_OPENING = frozenset(["(", ":"])
_JOINTS = frozenset([",", ";", "and", "or", "&", ")", ".", "plus"])
_CATEGORY = frozenset(["JJ", "JJR", "JJS", "VBN", "VBD", "RB"])
"""Tags of a category in one word: "confirmed", "probable", "primary"; parsers take participles for past tenses."""
_CASES = frozenset(["in", "from", "at", "on", "for", "among", "near", "by", "with", "of"])


def breakdown(s: Scene) -> Subject | None:
    """Return what the total before the list counts, with the part's category or place; None where the figure is part of no list."""
    total = _total(s)
    if total is None:
        return None
    place, subject = total
    ctx, t = s.ctx, s.ctx.t
    unit = place.quantity.unit or subject.unit
    things = subject.core or subject.text
    named = _named(ctx, _number_end(s))
    if unit is None or things is None or not named:
        return None
    words = syntax.text_of(t, ctx.text, named, determiner=True)
    text = f"{words} {things}" if t.tag[named[0]] in _CATEGORY else f"{things} {words}"
    return replace(subject, text=text, head=None, core=None, unit=unit, dimension="count", predicate=s.verb)


def in_unit_of_total(place: Place, subject: Subject) -> Place:
    """Return the place with its quantity in the unit of the total that it is part of, whatever stands behind its number."""
    if subject.line != LINE or place.quantity.unit in (None, subject.unit):
        return place
    quantity = replace(place.quantity, unit=subject.unit, unit_text=None, dimension=subject.dimension)
    return replace(place, quantity=quantity, counted=False)


def _total(s: Scene) -> tuple[Place, Subject] | None:
    """Return the figure whose parts the list gives, with its subject: the last before the mark that opens the list."""
    t, i = s.ctx.t, s.place.first
    marks = (
        k for k in range(i - 1, max(s.sentence.start, i - MAX_LIST) - 1, -1) if t.text[k] in ("(", ":", ")")
    )
    mark = next(marks, None)
    if mark is None or t.text[mark] not in _OPENING or not _is_list(s, mark):
        return None
    before = [(place, subject) for place, subject in s.here if place.end <= mark]
    if not before:
        return None
    place, subject = before[-1]
    if place.quantity.dimension not in (None, "count") or not (place.counted or subject.unit):
        return None
    # A bracket stands right behind what it breaks down; a colon ends the clause that does.
    return (place, subject) if t.text[mark] == ":" or mark - place.end <= 1 else None


def _is_list(s: Scene, mark: int) -> bool:
    """Return whether the list begins with a number right behind the mark, and every joint up to this figure has a number behind it."""
    t = s.ctx.t
    first = mark + 1
    while first < s.place.first and t.pos[first] in ("ADV", "ADP", "DET"):
        first += 1
    return t.pos[first] == "NUM" and not any(
        t.rel[k] == "cop" or t.text[k] == "." for k in range(first, s.place.first)
    )


def _number_end(s: Scene) -> int:
    """Return the token behind the number itself: of "35 probable" the category, which may pass for a counted noun."""
    t, place = s.ctx.t, s.place
    return next((k + 1 for k in range(place.end - 1, place.first - 1, -1) if t.pos[k] == "NUM"), place.end)


def _named(ctx: Context, i: int) -> list[int]:
    """Return the tokens of the category or place behind a number, up to the next joint: "confirmed", "from Beni"; empty where none is."""
    t = ctx.t
    out: list[int] = []
    for k in range(i, min(i + MAX_NAMED, t.n)):
        if t.text[k] in _JOINTS or t.sent[k] != t.sent[i - 1]:
            break
        out.append(k)
    if not out or ctx.is_time(out[0]):
        return []
    if t.lower[out[0]] in _CASES:
        return (
            out
            if len(out) > 1 and all(t.pos[k] in ("DET", "ADJ", "NOUN", "PROPN", "PUNCT") for k in out[1:])
            else []
        )
    return out if all(t.tag[k] in _CATEGORY for k in out) else []
