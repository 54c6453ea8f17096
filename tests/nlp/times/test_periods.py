"""Calendar arithmetic."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtable.nlp.times import periods


@pytest.mark.parametrize(
    ("period", "value", "first", "last"),
    [
        (periods.week(date(2005, 1, 1)), "2004-W53", "2004-12-27", "2005-01-02"),
        (periods.weekend(date(1989, 10, 26)), "1989-W43-WE", "1989-10-28", "1989-10-29"),
        (periods.month(2004, 2), "2004-02", "2004-02-01", "2004-02-29"),
        (periods.quarter(1989, 3), "1989-Q3", "1989-07-01", "1989-09-30"),
        (periods.quarter(2004, 1, 10), "2004-Q1", "2003-10-01", "2003-12-31"),
        (periods.half(1990, 2), "1990-H2", "1990-07-01", "1990-12-31"),
        (periods.season(1994, "WI"), "1994-WI", "1994-12-01", "1995-02-28"),
        (periods.year(2006, 7), "2006", "2005-07-01", "2006-06-30"),
        (periods.decade(199), "199", "1990-01-01", "1999-12-31"),
        (periods.century(21), "20", "2001-01-01", "2100-12-31"),
        (periods.millennium(3), "2", "2001-01-01", "3000-12-31"),
    ],
)
def test_period(period: periods.Period, value: str, first: str, last: str) -> None:
    assert period.value == value
    assert (period.first, period.last) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("year", "day"), [(1989, "1989-03-26"), (2000, "2000-04-23"), (2008, "2008-03-23"), (2038, "2038-04-25")]
)
def test_easter(year: int, day: str) -> None:
    assert periods.easter(year) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("rule", "day"),
    [
        ("12-25", "2004-12-25"),
        ("easter-2", "2004-04-09"),
        ("nth 11 3 4", "2004-11-25"),
        ("nth 5 0 -1", "2004-05-31"),
    ],
)
def test_holiday(rule: str, day: str) -> None:
    assert periods.holiday(2004, rule) == date.fromisoformat(day)


@given(
    st.dates(), st.integers(-5000, 5000), st.sampled_from(sorted({**periods.MONTHS_IN, **periods.DAYS_IN}))
)
def test_shifting_never_raises_and_keeps_its_direction(at: date, count: int, unit: str) -> None:
    moved = periods.shift(at, count, unit)
    if moved is not None:
        assert (moved > at) == (count > 0)
        assert (moved < at) == (count < 0)


@given(st.dates(), st.sampled_from(["D", "W", "M", "Q", "H", "Y", "E", "C"]))
def test_a_day_lies_in_the_period_that_holds_it(at: date, unit: str) -> None:
    period = periods.holding(at, unit)
    if period.first is not None and period.last is not None:
        assert period.first <= at <= period.last
