"""Actors on documents built by hand: what the model said is given, so every rule is tested on its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from spacy.tokens import Doc

from claimtable.nlp.actors import Actors
from claimtable.nlp.actors.definitions import is_abbreviation
from claimtable.nlp.actors.gazetteer import gazetteer
from claimtable.schema import Document, Section

Build = Callable[[str, list[list[Any]]], Doc]
CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "cases" / "actors.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]


@pytest.fixture(scope="module")
def component() -> Actors:
    return Actors(gazetteer())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_case(case: dict[str, Any], component: Actors, build: Build) -> None:
    doc = component(build(case["tokens"], case["ents"]))
    found = [[a.name, a.type, sorted(a.aliases)] for a in doc._.claimtable_actors]
    assert sorted(found) == sorted([n, t, sorted(a)] for n, t, a in case["actors"]), case["note"]
    if "acting" in case:
        assert [
            m.text for m in doc._.claimtable_actor_mentions if m.acting and m.text not in ("Russia",)
        ] == case["acting"]
    if "entities" in case:
        assert [[e.text, e.label_] for e in doc.ents] == case["entities"]


def test_ids_agree_across_documents(component: Actors, build: Build) -> None:
    one = component(build("DPRK/PROPN acts/VERB", []))._.claimtable_actors
    other = component(build("the/DET North/PROPN Korea/PROPN", []))._.claimtable_actors
    assert one[0].actor_id == other[0].actor_id == "gpe-north-korea-" + one[0].actor_id[-8:]


def test_page_furniture_has_no_actors_but_speakers_do(component: Actors, build: Build) -> None:
    doc = build("France/PROPN spoke/VERB . Twitter/PROPN in/ADP Japan/PROPN", [[3, 4, "ORG"]])
    sections = (Section(0, 14, "body", speaker="Ann Lee"), Section(14, 15, "comment", speaker="Sarah"))
    doc._.claimtable_document = Document("d1", doc.text, author="Ann Lee and Bob Ray", sections=sections)
    actors = component(doc)._.claimtable_actors
    assert sorted((a.name, a.type) for a in actors) == [
        ("Ann Lee", "PERSON"),
        ("Bob Ray", "PERSON"),
        ("France", "GPE"),
        ("Sarah", "PERSON"),
    ]
    assert all(a.documents == ("d1",) for a in actors)
    assert [e.text for e in doc.ents] == ["France", "Twitter", "Japan"]


def test_mentions_slice_back_and_belong_to_an_actor(component: Actors, build: Build) -> None:
    for case in CASES:
        doc = component(build(case["tokens"], case["ents"]))
        ids = {a.actor_id for a in doc._.claimtable_actors}
        for m in doc._.claimtable_actor_mentions:
            assert doc.text[m.start : m.end] == m.text
            assert m.actor_id in ids
        for a in doc._.claimtable_actors:
            assert list(a.mentions) == sorted(a.mentions)
            assert len(set(a.aliases)) == len(a.aliases)


def test_the_layer_has_no_author_whom_the_text_does_not_name(component: Actors, build: Build) -> None:
    from claimtable.nlp.layers import LAYERS

    doc = build("France/PROPN spoke/VERB to/ADP Ann/PROPN Lee/PROPN", [[3, 5, "PERSON"]])
    sections = (Section(0, len(doc.text), "body"),)
    doc._.claimtable_document = Document("d1", doc.text, author="Ann Lee and Bob Ray", sections=sections)
    rows = LAYERS["actors"].rows(component(doc))
    assert sorted(row["name"] for row in rows) == ["Ann Lee", "France"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [("EU", True), ("WHO", True), ("NGOs", True), ("G20", False), ("ABCDEFG", True), ("ABCDEFGH", False),
     ("A", False), ("Ab", False), ("ABcd", False), ("ABc", True), ("A-B", False), ("Us", False)],
)  # fmt: skip
def test_abbreviations_are_two_to_seven_letters_most_of_them_capitals(word: str, expected: bool) -> None:
    assert is_abbreviation(word) is expected
