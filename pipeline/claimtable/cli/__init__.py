"""The command `claimtable`. One file per verb; nothing heavy is imported before a verb runs."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from claimtable._version import __version__
from claimtable.cli.check import check_command
from claimtable.cli.documents import documents_app
from claimtable.cli.evaluate import evaluate_command
from claimtable.cli.explain import explain_command
from claimtable.cli.explore import explore_command
from claimtable.cli.export import export_command
from claimtable.cli.extract import extract_command
from claimtable.cli.ingest import ingest_command
from claimtable.cli.lean import without_command_line_of_spacy
from claimtable.cli.learn import learn_command
from claimtable.cli.report import report_command
from claimtable.cli.resolve import resolve_command
from claimtable.cli.review import review_app
from claimtable.cli.run import SOME_FAILED, of_the_system
from claimtable.cli.scores import scores_command
from claimtable.cli.serve import serve_command
from claimtable.cli.status import status_command
from claimtable.cli.train_data import train_data_command
from claimtable.cli.watch import watch_command

app = typer.Typer(
    name="claimtable",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("extract")(extract_command)
app.command("ingest")(ingest_command)
app.command("watch")(watch_command)
app.command("status")(status_command)
app.command("explore")(explore_command)
app.command("export")(export_command)
app.command("report")(report_command)
app.command("check")(check_command)
app.command("resolve")(resolve_command)
app.command("scores")(scores_command)
app.command("explain")(explain_command)
app.command("evaluate")(evaluate_command)
app.command("serve")(serve_command)
app.command("learn")(learn_command)
app.command("train-data")(train_data_command)
app.add_typer(documents_app, name="documents")
app.add_typer(review_app, name="review")


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"claimtable {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Turns articles into a table of checkable claims."""


def main() -> None:
    """Runs the command line and exits: 0 all done, 1 some items failed, 2 wrong usage."""
    # Products of matrices as small as ours cost more processor time on several threads, and `--workers` takes the other cores.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    without_command_line_of_spacy()
    try:
        app()
    except OSError as error:
        # Help and version are written before any verb runs; what verbs meet, `running` puts in words.
        message = of_the_system(error)
        if message is None:
            raise
        typer.echo(f"claimtable: {message}", err=True)
        sys.exit(SOME_FAILED)
