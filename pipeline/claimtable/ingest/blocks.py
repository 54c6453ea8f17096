"""Text to blocks: the logical lines (paragraph, heading, list item, menu entry) that a page is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Hint = Literal["title", "standfirst", "heading", "text", "author_bio", "comment"]


@dataclass(frozen=True, slots=True)
class Block:
    """A logical line as offsets into the text, without surrounding white space."""

    start: int
    end: int
    hint: Hint | None = None
    """What the markup says it is; None for plain text."""
    speaker: str | None = None
    """The commenter's name, where the markup gives it."""
    first: bool = True
    """No line of the same paragraph stands above it."""
    alone: bool = True
    """A blank line (or the edge of the text) stands on both sides."""


# The line boundaries of str.splitlines, except the control characters \x1c-\x1e.
_LINE = re.compile("[^\n\r\v\f\x85\u2028\u2029]+")
_BULLET = re.compile(r"(?:[*•‣◦▪●·–—-]|\d{1,3}[.)]|\([a-z\d]{1,3}\))\s*\S")
_KEY = re.compile(r"[A-Z][\w-]{1,15}: ")  # "Subject: ...": mail headers, tables of facts
_WRAP_COLUMNS = (45, 130)
"""Widths between which a text may be hard-wrapped; 65 to 80 is usual, 120 occurs in editors."""
_LONG_SHARE = 0.1
"""A text with more than this share of its characters in wider lines is not hard-wrapped."""
_SURE_LINES = 4
"""As many full lines in one paragraph are wrapped even in a text that is not."""


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    chunk = text[start:end]
    left = len(chunk) - len(chunk.lstrip())
    stripped = chunk.strip()
    return start + left, start + left + len(stripped)


def split_blocks(text: str) -> list[Block]:
    """Splits a plain text into blocks, in order.

    Each line is a block, except that the lines of a hard-wrapped paragraph are one: a line
    continues on the next if that line's first word would not have fitted on it, measured
    by the widest line of the paragraph.
    """
    paragraphs: list[list[tuple[int, int]]] = []
    lines: list[tuple[int, int]] = []
    last_end = 0
    for match in _LINE.finditer(text):
        start, end = _strip(text, match.start(), match.end())
        gap = text[last_end : match.start()]
        if (
            start == end
            or gap.count("\n") > 1
            or "\u2029" in gap
            or "\f" in gap
            or gap.count("\r") > max(1, gap.count("\n"))
        ):
            paragraphs.append(lines)
            lines = []
        if start < end:
            lines.append((start, end))
        last_end = match.end()
    paragraphs.append(lines)
    total = sum(end - start for lines in paragraphs for start, end in lines)
    long = sum(end - start for lines in paragraphs for start, end in lines if end - start > _WRAP_COLUMNS[1])
    wrapped = long <= _LONG_SHARE * total
    return [block for lines in paragraphs if lines for block in _join_wrapped(text, lines, wrapped)]


def _join_wrapped(text: str, lines: list[tuple[int, int]], wrapped: bool) -> Iterable[Block]:
    """Joins the lines of one paragraph; `wrapped` says whether the text as a whole looks hard-wrapped."""
    width = max(end - start for start, end in lines)
    joins = [False]
    if len(lines) > 1 and _WRAP_COLUMNS[0] <= width <= _WRAP_COLUMNS[1]:
        joins += [_continues(text, lines, number, width) for number in range(1, len(lines))]
        # A long paragraph of full lines is wrapped wherever it stands.
        if not wrapped and (len(lines) < _SURE_LINES or not all(joins[1:])):
            joins = [False]
    runs: list[tuple[int, int]] = []
    for number, (start, end) in enumerate(lines):
        if number < len(joins) and joins[number]:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    alone = len(runs) == 1
    return [Block(start, end, first=number == 0, alone=alone) for number, (start, end) in enumerate(runs)]


def _continues(text: str, lines: list[tuple[int, int]], number: int, width: int) -> bool:
    """True if a line goes on with the sentence of the line above, which the wrapping cut."""
    (above_start, above_end), (start, end) = lines[number - 1], lines[number]
    head = text[start : start + width + 1]
    first_word = head.split(None, 1)[0]
    if above_end - above_start + 1 + len(first_word) <= width or _BULLET.match(head) or _KEY.match(head):
        return False
    # A sentence that happens to be the widest line is no reason to take in the last line below it.
    is_last = number + 1 == len(lines)
    ended = text[above_end - 1] in ".!?:" and (len(lines) == 2 or text[end - 1] not in ".!?:,;")
    return first_word[0].islower() or not (is_last and ended)
