"""Lines of `prediction_lines.tsv`: what each holds against a prediction, and its near miss, on stored parses."""

from __future__ import annotations

from datetime import date

import pytest
from tests.stored import doc_of

from claimtable.nlp.lines import marked
from claimtable.nlp.predictions import modals
from claimtable.nlp.times.find import find_times
from claimtable.nlp.tokens import Tokens

PUBLISHED = date(2014, 4, 15)


def _held_against(line, example):
    """Return the offsets of what the line finds at the anchor of the example, and what it should find."""
    told = marked(example)
    t = Tokens.of(doc_of("prediction_lines", told.text))
    event = t.at(told.anchor[0])
    kinds = sorted(line.kinds) or ["will"]
    found = modals.vetoes(t, event, kinds[0], find_times(told.text, PUBLISHED), PUBLISHED)
    return {(t.start[c.value], t.end[c.value]) for c in found if c.line == line.id}, set(told.expected)


@pytest.mark.parametrize("line", modals.lines().values(), ids=lambda line: line.id)
def test_line(line):
    found, expected = _held_against(line, line.example)
    assert expected <= found
    assert not _held_against(line, line.near_miss)[0]
