"""`claimtable review setup`: the project in Label Studio."""

from __future__ import annotations

from claimtable.cli.options import DEFAULT_DB, Database, Debug
from claimtable.cli.review.options import DEFAULT_PROJECT, Annotators, ProjectTitle, connect
from claimtable.cli.run import running


def setup_command(
    db: Database = DEFAULT_DB,
    project: ProjectTitle = DEFAULT_PROJECT,
    annotators: Annotators = 1,
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
                made = setup(store, client, title, annotator)
                run.say(f"project {title!r} is ready: {client.url}/projects/{made.remote_id}")
