"""What rules and tagger hand over: an attribution in token ranges, before anybody is named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from claimtable.nlp.attribution.layout import Range

Sense = Literal["say", "finding", "belief", "intention", "attitude"]
"""`attitude`: the source is for or against, wants, asks about or doubts the content, without holding it true."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An attribution in half-open token ranges; any part but the content may be empty."""

    source: tuple[Range, ...]
    cue: tuple[Range, ...]
    content: tuple[Range, ...]
    rule: str
    """Id of the lexicon line, or the model with its version."""
    sense: Sense = "say"

    @property
    def key(self) -> int:
        """Token index for text order."""
        return min(a for part in (self.cue, self.content, self.source) for a, _ in part)


def tokens_of(ranges: Iterable[Range]) -> set[int]:
    """Return the token indices of `ranges`."""
    return {i for a, b in ranges for i in range(a, b)}


def merge(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """Return `ranges` in order, those that touch or overlap joined, empty ones dropped."""
    out: list[Range] = []
    for a, b in sorted(ranges):
        if a >= b:
            continue
        if out and a <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], b))
        else:
            out.append((a, b))
    return tuple(out)


def subtract(ranges: Iterable[Range], hole: Range) -> tuple[Range, ...]:
    """Return `ranges` without the tokens of `hole`."""
    x, y = hole
    out: list[Range] = []
    for a, b in ranges:
        if y <= a or b <= x:
            out.append((a, b))
            continue
        out += [(a, x), (y, b)]
    return tuple((a, b) for a, b in out if a < b)
