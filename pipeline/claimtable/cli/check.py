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
from claimtable.limits import uncollected

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

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

MOST_SHOWN = 20
"""Findings of a check: what one reads through before turning to --format json or the report."""
CheckOption = StrEnum("CheckOption", {name.replace("-", "_"): name for name in TITLES})  # type: ignore[misc]
"""The checks by their names."""


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
    only: Annotated[
        list[CheckOption] | None,
        typer.Option("--only", help="Run this check alone; may be given several times.", show_default=False),
    ] = None,
    most: Annotated[
        int,
        typer.Option(min=0, metavar="N", help="Findings of each check that are shown as text; 0 for all."),
    ] = MOST_SHOWN,
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
        chosen = tuple(option.value for option in only or CheckOption)
        today = on.date() if on else date.today()
        findings = check(db, today, fact_checks, run, save=not dry_run, only=chosen)
        if output_format is FindingsFormat.json:
            for finding in findings:
                typer.echo(json.dumps(finding.to_dict(), ensure_ascii=False))
            return
        for line in lines(findings, most):
            typer.echo(line)
        run.say(f"{len(findings)} {'finding' if len(findings) == 1 else 'findings'}")


def check(
    db: Path,
    today: date,
    fact_checks: Path | None,
    run: Run,
    *,
    save: bool = True,
    only: Collection[str] = tuple(TITLES),
) -> list[Finding]:
    """Return what the checks find in a database, check by check. What is no fact-check in that file goes to `run`.

    With `save` the database keeps it. `only` names the checks that are run; findings of others stay as they are.

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
    with uncollected(), Store.open(db, create=False, read_only=not save) as store:
        claims = list(store.verify().claims())
        checks: dict[CheckName, Callable[[], Iterable[Finding]]] = {
            "due": lambda: due_predictions(claims, today),
            "arithmetic": lambda: arithmetic(claims),
            "conflicts": lambda: conflicts(claims),
            "repeats": lambda: repeats(claims),
        }
        if fact_checks is not None:
            # Without published fact-checks nothing is held against them.
            checks["fact-checks"] = lambda: fact_checked(claims, published)
        ran = [name for name in checks if name in only]
        found = [finding for name in ran for finding in checks[name]()]
        if save:
            store.save_findings(found, checks=ran)
        return found


def lines(findings: Iterable[Finding], most: int = 0) -> Iterator[str]:
    """Yield findings as lines to read, of each check at most so many; 0 for all."""
    from claimtable.cli.words import one_line

    for name, group in groupby(findings, key=lambda finding: finding.check):
        found = list(group)
        yield f"{TITLES[name]}: {len(found)}"
        for finding in found[: most or None]:
            yield ""
            yield f"  {one_line(finding.reason)}"
            for (doc_id, text), rows in groupby(finding.rows, key=lambda row: (row.doc_id, row.text)):
                same = list(rows)
                source = ", ".join(str(part) for part in (same[0].title or doc_id, same[0].published) if part)
                yield f"    “{one_line(text)}” ({one_line(source)})"
                yield f"      {' '.join(row.claim_id for row in same)}"
            if finding.link:
                yield f"    {one_line(finding.link)}"
        if most and len(found) > most:
            yield ""
            yield f"  and {len(found) - most:,} more: claimtable check --only {name} --most 0"
        yield ""
