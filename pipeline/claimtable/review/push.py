"""Claims on their way to the reviewers. Every push may be repeated, and ended at any moment.

A task is known on the server by the `task_key` in its data: it is looked up before anything is sent, and again when a
reply was lost. Two pushes on one database wait for each other; where the server carried out late what was given up
as lost, the second copy is deleted, as long as nobody worked on it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from claimtable.errors import ClaimTableError, ReviewError
from claimtable.review.background import begin
from claimtable.review.checks import check_task
from claimtable.review.claim_tasks import stored_claim_tasks
from claimtable.review.client import (
    ATTEMPTS,
    FIRST_WAIT_SECONDS,
    LONGEST_WAIT_SECONDS,
    Client,
    Found,
    UnansweredError,
)
from claimtable.review.exchange import ORDER_KEY, Failed, Project, ReviewStore, one_push_at_a_time
from claimtable.review.fields import labelling_config
from claimtable.review.tasks import ADJUDICATION, ReviewTask, stored_tasks
from claimtable.review.voices import voices

BATCH_TASKS = 100
"""Tasks in one request: a batch with one bad task is refused whole, and has to be answered within the time limit."""
BATCH_CHARS = 5_000_000
"""Most characters of JSON in one request; a server refuses too large a body with a plain 500."""


@dataclass(slots=True)
class PushCounts:
    """What a push did, in tasks."""

    sent: int = 0
    updated: int = 0
    """Were there with other pre-annotations, and nobody had begun to work on them."""
    unchanged: int = 0
    in_work: int = 0
    """Are there with other pre-annotations, and stay as they are, as somebody has begun to work on them."""
    restored: int = 0
    """Were there, and their pre-annotations were not."""
    retired: int = 0
    """Were there for an earlier text or a claim that is no longer made, and nobody had begun: deleted."""
    again: int = 0
    """Somebody was unsure: they ask a second person now."""
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Selection:
    """Which tasks to push: documents in order, and of each the claims that matter."""

    claims: dict[str, frozenset[str] | None]
    """Document → ids of the claims whose tasks are wanted; None wants every task of the document."""


def select(
    store: ReviewStore,
    *,
    query: str | None = None,
    top: int | None = None,
    documents: Sequence[str] = (),
    project: Project | None = None,
) -> Selection:
    """Choose documents, the most check-worthy first.

    Args:
        query: an SQL condition on the claims, as for `Store.claims`.
        top: the so many most check-worthy claims that nobody reviewed yet.
        documents: ids; all their tasks, with claims or without.
        project: where they are to go. One by claim gets the claims that nobody judged, where nothing is asked for.

    Raises:
        ClaimTableError: the condition is none, or a document is not there.
    """
    if documents:
        for doc_id in documents:
            store.document(doc_id)
        return Selection(dict.fromkeys(documents))
    conditions = [f"({query}\n)"] if query else []
    unjudged = project is not None and project.by == "claim" and project.annotator is None and not query
    if top is not None or unjudged:
        conditions.append("status = 'extracted'")
    chosen: dict[str, set[str]] = {}
    rows = store.claims(where=" AND ".join(conditions) or None, order="check_worthiness", limit=top)
    for claim in rows:
        chosen.setdefault(claim.doc_id, set()).add(claim.claim_id)
    return Selection({doc_id: frozenset(ids) for doc_id, ids in chosen.items()})


def push(
    store: ReviewStore,
    client: Client,
    project: Project,
    selection: Selection,
    *,
    extractor: str,
    on_error: Failed,
    progress: Callable[[Iterable[str]], Iterable[str]] = iter,
) -> PushCounts:
    """Send the tasks that are not there yet, and new pre-annotations of those that nobody has begun.

    Args:
        extractor: name and version of what extracted; comes back with each annotation.
        on_error: takes what cannot be sent, while the rest goes on.
        progress: wraps the ids of the documents as they are done.

    Raises:
        ReviewError: the server cannot be reached or refuses everything.
    """
    counts = PushCounts()
    with one_push_at_a_time(store.path):
        pusher = _Pusher(store, client, project, counts, on_error)
        maker = _Maker(store, client, project, extractor)
        known: dict[str, set[str]] = {}
        for task in store.tasks(server=client.url, project=project.title):
            if task.state != "gone":
                known.setdefault(task.doc_id, set()).add(task.task_key)
        stale: list[str] = []

        def wanted() -> Iterator[ReviewTask]:
            for doc_id in progress(selection.claims):
                try:
                    made = maker.tasks(doc_id)
                except ClaimTableError as error:
                    counts.failed += 1
                    on_error(error)
                    continue
                stale.extend(known.get(doc_id, set()) - {task.task_key for task in made})
                yield from _sendable(made, selection.claims[doc_id], project, on_error, counts)

        pusher.push(_batches(wanted()))
        pusher.settle()
        pusher.retire(stale)
        if project.by == "claim":
            if selection.claims:
                client.update_project(project.remote_id, model_version=extractor)
            if project.annotator is None:
                pusher.ask_again()
    return counts


class _Maker:
    """Makes the tasks of documents for one project."""

    def __init__(self, store: ReviewStore, client: Client, project: Project, extractor: str) -> None:
        self._store = store
        self._project = project
        self._extractor = extractor
        self._order = store.sync_value(client.url, project.title, ORDER_KEY) or "worth"
        self._voices: dict[str, dict[str, str]] = {}
        if project.annotator == ADJUDICATION:
            for conflict in store.disagreements():
                self._voices.setdefault(conflict.doc_id, {})[conflict.claim_id] = voices(conflict)

    def tasks(self, doc_id: str) -> list[ReviewTask]:
        """Return all tasks of a document as its claims stand now.

        Raises:
            ClaimTableError: there is no such document.
        """
        annotator = self._project.annotator
        said = self._voices.get(doc_id, {})
        if self._project.by == "article":
            return stored_tasks(
                self._store, doc_id, extractor=self._extractor, annotator=annotator, voices=said
            )
        tasks = stored_claim_tasks(
            self._store,
            doc_id,
            extractor=self._extractor,
            annotator=annotator,
            order=self._order,
            voices=said,
        )
        # Who decides is asked about what is in dispute alone.
        return [task for task in tasks if annotator != ADJUDICATION or task.claim_id in said]


def _sendable(
    tasks: Sequence[ReviewTask],
    chosen: frozenset[str] | None,
    project: Project,
    on_error: Failed,
    counts: PushCounts,
) -> Iterator[ReviewTask]:
    for task in sorted(tasks, key=lambda task: -task.check_worthiness):
        if chosen is None or any(claim.claim_id in chosen for claim in task.claims):
            if problems := check_task(task, labelling_config(project.by)):
                counts.failed += 1
                on_error(ReviewError(f"{task.doc_id}: its task cannot be sent: {'; '.join(problems)}"))
            else:
                yield task


def _batches(tasks: Iterable[ReviewTask]) -> Iterator[list[ReviewTask]]:
    batch: list[ReviewTask] = []
    size = 0
    for task in tasks:
        chars = len(json.dumps(task.to_import()))
        if batch and (len(batch) == BATCH_TASKS or size + chars > BATCH_CHARS):
            yield batch
            batch, size = [], 0
        batch.append(task)
        size += chars
    if batch:
        yield batch


class _Pusher:
    def __init__(
        self, store: ReviewStore, client: Client, project: Project, counts: PushCounts, on_error: Failed
    ) -> None:
        self._store = store
        self._client = client
        self._project = project
        self._counts = counts
        self._on_error = on_error
        self._uncertain: list[str] = []

    def retire(self, keys: Sequence[str]) -> None:
        """Delete tasks of earlier texts, and of claims that are no longer made, that nobody began to work on."""
        for key, found in self._client.find_tasks(self._project.remote_id, keys).items():
            for task in found:
                raw = None if task.answers else self._client.task(task.task_id)
                if raw is not None and not raw.get("annotations") and not raw.get("drafts"):
                    self._client.delete_task(task.task_id)
                    self._store.set_remote(key, None, state="gone")
                    self._counts.retired += 1

    def ask_again(self) -> None:
        """Have the tasks of which one person was unsure, and which nobody else judged, wait for a second one."""
        key_of = {
            (task.doc_id, task.claim_id): task
            for task in self._store.tasks(
                server=self._client.url, project=self._project.title, state="pushed"
            )
            if task.claim_id is not None
        }
        if not key_of:
            return
        said: dict[tuple[str, str | None], set[str]] = {}
        for review in self._store.reviews():
            said.setdefault((review.doc_id, review.claim_id), set()).add(review.decision)
        for place, task in key_of.items():
            if said.get(place) == {"unsure"} and task.remote_id is not None:
                noted = f"again {task.task_key}"
                if self._store.sync_value(self._client.url, self._project.title, noted) is None:
                    self._client.ask_second(int(task.remote_id))
                    self._store.set_sync_value(self._client.url, self._project.title, noted, "2")
                    self._counts.again += 1

    def push(self, batches: Iterator[list[ReviewTask]]) -> None:
        """Send the tasks that are not there yet, and look after those that are."""
        batch = next(batches, [])
        while batch:
            missing = self._missing(batch)
            sending = begin(partial(self._import, missing)) if missing else None
            # The server takes as long to read a batch as we to make the next one.
            batch = next(batches, [])
            if sending is not None:
                self._send(missing, sending)

    def _missing(self, batch: Sequence[ReviewTask]) -> list[ReviewTask]:
        """Return the tasks that are not there yet, noted as on their way, and look after the others."""
        there = self._client.find_tasks(self._project.remote_id, [task.task_key for task in batch])
        missing = [task for task in batch if task.task_key not in there]
        # Before they are sent: an annotation may come back before we know of the reply.
        server, project = self._client.url, self._project.title
        self._store.put_tasks([task.record(server, project, state="pending") for task in missing])
        for task in batch:
            if task.task_key in there:
                self._refresh(task, there[task.task_key])
        return missing

    def settle(self) -> None:
        """Look again for what was sent without an answer, and delete second copies that nobody worked on."""
        there = self._client.find_tasks(self._project.remote_id, self._uncertain) if self._uncertain else {}
        for key, ids in there.items():
            if len(ids) > 1:
                self._store.set_remote(key, str(self._keep_one([task.task_id for task in ids])))

    def _import(self, tasks: Sequence[ReviewTask]) -> list[int]:
        return self._client.import_tasks(self._project.remote_id, [task.to_import() for task in tasks])

    def _send(self, tasks: list[ReviewTask], sending: Callable[[], list[int]] | None = None) -> None:
        """Send tasks until they are there. `sending` waits for a first attempt that has begun."""
        keys = [task.task_key for task in tasks]
        found: dict[str, list[int]] = {}
        for attempt in range(ATTEMPTS):
            left = [task for task in tasks if task.task_key not in found]
            try:
                ids = sending() if sending is not None and not attempt else self._import(left)
            except UnansweredError as error:
                self._uncertain += [task.task_key for task in left]
                lost: ReviewError | None = error
                time.sleep(max(error.wait, min(FIRST_WAIT_SECONDS * 2**attempt, LONGEST_WAIT_SECONDS)))
            except ReviewError as error:
                self._one_by_one(left, error)
                return
            else:
                lost = None
                if len(ids) == len(left):
                    found |= {task.task_key: [number] for task, number in zip(left, ids, strict=True)}
                    break
            there = self._client.find_tasks(self._project.remote_id, keys)
            found = {key: [task.task_id for task in copies] for key, copies in there.items()}
            if len(found) == len(tasks):
                break
        self._note(found)
        if len(found) < len(tasks):
            raise lost or ReviewError(
                f"{self._client.url} took {len(tasks)} tasks and shows {len(found)} of them: run the command again"
            )

    def _one_by_one(self, tasks: list[ReviewTask], error: ReviewError) -> None:
        """Send tasks by halves: one bad task has the whole batch refused: it alone is to fail."""
        if len(tasks) > 1:
            middle = len(tasks) // 2
            self._send(tasks[:middle])
            self._send(tasks[middle:])
            return
        # Refused as such: the key, the project.
        self._client.project(self._project.remote_id)
        self._counts.failed += 1
        self._on_error(ReviewError(f"{tasks[0].doc_id}: {error}"))

    def _note(self, found: dict[str, list[int]]) -> None:
        for key, ids in found.items():
            self._store.set_remote(key, str(ids[0]), pushed_at=_now())
            self._counts.sent += 1

    def _refresh(self, task: ReviewTask, found: Sequence[Found]) -> None:
        remote = self._keep_one([one.task_id for one in found]) if len(found) > 1 else found[0].task_id
        state = next(one for one in found if one.task_id == remote)
        known = self._store.task(task.task_key)
        if known is not None and not state.predicted:
            # Somebody deleted them: a page without marks would be taken for an article without claims.
            self._client.replace_prediction({"id": remote}, task.prediction())
            self._put(task, remote)
            self._counts.restored += 1
            return
        if known is not None and known.content_hash == task.content_hash:
            self._counts.unchanged += 1
            if (known.remote_id, known.state) != (str(remote), "pushed"):
                self._store.set_remote(task.task_key, str(remote), pushed_at=known.pushed_at or _now())
            return
        raw = None if state.answers else self._client.task(remote)
        if raw is None or raw.get("annotations") or raw.get("drafts"):
            self._counts.in_work += 1
            if known is None:
                self._put(task, remote)
            return
        if task.claim_id is not None:
            # Its cells are data of the task, which a prediction does not change.
            self._client.update_task(remote, task.data)
        self._client.replace_prediction(raw, task.prediction())
        self._put(task, remote)
        self._counts.updated += 1

    def _put(self, task: ReviewTask, remote: int) -> None:
        record = task.record(self._client.url, self._project.title, state="pushed", remote_id=remote)
        self._store.put_tasks([record])

    def _keep_one(self, ids: Sequence[int]) -> int:
        """Delete all copies of a task but one; return that: one that somebody works on, else the oldest."""
        copies = [self._client.task(number) for number in ids]
        worked_on = [raw["id"] for raw in copies if raw.get("annotations") or raw.get("drafts")]
        keep: int = min(worked_on or ids)
        for number in ids:
            if number != keep and number not in worked_on:
                self._client.delete_task(number)
        return keep


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
