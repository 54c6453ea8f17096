"""What push, pull and setup share: the part of the store that they need, the project, the lock."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from claimtable.errors import ReviewError, StoreError
from claimtable.review.checks import missing_from
from claimtable.review.client import Client, MissingError, UnansweredError
from claimtable.review.fields import By, labelling_config
from claimtable.review.tasks import TaskSource
from claimtable.review.voices import Conflict
from claimtable.schema import Claim, Document, Review, Submission, Task, TaskState

Failed = Callable[[Exception], None]
Order = Literal["worth", "uncertain", "mixed"]
"""Which claims come first: the most check-worthy, those the extractor is least sure of, or both in one."""
ORDER_KEY = "order"
SAMPLING = "Uncertainty sampling"
"""Label Studio's name for serving the lowest score first."""
CLAIM_COLUMNS = (
    *("kind", "value", "unit", "subject", "speaker", "time", "deadline", "check_worthiness", "confidence"),
    *("status", "title"),
)
"""Columns of the task list of a project by claim."""
LOCK_SECONDS = 600.0
"""How long a push waits for another one on the same database."""
MOST_ANNOTATORS = 20
"""Of one blind annotation: more than any that was ever reported, and few enough to look all up."""
_DESCRIPTION = (
    "Claims to review. Made by claimtable, which finds its tasks again by the task_key in their data. One task is one "
    "{by}. Database {database}."
)
_OWNER = re.compile(r"Database ([0-9a-f-]{36})\.")
_BY = re.compile(r"One task is one (claim|article)\.")
_REMOTE_ID = "remote_id"


class Added(Protocol):
    """What storing annotations did."""

    new: int
    changed: int
    unchanged: int
    failed: int
    refused: list[str]


class UnreadTask(Protocol):
    """A task of which something could not be read."""

    @property
    def task(self) -> str: ...


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
    def annotations_below(self, task_key: str, *, source: str) -> list[tuple[str, str, str]]: ...
    def shown_to(self, annotation_id: str) -> tuple[str | None, tuple[str, ...]] | None: ...
    def reviewer_of(self, annotation_id: str) -> str | None: ...
    def result_of(self, annotation_id: str) -> tuple[dict[str, Any], ...] | None: ...
    def disagreements(self) -> Iterator[Conflict]: ...
    def reviews(self, doc_id: str | None = None, *, claim_id: str | None = None) -> Iterator[Review]: ...
    def set_unread(
        self,
        unread: Iterable[tuple[str, str, str | None, str]],
        *,
        server: str,
        project: str,
        tasks: Collection[str],
    ) -> None: ...
    def unread(self, *, server: str | None = None, project: str | None = None) -> Sequence[UnreadTask]: ...
    @property
    def database_id(self) -> str: ...
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
    by: By = "article"
    """What one task is: a claim, or (a part of) an article."""
    lacks: frozenset[str] = frozenset()
    """What of our labelling configuration it lacks, as `missing_from` names it."""


def titles(project: str, annotators: int) -> list[tuple[str, str | None]]:
    """Return title and annotator of the projects that one `--project` stands for: one, or one per annotator."""
    if annotators < 2:
        return [(project, None)]
    return [(f"{project} – annotator {n}", str(n)) for n in range(1, annotators + 1)]


def users_key(number: int) -> str:
    """Return the key under which the name of a user of a server is noted."""
    return f"user {number}"


def setup(
    store: ReviewStore,
    client: Client,
    title: str,
    annotator: str | None = None,
    *,
    by: By | None = None,
    new: By = "article",
    order: Order = "worth",
    take_over: bool = False,
    say: Callable[[str], object] = lambda _: None,
) -> Project:
    """Make a project with our labelling configuration, or give it to the one that is there.

    Args:
        store: whose claims.
        client: the server.
        title: of the project.
        annotator: who alone is to work in it.
        by: what one task is; None: as the project has it.
        new: what it is in a new one, where `by` doesn't say.
        order: which claims come first, in a project by claim.
        take_over: also a project that another database made.
        say: told what is removed from the project's configuration, before it is.

    Raises:
        ReviewError: the server refuses or cannot be reached, or the project is another database's.
    """
    known = store.sync_value(client.url, title, _REMOTE_ID)
    found = _find(client, known)
    if found is None:
        known = None
        found = _find(client, client.find_project(title))
    if found is None:
        by = by or new
        found = _create(client, title, labelling_config(by), _description(by, store))
    else:
        by = _check_kind(found, by, title)
        _check_owner(store, client, found, title, known=known is not None, take_over=take_over)
    config = labelling_config(by)
    if found.config != config:
        if removed := missing_from(config, found.config):
            say(f"{title}: its labelling configuration also has {', '.join(removed)}: removed now")
        client.update_project(found.remote_id, label_config=config)
    if found.description != _description(by, store):
        client.update_project(found.remote_id, description=_description(by, store))
    if by == "claim":
        client.update_project(found.remote_id, sampling=SAMPLING)
        client.ensure_view(found.remote_id, CLAIM_COLUMNS)
        store.set_sync_value(client.url, title, ORDER_KEY, order)
    if found.remote_id != known:
        # Another project by this name: what went to the old one is not in it.
        for task in list(store.tasks(server=client.url, project=title)):
            store.set_remote(task.task_key, None, state="gone")
        store.set_sync_value(client.url, title, "pulled_until", None)
        store.set_sync_value(client.url, title, _REMOTE_ID, found.remote_id)
    return Project(title, found.remote_id, annotator, by)


