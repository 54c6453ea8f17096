"""`claimtable series`: one figure's history over all documents, as a table with bars."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from claimtable.cli.options import DEFAULT_DB, Database, Debug
from claimtable.cli.run import running
from claimtable.cli.status import StatusFormat

if TYPE_CHECKING:
    from claimtable.check.series import History

BAR_CHARS = 20
"""Length of the longest bar."""
SOURCE_CHARS = 40
"""Most characters of who said it, and where."""


def series_command(
    subject: Annotated[
        str,
        typer.Argument(
            metavar="SUBJECT", help="Words that the subject has, in any order.", show_default=False
        ),
    ],
    unit: Annotated[
        str | None,
        typer.Option(metavar="UNIT", help="Only figures in this unit, as in the table.", show_default=False),
    ] = None,
    db: Database = DEFAULT_DB,
    output_format: Annotated[
        StatusFormat, typer.Option("--format", help="How to print it; json is one figure a line.")
    ] = StatusFormat.text,
    debug: Debug = False,
) -> None:
    """Show what was said of one figure over the years: for which time, how much, by whom, and when.

    Figures stand together when their subjects have the same words, and unit and place are the same.
    """
    with running(debug=debug) as run:
        found = series(subject, unit=unit, db=db)
        for line in as_json(found) if output_format is StatusFormat.json else as_text(found):
            typer.echo(line)
        if not found:
            run.say(f"{db}: no dated figure of “{subject}”" + (f" in {unit}" if unit else ""))


def series(subject: str, *, db: Path, unit: str | None = None) -> list[History]:
    """Return the histories of the measures with these words.

    Raises:
        StoreError: the database cannot be read.
    """
    from claimtable.check.series import histories
    from claimtable.store import Store

    with Store.open(db, create=False, read_only=True) as store:
        return histories(store.verify().claims(), subject, unit=unit)


def as_text(found: Sequence[History]) -> Iterator[str]:
    """Yield the histories as lines, each figure with a bar."""
    from claimtable.check.series import middle
    from claimtable.cli.ids import short_ids
    from claimtable.cli.words import one_line
    from claimtable.export.wording import amount_text, when_text

    ids = short_ids(claim.claim_id for history in found for claim in history.claims)
    for history in found:
        place = f", {history.measure.place}" if history.measure.place else ""
        yield one_line(f"{history.subject}{place}")
        largest = max(abs(middle(claim) or 0.0) for claim in history.claims)
        rows: list[tuple[str, ...]] = []
        for claim in history.claims:
            data = claim.to_dict()
            share = abs(middle(claim) or 0.0) / largest if largest else 0.0
            said = f"{claim.speaker or claim.author or '–'} ({claim.published or 'undated'})"
            source = f"{said}: {claim.title or claim.doc_id}"
            rows.append(
                (
                    when_text(data).replace("\n", "–"),
                    ("forecast " if claim.kind == "prediction" else "") + one_line(amount_text(data)),
                    "█" * max(1, round(BAR_CHARS * share)),
                    _cut(one_line(source)),
                    ids[claim.claim_id],
                )
            )
        widths = [max(len(row[k]) for row in rows) for k in range(5)]
        for row in rows:
            yield (
                "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            )
        yield ""


def as_json(found: Sequence[History]) -> Iterator[str]:
    """Yield a line for each figure: its measure, and the row."""
    for history in found:
        measure: dict[str, Any] = {
            "measure": history.subject,
            "unit": history.measure.unit,
            "place": history.measure.place,
        }
        for claim in history.claims:
            yield json.dumps(measure | {"claim": claim.to_dict()}, ensure_ascii=False)


def _cut(text: str) -> str:
    return text if len(text) <= SOURCE_CHARS else text[: SOURCE_CHARS - 1] + "…"
