"""The nodes of the tree of frames, and how one looks up what stands around a place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from claimtable.schema import TimeExpression

Kind = Literal["document", "section", "turn", "page", "list"]


@dataclass(frozen=True, slots=True)
class Frame:
    """A part of a document with what it declares; None: it declares nothing of that."""

    kind: Kind
    start: int
    end: int
    """Half-open range of code points that it holds."""
    rule: str
    """Id of the line that found it."""
    speaker: str | None = None
    label: tuple[int, int] | None = None
    """Where the words stand that name the speaker."""
    asks: bool = False
    """Who speaks is the one who asks the questions."""
    time: TimeExpression | None = None
    """What the figures in it are of, unless they say otherwise."""
    place: str | None = None
    scale: float | None = None
    """What bare figures are multiplied by: 1000 for "in thousands"."""
    unit: str | None = None
    dimension: str | None = None
    topic: str | None = None
    """What it is about, as its head says."""


class Frames:
    """The frames of a document, outer before inner."""

    def __init__(self, frames: Sequence[Frame]) -> None:
        self.all: tuple[Frame, ...] = tuple(sorted(frames, key=lambda f: (f.start, -f.end)))
        self._parent: list[int] = []
        stack: list[int] = []
        for k, frame in enumerate(self.all):
            while stack and self.all[stack[-1]].end <= frame.start:
                stack.pop()
            self._parent.append(stack[-1] if stack else -1)
            stack.append(k)
        self._starts = [frame.start for frame in self.all]

    def around(self, offset: int) -> Iterator[Frame]:
        """Yield the frames that hold the code point at `offset`, the innermost first."""
        k = bisect_right(self._starts, offset) - 1
        while k >= 0:
            if offset < self.all[k].end:
                yield self.all[k]
            k = self._parent[k]

    def nearest(self, offset: int, *kinds: Kind) -> Frame | None:
        """Return the innermost frame of these kinds that holds `offset`."""
        return next((frame for frame in self.around(offset) if frame.kind in kinds), None)
