from dataclasses import replace

import pytest

from claimtable.check.outcomes import verdict_of_value
from claimtable.check.scores import scores
from claimtable.errors import CheckError
from claimtable.schema import Claim

TRADE = Claim(
    claim_id="c",
    kind="prediction",
    text="Trade will reach $1.5 billion by 2025",
    bound="=",
    value=1.5e9,
    unit="USD",
    dimension="money",
)


@pytest.mark.parametrize(
    ("changes", "value", "verdict"),
    [
        ({}, 1.52e9, "supported"),
        ({}, 1.6e9, "refuted"),
        ({"bound": ">="}, 9e9, "supported"),
        ({"bound": ">"}, 1.5e9, "refuted"),
        ({"bound": "<="}, 1.4e9, "supported"),
        ({"bound": "~"}, 1.6e9, "supported"),
        ({"bound": ">", "polarity": "negated"}, 1.4e9, "supported"),
        ({"bound": ">", "probability_low": 0.2, "probability_high": 0.45}, 1.4e9, "supported"),
        ({"bound": ">", "probability_low": 0.55, "probability_high": 0.8}, 1.4e9, "refuted"),
        ({"value": None, "value_low": 1e9, "value_high": 2e9}, 1.2e9, "supported"),
        ({"value": None, "value_low": 1e9, "value_high": 2e9}, 2.2e9, "refuted"),
    ],
)
def test_a_value_decides(changes, value, verdict):
    assert verdict_of_value(replace(TRADE, **changes), value) == verdict


def test_a_value_decides_nothing_where_none_was_predicted():
    with pytest.raises(CheckError, match="claim c predicts no value: say true or false"):
        verdict_of_value(replace(TRADE, value=None), 1.0)


def said(verdict, low=None, high=None, speaker="Ann", **changes):
    return replace(
        TRADE, verdict=verdict, probability_low=low, probability_high=high, speaker=speaker, **changes
    )


def test_scores():
    claims = [
        said("supported", 0.8, 0.95),
        said("refuted", 0.55, 0.8),
        # Called unlikely, and it did not happen: right, and the probability 0.325 is of what did not.
        said("supported", 0.2, 0.45),
        said("refuted"),
        said("mixed", 0.8, 0.95),
        said("supported", 0.8, 0.95, speaker="Bo"),
        said("supported", 0.8, 0.95, status="rejected"),
        said("supported", 0.8, 0.95, kind="quantitative"),
        said(None, 0.8, 0.95),
    ]
    (ann,) = scores(claims, minimum=3)
    assert (ann.speaker, ann.resolved, ann.came_true, ann.share) == ("Ann", 4, 2, 0.5)
    assert (ann.with_probability, ann.undecided) == (3, 1)
    assert ann.brier == pytest.approx((0.125**2 + 0.675**2 + 0.325**2) / 3)


def test_scores_keep_silent_on_few():
    assert scores([said("supported", 0.8, 0.95)] * 4) == []
    (ann,) = scores([said("supported", 0.8, 0.95)] * 4 + [said("supported")])
    assert ann.resolved == 5 and ann.brier is None
