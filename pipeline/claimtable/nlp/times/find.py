"""`find_times`: text and publication date in, time expressions out. No language pipeline is needed."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from claimtable import rules
from claimtable.nlp.times import periods
from claimtable.nlp.times.evidence import (
    Context,
    accepted,
    announced,
    lexical_tense,
    looking_back,
    open_ended,
    qualifies_noun,
    reports_results,
)
from claimtable.nlp.times.grammar import Chunks, grammar
from claimtable.nlp.times.meaning import Meaning
from claimtable.nlp.times.resolve import Resolved, Resolver
from claimtable.schema import TimeExpression

Tense = Callable[[int, int], str | None]
"""Tells the tense of the clause around the code points start..end: `past`, `present`, `future`, or None."""

_DATED = (
    "month",
    "day",
    "weekday",
    "season",
    "quarter",
    "half",
    "holiday",
    "numeric",
    "clock",
    "daypart",
    "duration",
    "shift",
)
_CLOSING = ("to", "through", "until", "ended", "ending")
_JOINTS = ("to", "through", "until", "till", "-", "–", "and", "or")
_RANGED = (
    "day",
    "month",
    "year",
    "quarter",
    "season",
    "numeric",
    "weekday",
    "decade",
    "unit",
    "relday",
    "half",
    "ref",
    "span",
)


def find_times(
    text: str, published: date | None = None, *, tense: Tense | None = None
) -> list[TimeExpression]:
    """Finds the time expressions of a text in text order; they do not overlap.

    Args:
        text: any text. Offsets are code points into it.
        published: publication date; None leaves relative times with `XXXX` values and no days.
        tense: tells the tense of a clause, for "on Friday" and "in May"; None settles them by nearness.

    Returns:
        TIMEX3 expressions (TimeML 1.2.1) with first and last day. Time is linear in the length of the text.
    """
    rulebook = grammar()
    chunks = rulebook.parse(text)
    where = [i for i, meaning in enumerate(chunks.meanings) if meaning is not None]
    if not where:
        return []
    _mark_financial_years(chunks, where)
    resolver = Resolver(published, day_first=_day_first(chunks), fiscal_start=_fiscal_start(text, chunks))
    kept: list[int] = []
    for i in where:
        meaning = chunks.meanings[i]
        if meaning is not None and accepted(meaning, Context(chunks, i, rulebook.lexicon)):
            kept.append(i)
    found: list[TimeExpression] = []
    ranges = _share_years(chunks, kept)
    resolved_at: dict[int, int] = {}
    before = -1
    for i in kept:
        meaning = chunks.meanings[i]
        assert meaning is not None
        start, end = chunks.tokens.starts[i], chunks.tokens.ends[i]
        clause = None
        if (meaning.kind in _DATED or meaning.unit == "WE") and len(chunks.tokens.words) > 1:
            context = Context(chunks, i, rulebook.lexicon)
            meaning.qualifies = qualifies_noun(context)
            clause = "past" if looking_back(context) else "future" if announced(context) else None
            if clause is None and tense is not None:
                clause = tense(start, end)
            clause = clause or lexical_tense(context)
            if clause is None and open_ended(context):
                clause = "future"
        if meaning.kind == "shift" and meaning.unit == "Y":
            meaning.report = reports_results(Context(chunks, i, rulebook.lexicon))
        resolved = resolver.resolve(meaning, clause)
        if resolved is None:
            continue
        if resolved.period is not None and not _compares(meaning):
            resolver.remember(resolved.period, meaning.kind)
        preposition = _preposition(chunks, i, rulebook.lexicon.values["PREP"])
        resolved = _within(resolved, meaning, preposition, clause, resolver)
        resolved_at[i] = len(found)
        found.append(
            TimeExpression(
                start=start,
                end=end,
                text=text[start:end],
                type=resolved.type,
                value=resolved.value,
                mod=resolved.mod,
                time_start=resolved.first,
                time_end=resolved.last,
                preposition=preposition,
                rule=chunks.rules[i],
            )
        )
        if before in resolved_at and resolved_at[before] == len(found) - 2 and _closes(chunks, before, i):
            length = chunks.meanings[before]
            assert length is not None
            closed = _mark_closed(found, length)
            if closed is not None:
                resolver.remember(closed, "span")
        before = i
    for first, last in ranges:
        if first in resolved_at and last in resolved_at:
            _mark_range(found, resolved_at[first], resolved_at[last], published)
    return found


def _compares(meaning: Meaning) -> bool:
    """Tells whether a time is only what another one is compared with; the text goes on with the other one."""
    back = meaning.kind == "shift" and meaning.unit == "Y" and meaning.steps < 0 and meaning.count == 1
    return back or meaning.anchor == "report-ago"


def _preposition(chunks: Chunks, at: int, prepositions: dict[str, str]) -> str | None:
    if at == 0 or chunks.meanings[at - 1] is not None:
        return None
    word = chunks.tokens.words[at - 1]
    return word if word in prepositions else None


def _within(
    resolved: Resolved, meaning: Meaning, preposition: str | None, tense: str | None, resolver: Resolver
) -> Resolved:
    """Gives "within 18 months" and a future "in two years" their days."""
    if meaning.kind != "duration" or resolved.first is not None or meaning.count is None:
        return resolved
    if preposition != "within" and not (preposition == "in" and tense == "future"):
        return resolved
    ahead = resolver.resolve(replace(meaning, anchor="next"), tense)
    return resolved if ahead is None else replace(resolved, first=ahead.first, last=ahead.last)


def _share_years(chunks: Chunks, kept: list[int]) -> list[tuple[int, int]]:
    """Lets two ends of a range share their year ("March or April of 2005"); returns the ranges as chunk pairs."""
    ranges: list[tuple[int, int]] = []
    words = chunks.tokens.words
    for first, last in itertools.pairwise(kept):
        if last != first + 2 or words[first + 1] not in _JOINTS:
            continue
        a, b = chunks.meanings[first], chunks.meanings[last]
        assert a is not None
        assert b is not None
        if a.kind not in _RANGED or b.kind not in _RANGED:
            continue
        joint = words[first + 1]
        if a.kind in ("month", "day", "quarter", "season") and a.kind == b.kind and a.direction is None:
            if a.year is None and a.of is None:
                a.year, a.of = b.year, b.of
                if a.year is not None and (a.month or a.number or 0) > (b.month or b.number or 0):
                    a.year -= 1
            elif b.year is None and b.of is None and a.year is not None:
                b.year = a.year + ((a.month or a.number or 0) > (b.month or b.number or 0))
        opener = words[first - 1] if first else ""
        if joint == "and" and opener != "between":
            continue
        ranges.append((first, last))
    return ranges


def _mark_range(found: list[TimeExpression], first: int, last: int, published: date | None) -> None:
    start = found[first].time_start
    if found[first].value == "PRESENT_REF":
        start = published
    end = published if found[last].value == "PRESENT_REF" else found[last].time_end
    if start is None or end is None or end < start:
        return
    for i in (first, last):
        found[i] = replace(found[i], range_start=start, range_end=end)


def _closes(chunks: Chunks, first: int, last: int) -> bool:
    """Tells whether a length of time ends on the date behind it: "the year to Dec. 31", "six months ended 30 June"."""
    length, date_ = chunks.meanings[first], chunks.meanings[last]
    assert length is not None
    assert date_ is not None
    between = chunks.tokens.words[first + 1 : last]
    return (
        length.kind in ("duration", "unit")
        and length.unit in (*periods.MONTHS_IN, *periods.DAYS_IN)
        and date_.kind in _RANGED
        and 1 <= len(between) <= 2
        and between[0] in _CLOSING
        and between[1:] in ([], ["on"], ["the"])
        and (not first or chunks.tokens.words[first - 1] != "from")
    )


def _mark_closed(found: list[TimeExpression], length: Meaning) -> periods.Period | None:
    """Gives a length of time, the last but one, that ends on a date, the last, its days; both are the range of either.

    Returns the calendar year, half, quarter or month that it fills, if it does: a later "a year earlier" is counted from it.
    """
    days, end = found[-2], found[-1].time_end
    unit = length.unit or "D"
    if end is None:
        return None
    start = periods.shift(periods.shift_days(end, 1), -(length.count or 1), unit)
    if start is None:
        return None
    found[-1] = replace(found[-1], range_start=start, range_end=end)
    days = replace(days, time_start=start, time_end=end, range_start=start, range_end=end)
    if length.kind == "unit" and unit != "Y":  # "the quarter ended Sept. 30" is not the latest one
        days = replace(days, type="DURATION", value=f"P1{unit}")
    found[-2] = days
    filled = (periods.holding(start, unit) for unit in ("M", "Q", "H", "Y"))
    return next((p for p in filled if (p.first, p.last) == (start, end)), None)


def _day_first(chunks: Chunks) -> bool:
    """Tells whether the document writes figures as day/month: one figure above 12 in the first place settles it."""
    for meaning in chunks.meanings:
        if meaning is not None and meaning.kind == "numeric" and meaning.code == "/":
            first, second = meaning.month or 0, meaning.day or 0
            if first > 12 >= second:
                return True
            if second > 12 >= first:
                return False
    return False


def _mark_financial_years(chunks: Chunks, where: list[int]) -> None:
    """Marks "2012–13" in a text about budgets as a financial year, for a year is seldom written so otherwise."""
    spans = [m for i in where if (m := chunks.meanings[i]) is not None and m.kind == "span"]
    for meaning in spans:
        first, last = meaning.of, meaning.to
        if first is not None and last is not None and first.kind == last.kind == "year":
            consecutive = (last.year or 0) - (first.year or 0) == 1
            meaning.fiscal = consecutive and bool(
                {"budget", "fiscal", "financial"} & set(chunks.tokens.words)
            )


def _fiscal_start(text: str, chunks: Chunks) -> int:
    """Returns the first month of the financial year of the state that the document most often names; 1 if none is known."""
    if not any(m is not None and m.fiscal for m in chunks.meanings):
        return 1
    words = chunks.tokens.words
    best, start = 0, 1
    for row in rules.table("times_fiscal", "words", "start"):
        names = set(row["words"].split("|"))
        count = sum(1 for word in words if word in names)
        if count > best:
            best, start = count, int(row["start"])
    return start
