"""`claimtable review push`: claims to the reviewers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from claimtable._version import __version__
from claimtable.cli.options import DEFAULT_DB, Database, Debug
from claimtable.cli.review.options import DEFAULT_PROJECT, Annotators, ProjectTitle, connect
from claimtable.cli.run import Run, running

if TYPE_CHECKING:
    from claimtable.review.client import Client
    from claimtable.store import Store

EXTRACTOR = f"claimtable {__version__}"


def push_command(
    db: Database = DEFAULT_DB,
    query: Annotated[
        str | None,
        typer.Option(
            metavar="CONDITION", help="Claims that fit this SQL condition, as for export.", show_default=False
        ),
    ] = None,
    top: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="The N most check-worthy claims without a review.", show_default=False
        ),
    ] = None,
    documents: Annotated[
        list[str] | None,
        typer.Option(
            metavar="DOC_ID", help="All of this document; may be given several times.", show_default=False
        ),
    ] = None,
    project: ProjectTitle = DEFAULT_PROJECT,
    annotators: Annotators = 1,
    debug: Debug = False,
) -> None:
    """Send claims to Label Studio as pre-annotated tasks, the most check-worthy first.

    Running it again is safe: a task that is there is not sent twice.
    """
    if documents and (query is not None or top is not None):
        raise typer.BadParameter("goes without --query and --top", param_hint="--documents")
    with running(debug=debug) as run:
        from claimtable.store import Store

        with Store.open(db, create=False) as store:
            push(
                store,
                connect(),
                query=query,
                top=top,
                documents=documents or (),
                project=project,
                annotators=annotators,
                run=run,
            )


def push(
    store: Store,
    client: Client,
    *,
    query: str | None = None,
    top: int | None = None,
    documents: Sequence[str] = (),
    project: str,
    annotators: int = 1,
    run: Run,
) -> None:
    """Push to the project, or to that of each annotator, and say what was done.

    Raises:
        ClaimTableError: the project is not there, the server cannot be reached, or the condition is none.
    """
    from claimtable.review import push as sender
    from claimtable.review.exchange import open_project, titles

    targets = [open_project(store, client, *each, for_push=True) for each in titles(project, annotators)]
    for target in targets:
        selection = sender.select(store, query=query, top=top, documents=documents, project=target)
        counts = sender.push(
            store,
            client,
            target,
            selection,
            extractor=EXTRACTOR,
            on_error=run.fail,
            progress=lambda ids: run.progress(ids, "documents"),
        )
        words = f"{target.title}: {counts.sent:,} tasks sent, {counts.unchanged:,} were there"
        if counts.updated:
            words += f", {counts.updated:,} updated"
        if counts.restored:
            words += f", {counts.restored:,} had lost their pre-annotations and have them again"
        if counts.retired:
            words += f", {counts.retired:,} of earlier texts deleted, as nobody had begun them"
        if counts.again:
            words += f", {counts.again:,} ask a second person"
        if counts.in_work:
            words += f", {counts.in_work:,} left as they are, being worked on"
        run.say(words)
