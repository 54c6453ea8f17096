"""Trees and names: what the quick way gives is what a search over everything gives."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimtable.nlp.network.decode import Names, spanning_tree, trees

LABELS = ("B-LOC", "B-ORG", "I-LOC", "I-ORG", "L-LOC", "L-ORG", "O", "U-LOC", "U-ORG")
SEEDS = st.integers(0, 2**32 - 1)


def is_tree(heads):
    if (heads == 0).sum() != 1:
        return False
    for word in range(1, len(heads) + 1):
        steps = 0
        while word:
            word, steps = heads[word - 1], steps + 1
            if steps > len(heads):
                return False
    return True


@settings(deadline=None, max_examples=60)
@given(SEEDS, st.integers(1, 4))
def test_the_tree_is_the_best_of_all_trees(seed, n):
    scores = np.random.default_rng(seed).normal(size=(n, n + 1))
    every = [np.array(h) for h in product(range(n + 1), repeat=n)]
    best = max(scores[np.arange(n), h].sum() for h in every if is_tree(h))
    found = spanning_tree(scores)
    assert is_tree(found)
    # Three words are tried as the root.
    assert n > 3 or np.isclose(scores[np.arange(n), found].sum(), best)


@settings(deadline=None, max_examples=60)
@given(SEEDS, st.lists(st.integers(1, 8), min_size=1, max_size=5))
def test_each_sentence_of_a_window_is_one_tree(seed, lengths):
    sentence = np.repeat(np.arange(len(lengths)), lengths)
    scores = np.random.default_rng(seed).normal(size=(len(sentence), len(sentence) + 1))
    inside = sentence[:, None] == sentence[None, :]
    np.fill_diagonal(inside, False)
    scores[:, 1:][~inside] = -1e4
    heads = trees(scores, scores.argmax(axis=1), sentence)
    for k, start in enumerate(np.cumsum([0, *lengths[:-1]]).tolist()):
        own = heads[sentence == k]
        assert is_tree(np.where(own > 0, own - start, 0))


def test_a_tree_stays_as_it_is():
    heads = np.array([2, 0, 2, 0, 4])
    assert trees(np.zeros((5, 6)), heads, np.array([0, 0, 0, 1, 1])) is heads


def test_a_long_circle_is_opened():
    n = 120
    scores = np.full((n, n + 1), -5.0)
    scores[np.arange(n), (np.arange(n) + 1) % n + 1] = 1.0
    found = trees(scores, scores.argmax(axis=1), np.zeros(n, dtype=np.int64))
    assert is_tree(found)
    assert (found == scores.argmax(axis=1)).sum() == n - 1


def whole(labels, sentence):
    """Whether names begin and end, each in its sentence."""
    inside = None
    for k, label in enumerate(labels):
        new = k == 0 or sentence[k] != sentence[k - 1]
        if inside and (new or label[0] not in "IL" or label[2:] != inside):
            return False
        if not inside and label[0] not in "OBU":
            return False
        inside = label[2:] if label[0] in "BI" else None
    return not inside


@settings(deadline=None, max_examples=60)
@given(SEEDS, st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_names_are_whole_and_the_best(seed, lengths):
    sentence = np.repeat(np.arange(len(lengths)), lengths)
    scores = np.random.default_rng(seed).normal(size=(len(sentence), len(LABELS)))
    found = Names.of(LABELS).decoded(scores, sentence)
    assert whole([LABELS[k] for k in found], sentence)
    for k in range(len(lengths)):
        own = scores[sentence == k]
        n = len(own)
        if n > 3:
            continue
        best = max(
            own[np.arange(n), list(ways)].sum()
            for ways in product(range(len(LABELS)), repeat=n)
            if whole([LABELS[x] for x in ways], [0] * n)
        )
        assert np.isclose(own[np.arange(n), found[sentence == k]].sum(), best)


@pytest.mark.parametrize("n", [1, 2])
def test_the_smallest_sentences(n):
    assert is_tree(spanning_tree(np.zeros((n, n + 1))))
