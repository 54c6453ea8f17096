"""A text made from another one, with the way back: each pass edits it and keeps what its characters stand for."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable

Edit = tuple[int, int, str]
"""Start and end (exclusive) of what is replaced, and what stands in its place."""


class Derived:
    """A text made from another one by edits; all offsets are code points, ranges half-open."""

    __slots__ = ("_first", "_last", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._first = array("q", range(len(text)))
        """Where in the source what each character stands for begins."""
        self._last = array("q", range(1, len(text) + 1))
        """Where it ends, exclusive."""

    def edit(self, edits: Iterable[Edit]) -> None:
        """Apply edits that are in order and do not overlap.

        What is as long as what it replaces does so one for one. Else a replacement stands for all that it replaces;
        an insertion stands for nothing, at its place.
        """
        pieces: list[str] = []
        first, last = array("q"), array("q")
        at = 0
        for start, end, new in edits:
            pieces += (self.text[at:start], new)
            first += self._first[at:start]
            last += self._last[at:start]
            if len(new) == end - start:
                first += self._first[start:end]
                last += self._last[start:end]
            elif new:
                a = self._first[start] if start < len(self._first) else self._end
                first += array("q", [a]) * len(new)
                last += array("q", [self._last[end - 1] if end > start else a]) * len(new)
            at = end
        if pieces:
            pieces.append(self.text[at:])
            self._first, self._last = first + self._first[at:], last + self._last[at:]
            self.text = "".join(pieces)

    @property
    def _end(self) -> int:
        return self._last[-1] if self._last else 0

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Return the range of the source that a range of the text stands for."""
        if start >= end:
            at = self._first[start] if start < len(self._first) else self._end
            return at, at
        return self._first[start], max(self._first[start], self._last[end - 1])

    def place(self, offset: int) -> int:
        """Return where in the text what stands at `offset` of the source begins; for what was left out, where the rest goes on."""
        return bisect_left(self._last, offset + 1)
