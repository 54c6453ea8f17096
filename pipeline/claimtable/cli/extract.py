"""`claimtable extract`: documents in, rows of a layer out."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from claimtable.cli.ingest import extract_again, loaded
from claimtable.cli.options import (
    Debug,
    Fast,
    Force,
    InputFormat,
    MinConfidence,
    Model,
    Output,
    TimeLimit,
    WeightsFile,
    check_inputs,
    check_model,
)
from claimtable.cli.run import Run, running
from claimtable.errors import ExportError
from claimtable.limits import TIME_LIMIT
from claimtable.schema import Column

EXPORTED = (".xlsx", ".sqlite", ".spacy")
"""Endings of files that `claimtable export` alone writes."""
TOP = 20
"""Sentences on a terminal: about as many as one looks through before turning to a file."""
MOST_NAMED = 5
"""Currencies named in the message about those left out."""


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


class EngineName(StrEnum):
    """The engines of `claimtable.scale`, which costs a second to import."""

    local = "local"
    ray = "ray"


def extract_command(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(metavar="INPUT", help="Files, folders, or - for standard input.", show_default=False),
    ] = None,
    layer: Annotated[LayerName, typer.Option(help="What to extract.")] = LayerName.claims,
    output_format: Annotated[
        OutputFormat | None,
        typer.Option(
            "--format",
            help="Default: by the ending of -o; else table on a terminal, csv in a pipe.",
            show_default=False,
        ),
    ] = None,
    input_format: InputFormat = None,
    output: Output = None,
    model: Model = None,
    fast: Fast = False,
    weights: WeightsFile = None,
    convert: Annotated[
        str | None,
        typer.Option(
            metavar="SI|CODE",
            help="Add columns with the values in SI units, or in a currency (EUR, ...) without exchange rates.",
            show_default=False,
        ),
    ] = None,
    no_subject: Annotated[
        bool,
        typer.Option(
            "--no-subject", help="Quantities by their words alone: many times faster, without subjects."
        ),
    ] = False,
    db: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Instead of INPUT: extract again from the documents of this database, and keep what people said.",
            show_default=False,
        ),
    ] = None,
    engine: Annotated[
        EngineName | None,
        typer.Option(
            help="An archive in parts, over processes (local) or a Ray cluster: -o is a folder, of Parquet files.",
            show_default=False,
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="With --engine: processes; default: as many as cores.",
            show_default=False,
        ),
    ] = None,
    force: Force = False,
    min_confidence: MinConfidence = None,
    top: Annotated[
        int,
        typer.Option(min=0, metavar="N", help="Sentences that the table on a terminal shows; 0 for all."),
    ] = TOP,
    time_limit: TimeLimit = TIME_LIMIT,
    debug: Debug = False,
) -> None:
    """Extract the claims, or another layer, from articles.

    Shows a table on a terminal, most check-worthy first, and writes CSV into a pipe. With --db, and without INPUT,
    the rows of that database are brought to what is extracted now.
    """
    if min_confidence is not None and (db is not None or engine is not None or layer is not LayerName.claims):
        raise typer.BadParameter(
            "it picks among the claims that are printed or written: leave out --db, --engine and --layer",
            param_hint="--min-confidence",
        )
    if db is not None:
        elsewhere = (inputs, output_format, input_format, output, convert, no_subject, engine, workers, force)
        if any(elsewhere) or layer is not LayerName.claims:
            raise typer.BadParameter(
                "it takes its documents from the database and puts the claims back, so it goes with --model, --fast, "
                "--weights, --time-limit and --debug alone; to put articles into a database: claimtable ingest",
                param_hint="--db",
            )
        check_model(model, fast=fast)
        with running(debug=debug, time_limit=time_limit) as run:
            extract_again(db=db, model=model, fast=fast, weights=weights, run=run)
        return
    if not inputs:
        raise typer.BadParameter("Missing argument: give files or folders, or --db FILE", param_hint="INPUT")
    if engine is not None:
        if output_format not in (None, OutputFormat.parquet) or convert is not None or no_subject or force:
            raise typer.BadParameter(
                "it writes a folder of Parquet files and goes on where it was stopped: leave out --format, --convert, "
                "--no-subject and --force",
                param_hint="--engine",
            )
        check_model(model, fast=fast)
        from claimtable.cli.extract_parts import extract_parts_command
        from claimtable.scale import Engine

        extract_parts_command(
            inputs,
            output,
            engine=Engine(engine.value),
            workers=workers,
            layer=layer.value,
            input_format=input_format,
            model=model,
            fast=fast,
            weights=weights,
            time_limit=time_limit,
            debug=debug,
        )
        return
    if workers is not None:
        raise typer.BadParameter("it goes with --engine", param_hint="--workers")
    path = None if output in (None, "-") else Path(str(output))
    chosen = _choose_format(output_format, path)
    check_inputs(inputs)
    check_model(model, fast=fast)
    if no_subject and layer is not LayerName.quantities:
        raise typer.BadParameter("it is for --layer quantities", param_hint="--no-subject")
    if no_subject and (fast or model is not None or weights is not None):
        raise typer.BadParameter(
            "it reads no language pipeline: leave out --fast, --model and --weights",
            param_hint="--no-subject",
        )
    if convert is not None:
        _check_conversion(layer, convert)
    if path is not None:
        from claimtable.export.files import check_free

        try:
            check_free(path, overwrite=force)
        except ExportError as error:
            raise typer.BadParameter(str(error), param_hint="--output") from None
    with running(debug=debug, time_limit=time_limit) as run:
        rows = extract(
            inputs,
            layer=layer,
            input_format=input_format,
            model=model,
            fast=fast,
            weights=weights,
            convert=convert,
            subject=not no_subject,
            run=run,
        )
        if min_confidence is not None:
            rows = (row for row in rows if (row["confidence"] or 0.0) >= min_confidence)
        if chosen is OutputFormat.table:
            from claimtable.cli.table import show

            show(rows, layer, top=top)
        else:
            _write(rows, _columns(layer, convert), chosen, path, run, force=force)


def extract(
    inputs: Sequence[str],
    *,
    layer: str = "claims",
    input_format: str | None = None,
    model: str | None = None,
    fast: bool = False,
    weights: Path | None = None,
    convert: str | None = None,
    subject: bool = True,
    run: Run,
) -> Iterator[dict[str, Any]]:
    """Return an iterator over the rows of a layer, document by document.

    Inputs that fail go to `run`, and the others go on. `convert` adds the columns of
    `layers.with_conversion`; amounts that would need an exchange rate are counted, and `run` says how
    many there were. Without `subject` the quantities come from the words alone.

    Raises:
        ModelError: the language pipeline cannot be loaded.
        ClaimTableError: the layer has no values to convert, or `convert` is no unit to convert to.
    """
    from claimtable import ingest
    from claimtable.nlp import layers, pipeline

    foreign: set[str] = set()
    count = 0

    def on_foreign(currency: str) -> None:
        nonlocal count
        count += 1
        foreign.add(currency)

    chosen = layers.LAYERS[layer]
    if convert is not None:
        chosen = layers.with_conversion(chosen, convert, on_foreign)
    if subject:
        nlp = loaded(model, fast=fast, weights=weights)
        if layer != "claims":
            layers.restrict(nlp, layer)
    else:
        nlp = pipeline.load_words_only("claimtable_quantities")
    run.survive(nlp)
    documents = ingest.read(
        inputs, input_format=input_format, time_limit=run.time_limit, on_error=run.fail, on_notice=run.say
    )
    annotated = pipeline.annotate(documents, nlp, time_limit=run.time_limit, on_error=run.fail, keep=False)
    docs = run.progress(annotated, "documents")

    def rows() -> Iterator[dict[str, Any]]:
        for doc in docs:
            yield from chosen.rows(doc)
        if count:
            amounts = "1 amount in another currency" if count == 1 else f"{count} amounts in other currencies"
            run.say(
                f"{amounts} ({', '.join(sorted(foreign)[:MOST_NAMED])}) without a value in {convert}: "
                "no exchange rates are built in"
            )

    return rows()


def _check_conversion(layer: str, convert: str) -> None:
    from claimtable.errors import ClaimTableError
    from claimtable.nlp import layers

    try:
        layers.with_conversion(layers.LAYERS[layer], convert)
    except ClaimTableError as error:
        raise typer.BadParameter(str(error), param_hint="--convert") from None


def _columns(layer: str, convert: str | None) -> Sequence[Column]:
    from claimtable.nlp import layers

    chosen = layers.LAYERS[layer]
    return chosen.columns if convert is None else layers.with_conversion(chosen, convert).columns


def _choose_format(asked: OutputFormat | None, path: Path | None) -> OutputFormat:
    """Return the format to write, or raise `typer.BadParameter` where it does not fit the place."""
    on_terminal = path is None and sys.stdout.isatty()
    if asked is None:
        if path is None:
            return OutputFormat.table if on_terminal else OutputFormat.csv
        if path.suffix.lower() in EXPORTED:
            raise typer.BadParameter(
                f"export writes files that end in {path.suffix}: claimtable export INPUT -o {path}",
                param_hint="--output",
            )
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
    columns: Sequence[Column],
    output_format: OutputFormat,
    path: Path | None,
    run: Run,
    *,
    force: bool,
) -> None:
    from claimtable.export.tabular import write_table

    if path is None:
        write_table(rows, sys.stdout.buffer, output_format.value, columns=columns)  # type: ignore[arg-type]
        return

    def all_rows() -> Iterator[dict[str, Any]]:
        yield from rows
        if run.failed and not run.done:
            raise ExportError(f"nothing could be read, so {path} is not written")

    write_table(all_rows(), path, output_format.value, columns=columns, overwrite=force)  # type: ignore[arg-type]
