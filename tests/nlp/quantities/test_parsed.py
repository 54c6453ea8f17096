"""What the parse adds to the quantities of the words alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.pipeline


def found(nlp, text):
    return [(q.text, q.value, q.change, q.unit) for q in nlp(text)._.claimtable_quantities]


@pytest.mark.parametrize(
    "text",
    [
        "You get one that's filled out.",
        "When one criticises a minister, it is noted.",
        "As one who believes in it, I agree.",
        "In week 2 they left.",
        "Proposition three B passed.",
        "He died there (1821).",
        "(16)Extension of crop insurance.",
        "NACE Rev. 2 is used.",
    ],
)
def test_what_counts_nothing_is_no_quantity(nlp, text):
    assert not found(nlp, text)


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("There is one of them.", ("one", 1.0, None, None)),
        ("They took 2 weeks.", ("2 weeks", 2.0, None, "wk")),
        ("He met the 300 richest.", ("300", 300.0, None, None)),
        ("It was above the 20 registered in March.", ("20", 20.0, None, None)),
        ("The 10 largest firms left.", ("10 largest firms", 10.0, None, "firm")),
        ("They had ten great years.", ("ten great years", 10.0, None, "a")),
        ("They want loans for 45 and 50 years.", ("45", 45.0, None, "a")),
        ("He left when he was 17.", ("17", 17.0, None, "a")),
        ("He was 17 per cent richer.", ("17 per cent", 17.0, None, "%")),
        ("It has cost us $1 billion.", ("$1 billion", 1e9, None, "USD")),
        ("People aged over 70 are safe.", ("over 70", 70.0, None, "a")),
        ("Four hypotheses failed.", ("Four hypotheses", 4.0, None, "hypothesis")),
    ],
)
def test_a_quantity_counts_what_the_tree_says(nlp, text, quantity):
    assert found(nlp, text)[0] == quantity


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("They decided to cut €8 from the income.", ("€8", 8.0, "down", "EUR")),
        ("It will be reduced by an average of 4%.", ("4%", 4.0, "down", "%")),
        ("It has dropped ten places.", ("ten places", 10.0, "down", "place")),
        ("They cut €8 cheques.", ("€8", 8.0, None, "EUR")),
        ("It has dropped ten bombs.", ("ten bombs", 10.0, None, "bomb")),
    ],
)
def test_the_amount_of_a_movement_has_its_direction(nlp, text, quantity):
    assert found(nlp, text)[0] == quantity


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("It paid €5 million. Ten million of our people are poor.", ["EUR", "person"]),
        ("It paid €5 million. The number of people at work, 2.1 million, fell.", ["EUR", None]),
        ("It paid €5 million, and a profit of 2.1 million was made.", ["EUR", "EUR"]),
    ],
)
def test_a_bare_million_is_money_where_no_people_are_near(nlp, text, units):
    assert [q.unit for q in nlp(text)._.claimtable_quantities] == units


CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "cases" / "quantities_parsed.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_kinds_of_fault_stay_mended(nlp, case):
    """A case: text, and span, value or ends of a range, unit, bound and direction of each quantity in text order."""
    got = [
        [
            q.text,
            q.value if q.value is not None else [q.value_low, q.value_high],
            q.unit,
            q.bound,
            q.direction or q.change,
        ]
        for whole in nlp(case["text"])._.claimtable_quantities
        for q in whole.parts or (whole,)
    ]
    assert got == case["expected"]
