"""`claimtable scores`: how often each speaker's predictions came true."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from claimtable.cli.check import FindingsFormat
from claimtable.cli.options import DEFAULT_DB, Database, Debug
from claimtable.cli.run import running

if TYPE_CHECKING:
    from claimtable.check.scores import SpeakerScore


def scores_command(
    minimum: Annotated[
        int, typer.Option(min=1, metavar="N", help="Leave out who has fewer outcomes than this.")
    ] = 5,
    output_format: Annotated[
        FindingsFormat, typer.Option("--format", help="text, or json: one speaker a line.")
    ] = FindingsFormat.text,
    db: Database = DEFAULT_DB,
    debug: Debug = False,
) -> None:
    """Show each speaker's record: predictions with an outcome, share that came true, Brier score."""
    from claimtable.check.scores import scores
    from claimtable.store import Store

    with running(debug=debug) as run, Store.open(db, create=False, read_only=True) as store:
        records = scores(store.claims(where="kind = 'prediction' AND verdict IS NOT NULL"), minimum)
        if output_format is FindingsFormat.json:
            for record in records:
                typer.echo(json.dumps(record.to_dict(), ensure_ascii=False))
            return
        for line in lines(records):
            typer.echo(line)
        if not records:
            run.say(
                f"no speaker has {minimum} predictions with an outcome: record them with claimtable resolve"
            )


def lines(records: Sequence[SpeakerScore]) -> Iterator[str]:
    """Yield the records as lines to read."""
    from claimtable.cli.words import one_line

    for record in records:
        line = f"{one_line(record.speaker)}: {record.came_true} of {record.resolved} came true ({record.share:.0%})"
        if record.brier is not None:
            line += f"; Brier score {record.brier:.3f} over {record.with_probability} with a probability"
        if record.undecided:
            line += f"; {record.undecided} mixed or unverifiable, not counted"
        yield line
