"""`claimtable report`: articles with their claims as a page to look at."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from claimtable.cli.export import Selection, open_selected
from claimtable.cli.options import (
    DEFAULT_DB,
    Database,
    Debug,
    Fast,
    Force,
    InputFormat,
    InputsInstead,
    Model,
    Where,
    check_inputs,
    check_model,
)
from claimtable.cli.run import Run, running
from claimtable.limits import uncollected
from claimtable.schema import Claim


def report_command(
    inputs: InputsInstead = None,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The page.")] = Path(
        "report.html"
    ),
    db: Database = DEFAULT_DB,
    where: Where = None,
    title: Annotated[str, typer.Option(metavar="TEXT", help="Heading of the page.")] = "Claims",
    input_format: InputFormat = None,
    model: Model = None,
    fast: Fast = False,
    force: Force = False,
    debug: Debug = False,
) -> None:
    """Write a page with the articles, their claims marked, tables and charts: one file, to open in a browser."""
    check_inputs(inputs or [])
    check_model(model, fast=fast)
    with running(debug=debug) as run:
        selection = Selection(inputs or (), db, where, input_format, model, fast)
        count = report(selection, output, title=title, overwrite=force, run=run)
        run.say(f"{count} {'claim' if count == 1 else 'claims'} in {output}")


def report(selection: Selection, path: Path, *, title: str, overwrite: bool = False, run: Run) -> int:
    """Write the page of the selected claims, and return their number. Documents without any are left out.

    Raises:
        ExportError: the file exists, or cannot be written.
        StoreError: the database cannot be read, or `where` is no condition.
    """
    from claimtable.check.due import is_due
    from claimtable.export.files import check_free, replace_file
    from claimtable.export.report import ReportDocument, write_report

    check_free(path, overwrite=overwrite)
    with uncollected(), ExitStack() as stack:
        store = open_selected(selection, stack, run)
        documents = (
            ReportDocument(document, rows, tuple(store.actors(document.id)))
            for document in store.documents()
            if (
                rows := tuple(c.to_dict() for c in store.claims(where=selection.where, doc_ids=[document.id]))
            )
        )
        file = stack.enter_context(replace_file(path, overwrite=overwrite))
        today = date.today()
        return write_report(
            documents,
            file,
            title=title,
            findings=store.findings(),
            is_due=lambda row: is_due(Claim.from_dict(dict(row)), today),
            today=today,
        )
