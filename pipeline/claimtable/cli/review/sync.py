"""`claimtable review sync`: pull and push, once or for as long as it runs."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from claimtable.cli.options import DEFAULT_DB, Database, Debug
from claimtable.cli.review.options import DEFAULT_PROJECT, Annotators, ProjectTitle, connect
from claimtable.cli.review.pull import pull
from claimtable.cli.review.push import push
from claimtable.cli.run import running


def sync_command(
    db: Database = DEFAULT_DB,
    watch: Annotated[bool, typer.Option("--watch", help="Go on until stopped.")] = False,
    every: Annotated[
        float, typer.Option(min=1.0, metavar="SECONDS", help="With --watch: time between two rounds.")
    ] = 60.0,
    listen: Annotated[
        str | None,
        typer.Option(
            metavar="HOST:PORT",
            help="With --watch: take webhooks of Label Studio here, and begin a round at each.",
            show_default=False,
        ),
    ] = None,
    project: ProjectTitle = DEFAULT_PROJECT,
    annotators: Annotators = 1,
    debug: Debug = False,
) -> None:
    """Pull the reviews and push what is new, as pull and push do. It may be stopped at any moment."""
    if listen is not None and not watch:
        raise typer.BadParameter("goes with --watch", param_hint="--listen")
    with running(debug=debug) as run:
        from claimtable.review.exchange import known_projects
        from claimtable.review.sync import TOKEN_VARIABLE, hooks, rounds
        from claimtable.store import Store

        client = connect()
        with (
            Store.open(db, create=False) as store,
            hooks(listen, os.environ.get(TOKEN_VARIABLE) or None) as bell,
        ):
            if bell.url is not None:
                for each in known_projects(store, client, project):
                    client.ensure_webhook(each.remote_id, bell.url)

            def one_round() -> None:
                pull(store, client, project=project, run=run)
                push(store, client, project=project, annotators=annotators, run=run)

            rounds(one_round, bell, every=every if watch else None, say=run.say)
