"""How far reviewers mark the same spans: per label by words and by spans, and which labels they mix up.

By words: each word of the text that two or more read is a unit, carrying the label or not. By spans: for a pair of
reviewers, F1 = 2 * matched / (spans of one + spans of the other), where two spans match one to one if they have the
same label and the same borders (exact), or the same label and at least one character in common (overlapping, best
overlap first). Over several pairs and documents the counts are added up.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from claimtable.review.coefficients import Ratings
from claimtable.review.fields import LABELS
from claimtable.review.work import Work, kept_spans
from claimtable.schema import SAME_PLACE, Offsets, ReviewedSpan, overlap

NOTHING = "-"
"""Stands in the table of labels for a span that the other reviewer did not mark."""

NEAR_CHARS = 2
"""How far borders may lie apart that are about the same: a blank, a full stop, a quotation mark. Hand-set."""

_WORD = re.compile(r"\w+|[^\w\s]")


@dataclass(slots=True)
class SpanCounts:
    """Spans of one label, over pairs of reviewers."""

    spans: int = 0
    """Of both reviewers of each pair."""
    exact: int = 0
    near: int = 0
    overlapping: int = 0
    """Matched pairs of spans; `near` ones have borders that lie at most `NEAR_CHARS` apart."""

    def add(self, left: Sequence[Offsets], right: Sequence[Offsets]) -> None:
        """Count the spans of a pair of reviewers."""
        self.spans += len(left) + len(right)
        self.exact += sum((Counter(left) & Counter(right)).values())
        self.near += sum(_is_near(left[a], right[b]) for a, b in _match(left, right))
        self.overlapping += len(_match(left, right))

    @property
    def exact_f1(self) -> float | None:
        """F1 of spans with the same borders; None without spans."""
        return 2 * self.exact / self.spans if self.spans else None

    @property
    def near_f1(self) -> float | None:
        """F1 of spans with about the same borders; None without spans."""
        return 2 * self.near / self.spans if self.spans else None

    @property
    def overlapping_f1(self) -> float | None:
        """F1 of spans with a character in common; None without spans."""
        return 2 * self.overlapping / self.spans if self.spans else None


@dataclass(slots=True)
class SpanAgreement:
    """Everything that pairs of reviewers marked, compared."""

    labels: dict[str, SpanCounts] = field(default_factory=lambda: {label: SpanCounts() for label in LABELS})
    position: SpanCounts = field(default_factory=SpanCounts)
    """All spans, whatever their labels: by position alone."""
    mixed: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(label, label) of spans in the same place, each pair counted both ways, so that the order of reviewers is
    nothing; `NOTHING` where the other marked nothing there."""

    def add(self, works: Sequence[Work]) -> None:
        """Compare all pairs of reviewers of one version of a document, where both read."""
        for one, other in combinations(sorted(works, key=lambda work: work.reviewer), 2):
            start, end = max(one.start, other.start), min(one.end, other.end)
            if one.reviewer != other.reviewer and one.claim_id == other.claim_id and start < end:
                self._compare(_inside(one, start, end), _inside(other, start, end))

    def _compare(self, ours: list[ReviewedSpan], theirs: list[ReviewedSpan]) -> None:
        for label, counts in self.labels.items():
            left = [_place(span) for span in ours if span.label == label]
            right = [_place(span) for span in theirs if span.label == label]
            counts.add(left, right)
        self.position.add([_place(span) for span in ours], [_place(span) for span in theirs])
        self._mix(ours, theirs)

    def _mix(self, ours: list[ReviewedSpan], theirs: list[ReviewedSpan]) -> None:
        """Count the labels of matched spans: those with the same label first, then the rest by place alone."""
        left, right = list(ours), list(theirs)
        for label in (*LABELS, None):
            lefts = [span for span in left if label in (None, span.label)]
            rights = [span for span in right if label in (None, span.label)]
            # Parts stand inside claims: by place alone only spans of about the same place are the same.
            least = 0.0 if label is not None else SAME_PLACE
            for a, b in _match([_place(s) for s in lefts], [_place(s) for s in rights], least):
                self.mixed[lefts[a].label, rights[b].label] += 1
                self.mixed[rights[b].label, lefts[a].label] += 1
                left.remove(lefts[a])
                right.remove(rights[b])
        for span in (*left, *right):
            self.mixed[span.label, NOTHING] += 1
            self.mixed[NOTHING, span.label] += 1


def word_ratings(works: Sequence[Work], label: str) -> Iterator[Ratings]:
    """Yield, for each word of a document that two or more read, whether it carries the label to each of them."""
    marked = {id(work): [_place(span) for span in kept_spans(work) if span.label == label] for work in works}
    parts = sorted({border for work in works for border in work.place})
    for start, end in pairwise(parts):
        readers = [work for work in works if work.start <= start and end <= work.end]
        if len({work.reviewer for work in readers}) < 2:
            continue
        for word in _WORD.finditer(readers[0].document.text, start, end):
            yield {work.reviewer: any(s <= word.start() < e for s, e in marked[id(work)]) for work in readers}


def _is_near(one: Offsets, other: Offsets) -> bool:
    return abs(one[0] - other[0]) <= NEAR_CHARS and abs(one[1] - other[1]) <= NEAR_CHARS


def _match(left: Sequence[Offsets], right: Sequence[Offsets], least: float = 0.0) -> list[tuple[int, int]]:
    """Return index pairs of spans that overlap, one to one, the best overlap first."""
    found = sorted(
        (
            (-share, a, b)
            for a, one in enumerate(left)
            for b, other in enumerate(right)
            if (share := overlap(one, other)) > 0 and share >= least
        ),
        key=lambda match: (match[0], left[match[1]], right[match[2]]),
    )
    taken_left: set[int] = set()
    taken_right: set[int] = set()
    matches = []
    for _, a, b in found:
        if a not in taken_left and b not in taken_right:
            taken_left.add(a)
            taken_right.add(b)
            matches.append((a, b))
    return matches


def _inside(work: Work, start: int, end: int) -> list[ReviewedSpan]:
    return [span for span in kept_spans(work) if start <= span.start and span.end <= end]


def _place(span: ReviewedSpan) -> Offsets:
    return span.start, span.end
