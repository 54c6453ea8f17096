"""`quantity_exclusions.tsv`: every line takes its example, leaves its near miss, and is the one that decides."""

from __future__ import annotations

import pytest

from claimtable import rules
from claimtable.nlp.quantities import exclusions, find_quantities

ROWS = rules.table("quantity_exclusions", "stage", "seed", "example", "near_miss", "source")
IDS = [row["id"] for row in ROWS]


def found(text: str) -> list[str]:
    return [q.text for q in find_quantities(text)]


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_the_example_holds_no_quantity(row):
    assert found(row["example"]) == []


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_the_near_miss_holds_one(row):
    assert found(row["near_miss"])


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_a_line_that_decides_nothing_goes(row, monkeypatch):
    every = exclusions.lines
    monkeypatch.setattr(
        exclusions,
        "lines",
        lambda stage, seed: tuple(line for line in every(stage, seed) if line.id != row["id"]),
    )
    assert found(row["example"])