def open_project(
    store: ReviewStore,
    client: Client,
    title: str,
    annotator: str | None = None,
    *,
    for_push: bool = False,
    on_problem: Failed | None = None,
) -> Project:
    """Return the project that `setup` made.

    Args:
        store: that knows it.
        client: the server.
        title: of the project.
        annotator: who alone works in it.
        for_push: whether tasks are to be sent, which only its own database may.
        on_problem: told when its labelling configuration lacks something of ours; None: that is raised.

    Raises:
        ReviewError: there is none, its labelling configuration lacks something, or it is another database's.
    """
    found = find_project(store, client, title)
    by = found.by or "article"
    lacks = missing_from(found.config, labelling_config(by))
    if lacks:
        error = ReviewError(
            f"the labelling configuration of project {title!r} on {client.url} lacks {', '.join(lacks)}: "
            "run claimtable review setup"
        )
        if on_problem is None:
            raise error
        on_problem(error)
    if for_push and found.owner not in (None, store.database_id):
        raise _of_another(client, title)
    return Project(title, found.remote_id, annotator, by, frozenset(lacks))


def find_project(store: ReviewStore, client: Client, title: str) -> FoundProject:
    """Return the project that `setup` made, as the server has it.

    Raises:
        ReviewError: none is known here, or it is gone.
    """
    remote = store.sync_value(client.url, title, _REMOTE_ID)
    if remote is None:
        raise ReviewError(
            f"{client.url} has no project {title!r} known here: run claimtable review setup first"
        )
    found = _find(client, remote)
    if found is None:
        raise ReviewError(
            f"the project {title!r} ({remote}) is gone from {client.url}: run claimtable review setup, then push again; "
            "reviews that were pulled are kept"
        )
    return found


@dataclass(frozen=True, slots=True)
class FoundProject:
    """A project as the server has it."""

    remote_id: str
    config: str
    description: str

    @property
    def owner(self) -> str | None:
        """Id of the database that made it; None: nobody knows."""
        match = _OWNER.search(self.description)
        return match[1] if match else None

    @property
    def by(self) -> By | None:
        """What one task of it is; None: made before there was a choice."""
        match = _BY.search(self.description)
        return None if match is None else "claim" if match[1] == "claim" else "article"


def _description(by: By, store: ReviewStore) -> str:
    return _DESCRIPTION.format(by=by, database=store.database_id)


def _check_kind(found: FoundProject, by: By | None, title: str) -> By:
    """Return what one task of a project is.

    Raises:
        ReviewError: it is something else than what is asked for.
    """
    is_by = found.by or "article"
    if by is not None and by != is_by:
        raise ReviewError(
            f"the project {title!r} has one task for each {is_by}, not for each {by}: give another --project"
        )
    return is_by


def _check_owner(
    store: ReviewStore, client: Client, found: FoundProject, title: str, *, known: bool, take_over: bool
) -> None:
    """Raise `ReviewError` where another database's tasks are in the project."""
    if take_over or found.owner == store.database_id:
        return
    if found.owner is not None or (not known and client.last_change(found.remote_id) is not None):
        raise _of_another(client, title)


def _of_another(client: Client, title: str) -> ReviewError:
    return ReviewError(
        f"the project {title!r} on {client.url} is that of another database, whose tasks it holds: take one of your own, "
        f"such as --project {title + ' 2'!r}; where that database is lost, claimtable review setup --take-over"
    )


def known_projects(
    store: ReviewStore, client: Client, project: str, on_problem: Failed | None = None
) -> list[Project]:
    """Return the project of this title and those of its annotators, as far as they are known here.

    Args:
        store: that knows them.
        client: the server.
        project: the title.
        on_problem: told when a labelling configuration lacks something of ours; None: that is raised.

    Raises:
        ReviewError: none is, or one is gone from the server.
    """
    candidates = [(project, None), *titles(project, MOST_ANNOTATORS)]
    found = [each for each in candidates if store.sync_value(client.url, each[0], _REMOTE_ID) is not None]
    if not found:
        return [open_project(store, client, project, on_problem=on_problem)]
    return [
        open_project(store, client, title, annotator, on_problem=on_problem) for title, annotator in found
    ]


@contextmanager
def one_push_at_a_time(path: Path) -> Iterator[None]:
    """Hold off another push on this database; ended by the system when the process is killed.

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


def _find(client: Client, remote: str | None) -> FoundProject | None:
    if remote is None:
        return None
    try:
        config, description = client.project(remote)
    except MissingError:
        return None
    return FoundProject(remote, config, description)


def _create(client: Client, title: str, config: str, description: str) -> FoundProject:
    unanswered: UnansweredError | None = None
    try:
        client.create_project(title, config, description)
    except UnansweredError as error:
        unanswered = error
    remote = client.find_project(title)
    if remote is None:
        raise unanswered or ReviewError(f"{client.url} made no project {title!r}: try again")
    return FoundProject(remote, config, description)
