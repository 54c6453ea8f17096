"""`claimtable review pull`: reviews into the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from claimtable.cli.options import DEFAULT_DB, Database, Debug
from claimtable.cli.review.options import DEFAULT_PROJECT, ProjectTitle, connect
from claimtable.cli.run import Run, running

if TYPE_CHECKING:
    from claimtable.review.client import Client
    from claimtable.store import Store


def pull_command(
    db: Database = DEFAULT_DB,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="Read what changed since then, ISO 8601. Default: since the last pull.",
            show_default=False,
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Read everything again.")] = False,
    project: ProjectTitle = DEFAULT_PROJECT,
    debug: Debug = False,
) -> None:
    """Bring what reviewers submitted into the database; the projects of blind annotators are read too.

    Running it again is safe: what came already is not taken twice.
    """
    if everything and since is not None:
        raise typer.BadParameter("--all and --since exclude each other", param_hint="--all")
    with running(debug=debug) as run:
        from claimtable.store import Store

        with Store.open(db, create=False) as store:
            pull(store, connect(), since=since, everything=everything, project=project, run=run)


def pull(
    store: Store,
    client: Client,
    *,
    since: str | None = None,
    everything: bool = False,
    project: str,
    run: Run,
) -> None:
    """Pull from the project and from those of its annotators, and say what came.

    Raises:
        ClaimTableError: the project is not there, or the server cannot be reached.
    """
    from claimtable.cli.review.places import PlaceExtractor
    from claimtable.review import pull as receiver
    from claimtable.review.annotations import QuestionError
    from claimtable.review.exchange import known_projects

    def on_error(error: Exception) -> None:
        # What is questioned was read and stored.
        (run.say(str(error)) if isinstance(error, QuestionError) else run.fail(error))

    for source in known_projects(store, client, project, run.fail):
        counts = receiver.pull(
            store,
            client,
            source,
            since=since,
            everything=everything,
            extract=PlaceExtractor(),
            on_error=on_error,
            progress=lambda tasks: run.progress(tasks, "tasks"),
        )
        words = f"{source.title}: {counts.new:,} annotations new, {counts.changed:,} changed, {counts.unchanged:,} known"
        if counts.withdrawn:
            words += f", {counts.withdrawn:,} withdrawn (deleted there)"
        if counts.unread:
            words += f"; {counts.unread:,} not read, or not whole: listed by claimtable review status, and tried again"
        if counts.foreign:
            words += f"; {counts.foreign:,} tasks are not ours"
        run.say(words)
