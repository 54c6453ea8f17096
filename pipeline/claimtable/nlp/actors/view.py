"""The columns of a `Doc` that finding names needs; everything else is read from the few tokens in question.

The rules touch every token's text and part of speech but the tree only around names, so the full
`Tokens` view would cost more than the rules themselves.
"""

from __future__ import annotations

from typing import Any

from spacy.tokens import Doc

_OPENING = frozenset("“\"‘'([*-–—•:….?!")


class View:
    """Token columns, index = token index."""

    def __init__(self, doc: Doc, string: str | None = None) -> None:
        """Reads the columns.

        Args:
            doc: a parsed document.
            string: its text, where the caller has it; `doc.text` joins all tokens again at every access.
        """
        self.doc = doc
        self.n = len(doc)
        length = doc[-1].idx + len(doc[-1].text_with_ws) if self.n else 0
        self.string: str = string if string is not None and len(string) == length else doc.text
        # Annotated, as releases of numpy disagree on what `tolist` gives.
        columns: Any = doc.to_array(["POS", "IDX", "LENGTH", "SENT_START"]).tolist() if self.n else []
        strings = doc.vocab.strings
        names = {k: strings[k] for k in {row[0] for row in columns}}
        self.pos: list[str] = [names[row[0]] for row in columns]
        """Universal parts of speech."""
        self.start: list[int] = [row[1] for row in columns]
        # Slices are several times cheaper than making `Token` objects.
        self.text: list[str] = [self.string[row[1] : row[1] + row[2]] for row in columns]
        for i, word in enumerate(self.text):
            if word.isspace():
                self.pos[i] = "SPACE"  # whatever a tagger made of it
        self.capital: list[bool] = [word[:1].isupper() for word in self.text]
        self.sentence_starts = self._sentence_starts([row[3] == 1 for row in columns])
        """Tokens that open a sentence or a quotation, where a capital says nothing."""

    def _sentence_starts(self, marked: list[bool]) -> frozenset[int]:
        starts = set()
        fresh = True
        for i, word in enumerate(self.text):
            if fresh or marked[i]:
                if self.pos[i] == "SPACE":
                    fresh = True
                    continue
                starts.add(i)
            # Opening marks, bullets and numbers of list items do not end the fresh start.
            fresh = word in _OPENING or (self.pos[i] == "SPACE" and "\n" in word)
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
        return 0 <= i < self.n and self.capital[i]

    def is_proper(self, i: int) -> bool:
        """Tells whether token `i` is a capitalised proper noun."""
        return 0 <= i < self.n and self.capital[i] and self.pos[i] == "PROPN"

    def is_nominal(self, i: int) -> bool:
        """Tells whether token `i` is a noun, proper noun or adjective."""
        return 0 <= i < self.n and self.pos[i] in ("PROPN", "NOUN", "ADJ")

    def is_mark(self, i: int) -> bool:
        """Tells whether token `i` is punctuation or white space, or lies outside the document."""
        return not 0 <= i < self.n or self.pos[i] in ("PUNCT", "SPACE")

    def surface(self, start: int, end: int) -> str:
        """Returns the text of the tokens `start`..`end` with single spaces."""
        return " ".join(self.string[self.start[start] : self.end(end - 1)].split())
