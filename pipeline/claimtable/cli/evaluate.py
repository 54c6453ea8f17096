"""`claimtable evaluate`: scores of the extraction against gold, and the mistakes themselves."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from claimtable.cli.extract import LayerName
from claimtable.cli.ingest import loaded
from claimtable.cli.options import Debug, Fast, Model, WeightsFile, check_model
from claimtable.cli.run import Run, running
from claimtable.errors import EvaluateError
from claimtable.schema import Document

if TYPE_CHECKING:
    from claimtable.evaluate.gold import Source
    from claimtable.evaluate.run import Evaluation


class ReportFormat(StrEnum):
    """How the scores are printed."""

    text = "text"
    json = "json"


def evaluate_command(
    gold: Annotated[
        list[Path],
        typer.Argument(
            metavar="GOLD",
            help="Folders with document.txt and claims.jsonl or actors.jsonl, folders of these, "
            "or benchmark files (.jsonl).",
            show_default=False,
        ),
    ],
    layer: Annotated[
        LayerName | None, typer.Option(help="Score this layer alone.", show_default=False)
    ] = None,
    report_format: Annotated[
        ReportFormat, typer.Option("--format", help="How to print.")
    ] = ReportFormat.text,
    errors: Annotated[int, typer.Option(min=0, metavar="N", help="Mistakes shown of each kind.")] = 10,
    model: Model = None,
    fast: Fast = False,
    weights: WeightsFile = None,
    debug: Debug = False,
) -> None:
    """Score the extraction against gold, and show what it missed, invented and got wrong."""
    check_model(model, fast=fast)
    with running(debug=debug) as run:
        from claimtable.evaluate import report

        evaluations = evaluate(gold, layer=layer, model=model, fast=fast, weights=weights, run=run)
        if report_format is ReportFormat.json:
            typer.echo(report.to_json(evaluations, errors=errors))
        else:
            typer.echo(report.to_text(evaluations, errors=errors), nl=False)


def evaluate(
    gold: Sequence[Path],
    *,
    layer: str | None = None,
    model: str | None = None,
    fast: bool = False,
    weights: Path | None = None,
    run: Run,
) -> list[Evaluation]:
    """Score every gold set in the folders and files; documents that cannot be read go to `run`.

    Raises:
        EvaluateError: there is no gold, or it is malformed.
        ModelError: the language pipeline cannot be loaded.
    """
    from claimtable.evaluate.gold import find_gold
    from claimtable.evaluate.run import evaluate as score

    sets = [s for s in find_gold(gold) if layer in (None, s.layer)]
    if not sets:
        raise EvaluateError(f"there is no gold for the layer {layer} in {', '.join(map(str, gold))}")
    nlp = loaded(model, fast=fast, weights=weights)
    run.survive(nlp)
    return score(sets, nlp, lambda sources: run.progress(read_sources(sources, run), "documents"))


def _known(source: Source) -> dict[str, Any]:
    """Return what is known of a gold article's file, as fields of a document."""
    known = dict(source.metadata or {})
    if "published" in known:
        try:
            known["published"] = date.fromisoformat(known["published"])
        except (TypeError, ValueError) as error:
            raise EvaluateError(
                f"{source.path}: `published` in its meta.json is no date ({error}): write it as 2024-05-31"
            ) from error
    return known


def read_sources(sources: Iterable[Source], run: Run) -> Iterator[Document]:
    """Yield the documents of gold sources under their ids; those that cannot be read go to `run`."""
    from claimtable import ingest

    for source in sources:
        if source.data is not None:
            stream = io.BytesIO(json.dumps(source.data).encode())
            for result in ingest.read_jsonl(stream, source=str(source.path or source.id)):
                if isinstance(result, Document):
                    yield result
                else:
                    run.fail(result)
        else:
            for document in ingest.read([str(source.path)], on_error=run.fail):
                yield replace(document, id=source.id, **_known(source))
