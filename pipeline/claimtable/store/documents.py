"""Documents and the versions of their texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from claimtable.errors import RecordError
from claimtable.schema import Document
from claimtable.store.database import Database, now
from claimtable.store.rows import DOCUMENT_COLUMNS, document_from, document_values, marks, names

PAGE = 50
"""Documents read at a time: a few megabytes of articles."""

_COLUMNS = names(DOCUMENT_COLUMNS)
_METADATA = ("title", "author", "published", "url", "sections", "language")


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """What adding a document did."""

    kind: Literal["added", "unchanged", "updated", "changed"]
    """`updated`: the same text with other metadata; `changed`: another text, so another version."""
    version: int
    """Number of the version, from 1; the one before when a text comes back."""
    pipeline: str | None
    """What extracted from this version as it stands; None: nothing has yet, or the metadata changed since."""


def add(db: Database, document: Document) -> DocumentChange:
    """Stores a document, as a new version where its id is known with another text."""
    _check(document)
    values = dict(zip(DOCUMENT_COLUMNS, document_values(document), strict=True))
    sha256 = document.sha256
    with db.transaction():
        current = db.one(
            f"SELECT id, version, sha256, pipeline, source, {names(_METADATA)} FROM document_versions "
            "WHERE doc_id = ? AND is_current",
            (document.id,),
        )
        if current is None:
            return _insert(db, values, sha256, 1, "added")
        key, version, current_sha256, pipeline, source, *metadata = current
        if current_sha256 == sha256:
            if metadata != [values[name] for name in _METADATA]:
                _update(db, key, values)
                return DocumentChange("updated", version, None)
            if source != values["source"]:
                db.execute("UPDATE document_versions SET source = ? WHERE id = ?", (values["source"], key))
            return DocumentChange("unchanged", version, pipeline)
        db.execute("UPDATE document_versions SET is_current = 0 WHERE id = ?", (key,))
        earlier = db.one(
            "SELECT id, version FROM document_versions WHERE doc_id = ? AND sha256 = ?", (document.id, sha256)
        )
        if earlier is not None:
            key, version = earlier
            db.execute("UPDATE document_versions SET is_current = 1 WHERE id = ?", (key,))
            _update(db, key, values)
            return DocumentChange("changed", version, None)
        (last,) = db.one("SELECT max(version) FROM document_versions WHERE doc_id = ?", (document.id,))
        return _insert(db, values, sha256, last + 1, "changed")


def get(db: Database, doc_id: str, sha256: str | None = None) -> Document:
    """Returns the current version, or the one with this hash.

    Raises:
        RecordError: there is no such document or version.
    """
    row = db.one(
        f"SELECT {_COLUMNS} FROM document_versions WHERE {_WHICH[sha256 is None]}", _key(doc_id, sha256)
    )
    if row is None:
        raise unknown(db, doc_id, sha256)
    return document_from(row)


def version_id(db: Database, doc_id: str, sha256: str) -> int:
    """Returns the row number of a version.

    Raises:
        RecordError: there is no such document or version.
    """
    row = db.one("SELECT id FROM document_versions WHERE doc_id = ? AND sha256 = ?", (doc_id, sha256))
    if row is None:
        raise unknown(db, doc_id, sha256)
    key: int = row[0]
    return key


def unknown(db: Database, doc_id: str, sha256: str | None) -> RecordError:
    """Returns the error for a document or version that is not there."""
    if sha256 is not None and db.one("SELECT 1 FROM document_versions WHERE doc_id = ?", (doc_id,)):
        return RecordError(
            f"{db.path}: no version of document {doc_id!r} has the SHA-256 {sha256}: ingest the text that is meant"
        )
    return RecordError(f"{db.path}: there is no document {doc_id!r}: ingest it first")


def stream(db: Database, doc_ids: tuple[str, ...] | None) -> Iterator[Document]:
    """Yields the current versions in the order of their ids, a page at a time; writing in between is safe."""
    if doc_ids is not None:
        for doc_id in doc_ids:
            yield get(db, doc_id)
        return
    last = ""
    while True:
        page = db.all(
            f"SELECT {_COLUMNS} FROM document_versions WHERE is_current AND doc_id > ? "
            f"ORDER BY doc_id LIMIT {PAGE}",
            (last,),
        )
        for row in page:
            yield document_from(row)
        if len(page) < PAGE:
            return
        last = page[-1][0]


_WHICH = {True: "doc_id = ? AND is_current", False: "doc_id = ? AND sha256 = ?"}


def _key(doc_id: str, sha256: str | None) -> tuple[str, ...]:
    return (doc_id,) if sha256 is None else (doc_id, sha256)


def _check(document: Document) -> None:
    if not document.id:
        raise RecordError(f"a document from {document.source or 'nowhere'} has no id: give it one")


def _insert(
    db: Database, values: dict[str, Any], sha256: str, version: int, kind: Literal["added", "changed"]
) -> DocumentChange:
    row = {**values, "sha256": sha256, "version": version, "is_current": 1, "added_at": now()}
    columns = tuple(row)
    db.execute(
        f"INSERT INTO document_versions ({names(columns)}) VALUES ({marks(columns)})", tuple(row.values())
    )
    return DocumentChange(kind, version, None)


def _update(db: Database, key: int, values: dict[str, Any]) -> None:
    columns = (*_METADATA, "source")
    assignments = ", ".join(f"{name} = ?" for name in columns)
    db.execute(
        f"UPDATE document_versions SET {assignments}, pipeline = NULL, extraction_hash = NULL WHERE id = ?",
        (*(values[name] for name in columns), key),
    )
