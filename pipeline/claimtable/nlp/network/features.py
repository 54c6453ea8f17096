"""What the network reads of a word besides its pieces: shape, suffix and prefix, each hashed to a row of a table.

Training (`models/scripts/train_network.py`) reads them from here too.
"""

from __future__ import annotations

import zlib

SHAPES, SUFFIXES, PREFIXES = 1500, 3000, 3000
"""Rows of the tables; row 0 is that of no word."""
MAX_PIECES = 8
"""Pieces kept of a word."""
_SHAPED = 40
"""Letters of a word that its shape is made of."""


def word_shape(word: str) -> str:
    """Return the shape of a word: X, x, d for capitals, small letters, digits; runs cut to three."""
    out = ""
    for c in word[:_SHAPED]:
        k = "X" if c.isupper() else "x" if c.islower() else "d" if c.isdigit() else c
        if out[-3:] != k * 3:
            out += k
    return out


def hashed(text: str, size: int) -> int:
    """Return the row of a text, from 1 to `size`."""
    return zlib.crc32(text.encode("utf8", "surrogatepass")) % size + 1


def rows(word: str) -> tuple[int, int, int]:
    """Return the rows of shape, suffix and prefix of a word."""
    return (
        hashed(word_shape(word), SHAPES),
        hashed(word[-3:].lower(), SUFFIXES),
        hashed("p" + word[:2].lower(), PREFIXES),
    )


def lemma(form: str, edit: str, *, keep_case: bool) -> str:
    """Return the lemma that an edit makes of a form: letters to cut at the end, a slash, letters to add."""
    cut, _, added = edit.partition("/")
    if int(cut) > len(form):
        return form if keep_case else form.lower()
    stem = form[: len(form) - int(cut)]
    return stem + added if keep_case else stem.lower() + added
