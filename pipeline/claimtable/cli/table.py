"""Rows as a table to read on a terminal."""

from __future__ import annotations

import heapq
import os
import sys
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any, TypeVar

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from claimtable.cli import claim_table
from claimtable.cli.words import one_line, shown_text
from claimtable.export import groups
from claimtable.export.wording import number_text

Row = dict[str, Any]
T = TypeVar("T")

WIDTH_IN_A_PIPE = 120
"""Columns where no terminal says how many it has (and `COLUMNS` is not set)."""


def show(rows: Iterable[Row], layer: str, *, console: Console | None = None, top: int) -> None:
    """Print the first `top` sentences or rows of a layer, 0 for all, and say how many rows more there are.

    Claims and sentences come most check-worthy first, other layers in text order. What does not fit on a
    terminal goes through a pager, as with git: `PAGER` and `LESS` are honoured.
    """
    console = console or _console()
    counted = _Counted(rows)
    if layer == "claims":
        found = _top(groups.by_sentence(counted), lambda group: group.check_worthiness, top)
        parts = list(claim_table.render(found, width=console.width))
        shown = sum(len(group.rows) for group in found)
    else:
        ranked = layer == "sentences"
        best = _top(counted, lambda row: row["check_worthiness"] or 0.0 if ranked else 0.0, top)
        parts = [_table(best)] if best else []
        shown = len(best)
    if counted.total > shown:
        words = (
            f"{counted.total - shown:,} more. All of them: add -o FILE.csv (or .jsonl, .parquet), or --top 0."
        )
        parts.append(Text(words, style="dim"))
    elif not counted.total:
        parts.append(Text(f"No {layer} found.", style="dim"))
    _print(console, parts)


class _Counted(Iterable[Row]):
    """Rows that are counted on their way."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = rows
        self.total = 0

    def __iter__(self) -> Iterator[Row]:
        for row in self.rows:
            self.total += 1
            yield row


def _console() -> Console:
    if sys.stdout.isatty():
        return Console()
    console = Console(force_terminal=False, no_color=True)
    if "COLUMNS" not in console._environ:
        console = Console(force_terminal=False, no_color=True, width=WIDTH_IN_A_PIPE)
    return console


def _print(console: Console, parts: list[RenderableType]) -> None:
    shown = Group(*parts)
    if not console.is_terminal or claim_table.fits(console, shown):
        console.print(shown)
        return
    os.environ.setdefault("LESS", "FRX")  # colours, and no pager for what fits: as git sets it
    with console.pager(styles=not console.no_color):
        console.print(shown)


def _top(items: Iterable[T], score: Any, most: int) -> list[T]:
    """Return those with the highest scores, earlier ones first among equals; holds no more than these."""
    numbered = ((score(item), -number, item) for number, item in zip(count(), items, strict=False))
    if not most:
        return [item for *_, item in sorted(numbered, key=lambda x: x[:2], reverse=True)]
    return [item for *_, item in heapq.nlargest(most, numbered, key=lambda x: x[:2])]


def _table(rows: list[Row]) -> Table:
    table = Table(
        box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", show_edge=False, expand=True, leading=1
    )
    several = len({row["doc_id"] for row in rows}) > 1
    hidden = {"start", "end"} if several else {"start", "end", "doc_id"}
    names = [name for name in rows[0] if name not in hidden]
    names = [name for name in names if any(row[name] is not None for row in rows)]
    for name in names:
        table.add_column(name.replace("_", " "), overflow="fold", ratio=4 if name == "text" else None)
    for row in rows:
        table.add_row(*(_plain(row[name]) for name in names))
    return table


def _plain(value: Any) -> Text:
    if value is None:
        return Text()
    if isinstance(value, float):
        return Text(number_text(value))
    if isinstance(value, list):
        if all(isinstance(item, list) for item in value):
            return Text(" ".join(f"{start}-{end}" for start, end in value))
        return Text(one_line("; ".join(value)))
    return shown_text(str(value))
