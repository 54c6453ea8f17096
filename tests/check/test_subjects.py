from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtable.check.arithmetic import arithmetic
from claimtable.check.conflicts import conflicts
from claimtable.check.figures import figures
from claimtable.check.repeats import repeats
from claimtable.check.subjects import content_words, similar_pairs, similarity
from claimtable.schema import Claim


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Chile's lithium output", "the output of lithium in Chile", 1.0),
        ("exports to China", "export to Japan", 1 / 3),
        ("deliveries", "Delivery", 1.0),
        ("people", "a person", 1.0),
        ("the", "of", 0.0),
    ],
)
def test_similarity(one, other, expected):
    assert similarity(content_words(one), content_words(other)) == pytest.approx(expected)


@given(
    st.lists(st.frozensets(st.sampled_from("abcdefghijkl")), max_size=12)
    | st.lists(st.frozensets(st.sampled_from("abcdefghijkl"), min_size=8), max_size=12),
    st.sampled_from([0.5, 0.7, 0.8, 0.9, 1.0]),
)
def test_pairs_are_those_of_comparing_all(wordings, least):
    expected = [
        (i, j)
        for i, j in combinations(range(len(wordings)), 2)
        if similarity(wordings[i], wordings[j]) >= least
    ]
    assert sorted(similar_pairs(wordings, least)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$34 million", [(34e6, 0.5e6)]),
        ("1.09 billion", [(1.09e9, 0.005e9)]),
        ("SEK 4,127 million", [(4.127e9, 0.5e6)]),
        ("5.0 or 5", [(5.0, 0.05), (5.0, 0.5)]),
        ("200", [(200.0, 5.0)]),
        ("$3bn and 40k", [(3e9, 0.5e9), (40e3, 1e3)]),
        ("the G20, 12th, 1.2.3", []),
    ],
)
def test_figures(text, expected):
    found = [(figure.value, figure.half_width) for figure in figures(text)]
    assert [value for value, _ in found] == pytest.approx([value for value, _ in expected])
    assert [half for _, half in found] == pytest.approx([half for _, half in expected])


ROWS = st.builds(
    Claim,
    claim_id=st.text("abc", min_size=1, max_size=3),
    doc_id=st.sampled_from(["d1", "d2"]),
    kind=st.sampled_from(["quantitative", "prediction"]),
    text=st.text(),
    subject=st.none() | st.text(),
    predicate=st.none() | st.text(),
    bound=st.sampled_from(["=", "~", "<", "<=", ">", ">="]),
    value=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    unit=st.sampled_from([None, "%", "USD", "1"]),
    change=st.sampled_from([None, "up", "down", "flat"]),
    speaker=st.none() | st.text(),
    start=st.integers(0, 50),
    end=st.integers(0, 50),
)


@given(st.lists(ROWS, max_size=6))
def test_any_rows_go_through(claims):
    for check in (arithmetic, conflicts, repeats):
        for found in check(claims):
            assert found.reason and found.rows
            assert type(found).from_dict(found.to_dict()) == found
