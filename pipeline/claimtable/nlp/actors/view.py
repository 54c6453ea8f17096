"""The columns of a `Doc` that finding names needs; the tree is read only around names."""

from __future__ import annotations

from spacy.tokens import Doc

from claimtable.nlp import extensions
from claimtable.nlp.tokens import Tokens

_OPENING = frozenset("“\"‘'([*-–—•:….?!")


class View:
    """Token columns, index = token index."""

    def __init__(self, doc: Doc) -> None:
        t = Tokens.of(doc)
        self.doc = doc
        self.n = t.n
        self.string: str = extensions.text_of(doc)
        self.start: list[int] = t.start
        self.text: list[str] = t.text
        # White space is SPACE, whatever a tagger made of it.
        self.pos: list[str] = [
            "SPACE" if word.isspace() else pos for word, pos in zip(t.text, t.pos, strict=True)
        ]
        """Universal parts of speech."""
        capital = {word: word[:1].isupper() for word in set(t.text)}
        self.capital: list[bool] = [capital[word] for word in t.text]
        marked = [False] * t.n
        for a, _ in t.sents:
            marked[a] = True
        self.sentence_starts = self._sentence_starts(marked)
        """Tokens that open a sentence or a quotation, where a capital says nothing."""

        self.things: frozenset[str] | None = None
        """Abbreviations of things that the text spells out, once `things.spelled_out` has looked for them."""

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
        """Return the code-point offset after token `i`."""
        return self.start[i] + len(self.text[i])

    def lower(self, i: int) -> str:
        """Return the lower-case text of token `i`, "" outside the document."""
        return self.text[i].lower() if 0 <= i < self.n else ""

    def glued(self, i: int) -> bool:
        """Return whether no space stands between token `i` and the one before it."""
        return 0 < i < self.n and self.end(i - 1) == self.start[i]

    def is_capital(self, i: int) -> bool:
        """Return whether token `i` begins with an upper-case letter."""
        return 0 <= i < self.n and self.capital[i]

    def is_proper(self, i: int) -> bool:
        """Return whether token `i` is a capitalised proper noun."""
        return 0 <= i < self.n and self.capital[i] and self.pos[i] == "PROPN"

    def is_nominal(self, i: int) -> bool:
        """Return whether token `i` is a noun, proper noun or adjective."""
        return 0 <= i < self.n and self.pos[i] in ("PROPN", "NOUN", "ADJ")

    def is_mark(self, i: int) -> bool:
        """Return whether token `i` is punctuation or white space, or lies outside the document."""
        return not 0 <= i < self.n or self.pos[i] in ("PUNCT", "SPACE")

    def surface(self, start: int, end: int) -> str:
        """Return the text of the tokens `start`..`end` with single spaces."""
        return " ".join(self.string[self.start[start] : self.end(end - 1)].split())
