"""Confidence: a probability of what is known of a row; what is open takes some off."""

from __future__ import annotations

from dataclasses import replace

from claimtable.nlp.claims.confidence import BIAS, Evidence, values, weights
from claimtable.nlp.claims.confidence import confidence as confidence_of

SURE = Evidence(
    cells={"figure": "digits", "subject": "of-noun", "time": "clause", "speaker": "author", "kind": "quantitative"},
    resolved=True, named=True, margin=9.0, figures=1, tokens=12, section="body", dated=True, byline=True,
    finished=True, lines=0.0,
)  # fmt: skip


def confidence(evidence, added=None):
    return confidence_of(dict(values(evidence)), added or {})


def test_it_is_a_probability():
    assert 0.5 < confidence(SURE) < 1


def test_what_is_open_takes_confidence_off():
    assert confidence(replace(SURE, named=False, resolved=False)) < confidence(SURE)
    assert confidence(replace(SURE, margin=0.0)) < confidence(SURE)


def test_what_reviews_taught_is_added():
    assert confidence(SURE, {BIAS: 1.0}) > confidence(SURE) > confidence(SURE, {"subject of-noun": -1.0})


def test_a_line_that_was_never_weighed_says_nothing():
    odd = replace(SURE, cells={**SURE.cells, "subject": "crystal-ball"})
    assert 0 < confidence(odd) < 1


def test_every_feature_is_known_by_a_name():
    names = [name for name, _ in values(replace(SURE, resolved=False, named=False, finished=False))]
    assert len(names) == len(set(names)) and BIAS in names
    assert BIAS in weights()
