"""`claimtable extract --engine`: an archive, in parts, over many processes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import typer

from claimtable.cli.options import check_inputs
from claimtable.cli.run import Run, running
from claimtable.scale import Engine, Settings, Totals
from claimtable.scale import run as run_job


def extract_parts_command(
    inputs: Sequence[str],
    output: str | None,
    *,
    engine: Engine,
    workers: int | None,
    layer: str,
    input_format: str | None,
    model: str | None,
    fast: bool,
    weights: Path | None,
    time_limit: float,
    debug: bool,
) -> None:
    """Check what only this way of extracting needs, and run the job."""
    if output is None:
        raise typer.BadParameter("name the folder that the parts go to", param_hint="--output")
    if "-" in inputs:
        raise typer.BadParameter("an engine reads files, not standard input", param_hint="INPUT")
    check_inputs(list(inputs))
    with running(debug=debug, time_limit=time_limit) as run:
        settings = Settings.of(layer, model, fast, time_limit, weights)
        extract_parts(
            inputs,
            output,
            settings,
            engine=engine,
            workers=workers or os.cpu_count() or 1,
            input_format=input_format,
            run=run,
        )


def extract_parts(
    inputs: Sequence[str],
    output: str,
    settings: Settings,
    *,
    engine: Engine,
    workers: int,
    input_format: str | None = None,
    run: Run,
) -> Totals:
    """Extract into a folder of Parquet files what an earlier run of the job has not, and say how much that was.

    Raises:
        ExportError: the folder holds other rows, or cannot be written.
        ModelError: the language pipeline cannot be loaded.
    """
    totals = Totals()
    done = run_job(
        inputs,
        output,
        settings,
        engine=engine,
        workers=workers,
        input_format=input_format,
        on_error=run.fail,
        totals=totals,
    )
    for _ in run.progress(done, "parts"):
        pass
    earlier = f", {totals.earlier:,} done earlier" if totals.earlier else ""
    speed = f"; {totals.words / totals.seconds:,.0f} words per second of a core" if totals.seconds else ""
    run.say(
        f"{output}: {totals.parts:,} parts{earlier}; {totals.documents:,} documents, {totals.rows:,} rows{speed}"
    )
    run.done = totals.documents
    if totals.failed:
        run.say(f"{totals.failed:,} documents failed: their reasons are in {output}/errors")
        run.failed += totals.failed
    return totals
