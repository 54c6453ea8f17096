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
_METADATA = ("title", "author", "published", "url", "sections", "language", "pages")


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """What adding a document did."""

    kind: Literal["added", "unchanged", "updated", "changed", "removed"]
    """`updated`: the same text with other metadata; `changed`: another text, so another version; `removed`: it was
    taken out of the database, and nothing was stored."""
    version: int
    """Number of the version, from 1; the one before when a text comes back."""
    pipeline: str | None
    """What extracted from this version as it stands; None: nothing has yet, or the metadata changed since."""


def add(db: Database, document: Document) -> DocumentChange:
    """Store a document, as a new version where its id is known with another text."""
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
            if removed := db.one(
                "SELECT v.version FROM removed_documents AS r JOIN document_versions AS v ON v.id = r.version_id "
                "WHERE r.doc_id = ?",
                (document.id,),
            ):
                return DocumentChange("removed", removed[0], None)
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
    """Return the current version, or the one with this hash.

    Raises:
        RecordError: there is no such document or version.
    """
    row = db.one(
        f"SELECT {_COLUMNS} FROM document_versions WHERE {_WHICH[sha256 is None]}", _key(doc_id, sha256)
    )
    if row is None:
        raise unknown(db, doc_id, sha256)
    return document_from(row)


def sources(db: Database) -> set[str]:
    """Return where the documents came from, in any version, and their addresses."""
    rows = db.all("SELECT source, url FROM document_versions")
    return {name for row in rows for name in row if name}


def remove(db: Database, doc_id: str) -> None:
    """Take a document out of everything that is shown; its texts, claims and reviews stay. Part of a transaction.

    Raises:
        RecordError: there is none.
    """
    row = db.one("SELECT id FROM document_versions WHERE doc_id = ? AND is_current", (doc_id,))
    if row is None:
        raise unknown(db, doc_id, None)
    db.execute("UPDATE document_versions SET is_current = 0 WHERE id = ?", row)
    db.execute("INSERT INTO removed_documents VALUES (?, ?, ?)", (doc_id, row[0], now()))


def restore(db: Database, doc_id: str) -> None:
    """Undo `remove`; part of a transaction.

    Raises:
        RecordError: no document of this id was removed.
    """
    row = db.one("DELETE FROM removed_documents WHERE doc_id = ? RETURNING version_id", (doc_id,))
    if row is None:
        raise RecordError(
            f"{db.path}: no document {doc_id!r} was removed: claimtable documents list --removed shows those that were"
        )
    db.execute("UPDATE document_versions SET is_current = 1 WHERE id = ?", row)


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A document in the list of documents."""

    doc_id: str
    title: str | None
    published: str | None
    """ISO 8601."""
    paths: tuple[str, ...]
    """Files that it came from."""
    version: int
    versions: int
    claims: int
    reviewed: int
    """Claims that a person judged."""
    removed_at: str | None
    """When it was removed, ISO 8601 in UTC; None: it is there."""


def entries(db: Database, *, removed: bool) -> list[DocumentEntry]:
    """Return the documents that are there, or those that were removed, ordered by id."""
    rows = db.all(
        """SELECT v.doc_id, v.title, v.published, v.version,
            (SELECT count(*) FROM document_versions AS o WHERE o.doc_id = v.doc_id),
            (SELECT count(*) FROM claim_rows AS c WHERE c.doc_id = v.doc_id),
            (SELECT count(*) FROM claim_rows AS c WHERE c.doc_id = v.doc_id AND c.status <> 'extracted'),
            r.removed_at, v.source
        FROM document_versions AS v LEFT JOIN removed_documents AS r ON r.version_id = v.id
        WHERE CASE WHEN ? THEN r.doc_id IS NOT NULL ELSE v.is_current END ORDER BY v.doc_id""",
        (removed,),
    )
    paths: dict[str, list[str]] = {}
    for doc_id, path in db.all("SELECT doc_id, path FROM document_paths ORDER BY path"):
        paths.setdefault(doc_id, []).append(path)
    made = []
    for doc_id, title, published, version, versions, claims, reviewed, removed_at, source in rows:
        files = tuple(paths.get(doc_id, [source] if source else []))
        made.append(
            DocumentEntry(doc_id, title, published, files, version, versions, claims, reviewed, removed_at)
        )
    return made


def version_id(db: Database, doc_id: str, sha256: str) -> int:
    """Return the row number of a version.

    Raises:
        RecordError: there is no such document or version.
    """
    row = db.one("SELECT id FROM document_versions WHERE doc_id = ? AND sha256 = ?", (doc_id, sha256))
    if row is None:
        raise unknown(db, doc_id, sha256)
    key: int = row[0]
    return key


def unknown(db: Database, doc_id: str, sha256: str | None) -> RecordError:
    """Return the error for a document or version that is not there."""
    if sha256 is not None and db.one("SELECT 1 FROM document_versions WHERE doc_id = ?", (doc_id,)):
        return RecordError(
            f"{db.path}: no version of document {doc_id!r} has the SHA-256 {sha256}: ingest the text that is meant"
        )
    if db.one("SELECT 1 FROM removed_documents WHERE doc_id = ?", (doc_id,)):
        return RecordError(
            f"{db.path}: document {doc_id!r} was removed: claimtable documents restore {doc_id} brings it back"
        )
    return RecordError(f"{db.path}: there is no document {doc_id!r}: ingest it first")


def stream(db: Database, doc_ids: tuple[str, ...] | None) -> Iterator[Document]:
    """Yield the current versions in the order of their ids, a page at a time; writing in between is safe."""
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
