"""`claimtable review setup`: the project in Label Studio."""

from __future__ import annotations

from typing import Annotated

import typer

from claimtable.cli.options import DEFAULT_DB, Database, Debug
from claimtable.cli.review.options import (
    DEFAULT_PROJECT,
    Annotators,
    ClaimOrder,
    ProjectTitle,
    TaskKind,
    connect,
)
from claimtable.cli.run import running


def setup_command(
    db: Database = DEFAULT_DB,
    project: ProjectTitle = DEFAULT_PROJECT,
    by: TaskKind = None,
    order: Annotated[
        ClaimOrder,
        typer.Option(
            help="By claim: what comes first: worth (check-worthiness), uncertain (what the extractor is least sure "
            "of), or mixed."
        ),
    ] = ClaimOrder.worth,
    annotators: Annotators = 1,
    take_over: Annotated[
        bool,
        typer.Option(
            "--take-over", help="Also take a project that another database made, which then cannot push."
        ),
    ] = False,
    debug: Debug = False,
) -> None:
    """Make the project in Label Studio, or bring its labelling configuration up to date.

    Address and key come from LABEL_STUDIO_URL and LABEL_STUDIO_API_KEY, or from a private file.
    """
    with running(debug=debug) as run:
        from claimtable.review.exchange import setup, titles
        from claimtable.store import Store

        client = connect()
        with Store.open(db) as store:
            for title, annotator in titles(project, annotators):
                made = setup(
                    store,
                    client,
                    title,
                    annotator,
                    by=None if by is None else by.value,
                    new="claim",
                    order=order.value,
                    take_over=take_over,
                    say=run.say,
                )
                run.say(
                    f"project {title!r}, one task for each {made.by}, is ready: {client.url}/projects/{made.remote_id}"
                )
