"""What the reviewers submitted, on its way into the store. Every pull may be repeated, and ended at any moment.

A pull reads the tasks that changed since the one before, by the server's clock, with some overlap; the store takes
an annotation that it has already for what it is. Drafts and predictions are no reviews.

An annotation that is no longer on its task was deleted by somebody: it is withdrawn, so that it counts no more and
stays in the history. Deleting a whole task or project withdraws nothing: that is how people tidy up when they are done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

from claimtable.errors import ClaimTableError, ReviewError
from claimtable.review.annotations import Context, QuestionError, UnreadError, read_task
from claimtable.review.client import Client, MissingError
from claimtable.review.configuration import Lacking, controls_beyond_ours
from claimtable.review.exchange import Failed, Project, ReviewStore, users_key
from claimtable.review.parts import Extract, PartReader
from claimtable.schema import Submission

OVERLAP = timedelta(minutes=2)
"""Read again at each pull: changes whose transaction took long bear an older time than the last one that was seen."""
BATCH = 100
"""Annotations stored in one transaction."""
_UNTIL = "pulled_until"
_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


@dataclass(slots=True)
class PullCounts:
    """What a pull brought, in annotations."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    skipped: int = 0
    """Of the new and changed ones: tasks that somebody skipped."""
    withdrawn: int = 0
    """Deleted on the server."""
    foreign: int = 0
    """Tasks with annotations that were not made here."""
    failed: int = 0
    questioned: int = 0
    """Read and kept, and unlikely to be meant."""
    unread: int = 0
    """That could not be read, or not whole, those of earlier pulls among them: they are tried again at each."""


def pull(
    store: ReviewStore,
    client: Client,
    project: Project,
    *,
    since: str | None = None,
    everything: bool = False,
    extract: Extract | None = None,
    on_error: Failed,
    progress: Callable[[Iterable[dict[str, Any]]], Iterable[dict[str, Any]]] = iter,
) -> PullCounts:
    """Store the annotations of the tasks that changed.

    Args:
        since: ISO 8601; None: since the last pull.
        everything: read all tasks, whenever they changed.
        extract: extracts from a place of a document, for marks that were moved to where nothing was extracted.
        on_error: takes what cannot be read or stored, while the rest goes on.
        progress: wraps the tasks as they are read.

    Raises:
        ReviewError: the server cannot be reached, or `since` is no time.
    """
    counts = PullCounts()
    # Before the first task is read: what changes from now on belongs to the next pull.
    last = client.last_change(project.remote_id)
    begin = None if everything else _begin(since or store.sync_value(client.url, project.title, _UNTIL))
    reader = _Reader(store, client, project, counts, on_error, extract, begun=last)
    changed = client.changed_tasks(project.remote_id, begin, on_error=reader.fail_task)
    for batch in _batches(reader.read(progress(chain(changed, reader.failed_before())))):
        added = store.add_annotations([one for one, _ in batch], on_error=on_error)
        counts.new += added.new
        counts.changed += added.changed
        counts.unchanged += added.unchanged
        counts.failed += added.failed
        for submission, task in batch:
            if submission.annotation.annotation_id in added.refused:
                reader.note(task, submission.annotation.origin.rpartition("/")[2], "it could not be stored")
    counts.withdrawn = store.withdraw_annotations(reader.deleted)
    reader.keep_unread()
    reader.say_more()
    counts.unread = len(store.unread(server=client.url, project=project.title))
    known = store.sync_value(client.url, project.title, _UNTIL)
    # With --since something older may have been left out, so that this pull says nothing of it.
    if last is not None and since is None and (known is None or last > known):
        store.set_sync_value(client.url, project.title, _UNTIL, last)
    return counts


