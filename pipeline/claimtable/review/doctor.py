"""What stands between a database and its reviewers: connection, version, key, project, backend, webhook, each with its remedy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from claimtable.errors import ReviewError
from claimtable.review.checks import missing_from
from claimtable.review.client import Client
from claimtable.review.exchange import ReviewStore, find_project
from claimtable.review.fields import labelling_config

OLDEST = (1, 23)
"""Version of Label Studio that everything was tried on, and the oldest that is known to do."""
LOOPBACK = "http://127.0.0.1:9/claimtable-doctor"
"""Address of a webhook that is made and deleted at once, to see whether the server takes addresses of its own machine."""
LOCAL_SETTINGS = "SSRF_PROTECTION_ENABLED=false ML_BLOCK_LOCAL_IP=false"
"""Environment of a Label Studio that calls backends and webhooks on its own machine."""
_STATES = {"CO": "connected", "DI": "disconnected", "ER": "failing", "TR": "training", "PR": "predicting"}


@dataclass(frozen=True, slots=True)
class Check:
    """What one look found."""

    name: str
    state: Literal["well", "note", "wrong"]
    """`note`: nothing is wrong, and something could be known."""
    words: str


def examine(connect: Callable[[], Client], store: ReviewStore | None, title: str) -> Iterator[Check]:
    """Yield what each look finds; those that need what an earlier one missed are left out.

    Args:
        connect: connects to the server that environment or file name.
        store: the database; None: there is none.
        title: of the project.
    """
    try:
        client = connect()
        person = client.whoami()
    except ReviewError as error:
        yield Check("connection", "wrong", str(error))
        return
    kind = "a personal access token" if client.is_personal_token else "a legacy token"
    yield Check("connection", "well", f"{client.url} answers, and knows the key ({kind}) as that of {person}")
    yield _version(client.version())
    if store is None:
        yield Check("database", "wrong", "there is none: make it with claimtable ingest --db")
        return
    project = _project(client, store, title)
    yield from project.checks
    if project.number is None:
        return
    takes_local = client.takes_webhook(project.number, LOOPBACK)
    yield from _backends(client.backends(project.number), takes_local)
    yield _webhooks(client.webhooks(project.number), takes_local)
    unread = store.unread(server=client.url, project=title)
    if unread:
        yield Check(
            "answers", "wrong", f"{len(unread)} could not be read, or not whole: see claimtable review status"
        )


def _version(version: str) -> Check:
    numbers = tuple(map(int, re.findall(r"\d+", version)[:2]))
    if numbers < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        return Check(
            "version",
            "wrong",
            f"Label Studio {version} is older than {wanted}: pip install --upgrade label-studio",
        )
    return Check("version", "well", f"Label Studio {version}")


@dataclass(frozen=True, slots=True)
class _Project:
    number: str | None
    checks: tuple[Check, ...]


def _project(client: Client, store: ReviewStore, title: str) -> _Project:
    try:
        found = find_project(store, client, title)
    except ReviewError as error:
        return _Project(None, (Check("project", "wrong", str(error)),))
    config = labelling_config(found.by or "article")
    lacks, more = missing_from(found.config, config), missing_from(config, found.config)
    checks = [
        Check(
            "project",
            "well",
            f"{title!r} is {client.url}/projects/{found.remote_id}, one task for each {found.by}",
        )
    ]
    if found.owner not in (None, store.database_id):
        checks.append(
            Check(
                "project",
                "wrong",
                "it is another database's: take --project with another title, or setup --take-over",
            )
        )
    if lacks:
        checks.append(
            Check("configuration", "wrong", f"it lacks {', '.join(lacks)}: run claimtable review setup")
        )
    elif more:
        words = f"it also has {', '.join(more)}, which is not read: claimtable review setup takes it away"
        checks.append(Check("configuration", "note", words))
    else:
        checks.append(Check("configuration", "well", "as it should be"))
    return _Project(found.remote_id, tuple(checks))


def _backends(found: list[dict[str, Any]], takes_local: bool) -> Iterator[Check]:
    if not found:
        words = "none, and none is needed: tasks are sent with their pre-annotations"
        if not takes_local:
            words += f". For claimtable serve on the server's own machine, start Label Studio with {LOCAL_SETTINGS}"
        yield Check("backend", "note", words)
    for backend in found:
        state = _STATES.get(backend.get("state", ""), "unknown")
        url, error = backend.get("url"), str(backend.get("error_message") or "").strip()
        if state in ("disconnected", "failing"):
            last = error.splitlines()[-1] if error else "it does not answer"
            words = f"{url} is {state} ({last}): start claimtable serve there"
            yield Check(
                "backend",
                "wrong",
                words + ("" if takes_local else f", and Label Studio with {LOCAL_SETTINGS}"),
            )
        else:
            yield Check("backend", "well", f"{url} is {state}")


def _webhooks(found: list[dict[str, Any]], takes_local: bool) -> Check:
    active = [hook["url"] for hook in found if hook.get("is_active")]
    if active:
        return Check("webhook", "well", f"{', '.join(active)} is called at each change")
    words = "none, and none is needed: claimtable review sync --watch asks every minute"
    if not takes_local:
        words += f". For --listen on the server's own machine, start Label Studio with {LOCAL_SETTINGS}"
    return Check("webhook", "note", words)
