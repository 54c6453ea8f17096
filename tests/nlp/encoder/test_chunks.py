import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtable.nlp.encoder.chunks import cut_chunks

CASES = [
    {"id": "empty", "words": "", "max": 5, "chunks": []},
    {"id": "fits", "words": "a b c .", "max": 5, "chunks": ["a b c ."]},
    {"id": "at sentence end", "words": "a b . c d e", "max": 5, "chunks": ["a b .", "c d e"]},
    {"id": "last sentence end", "words": "a . b . c d", "max": 5, "chunks": ["a . b .", "c d"]},
    {"id": "with closing quote", "words": "a b ! ” c d", "max": 5, "chunks": ["a b ! ”", "c d"]},
    {"id": "at comma", "words": "a b c , e f g", "max": 5, "chunks": ["a b c ,", "e f g"]},
    {"id": "early comma is not used", "words": "a , c d e f g", "max": 5, "chunks": ["a , c d e", "f g"]},
    {"id": "nowhere", "words": "a b c d e f g", "max": 3, "chunks": ["a b c", "d e f", "g"]},
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_cuts(case):
    words = case["words"].split()
    chunks = cut_chunks(words, [1] * len(words), case["max"])
    assert [" ".join(words[chunk.start : chunk.end]) for chunk in chunks] == case["chunks"]


def test_line_break_ends_a_sentence():
    words = ["a", "b", "\n\n", "c", "d"]
    assert [(c.start, c.end) for c in cut_chunks(words, [1, 1, 0, 1, 1], 3)] == [(0, 3), (3, 5)]


def test_a_token_over_the_limit_is_alone():
    assert [(c.start, c.end) for c in cut_chunks(["a", "b", "c"], [1, 9, 1], 4)] == [(0, 1), (1, 2), (2, 3)]


@given(
    st.lists(st.tuples(st.sampled_from(["a", ".", ",", "”", "\n"]), st.integers(0, 6)), max_size=80),
    st.integers(1, 20),
)
def test_windows_cover_all_in_order_within_the_limit(tokens, max_pieces):
    words, lengths = [word for word, _ in tokens], [length for _, length in tokens]
    chunks = cut_chunks(words, lengths, max_pieces)
    assert [index for chunk in chunks for index in range(chunk.start, chunk.end)] == list(range(len(words)))
    for chunk in chunks:
        assert sum(lengths[chunk.start : chunk.end]) <= max_pieces or chunk.end == chunk.start + 1
