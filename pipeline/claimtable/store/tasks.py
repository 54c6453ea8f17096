"""What is out for review, and the state of the exchange with each server."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any

from claimtable.errors import RecordError
from claimtable.schema import Claim, Task, TaskState
from claimtable.store.database import Database
from claimtable.store.documents import version_id
from claimtable.store.rows import marks, names, to_json

_COLUMNS = tuple(f.name for f in fields(Task) if f.name not in ("doc_sha256", "claims"))
_STORED = ("version_id", *_COLUMNS, "claims")
_PUT = (
    f"INSERT INTO tasks ({names(_STORED)}) VALUES ({marks(_STORED)}) ON CONFLICT (task_key) DO UPDATE SET "
    + ", ".join(f'"{name}" = excluded."{name}"' for name in _STORED if name != "task_key")
)
_SELECT = (
    ", ".join(f't."{name}"' for name in _COLUMNS)
    + ", d.sha256, t.claims FROM tasks AS t JOIN document_versions AS d ON d.id = t.version_id"
)


def put(db: Database, tasks: Iterable[Task]) -> None:
    """Write tasks, each in place of the one with its key, in one transaction."""
    with db.transaction():
        for task in tasks:
            version = version_id(db, task.doc_id, task.doc_sha256)
            values = [getattr(task, name) for name in _COLUMNS]
            db.execute(_PUT, (version, *values, to_json([claim.to_dict() for claim in task.claims])))


def stream(
    db: Database,
    *,
    doc_id: str | None,
    server: str | None,
    project: str | None,
    state: TaskState | None,
) -> Iterator[Task]:
    """Yield the tasks that fit all that is given, ordered by document and place."""
    wanted = {"doc_id": doc_id, "server": server, "project": project, "state": state}
    given = {name: value for name, value in wanted.items() if value is not None}
    where = " AND ".join(f"t.{name} = :{name}" for name in given) or "1"
    for row in db.stream(f"SELECT {_SELECT} WHERE {where} ORDER BY t.doc_id, t.start, t.task_key", given):
        yield _task(row)


def get(db: Database, task_key: str) -> Task | None:
    """Return the task with this key."""
    row = db.one(f"SELECT {_SELECT} WHERE t.task_key = ?", (task_key,))
    return None if row is None else _task(row)


def claims_of_task(db: Database, task_key: str) -> dict[str, dict[str, Any]]:
    """Return the claims that the task shows, id → what `Claim.to_dict` gave; none where the task is not ours."""
    row = db.one("SELECT claims FROM tasks WHERE task_key = ?", (task_key,))
    return {} if row is None else {data["claim_id"]: data for data in json.loads(row[0])}


def set_remote(
    db: Database, task_key: str, remote_id: str | None, state: TaskState, pushed_at: str | None
) -> None:
    """Note what became of a task on the server; `pushed_at` None leaves that time as it is.

    Raises:
        RecordError: there is no such task.
    """
    with db.transaction():
        done = db.execute(
            "UPDATE tasks SET remote_id = ?, state = ?, pushed_at = coalesce(?, pushed_at) WHERE task_key = ?",
            (remote_id, state, pushed_at, task_key),
        )
        if not done.rowcount:
            raise RecordError(f"{db.path}: there is no task {task_key}: put it first")


def sync_value(db: Database, server: str, project: str, key: str) -> str | None:
    """Return what was noted under a key for a project; None: nothing."""
    row: Any = db.one(
        "SELECT value FROM sync WHERE server = ? AND project = ? AND key = ?", (server, project, key)
    )
    return None if row is None else str(row[0])


def set_sync_value(db: Database, server: str, project: str, key: str, value: str | None) -> None:
    """Note a value under a key for a project; None takes it away."""
    with db.transaction():
        if value is None:
            db.execute(
                "DELETE FROM sync WHERE server = ? AND project = ? AND key = ?", (server, project, key)
            )
        else:
            db.execute(
                "INSERT INTO sync VALUES (?, ?, ?, ?) "
                "ON CONFLICT (server, project, key) DO UPDATE SET value = excluded.value",
                (server, project, key, value),
            )


def _task(row: Any) -> Task:
    *values, sha256, claims = row
    data = dict(zip(_COLUMNS, values, strict=True))
    return Task(
        **data, doc_sha256=sha256, claims=tuple(Claim.from_dict(claim) for claim in json.loads(claims))
    )
