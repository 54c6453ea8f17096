"""Annotations that could not be read, or not whole: they are listed, and each pull tries them again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from claimtable.store.database import Database, now


@dataclass(frozen=True, slots=True)
class Unread:
    """An annotation of which something could not be read."""

    server: str
    project: str
    task: str
    """The server's number of the task."""
    annotation: str
    """The server's number of the annotation; empty where the task as such cannot be read."""
    doc_id: str | None
    reason: str
    first_at: str = ""
    """When it was first met, ISO 8601 in UTC; set where it is stored."""


def put(
    db: Database,
    unread: Iterable[tuple[str, str, str | None, str]],
    server: str,
    project: str,
    tasks: Collection[str],
) -> None:
    """Note what could not be read of these tasks, in one transaction.

    Args:
        db: the database.
        unread: (task, annotation, document, reason), as in `Unread`.
        server: address of the server.
        project: title of the project.
        tasks: the server's numbers of all tasks that were read; what was noted of them before goes away.
    """
    moment = now()
    with db.transaction():
        earlier = {
            (task, annotation): first
            for task, annotation, first in db.all(
                "SELECT task, annotation, first_at FROM unread_annotations WHERE server = ? AND project = ?",
                (server, project),
            )
        }
        db.executemany(
            "DELETE FROM unread_annotations WHERE server = ? AND project = ? AND task = ?",
            [(server, project, task) for task in {task for task, _ in earlier} & set(tasks)],
        )
        for task, annotation, doc_id, reason in unread:
            first = earlier.get((task, annotation), moment)
            db.execute(
                "INSERT OR REPLACE INTO unread_annotations VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (server, project, task, annotation, doc_id, reason, first, moment),
            )


def find(db: Database, server: str | None, project: str | None) -> list[Unread]:
    """Return what could not be read, of one project or all."""
    rows = db.all(
        "SELECT server, project, task, annotation, doc_id, reason, first_at FROM unread_annotations "
        "WHERE (?1 IS NULL OR server = ?1) AND (?2 IS NULL OR project = ?2) ORDER BY server, project, task, annotation",
        (server, project),
    )
    return [Unread(*row) for row in rows]
