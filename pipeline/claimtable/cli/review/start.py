"""`claimtable review start`: a Label Studio on this machine, with the claims of a database, ready to be reviewed."""

from __future__ import annotations

import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from claimtable.cli.options import DEFAULT_DB, Database, Debug
from claimtable.cli.review.options import DEFAULT_PROJECT, ProjectTitle, TaskKind, require_client
from claimtable.cli.review.pull import pull
from claimtable.cli.review.push import push
from claimtable.cli.run import Run, running


def start_command(
    db: Database = DEFAULT_DB,
    project: ProjectTitle = DEFAULT_PROJECT,
    by: TaskKind = None,
    port: Annotated[int, typer.Option(min=0, max=65535, metavar="N", help="0 takes a free one.")] = 0,
    every: Annotated[
        float, typer.Option(min=1.0, metavar="SECONDS", help="Time between two pulls of what was submitted.")
    ] = 30.0,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the browser.")] = True,
    debug: Debug = False,
) -> None:
    """Start Label Studio on this machine, send it the claims, and pull what is submitted until stopped.

    Its data, its user and its key lie in a folder beside the database. Nothing is installed.
    """
    with running(debug=debug) as run:
        start(
            db,
            project=project,
            by=None if by is None else by.value,
            port=port,
            every=every,
            browse=open_browser,
            run=run,
        )


def start(db: Path, *, project: str, by: str | None, port: int, every: float, browse: bool, run: Run) -> None:
    """Serve until interrupted.

    Raises:
        ClaimTableError: Label Studio is not installed or does not start, or there is no database.
    """
    require_client()
    from claimtable.review.client import Client
    from claimtable.review.exchange import setup
    from claimtable.review.local_server import account, data_folder, serving
    from claimtable.review.sync import Bell, rounds
    from claimtable.store import Store

    folder = data_folder(db)
    with Store.open(db, create=False) as store, serving(folder, port=port, say=run.say) as credentials:
        client = Client(credentials)
        made = setup(store, client, project, by=None if by is None else by, new="claim", say=run.say)  # type: ignore[arg-type]
        push(store, client, project=project, run=run)
        person = account(folder)
        address = f"{client.url}/projects/{made.remote_id}/data"
        run.say(f"{address}: log in as {person.user}, password {person.password}")
        run.say("Ctrl-C ends it, after what was submitted last is in the database")
        if browse:
            webbrowser.open(address)

        def one_round() -> None:
            pull(store, client, project=project, run=run)
            push(store, client, project=project, run=run)

        # Stopped while it waits, or in the middle of a round: either may be broken off.
        with suppress(KeyboardInterrupt):
            rounds(one_round, Bell(None), every=every, say=run.say)
        pull(store, client, project=project, run=run)
