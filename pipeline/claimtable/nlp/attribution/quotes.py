"""Quoted passages from quotation marks alone, paragraph by paragraph.

Curly, straight, doubled single (``''``), low and angle marks. A mark that is never closed ends with its
paragraph; where the next paragraph opens with a mark again, the passage goes on there, as English
typography has it (The Chicago Manual of Style, 17th edition, 13.30). One pass over the text: linear
however deep the marks nest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

_MARK = re.compile(r"''|``|[\"“”„«»‟‘’‚']")
_LINE = re.compile(r"[^\n]+")
_OPENING = {
    "“": "double",
    "„": "double",
    "‟": "double",
    "«": "double",
    "``": "double",
    "‘": "single",
    "‚": "single",
}
_CLOSING = {"”": "double", "»": "double", "’": "single"}
_STRAIGHT = {'"': "double", "''": "double", "'": "single"}
_CLOSERS = frozenset(".,;:!?)]}…—–-\"”'’»")
"""What may follow a closing mark directly, besides white space and the end."""
_BEFORE_OPENER = frozenset("([{—–-/\"“‘'«…")
"""What may stand directly before an opening mark, besides white space and the start."""
MAX_DEPTH = 4
"""Passages nested deeper are not listed; ordinary text stops at three."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A quoted passage inside one paragraph; offsets are code points into the text, marks included."""

    start: int
    end: int
    depth: int
    """0 for an outermost passage."""
    closed: bool
    """False where the closing mark is missing."""
    continued: bool = False
    """True where it goes on from the unclosed passage that ends the paragraph before."""


def find_quotes(text: str, start: int = 0, end: int | None = None) -> list[Quote]:
    """Return the quoted passages of `text[start:end]` in text order, outer before inner.

    Apostrophes are not marks: a single mark opens only after white space or an opening bracket or
    mark, and only if a closing one follows in its paragraph.
    """
    quotes: list[Quote] = []
    pending = False
    for line in _LINE.finditer(text, start, len(text) if end is None else end):
        if not line.group().strip():
            continue
        found, unclosed = _line(text, line.start(), line.end(), pending)
        quotes.extend(found)
        pending = unclosed
    quotes.sort(key=lambda q: (q.start, -q.end))
    return quotes


def _line(text: str, start: int, end: int, pending: bool) -> tuple[list[Quote], bool]:
    """Return the passages of one paragraph, and whether its last outer one lacks its closing mark."""
    marks = list(_marks(text, start, end))
    closers = [False] * (len(marks) + 1)
    for i in range(len(marks) - 1, -1, -1):
        closers[i] = closers[i + 1] or (marks[i].kind == "single" and marks[i].may_close)
    passages = _Passages(text)
    for i, mark in enumerate(marks):
        if mark.kind == "single":
            passages.take_single(mark, closed_later=closers[i + 1])
        else:
            passages.take_double(mark)
    unclosed = passages.finish(_rstrip(text, start, end))
    quotes = _nest(passages.spans)
    if pending and quotes and not text[start : quotes[0].start].strip():
        quotes[0] = replace(quotes[0], continued=True)
    return quotes, unclosed


@dataclass(frozen=True, slots=True)
class _Mark:
    """A quotation mark: single or double, where it stands, and what it may do there."""

    kind: str
    start: int
    end: int
    may_open: bool
    may_close: bool


class _Passages:
    """The passages of a paragraph that are open at a mark, and those that are closed: (start, end, closed)."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[tuple[str, int]] = []
        self.spans: list[tuple[int, int, bool]] = []

    def take_single(self, mark: _Mark, *, closed_later: bool) -> None:
        opener = next((k for k in (-1, -2) if len(self._open) >= -k and self._open[k][0] == "single"), None)
        if mark.may_close and opener is not None and not (mark.may_open and opener != -1):
            self._close_last("single", mark.end)
        elif mark.may_open and closed_later:
            self._open.append((mark.kind, mark.start))

    def take_double(self, mark: _Mark) -> None:
        sign = self._text[mark.start : mark.end]
        inside = any(kind == "double" for kind, _ in self._open[-2:])
        may_open, may_close = mark.may_open, mark.may_close
        if sign == "“" and inside and self._opener() in "„‟":
            # German and Slavic typography closes with the mark that opens in English.
            may_open, may_close = False, True
        if may_close and inside and not (may_open and sign in _OPENING):
            self._close_last("double", mark.end)
        elif may_open:
            self._open.append((mark.kind, mark.start))

    def finish(self, end: int) -> bool:
        """End what is open at the end of the paragraph; return whether a double mark was."""
        unclosed = False
        while self._open:
            # A single mark without a partner was an apostrophe after all ("‘70s").
            if self._open[-1][0] == "single":
                self._open.pop()
            else:
                unclosed = True
                self._close(end, closed=False)
        return unclosed

    def _opener(self) -> str:
        return self._text[next(start for kind, start in reversed(self._open) if kind == "double")]

    def _close_last(self, kind: str, end: int) -> None:
        while self._open[-1][0] != kind:
            self._open.pop()
        self._close(end, closed=True)

    def _close(self, end: int, *, closed: bool) -> None:
        _, start = self._open.pop()
        if end > start:
            self.spans.append((start, end, closed))


def _nest(spans: list[tuple[int, int, bool]]) -> list[Quote]:
    spans.sort(key=lambda s: (s[0], -s[1]))
    quotes: list[Quote] = []
    ends: list[int] = []
    for start, end, closed in spans:
        while ends and ends[-1] <= start:
            ends.pop()
        if len(ends) < MAX_DEPTH:
            quotes.append(Quote(start, end, len(ends), closed))
        ends.append(end)
    return quotes


def _rstrip(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _marks(text: str, start: int, end: int) -> Iterator[_Mark]:
    """Yield the marks of one paragraph."""
    for match in _MARK.finditer(text, start, end):
        mark, at, stop = match.group(), match.start(), match.end()
        before = text[at - 1] if at > start else " "
        after = text[stop] if stop < end else " "
        free_before = before.isspace() or before in _BEFORE_OPENER
        free_after = after.isspace() or after in _CLOSERS
        if mark in _OPENING:
            kind = _OPENING[mark]
            # A mark of the wrong direction at the end of a word closes ("so far.“").
            yield _Mark(kind, at, stop, not after.isspace(), not free_before and after.isspace())
        elif mark in _CLOSING:
            kind = _CLOSING[mark]
            if kind == "single":
                yield _Mark(kind, at, stop, False, not after.isalnum() and not before.isspace())
            else:
                yield _Mark(kind, at, stop, before.isspace() and not free_after, True)
        else:
            kind = _STRAIGHT[mark]
            opens = free_before and not after.isspace()
            if kind == "single":
                opens = opens and (after.isalpha() or after in '"“[')
                yield _Mark(kind, at, stop, opens, not before.isspace() and free_after)
            else:
                # After a digit it is an inch mark, unless it closes what is open; between letters it decides nothing.
                yield _Mark(kind, at, stop, opens, free_after or not free_before)
