"""`claimtable status`: what is in a claims database, in numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from claimtable.cli.options import DEFAULT_DB, Database, Debug
from claimtable.cli.run import running

if TYPE_CHECKING:
    from claimtable.store import Counts, Store


class StatusFormat(StrEnum):
    """How the numbers leave."""

    text = "text"
    json = "json"


def status_command(
    db: Database = DEFAULT_DB,
    output_format: Annotated[
        StatusFormat, typer.Option("--format", help="How to print it.")
    ] = StatusFormat.text,
    debug: Debug = False,
) -> None:
    """Show what is in a database: documents, claims, tasks that are out, reviews that are in, due predictions."""
    from claimtable.store import Store

    with running(debug=debug), Store.open(db, read_only=True) as store:
        counts = store.verify().status()
        due = _due(store, date.today())
        if output_format is StatusFormat.json:
            typer.echo(json.dumps({**asdict(counts), "due_predictions": due}, indent=2))
            return
        for line in lines(counts, due):
            typer.echo(line)


def _due(store: Store, today: date) -> int:
    """Return how many predictions `claimtable check` would call due."""
    from claimtable.check.due import due_predictions

    past = store.claims(where=f"kind = 'prediction' AND deadline < '{today}'")
    return sum(1 for _ in due_predictions(past, today))


def lines(counts: Counts, due: int) -> Iterator[str]:
    """Yield the numbers as lines to read; `due` is that of the predictions that are due."""
    documents = f"{counts.documents:,}"
    if counts.versions > counts.documents:
        documents += f", {counts.versions - counts.documents:,} earlier texts of them"
    if counts.without_extraction:
        documents += (
            f"; {counts.without_extraction:,} not extracted from yet: run claimtable ingest or extract again"
        )
    yield f"documents    {documents}"
    total = sum(sum(statuses.values()) for statuses in counts.claims.values())
    yield f"claims       {total:,}"
    for kind, statuses in counts.claims.items():
        yield f"  {kind:<14} {sum(statuses.values()):,}: {_list(statuses)}"
    if counts.verdicts:
        yield f"  verdicts       {_list(counts.verdicts)}"
    yield f"  due            {due:,} predictions past their last day without a verdict"
    if counts.findings:
        yield f"findings     {_list(counts.findings)}"
    yield f"tasks        {_list(counts.tasks) or 0}" + (
        f"; {counts.tasks_waiting:,} nobody has answered" if counts.tasks_waiting else ""
    )
    yield f"annotations  {_list(counts.annotations) or 0}"
    yield f"reviews      {_list(counts.reviews) or 0} (shown: {counts.adjudication})"
    if counts.disagreements:
        yield f"  disputed       {counts.disagreements:,} claims"
    if counts.unanchored:
        yield f"  lost           {counts.unanchored:,} whose words are no longer in the text"
    if counts.vanished:
        yield f"  vanished       {counts.vanished:,} reviewed rows that are no longer extracted"


def _list(counts: dict[str, int]) -> str:
    return ", ".join(f"{number:,} {name}" for name, number in counts.items())
