"""The store: everything that lasts, in one SQLite file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from claimtable.errors import RecordError
from claimtable.schema import (
    Actor,
    Annotation,
    CheckName,
    Claim,
    Document,
    Finding,
    Review,
    ReviewedRelation,
    ReviewedSpan,
    Submission,
    Task,
    TaskState,
)
from claimtable.store import (
    disagreements,
    documents,
    extraction,
    findings,
    paths,
    reviews,
    settings,
    shown,
    status,
    tasks,
    unread_annotations,
)
from claimtable.store.conditions import checked
from claimtable.store.database import Database
from claimtable.store.disagreements import Disagreement
from claimtable.store.documents import DocumentChange, DocumentEntry
from claimtable.store.extraction import Extraction, Mention
from claimtable.store.reviews import ReviewCounts
from claimtable.store.rows import ALL_COLUMNS, claim_from
from claimtable.store.shown import ReviewedClaim
from claimtable.store.status import Counts
from claimtable.store.unread_annotations import Unread

Order = Literal["text", "check_worthiness", "deadline", "reviewed_at"]

_ORDERS: dict[Order, str] = {
    "text": 'doc_id, start, "end", claim_id',
    "check_worthiness": "check_worthiness DESC, doc_id, start, claim_id",
    "deadline": "deadline IS NULL, deadline, doc_id, start, claim_id",
    "reviewed_at": "reviewed_at IS NULL, reviewed_at DESC, doc_id, start, claim_id",
}


class Store:
    """An open claims database. Several processes may have one open; a writer waits for another.

    What is written is written in one transaction per call, or per `with store.transaction()`. Iterators read a
    file that others may write to meanwhile: each sees the state of its beginning, `documents` that of its page.

    What a call has written survives the end of the process, however it comes; should the power fail, the last calls
    may be undone, whole.

    Every method raises `StoreError`, which names the file, when it cannot be read or written.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    @classmethod
    def open(cls, path: str | Path, *, create: bool = True, read_only: bool = False) -> Store:
        """Open a database, and bring its tables up to date.

        Args:
            path: the file.
            create: make it where there is none.
            read_only: write nothing (but what brings an old database up to date).

        Raises:
            StoreError: there is none, it is something else, was made by a newer version, or cannot be written.
        """
        return cls(Database(Path(path), create=create, read_only=read_only))

    @property
    def path(self) -> Path:
        """The file."""
        return self._db.path

    def verify(self) -> Self:
        """Return the store, if its file is undamaged as far as its structure tells; see `Database.verify`.

        Raises:
            StoreError: it is damaged.
        """
        self._db.verify()
        return self

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def transaction(self) -> AbstractContextManager[None]:
        """Make all calls in the block one transaction: all is written, or nothing."""
        return self._db.transaction()

    def add_document(self, document: Document) -> DocumentChange:
        """Store a document. Another text under a known id becomes a new version; the earlier ones stay."""
        with self._db.transaction():
            change = documents.add(self._db, document)
            if change.kind == "changed":
                shown.refresh(self._db, document.id)
            return change

    def identify(self, document: Document, path: Path) -> Document:
        """Return the document of a file under the id that it has here: its path identifies it.

        A document that was given an id keeps it.
        """
        with self._db.transaction():
            return paths.identify(self._db, document, path)

    def document_list(self, *, removed: bool = False) -> list[DocumentEntry]:
        """Return the documents that are there, or those that were removed, ordered by id."""
        return documents.entries(self._db, removed=removed)

    def sources(self) -> set[str]:
        """Return where the documents came from, in any version, and their addresses."""
        return documents.sources(self._db)

    def remove_document(self, doc_id: str) -> None:
        """Take a document and its claims out of everything that is shown; reviews stay in the history.

        Raises:
            RecordError: there is none.
        """
        with self._db.transaction():
            documents.remove(self._db, doc_id)
            shown.refresh(self._db, doc_id)

    def restore_document(self, doc_id: str) -> None:
        """Bring a document back that was removed, with its claims and reviews.

        Raises:
            RecordError: no document of this id was removed.
        """
        with self._db.transaction():
            documents.restore(self._db, doc_id)
            shown.refresh(self._db, doc_id)

    def document(self, doc_id: str, *, sha256: str | None = None) -> Document:
        """Return a document in its current version, or in the one with this hash.

        Raises:
            RecordError: there is none.
        """
        return documents.get(self._db, doc_id, sha256)

    def documents(self, doc_ids: Iterable[str] | None = None) -> Iterator[Document]:
        """Yield current versions, ordered by id, or those asked for in that order. Writing meanwhile is safe."""
        return documents.stream(self._db, None if doc_ids is None else tuple(doc_ids))

    def save_extraction(self, document: Document, extracted: Extraction, *, pipeline: str) -> bool:
        """Store what was extracted from the current version of a document, in place of what was before.

        Reviews stay; a row that is no longer extracted stays, flagged `vanished`, where a person touched it.

        Args:
            document: as stored.
            extracted: everything that was extracted from it.
            pipeline: name and version of what extracted it.

        Returns:
            Whether anything changed; nothing does when the document has another text by now.

        Raises:
            RecordError: the document is not there, or a claim is not one of it.
        """
        with self._db.transaction():
            changed = extraction.save(self._db, document, extracted, pipeline)
            if changed:
                shown.refresh(self._db, document.id)
            return changed

    def claims(
        self,
        *,
        where: str | None = None,
        doc_ids: Iterable[str] | None = None,
        order: Order = "text",
        limit: int | None = None,
    ) -> Iterator[Claim]:
        """Yield the rows of the claims table: the person's value where there is one.

        Args:
            where: an SQL condition over the columns of the view `claims`, such as `kind = 'prediction' AND
                deadline < '2025-01-01'`; `end` is a word of SQL and has to be written `"end"`. It can read
                the claims alone, and write nothing.
            doc_ids: documents to take; None takes all.
            order: `text`: by document and place; `check_worthiness`: highest first; `deadline`: soonest first;
                `reviewed_at`: latest first.
            limit: most rows.

        Raises:
            StoreError: `where` is no such condition.
        """
        conditions = [] if where is None else [checked(where, self.path)]
        values: list[object] = []
        if doc_ids is not None:
            chosen = tuple(doc_ids)
            conditions.append(f"doc_id IN ({', '.join('?' * len(chosen))})")
            values += chosen
        sql = f"SELECT {ALL_COLUMNS} FROM claims WHERE {' AND '.join(conditions) or '1'} ORDER BY {_ORDERS[order]}"
        if limit is not None:
            sql += " LIMIT ?"
            values.append(limit)
        for row in self._db.stream(sql, values, condition=where):
            with self._db.records():
                claim = claim_from(row)
            yield claim

    def extracted_claims(self, doc_id: str, *, sha256: str | None = None) -> Iterator[Claim]:
        """Yield the claims as extracted from the current version of a document, or from the one with this hash."""
        return extraction.claims(self._db, doc_id, sha256)

    def reviewed_claims(self, doc_id: str, *, annotator: str | None = None) -> list[ReviewedClaim]:
        """Return the claims of a document as they stand after what people said, in text order.

        Args:
            doc_id: the document; in its current version.
            annotator: whose tasks alone count, in a blind double annotation; None: everybody's.
        """
        return shown.state(self._db, doc_id, annotator)

    def actors(self, doc_id: str) -> list[Actor]:
        """Return the actors of a document."""
        return extraction.actors(self._db, doc_id)

    def mentions(self, doc_id: str, *, layer: str | None = None) -> list[Mention]:
        """Return the mentions of a document: `quantities`, `times`, `actor_mentions`, `attributions`, `predictions`, or all."""
        return extraction.mentions(self._db, doc_id, layer)

    def add_annotations(
        self,
        submissions: Iterable[Submission],
        *,
        on_error: Callable[[RecordError], None] | None = None,
    ) -> ReviewCounts:
        """Store annotations with what was read from them, in one transaction.

        One that is known and differs becomes a new revision, and every revision stays; one that is known and
        does not differ changes nothing. Of two states the one with the later `updated_at` holds, in whatever order they
        come.

        Args:
            submissions: annotations with their reviews, spans and relations.
            on_error: called with each one that cannot be stored, while the rest goes on; None: nothing is
                stored, and the first is raised.
        """
        return reviews.add(self._db, submissions, on_error)

    def withdraw_annotations(self, annotation_ids: Iterable[str]) -> int:
        """Take annotations that were deleted where they came from out of what counts. They stay in the history.

        Returns:
            How many of them counted until now. One that comes again counts again.
        """
        return reviews.withdraw(self._db, annotation_ids)

    def annotations_below(self, task_key: str, *, source: str) -> list[tuple[str, str, str]]:
        """Return (id, origin, time of the latest change in ISO 8601) of a task's annotations that came from a source."""
        return reviews.annotations_below(self._db, task_key, source)

    def shown_to(self, annotation_id: str) -> tuple[str | None, tuple[str, ...]] | None:
        """Return what an annotation was known to have been shown when it first came: extractor and ids of claims.

        None where it is not stored, or that was not known.
        """
        return reviews.shown_to(self._db, annotation_id)

    def reviewer_of(self, annotation_id: str) -> str | None:
        """Return who made an annotation that is stored; None: it is not."""
        return reviews.reviewer_of(self._db, annotation_id)

    def result_of(self, annotation_id: str) -> tuple[dict[str, Any], ...] | None:
        """Return the items of the latest revision of an annotation; None: it is not stored."""
        return reviews.result_of(self._db, annotation_id)

    def reviewers(self) -> list[str]:
        """Return everybody who made an annotation, ordered."""
        return reviews.reviewers(self._db)

    def set_unread(
        self,
        unread: Iterable[tuple[str, str, str | None, str]],
        *,
        server: str,
        project: str,
        tasks: Collection[str],
    ) -> None:
        """Note what could not be read of these tasks, in place of what was noted of them before.

        Args:
            unread: (task, annotation, document, reason), as in `Unread`.
            server: address of the server.
            project: title of the project.
            tasks: the server's numbers of the tasks that were read.
        """
        unread_annotations.put(self._db, unread, server, project, tasks)

    def unread(self, *, server: str | None = None, project: str | None = None) -> list[Unread]:
        """Return the annotations that could not be read, or not whole, of one project or all."""
        return unread_annotations.find(self._db, server, project)

    def annotations(
        self, doc_id: str | None = None, *, task_key: str | None = None, all_revisions: bool = False
    ) -> Iterator[Annotation]:
        """Yield annotations in the order of storing, each in its latest revision or in all."""
        return reviews.stored_annotations(self._db, doc_id, task_key, all_revisions=all_revisions)

    def reviews(
        self, doc_id: str | None = None, *, claim_id: str | None = None, all_revisions: bool = False
    ) -> Iterator[Review]:
        """Yield reviews in the order of storing, of the latest revision of each annotation or of all."""
        return reviews.reviews(self._db, doc_id, claim_id, all_revisions=all_revisions)

    def unanchored_reviews(self) -> list[Review]:
        """Return the reviews whose words are no longer in the text of their document, or no longer in one place alone."""
        return reviews.unanchored(self._db)

    def disagreements(self) -> Iterator[Disagreement]:
        """Yield the claims on which reviewers disagree; those that a named adjudicator has reviewed are none."""
        return disagreements.find(self._db)

    def reviewed_spans(
        self, doc_id: str | None = None, *, annotation_id: str | None = None
    ) -> Iterator[ReviewedSpan]:
        """Yield labelled spans as people left them, in the latest revision of each annotation."""
        return reviews.spans(self._db, doc_id, annotation_id)

    def reviewed_relations(
        self, doc_id: str | None = None, *, annotation_id: str | None = None
    ) -> Iterator[ReviewedRelation]:
        """Yield relations as people left them, in the latest revision of each annotation."""
        return reviews.relations(self._db, doc_id, annotation_id)

    @property
    def adjudication(self) -> str:
        """How several reviews of a claim become one row: `latest`, `majority`, or `adjudicator:NAME`."""
        return settings.adjudication(self._db)

    @property
    def database_id(self) -> str:
        """A UUID of the database, made at its first use: whose a project on a server is."""
        with self._db.transaction():
            return settings.database_id(self._db)

    def set_adjudication(self, rule: str) -> None:
        """Set that rule, and works out the rows that people touched anew.

        Raises:
            StoreError: there is no such rule.
        """
        with self._db.transaction():
            settings.set_adjudication(self._db, rule)
            for (doc_id,) in self._db.all("SELECT DISTINCT doc_id FROM reviews"):
                shown.refresh(self._db, doc_id)

    def save_findings(self, found: Iterable[Finding], *, checks: Collection[CheckName]) -> None:
        """Store what checks found: each finding once, however often it is found.

        Args:
            found: all that these checks find now.
            checks: those that ran; what they found before and find no longer is no longer open.
        """
        with self._db.transaction():
            findings.save(self._db, found, checks)

    def findings(self) -> list[Finding]:
        """Return the findings that are open, check by check."""
        return findings.current(self._db)

    def put_tasks(self, put: Sequence[Task]) -> None:
        """Write tasks, each in place of the one with its key."""
        tasks.put(self._db, put)

    def task(self, task_key: str) -> Task | None:
        """Return a task."""
        return tasks.get(self._db, task_key)

    def tasks(
        self,
        *,
        doc_id: str | None = None,
        server: str | None = None,
        project: str | None = None,
        state: TaskState | None = None,
    ) -> Iterator[Task]:
        """Yield the tasks that fit all that is given, ordered by document and place."""
        return tasks.stream(self._db, doc_id=doc_id, server=server, project=project, state=state)

    def set_remote(
        self,
        task_key: str,
        remote_id: str | None,
        *,
        state: TaskState = "pushed",
        pushed_at: str | None = None,
    ) -> None:
        """Note the server's id of a task and its state; `pushed_at` None leaves that time as it is.

        Raises:
            RecordError: there is no such task.
        """
        tasks.set_remote(self._db, task_key, remote_id, state, pushed_at)

    def sync_value(self, server: str, project: str, key: str) -> str | None:
        """Return what was noted under a key for a project of a server."""
        return tasks.sync_value(self._db, server, project, key)

    def set_sync_value(self, server: str, project: str, key: str, value: str | None) -> None:
        """Note a value under a key for a project of a server; None takes it away. Never a credential."""
        tasks.set_sync_value(self._db, server, project, key, value)

    def tables(self) -> list[str]:
        """Return the names of all tables and views."""
        rows = self._db.all("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name")
        return [name for (name,) in rows]

    def status(self) -> Counts:
        """Count what is there."""
        return status.count(self._db)
