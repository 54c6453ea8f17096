"""`claimtable review doctor`: what stands between a database and its reviewers, in one go."""

from __future__ import annotations

from contextlib import nullcontext

import typer

from claimtable.cli.options import DEFAULT_DB, Database, Debug
from claimtable.cli.review.options import DEFAULT_PROJECT, ProjectTitle, connect
from claimtable.cli.run import SOME_FAILED, running

_SIGNS = {"well": "ok", "note": "--", "wrong": "!!"}


def doctor_command(
    db: Database = DEFAULT_DB, project: ProjectTitle = DEFAULT_PROJECT, debug: Debug = False
) -> None:
    """Check connection, version, key, project, configuration, backend and webhook, and say what to do about each."""
    with running(debug=debug):
        from claimtable.review.doctor import examine
        from claimtable.store import Store

        wrong = 0
        with Store.open(db, create=False) if db.exists() else nullcontext() as store:
            for check in examine(connect, store, project):
                typer.echo(f"{_SIGNS[check.state]}  {check.name:<14} {check.words}")
                wrong += check.state == "wrong"
        if wrong:
            raise typer.Exit(SOME_FAILED)
