"""Rows of predictions: what is one, what is none, how probable, by when."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from claimtable.nlp import pipeline

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases" / "foretold.jsonl").read_text("utf-8").splitlines()
]

pytestmark = pytest.mark.pipeline


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_prediction_rows(case, nlp, make_document):
    document = make_document(case["text"], published=date.fromisoformat(case["published"]))
    (doc,) = pipeline.annotate([document], nlp)
    rows = [row for row in (c.to_dict() for c in doc._.claimtable_claims) if row["kind"] == "prediction"]
    assert len(rows) == len(case["expected"]), rows
    for row, expected in zip(rows, case["expected"], strict=True):
        assert {key: row[key] for key in expected} == expected
