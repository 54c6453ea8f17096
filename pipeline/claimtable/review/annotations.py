"""What comes back from Label Studio, read as annotations, reviews and spans.

A claim that was shown and is still there is *accepted*, or *corrected* where a field, a part or its place differs
from what was shown; one whose region is gone is *rejected*; a claim region that was not shown is *added*. Texts are
always taken from the document by their offsets, never from what the server holds as text.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, get_args

from claimtable.errors import ReviewError
from claimtable.review.fields import (
    CLAIM_CONTROLS,
    CONTROLS,
    LABEL_CONTROL,
    TEXT_COLUMNS,
    VERDICT_COLUMNS,
    read_control,
)
from claimtable.review.tasks import NAMESPACE, part_words
from claimtable.schema import (
    CONTEXT_CHARS,
    Annotation,
    Decision,
    Document,
    Review,
    ReviewedRelation,
    ReviewedSpan,
    Submission,
    Verdict,
)

Raw = Mapping[str, Any]
Problem = Callable[[ReviewError], object]


@dataclass(slots=True)
class Region:
    """One region of an annotation: its label, its place in the document, its fields."""

    region_id: str
    label: str
    start: int
    end: int
    fields: dict[str, Any] = field(default_factory=dict)
    """Control → plain value; empty ones are left out."""
    meta: dict[str, Any] = field(default_factory=dict)

    @property
    def claim_id(self) -> str | None:
        """Id of the extracted claim that the region was made from; None for one made by hand."""
        return self.meta.get("claim_id") if self.label == "Claim" else None


@dataclass(frozen=True, slots=True)
class Regions:
    """All regions of an annotation or a prediction, and which are tied to which."""

    by_id: dict[str, Region]
    relations: tuple[tuple[str, str, str], ...]
    """(from, to, label)."""
    unread: frozenset[str]
    """Ids of regions that are not as they should be."""

    def columns(self, region: Region, text: str) -> dict[str, Any]:
        """Returns what a claim's region says: column → plain value, its parts' words included, empty ones left out."""
        columns = {name: value for name, value in region.fields.items() if name in CLAIM_CONTROLS}
        tied: dict[str, set[tuple[int, int]]] = {}
        for start, end, _ in self.relations:
            other = end if start == region.region_id else start if end == region.region_id else None
            part = self.by_id.get(other) if other is not None else None
            if part is not None and part.label in TEXT_COLUMNS:
                tied.setdefault(TEXT_COLUMNS[part.label], set()).add((part.start, part.end))
        for name, places in tied.items():
            if words := part_words(text, places):
                columns[name] = words
        return columns


def read_task(
    raw: Raw,
    document: Document,
    *,
    source: str,
    reviewers: Mapping[Any, str],
    shown: Callable[[], Sequence[Raw]] = tuple,
    on_problem: Problem,
) -> Iterator[Submission]:
    """Yields what people submitted on a task, as the server lists it or as an export file holds it.

    Args:
        document: the text that the task was made from.
        source: where the task stands, such as `label-studio:<server>/project/3`.
        reviewers: user id → e-mail address or name, where `completed_by` is an id alone.
        shown: returns the pre-annotations that were sent, to fall back on where the task no longer has them.
        on_problem: takes what could not be read; the rest of the task is read nonetheless.
    """
    for annotation in raw.get("annotations") or ():
        yield _read_annotation(raw, annotation, document, source, reviewers, shown, on_problem)


def annotation_id(task_key: str | None, raw: Raw, origin: str) -> str:
    """Returns the id of an annotation: the same from the server, under whatever address, and from an export of it."""
    if task_key is None:
        return str(uuid.uuid5(NAMESPACE, origin))
    return str(uuid.uuid5(NAMESPACE, json.dumps(["annotation", task_key, raw["id"], raw["created_at"]])))


def review_id(annotation_id: str, region_id: str) -> str:
    """Returns the id of what an annotation says about the claim of one of its regions."""
    return str(uuid.uuid5(NAMESPACE, json.dumps([annotation_id, region_id])))


def read_regions(
    items: Iterable[Raw], *, offset: int, length: int, on_problem: Callable[[str], object]
) -> Regions:
    """Reads the items of an annotation or prediction.

    Args:
        offset: where the task's text begins in the document.
        length: of the task's text, in code points.
    """
    regions: dict[str, Region] = {}
    fields: list[tuple[str, str, Any]] = []
    relations: list[tuple[str, str, str]] = []
    unread: set[str] = set()
    for item in items:
        value = item.get("value") or {}
        region = str(item.get("id", ""))
        if item.get("type") == "relation":
            labels = item.get("labels") or [""]
            relations.append((str(item.get("from_id")), str(item.get("to_id")), str(labels[0])))
        elif item.get("from_name") == LABEL_CONTROL:
            place, labels = _place(value, length), value.get("labels")
            if place is None or not labels or region in regions:
                on_problem(f"region {region or '?'} has no label, no place in the text, or the id of another")
                unread.add(region)
                continue
            meta = item.get("meta")
            regions[region] = Region(
                region,
                str(labels[0]),
                offset + place[0],
                offset + place[1],
                meta=dict(meta) if isinstance(meta, Mapping) else {},
            )
        elif item.get("from_name") in CONTROLS:
            name = str(item["from_name"])
            fields.append((region, name, read_control(name, value)))
    for region, name, content in fields:
        if region in regions and content is not None:
            regions[region].fields[name] = content
    known = ((start, end, label) for start, end, label in relations if start in regions and end in regions)
    return Regions(regions, tuple(dict.fromkeys(known)), frozenset(unread))


def _place(value: Raw, length: int) -> tuple[int, int] | None:
    start, end = value.get("start"), value.get("end")
    if isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= length:
        return start, end
    return None


def _read_annotation(
    task: Raw,
    raw: Raw,
    document: Document,
    source: str,
    reviewers: Mapping[Any, str],
    shown: Callable[[], Sequence[Raw]],
    on_problem: Problem,
) -> Submission:
    data = task["data"]
    start, end = int(data.get("start", 0)), int(data.get("end", len(document.text)))
    origin = f"{source}/task/{task['id']}/annotation/{raw['id']}"
    prediction = _prediction(task, raw)
    key = data.get("task_key")
    annotation = Annotation(
        annotation_id=annotation_id(key, raw, origin),
        task_key=key,
        doc_id=document.id,
        doc_sha256=document.sha256,
        reviewer=_reviewer(raw.get("completed_by"), reviewers),
        outcome="skipped" if raw.get("was_cancelled") else "submitted",
        created_at=_utc(raw["created_at"]),
        updated_at=_utc(raw.get("updated_at") or raw["created_at"]),
        lead_time=raw.get("lead_time"),
        origin=origin,
        result=tuple(dict(item) for item in raw.get("result") or ()),
        extractor=prediction.get("model_version") if prediction else None,
    )
    if annotation.outcome == "skipped":
        return Submission(annotation)

    def problem(words: str) -> None:
        on_problem(
            ReviewError(f"{document.id}: annotation {raw['id']} of task {task['id']} on {source}: {words}")
        )

    items = prediction.get("result") if prediction else None
    before = read_regions(items or shown(), offset=start, length=end - start, on_problem=lambda _: None)
    after = read_regions(annotation.result, offset=start, length=end - start, on_problem=problem)
    return Submission(
        annotation,
        reviews=tuple(_reviews(annotation, document, before, after)),
        spans=tuple(_spans(annotation, document, before, after)),
        relations=tuple(
            ReviewedRelation(annotation.annotation_id, *relation) for relation in after.relations
        ),
    )


def _reviews(annotation: Annotation, document: Document, before: Regions, after: Regions) -> Iterator[Review]:
    for region in after.by_id.values():
        if region.label != "Claim":
            continue
        columns = after.columns(region, document.text)
        first = before.by_id.get(region.region_id)
        claim_id = region.claim_id or (first.claim_id if first is not None else None)
        if claim_id is None:
            yield _review(
                annotation, document, region, _added_id(annotation, region), "added", columns, columns
            )
            continue
        shown = region.meta.get("shown")
        if not isinstance(shown, Mapping):
            shown = before.columns(first, document.text) if first is not None else {}
        names = sorted({*shown, *columns})
        changed = {name: columns.get(name) for name in names if shown.get(name) != columns.get(name)}
        moved = first is not None and (first.start, first.end) != (region.start, region.end)
        corrected = moved or any(name not in VERDICT_COLUMNS for name in changed)
        decision: Decision = "corrected" if corrected else "accepted"
        yield _review(annotation, document, region, claim_id, decision, changed, columns)
    claims = {region.claim_id for region in before.by_id.values()} - {None}
    returned = {region.claim_id for region in after.by_id.values()} - {None}
    if returned - claims:
        # The person saw other pre-annotations than those that the task has now, so what is
        # missing may never have been shown.
        return
    for region in before.by_id.values():
        if region.claim_id is None or region.region_id in after.unread:
            continue
        left = after.by_id.get(region.region_id)
        if left is None or left.label != "Claim":
            yield _review(annotation, document, region, region.claim_id, "rejected", {}, {})


def _review(
    annotation: Annotation,
    document: Document,
    region: Region,
    claim_id: str,
    decision: Decision,
    changed: Mapping[str, Any],
    columns: Mapping[str, Any],
) -> Review:
    verdict = columns.get("verdict")
    text = document.text
    return Review(
        review_id=review_id(annotation.annotation_id, region.region_id),
        annotation_id=annotation.annotation_id,
        doc_id=document.id,
        doc_sha256=annotation.doc_sha256,
        claim_id=claim_id,
        decision=decision,
        fields={name: value for name, value in changed.items() if name not in VERDICT_COLUMNS},
        verdict=verdict if verdict in get_args(Verdict) else None,
        evidence_url=columns.get("evidence_url"),
        note=columns.get("note"),
        start=region.start,
        end=region.end,
        exact=text[region.start : region.end],
        prefix=text[max(0, region.start - CONTEXT_CHARS) : region.start],
        suffix=text[region.end : region.end + CONTEXT_CHARS],
        reviewer=annotation.reviewer,
        reviewed_at=annotation.updated_at,
        origin=annotation.origin,
    )


def _spans(
    annotation: Annotation, document: Document, before: Regions, after: Regions
) -> Iterator[ReviewedSpan]:
    for region in after.by_id.values():
        first = before.by_id.get(region.region_id)
        same = first is not None and (first.label, first.start, first.end, first.fields) == (
            region.label,
            region.start,
            region.end,
            region.fields,
        )
        yield ReviewedSpan(
            annotation_id=annotation.annotation_id,
            region_id=region.region_id,
            label=region.label,
            start=region.start,
            end=region.end,
            text=document.text[region.start : region.end],
            origin="manual" if first is None else "prediction" if same else "prediction-changed",
            attributes=region.fields
            | {name: region.meta[name] for name in ("claim_id", "actor_id") if name in region.meta},
        )


def _prediction(task: Raw, annotation: Raw) -> Raw | None:
    """Returns the prediction that the person saw; where the server doesn't say which, the task's latest."""
    # An export embeds it; the list of tasks names it.
    embedded = annotation.get("prediction")
    if isinstance(embedded, Mapping) and embedded.get("result"):
        return embedded
    predictions = [p for p in task.get("predictions") or () if isinstance(p, Mapping)]
    for prediction in predictions:
        if prediction.get("id") == annotation.get("parent_prediction"):
            return prediction
    return max(predictions, key=lambda p: p.get("id") or 0, default=None)


def _reviewer(completed_by: Any, reviewers: Mapping[Any, str]) -> str:
    if isinstance(completed_by, Mapping):
        return str(completed_by.get("email") or completed_by.get("id"))
    return reviewers.get(completed_by, f"user {completed_by}")


def _added_id(annotation: Annotation, region: Region) -> str:
    key = json.dumps(["added", annotation.annotation_id, region.region_id])
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _utc(time: str) -> str:
    parsed = datetime.fromisoformat(time)
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
