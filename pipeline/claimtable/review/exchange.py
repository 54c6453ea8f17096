"""What push, pull and setup share: the part of the store that they need, the project, the lock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from claimtable.errors import ReviewError, StoreError
from claimtable.review.checks import missing_from
from claimtable.review.client import Client, MissingError, UnansweredError
from claimtable.review.fields import labelling_config
from claimtable.review.tasks import TaskSource
from claimtable.schema import Claim, Document, Submission, Task, TaskState

Failed = Callable[[Exception], None]
LOCK_SECONDS = 600.0
"""How long a push waits for another one on the same database."""
MOST_ANNOTATORS = 20
"""Of one blind annotation: more than any that was ever reported, and few enough to look all up."""
_DESCRIPTION = (
    "Claims to review. Made by claimtable, which finds its tasks again by the task_key in their data."
)
_REMOTE_ID = "remote_id"


class Added(Protocol):
    """What storing annotations did."""

    new: int
    changed: int
    unchanged: int
    failed: int


class ReviewStore(TaskSource, Protocol):
    """What the exchange needs of a `claimtable.store.Store`, where each method is described."""

    @property
    def path(self) -> Path: ...
    def documents(self, doc_ids: Iterable[str] | None = None) -> Iterator[Document]: ...
    def claims(
        self,
        *,
        where: str | None = None,
        doc_ids: Iterable[str] | None = None,
        order: Literal["text", "check_worthiness", "deadline", "reviewed_at"] = "text",
        limit: int | None = None,
    ) -> Iterator[Claim]: ...
    def add_annotations(
        self, submissions: Iterable[Submission], *, on_error: Callable[[StoreError], None] | None = None
    ) -> Added: ...
    def annotation_times(self, task_key: str, *, source: str) -> dict[str, str]: ...
    def withdraw_annotations(self, annotation_ids: Iterable[str]) -> int: ...
    def put_tasks(self, put: Sequence[Task]) -> None: ...
    def task(self, task_key: str) -> Task | None: ...
    def tasks(
        self,
        *,
        doc_id: str | None = None,
        server: str | None = None,
        project: str | None = None,
        state: TaskState | None = None,
    ) -> Iterator[Task]: ...
    def set_remote(
        self,
        task_key: str,
        remote_id: str | None,
        *,
        state: TaskState = "pushed",
        pushed_at: str | None = None,
    ) -> None: ...
    def sync_value(self, server: str, project: str, key: str) -> str | None: ...
    def set_sync_value(self, server: str, project: str, key: str, value: str | None) -> None: ...


@dataclass(frozen=True, slots=True)
class Project:
    """A project of the server that tasks go to."""

    title: str
    """Also the name under which the database knows it."""
    remote_id: str
    annotator: str | None = None
    """Who alone works in it, in a blind double annotation."""


def titles(project: str, annotators: int) -> list[tuple[str, str | None]]:
    """Returns title and annotator of the projects that one `--project` stands for: one, or one per annotator."""
    if annotators < 2:
        return [(project, None)]
    return [(f"{project} – annotator {n}", str(n)) for n in range(1, annotators + 1)]


def setup(store: ReviewStore, client: Client, title: str, annotator: str | None = None) -> Project:
    """Makes a project with our labelling configuration, or gives it to the one that is there.

    Raises:
        ReviewError: the server refuses or cannot be reached.
    """
    config = labelling_config()
    known = store.sync_value(client.url, title, _REMOTE_ID)
    remote = known if known is not None and _config_of(client, known) is not None else None
    if remote is None:
        remote = client.find_project(title) or _create(client, title, config)
    if client.project_config(remote) != config:
        client.update_project(remote, config)
    if remote != known:
        # Another project by this name: what went to the old one is not in it.
        for task in list(store.tasks(server=client.url, project=title)):
            store.set_remote(task.task_key, None, state="gone")
        store.set_sync_value(client.url, title, "pulled_until", None)
        store.set_sync_value(client.url, title, _REMOTE_ID, remote)
    return Project(title, remote, annotator)


def open_project(
    store: ReviewStore, client: Client, title: str, annotator: str | None = None, *, for_push: bool = False
) -> Project:
    """Returns the project that `setup` made.

    Raises:
        ReviewError: there is none, or (for a push) its labelling configuration lacks something of ours.
    """
    remote = store.sync_value(client.url, title, _REMOTE_ID)
    if remote is None:
        raise ReviewError(
            f"{client.url} has no project {title!r} known here: run claimtable review setup first"
        )
    config = _config_of(client, remote)
    if config is None:
        raise ReviewError(
            f"the project {title!r} ({remote}) is gone from {client.url}: run claimtable review setup, then push again; "
            "reviews that were pulled are kept"
        )
    lacks = missing_from(config, labelling_config()) if for_push else []
    if lacks:
        raise ReviewError(
            f"the labelling configuration of project {title!r} on {client.url} lacks {', '.join(lacks)}: "
            "run claimtable review setup"
        )
    return Project(title, remote, annotator)


def known_projects(store: ReviewStore, client: Client, project: str) -> list[Project]:
    """Returns the project of this title and those of its annotators, as far as they are known here.

    Raises:
        ReviewError: none is, or one is gone from the server.
    """
    candidates = [(project, None), *titles(project, MOST_ANNOTATORS)]
    found = [each for each in candidates if store.sync_value(client.url, each[0], _REMOTE_ID) is not None]
    if not found:
        return [open_project(store, client, project)]
    return [open_project(store, client, title, annotator) for title, annotator in found]


@contextmanager
def one_push_at_a_time(path: Path) -> Iterator[None]:
    """Holds off another push on this database; ended by the system when the process is killed.

    Raises:
        ReviewError: another one has been running for too long.
    """
    from filelock import FileLock, Timeout

    try:
        with FileLock(f"{path}-push.lock", timeout=LOCK_SECONDS):
            yield
    except Timeout:
        raise ReviewError(
            f"{path}: another push has been running for long: wait for it, or stop it"
        ) from None


def _config_of(client: Client, remote: str) -> str | None:
    try:
        return client.project_config(remote)
    except MissingError:
        return None


def _create(client: Client, title: str, config: str) -> str:
    unanswered: UnansweredError | None = None
    try:
        client.create_project(title, config, _DESCRIPTION)
    except UnansweredError as error:
        unanswered = error
    remote = client.find_project(title)
    if remote is None:
        raise unanswered or ReviewError(f"{client.url} made no project {title!r}: try again")
    return remote
