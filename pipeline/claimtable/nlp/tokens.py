"""A column-wise view of a parsed `Doc`: what the components read, as plain Python lists.

Attribute access on `Token` crosses into Cython and back for every call; the rules ask for the same
few columns again and again, so they are pulled out once per component.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

import numpy as np
from spacy.tokens import Doc
from spacy.vocab import Vocab

_COLUMNS: list[int | str] = [
    *("ORTH", "LOWER", "LEMMA", "POS", "TAG", "DEP"),
    *("HEAD", "SENT_START", "IDX", "LENGTH"),
]
"""Strings first, then numbers."""
_LAST = threading.local()


def _strings(vocab: Vocab, hashes: set[int]) -> dict[int, str]:
    """Return the strings of hashes; a look-up crosses into Cython, so each is made once."""
    store = vocab.strings
    known = {h: store[h] for h in hashes if h}
    known[0] = ""
    return known


def _children(head: list[int]) -> list[Sequence[int]]:
    """Return the dependents of each token; most tokens have none, and share one empty tuple."""
    out: list[Any] = [()] * len(head)
    for i, h in enumerate(head):
        if h != i:
            if out[h]:
                out[h].append(i)
            else:
                out[h] = [i]
    return out


class Tokens:
    """Columns over the tokens of a `Doc`, index = token index.

    Offsets are code points into the document text. `dep` is the full Universal Dependencies label
    (`nsubj:pass`), `rel` the label without its subtype (`nsubj`), both lower case.
    """

    __slots__ = (
        "children",
        "dep",
        "end",
        "head",
        "lemma",
        "lower",
        "n",
        "pos",
        "rel",
        "sent",
        "sents",
        "start",
        "tag",
        "text",
    )

    def __init__(self, doc: Doc) -> None:
        columns = doc.to_array(_COLUMNS)
        heads, sent_start, idx = (columns[:, k].astype("int64") for k in (6, 7, 8))
        hashes: list[list[int]] = columns[:, :6].T.tolist()
        known = _strings(doc.vocab, set().union(*hashes))
        orth, lower, lemma, pos, tag, dep = ([known[h] for h in column] for column in hashes)
        self.n: int = len(orth)
        self.text: list[str] = orth
        self.lower: list[str] = lower
        lowered = {word: word.lower() for word in set(lemma)}
        self.lemma: list[str] = [lowered[a] or b for a, b in zip(lemma, lower, strict=True)]
        self.pos: list[str] = pos
        self.tag: list[str] = tag
        relations = {label: label.lower() for label in set(dep)}
        self.dep: list[str] = [relations[d] for d in dep]
        place = np.arange(self.n)
        self.head: list[int] = (place + heads).tolist()
        relations = {label: label.partition(":")[0] for label in set(self.dep)}
        self.rel: list[str] = [relations[d] for d in self.dep]
        self.start: list[int] = idx.tolist()
        self.end: list[int] = (idx + columns[:, 9].astype("int64")).tolist()
        self.children: list[Sequence[int]] = _children(self.head)
        """Direct dependents in text order."""
        starts: list[int] = np.flatnonzero((sent_start == 1) | (place == 0)).tolist()
        self.sents: list[tuple[int, int]] = list(zip(starts, [*starts[1:], self.n], strict=False))
        """Half-open token ranges of the sentences."""
        self.sent: list[int] = [k for k, (a, b) in enumerate(self.sents) for _ in range(a, b)]
        """Index into `sents` of each token's sentence."""

    @classmethod
    def of(cls, doc: Doc) -> Tokens:
        """Return the columns of `doc`, made once while the components work on it one after the other.

        Only for components that run after the parser: what they read no longer changes.
        """
        last: tuple[Doc, Tokens] | None = getattr(_LAST, "item", None)
        if last is None or last[0] is not doc:
            last = (doc, cls(doc))
            _LAST.item = last
        return last[1]

    def at(self, offset: int) -> int:
        """Return the index of the token that holds or precedes the code point at `offset`."""
        return max(0, bisect_right(self.start, offset) - 1)

    def range(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open token range touched by the code points `start`..`end`."""
        first = self.at(start)
        if first < self.n and self.end[first] <= start:
            first += 1
        last = self.at(max(start, end - 1))
        return first, max(first, last + 1)

    def subtree(self, i: int) -> list[int]:
        """Return the token indices of the subtree of `i`, in text order, `i` included."""
        out = [i]
        stack = [i]
        while stack:
            for child in self.children[stack.pop()]:
                out.append(child)
                stack.append(child)
        out.sort()
        return out

    def ancestors(self, i: int) -> list[int]:
        """Return the chain of heads of `i`, nearest first, without `i`."""
        out: list[int] = []
        while self.head[i] != i:
            i = self.head[i]
            out.append(i)
        return out
