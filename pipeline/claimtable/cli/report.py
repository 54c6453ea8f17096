"""`claimtable report`: articles with their claims as a page to look at."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from claimtable.cli.export import Selection, open_selected
from claimtable.cli.ingest import DEFAULT_DB, Database, check_model
from claimtable.cli.run import Run, running


def report_command(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[INPUT]", help="Articles to extract from now, instead of --db.", show_default=False
        ),
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The page.")] = Path(
        "report.html"
    ),
    db: Database = DEFAULT_DB,
    where: Annotated[
        str | None,
        typer.Option(metavar="CONDITION", help="Claims to show, as for export.", show_default=False),
    ] = None,
    title: Annotated[str, typer.Option(metavar="TEXT", help="Heading of the page.")] = "Claims",
    input_format: Annotated[
        str | None, typer.Option(metavar="FORMAT", help="As for extract.", show_default=False)
    ] = None,
    model: Annotated[
        str | None, typer.Option(metavar="NAME_OR_PATH", help="As for extract.", show_default=False)
    ] = None,
    fast: Annotated[bool, typer.Option("--fast", help="Take the smaller shipped pipeline.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing page.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks of unexpected errors.")] = False,
) -> None:
    """Write a page with the articles, their claims marked, tables and charts: one file, to open in a browser."""
    check_model(model, fast=fast)
    with running(debug=debug) as run:
        selection = Selection(inputs or (), db, where, input_format, model, fast)
        count = report(selection, output, title=title, overwrite=force, run=run)
        run.say(f"{count} {'claim' if count == 1 else 'claims'} in {output}")


def report(selection: Selection, path: Path, *, title: str, overwrite: bool = False, run: Run) -> int:
    """Writes the page of the selected claims, and returns their number. Documents without any are left out.

    Raises:
        ExportError: the file exists, or cannot be written.
        StoreError: the database cannot be read, or `where` is no condition.
    """
    from claimtable.export.files import check_free, replace_file
    from claimtable.export.report import ReportDocument, write_report

    check_free(path, overwrite=overwrite)
    with ExitStack() as stack:
        store = open_selected(selection, stack, run)
        documents = (
            ReportDocument(document, rows, tuple(store.actors(document.id)))
            for document in store.documents()
            if (
                rows := tuple(c.to_dict() for c in store.claims(where=selection.where, doc_ids=[document.id]))
            )
        )
        file = stack.enter_context(replace_file(path, overwrite=overwrite))
        return write_report(documents, file, title=title)
