"""Labels that open a turn, by manner, and what looks like one; cases in tests/cases/turns.jsonl."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from claimtable.reading import read
from claimtable.reading.turns import find_turns
from claimtable.schema import Document, Section

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases" / "turns.jsonl").read_text("utf-8").splitlines()
]


def _read(case):
    text = case["text"]
    sections = (Section(0, len(text), "body"),)
    return read(
        Document(id="d", text=text, title=case.get("title"), author=case.get("author"), sections=sections)
    )


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_turns(case):
    document = _read(case).document
    found = find_turns(document.text, title=document.title, author=document.author)
    assert [[turn.label, turn.speaker] for turn in found] == case["expected"]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_labels_are_in_no_section(case):
    reading = _read(case)
    document = reading.document
    for turn in find_turns(document.text, title=document.title, author=document.author):
        assert document.section_at(turn.label_start) is None
        section = document.section_at(turn.start)
        assert section is not None and section.speaker == turn.speaker


def test_who_asks():
    text = "Wikinews: How many?\n\nSnow: I count 40.\n\nWikinews: And now?\n\nSnow: We count 12."
    assert [turn.asks for turn in find_turns(text)] == [True, False, True, False]