class _Reader:
    def __init__(
        self,
        store: ReviewStore,
        client: Client,
        project: Project,
        counts: PullCounts,
        on_error: Failed,
        extract: Extract | None,
        *,
        begun: str | None,
    ) -> None:
        self.deleted: list[str] = []
        """Annotations that the tasks read so far no longer have."""
        self._begun = None if begun is None else datetime.fromisoformat(begun)
        self._source = f"label-studio:{client.url}/project/{project.remote_id}"
        self._store = store
        self._client = client
        self._project = project
        self._lacking = Lacking(project.lacks)
        self._counts = counts
        self._on_error = on_error
        self._parts = PartReader(store, extract)
        self._reviewers: dict[int, str] | None = None
        self._noted: set[int] = set()
        self._more: set[str] = set()
        """Controls that people answered with and that are not ours."""
        self._read: set[str] = set()
        """The server's numbers of the tasks read so far."""
        self._unread: dict[tuple[str, str], tuple[str | None, str]] = {}
        """(task, annotation) → document and reason."""

    def failed_before(self) -> Iterator[dict[str, Any]]:
        """Yield the tasks of which an earlier pull could not read something, and that did not come yet."""
        for task in sorted(
            {one.task for one in self._store.unread(server=self._client.url, project=self._project.title)}
        ):
            if task in self._read:
                continue
            try:
                yield self._client.task(int(task))
            except MissingError:
                # Deleted there: nothing can be read any more.
                self._read.add(task)
            except ReviewError as error:
                self.fail_task(task, error)

    def read(self, tasks: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Submission, str]]:
        """Yield what was submitted, with the server's number of the task."""
        for raw in tasks:
            number = str(raw.get("id"))
            self._read.add(number)
            try:
                yield from ((submission, number) for submission in self._read_one(raw))
            except ClaimTableError as error:
                self._fail(error, number, raw)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                words = (
                    f"task {number} on {self._source} is not as it was sent ({type(error).__name__}: {error})"
                )
                self._fail(ReviewError(words), number, raw)

    def fail_task(self, task: str, error: ReviewError) -> None:
        """Take a task that the server cannot give."""
        self._read.add(task)
        self._fail(error, task, {})

    def note(self, task: str, annotation: str, reason: str, doc_id: str | None = None) -> None:
        """Note an annotation that has to be tried again."""
        self._unread[task, annotation] = (doc_id, reason)

    def keep_unread(self) -> None:
        """Store what could not be read of the tasks that were read."""
        server, project = self._client.url, self._project.title
        self._store.set_unread(
            [(task, annotation, *why) for (task, annotation), why in self._unread.items()],
            server=server,
            project=project,
            tasks=self._read,
        )

    def say_more(self) -> None:
        """Say what people answered that is not of our labelling configuration."""
        if self._more:
            self._counts.questioned += 1
            words = f"{', '.join(sorted(self._more))}: not of our labelling configuration"
            self._on_error(QuestionError(f"{self._source}: {words}; kept as it came, and not read"))

    def _read_one(self, raw: Mapping[str, Any]) -> Iterator[Submission]:
        data = raw["data"]
        key = data.get("task_key")
        annotations = raw.get("annotations") or ()
        if isinstance(key, str):
            self._note_deleted(key, str(raw["id"]), annotations)
        if not annotations:
            return
        if not isinstance(key, str) or not {"doc_id", "doc_sha256", "start", "end"} <= data.keys():
            self._counts.foreign += 1
            return
        task = self._store.task(key)
        doc_id = data["doc_id"] if task is None else task.doc_id
        document = self._store.document(doc_id, sha256=data["doc_sha256"])
        context = Context(
            source=self._source,
            reviewers=self._people(annotations),
            memory=self._store,
            claims=() if task is None else task.claims,
            parts=self._parts,
            lacking=self._lacking,
            on_problem=lambda error: self._fail(error, str(raw["id"]), raw),
        )
        self._more |= controls_beyond_ours(annotations)
        for submission in read_task(raw, document, context):
            self._counts.skipped += submission.annotation.outcome == "skipped"
            yield submission

    def _people(self, annotations: Sequence[Mapping[str, Any]]) -> dict[int, str]:
        people = {
            number
            for annotation in annotations
            for name in ("completed_by", "updated_by")
            if isinstance(number := annotation.get(name), int)
        }
        if self._reviewers is None or not people <= self._reviewers.keys():
            self._reviewers = self._client.reviewers()
        for number in (people & self._reviewers.keys()) - self._noted:
            # An export of this server names them by number alone.
            self._store.set_sync_value(self._client.url, "", users_key(number), self._reviewers[number])
            self._noted.add(number)
        return self._reviewers

    def _note_deleted(self, key: str, task: str, annotations: Sequence[Mapping[str, Any]]) -> None:
        there = {str(raw.get("id")) for raw in annotations if isinstance(raw, Mapping)}
        for stored, origin, updated_at in self._store.annotations_below(key, source=self._source):
            of_task, _, number = origin.rpartition("/annotation/")
            # What was made after this pull began may have been stored by another one meanwhile.
            known = self._begun is not None and datetime.fromisoformat(updated_at) <= self._begun
            if number not in there and known and of_task.endswith(f"/task/{task}"):
                self.deleted.append(stored)

    def _fail(self, error: ClaimTableError, task: str, raw: Mapping[str, Any]) -> None:
        if isinstance(error, QuestionError):
            self._counts.questioned += 1
        else:
            self._counts.failed += 1
            annotation = error.annotation if isinstance(error, UnreadError) else ""
            data = raw.get("data")
            doc_id = data.get("doc_id") if isinstance(data, Mapping) else None
            self.note(task, annotation, str(error), doc_id if isinstance(doc_id, str) else None)
        self._on_error(error)


def _batches(submissions: Iterable[tuple[Submission, str]]) -> Iterator[list[tuple[Submission, str]]]:
    batch: list[tuple[Submission, str]] = []
    for submission in submissions:
        batch.append(submission)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _begin(since: str | None) -> str | None:
    if since is None:
        return None
    try:
        moment = datetime.fromisoformat(since)
    except ValueError:
        raise ReviewError(f"{since!r} is no ISO 8601 time, such as 2024-05-01T12:00:00Z") from None
    moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    return (moment - OVERLAP).strftime(_FORMAT)
