"""Annotations and reviews: every revision of what people said."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from claimtable.errors import RecordError
from claimtable.schema import (
    COLUMNS,
    Annotation,
    Review,
    ReviewedRelation,
    ReviewedSpan,
    Submission,
    first_claim_id,
)
from claimtable.store import shown
from claimtable.store.database import Database, moment, now
from claimtable.store.documents import version_id
from claimtable.store.rows import (
    ALL_COLUMNS,
    EXTRACTED_AS_CLAIM,
    EXTRACTED_COLUMNS,
    REVIEW_SELECT,
    claim_from,
    marks,
    names,
    review_from,
    to_json,
)
from claimtable.store.tasks import claims_of_task

_FIXED = ("claim_id", "doc_id")
_FIELD_TYPES = {c.name: c.dtype for c in COLUMNS if c.name in EXTRACTED_COLUMNS and c.name not in _FIXED}
_NEVER_EMPTY = ("kind", "polarity")
SERVER_ORIGIN = "label-studio:"
"""How the origin of an annotation begins that was read from a server, not from a file."""


@dataclass(slots=True)
class ReviewCounts:
    """What adding annotations did."""

    new: int = 0
    """Annotations that came for the first time."""
    changed: int = 0
    """Annotations that came as another revision."""
    unchanged: int = 0
    failed: int = 0
    refused: list[str] = field(default_factory=list)
    """Ids of the annotations that failed."""
    documents: set[str] = field(default_factory=set)
    """Ids of the documents whose rows were worked out anew."""


def add(
    db: Database,
    submissions: Iterable[Submission],
    on_error: Callable[[RecordError], None] | None,
) -> ReviewCounts:
    """Store annotations with their reviews and spans in one transaction."""
    counts = ReviewCounts()
    with db.transaction():
        for submission in submissions:
            try:
                with db.savepoint():
                    what = _add_one(db, submission)
            except RecordError as error:
                if on_error is None:
                    raise
                counts.failed += 1
                counts.refused.append(submission.annotation.annotation_id)
                on_error(error)
                continue
            if what == "new":
                counts.new += 1
            elif what == "changed":
                counts.changed += 1
            else:
                counts.unchanged += 1
                continue
            counts.documents.add(submission.annotation.doc_id)
        for doc_id in sorted(counts.documents):
            shown.refresh(db, doc_id)
    return counts


def _add_one(db: Database, submission: Submission) -> str:
    annotation = submission.annotation
    version = version_id(db, annotation.doc_id, annotation.doc_sha256)
    (text,) = db.one("SELECT text FROM document_versions WHERE id = ?", (version,))
    _check(submission, text)
    digest = _digest(submission)
    last = db.one(
        "SELECT max(revision) FROM annotations WHERE annotation_id = ?", (annotation.annotation_id,)
    )
    revision = (last[0] or 0) + 1
    is_current = True
    current = db.one(
        "SELECT id, updated_at, content_hash FROM annotations WHERE annotation_id = ? AND is_current",
        (annotation.annotation_id,),
    )
    if current is not None:
        key, updated_at, stored = current
        if stored in (digest, *_first_digests(submission)):
            _note_origin(db, key, annotation)
            return "unchanged"
        # Of two that pull at the same time, the one with the older state may come last.
        is_current = moment(annotation.updated_at, "") >= moment(updated_at, "")
        if not is_current and db.one(
            "SELECT 1 FROM annotations WHERE annotation_id = ? AND content_hash = ?",
            (annotation.annotation_id, digest),
        ):
            return "unchanged"
        if is_current:
            db.execute("UPDATE annotations SET is_current = 0 WHERE id = ?", (key,))
    row = {
        **{name: getattr(annotation, name) for name in _ANNOTATION},
        **{"revision": revision, "is_current": int(is_current), "version_id": version},
        **{"content_hash": digest, "stored_at": now(), "result": to_json(annotation.result)},
        "shown": None if annotation.shown is None else to_json(annotation.shown),
    }
    number = db.execute(_insertion("annotations", row), tuple(row.values())).lastrowid or 0
    in_task = {} if annotation.task_key is None else claims_of_task(db, annotation.task_key)
    _insert(db, "reviews", (_review_row(db, in_task, r, number, i) for i, r in enumerate(submission.reviews)))
    _insert(db, "reviewed_spans", (_part_row(span, number, i) for i, span in enumerate(submission.spans)))
    _insert(db, "reviewed_relations", (_part_row(r, number, i) for i, r in enumerate(submission.relations)))
    return "changed" if revision > 1 else "new"


def _digest(submission: Submission) -> str:
    """Return the hash of what a person said and of whom it is said, wherever it was read."""
    return _digest_of(submission.to_dict())


def _digest_of(data: dict[str, Any]) -> str:
    for name in ("origin", "lead_time", "extractor", "shown"):
        data["annotation"].pop(name, None)
    for review in data["reviews"]:
        del review["origin"]
    return hashlib.sha256(to_json(data).encode()).hexdigest()


def _first_digests(submission: Submission) -> Iterator[str]:
    """Yield the hashes that earlier versions wrote for the same: the origin in it, and ids of claims without their letter."""
    data = submission.to_dict()
    del data["annotation"]["shown"]
    yield hashlib.sha256(to_json(data).encode()).hexdigest()
    for review in data["reviews"]:
        review["claim_id"] = first_claim_id(review["claim_id"])
    for span in data["spans"]:
        if "claim_id" in span["attributes"]:
            span["attributes"] = span["attributes"] | {
                "claim_id": first_claim_id(span["attributes"]["claim_id"])
            }
    yield hashlib.sha256(to_json(data).encode()).hexdigest()
    yield _digest_of(data)


def _note_origin(db: Database, key: int, annotation: Annotation) -> None:
    """Have an annotation that was first read from a file known by its place on the server, where deleting it is seen."""
    if annotation.origin.startswith(SERVER_ORIGIN):
        db.execute(
            "UPDATE annotations SET origin = ?1 WHERE id = ?2 AND origin <> ?1", (annotation.origin, key)
        )


_ANNOTATION = (
    *("annotation_id", "doc_id", "reviewer", "outcome", "created_at", "updated_at"),
    *("lead_time", "origin", "task_key", "extractor"),
)
_REVIEW = (
    *("review_id", "doc_id", "claim_id", "decision", "verdict", "evidence_url", "note"),
    *("start", "end", "exact", "prefix", "suffix", "reviewer", "reviewed_at", "origin"),
)


def _insert(db: Database, table: str, rows: Iterable[dict[str, Any]]) -> None:
    made = list(rows)
    if made:
        db.executemany(_insertion(table, made[0]), [tuple(row.values()) for row in made])


def _insertion(table: str, row: Collection[str]) -> str:
    return f"INSERT INTO {table} ({names(row)}) VALUES ({marks(tuple(row))})"


def _review_row(
    db: Database, in_task: dict[str, dict[str, Any]], review: Review, number: int, position: int
) -> dict[str, Any]:
    seen = None if review.decision == "added" else _seen(db, in_task, review)
    return {
        **{name: getattr(review, name) for name in _REVIEW},
        **{"annotation": number, "position": position, "fields": to_json(review.fields)},
        **{"anchor_claim_id": review.claim_id, "seen": None if seen is None else _seen_json(seen)},
    }


def _part_row(record: ReviewedSpan | ReviewedRelation, number: int, position: int) -> dict[str, Any]:
    row = record.to_dict()
    del row["annotation_id"]
    if "attributes" in row:
        row["attributes"] = to_json(row["attributes"])
    return {**row, "annotation": number, "position": position}


def _seen(db: Database, in_task: dict[str, dict[str, Any]], review: Review) -> dict[str, Any]:
    """Return the claim as the person saw it: as the task showed it, else as it stands in the tables."""
    if review.claim_id in in_task:
        return in_task[review.claim_id]
    for columns, view in ((EXTRACTED_AS_CLAIM, "claims_extracted"), (ALL_COLUMNS, "claims")):
        row = db.one(
            f"SELECT {columns} FROM {view} WHERE doc_id = ? AND claim_id = ?",
            (review.doc_id, review.claim_id),
        )
        if row is not None:
            return claim_from(row).to_dict()
    raise RecordError(
        f"{db.path}: review {review.review_id} by {review.reviewer} speaks of claim {review.claim_id}, which document "
        f"{review.doc_id!r} does not have: ingest it with the pipeline that made the task"
    )


def _seen_json(data: dict[str, Any]) -> str:
    return to_json({name: data[name] for name in EXTRACTED_COLUMNS if data.get(name) is not None})


def _check(submission: Submission, text: str) -> None:
    annotation = submission.annotation
    who = f"annotation {annotation.annotation_id} of document {annotation.doc_id!r}"
    for name in ("created_at", "updated_at"):
        moment(getattr(annotation, name), f"{who}, {name}")
    quotes = [(review.start, review.end, review.exact) for review in submission.reviews]
    quotes += [(span.start, span.end, span.text) for span in submission.spans]
    for start, end, words in quotes:
        if not 0 <= start <= end <= len(text) or text[start:end] != words:
            raise RecordError(
                f"{who}: the text at {start}-{end} is not {words!r}: take offsets and words from the same text"
            )
    for review in submission.reviews:
        if (review.annotation_id, review.doc_id, review.doc_sha256) != (
            *(annotation.annotation_id, annotation.doc_id, annotation.doc_sha256),
        ):
            raise RecordError(f"{who}: its review {review.review_id} is of another annotation or document")
        moment(review.reviewed_at, f"{who}, reviewed_at")
        for name, value in review.fields.items():
            _check_field(name, value, who)


def _check_field(name: str, value: Any, who: str) -> None:
    dtype = _FIELD_TYPES.get(name)
    if dtype is None:
        raise RecordError(f"{who}: {name!r} is no column that a person can change")
    if value is None:
        if name in _NEVER_EMPTY:
            raise RecordError(f"{who}: {name} cannot be empty")
        return
    fits = {
        "string": isinstance(value, str),
        "Float64": isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value),
        "Int64": isinstance(value, int) and not isinstance(value, bool),
        "date": isinstance(value, str) and _is_date(value),
    }[dtype]
    if not fits:
        raise RecordError(f"{who}: {name} cannot be {value!r}")


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return len(value) == 10


def withdraw(db: Database, annotation_ids: Iterable[str]) -> int:
    """Take annotations out of what counts, and keep them; return how many did count."""
    withdrawn = 0
    doc_ids: set[str] = set()
    with db.transaction():
        for annotation_id in annotation_ids:
            row = db.one(
                "UPDATE annotations SET is_current = 0, withdrawn_at = ? WHERE annotation_id = ? AND is_current "
                "RETURNING doc_id",
                (now(), annotation_id),
            )
            if row is not None:
                withdrawn += 1
                doc_ids.add(row[0])
        for doc_id in sorted(doc_ids):
            shown.refresh(db, doc_id)
    return withdrawn


def stored_annotations(
    db: Database, doc_id: str | None, task_key: str | None, *, all_revisions: bool
) -> Iterator[Annotation]:
    """Yield annotations in the order of storing."""
    columns = ", ".join(f"a.{name}" for name in _ANNOTATION)
    where, wanted = _where(all_revisions, {"a.doc_id": doc_id, "a.task_key": task_key})
    for *values, sha256, result, shown_claims in db.stream(
        f"SELECT {columns}, d.sha256, a.result, a.shown FROM annotations AS a "
        f"JOIN document_versions AS d ON d.id = a.version_id WHERE {where} ORDER BY a.id",
        wanted,
    ):
        data = dict(zip(_ANNOTATION, values, strict=True))
        yield Annotation(
            **data,
            doc_sha256=sha256,
            result=tuple(json.loads(result)),
            shown=None if shown_claims is None else tuple(json.loads(shown_claims)),
        )


def annotations_below(db: Database, task_key: str, source: str) -> list[tuple[str, str, str]]:
    """Return (id, origin, time of the latest change) of the annotations that count and came from below the source."""
    return db.all(
        "SELECT annotation_id, origin, updated_at FROM annotations WHERE task_key = ?1 AND is_current "
        "AND substr(origin, 1, length(?2)) = ?2",
        (task_key, f"{source}/"),
    )


def shown_to(db: Database, annotation_id: str) -> tuple[str | None, tuple[str, ...]] | None:
    """Return what an annotation was known to have been shown when it came: the extractor, ids of claims; None: unknown."""
    row = db.one(
        "SELECT id, extractor, shown FROM annotations WHERE annotation_id = ? AND extractor IS NOT NULL "
        "ORDER BY shown IS NULL, revision DESC LIMIT 1",
        (annotation_id,),
    )
    if row is None:
        return None
    number, extractor, shown_claims = row
    if shown_claims is not None:
        return extractor, tuple(json.loads(shown_claims))
    # Stored before this was kept: at least what was judged was shown.
    judged = db.all("SELECT claim_id FROM reviews WHERE annotation = ? AND decision <> 'added'", (number,))
    return extractor, tuple(claim_id for (claim_id,) in judged)


def reviewer_of(db: Database, annotation_id: str) -> str | None:
    """Return who made an annotation that is known; None: it is not known."""
    row = db.one(
        "SELECT reviewer FROM annotations WHERE annotation_id = ? ORDER BY revision DESC LIMIT 1",
        (annotation_id,),
    )
    return None if row is None else str(row[0])


def result_of(db: Database, annotation_id: str) -> tuple[dict[str, Any], ...] | None:
    """Return the items of the latest revision of an annotation; None: it is not known."""
    row = db.one(
        "SELECT result FROM annotations WHERE annotation_id = ? ORDER BY revision DESC LIMIT 1",
        (annotation_id,),
    )
    return None if row is None else tuple(json.loads(row[0]))


def reviewers(db: Database) -> list[str]:
    """Return everybody who made an annotation, ordered."""
    return [name for (name,) in db.all("SELECT DISTINCT reviewer FROM annotations ORDER BY reviewer")]


def reviews(
    db: Database, doc_id: str | None, claim_id: str | None, *, all_revisions: bool
) -> Iterator[Review]:
    """Yield reviews in the order of storing."""
    where, wanted = _where(all_revisions, {"r.doc_id": doc_id, "r.claim_id": claim_id})
    for row in db.stream(f"SELECT {REVIEW_SELECT} WHERE {where} ORDER BY r.annotation, r.position", wanted):
        yield review_from(row)


def unanchored(db: Database) -> list[Review]:
    """Return the reviews whose words are no longer in the text of their document."""
    sql = f"SELECT {REVIEW_SELECT} WHERE a.is_current AND r.anchor = 'lost' ORDER BY r.doc_id, r.start"
    return [review_from(row) for row in db.all(sql)]


def spans(db: Database, doc_id: str | None, annotation_id: str | None) -> Iterator[ReviewedSpan]:
    """Yield the spans of the current revisions, annotation by annotation, as they came."""
    columns = ("region_id", "label", "start", "end", "text", "origin", "attributes")
    for annotation, *values in _parts(db, "reviewed_spans", columns, doc_id, annotation_id):
        data = dict(zip(columns, values, strict=True))
        yield ReviewedSpan(annotation, **data | {"attributes": json.loads(data["attributes"])})


def relations(db: Database, doc_id: str | None, annotation_id: str | None) -> Iterator[ReviewedRelation]:
    """Yield the relations of the current revisions, annotation by annotation, as they came."""
    for row in _parts(db, "reviewed_relations", ("from_id", "to_id", "label"), doc_id, annotation_id):
        yield ReviewedRelation(*row)


def _parts(
    db: Database, table: str, columns: tuple[str, ...], doc_id: str | None, annotation_id: str | None
) -> Iterator[Any]:
    selected = ", ".join(f'p."{name}"' for name in columns)
    where, wanted = _where(False, {"a.doc_id": doc_id, "a.annotation_id": annotation_id})
    return db.stream(
        f"SELECT a.annotation_id, {selected} FROM {table} AS p JOIN annotations AS a ON a.id = p.annotation "
        f"WHERE {where} ORDER BY p.annotation, p.position",
        wanted,
    )


def _where(all_revisions: bool, equal: dict[str, str | None]) -> tuple[str, list[str]]:
    """Return the condition for what is given, and its values. Only what is asked for is in it: an index can serve it."""
    given = {name: value for name, value in equal.items() if value is not None}
    conditions = [*([] if all_revisions else ["a.is_current"]), *(f"{name} = ?" for name in given)]
    return " AND ".join(conditions) or "1", list(given.values())
