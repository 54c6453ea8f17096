"""Every line of `subject_lines` proposes in its example and is silent in its near miss, on stored parses."""

from __future__ import annotations

import pytest
from spacy.tokens import Doc
from tests.stored import annotated, doc_of

from claimtable.nlp.claims.subjects.chooser import CELL, subject_lines
from claimtable.nlp.claims.subjects.proposals import GENERATORS
from claimtable.nlp.claims.subjects.records import Subject
from claimtable.nlp.lines import Candidate, Marked, marked, tracing

LINES = subject_lines()


def proposals(example: str) -> tuple[Marked, Doc, list[Candidate[Subject]]]:
    """Returns the example without marks, its document, and what the lines propose for the figure in <>."""
    found = marked(example)
    with tracing() as trace:
        doc = annotated(doc_of("subject_lines", found.text))
    a, b = found.anchor
    figures = {
        part.start
        for q in doc._.claimtable_quantities
        for part in q.parts or (q,)
        if part.start < b and part.end > a
    }
    assert figures, f"no figure at <> in {example!r}"
    choices = [r.choice for r in trace.recorded if r.cell == CELL and r.at in figures]
    return found, doc, [c for choice in choices for c in (choice.winner, *choice.losers)]


@pytest.mark.parametrize("line", LINES.values(), ids=list(LINES))
def test_the_example_is_proposed(line):
    found, _, candidates = proposals(line.example)
    texts = [c.value.text or "" for c in candidates if c.line == line.id]
    assert texts, f"{line.id} proposes nothing; others: {[(c.line, c.value.text) for c in candidates]}"
    for start, end in found.expected:
        assert any(found.text[start:end].lower() in text.lower() for text in texts)


@pytest.mark.parametrize("line", LINES.values(), ids=list(LINES))
def test_the_near_miss_is_not_proposed(line):
    _, _, candidates = proposals(line.near_miss)
    assert line.id not in [c.line for c in candidates]


def test_every_generator_has_its_line():
    assert {line.generator for line in LINES.values()} - {""} == set(GENERATORS)


def test_every_row_names_the_line_of_each_cell():
    for line in LINES.values():
        _, doc, _ = proposals(line.example)
        for claim in doc._.claimtable_claims:
            cells = dict(part.split("=", 1) for part in claim.rule.split()[:-1])
            assert list(cells) == ["figure", "subject", "time", "speaker", "kind", "deadline"]
            assert (cells["subject"] == "none") <= (claim.subject is None)
