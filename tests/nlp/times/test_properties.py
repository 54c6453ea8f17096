"""What holds for every text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.timing import assert_growth

from claimtable import rules
from claimtable.nlp.times import find_times
from claimtable.schema import TimeExpression

PUBLISHED = date(2004, 5, 3)
DATES = st.dates(date(1900, 1, 1), date(2099, 12, 31))
WORDS = sorted({row["word"] for row in rules.table("times_words", "word", "tag")})
PIECES = st.lists(
    st.one_of(
        st.sampled_from(WORDS),
        st.sampled_from(WORDS).map(str.capitalize),
        st.integers(0, 99999).map(str),
        st.sampled_from(
            [",", ".", "-", "–", "/", "'s", "(", "$", "\n", "\n\n", "the", "of", "1st", "Q3", "3:15"]
        ),
    ),
    max_size=25,
)


def _whole(records: list[TimeExpression], text: str) -> None:
    end = 0
    for record in records:
        assert record.start >= end
        assert record.end > record.start
        assert text[record.start : record.end] == record.text
        assert record.value
        assert (record.time_start is None) == (record.time_end is None)
        assert record.time_start is None or record.time_end is None or record.time_start <= record.time_end
        assert TimeExpression.from_dict(record.to_dict()) == record
        end = record.end


@given(st.text(), st.one_of(st.none(), st.dates()))
def test_any_text_passes(text: str, published: date | None) -> None:
    _whole(find_times(text, published), text)


@given(PIECES, st.one_of(st.none(), st.dates()))
@settings(max_examples=200)
def test_any_row_of_time_words_passes(pieces: list[str], published: date | None) -> None:
    text = " ".join(pieces)
    _whole(find_times(text, published), text)


def test_a_time_after_a_paragraph_break_passes() -> None:
    text = "It was recognised.\n\nA week after the summit he spoke."
    assert [x.text for x in find_times(text, None)] == ["A week"]


MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
SHORT = ["Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."]


def _ordinal(day: int) -> str:
    return f"{day}{'th' if 10 < day < 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"


MANNERS: dict[str, Callable[[date], str]] = {
    "iso": lambda d: d.isoformat(),
    "american": lambda d: f"{MONTHS[d.month - 1]} {d.day}, {d.year}",
    "american_ordinal": lambda d: f"{MONTHS[d.month - 1]} {_ordinal(d.day)}, {d.year}",
    "agency": lambda d: f"{SHORT[d.month - 1]} {d.day}, {d.year}",
    "british": lambda d: f"{d.day} {MONTHS[d.month - 1]} {d.year}",
    "british_ordinal": lambda d: f"the {_ordinal(d.day)} of {MONTHS[d.month - 1]}, {d.year}",
    "weekday": lambda d: f"{d:%A}, {MONTHS[d.month - 1]} {d.day}, {d.year}",
    "hyphens": lambda d: f"{d.day}-{MONTHS[d.month - 1][:3]}-{d.year}",
    "slashes": lambda d: f"{d.month}/{d.day}/{d.year}" if d.day > 12 else f"{d.year}/{d.month}/{d.day}",
    "dots": lambda d: f"{d.day}.{d.month}.{d.year}",
}


@pytest.mark.parametrize("manner", MANNERS)
@given(day=DATES)
def test_a_formatted_date_is_found_again(manner: str, day: date) -> None:
    surface = MANNERS[manner](day)
    (record,) = find_times(f"They signed it on {surface} in Vienna.", PUBLISHED)
    assert record.text == surface
    assert (record.type, record.value, record.time_start, record.time_end) == (
        "DATE",
        day.isoformat(),
        day,
        day,
    )


@given(DATES)
def test_a_month_with_year_is_found_again(day: date) -> None:
    (record,) = find_times(f"Output fell in {MONTHS[day.month - 1]} {day.year}.", PUBLISHED)
    assert record.value == f"{day.year}-{day.month:02d}"
    assert record.time_start is not None
    assert record.time_end is not None
    assert record.time_start.day == 1
    assert record.time_start <= day <= record.time_end


FILLER = "The two sides spoke at length about the road.\n\nNobody else was there.\n\n"


@given(st.sampled_from(list(MANNERS)), DATES, st.integers(0, 3), st.integers(0, 3))
def test_unrelated_text_changes_nothing(manner: str, day: date, before: int, after: int) -> None:
    sentence = f"By {MANNERS[manner](day)} sales had risen for two years, 3 percent in the third quarter."
    alone = find_times(sentence, PUBLISHED)
    padded = find_times(FILLER * before + sentence + "\n\n" + FILLER * after, PUBLISHED)
    skip = len(FILLER) * before
    assert [(r.start + skip, r.end + skip, r.value, r.time_start) for r in alone] == [
        (r.start, r.end, r.value, r.time_start) for r in padded
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "1,",
        "1-",
        "1/",
        "1.",
        "1:",
        "2001-01-",
        "million ",
        "nineteen ",
        "one hundred and ",
        "year ",
        "'",
        "\n ",
        "the end of ",
    ],
    ids=repr,
)
def test_time_is_linear(unit: str) -> None:
    def text(size: int) -> str:
        return (unit * (size // len(unit) + 1))[:size]

    # 8 times the text; quadratic would be 64.
    assert_growth(20, text, lambda text: find_times(text, PUBLISHED), 100_000, 800_000)
