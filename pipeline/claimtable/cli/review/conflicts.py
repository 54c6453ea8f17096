"""`claimtable review conflicts`: claims on which reviewers disagree, and the rule that decides what the table shows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import TYPE_CHECKING, Annotated, Any

import typer

from claimtable.cli.options import DEFAULT_DB, Database, Debug
from claimtable.cli.review.agreement import ReportFormat
from claimtable.cli.review.options import DEFAULT_PROJECT, ProjectTitle, TaskKind, connect
from claimtable.cli.review.push import EXTRACTOR
from claimtable.cli.run import Run, running
from claimtable.errors import ReviewError

if TYPE_CHECKING:
    from claimtable.review.client import Client
    from claimtable.review.fields import By
    from claimtable.store import Store
    from claimtable.store.disagreements import Disagreement

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
    by: TaskKind = None,
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
            store.set_adjudication(adjudication_rule(rule, store.reviewers()))
        found: dict[str, set[str]] = {}
        for conflict in store.disagreements():
            found.setdefault(conflict.doc_id, set()).add(conflict.claim_id)
            if output_format is ReportFormat.json:
                typer.echo(json.dumps(conflict.to_dict(), ensure_ascii=False))
            else:
                for line in _lines(conflict):
                    typer.echo(line)
        if push and found:
            push_conflicts(
                store, connect(), found, project=project, by=None if by is None else by.value, run=run
            )
        number = sum(map(len, found.values()))
        run.say(f"{number} claims in conflict; the table shows: {store.adjudication}")


def adjudication_rule(rule: str, reviewers: Sequence[str]) -> str:
    """Return the rule as the store writes it.

    Raises:
        ReviewError: it names nobody who reviewed anything.
    """
    if rule in ("latest", "majority"):
        return rule
    name = rule.removeprefix(NAMED)
    if name not in reviewers and not rule.startswith(NAMED):
        known = ", ".join(["latest", "majority", *reviewers])
        raise ReviewError(
            f"--rule {rule} is neither a rule nor a reviewer: give one of {known}; or, for one who has not reviewed yet, "
            f"{NAMED}{rule}"
        )
    return NAMED + name


def push_conflicts(
    store: Store,
    client: Client,
    found: Mapping[str, Set[str]],
    *,
    project: str,
    by: By | None = None,
    run: Run,
) -> None:
    """Send the tasks of disputed claims to the project of the adjudicator, which is made where there is none.

    Args:
        store: that holds the reviews.
        client: the server.
        found: document → ids of its disputed claims.
        project: title of the reviewers' project.
        by: what one task is; None: as the project has it, a claim in a new one.
        run: told what was done.

    Raises:
        ReviewError: the server cannot be reached or refuses.
    """
    from claimtable.review.exchange import setup
    from claimtable.review.push import Selection
    from claimtable.review.push import push as send
    from claimtable.review.tasks import ADJUDICATION

    title = f"{project} – {ADJUDICATION}"
    # All tasks of a document: a claim that a reviewer added belongs to none that was extracted.
    chosen = Selection(dict.fromkeys(found))
    target = setup(store, client, title, ADJUDICATION, by=by, new="claim", say=run.say)
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
