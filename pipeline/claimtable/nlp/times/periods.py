"""Calendar periods: the TIMEX3 value of a stretch of days with its first and last day, and stepping between them.

Values follow ISO 8601 where it has a form (`1998`, `1998-03`, `1998-W12`, `1998-03-22`) and TIMEX3
(TimeML 1.2.1) where it has none: `1998-Q1`, `1998-H2`, `1998-SU`, `199` (the 1990s), `19` (the
20th century), `1998-W12-WE` (a weekend).
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

SEASON_MONTHS = {"SP": (3, 5), "SU": (6, 8), "FA": (9, 11), "WI": (12, 2)}
"""First and last month of the meteorological seasons of the northern hemisphere; a winter ends in the next year."""


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days: TIMEX3 value, unit letter, first and last day (inclusive, None beyond year 1..9999).

    Units: D day, W week, WE weekend, M month, Q quarter, H half year, S season, Y year, E decade,
    C century, L millennium, R range.
    """

    value: str
    unit: str
    first: date | None
    last: date | None


def _safe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def day(at: date) -> Period:
    """Return one day."""
    return Period(at.isoformat(), "D", at, at)


def week(at: date) -> Period:
    """Return the ISO 8601 week (Monday to Sunday) that holds the day."""
    year, number, weekday = at.isocalendar()
    first = shift_days(at, 1 - weekday)
    return Period(f"{year}-W{number:02d}", "W", first, shift_days(first, 6) if first is not None else None)


def weekend(at: date) -> Period:
    """Saturday and Sunday of the ISO week that holds the day."""
    whole = week(at)
    return Period(f"{whole.value}-WE", "WE", shift_days(whole.first, 5), whole.last)


def month(year: int, number: int) -> Period:
    """Return a calendar month."""
    first = _safe(year, number, 1)
    last = _safe(year, number, calendar.monthrange(year, number)[1]) if first else None
    return Period(f"{year:04d}-{number:02d}", "M", first, last)


def quarter(year: int, number: int, start_month: int = 1) -> Period:
    """Return a quarter of the year that is named `year`; `start_month` above 1 is a year that begins in the year before."""
    return _part(year, f"Q{number}", "Q", 3 * (number - 1), 3, start_month)


def half(year: int, number: int, start_month: int = 1) -> Period:
    """Return a half of the year that is named `year`; `start_month` as for `quarter`."""
    return _part(year, f"H{number}", "H", 6 * (number - 1), 6, start_month)


