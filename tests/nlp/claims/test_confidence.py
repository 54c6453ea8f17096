"""How sure a row is: what it rests on, and whether its subject is known."""

from __future__ import annotations

import pytest

from claimtable.nlp.claims.confidence import AVERAGE, CONFIDENCE, confidence, origin


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("figure=money kind=quantitative claims@0", "quantity"),
        ("", "quantity"),
        ("kind=modal.will claims@0", "modal.will"),
        ("figure=money kind=modal.would claims@0", "modal"),
        ("kind=scheduled.present claims@0", "scheduled"),
    ],
)
def test_origin(rules, expected):
    assert origin(rules) == expected
    assert expected in CONFIDENCE


def test_a_row_of_an_unknown_rule_is_as_sure_as_the_average():
    assert confidence("kind=crystal.ball", resolved=True) == AVERAGE


@pytest.mark.parametrize("name", CONFIDENCE)
def test_an_unresolved_subject_takes_confidence_off(name):
    rules = f"kind={name}" if name != "quantity" else "kind=quantitative"
    assert 0 < confidence(rules, resolved=False) < confidence(rules, resolved=True) == CONFIDENCE[name]
