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
from typing import Any

from claimtable.errors import ClaimTableError, ReviewError
from claimtable.review.annotations import annotation_id, read_task
from claimtable.review.client import Client
from claimtable.review.exchange import Failed, Project, ReviewStore
from claimtable.review.tasks import shown_items
from claimtable.schema import Submission, Task

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


def pull(
    store: ReviewStore,
    client: Client,
    project: Project,
    *,
    since: str | None = None,
    everything: bool = False,
    on_error: Failed,
    progress: Callable[[Iterable[dict[str, Any]]], Iterable[dict[str, Any]]] = iter,
) -> PullCounts:
    """Stores the annotations of the tasks that changed.

    Args:
        since: ISO 8601; None: since the last pull.
        everything: read all tasks, whenever they changed.
        on_error: takes what cannot be read or stored, while the rest goes on.
        progress: wraps the tasks as they are read.

    Raises:
        ReviewError: the server cannot be reached, or `since` is no time.
    """
    counts = PullCounts()
    # Before the first task is read: what changes from now on belongs to the next pull.
    last = client.last_change(project.remote_id)
    begin = None if everything else _begin(since or store.sync_value(client.url, project.title, _UNTIL))
    reader = _Reader(store, client, project, counts, on_error, begun=last)
    for batch in _batches(reader.read(progress(client.changed_tasks(project.remote_id, begin)))):
        added = store.add_annotations(batch, on_error=on_error)
        counts.new += added.new
        counts.changed += added.changed
        counts.unchanged += added.unchanged
        counts.failed += added.failed
    counts.withdrawn = store.withdraw_annotations(reader.deleted)
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
        self._counts = counts
        self._on_error = on_error
        self._reviewers: dict[int, str] | None = None

    def read(self, tasks: Iterable[Mapping[str, Any]]) -> Iterator[Submission]:
        for raw in tasks:
            key = (raw.get("data") or {}).get("task_key")
            if isinstance(key, str):
                self._note_deleted(key, raw.get("annotations") or ())
            if not raw.get("annotations"):
                continue
            task = self._store.task(key) if isinstance(key, str) else None
            if not isinstance(key, str) or not {"doc_id", "doc_sha256", "start", "end"} <= raw["data"].keys():
                self._counts.foreign += 1
                continue
            try:
                yield from self._read(raw, task)
            except ClaimTableError as error:
                self._fail(error)

    def _read(self, raw: Mapping[str, Any], task: Task | None) -> Iterator[Submission]:
        data = raw["data"]
        doc_id = data["doc_id"] if task is None else task.doc_id
        document = self._store.document(doc_id, sha256=data["doc_sha256"])
        people = {annotation.get("completed_by") for annotation in raw["annotations"]}
        if self._reviewers is None or not people <= self._reviewers.keys():
            self._reviewers = self._client.reviewers()
        submissions = read_task(
            raw,
            document,
            source=self._source,
            reviewers=self._reviewers,
            shown=lambda: () if task is None else shown_items(document, task),
            on_problem=self._fail,
        )
        for submission in submissions:
            self._counts.skipped += submission.annotation.outcome == "skipped"
            yield submission

    def _note_deleted(self, key: str, annotations: Sequence[Mapping[str, Any]]) -> None:
        there = {annotation_id(key, raw, "") for raw in annotations}
        for stored, updated_at in self._store.annotation_times(key, source=self._source).items():
            # What was made after this pull began may have been stored by another one meanwhile.
            known = self._begun is not None and datetime.fromisoformat(updated_at) <= self._begun
            if stored not in there and known:
                self.deleted.append(stored)

    def _fail(self, error: ClaimTableError) -> None:
        self._counts.failed += 1
        self._on_error(error)


def _batches(submissions: Iterable[Submission]) -> Iterator[list[Submission]]:
    batch: list[Submission] = []
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
