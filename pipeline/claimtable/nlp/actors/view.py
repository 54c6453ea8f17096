"""The columns of a `Doc` that finding names needs; everything else is read from the few tokens in question.

The rules touch every token's text and part of speech but the tree only around names, so the full
`Tokens` view would cost more than the rules themselves.
"""

from __future__ import annotations

from functools import cached_property

from spacy.tokens import Doc


class View:
    """Token columns, index = token index."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.text: list[str] = [t.text for t in doc]
        self.n = len(self.text)
        columns = doc.to_array(["POS", "IDX"])
        strings = doc.vocab.strings
        ids: list[int] = columns[:, 0].tolist() if self.n else []
        names = {k: strings[k] for k in set(ids)}
        self.pos: list[str] = [names[k] for k in ids]
        """Universal parts of speech."""
        self.start: list[int] = columns[:, 1].tolist() if self.n else []

    @cached_property
    def sentence_starts(self) -> frozenset[int]:
        """Tokens that open a sentence or a quotation, where a capital says nothing."""
        starts = set()
        fresh = True
        for i, word in enumerate(self.text):
            if self.pos[i] == "SPACE":
                fresh = fresh or "\n" in word
                continue
            if fresh or self.doc[i].is_sent_start:
                starts.add(i)
            # Opening marks, bullets and numbers of list items do not end the fresh start.
            fresh = word in ("“", '"', "‘", "'", "(", "[", "*", "-", "–", "—", "•", ":", "…", "...") or (
                word[-1] in ".?!" and len(word) == 1
            )
        return frozenset(starts)

    def end(self, i: int) -> int:
        """Returns the code-point offset after token `i`."""
        return self.start[i] + len(self.text[i])

    def lower(self, i: int) -> str:
        """Returns the lower-case text of token `i`, "" outside the document."""
        return self.text[i].lower() if 0 <= i < self.n else ""

    def glued(self, i: int) -> bool:
        """Tells whether no space stands between token `i` and the one before it."""
        return 0 < i < self.n and self.end(i - 1) == self.start[i]

    def is_capital(self, i: int) -> bool:
        """Tells whether token `i` begins with an upper-case letter."""
        return 0 <= i < self.n and self.text[i][:1].isupper()

    def is_proper(self, i: int) -> bool:
        """Tells whether token `i` is a capitalised proper noun."""
        return self.is_capital(i) and self.pos[i] == "PROPN"

    def is_nominal(self, i: int) -> bool:
        """Tells whether token `i` is a noun, proper noun or adjective."""
        return 0 <= i < self.n and self.pos[i] in ("PROPN", "NOUN", "ADJ")

    def is_mark(self, i: int) -> bool:
        """Tells whether token `i` is punctuation or white space, or lies outside the document."""
        return not 0 <= i < self.n or self.pos[i] in ("PUNCT", "SPACE")

    def surface(self, start: int, end: int) -> str:
        """Returns the text of the tokens `start`..`end` with single spaces."""
        return " ".join(self.doc.text[self.start[start] : self.end(end - 1)].split())
