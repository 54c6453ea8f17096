"""Who speaks and who is meant, in rows: figures that somebody puts at a level, acts that are no speech, pronouns, owners in passing."""

from __future__ import annotations

import json
import math
from datetime import date
from pathlib import Path

import pytest

from claimtable.nlp import pipeline

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases" / "speakers.jsonl").read_text("utf-8").splitlines()
]

pytestmark = pytest.mark.pipeline


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case,
            marks=[pytest.mark.xfail(strict=True, reason=case["known_failure"])]
            if "known_failure" in case
            else [],
            id=case["id"],
        )
        for case in CASES
    ],
)
def test_speaker(case, nlp, make_document):
    document = make_document(case["text"], author="Rhea Author", published=date(2018, 5, 1))
    (doc,) = pipeline.annotate([document], nlp)
    rows = [claim.to_dict() for claim in doc._.claimtable_claims]
    for expected in case["expected"]:
        assert any(_holds(row, expected) for row in rows), rows
    for absent in case.get("absent", ()):
        assert not any(_holds(row, absent) for row in rows), rows


def _holds(row: dict[str, object], expected: dict[str, object]) -> bool:
    for key, wanted in expected.items():
        got = row[key.rstrip("~")]
        if key.endswith("~"):
            if str(wanted) not in str(got or ""):
                return False
        elif isinstance(wanted, int | float):
            if not isinstance(got, int | float) or not math.isclose(got, wanted):
                return False
        elif got != wanted:
            return False
    return True
