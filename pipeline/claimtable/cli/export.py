"""`claimtable export`: the reviewed table, or that of some articles, into a file for others."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from claimtable.cli.ingest import extract_into
from claimtable.cli.options import (
    DEFAULT_DB,
    Database,
    Debug,
    Fast,
    Force,
    InputFormat,
    InputsInstead,
    MinConfidence,
    Model,
    Output,
    Where,
    check_inputs,
    check_model,
)
from claimtable.cli.run import Run, running
from claimtable.errors import ExportError

if TYPE_CHECKING:
    from claimtable.export.claimreview import Publisher
    from claimtable.schema import Document, FoundRow
    from claimtable.store import Store


class ExportFormat(StrEnum):
    """What `claimtable export` writes."""

    csv = "csv"
    parquet = "parquet"
    xlsx = "xlsx"
    jsonl = "jsonl"
    sqlite = "sqlite"
    claimreview = "claimreview"
    webannotation = "webannotation"
    datapackage = "datapackage"
    brat = "brat"
    docbin = "docbin"


ENDINGS = {
    ".csv": ExportFormat.csv,
    ".parquet": ExportFormat.parquet,
    ".xlsx": ExportFormat.xlsx,
    ".jsonl": ExportFormat.jsonl,
    ".sqlite": ExportFormat.sqlite,
    ".spacy": ExportFormat.docbin,
}
"""Endings of output files that leave no doubt about the format."""

BINARY = frozenset(
    (
        ExportFormat.parquet,
        ExportFormat.xlsx,
        ExportFormat.sqlite,
        ExportFormat.datapackage,
        ExportFormat.brat,
        ExportFormat.docbin,
    )
)


ARCHIVES = frozenset((ExportFormat.datapackage, ExportFormat.brat))
"""Formats of several files in one archive, which no stream takes."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows leave, and from where."""

    inputs: Sequence[str] = ()
    """Articles to extract now; none: what the database holds."""
    db: Path = DEFAULT_DB
    where: str | None = None
    input_format: str | None = None
    model: str | None = None
    fast: bool = False


def export_command(
    inputs: InputsInstead = None,
    db: Database = DEFAULT_DB,
    where: Where = None,
    min_confidence: MinConfidence = None,
    to: Annotated[
        ExportFormat | None,
        typer.Option(help="Default: by the ending of -o; else csv.", show_default=False),
    ] = None,
    output: Output = None,
    bom: Annotated[
        bool,
        typer.Option("--bom", help="CSV with a byte order mark, as Excel wants for letters beyond ASCII."),
    ] = False,
    publisher: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="claimreview: who publishes the reviews.", show_default=False),
    ] = None,
    publisher_url: Annotated[
        str | None, typer.Option(metavar="URL", help="claimreview: the publisher's site.", show_default=False)
    ] = None,
    review_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="claimreview: page of a review; {claim_id} and {doc_id} in it are filled in.",
            show_default=False,
        ),
    ] = None,
    input_format: InputFormat = None,
    model: Model = None,
    fast: Fast = False,
    force: Force = False,
    debug: Debug = False,
) -> None:
    """Write the table, with what people said of it, for others to use."""
    check_inputs(inputs or [])
    check_model(model, fast=fast)
    path = None if output in (None, "-") else Path(str(output))
    chosen = _choose(to, path)
    if bom and chosen is not ExportFormat.csv:
        raise typer.BadParameter("it is for csv", param_hint="--bom")
    if (publisher is None) != (review_url is None):
        raise typer.BadParameter("give both, or neither", param_hint="--publisher, --review-url")
    selection = Selection(inputs or (), db, _sure(where, min_confidence), input_format, model, fast)
    by: Publisher | None = None
    if publisher is not None and review_url is not None:
        from claimtable.export.claimreview import Publisher

        by = Publisher(publisher, review_url, publisher_url)
    with running(debug=debug) as run:
        count = export(selection, chosen, path, publisher=by, bom=bom, overwrite=force, run=run)
        if path is not None:
            run.say(f"{count} {'row' if count == 1 else 'rows'} written to {path}")


def _sure(where: str | None, least: float | None) -> str | None:
    """Return the condition that also asks for a confidence of at least `least`; None asks for nothing."""
    if least is None:
        return where
    sure = f"confidence >= {least!r}"
    return sure if where is None else f"({where}\n) AND {sure}"


