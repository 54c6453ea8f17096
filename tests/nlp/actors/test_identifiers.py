"""Who is meant by a name: items of Wikidata, codes, one id for one actor. How much of GUM's entities it knows."""

import re

import pytest

from claimtable import rules
from claimtable.nlp.actors.identifiers import identity


@pytest.mark.parametrize(
    ("type_", "names", "item", "code"),
    [
        ("ORG", ["Fed"], "Q53536", None),
        ("ORG", ["Federal Reserve", "the Fed"], "Q53536", None),
        ("ORG", ["U.S. Federal Reserve"], "Q53536", None),
        ("GPE", ["Turkey"], "Q43", "TR"),
        ("ORG", ["Apple"], "Q312", "AAPL"),
        ("ORG", ["Apple Inc."], "Q312", "AAPL"),
        ("ORG", ["European Union", "EU"], "Q458", None),
        ("GPE", ["Paris"], "Q90", None),
    ],
)
def test_known(type_, names, item, code):
    one = identity(type_, names)
    assert one is not None and (one.wikidata, one.code) == (item, code)


@pytest.mark.parametrize(
    ("type_", "names"),
    [
        ("ORG", ["Federal Reserve Bank of New York"]),
        ("PERSON", ["Ford"]),
        ("GPE", ["Apple"]),
        ("ORG", ["Fed", "European Central Bank"]),
        ("ORG", ["Ministry of Trade"]),
    ],
)
def test_nobody_known_or_two(type_, names):
    assert identity(type_, names) is None


def test_items_and_codes_are_well_formed_and_an_item_is_one_actor():
    rows = (*rules.table("identifier_additions", "name"), *rules.table("identifiers", "name"))
    assert all(re.fullmatch(r"(Q\d+)?", row["wikidata"]) for row in rows)
    assert all(row["wikidata"] or row["code"] for row in rows)
    hand = [row["wikidata"] for row in rules.table("identifier_additions", "name")]
    assert len(hand) == len(set(hand))
    states = [row for row in rules.table("identifiers", "name") if row["type"] == "GPE"]
    assert sum(bool(row["wikidata"]) for row in states) == len(states)
