"""`claimtable review status`: what is out and what is in, per project; needs no server."""

from __future__ import annotations

from collections import Counter

import typer

from claimtable.cli.options import DEFAULT_DB, Database, Debug
from claimtable.cli.run import running


def status_command(db: Database = DEFAULT_DB, debug: Debug = False) -> None:
    """Show what is out for review, what came back, and on how many claims reviewers disagree."""
    with running(debug=debug):
        from claimtable.store import Store

        with Store.open(db, read_only=True) as store:
            people: dict[str, Counter[str]] = {}
            for annotation in store.annotations():
                if annotation.task_key is not None:
                    people.setdefault(annotation.task_key, Counter())[annotation.outcome] += 1
            projects: dict[tuple[str, str], Counter[str]] = {}
            for task in store.tasks():
                counts = projects.setdefault((task.server, task.project), Counter())
                outcomes = people.get(task.task_key, Counter())
                if outcomes:
                    counts["submitted" if outcomes["submitted"] else "skipped"] += 1
                else:
                    counts["not reviewed" if task.state == "pushed" else task.state] += 1
            for (server, project), counts in projects.items():
                until = store.sync_value(server, project, "pulled_until") or "never"
                numbers = ", ".join(f"{counts[name]:,} {name}" for name in sorted(counts))
                typer.echo(f"{project} on {server}: {counts.total():,} tasks: {numbers}; last pull {until}")
            if not projects:
                typer.echo("no tasks: run claimtable review setup and claimtable review push")
            typer.echo(f"disputed claims: {store.status().disagreements:,}")
            unread = store.unread()
            if unread:
                typer.echo(f"not read, or not whole, and tried again at each pull: {len(unread):,}")
            for one in unread:
                typer.echo(f"  {one.project}, task {one.task}, since {one.first_at}: {one.reason}")
