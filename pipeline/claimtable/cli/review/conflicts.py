"""`claimtable review conflicts`: claims on which reviewers disagree, and the rule that decides what the table shows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Set
from typing import TYPE_CHECKING, Annotated, Any

import typer

from claimtable.cli.options import DEFAULT_DB, Database, Debug
from claimtable.cli.review.agreement import ReportFormat
from claimtable.cli.review.options import DEFAULT_PROJECT, ProjectTitle, connect
from claimtable.cli.review.push import EXTRACTOR
from claimtable.cli.run import Run, running

if TYPE_CHECKING:
    from claimtable.review.client import Client
    from claimtable.store import Store
    from claimtable.store.disagreements import Disagreement

ADJUDICATION = "adjudication"
"""Annotator of the tasks that go to an adjudicator, and end of the title of their project."""
NAMED = "adjudicator:"
"""How the store writes the rule that names a person."""


def conflicts_command(
    db: Database = DEFAULT_DB,
    rule: Annotated[
        str | None,
        typer.Option(
            metavar="RULE",
            help="Set what the table shows from now on where reviewers disagree: latest, majority, or the name of "
            "the reviewer whose word decides.",
            show_default=False,
        ),
    ] = None,
    push: Annotated[
        bool, typer.Option("--push", help="Also send them to a project of their own, for an adjudicator.")
    ] = False,
    project: ProjectTitle = DEFAULT_PROJECT,
    output_format: Annotated[
        ReportFormat, typer.Option("--format", help="How to print them; json is one conflict a line.")
    ] = ReportFormat.text,
    debug: Debug = False,
) -> None:
    """List the claims on which reviewers disagree: field by field, who said what, and when."""
    from claimtable.store import Store

    with (
        running(debug=debug) as run,
        Store.open(db, create=False, read_only=rule is None and not push) as store,
    ):
        if rule is not None:
            store.set_adjudication(rule if rule in ("latest", "majority") else NAMED + rule)
        found: dict[str, set[str]] = {}
        for conflict in store.disagreements():
            found.setdefault(conflict.doc_id, set()).add(conflict.claim_id)
            if output_format is ReportFormat.json:
                typer.echo(json.dumps(conflict.to_dict(), ensure_ascii=False))
            else:
                for line in _lines(conflict):
                    typer.echo(line)
        if push and found:
            push_conflicts(store, connect(), found, project=project, run=run)
        number = sum(map(len, found.values()))
        run.say(f"{number} claims in conflict; the table shows: {store.adjudication}")


def push_conflicts(
    store: Store, client: Client, found: Mapping[str, Set[str]], *, project: str, run: Run
) -> None:
    """Sends the tasks of disputed claims to the project of the adjudicator, which is made where there is none.

    Args:
        found: document → ids of its disputed claims.

    Raises:
        ReviewError: the server cannot be reached or refuses.
    """
    from claimtable.review.exchange import setup
    from claimtable.review.push import Selection
    from claimtable.review.push import push as send

    title = f"{project} – {ADJUDICATION}"
    # All tasks of a document: a claim that a reviewer added belongs to none that was extracted.
    chosen = Selection(dict.fromkeys(found))
    target = setup(store, client, title, ADJUDICATION)
    counts = send(store, client, target, chosen, extractor=EXTRACTOR, on_error=run.fail)
    run.say(
        f"{title}: {counts.sent:,} tasks sent, {counts.unchanged:,} were there; take what comes back with "
        f"claimtable review pull --project {title!r}"
    )


def _lines(conflict: Disagreement) -> Iterator[str]:
    yield f"{conflict.doc_id}  {conflict.claim_id}  {' '.join(conflict.text.split())}"
    for name, said in conflict.fields.items():
        for one in said:
            yield f"    {name:<12} {_value(one.value):<32} {one.reviewer}, {one.at}"


def _value(value: Any) -> str:
    if value is None:
        return "(empty)"
    return " ".join(value.split()) if isinstance(value, str) else f"{value:g}"
