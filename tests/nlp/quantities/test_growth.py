"""Twice the text takes about twice the time, whatever is repeated: fragments of the kinds that the rules look for, and pairs of them."""

from __future__ import annotations

import itertools
import os
import random

import pytest
from tests.timing import assert_growth

from claimtable.nlp.quantities import find_quantities

FRAGMENTS = (
    "$1 ", "(5 ", "one in ten ", "3 May, ", "up from 1 percent ", "5 km ", "half a ", "hundred and ", "from 1 to 2 ", "5% ",
    "$5m (", "1-", "5 to ", "a third of ", "between 5 and ", "or so ", "more than ", "7-9pm ", "call 555 ", "+41 22 ", "[1] ",
    "[1,2] ", "12:30 ", "10/05/2014 ", "S&P 500 ", "A330-300 ", "won 3-2 ", "3-2, ", "Boeing 747 ", "the 911 ", "2013-14 ",
    "5 °C ", "rose 5% to ", "down 3% at ", ", up from ", "a factor of ", "EUR 4.2 (5.4) ", "twelve 330 ml ", "two and one-half ",
    "three quarters of a ", "millions of ", "a year ", "per ", "/", "per head ", "U.S. ", "kr ", "Oslo ", "Australia $5 ",
    "pounds ", "5 pounds ", "1e5", "10^", "½ ", "1/2 ", "x", "4x4 ", "\n1. ", "'98 ", "#5 ", "No. 5 ", "Article 50(2) ", "5G ",
    "at 8 on Monday ", "starts at 6 and ", "range from ", "went from 5 to ", "cut ", "by ", "of ", "to ", ", or 0.4% ", "-5 ",
    "(-0.8%) ", "minus ", "plus or minus 3 ", "5 ± 1 ", '5" ', "5'", "million ", "dozen ", "couple of ", "nineteen eighty ",
    "point five ", "A", "a", "1", ",", ".", "-", " ", "%", "$", "€", "(", ")", "[", "]", '"', "“", "é", "5,000 ", "1 000 ",
    "1.000 ", "1'000 ", "1,00,000 ", "aged 25, ", "Maddon, 66, ", "twice as fast ", "fivefold ", "four times ", "3-to-1 ",
    "250-1 ", "24/7 ", "people ", "homes ", "years old ", "no more than ", "Sweden ", "Oslo 5 kr ", "21 N. Oak St. ", "room 5 ",
)  # fmt: skip
PAIRS = random.Random(7).sample(["".join(pair) for pair in itertools.product(FRAGMENTS, repeat=2)], 200)
SMALL, LARGE = 2_000, 4_000  # code points
WHOLE = int(os.environ.get("CLAIMTABLE_GROWTH_CHARS", "8000"))
"""Code points of the long texts; 64,000 take an hour for all fragments."""
MOST = 3.0
"""Times as long that twice the text may take here: 2 is linear, 4 quadratic; the runs are short."""
MOST_OF_LONG = 2.2 if WHOLE >= 32_000 else 3.0
"""As `MOST`: runs of 0.1 s still vary by a third on a busy machine."""


def _assert_grows(fragment: str, most: float, small: int, large: int) -> None:
    assert_growth(
        most, lambda size: (fragment * (size // len(fragment) + 1))[:size], find_quantities, small, large
    )


@pytest.mark.parametrize("fragment", random.Random(3).sample([*FRAGMENTS, *PAIRS], 10))
def test_twice_a_short_text_takes_no_four_times_as_long(fragment: str) -> None:
    _assert_grows(fragment, MOST, SMALL, LARGE)


@pytest.mark.slow
@pytest.mark.parametrize("fragment", [*FRAGMENTS, *PAIRS])
def test_twice_a_long_text_takes_twice_as_long(fragment: str) -> None:
    _assert_grows(fragment, MOST_OF_LONG, WHOLE // 2, WHOLE)
