"""What an answer on one claim is read as."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.review.people import CLAIMS, DOCUMENT
from tests.review.simulate import listed, read
from tests.review.test_kept import cell, choice

from claimtable.review.claim_tasks import make_claim_task, score

CLAIM = CLAIMS[0]


def answer(*items, claim=CLAIM, before=CLAIM):
    """Returns the reviews and problems of an answer on a claim."""
    task = make_claim_task(DOCUMENT, claim, before, extractor="v1")
    ((submission,), problems) = read(listed(task, results=[[*task.result, *items]]), DOCUMENT)
    return submission.reviews, problems


def test_silence_judges_nothing():
    assert answer() == ((), [])
    # Cells that come back as they were sent say nothing.
    assert answer(cell("value", "34000000"), cell("unit", "USD")) == ((), [])


def test_a_verdict_without_a_word_is_kept_and_judges_nothing():
    ((review,), _) = answer(choice("verdict", "refuted"))
    assert (review.decision, review.verdict, review.fields) == ("unsure", "refuted", {})


@pytest.mark.parametrize(
    ("name", "words", "fields"),
    [
        ("value", "35 million", {"value": 35e6}),
        ("value", "30,000,000 – 40,000,000", {"value": None, "value_low": 3e7, "value_high": 4e7}),
        ("time", "2018", {"time_start": "2018-01-01", "time_end": "2018-12-31"}),
        ("time", "2018-02 – 2018-03", {"time_start": "2018-02-01", "time_end": "2018-03-31"}),
        ("deadline", "2030", {"deadline": "2030-12-31"}),
        ("bound", "at least", {"bound": ">="}),
        ("unit", "-", {"unit": None}),
    ],
)
def test_a_cell_that_was_changed(name, words, fields):
    ((review,), problems) = answer(cell(name, words), choice("decision", "right"))
    assert (review.decision, review.fields, problems) == ("corrected", fields, [])


@pytest.mark.parametrize(
    ("name", "words"), [("value", "a dozen"), ("kind", "opinion"), ("time", "soon"), ("kind", "-")]
)
def test_a_cell_that_is_none_is_said_and_stays(name, words):
    ((review,), problems) = answer(cell(name, words), choice("decision", "right"))
    assert (review.decision, review.fields) == ("accepted", {})
    assert name in str(problems[0])


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("worth", "worthy sure doubtful"),
        ("uncertain", "doubtful worthy sure"),
        ("mixed", "worthy doubtful sure"),
    ],
)
def test_which_claims_come_first(order, expected):
    """The most check-worthy, the least sure, or both counted alike; Label Studio serves the lowest score first."""
    rows = {
        "worthy": replace(CLAIM, check_worthiness=0.9, confidence=0.6),
        "sure": replace(CLAIM, check_worthiness=0.4, confidence=0.9),
        "doubtful": replace(CLAIM, check_worthiness=0.2, confidence=0.3),
    }
    assert " ".join(sorted(rows, key=lambda name: score(rows[name], order))) == expected


def test_what_is_not_known_comes_last():
    unknown = replace(CLAIM, check_worthiness=None, confidence=None)
    assert {score(unknown, order) for order in ("worth", "uncertain", "mixed")} == {1.0}
