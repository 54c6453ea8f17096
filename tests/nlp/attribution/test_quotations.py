"""Quotations that no reporting verb of the parse took up: every way to tell who said them, and short texts as a whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.stored import doc_of

from claimtable.nlp import pipeline
from claimtable.nlp.actors import Actors
from claimtable.nlp.actors.gazetteer import gazetteer
from claimtable.nlp.attribution import standing
from claimtable.nlp.attribution.layout import Layout
from claimtable.nlp.lines import marked

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "cases" / "quotations.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.pipeline
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_quotation(case, nlp, make_document):
    (doc,) = pipeline.annotate([make_document(case["text"], author="Rhea Author")], nlp)
    found = doc._.claimtable_attributions
    for expected in case["expected"]:
        assert any(_agrees(case["text"], a, expected) for a in found), found
    for absent in case.get("absent", ()):
        assert all(a.speaker != absent["speaker"] for a in found), found


def _agrees(text, a, expected):
    said = " ".join(text[s:e] for s, e in a.content)
    by = " ".join(text[s:e] for s, e in a.source)
    return (
        expected.get("contents~", "") in said
        and expected.get("sources~", "") in by
        and ("speaker" not in expected or a.speaker == expected["speaker"])
    )


def _proposed(line, example, make_document):
    """Return what the line proposes for the quotation at the anchor, as offsets; None where it proposes nothing."""
    told = marked(example)
    doc = doc_of("quotation_lines", told.text)
    doc._.claimtable_document = make_document(told.text)
    layout = Layout(Actors(gazetteer())(doc))
    quote = layout.quote[layout.t.at(told.anchor[0])]
    passage = standing.passage_of(layout, [layout.ranges[quote]])
    for source, _ in standing.GENERATORS[line.generator](doc, layout, passage):
        return told, layout.offsets(source or passage.parts)
    return told, None


@pytest.mark.parametrize("line", standing.lines().values(), ids=lambda line: line.id)
def test_line(line, make_document):
    told, found = _proposed(line, line.example, make_document)
    assert found is not None
    (want,) = told.expected
    assert any(start <= want[0] and want[1] <= end for start, end in found)
    assert _proposed(line, line.near_miss, make_document)[1] is None
