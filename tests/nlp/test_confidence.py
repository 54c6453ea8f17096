"""How sure a row is: what it rests on, and whether its subject is known."""

from __future__ import annotations

import pytest

from claimtable.nlp.claims.confidence import AVERAGE, CONFIDENCE, confidence, origin


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("claims@1 quantity.money@1", "quantity"),
        ("claims@1", "quantity"),
        ("claims@1 prediction.modal.will@1", "modal.will"),
        ("claims@1 prediction.modal.would@1 quantity.money@1", "modal"),
        ("claims@1 prediction.scheduled.present@1", "scheduled"),
    ],
)
def test_origin(rules, expected):
    assert origin(rules) == expected
    assert expected in CONFIDENCE


def test_a_row_of_an_unknown_rule_is_as_sure_as_the_average():
    assert confidence("claims@1 prediction.crystal.ball@1", resolved=True) == AVERAGE


@pytest.mark.parametrize("name", CONFIDENCE)
def test_an_unresolved_subject_takes_confidence_off(name):
    rules = f"claims@1 prediction.{name}@1" if name != "quantity" else "claims@1"
    assert 0 < confidence(rules, resolved=False) < confidence(rules, resolved=True) == CONFIDENCE[name]
