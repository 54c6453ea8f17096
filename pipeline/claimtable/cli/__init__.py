"""The command `claimtable`. One file per verb; nothing heavy is imported before a verb runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from claimtable._version import __version__
from claimtable.cli.check import check_command
from claimtable.cli.defaults import FILE, defaults_of
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
from claimtable.cli.series import series_command
from claimtable.cli.serve import serve_command
from claimtable.cli.status import status_command
from claimtable.cli.train_data import train_data_command
from claimtable.cli.watch import watch_command

app = typer.Typer(
    name="claimtable",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
VERBS: dict[str, dict[str, tuple[Callable[..., None], str]]] = {
    "Read": {
        "extract": (extract_command, "claimtable extract article.txt"),
        "ingest": (ingest_command, "claimtable ingest articles/ --db claims.db"),
        "watch": (watch_command, "claimtable watch feeds.txt --every 60"),
    },
    "Look": {
        "report": (report_command, "claimtable report article.txt -o report.html"),
        "explore": (explore_command, "claimtable explore --open"),
        "export": (export_command, "claimtable export -o claims.xlsx"),
        "series": (series_command, 'claimtable series "inflation Turkey" --unit %'),
        "status": (status_command, "claimtable status"),
        "explain": (explain_command, "claimtable explain 3f2a9c0 article.txt"),
    },
    "Check": {
        "check": (check_command, "claimtable check --only due"),
        "resolve": (resolve_command, "claimtable resolve 3f2a9c0 true --evidence https://stats.example/2020"),
        "scores": (scores_command, "claimtable scores --minimum 10"),
    },
    "Learn and measure": {
        "learn": (learn_command, "claimtable learn -o weights.tsv"),
        "evaluate": (evaluate_command, "claimtable evaluate annotations/gold --errors 20"),
        "train-data": (train_data_command, "claimtable train-data -o train-data"),
        "serve": (serve_command, "claimtable serve --port 9090"),
    },
}
"""The verbs as the help groups them, each with an example."""

for panel, verbs in VERBS.items():
    for name, (command, example) in verbs.items():
        app.command(name, rich_help_panel=panel, epilog=f"Example: {example}")(command)
app.add_typer(documents_app, name="documents", rich_help_panel="Look")
app.add_typer(review_app, name="review", rich_help_panel="Check")


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"claimtable {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Turn articles into a table of checkable claims."""
    context.default_map = defaults_of(FILE, context.command)


def main() -> None:
    """Run the command line and exits: 0 all done, 1 some items failed, 2 wrong usage."""
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
