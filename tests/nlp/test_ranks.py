"""Ranks: an ordinal before a superlative, and whose it is."""

from __future__ import annotations

import pytest

from claimtable.nlp import pipeline

CASES = [
    ("Canada is the third largest exporter of wheat.", (3, "rank of Canada as largest exporter of wheat")),
    ("The port is Europe's fourth-busiest.", (4, "rank of port as Europe's busiest")),
    ("Lund, the 12th most populous town, lies in the south.", (12, "rank of Lund as most populous town")),
    (
        "The town has the second highest share of pensioners.",
        (2, "rank of town by highest share of pensioners"),
    ),
    ("Voters in the second largest city stayed at home.", None),
    ("It was her second best time.", None),
    ("The third exporter of wheat left.", None),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_a_rank_is_claimed_where_the_clause_says_whose_it_is(text, expected, nlp, make_document):
    (doc,) = pipeline.annotate([make_document(text)], nlp)
    found = [(c.value, c.subject) for c in doc._.claimtable_claims if c.unit == "rank"]
    assert found == ([] if expected is None else [expected])
