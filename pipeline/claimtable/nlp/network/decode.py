"""From scores to a tree with one root for each sentence, and to names that begin and end.

Both begin with the best score of each word by itself. Where that is a tree already, or a sequence of whole names, nothing
can be better, and so it is with nineteen of twenty sentences; the search is for the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Ints = NDArray[np.int64]

_NEVER = -1e9
_ROOTS = 3
"""Words tried as the root of a sentence, those with the best scores as root."""


def trees(scores: Floats, heads: Ints, sentence: Ints) -> Ints:
    """Return the heads of the words of a window so that each sentence is one tree.

    Args:
        scores: words × (root + words).
        heads: the best head of each word by itself: 0 the root, k + 1 the word k of the window.
        sentence: the number of each word's sentence, from 0 on, growing.
    """
    faulty = _faulty(heads, sentence)
    if not faulty:
        return heads
    heads = heads.copy()
    for k in faulty:
        start, end = np.searchsorted(sentence, (k, k + 1)).tolist()
        block = np.concatenate([scores[start:end, :1], scores[start:end, start + 1 : end + 1]], axis=1)
        own = spanning_tree(block)
        heads[start:end] = np.where(own > 0, own + start, 0)
    return heads


def _faulty(heads: Ints, sentence: Ints) -> list[int]:
    """Return the sentences that are no tree with one root."""
    count = int(sentence[-1]) + 1
    wrong = np.bincount(sentence[heads == 0], minlength=count) != 1
    reached = np.concatenate([[0], heads])
    # Each step doubles the way that is gone, so that all words end at the root, or in a circle.
    for _ in range(len(heads).bit_length()):
        reached = reached[reached]
    wrong[sentence[reached[1:] != 0]] = True
    return [int(k) for k in np.flatnonzero(wrong)]


def spanning_tree(scores: Floats) -> Ints:
    """Return the head of each word (0 the root, k + 1 the word k) in the best tree with one root.

    `scores` is words × (root + words). Chu and Liu 1965, Edmonds 1967, with each of the likeliest words as the root.
    """
    words = np.arange(len(scores))
    best, highest = None, -np.inf
    for root in np.argsort(-scores[:, 0], kind="stable")[:_ROOTS]:
        full = np.full((len(scores) + 1, len(scores) + 1), _NEVER)
        full[1:, 1:] = scores[:, 1:]
        full[root + 1] = _NEVER
        full[root + 1, 0] = 0.0
        np.fill_diagonal(full, _NEVER)
        heads = _contracted(full)[1:]
        total = float(scores[words, heads].sum())
        if best is None or total > highest:
            best, highest = heads, total
    assert best is not None
    return best


def _contracted(scores: Floats) -> Ints:
    """Return the best heads of a dense graph whose node 0 is the root."""
    heads: Ints = scores.argmax(axis=1)
    heads[0] = 0
    circle = np.array(_circle(heads), dtype=np.int64)
    if not len(circle):
        return heads
    inside = np.zeros(len(scores), dtype=bool)
    inside[circle] = True
    outside = np.flatnonzero(~inside)
    last = len(outside)
    # The circle becomes one node, the last. What enters it replaces one of its arcs.
    own = scores[circle, heads[circle]]
    enter = scores[np.ix_(circle, outside)] - own[:, None]
    leave = scores[np.ix_(outside, circle)]
    small = np.full((last + 1, last + 1), _NEVER)
    small[:last, :last] = scores[np.ix_(outside, outside)]
    small[last, :last] = enter.max(axis=0)
    small[:last, last] = leave.max(axis=1)
    found = _contracted(small)
    out = heads.copy()
    for k, node in enumerate(outside.tolist()):
        if k:
            out[node] = circle[int(leave[k].argmax())] if found[k] == last else outside[found[k]]
    entered = int(enter[:, found[last]].argmax())
    out[circle[entered]] = outside[found[last]]
    return out


def _circle(heads: Ints) -> list[int]:
    """Return the nodes of a circle, or nothing where every node leads to the root."""
    above = heads.tolist()
    seen = [0] * len(above)
    seen[0] = -1
    for start in range(1, len(above)):
        path = []
        node = start
        while not seen[node]:
            seen[node] = start
            path.append(node)
            node = above[node]
        if seen[node] == start:
            return path[path.index(node) :]
    return []


@dataclass(frozen=True, slots=True)
class Names:
    """The labels of names, BILOU ("B-ORG", "O"), and which may follow which."""

    labels: tuple[str, ...]
    follows: NDArray[np.bool_]
    """Label × label."""
    begins: NDArray[np.bool_]
    ends: NDArray[np.bool_]

    @classmethod
    def of(cls, labels: Sequence[str]) -> Names:
        """Return the labels with their rules."""
        begins = np.array([x[0] in "BUO" for x in labels])
        follows = np.array(
            [
                [(y[0] in "IL" and y[2:] == x[2:]) if x[0] in "BI" else y[0] in "BUO" for y in labels]
                for x in labels
            ]
        )
        return cls(tuple(labels), follows, begins, np.array([x[0] in "LUO" for x in labels]))

    def decoded(self, scores: Floats, sentence: Ints) -> Ints:
        """Return the best labels of the words of a window; no name is cut off, or goes over the border of a sentence."""
        best: Ints = scores.argmax(axis=1)
        border = np.flatnonzero(sentence[1:] != sentence[:-1])
        first, last = np.r_[0, border + 1], np.r_[border, len(best) - 1]
        right = self.follows[best[:-1], best[1:]]
        right[border] = True
        wrong = {int(sentence[k]) for k in np.flatnonzero(~right)}
        wrong |= {int(sentence[k]) for k in first[~self.begins[best[first]]]}
        wrong |= {int(sentence[k]) for k in last[~self.ends[best[last]]]}
        for k in wrong:
            start, end = np.searchsorted(sentence, (k, k + 1)).tolist()
            best[start:end] = self._searched(scores[start:end])
        return best

    def _searched(self, scores: Floats) -> Ints:
        """Return the best sequence of whole names (Viterbi)."""
        cost = np.where(self.follows, 0.0, _NEVER)
        best = scores[0] + np.where(self.begins, 0.0, _NEVER)
        back = []
        for row in scores[1:]:
            ways = best[:, None] + cost
            back.append(ways.argmax(axis=0))
            best = ways.max(axis=0) + row
        at = int((best + np.where(self.ends, 0.0, _NEVER)).argmax())
        out = [at]
        for step in reversed(back):
            at = int(step[at])
            out.append(at)
        return np.array(out[::-1])
