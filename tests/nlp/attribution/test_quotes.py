from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.timing import assert_growth

from claimtable.nlp.attribution.quotes import MAX_DEPTH, find_quotes

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "cases/attribution_quotes.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
MARKS = st.text(alphabet="ab “”\"'‘’„«»\n.,`", max_size=80)


@pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])
def test_outer_passages(case: dict) -> None:
    found = [case["text"][q.start : q.end] for q in find_quotes(case["text"]) if q.depth == 0]
    assert found == case["expected"], case["note"]


def test_a_repeated_opening_mark_goes_on() -> None:
    text = "“Prices fell.\n“Rents rose,” he said."
    first, second = find_quotes(text)
    assert not first.closed
    assert second.closed and second.continued


def test_inner_passages_have_their_depth() -> None:
    text = "“He said ‘no’ to me.”"
    assert [(text[q.start : q.end], q.depth) for q in find_quotes(text)] == [(text, 0), ("‘no’", 1)]


@given(MARKS | st.text(max_size=80))
def test_any_text_gives_ordered_passages_inside_one_line(text: str) -> None:
    quotes = find_quotes(text)
    for q in quotes:
        assert 0 <= q.start < q.end <= len(text)
        assert "\n" not in text[q.start : q.end]
        assert 0 <= q.depth < MAX_DEPTH
    outer = [q for q in quotes if q.depth == 0]
    assert all(a.end <= b.start for a, b in pairwise(outer))


@pytest.mark.parametrize("mark", ["“", "“‘", "\" '", "«„"])
def test_many_marks_take_linear_time(mark: str) -> None:
    assert_growth(30, lambda n: (mark + "a ") * n, find_quotes, 4_000, 40_000)
