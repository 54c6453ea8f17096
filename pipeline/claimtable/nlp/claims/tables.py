"""Tables in a text, lines of cells between vertical bars: what a cell measures, and when, its row and its column say.

Region | 2022 | 2023
Exports (million euros) | 71.3 | 84.0
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from claimtable.schema import Quantity, TimeExpression

_LINE = re.compile(r"^[^\n|]*(?:\|[^\n|]*)+$", re.MULTILINE)
_CELL = re.compile(r"[^|\s](?:[^|\n]*[^|\s])?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_UNIT = re.compile(r"\s*\(([^()]*)\)\s*$")
_PERCENT = re.compile(r"%|\bper ?cent\b", re.IGNORECASE)
_HAS_LETTER = re.compile(r"[^\W\d_]")


MAX_LABEL = 120
"""Longest heading in code points: what is longer is text with a bar in it (set by hand, and bounds what a row costs)."""
MAX_ROW = 400
"""Code points from a row's heading to a cell, up to which both are quoted (set by hand, and bounds what a row costs)."""


@dataclass(frozen=True, slots=True)
class Label:
    """The heading of a row or column, with the offsets of its cell."""

    text: str
    start: int
    end: int

    @property
    def name(self) -> str:
        """The text without the unit in brackets behind it."""
        return _UNIT.sub("", self.text)

    @property
    def year(self) -> int | None:
        """The year that the heading is; None for other headings."""
        return int(self.text) if _YEAR.fullmatch(self.text) else None


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell behind the first of its row, with the headings of its row and column."""

    start: int
    end: int
    row: Label
    column: Label | None

    def is_figure(self, q: Quantity) -> bool:
        """Tells whether the cell holds a figure and no text with figures in it."""
        return 2 * (q.end - q.start) >= self.end - self.start

    @property
    def extent(self) -> tuple[int, int]:
        """Offsets of the row up to the cell, of the cell alone where that is long."""
        return (self.row.start if self.end - self.row.start <= MAX_ROW else self.start), self.end

    @property
    def subject(self) -> str | None:
        """What the cell measures: the headings that are no years; None where both are."""
        labels = [label for label in (self.row, self.column) if label is not None and label.year is None]
        return ", ".join(label.name for label in labels if label.name) or None

    @property
    def time(self) -> TimeExpression | None:
        """The year that the row or column is headed by."""
        for label in (self.column, self.row):
            if label is not None and label.year is not None:
                first, last = date(label.year, 1, 1), date(label.year, 12, 31)
                return TimeExpression(
                    start=label.start, end=label.end, text=label.text, type="DATE", value=label.text,
                    time_start=first, time_end=last,
                )  # fmt: skip
        return None

    def measure(self, q: Quantity, quantities: Sequence[Quantity]) -> Quantity:
        """Returns a bare figure of the cell with the scale and unit that a heading has in brackets: "(million euros)".

        Args:
            q: the figure.
            quantities: those that the headings hold.
        """
        if q.unit is not None or q.value is None:
            return q
        for label in (self.row, self.column):
            unit = _UNIT.search(label.text) if label is not None else None
            if label is None or unit is None:
                continue
            at = label.start + unit.start(1)
            scaled = next((x for x in quantities if at <= x.start and x.end <= label.end and x.value), None)
            if scaled is not None and scaled.value is not None:
                value = float(f"{q.value * scaled.value:.15g}")
                return replace(q, value=value, unit=scaled.unit, dimension=scaled.dimension)
            if _PERCENT.search(unit.group(1)):
                return replace(q, unit="%", dimension="share")
        return q


class Tables:
    """The cells of all tables of a text, by their offsets."""

    def __init__(self, text: str) -> None:
        self._rows: list[tuple[int, int]] = []
        self._cells: list[Cell] = []
        for rows in _tables(text) if "|" in text else ():
            header = rows[0] if _is_header(rows[0]) else []
            self._rows.extend((row[0].start, row[-1].end) for row in rows)
            for row in rows[1:] if header else rows:
                self._cells.extend(_cells(row, header))
        self._starts = [cell.start for cell in self._cells]
        self._row_starts = [start for start, _ in self._rows]

    def holds(self, offset: int) -> bool:
        """Tells whether the code point at `offset` stands in a row of a table."""
        k = bisect_right(self._row_starts, offset) - 1
        return k >= 0 and offset < self._rows[k][1]

    def cell(self, offset: int) -> Cell | None:
        """Returns the cell at `offset`; None for headings and outside of tables."""
        k = bisect_right(self._starts, offset) - 1
        return self._cells[k] if k >= 0 and offset < self._cells[k].end else None


def _tables(text: str) -> Iterator[list[list[Label]]]:
    """Yields the tables, rows of cells: at least two lines with bars that nothing but line breaks parts."""
    rows: list[list[Label]] = []
    end = 0
    for match in _LINE.finditer(text):
        row = [Label(cell.group(), cell.start(), cell.end()) for cell in _CELL.finditer(text, *match.span())]
        if len(row) < 2 or len(row[0].text) > MAX_LABEL:
            continue
        if rows and text[end : match.start()].strip():
            if len(rows) > 1:
                yield rows
            rows = []
        rows.append(row)
        end = match.end()
    if len(rows) > 1:
        yield rows


def _is_header(labels: list[Label]) -> bool:
    return all(len(label.text) <= MAX_LABEL for label in labels) and all(
        label.year is not None or _HAS_LETTER.match(label.text) for label in labels
    )


def _cells(labels: list[Label], header: list[Label]) -> list[Cell]:
    """Returns the cells of a row. Of a header with one heading less, the first column has none."""
    row = labels[0]
    columns: list[Label | None] = [*header] if len(header) == len(labels) else [None, *header]
    if len(columns) != len(labels):
        columns = [None] * len(labels)
    return [
        Cell(label.start, label.end, row, column)
        for label, column in zip(labels[1:], columns[1:], strict=True)
    ]
