"""Denials, in the clause of a figure and above it, and statements of zero: the polarity and the speaker of rows."""

from __future__ import annotations

import json
import math
from datetime import date
from pathlib import Path

import pytest

from claimtable.nlp import pipeline

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases" / "polarity.jsonl").read_text("utf-8").splitlines()
]

pytestmark = pytest.mark.pipeline


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_polarity(case, nlp, make_document):
    document = make_document(case["text"], author="Rhea Author", published=date(2018, 5, 1))
    (doc,) = pipeline.annotate([document], nlp)
    rows = [claim.to_dict() for claim in doc._.claimtable_claims]
    for expected in case["expected"]:
        assert any(all(_is_same(row[k], v) for k, v in expected.items()) for row in rows), rows
    for absent in case.get("absent", ()):
        assert not any(all(_is_same(row[k], v) for k, v in absent.items()) for row in rows), rows


def _is_same(got: object, expected: object) -> bool:
    if isinstance(expected, int | float) and isinstance(got, int | float):
        return math.isclose(got, expected)
    return got == expected
