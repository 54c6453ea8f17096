"""Two times that belong together: the ends of a range, and a length of time with the date that it ends on."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

from claimtable.nlp.times import periods
from claimtable.nlp.times.grammar import Chunks
from claimtable.nlp.times.meaning import Meaning
from claimtable.schema import TimeExpression

_CLOSING = ("to", "through", "until", "ended", "ending")
_JOINTS = ("to", "through", "until", "till", "-", "–", "and", "or")
_SHARING = ("month", "day", "quarter", "season")
"""Kinds of which one end of a range takes the year of the other."""
_RANGED = (
    "day",
    "month",
    "year",
    "quarter",
    "season",
    "numeric",
    "weekday",
    "decade",
    "century",
    "unit",
    "relday",
    "half",
    "ref",
    "span",
)


def joint(chunks: Chunks, first: int, last: int) -> str | None:
    """Return the word that joins the chunks `first` and `last` to a range or a pair, None where nothing does."""
    if last != first + 2 or chunks.tokens.words[first + 1] not in _JOINTS:
        return None
    a, b = chunks.meanings[first], chunks.meanings[last]
    assert a is not None
    assert b is not None
    return chunks.tokens.words[first + 1] if a.kind in _RANGED and b.kind in _RANGED else None


def share_years(chunks: Chunks, kept: list[int]) -> list[tuple[int, int]]:
    """Let two ends of a range share their year ("March or April of 2005"); return the ranges as chunk pairs."""
    ranges: list[tuple[int, int]] = []
    words = chunks.tokens.words
    for first, last in itertools.pairwise(kept):
        word = joint(chunks, first, last)
        if word is None:
            if _lasts_to_date(chunks, first, last):
                ranges.append((first, last))  # "from September 2012 to date"
            continue
        _share_year(chunks.meanings[first], chunks.meanings[last])
        if word != "and" or (first and words[first - 1] == "between"):
            ranges.append((first, last))
    return ranges


def _lasts_to_date(chunks: Chunks, first: int, last: int) -> bool:
    """Return whether "to date" stands right behind a date: "from September 2012 to date"."""
    a, b = chunks.meanings[first], chunks.meanings[last]
    if a is None or b is None or last != first + 1:
        return False
    return b.kind == "ref" and chunks.rules[last] == "time.before_now" and a.kind in _SHARING


def _share_year(a: Meaning | None, b: Meaning | None) -> None:
    """Give one end of a range the year of the other, or the year before or after, where it has none of its own."""
    if a is None or b is None or a.kind not in _SHARING or a.kind != b.kind or a.direction is not None:
        return
    if a.year is None and a.of is None:
        a.year, a.of = b.year, b.of
        if a.year is not None:
            a.year -= _runs_over(a, b)
    elif b.year is None and b.of is None and a.year is not None:
        b.year = a.year + _runs_over(a, b)


def _runs_over(a: Meaning, b: Meaning) -> bool:
    """Return whether a range within twelve months goes on into the next year: November to March."""
    return (a.month or a.number or 0) > (b.month or b.number or 0)


def mark_range(found: list[TimeExpression], first: int, last: int, published: date | None) -> None:
    """Write the first and the last day of a range to both of its ends."""
    start = found[first].time_start
    if found[first].value == "PRESENT_REF":
        start = published
    end = published if found[last].value == "PRESENT_REF" else found[last].time_end
    if start is None or end is None or end < start:
        return
    for i in (first, last):
        found[i] = replace(found[i], range_start=start, range_end=end)


def closes(chunks: Chunks, first: int, last: int) -> bool:
    """Return whether a length of time ends on the date behind it: "the year to Dec. 31", "six months ended 30 June"."""
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
        and between[1:] in ([], ["on"], ["the"], [":"], [","])
        and (not first or chunks.tokens.words[first - 1] != "from")
    )


def mark_closed(found: list[TimeExpression], length: Meaning) -> periods.Period | None:
    """Give a length of time, the last but one, that ends on a date, the last, its days; both are the range of either.

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
