"""Who is meant: pronouns and noun phrases as speakers, on documents built by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from spacy.tokens import Doc

from claimtable.nlp import mentions
from claimtable.nlp.actors import Actors
from claimtable.nlp.actors.gazetteer import gazetteer
from claimtable.schema import Document, Section

Build = Callable[[str, list[list[Any]]], Doc]
CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "cases" / "actors_speakers.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_case(case: dict[str, Any], build: Build) -> None:
    doc = Actors(gazetteer())(build(case["tokens"], case["ents"]))
    first, last = case["phrase"]
    span = doc[first:last]
    assert mentions.canonical_speaker(doc, span.start_char, span.end_char) == tuple(case["expected"]), case[
        "note"
    ]


def test_first_person_is_the_section_speaker(build: Build) -> None:
    doc = build("I/PRON/nsubj/1 estimate/VERB/ROOT/1", [])
    doc._.claimtable_document = Document(
        "d", doc.text, sections=(Section(0, len(doc.text), "body", "Ann Lee"),)
    )
    Actors(gazetteer())(doc)
    assert mentions.canonical_speaker(doc, 0, 1) == ("Ann Lee", "author")


def test_actors_by_place(build: Build) -> None:
    doc = Actors(gazetteer())(build("France/PROPN and/CCONJ Japan/PROPN met/VERB France/PROPN", []))
    assert [a.name for a in mentions.actors_in(doc, 0, len(doc.text))] == ["France", "Japan"]
    assert mentions.actor_at(doc, 7, 10) is None
    japan = mentions.actor_at(doc, 10, 15)
    assert japan is not None
    assert (japan.name, japan.mentions) == ("Japan", ((11, 16),))
    assert [m.start for m in mentions.mentions_in(doc, 12, len(doc.text))] == [11, 21]