def export(
    selection: Selection,
    to: ExportFormat,
    path: Path | None,
    *,
    publisher: Publisher | None = None,
    bom: bool = False,
    overwrite: bool = False,
    run: Run,
) -> int:
    """Write the selected rows, in text order, and return their number.

    Args:
        selection: which rows.
        to: the format.
        path: the file, which appears only when all is written; None: standard output.
        publisher: for `claimreview`: who publishes the reviews.
        bom: for `csv`: begin with a byte order mark.
        overwrite: replace an existing file.
        run: takes the articles that cannot be read.

    Raises:
        ExportError: the file exists or cannot be written, or the format cannot hold the rows.
        StoreError: the database cannot be read, or `where` is no condition.
    """
    from claimtable.export.files import check_free, replace_file

    if path is not None:
        check_free(path, overwrite=overwrite)
    with ExitStack() as stack:
        store = stack.enter_context(open_selected(selection, stack, run))
        if to is ExportFormat.brat:
            from claimtable.export.brat import write_brat

            assert path is not None
            return write_brat(_by_document(store, selection.where), path, overwrite=overwrite)
        rows = (claim.to_dict() for claim in store.claims(where=selection.where))
        if to is ExportFormat.datapackage:
            from claimtable.export.datapackage import write_datapackage

            assert path is not None
            return write_datapackage(rows, path, overwrite=overwrite)
        file = (
            sys.stdout.buffer
            if path is None
            else stack.enter_context(replace_file(path, overwrite=overwrite))
        )
        if bom:
            file.write("\ufeff".encode())
        if to is ExportFormat.docbin:
            from claimtable.docbin import write_docbin

            return write_docbin(_by_document(store, selection.where), file)
        if to is ExportFormat.claimreview:
            from claimtable.export.claimreview import write_claimreview

            return write_claimreview(rows, file, publisher, _appearances(store))
        if to is ExportFormat.webannotation:
            from claimtable.export.webannotation import write_webannotation

            return write_webannotation(rows, file)
        from claimtable.export.tabular import write_table

        return write_table(rows, file, to.value)  # type: ignore[arg-type]


def _appearances(store: Store) -> dict[tuple[str, str], tuple[FoundRow, ...]]:
    """Return for each claim that several articles make, (document, claim), where it is made, in order of publication."""
    from claimtable.check.repeats import repeats

    return {
        (row.doc_id, row.claim_id): finding.rows
        for finding in repeats(store.claims())
        for row in finding.rows
    }


def open_selected(selection: Selection, stack: ExitStack, run: Run) -> Store:
    """Return the database, or one made for the moment from the articles."""
    from claimtable.store import Store

    if not selection.inputs:
        # The caller closes it; a damaged file would give other rows without a word.
        return Store.open(selection.db, create=False, read_only=True).verify()
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    store = Store.open(folder / "claims.db")
    _fill(store, selection, run)
    return store


def _fill(store: Store, selection: Selection, run: Run) -> None:
    from claimtable import ingest
    from claimtable.errors import RecordError

    def added() -> Iterator[Document]:
        for document in ingest.read(
            selection.inputs, input_format=selection.input_format, on_error=run.fail, on_notice=run.say
        ):
            try:
                store.add_document(document)
            except RecordError as error:
                run.fail(error)
            else:
                yield document

    extract_into(store, added(), selection.model, selection.fast, run)
    if run.failed and not run.done:
        raise ExportError("nothing could be read, so nothing is written")


def _by_document(store: Store, where: str | None) -> Iterator[tuple[Document, list[dict[str, Any]]]]:
    for document in store.documents():
        yield (
            document,
            [claim.to_dict() for claim in store.claims(where=where, doc_ids=[document.id])],
        )


def _choose(asked: ExportFormat | None, path: Path | None) -> ExportFormat:
    chosen = asked
    if chosen is None and path is not None:
        chosen = ENDINGS.get(path.suffix.lower())
        if chosen is None:
            raise typer.BadParameter(
                f"the ending of {path} is none of {', '.join(ENDINGS)}: add --to", param_hint="--output"
            )
    chosen = chosen or ExportFormat.csv
    if chosen in ARCHIVES and path is None:
        raise typer.BadParameter(f"{chosen} is an archive of files: add -o FILE", param_hint="--to")
    if chosen in BINARY and path is None and sys.stdout.isatty():
        raise typer.BadParameter(f"{chosen} is not for reading: add -o FILE", param_hint="--to")
    return chosen
