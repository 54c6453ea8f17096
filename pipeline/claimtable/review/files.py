"""Tasks and annotations as files, for a Label Studio that cannot be reached from here."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from claimtable.errors import ClaimTableError, ReviewError
from claimtable.review.annotations import Context, Memory, read_task
from claimtable.review.checks import check_task
from claimtable.review.claim_tasks import stored_claim_tasks
from claimtable.review.configuration import Lacking, lacking_in, unknown_in
from claimtable.review.exchange import users_key
from claimtable.review.fields import By, labelling_config
from claimtable.review.parts import PartReader
from claimtable.review.tasks import TaskSource, stored_tasks
from claimtable.schema import Submission, Task

SERVER = "file:"
"""Stands for the server of tasks that go out and come back as files."""

Failed = Callable[[Exception], object]


class FileStore(TaskSource, Memory, Protocol):
    """What the exchange of files needs of a store."""

    def sync_value(self, server: str, project: str, key: str) -> str | None: ...

    def task(self, task_key: str) -> Task | None: ...
    def put_tasks(self, put: Sequence[Task]) -> None: ...


def export_tasks(
    store: FileStore,
    doc_ids: Iterable[str],
    *,
    extractor: str,
    annotator: str | None = None,
    by: By = "article",
    on_error: Failed,
) -> Iterator[dict[str, Any]]:
    """Yield the tasks of documents as Label Studio imports them, and note in the store that they are out.

    Args:
        extractor: name and version of what extracted; comes back with each annotation.
        annotator: whose tasks these are, in a blind double annotation.
        by: what one task is.
        on_error: takes what cannot be exported, while the rest goes on.
    """
    for doc_id in doc_ids:
        try:
            make = stored_tasks if by == "article" else stored_claim_tasks
            tasks = make(store, doc_id, extractor=extractor, annotator=annotator)
        except ClaimTableError as error:
            on_error(error)
            continue
        for task in tasks:
            if problems := check_task(task, labelling_config(by)):
                on_error(ReviewError(f"{doc_id}: its task cannot be exported: {'; '.join(problems)}"))
                continue
            known = store.task(task.task_key)
            # What went to a server is not overwritten: its number there would be lost.
            if known is None or known.server == SERVER:
                store.put_tasks([task.record(SERVER, "", state="pushed")])
            yield task.to_import()


def read_annotations(
    path: Path, store: FileStore, *, reviewers: Mapping[Any, str], on_error: Failed
) -> Iterator[Submission]:
    """Yield what people submitted, from a JSON export of a Label Studio project.

    Args:
        path: the file.
        store: holds the documents that the tasks were made from.
        reviewers: user id → e-mail address or name; an export has the id alone.
        on_error: takes each task and annotation that cannot be read, while the rest goes on.

    Raises:
        ReviewError: the file is no such export.
    """
    raw = _read(path)
    source = f"{SERVER}{hashlib.sha256(raw).hexdigest()[:16]}"
    tasks = _tasks(path, raw)
    lacking = _check_configuration(path, tasks, on_error)
    for number, task in enumerate(tasks, 1):
        where = f"{path}: task {task.get('id', f'number {number}') if isinstance(task, Mapping) else number}"
        try:
            yield from _read_task(task, source, store, reviewers, lacking, on_error)
        except ClaimTableError as error:
            on_error(ReviewError(f"{where}: {error}"))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            # Edited by hand: anything may be missing or of another type.
            on_error(
                ReviewError(f"{where} is not as Label Studio writes it ({type(error).__name__}: {error})")
            )


def _check_configuration(path: Path, tasks: Sequence[Any], on_error: Failed) -> Lacking:
    """Say what differs between our labelling configuration and that of the project, and return what it lacked."""
    more: set[str] = set()
    for task in tasks:
        for annotation in (task.get("annotations") or ()) if isinstance(task, Mapping) else ():
            with contextlib.suppress(AttributeError, TypeError, ValueError):
                # What is malformed is said where it is read.
                more |= set(unknown_in(annotation.get("result") or ()))
    lacking = lacking_in(tasks)
    differs = [
        *([f"has {', '.join(sorted(more))}, which are kept as they came and not read"] if more else []),
        *(
            [f"seems to lack {', '.join(sorted(lacking.names))}, which stay as they were"]
            if lacking.names
            else []
        ),
    ]
    if differs:
        on_error(
            ReviewError(
                f"{path}: the labelling configuration of the project was changed: it {'; it '.join(differs)}; run "
                "claimtable review setup, or give it annotations/labelling_config.xml again"
            )
        )
    return lacking


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ReviewError(f"{path} cannot be read: {error.strerror or error}") from error


def _tasks(path: Path, raw: bytes) -> list[Any]:
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise ReviewError(
            f"{path} is not JSON ({error}): export the project as JSON in Label Studio"
        ) from error
    if not isinstance(data, list):
        raise ReviewError(f"{path} holds no list of tasks: export the project as JSON in Label Studio")
    first = data[0] if data else None
    if isinstance(first, Mapping) and "data" not in first and {"annotator", "annotation_id"} & {*first}:
        raise ReviewError(
            f"{path} is an export as JSON-MIN, which drops relations and what belongs to a region: choose JSON"
        )
    return data


def _read_task(
    task: Any,
    source: str,
    store: FileStore,
    reviewers: Mapping[Any, str],
    lacking: Lacking,
    on_error: Failed,
) -> Iterator[Submission]:
    data = task["data"]
    if "annotations" not in task:
        raise ReviewError("it has no annotations: export the project as JSON in Label Studio")
    missing = [name for name in ("doc_id", "doc_sha256", "start", "end", "text") if name not in data]
    if missing:
        raise ReviewError(f"its data lack {', '.join(missing)}: it was not made by claimtable")
    known = store.task(data["task_key"]) if data.get("task_key") else None
    document = store.document(
        known.doc_id if known is not None else data["doc_id"], sha256=data["doc_sha256"]
    )
    if not 0 <= data["start"] < data["end"] <= len(document.text):
        raise ReviewError(
            f"its text is not characters {data['start']}-{data['end']} of document {document.id}"
        )
    context = Context(
        source=source,
        reviewers=_People(store, known, reviewers),
        memory=store,
        claims=() if known is None else known.claims,
        parts=PartReader(store),
        lacking=lacking,
        on_problem=on_error,
    )
    yield from read_task(task, document, context)


class _People(dict[Any, str]):
    """Who a user with a number is: as given, else as the server of the task was heard to call them."""

    def __init__(self, store: FileStore, task: Task | None, given: Mapping[Any, str]) -> None:
        super().__init__(given)
        self._store = store
        self._server = None if task is None else task.server

    def __contains__(self, number: object) -> bool:
        return self.get(number) is not None

    def __getitem__(self, number: Any) -> str:
        name: str | None = self.get(number)
        if name is None:
            raise KeyError(number)
        return name

    def get(self, number: Any, default: Any = None) -> Any:
        """Return the name of a user."""
        name = super().get(number)
        if name is None and self._server is not None and isinstance(number, int):
            name = self._store.sync_value(self._server, "", users_key(number))
        return default if name is None else name
