"""Which document a file is: its path identifies it, its content decides the version."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from claimtable.schema import Document
from claimtable.store.database import Database


def identify(db: Database, document: Document, path: Path) -> Document:
    """Return the document of a file under the id that it has here, and notes that the file is that document.

    A document with an id of its own keeps it. One whose id is the hash of its text is the one that its path stood for
    before, whatever it says now; a copy of a known file is the same document until one of the two changes.
    """
    name = str(path.resolve())
    derived = document.sha256[:16]
    if document.id != derived:
        _note(db, name, document.id)
        return document
    known = db.one("SELECT doc_id FROM document_paths WHERE path = ?", (name,))
    doc_id = _of_source(db, document) if known is None else str(known[0])
    if doc_id is not None and _shared(db, doc_id, name) and _current(db, doc_id) != document.sha256:
        doc_id = None
    if doc_id is None:
        doc_id = derived
        if _current(db, derived) not in (None, document.sha256):
            # The document that began with this text says something else by now, in another file.
            doc_id = hashlib.sha256(f"{derived} {name}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
    _note(db, name, doc_id)
    return replace(document, id=doc_id)


def _of_source(db: Database, document: Document) -> str | None:
    """Return the only document that came from this path before paths were noted; None without one."""
    found = db.all(
        "SELECT v.doc_id FROM document_versions AS v WHERE v.source = ? AND v.is_current AND v.doc_id NOT IN "
        "(SELECT doc_id FROM document_paths) AND EXISTS (SELECT 1 FROM document_versions AS f "
        "WHERE f.doc_id = v.doc_id AND substr(f.sha256, 1, 16) = f.doc_id)",
        (document.source,),
    )
    return str(found[0][0]) if len(found) == 1 else None


def _shared(db: Database, doc_id: str, name: str) -> bool:
    """Return whether another file that is still there is this document, too."""
    others = db.all("SELECT path FROM document_paths WHERE doc_id = ? AND path <> ?", (doc_id, name))
    return any(Path(path).exists() for (path,) in others)


def _current(db: Database, doc_id: str) -> str | None:
    row = db.one(
        "SELECT v.sha256 FROM document_versions AS v LEFT JOIN removed_documents AS r ON r.version_id = v.id "
        "WHERE v.doc_id = ? AND (v.is_current OR r.doc_id IS NOT NULL)",
        (doc_id,),
    )
    return None if row is None else str(row[0])


def _note(db: Database, name: str, doc_id: str) -> None:
    db.execute(
        "INSERT INTO document_paths VALUES (?, ?) ON CONFLICT (path) DO UPDATE SET doc_id = excluded.doc_id",
        (name, doc_id),
    )
