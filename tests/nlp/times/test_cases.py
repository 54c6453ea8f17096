"""The cases of tests/cases/times*.jsonl: what is found in a text, with value and days, and what is not."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from claimtable.nlp.times import find_times

CASES = Path(__file__).parents[2] / "cases"
FIELDS = (
    "text",
    "type",
    "value",
    "mod",
    "time_start",
    "time_end",
    "preposition",
    "range_start",
    "range_end",
)


def _cases() -> list[Any]:
    rows = [
        json.loads(line)
        for path in sorted(CASES.glob("times*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    assert len({row["id"] for row in rows}) == len(rows), "an id occurs twice"
    return [pytest.param(row, id=row["id"]) for row in rows]


@pytest.mark.parametrize("case", _cases())
def test_case(case: dict[str, Any]) -> None:
    published = date.fromisoformat(case["published"]) if case.get("published") else None
    found = [record.to_dict() for record in find_times(case["text"], published)]
    assert [record["text"] for record in found] == [expected["text"] for expected in case["expected"]]
    for record, expected in zip(found, case["expected"], strict=True):
        unknown = set(expected) - set(FIELDS)
        assert not unknown
        assert {name: record[name] for name in expected} == expected
