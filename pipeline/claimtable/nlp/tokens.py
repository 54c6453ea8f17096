"""A column-wise view of a parsed `Doc`: what the components read, as plain Python lists.

Attribute access on `Token` crosses into Cython and back for every call; the rules ask for the same
few columns again and again, so they are pulled out once per component.
"""

from __future__ import annotations

from bisect import bisect_right

from spacy.tokens import Doc


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
        self.n: int = len(doc)
        self.text: list[str] = [t.text for t in doc]
        self.lower: list[str] = [w.lower() for w in self.text]
        self.lemma: list[str] = [t.lemma_.lower() or t.lower_ for t in doc]
        self.pos: list[str] = [t.pos_ for t in doc]
        self.tag: list[str] = [t.tag_ for t in doc]
        self.dep: list[str] = [t.dep_.lower() for t in doc]
        self.rel: list[str] = [d.partition(":")[0] for d in self.dep]
        self.head: list[int] = [t.head.i for t in doc]
        self.start: list[int] = [t.idx for t in doc]
        self.end: list[int] = [s + len(w) for s, w in zip(self.start, self.text, strict=True)]
        self.children: list[list[int]] = [[] for _ in range(self.n)]
        """Direct dependents in text order."""
        for i, h in enumerate(self.head):
            if h != i:
                self.children[h].append(i)
        self.sents: list[tuple[int, int]] = [(s.start, s.end) for s in doc.sents] if self.n else []
        """Half-open token ranges of the sentences."""
        self.sent: list[int] = [0] * self.n
        """Index into `sents` of each token's sentence."""
        for k, (a, b) in enumerate(self.sents):
            for i in range(a, b):
                self.sent[i] = k

    def at(self, offset: int) -> int:
        """Returns the index of the token that holds or precedes the code point at `offset`."""
        return max(0, bisect_right(self.start, offset) - 1)

    def range(self, start: int, end: int) -> tuple[int, int]:
        """Returns the half-open token range touched by the code points `start`..`end`."""
        first = self.at(start)
        if first < self.n and self.end[first] <= start:
            first += 1
        last = self.at(max(start, end - 1))
        return first, max(first, last + 1)

    def subtree(self, i: int) -> list[int]:
        """Returns the token indices of the subtree of `i`, in text order, `i` included."""
        out = [i]
        stack = [i]
        while stack:
            for child in self.children[stack.pop()]:
                out.append(child)
                stack.append(child)
        out.sort()
        return out

    def ancestors(self, i: int) -> list[int]:
        """Returns the chain of heads of `i`, nearest first, without `i`."""
        out: list[int] = []
        while self.head[i] != i:
            i = self.head[i]
            out.append(i)
        return out
