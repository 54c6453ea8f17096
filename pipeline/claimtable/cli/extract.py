"""`claimtable extract`: documents in, rows of a layer out."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from claimtable.cli.run import Run, running
from claimtable.errors import ExportError


class LayerName(StrEnum):
    """The layers of `claimtable.nlp.layers`."""

    claims = "claims"
    quantities = "quantities"
    times = "times"
    entities = "entities"
    attributions = "attributions"
    actors = "actors"
    sentences = "sentences"


class OutputFormat(StrEnum):
    """How rows leave: as a file format, or as a table to read."""

    csv = "csv"
    jsonl = "jsonl"
    parquet = "parquet"
    table = "table"


def extract_command(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="INPUT", help="Files, folders, or - for standard input.", show_default=False),
    ],
    layer: Annotated[LayerName, typer.Option(help="What to extract.")] = LayerName.claims,
    output_format: Annotated[
        OutputFormat | None,
        typer.Option(
            "--format",
            help="Default: by the ending of -o; else table on a terminal, csv in a pipe.",
            show_default=False,
        ),
    ] = None,
    input_format: Annotated[
        str | None,
        typer.Option(
            metavar="FORMAT",
            help="txt, html, md, jsonl, ...; default: by the ending. Needed for -.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Write here instead of stdout.", show_default=False
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            metavar="NAME_OR_PATH",
            help="A spaCy pipeline with Universal Dependencies labels instead of the shipped one.",
            show_default=False,
        ),
    ] = None,
    fast: Annotated[bool, typer.Option("--fast", help="Take the smaller shipped pipeline.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing output file.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks of unexpected errors.")] = False,
) -> None:
    """Extract the claims, or another layer, from articles.

    Shows a table on a terminal, most check-worthy first, and writes CSV into a pipe.
    """
    path = None if output in (None, "-") else Path(str(output))
    chosen = _choose_format(output_format, path)
    if "-" in inputs and input_format is None:
        raise typer.BadParameter(
            "standard input has no ending to tell its format by", param_hint="--input-format"
        )
    if fast and model is not None:
        raise typer.BadParameter("--fast and --model exclude each other", param_hint="--fast")
    if path is not None:
        from claimtable.export.files import check_free

        try:
            check_free(path, overwrite=force)
        except ExportError as error:
            raise typer.BadParameter(str(error), param_hint="--output") from None
    with running(debug=debug) as run:
        rows = extract(inputs, layer=layer, input_format=input_format, model=model, fast=fast, run=run)
        if chosen is OutputFormat.table:
            from claimtable.cli.table import show

            show(rows, layer)
        else:
            _write(rows, layer, chosen, path, run, force=force)


def extract(
    inputs: Sequence[str],
    *,
    layer: str = "claims",
    input_format: str | None = None,
    model: str | None = None,
    fast: bool = False,
    run: Run,
) -> Iterator[dict[str, Any]]:
    """Returns an iterator over the rows of a layer, document by document.

    Inputs that fail go to `run`, and the others go on.

    Raises:
        ModelError: the language pipeline cannot be loaded.
    """
    from claimtable import ingest
    from claimtable.nlp import layers, pipeline

    nlp = pipeline.load(model, fast=fast)
    if layer != "claims":
        layers.restrict(nlp, layer)
    run.survive(nlp)
    documents = ingest.read(inputs, input_format=input_format, on_error=run.fail)
    docs = run.progress(pipeline.annotate(documents, nlp, on_error=run.fail), "documents")
    return (row for doc in docs for row in layers.LAYERS[layer].rows(doc))


def _choose_format(asked: OutputFormat | None, path: Path | None) -> OutputFormat:
    """Returns the format to write, or raises `typer.BadParameter` where it does not fit the place."""
    on_terminal = path is None and sys.stdout.isatty()
    if asked is None:
        if path is None:
            return OutputFormat.table if on_terminal else OutputFormat.csv
        endings = {".csv": OutputFormat.csv, ".jsonl": OutputFormat.jsonl, ".parquet": OutputFormat.parquet}
        if path.suffix.lower() not in endings:
            raise typer.BadParameter(
                f"the ending of {path} is none of {', '.join(endings)}: add --format", param_hint="--output"
            )
        return endings[path.suffix.lower()]
    if asked is OutputFormat.table and path is not None:
        raise typer.BadParameter(
            "a table is for reading: write csv, jsonl or parquet to a file", param_hint="--format"
        )
    if asked is OutputFormat.parquet and on_terminal:
        raise typer.BadParameter("parquet is not for reading: add -o FILE", param_hint="--format")
    return asked


def _write(
    rows: Iterator[dict[str, Any]],
    layer: str,
    output_format: OutputFormat,
    path: Path | None,
    run: Run,
    *,
    force: bool,
) -> None:
    from claimtable.export.tabular import write_table
    from claimtable.nlp.layers import LAYERS

    columns = LAYERS[layer].columns
    if path is None:
        write_table(rows, sys.stdout.buffer, output_format.value, columns=columns)  # type: ignore[arg-type]
        return

    def all_rows() -> Iterator[dict[str, Any]]:
        yield from rows
        if run.failed and not run.done:
            raise ExportError(f"nothing could be read, so {path} is not written")

    write_table(all_rows(), path, output_format.value, columns=columns, overwrite=force)  # type: ignore[arg-type]
