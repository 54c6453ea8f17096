"""Rows as a table to read on a terminal."""

from __future__ import annotations

import heapq
import re
import sys
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from claimtable.export.wording import amount_text, number_text, when_text

Row = dict[str, Any]

TOP = 20
"""Rows shown: about as many as one looks through before turning to a file."""
UNSURE = 0.5
"""Confidence below which a claim is marked."""
TITLE_CHARS = 40
"""Most characters of a title that tell which document a row is from."""
WIDTH_IN_A_PIPE = 120
"""Columns where no terminal says how many it has (and `COLUMNS` is not set)."""
WIDE = 110
"""From this width on the subject has a column of its own; below it stands under the claim."""

# Control characters and direction overrides in a document must not reach the terminal as such.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def show(rows: Iterable[Row], layer: str, *, console: Console | None = None) -> None:
    """Prints the first `TOP` rows of a layer, and says how many more there are.

    Claims and sentences come most check-worthy first, other layers in text order.
    """
    console = console or _console()
    top, total = _top(rows, ranked=layer in ("claims", "sentences"))
    several = len({row["doc_id"] for row in top}) > 1
    table = Table(
        box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", show_edge=False, expand=True, leading=1
    )
    if layer == "claims":
        _fill_claims(table, top, wide=console.width >= WIDE, several=several)
    else:
        _fill(table, top, several=several)
    if total:
        console.print(table)
    if layer == "claims" and any(is_unsure(row) for row in top):
        console.print("? some cell of the row is more likely wrong than all are right", style="dim")
    if total > len(top):
        console.print(
            f"{total - len(top):,} more. All of them: add -o FILE.csv (or .jsonl, .parquet).", style="dim"
        )
    elif not total:
        console.print(f"No {layer} found.", style="dim")


def _console() -> Console:
    if sys.stdout.isatty():
        return Console()
    console = Console(force_terminal=False, no_color=True)
    if "COLUMNS" not in console._environ:
        console = Console(force_terminal=False, no_color=True, width=WIDTH_IN_A_PIPE)
    return console


def _top(rows: Iterable[Row], *, ranked: bool) -> tuple[list[Row], int]:
    """Returns the rows to show and the number of all; holds no more than the former."""
    total = 0

    def numbered() -> Iterator[tuple[float, int, Row]]:
        nonlocal total
        for number, row in zip(count(), rows, strict=False):
            total += 1
            score = row.get("check_worthiness") or 0.0 if ranked else 0.0
            yield score, -number, row

    top = heapq.nlargest(TOP, numbered(), key=lambda item: item[:2])
    return [row for _, _, row in top], total


def _fill_claims(table: Table, rows: list[Row], *, wide: bool, several: bool) -> None:
    table.add_column("Score", justify="right", no_wrap=True)
    table.add_column("Speaker", ratio=2, overflow="fold")
    table.add_column("Claim", ratio=6, overflow="fold")
    if wide:
        table.add_column("Subject", ratio=4, overflow="fold")
    table.add_column("Value", ratio=2, min_width=10, overflow="fold")
    table.add_column("When", no_wrap=True)
    if several:
        table.add_column("Document", ratio=2, overflow="fold", style="dim")
    for row in rows:
        claim = _text(row["text"])
        subject = _text(row["subject"])
        cells = [_score(row), _speaker(row)]
        if wide:
            cells += [claim, subject]
        else:
            subject.stylize("dim")
            cells.append(Text("\n").join([claim, subject]) if subject else claim)
        cells += [_value(row), Text(when_text(row))]
        table.add_row(*cells, *([_document(row)] if several else []))


def _fill(table: Table, rows: list[Row], *, several: bool) -> None:
    hidden = {"start", "end"} if several else {"start", "end", "doc_id"}
    names = [name for name in (rows[0] if rows else ()) if name not in hidden]
    names = [name for name in names if any(row[name] is not None for row in rows)]
    for name in names:
        table.add_column(name.replace("_", " "), overflow="fold", ratio=4 if name == "text" else None)
    for row in rows:
        table.add_row(*(_plain(row[name]) for name in names))


def one_line(value: str | None) -> str:
    """Returns words of a document as one line that a terminal can show; "" for None."""
    return _UNSAFE.sub("\ufffd", " ".join((value or "").split()))


def _text(value: str | None) -> Text:
    return Text(one_line(value))


def _plain(value: Any) -> Text:
    if value is None:
        return Text()
    if isinstance(value, float):
        return Text(number_text(value))
    if isinstance(value, list):
        if all(isinstance(item, list) for item in value):
            return Text(" ".join(f"{start}-{end}" for start, end in value))
        return _text("; ".join(value))
    return _text(str(value))


def _document(row: Row) -> Text:
    """Returns the title, which says more than an id made from a hash."""
    name = _text(row["title"] or row["doc_id"])
    name.truncate(TITLE_CHARS, overflow="ellipsis")
    return name


def _score(row: Row) -> Text:
    score = row["check_worthiness"]
    shown = Text("" if score is None else f"{score:.2f}", style="bold" if (score or 0) >= 0.5 else "")
    return shown.append(" ?", style="dim") if is_unsure(row) else shown


def is_unsure(row: Row) -> bool:
    """Return whether some cell of a claim is more likely wrong than all are right."""
    return row.get("confidence") is not None and row["confidence"] < UNSURE


def _speaker(row: Row) -> Text:
    speaker = _text(row["speaker"])
    if row["speaker_type"] == "author":
        speaker = Text.assemble(speaker, (" (author)" if speaker else "author", "dim"))
    return speaker


def _value(row: Row) -> Text:
    amount = amount_text(row)
    value = _text(" ".join([amount, *_converted(row)] if amount else []))
    if row["modality"]:
        value.append((", " if amount else "") + _text(row["modality"]).plain, style="italic")
        if row["probability_low"] is not None and row["probability_high"] is not None:
            value.append(f" {row['probability_low']:.0%}–{row['probability_high']:.0%}")
    if row["polarity"] == "negated":
        value.append(" (negated)", style="italic")
    return value


def _converted(row: Row) -> list[str]:
    """Returns "(9.3 m)" where `--convert` has put the value beside the one in the document's unit."""
    endings = [name.removeprefix("unit_") for name in row if name.startswith("unit_") and name != "unit_text"]
    for ending in endings:
        unit = row[f"unit_{ending}"]
        ends = [row[f"{name}_{ending}"] for name in ("value", "value_low", "value_high")]
        if unit and unit != row["unit"]:
            number = "–".join(number_text(float(f"{end:.4g}")) for end in ends if end is not None)
            return [f"({number} {unit})" if unit != "1" else f"({number})"]
    return []
