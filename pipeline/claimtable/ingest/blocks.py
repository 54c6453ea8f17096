"""Text to blocks: the logical lines (paragraph, heading, list item, menu entry) that a page is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from claimtable.reading.lines import joined, paragraphs

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
    row: bool = False
    """It is a row of a table."""
    alone: bool = True
    """A blank line (or the edge of the text) stands on both sides."""


def split_blocks(text: str) -> list[Block]:
    """Split a plain text into blocks, in order: its logical lines, of which an editor may have wrapped some."""
    found = paragraphs(text)
    blocks: list[Block] = []
    for lines, joins in zip(found, joined(found), strict=True):
        runs: list[tuple[int, int, Hint | None]] = []
        for line, goes_on in zip(lines, joins, strict=True):
            # What a table says is none of the page's furniture.
            runs.append((runs.pop()[0] if goes_on else line.start, line.end, "text" if line.row else None))
        alone = len(runs) == 1
        blocks += [
            Block(start, end, hint, first=k == 0, row=hint is not None, alone=alone)
            for k, (start, end, hint) in enumerate(runs)
        ]
    return blocks
