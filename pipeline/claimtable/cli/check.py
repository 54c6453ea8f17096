"""`claimtable check`: what the table shows when its rows are held against one another and the calendar."""

from __future__ import annotations

import json
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from claimtable.cli.options import DEFAULT_DB, Database, Debug
from claimtable.cli.run import Run, running

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from claimtable.schema import CheckName, Finding


class FindingsFormat(StrEnum):
    """How findings and scores leave."""

    text = "text"
    json = "json"


TITLES = {
    "due": "Due predictions",
    "arithmetic": "Figures that do not compute",
    "conflicts": "Rows that cannot all be right",
    "repeats": "Said in several documents",
    "fact-checks": "Checked before",
}


def check_command(
    db: Database = DEFAULT_DB,
    on: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], metavar="DATE", help="The day to take for today.", show_default=False
        ),
    ] = None,
    fact_checks: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Published fact-checks: ClaimReview, JSON or JSON lines.", show_default=False
        ),
    ] = None,
    output_format: Annotated[
        FindingsFormat, typer.Option("--format", help="text, or json: one finding a line.")
    ] = FindingsFormat.text,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Leave the database as it is, and only say what is found.")
    ] = False,
    debug: Debug = False,
) -> None:
    """Look for what does not fit, what is due, and what others have said or checked.

    Predictions that are due, figures that do not compute, rows that contradict one another, repeats, fact-checks.
    The database keeps the findings; one that is found no more is closed.
    """
    with running(debug=debug) as run:
        findings = check(db, on.date() if on else date.today(), fact_checks, run, save=not dry_run)
        if output_format is FindingsFormat.json:
            for finding in findings:
                typer.echo(json.dumps(finding.to_dict(), ensure_ascii=False))
            return
        for line in lines(findings):
            typer.echo(line)
        run.say(f"{len(findings)} {'finding' if len(findings) == 1 else 'findings'}")


def check(db: Path, today: date, fact_checks: Path | None, run: Run, *, save: bool = True) -> list[Finding]:
    """Returns what the checks find in a database, check by check. What is no fact-check in that file goes to `run`.

    With `save` the database keeps it.

    Raises:
        CheckError: the file with fact-checks cannot be read.
        StoreError: the database cannot be read.
    """
    from claimtable.check.arithmetic import arithmetic
    from claimtable.check.conflicts import conflicts
    from claimtable.check.due import due_predictions
    from claimtable.check.fact_checks import fact_checked, read_fact_checks
    from claimtable.check.repeats import repeats
    from claimtable.store import Store

    published = [] if fact_checks is None else list(read_fact_checks(fact_checks, run.fail))
    run.done += len(published)
    with Store.open(db, create=False, read_only=not save) as store:
        claims = list(store.verify().claims())
        found = [
            *due_predictions(claims, today),
            *arithmetic(claims),
            *conflicts(claims),
            *repeats(claims),
            *fact_checked(claims, published),
        ]
        if save:
            ran: list[CheckName] = ["due", "arithmetic", "conflicts", "repeats"]
            # Without published fact-checks nothing was held against them.
            store.save_findings(found, checks=ran if fact_checks is None else [*ran, "fact-checks"])
        return found


def lines(findings: Iterable[Finding]) -> Iterator[str]:
    """Yields findings as lines to read."""
    from claimtable.cli.words import one_line

    for name, group in groupby(findings, key=lambda finding: finding.check):
        found = list(group)
        yield f"{TITLES[name]}: {len(found)}"
        for finding in found:
            yield ""
            yield f"  {one_line(finding.reason)}"
            for (doc_id, text), rows in groupby(finding.rows, key=lambda row: (row.doc_id, row.text)):
                same = list(rows)
                source = ", ".join(str(part) for part in (same[0].title or doc_id, same[0].published) if part)
                yield f"    “{one_line(text)}” ({one_line(source)})"
                yield f"      {' '.join(row.claim_id for row in same)}"
            if finding.link:
                yield f"    {one_line(finding.link)}"
        yield ""
