"""What scoring yields: counts, precision, recall and F1 in percent, and mistakes."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Row = Mapping[str, Any]
"""A row of a layer, as `claimtable.nlp.layers` makes it, or of a gold file."""

Rows = Mapping[str, list[Row]]
"""Rows by document id; a document without rows may be absent."""


@dataclass(frozen=True, slots=True)
class Counts:
    """True positives, extracted and gold items. Percentages are rounded to one decimal; nothing of nothing is 0."""

    hits: int = 0
    extracted: int = 0
    gold: int = 0

    @property
    def precision(self) -> float:
        """Share of the extracted items that are right."""
        return round(100 * _ratio(self.hits, self.extracted), 1)

    @property
    def recall(self) -> float:
        """Share of the gold items that were found."""
        return round(100 * _ratio(self.hits, self.gold), 1)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        p, r = _ratio(self.hits, self.extracted), _ratio(self.hits, self.gold)
        return round(200 * p * r / (p + r), 1) if p + r else 0.0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.hits + other.hits, self.extracted + other.extracted, self.gold + other.gold)

    def to_dict(self) -> dict[str, float]:
        """Return percentages and counts under short names."""
        return {
            "p": self.precision,
            "r": self.recall,
            "f1": self.f1,
            "hits": self.hits,
            "extracted": self.extracted,
            "gold": self.gold,
        }


@dataclass(frozen=True, slots=True)
class Share:
    """Right ones among those looked at."""

    right: int = 0
    of: int = 0

    @property
    def percent(self) -> float | None:
        """In percent, one decimal; None when there were none to look at."""
        return round(100 * self.right / self.of, 1) if self.of else None

    def __add__(self, other: Share) -> Share:
        return Share(self.right + other.right, self.of + other.of)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One difference between gold and extraction."""

    kind: Literal["missed", "spurious", "wrong"]
    document: str
    what: str
    """The item: the gold quote or the extracted text."""
    attribute: str | None = None
    """For `wrong`: the attribute that differs."""
    gold: Any = None
    extracted: Any = None
    context: str = ""
    """The sentence around it."""


@dataclass(slots=True)
class Score:
    """The result of one task on one gold set."""

    task: str
    counts: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    shares: dict[str, Share] = field(default_factory=lambda: defaultdict(Share))
    values: dict[str, float] = field(default_factory=dict)
    """Measures that are neither, such as mean average precision (0-1)."""
    mistakes: list[Mistake] = field(default_factory=list)

    def add(self, other: Score) -> None:
        """Add the counts and mistakes of another part of the same task."""
        for name, counts in other.counts.items():
            self.counts[name] += counts
        for name, share in other.shares.items():
            self.shares[name] += share
        self.mistakes.extend(other.mistakes)

    def figures(self) -> dict[str, float]:
        """Return the one figure of each measure: F1, percentage, or value. Measures of nothing are left out."""
        out = {name: counts.f1 for name, counts in self.counts.items()}
        out |= {name: s.percent for name, s in self.shares.items() if s.percent is not None}
        return out | self.values


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def rows_by_document(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Group rows by `doc_id`, order kept."""
    out: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        out[str(row["doc_id"])].append(row)
    return out


def close(left: float | None, right: float | None) -> bool:
    """Return whether two numbers are the same but for rounding (one in ten thousand)."""
    return left is not None and right is not None and math.isclose(left, right, rel_tol=1e-4, abs_tol=1e-8)
