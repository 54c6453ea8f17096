"""What people confirmed of a text: the spans that hold after several reviewers, part by part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from claimtable.review.claim_tasks import paragraphs
from claimtable.review.work import Work, kept_spans
from claimtable.schema import Claim, Document, Offsets, ReviewedSpan

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


def confirmed(works: Iterable[Work], rule: str, extracted: Sequence[Claim] = ()) -> Iterator[ConfirmedText]:
    """Yield the parts of one version of a document that people reviewed.

    A claim that was rejected is none, nor are its parts. Where claims were judged one by one, a paragraph counts once
    all that was extracted from it is judged.

    Args:
        works: all the work on it, as `read_work` yields it.
        rule: `latest`: the spans of the latest reviewer of a part; `majority`: those that more than half of its
            reviewers marked alike; `adjudicator:NAME`: theirs where they reviewed it, else the latest.
        extracted: the claims that were extracted from this version.
    """
    parts: dict[Offsets, list[Work]] = {}
    by_claim: dict[str, list[Work]] = {}
    for work in works:
        if work.claim_id is None:
            parts.setdefault(work.place, []).append(work)
        else:
            by_claim.setdefault(work.claim_id, []).append(work)
    for (start, end), readers in sorted(parts.items()):
        yield ConfirmedText(readers[0].document, start, end, _ordered(_spans(readers, rule)))
    if by_claim:
        document = next(iter(by_claim.values()))[0].document
        yield from _paragraphs(document, by_claim, rule, extracted, list(parts))


def _paragraphs(
    document: Document,
    by_claim: Mapping[str, Sequence[Work]],
    rule: str,
    extracted: Sequence[Claim],
    taken: Sequence[Offsets],
) -> Iterator[ConfirmedText]:
    """Yield the paragraphs of which every claim was judged by itself, those aside that are read as a whole."""
    judged = {
        claim_id: [work for work in readers if any(r.decision != "unsure" for r in work.submission.reviews)]
        for claim_id, readers in by_claim.items()
    }
    for start, end in paragraphs(document.text):
        inside = [claim for claim in extracted if start <= claim.start < end]
        if not inside or any(low < end and start < high for low, high in taken):
            continue
        if not all(judged.get(claim.claim_id) for claim in inside):
            continue
        spans = [
            span
            for claim in inside
            for span in _spans(judged[claim.claim_id], rule)
            if start <= span.start and span.end <= end
        ]
        yield ConfirmedText(document, start, end, _ordered(spans))


def _ordered(spans: Iterable[ReviewedSpan]) -> tuple[ReviewedSpan, ...]:
    return tuple(sorted(spans, key=lambda span: (span.start, span.end, span.label)))


def _spans(readers: Sequence[Work], rule: str) -> list[ReviewedSpan]:
    ordered = sorted(readers, key=lambda work: work.submission.annotation.updated_at)
    if rule == MAJORITY:
        kept = {id(work): kept_spans(work) for work in ordered}
        votes = Counter(key for work in ordered for key in {_key(span) for span in kept[id(work)]})
        chosen = {
            _key(span): span
            for work in ordered
            for span in kept[id(work)]
            if 2 * votes[_key(span)] > len(ordered)
        }
        return list(chosen.values())
    named = [work for work in ordered if rule == NAMED + work.reviewer]
    return kept_spans((named or ordered)[-1])


def _key(span: ReviewedSpan) -> tuple[str, int, int, str | None]:
    return span.label, span.start, span.end, span.attributes.get("actor_type")
