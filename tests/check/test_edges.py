"""The edges of the checks: on which side of a day, a figure or a share a finding begins."""

from dataclasses import replace
from datetime import date

import pytest

from claimtable.check.conflicts import conflicts
from claimtable.check.due import due_predictions
from claimtable.check.figures import interval_of
from claimtable.check.outcomes import Outcome, resolution
from claimtable.check.repeats import repeats
from claimtable.schema import Claim, Document


def said(claim_id, doc_id, text, **fields):
    return Claim(
        claim_id=claim_id, doc_id=doc_id, text=text, kind=fields.pop("kind", "quantitative"), **fields
    )


@pytest.mark.parametrize(
    ("published", "deadline", "today", "due"),
    [
        ("2014-01-01", "2020-12-31", "2021-01-01", True),
        ("2014-01-01", "2020-12-31", "2020-12-31", False),
        ("2020-12-30", "2020-12-31", "2021-01-01", True),
        ("2020-12-31", "2020-12-31", "2021-01-01", False),
        (None, "2020-12-31", "2021-01-01", True),
    ],
)
def test_a_prediction_is_due_on_the_day_after_its_last_if_it_was_ahead(published, deadline, today, due):
    claim = said(
        "a", "d", "trade will reach $1 billion by 2020", kind="prediction", deadline=date.fromisoformat(deadline),
        published=published and date.fromisoformat(published),
    )  # fmt: skip
    assert bool(list(due_predictions([claim], date.fromisoformat(today)))) == due


WORDS = "The harbour of Riga handled {} million tonnes of grain and timber in the year 2013"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (WORDS.format(12), WORDS.format(12), True),
        (WORDS.format(12), WORDS.format(13), False),
        (WORDS.format(12), WORDS.format(12) + " and 3 more", False),
        (WORDS.format(12), WORDS.format(12).replace("handled", "did not handle"), False),
    ],
)
def test_a_repeat_has_the_same_figures_and_is_no_denial(one, other, same):
    rows = [
        said(str(k), f"d{k}", text, value=12e6, unit="t", bound="=") for k, text in enumerate((one, other))
    ]
    assert bool(list(repeats(rows))) == same


def test_a_repeat_is_of_two_documents():
    rows = [said(str(k), "d", WORDS.format(12), value=12e6, unit="t", bound="=") for k in range(2)]
    assert list(repeats(rows)) == []


@pytest.mark.parametrize(
    ("values", "bounds", "found"),
    [
        ((100.4, 100.6), "==", True),
        ((1002.0, 1001.6), "==", False),
        ((500.0, 700.0), "==", True),
        ((500.0, 700.0), ">=", False),
        ((500.0, 700.0), "<=", True),
        ((500.0, 540.0), "~=", False),
    ],
)
def test_values_conflict_where_their_roundings_and_bounds_leave_nothing(values, bounds, found):
    rows = [
        said(
            str(k), f"d{k}", f"Trade between Russia and Korea was worth {value:g} tonnes in 2018", subject="trade between Russia and Korea",
            value=value, unit="t", bound=bound, time_text="2018", time_start=date(2018, 1, 1), time_end=date(2018, 12, 31),
        )
        for k, (value, bound) in enumerate(zip(values, bounds, strict=True))
    ]  # fmt: skip
    assert bool(list(conflicts(rows))) == found


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (
            "net income of the shareholders of Norrvik Pumps",
            "adjusted net income of the shareholders of Norrvik Pumps",
            False,
        ),
        ("inflation in the euro area of Europe", "core inflation in the euro area of Europe", False),
        ("income of men in the towns of Wales", "income of women in the towns of Wales", False),
        ("adjusted net income of Norrvik Pumps", "Norrvik Pumps's adjusted net income", True),
    ],
)
def test_what_is_adjusted_is_another_thing(one, other, found):
    rows = [
        said(
            str(k), f"d{k}", f"{subject} was {value:g} tonnes in 2018", subject=subject, value=value, unit="t", bound="=",
            time_text="2018", time_start=date(2018, 1, 1), time_end=date(2018, 12, 31),
        )
        for k, (subject, value) in enumerate([(one, 500.0), (other, 700.0)])
    ]  # fmt: skip
    assert bool(list(conflicts(rows))) == found


INF = float("inf")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"value_low": 5.0, "value_high": None}, (4.875, INF)),
        ({"value_low": None, "value_high": 5.0}, (-INF, 5.125)),
        ({"value_low": 5.0, "value_high": 8.0}, (4.875, 8.2)),
        ({"value": 5.0, "bound": "<="}, (-INF, 5.125)),
        ({"value": 5.0, "bound": ">"}, (4.875, INF)),
        ({"value": 5.0, "bound": "~"}, (4.5, 5.5)),
        ({}, None),
    ],
)
def test_what_a_value_can_be(fields, expected):
    """Written in words, so that a fortieth is its rounding."""
    found = interval_of(Claim(text="a few of them", bound=fields.pop("bound", "="), **fields))
    assert found == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("extracted", "shown", "decision"),
    [
        (Claim(claim_id="c", value=5.0, end=3), {}, "accepted"),
        (Claim(claim_id="c", value=5.0, end=3), {"value": 6.0}, "corrected"),
        (Claim(claim_id="c", value=5.0, end=3), {"end": 4}, "corrected"),
        (None, {}, "added"),
    ],
)
def test_an_outcome_takes_along_what_was_corrected(extracted, shown, decision):
    row = replace(extracted or Claim(claim_id="c", value=5.0, end=3), **shown)
    document = Document(id="d", text="abcdefg")
    outcome = Outcome("supported", "ann", "2020-01-01T00:00:00+00:00")
    (review,) = resolution(row, extracted, document, outcome).reviews
    assert (review.decision, review.verdict) == (decision, "supported")
