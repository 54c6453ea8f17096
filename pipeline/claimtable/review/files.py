"""Tasks and annotations as files, for a Label Studio that cannot be reached from here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, get_args

from claimtable.errors import ClaimTableError, ReviewError
from claimtable.review.annotations import read_task
from claimtable.review.checks import check_task
from claimtable.review.fields import CHOICES, CONTROLS, LABEL_CONTROL, LABELS, PARTS, labelling_config
from claimtable.review.tasks import TaskSource, shown_items, stored_tasks
from claimtable.schema import (
    ActorType,
    Change,
    Kind,
    Polarity,
    Submission,
    Task,
    Verdict,
)

SERVER = "file:"
"""Stands for the server of tasks that go out and come back as files."""

_CHOICES: Mapping[str, frozenset[str]] = {
    "kind": frozenset(get_args(Kind)),
    "change": frozenset(get_args(Change)),
    "polarity": frozenset(get_args(Polarity)),
    "verdict": frozenset(get_args(Verdict)),
    "actor_type": frozenset(get_args(ActorType)),
    "bound": frozenset(CHOICES["bound"].values()),
}

Failed = Callable[[Exception], object]


class FileStore(TaskSource, Protocol):
    """What the exchange of files needs of a store."""

    def task(self, task_key: str) -> Task | None: ...
    def put_tasks(self, put: Sequence[Task]) -> None: ...


def export_tasks(
    store: FileStore,
    doc_ids: Iterable[str],
    *,
    extractor: str,
    annotator: str | None = None,
    on_error: Failed,
) -> Iterator[dict[str, Any]]:
    """Yields the tasks of documents as Label Studio imports them, and notes in the store that they are out.

    Args:
        extractor: name and version of what extracted; comes back with each annotation.
        annotator: whose tasks these are, in a blind double annotation.
        on_error: takes what cannot be exported, while the rest goes on.
    """
    for doc_id in doc_ids:
        try:
            tasks = stored_tasks(store, doc_id, extractor=extractor, annotator=annotator)
        except ClaimTableError as error:
            on_error(error)
            continue
        for task in tasks:
            if problems := check_task(task, labelling_config()):
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
    """Yields what people submitted, from a JSON export of a Label Studio project.

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
    for number, task in enumerate(_tasks(path, raw), 1):
        where = f"{path}: task {task.get('id', f'number {number}') if isinstance(task, Mapping) else number}"
        try:
            yield from _read_task(task, where, source, store, reviewers, on_error)
        except ClaimTableError as error:
            on_error(ReviewError(f"{where}: {error}"))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            # Edited by hand: anything may be missing or of another type.
            on_error(
                ReviewError(f"{where} is not as Label Studio writes it ({type(error).__name__}: {error})")
            )


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
    where: str,
    source: str,
    store: FileStore,
    reviewers: Mapping[Any, str],
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
    if (
        not 0 <= data["start"] < data["end"] <= len(document.text)
        or len(data["text"]) != data["end"] - data["start"]
    ):
        raise ReviewError(
            f"its text is not characters {data['start']}-{data['end']} of document {document.id}"
        )
    readable = []
    for annotation in task["annotations"]:
        problems = list(_problems(annotation.get("result") or ()))
        if problems:
            on_error(
                ReviewError(
                    f"{where}, annotation {annotation.get('id')}: {'; '.join(dict.fromkeys(problems))}: it was made "
                    "with another labelling configuration than annotations/labelling_config.xml, or changed by hand"
                )
            )
        else:
            readable.append(annotation)
    yield from read_task(
        {**task, "annotations": readable},
        document,
        source=source,
        reviewers=reviewers,
        shown=lambda: () if known is None else shown_items(document, known),
        on_problem=on_error,
    )


def _problems(items: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    relations = {part.lower() for part in PARTS}
    for item in items:
        if item.get("type") == "relation":
            yield from (f"unknown relation {n!r}" for n in item.get("labels") or () if n not in relations)
            continue
        name, value = item.get("from_name"), item["value"]
        if name == LABEL_CONTROL:
            yield from (f"unknown label {one!r}" for one in value.get("labels") or () if one not in LABELS)
        elif name not in CONTROLS:
            yield f"unknown field {name!r}"
        elif name in _CHOICES:
            chosen = value.get("choices") or ()
            yield from (f"unknown {name} {one!r}" for one in chosen if one not in _CHOICES[name])
