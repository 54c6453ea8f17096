"""Text → parallel lists of tokens, the only view of the text that the grammar has.

One pass of one regular expression, linear in the length of the text. Numerals keep their separators
(`1,234.5` is one token); letters and digits that touch are separate tokens (`5km`: `5`, `km`), so
that a unit can follow a number with or without a space.
"""

from __future__ import annotations

import re
from bisect import bisect_right

WORD, NUMERAL, SYMBOL, FRACTION, BREAK = range(5)
"""Kinds of token. FRACTION is a vulgar-fraction glyph (¾); BREAK a line break or the end of the text."""

FRACTIONS = {
    "¼": 0.25,
    "½": 0.5,
    "¾": 0.75,
    "⅐": 1 / 7,
    "⅑": 1 / 9,
    "⅒": 0.1,
    "⅓": 1 / 3,
    "⅔": 2 / 3,
    "⅕": 0.2,
    "⅖": 0.4,
    "⅗": 0.6,
    "⅘": 0.8,
    "⅙": 1 / 6,
    "⅚": 5 / 6,
    "⅛": 0.125,
    "⅜": 0.375,
    "⅝": 0.625,
    "⅞": 0.875,
}
_PATTERN = re.compile(
    r"([0-9]+(?:[.,'’][0-9]+)*)"  # numeral
    r"|([^\W\d_¼½¾⅐-⅞]+(?:['’](?:s|t|re|ve|ll|m|d|S)\b)?)"  # word, with its clitic
    r"|([¼½¾⅐-⅞])"
    r"|(\n|\r)"
    r"|(\S)"
)
_KINDS = (BREAK, NUMERAL, WORD, FRACTION, BREAK, SYMBOL)
_PADDING = 8  # empty BREAK tokens behind the last one, so that look-ahead needs no bounds check
DASHES = frozenset("-–—−‐‑‒")
STOPS = frozenset((".", ";", "?", "!"))
"""Signs that end a sentence or clause."""


class Lexed:
    """The tokens of a text. Offsets are code points; `low` is the token in lower case."""

    __slots__ = ("end", "kind", "low", "n", "start", "text", "tok")

    def __init__(self, text: str) -> None:
        self.text = text
        tok: list[str] = []
        start: list[int] = []
        kind: list[int] = []
        kinds = _KINDS
        for match in _PATTERN.finditer(text):
            tok.append(match.group())
            start.append(match.start())
            kind.append(kinds[match.lastindex or 0])
        self.n = len(tok)
        size = len(text)
        self.end = [s + len(w) for s, w in zip(start, tok, strict=True)] + [size] * _PADDING
        self.tok = tok + [""] * _PADDING
        self.start = start + [size] * _PADDING
        self.kind = kind + [BREAK] * _PADDING
        self.low = [w.lower().replace("’", "'") for w in self.tok]

    def joined(self, i: int) -> bool:
        """Return True if token `i` touches the token before it."""
        return i > 0 and self.start[i] == self.end[i - 1]

    def spaced(self, i: int) -> bool:
        """Return True if white space, or the start of the text, is before token `i`."""
        return i == 0 or self.start[i] > self.end[i - 1]

    def token_at(self, offset: int) -> int:
        """Return the index of the token that holds or precedes the code point at `offset`."""
        return max(0, bisect_right(self.start, offset, 0, self.n) - 1)

    def kind_is_digit(self, i: int) -> bool:
        """Return True if token `i` is a numeral."""
        return self.kind[i] == NUMERAL

    def is_dash(self, i: int) -> bool:
        """Return True if token `i` is a hyphen or dash."""
        return self.tok[i] in DASHES
