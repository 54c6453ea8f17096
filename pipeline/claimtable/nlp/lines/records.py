"""What lines propose, and the choice among it."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from claimtable.nlp.lines.paths import Path

T = TypeVar("T")
_ACTIVE = threading.local()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table: what it proposes, and where."""

    id: str
    target: str
    """The cell that it proposes for: `subject`, `speaker`, `event`, ..."""
    kinds: frozenset[str]
    """What kinds of place it speaks for (dimensions of a figure, classes of a trigger); empty: for all."""
    path: Path | None
    """The way from the anchor to what is proposed; None where a generator finds it."""
    generator: str
    """Name of the function in code that proposes instead of a path, "" for a path."""
    wording: str
    """How the text of the cell is made of what was found; what it may say is the target's affair."""
    weight: float
    example: str
    """A text in which the line proposes: the anchor in <>, what it proposes in []."""
    near_miss: str
    """A text like it in which the line does not propose at the anchor."""
    source: str

    def speaks_for(self, kind: str) -> bool:
        """Return whether the line proposes for places of this kind."""
        return not self.kinds or kind in self.kinds


@dataclass(frozen=True, slots=True)
class Candidate(Generic[T]):
    """One proposal for a cell."""

    line: str
    """Id of the line that makes it."""
    weight: float
    value: T
    features: tuple[tuple[str, float], ...] = ()
    """What else speaks for it or against it: name and signed weight."""
    values: tuple[tuple[str, float], ...] = ()
    """The features before they were weighed: what a refit reads."""
    key: object = None
    """What candidates have in common that propose the same; None: their value."""

    @property
    def score(self) -> float:
        """Weight of the line and of the features together."""
        return self.weight + sum(weight for _, weight in self.features)

    def agrees_with(self, other: Candidate[T]) -> bool:
        """Return whether both propose the same."""
        return (self.value if self.key is None else self.key) == (
            other.value if other.key is None else other.key
        )


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """The candidate with the highest score, and those that it beat, the best first."""

    winner: Candidate[T]
    losers: tuple[Candidate[T], ...] = ()

    @property
    def margin(self) -> float:
        """Score of the winner less that of the best candidate with another value; infinite where all agree."""
        rivals = (c.score for c in self.losers if not c.agrees_with(self.winner))
        return self.winner.score - max(rivals, default=-math.inf)

    @property
    def agreeing(self) -> int:
        """How many other lines propose what the winner does."""
        return sum(c.agrees_with(self.winner) for c in self.losers)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A choice that was made while `tracing`."""

    cell: str
    at: int
    """Offset of the anchor in the document text, in code points."""
    choice: Choice[Any]


@dataclass(slots=True)
class Trace:
    """The choices made while tracing, in the order in which they were made."""

    recorded: list[Recorded] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    """Id of each row → the offset that its choices are kept by."""
    evidence: dict[str, Mapping[str, float]] = field(default_factory=dict)
    """Id of each row → what its confidence was made of."""

    def of(self, cell: str, at: int) -> Choice[Any] | None:
        """Return the last choice for the cell at that anchor, None where there was none."""
        return next((r.choice for r in reversed(self.recorded) if (r.cell, r.at) == (cell, at)), None)


def choose(candidates: Sequence[Candidate[T]], *, cell: str = "", at: int = -1) -> Choice[T] | None:
    """Return the choice among the candidates, None where there are none.

    Args:
        candidates: what was proposed; of equal scores the first wins, so they must be in a fixed order.
        cell: the cell that is chosen for, and
        at: the offset of its anchor: what a trace keeps of the choice.
    """
    if not candidates:
        return None
    if len(candidates) == 1:
        choice = Choice(candidates[0])
    else:
        ordered = sorted(candidates, key=lambda c: -c.score)
        choice = Choice(ordered[0], tuple(ordered[1:]))
    trace: Trace | None = getattr(_ACTIVE, "trace", None)
    if trace is not None and cell:
        trace.recorded.append(Recorded(cell, at, choice))
    return choice


def is_tracing() -> bool:
    """Return whether this thread keeps its choices."""
    return getattr(_ACTIVE, "trace", None) is not None


def note_row(row: str, at: int, evidence: Mapping[str, float]) -> None:
    """Keep, while `tracing`, by which offset the choices for a row are found, and what its confidence is made of."""
    trace: Trace | None = getattr(_ACTIVE, "trace", None)
    if trace is not None:
        trace.rows[row] = at
        trace.evidence[row] = evidence


def rename_row(row: str, other: str) -> None:
    """Keep, while tracing, the choices of a row under its other id too."""
    trace: Trace | None = getattr(_ACTIVE, "trace", None)
    if trace is not None and row in trace.rows:
        trace.rows[other] = trace.rows[row]
        trace.evidence[other] = trace.evidence[row]


@contextmanager
def tracing() -> Iterator[Trace]:
    """Keep every choice with a `cell` that this thread makes inside the block: what `claimtable explain` shows."""
    before = getattr(_ACTIVE, "trace", None)
    _ACTIVE.trace = trace = Trace()
    try:
        yield trace
    finally:
        _ACTIVE.trace = before
