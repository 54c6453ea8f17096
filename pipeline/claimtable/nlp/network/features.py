"""What the network reads of a word besides its pieces: shape, suffix and prefix, each hashed to a row of a table.

Training (`models/scripts/train_network.py`) reads them from here too.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from claimtable.nlp.encoder.wordpiece import CONTINUATION

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
    """Return the rows of shape, suffix and prefix of a word; a number's sign is left out."""
    if word[1:2].isdigit() and not word[0].isalnum():
        word = word[1:]
    return (
        hashed(word_shape(word), SHAPES),
        hashed(word[-3:].lower(), SUFFIXES),
        hashed("p" + word[:2].lower(), PREFIXES),
    )


def read_at(pieces: Sequence[str]) -> int:
    """Return which of a word's pieces stands for it: the first, but of a number with a sign ("-", "2", ".", "3") that after it."""
    if len(pieces) > 1 and not pieces[0][0].isalnum() and pieces[1].removeprefix(CONTINUATION)[0].isdigit():
        return 1
    return 0


def lemma(form: str, edit: str, *, keep_case: bool) -> str:
    """Return the lemma that an edit makes of a form: letters to cut at the end, a slash, letters to add."""
    cut, _, added = edit.partition("/")
    if int(cut) > len(form):
        return form if keep_case else form.lower()
    stem = form[: len(form) - int(cut)]
    return stem + added if keep_case else stem.lower() + added
