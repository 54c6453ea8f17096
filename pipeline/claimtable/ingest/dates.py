"""Explicit calendar dates, as date lines and bylines write them.

Only full dates (day, month, year) count: a publication date must not be guessed. Dates
within running text belong to the time expressions of the extraction, not here.
"""

from __future__ import annotations

import functools
import re
from datetime import date

from claimtable.rules import table

FIRST_YEAR = 1600
"""No earlier year is taken for a publication date: the first weekly newspapers are of 1605-1609."""

CLOCK = (
    r"(?:(?:[01]?\d|2[0-4])[:.h][0-5]\d(?:[:.][0-5]\d)?(?:\.\d+)?\s?(?:[AaPp]\.?[Mm]\.?)?"
    r"|(?:1[0-2]|0?[1-9])\s?(?:[AaPp]\.?[Mm]\.?))(?:\s?(?:[A-Z]{2,4}|[+-]\d\d:?\d\d|Z)\b)?"
)
"""Pattern of a time of day with an optional zone."""


@functools.cache
def _months() -> dict[str, int]:
    numbers: dict[str, int] = {}
    for row in table("page_months", "value", "pattern"):
        for name in row["pattern"].split("|"):
            numbers[name.rstrip("?").lower()[:3]] = int(row["value"])
    return numbers


@functools.cache
def date_pattern() -> str:
    """Return the pattern of an explicit date, without groups."""
    month = "(?i:" + "|".join(row["pattern"] for row in table("page_months", "value", "pattern")) + r")\b\.?"
    weekday = r"(?:(?i:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?i:day)?\b\.?,?\s+)?"
    return (
        "(?:"
        + weekday
        + "(?:"
        + rf"{month}\s+\d{{1,2}}(?i:st|nd|rd|th)?,?\s+\d{{4}}\b"
        + rf"|\d{{1,2}}(?i:st|nd|rd|th)?\.?\s*-?(?:of\s+)?{month},?\s*-?\d{{4}}\b"
        + r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?(?!\d)"
        + r"|\d{1,2}[./]\d{1,2}[./]\d{4}\b"
        + "))"
    )


@functools.cache
def _date_regex() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w/.-]){date_pattern()}")


def parse_date(text: str) -> date | None:
    """Read one explicit date.

    `03/04/2014` could be March or April and gives None, like everything that is no calendar day.
    """
    words = re.findall(r"\d+|[^\W\d_]+", text)
    month = next((m for w in words if (m := _months().get(w.lower()[:3])) and _is_month(w)), None)
    numbers = [int(w) for w in words if w.isascii() and w.isdigit()]
    if month is not None:
        if len(numbers) < 2:
            return None
        day, year = numbers[0], numbers[1]
    elif len(numbers) < 3:
        return None
    elif numbers[0] > 31:
        year, month, day = numbers[:3]
    else:
        first, second, year = numbers[:3]
        if "." in text or first > 12:
            day, month = first, second
        elif second > 12 or first == second:
            month, day = first, second
        else:
            return None
    if year < FIRST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


@functools.cache
def _month_regex() -> re.Pattern[str]:
    return re.compile(
        "|".join(row["pattern"] for row in table("page_months", "value", "pattern")), re.IGNORECASE
    )


def _is_month(word: str) -> bool:
    return _month_regex().fullmatch(word) is not None


def find_date(text: str) -> date | None:
    """Return the first explicit date in a line, or None."""
    for match in _date_regex().finditer(text):
        found = parse_date(match.group())
        if found is not None:
            return found
    return None
