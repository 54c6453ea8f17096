"""What people confirmed of a text: the spans that hold after several reviewers, part by part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from claimtable.review.work import Work
from claimtable.schema import Document, Offsets, ReviewedSpan

LATEST = "latest"
MAJORITY = "majority"
NAMED = "adjudicator:"
"""The rules of the store, by which one of several reviews holds."""


@dataclass(frozen=True, slots=True)
class ConfirmedText:
    """A part of a document that somebody reviewed to its end, with its spans."""

    document: Document
    start: int
    end: int
    spans: tuple[ReviewedSpan, ...]
    """In text order, offsets in the document."""


def confirmed(works: Iterable[Work], rule: str) -> Iterator[ConfirmedText]:
    """Yields the parts of one version of a document that people reviewed.

    Args:
        works: all the work on it, as `read_work` yields it.
        rule: `latest`: the spans of the latest reviewer of a part; `majority`: those that more than half of its
            reviewers marked alike; `adjudicator:NAME`: theirs where they reviewed it, else the latest.
    """
    parts: dict[Offsets, list[Work]] = {}
    for work in works:
        parts.setdefault(work.place, []).append(work)
    for (start, end), readers in sorted(parts.items()):
        spans = sorted(_spans(readers, rule), key=lambda span: (span.start, span.end, span.label))
        yield ConfirmedText(readers[0].document, start, end, tuple(spans))


def _spans(readers: Sequence[Work], rule: str) -> list[ReviewedSpan]:
    ordered = sorted(readers, key=lambda work: work.submission.annotation.updated_at)
    if rule == MAJORITY:
        votes = Counter(key for work in ordered for key in {_key(span) for span in work.submission.spans})
        chosen = {
            _key(span): span
            for work in ordered
            for span in work.submission.spans
            if 2 * votes[_key(span)] > len(ordered)
        }
        return list(chosen.values())
    named = [work for work in ordered if rule == NAMED + work.reviewer]
    return list((named or ordered)[-1].submission.spans)


def _key(span: ReviewedSpan) -> tuple[str, int, int, str | None]:
    return span.label, span.start, span.end, span.attributes.get("actor_type")
