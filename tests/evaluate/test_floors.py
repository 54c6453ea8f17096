"""Scores on gold do not fall below the floors."""

import importlib.util
import sys
from pathlib import Path

import pytest

spec = importlib.util.spec_from_file_location("floors", Path(__file__).with_name("floors.py"))
floors = importlib.util.module_from_spec(spec)
sys.modules["floors"] = floors
spec.loader.exec_module(floors)

ENTRIES = floors.load()


def listed():
    for floor_set in floors.SETS:
        marks = [pytest.mark.pipeline, *([pytest.mark.shared] if floor_set.shared else [])]
        if any(entry["set"] == floor_set.path for entry in ENTRIES):
            yield pytest.param(floor_set, marks=marks, id=floor_set.path)


@pytest.mark.parametrize("floor_set", list(listed()))
def test_floors(floor_set, nlp, request):
    shared = request.getfixturevalue("shared_dir") if floor_set.shared else None
    entries = {entry["task"]: entry for entry in ENTRIES if entry["set"] == floor_set.path}
    below = []
    for gold, now in floors.figures(floor_set, nlp, shared):
        entry = entries.pop(gold.task)
        if entry["gold_sha256"] != gold.sha256:
            pytest.fail(f"the gold of {floor_set.path} has changed: run make floors LOWER=1")
        for name, floor in entry["floors"].items():
            if now.get(name, 0.0) < floor:
                below.append(f"{gold.task} {name}: {now.get(name)} is below {floor}")
    assert not below
    assert not entries, "a gold file is gone"


def test_all_own_gold_has_floors():
    for floor_set in floors.SETS:
        if not floor_set.shared:
            for gold in floor_set.find(None):
                assert any(e["set"] == floor_set.path and e["task"] == gold.task for e in ENTRIES), (
                    f"{floor_set.path} has no floors for {gold.task}: run make floors"
                )
