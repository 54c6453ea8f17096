"""Predictions, sentence by sentence: what counts, what does not, and with which particulars."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimtable.errors import RuleError
from claimtable.nlp import pipeline
from claimtable.nlp.predictions import Predictions

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases" / "predictions.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]

pytestmark = pytest.mark.pipeline


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_prediction(case, nlp, make_document):
    published = {"published": date.fromisoformat(case["published"])} if "published" in case else {}
    (doc,) = pipeline.annotate([make_document(case["text"], **published)], nlp)
    found = [p.to_dict() for p in doc._.claimtable_predictions]
    assert len(found) == len(case["expected"]), found
    for prediction, expected in zip(found, case["expected"], strict=True):
        assert {key: prediction[key] for key in expected} == expected


def test_the_other_scale_gives_its_own_figures(nlp, make_document):
    (doc,) = pipeline.annotate([make_document("Prices are likely to rise.")], nlp)
    Predictions(scale="ipcc_ar5")(doc)
    (prediction,) = doc._.claimtable_predictions
    assert (prediction.probability_low, prediction.probability_high, prediction.scale) == (
        0.66,
        1.0,
        "ipcc_ar5",
    )


def test_an_unknown_scale_is_refused():
    with pytest.raises(RuleError, match="no scale"):
        Predictions(scale="tarot")


WORDS = st.sampled_from(
    [
        "will",
        "may",
        "the",
        "target",
        "of",
        "$5",
        "by",
        "2020",
        "If",
        "it",
        "is",
        "likely",
        "to",
        "rise",
        ",",
        ".",
        '"',
        "”",
        "(",
        ")",
        "and",
        "unless",
        "he",
        "said",
        "that",
        "prices",
        "3",
        "%",
        "\n",
        "would",
        "have",
        "been",
        "expected",
    ]
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(WORDS, max_size=40))
def test_any_text_passes_and_offsets_slice_back(words, nlp, make_document):
    text = " ".join(words)
    (doc,) = pipeline.annotate([make_document(text)], nlp)
    for p in doc._.claimtable_predictions:
        assert 0 <= p.start < p.end <= len(text)
        assert text[p.start : p.end] == p.text
        assert p.start <= p.event_start < p.end
    for c in doc._.claimtable_claims:
        assert text[c.start : c.end] == c.text
        assert c.check_worthiness is not None and 0 <= c.check_worthiness <= 1
