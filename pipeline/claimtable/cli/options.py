"""Options that several commands share: one meaning and one help text each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_DB = Path("claims.db")

Inputs = Annotated[
    list[str],
    typer.Argument(metavar="INPUT", help="Files, folders, or - for standard input.", show_default=False),
]
InputsInstead = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[INPUT]", help="Articles to extract from now, instead of --db.", show_default=False
    ),
]
InputFormat = Annotated[
    str | None,
    typer.Option(
        "--input-format",
        metavar="FORMAT",
        help="txt, html, md, jsonl, ...; default: by the ending; text for -.",
        show_default=False,
    ),
]
Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="NAME_OR_PATH",
        help="A spaCy pipeline with Universal Dependencies labels instead of the shipped one.",
        show_default=False,
    ),
]
Fast = Annotated[bool, typer.Option("--fast", help="Take the smaller shipped pipeline.")]


def _read_weights(path: Path | None) -> Path | None:
    """Return the file of weights, or raise `typer.BadParameter` where it is none."""
    if path is not None:
        from claimtable.errors import RuleError
        from claimtable.nlp.lines import read_weights

        try:
            read_weights(path)
        except RuleError as error:
            raise typer.BadParameter(str(error)) from None
    return path


WeightsFile = Annotated[
    Path | None,
    typer.Option(
        "--weights",
        metavar="FILE",
        help="What claimtable learn made of reviews: laid over the weights of the package.",
        callback=_read_weights,
        show_default=False,
    ),
]
Database = Annotated[Path, typer.Option("--db", metavar="FILE", help="The claims database.")]
Where = Annotated[
    str | None,
    typer.Option(
        "--where",
        metavar="CONDITION",
        help="Rows to take, as an SQL condition: \"kind = 'prediction' AND unit = 'USD'\".",
        show_default=False,
    ),
]
Output = Annotated[
    str | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write here instead of stdout.", show_default=False),
]
Force = Annotated[bool, typer.Option("--force", help="Overwrite what exists.")]
TimeLimit = Annotated[
    float,
    typer.Option(
        "--time-limit",
        min=0,
        metavar="SECONDS",
        help="Most time to read, and to extract from, one document; 0 for no limit.",
    ),
]
Debug = Annotated[bool, typer.Option("--debug", help="Show tracebacks of unexpected errors.")]


def check_inputs(inputs: list[str]) -> None:
    """Raise `typer.BadParameter` where an input has no name."""
    if "" in inputs:
        raise typer.BadParameter(
            "an empty name is no file: is a variable of the shell not set?", param_hint="INPUT"
        )


def check_model(model: str | None, *, fast: bool) -> None:
    """Raise `typer.BadParameter` where two language pipelines are asked for."""
    if fast and model is not None:
        raise typer.BadParameter("--fast and --model exclude each other", param_hint="--fast")


MinConfidence = Annotated[
    float | None,
    typer.Option(
        "--min-confidence",
        min=0.0,
        max=1.0,
        metavar="SHARE",
        help="Only claims of which the extractor is at least so sure (0-1) that every cell is right.",
        show_default=False,
    ),
]
