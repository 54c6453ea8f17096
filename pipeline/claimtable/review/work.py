"""What people submitted, read back from the store: each person's work on each part of a document."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from claimtable.review.annotations import review_id
from claimtable.review.fields import PARTS
from claimtable.review.regions import Regions, read_regions
from claimtable.review.tasks import claim_region
from claimtable.schema import (
    Annotation,
    Claim,
    Document,
    Offsets,
    Review,
    ReviewedRelation,
    ReviewedSpan,
    Submission,
    Task,
)


class ReviewReader(Protocol):
    """What is needed of a store to read reviews back."""

    def annotations(self, doc_id: str | None = None) -> Iterator[Annotation]:
        """Yield annotations, each in its latest revision."""

    def reviews(self, doc_id: str | None = None) -> Iterator[Review]:
        """Yield the reviews of these."""

    def reviewed_spans(self, doc_id: str | None = None) -> Iterator[ReviewedSpan]:
        """Yield their spans."""

    def reviewed_relations(self, doc_id: str | None = None) -> Iterator[ReviewedRelation]:
        """Yield their relations."""

    def document(self, doc_id: str, *, sha256: str | None = None) -> Document:
        """Return the version of a document with this hash."""

    def task(self, task_key: str) -> Task | None:
        """Return a task."""

    def extracted_claims(self, doc_id: str, *, sha256: str | None = None) -> Iterator[Claim]:
        """Yield the claims as extracted from one version of a document."""


@dataclass(frozen=True)
class Work:
    """One person's submitted work on one part of a document."""

    submission: Submission
    document: Document
    """In the version that the person saw."""
    start: int
    end: int
    """The part that the person saw."""
    shown: tuple[Claim, ...] = ()
    """The claims that the person was asked about, as they were extracted."""
    claim_id: str | None = None
    """The claim that alone the person was asked about; None: about all of the part."""

    @property
    def reviewer(self) -> str:
        """Who did it."""
        return self.submission.annotation.reviewer

    @property
    def place(self) -> Offsets:
        """The part of the text."""
        return self.start, self.end

    @property
    def is_whole(self) -> bool:
        """Whether the person was asked about all of the part, and is known to have been shown what was extracted."""
        return self.claim_id is None and self.submission.annotation.extractor is not None

    @functools.cached_property
    def regions(self) -> Regions:
        """What the person left on the screen."""
        items = self.submission.annotation.result
        return read_regions(items, offset=self.start, length=self.end - self.start, on_problem=lambda _: None)


def kept_spans(work: Work) -> list[ReviewedSpan]:
    """Return what a person marked, without claims that they rejected or are unsure of, and without their parts."""
    submission = work.submission
    number = submission.annotation.annotation_id
    dropped_reviews = {r.review_id for r in submission.reviews if r.decision in ("rejected", "unsure")}
    claims = {span.region_id for span in submission.spans if span.label == "Claim"}
    dropped = {
        span.region_id
        for span in submission.spans
        if span.label == "Claim"
        and {review_id(number, span.region_id), _asked(work, number)} & dropped_reviews
    }
    tied: dict[str, set[str]] = {}
    for relation in submission.relations:
        for part, claim in ((relation.to_id, relation.from_id), (relation.from_id, relation.to_id)):
            if claim in claims:
                tied.setdefault(part, set()).add(claim)
    return [
        span
        for span in submission.spans
        if span.region_id not in dropped
        # A part that was sent with a claim has lost its tie with the claim's mark.
        and (
            span.label not in PARTS
            or bool(tied.get(span.region_id, set()) - dropped)
            or (span.origin == "manual" and span.region_id not in tied)
        )
    ]


def _asked(work: Work, number: str) -> str:
    """Return the id of the review of a task about one claim, whatever became of its mark."""
    return "" if work.claim_id is None else review_id(number, claim_region(work.claim_id))


def read_work(store: ReviewReader) -> Iterator[list[Work]]:
    """Yield, for each version of a document that people reviewed, all the work on it; what was skipped is left out.

    Of several annotations of one person on one part the latest counts.
    """
    for doc_id in sorted({annotation.doc_id for annotation in store.annotations()}):
        by_version: dict[str, list[Work]] = {}
        for work in _work_on(store, doc_id):
            by_version.setdefault(work.document.sha256, []).append(work)
        for works in by_version.values():
            yield latest(works)


def latest(works: Iterable[Work]) -> list[Work]:
    """Return the latest work of each person on each part of one document."""
    ordered = sorted(
        works, key=lambda w: (w.submission.annotation.updated_at, w.submission.annotation.annotation_id)
    )
    return list({(work.reviewer, work.place, work.claim_id): work for work in ordered}.values())


def _work_on(store: ReviewReader, doc_id: str) -> Iterator[Work]:
    reviews = _by_annotation(store.reviews(doc_id))
    spans = _by_annotation(store.reviewed_spans(doc_id))
    relations = _by_annotation(store.reviewed_relations(doc_id))
    documents: dict[str, Document] = {}
    for annotation in store.annotations(doc_id):
        if annotation.outcome == "skipped":
            continue
        sha256 = annotation.doc_sha256
        if sha256 not in documents:
            documents[sha256] = store.document(doc_id, sha256=sha256)
        document = documents[sha256]
        task = store.task(annotation.task_key) if annotation.task_key is not None else None
        claims = task.claims if task is not None else tuple(store.extracted_claims(doc_id, sha256=sha256))
        key = annotation.annotation_id
        yield Work(
            Submission(
                annotation,
                reviews=tuple(reviews.get(key, ())),
                spans=tuple(spans.get(key, ())),
                relations=tuple(relations.get(key, ())),
            ),
            document,
            0 if task is None else task.start,
            len(document.text) if task is None else task.end,
            claims,
            None if task is None else task.claim_id,
        )


class _OfAnnotation(Protocol):
    @property
    def annotation_id(self) -> str: ...


T = TypeVar("T", bound=_OfAnnotation)


def _by_annotation(records: Iterable[T]) -> dict[str, list[T]]:
    grouped: dict[str, list[T]] = {}
    for record in records:
        grouped.setdefault(record.annotation_id, []).append(record)
    return grouped