def _part(year: int, name: str, unit: str, skip: int, length: int, start_month: int) -> Period:
    begin = (year - (start_month > 1)) * 12 + start_month - 1 + skip
    end = begin + length - 1
    return Period(
        f"{year:04d}-{name}",
        unit,
        _month_edge(begin // 12, begin % 12 + 1, last=False),
        _month_edge(end // 12, end % 12 + 1, last=True),
    )


def _month_edge(year: int, number: int, *, last: bool) -> date | None:
    if not 1 <= year <= 9999:
        return None
    return _safe(year, number, calendar.monthrange(year, number)[1] if last else 1)


def season(year: int, name: str) -> Period:
    """Return a season; a winter is named after the year of its December."""
    begin, end = SEASON_MONTHS[name]
    return Period(
        f"{year:04d}-{name}",
        "S",
        _month_edge(year, begin, last=False),
        _month_edge(year + (end < begin), end, last=True),
    )


def year(number: int, start_month: int = 1) -> Period:
    """Return a year; `start_month` above 1 makes it a financial year that ends in the year it is named after."""
    if start_month == 1:
        return Period(f"{number:04d}", "Y", _safe(number, 1, 1), _safe(number, 12, 31))
    return Period(
        f"{number:04d}",
        "Y",
        _month_edge(number - 1, start_month, last=False),
        _month_edge(number, start_month - 1, last=True),
    )


def decade(number: int) -> Period:
    """Return a decade by its first three digits: 199 is 1990 to 1999."""
    return Period(f"{number:03d}", "E", _safe(number * 10, 1, 1), _safe(number * 10 + 9, 12, 31))


def century(number: int) -> Period:
    """Return a century by its ordinal: the 21st is 2001-01-01 to 2100-12-31, TIMEX3 value `20`."""
    return Period(f"{number - 1:02d}", "C", _safe(number * 100 - 99, 1, 1), _safe(number * 100, 12, 31))


def millennium(number: int) -> Period:
    """Return a millennium by its ordinal: the 3rd is 2001 to 3000."""
    return Period(f"{number - 1}", "L", _safe(number * 1000 - 999, 1, 1), _safe(number * 1000, 12, 31))


def shift_days(at: date | None, days: int) -> date | None:
    """Return the day so many days on; None outside the calendar."""
    try:
        return None if at is None else at + timedelta(days=days)
    except OverflowError:
        return None


def shift_months(at: date | None, months: int) -> date | None:
    """Return the same day so many months on, or the month's last day where it is shorter; None outside the calendar."""
    if at is None:
        return None
    index = at.year * 12 + at.month - 1 + months
    number, place = divmod(index, 12)
    if not 1 <= number <= 9999:
        return None
    return date(number, place + 1, min(at.day, calendar.monthrange(number, place + 1)[1]))


MONTHS_IN = {"M": 1, "Q": 3, "H": 6, "S": 3, "Y": 12, "E": 120, "C": 1200, "L": 12000}
DAYS_IN = {"D": 1, "W": 7, "WE": 7}


def shift(at: date | None, count: float, unit: str) -> date | None:
    """Return the day `count` units on (negative: back). Fractions count days or months; None outside the calendar."""
    if abs(count) > 1e6:
        return None
    if unit in MONTHS_IN:
        months = count * MONTHS_IN[unit]
        moved = shift_months(at, int(months))
        return shift_days(moved, round((months - int(months)) * 30))
    if unit in DAYS_IN:
        return shift_days(at, round(count * DAYS_IN[unit]))
    return at


def holding(at: date, unit: str) -> Period:
    """Return the calendar period of the unit that holds the day."""
    if unit == "D":
        return day(at)
    if unit == "W":
        return week(at)
    if unit == "WE":
        return weekend(at)
    if unit == "M":
        return month(at.year, at.month)
    if unit == "Q":
        return quarter(at.year, (at.month + 2) // 3)
    if unit == "H":
        return half(at.year, 1 if at.month < 7 else 2)
    if unit == "E":
        return decade(at.year // 10)
    if unit == "C":
        return century((at.year + 99) // 100)
    if unit == "L":
        return millennium((at.year + 999) // 1000)
    return year(at.year)


def neighbour(at: date, unit: str, steps: int) -> Period | None:
    """Return the period of the unit `steps` after (negative: before) the one that holds the day."""
    if unit in ("D", "W", "WE"):
        moved = shift(at, steps, unit)
    else:
        moved = shift(at.replace(day=1), steps, unit)
    return None if moved is None else holding(moved, unit)


def nth_weekday(year_: int, month_: int, weekday: int, nth: int) -> date:
    """Return the nth (1..4, -1 for the last) weekday (Monday 0) of a month."""
    if nth > 0:
        first = date(year_, month_, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    final = date(year_, month_, calendar.monthrange(year_, month_)[1])
    return final - timedelta(days=(final.weekday() - weekday) % 7)


def easter(year_: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (anonymous Gregorian computus: Meeus, Astronomical Algorithms, ch. 8)."""
    a, b, c = year_ % 19, year_ // 100, year_ % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    el = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * el) // 451
    number, place = divmod(h + el - 7 * m + 114, 31)
    return date(year_, number, place + 1)


def holiday(year_: int, rule: str) -> date | None:
    """Return the day of a holiday rule: `12-25`, `easter-2`, `nth 11 3 4` (month, weekday, nth), or None if it is not one."""
    try:
        if rule.startswith("easter"):
            return shift_days(easter(year_), int(rule[6:] or 0))
        if rule.startswith("nth"):
            number, weekday, nth = (int(part) for part in rule.split()[1:])
            return nth_weekday(year_, number, weekday, nth)
        number, place = (int(part) for part in rule.split("-"))
        return _safe(year_, number, place)
    except ValueError:
        return None
