"""Tables in a text: what a cell measures, and when, its row, its column and the title of its table say.

Region | 2022 | 2023
Exports (million euros) | 71.3 | 84.0
"""

from __future__ import annotations

import functools
import itertools
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from claimtable import rules
from claimtable.nlp.frames.cells import figure_of
from claimtable.nlp.frames.measures import is_measure, measure_of
from claimtable.reading.grids import GridRow, grids, read_row
from claimtable.schema import Quantity, TimeExpression

_YEAR = re.compile(r"(?:19|20)\d\d")
_UNIT = re.compile(r"\s*\(([^()]*)\)\s*$")
_HAS_LETTER = re.compile(r"[^\W\d_]")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile(
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?",
    re.I,
)
_NO_FIGURES = re.compile(
    r"(?:rank|no\.?|nr\.?|#|code|id|page|ref\.?|line|note|year|phone|zip)s?", re.IGNORECASE
)
_TAIL = re.compile(r"[\s.…:*†‡§¹²³⁰⁴-⁹_]+$|\s?\[\w{1,2}\]$")
_STOP = re.compile(r"[.!?]$")
_NAMES = re.compile(r"(?:(?:in|for|as of|at|during) )?[-–—,:;() ]*")

MAX_LABEL = 120
"""Longest heading in code points: what is longer is text with a bar in it (set by hand, and bounds what a row costs)."""
MAX_ROW = 400
"""Code points from a row's heading to a cell, up to which both are quoted (set by hand, and bounds what a row costs)."""
_WORD = re.compile(r"[^\W\d_]+\S*")
_STACKED = re.compile(r"\d+[ -]\S+|\S+")
"""A word, or a number with the word behind it: "5 Year" above "average"."""
_TITLE_LINES = 5
"""Lines above a table that may be its title."""
_PLACE_WORDS = 3
"""Words before a date and a colon that are the place it is for."""
_CASE = re.compile(r"(?:[\s,(]|^)(?:in|for|as of|at|on|during|ended|ending|since|from|to)$", re.IGNORECASE)
_MIN_PARTS, _ROUNDING = 3, 1.01
"""Figures that part a whole, at least, and what rounding may leave of a hundred (set by hand)."""
_PROGRESS = re.compile(r"\bprogress\b", re.IGNORECASE)
_TITLE_WORDS = 8
"""A longer title is no part of the subject of each cell."""


@dataclass(frozen=True, slots=True)
class Label:
    """The heading of a row or column, with the offsets of its cell."""

    text: str
    start: int
    end: int

    @property
    def name(self) -> str:
        """The text without the unit in brackets behind it, leaders and marks of footnotes."""
        return _TAIL.sub("", _UNIT.sub("", self.text)).strip(" |") or _TAIL.sub("", self.text)

    @property
    def year(self) -> int | None:
        """The year that the heading is; None for other headings."""
        return int(self.text) if _YEAR.fullmatch(self.text) else None

    @property
    def month(self) -> int | None:
        """The month that the heading is; None for other headings."""
        match = _MONTH.fullmatch(self.text.strip())
        return _MONTHS.index(match[1][:3].lower()) + 1 if match else None

    @property
    def is_unit(self) -> bool:
        """Whether it says nothing but in what the figures are: "%", "(in thousands)", "Million NOK"."""
        return self.year is None and is_measure(self.text)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell behind the first of its row, with the headings of its row, its column and its table, the nearest line first."""

    start: int
    end: int
    row: Label
    column: Label | None
    titles: tuple[Label, ...] = ()
    shares: bool = False
    """Its table parts wholes, or says how far things are done: bare figures are percent."""

    def is_figure(self, q: Quantity) -> bool:
        """Return whether the cell holds a figure and no text with figures in it."""
        return 2 * (q.end - q.start) >= self.end - self.start

    @property
    def extent(self) -> tuple[int, int]:
        """Offsets of the row up to the cell, of the cell alone where that is long."""
        return (self.row.start if self.end - self.row.start <= MAX_ROW else self.start), self.end

    def subject(self, times: Sequence[TimeExpression] = ()) -> str | None:
        """Return what the cell measures: the headings that are no times and no units; None where all are.

        Args:
            times: those of the document, in text order.
        """
        labels = [
            label
            for label in (self.row, self.column)
            if label is not None and not label.is_unit and not _is_time(label, times)
        ]
        if self.column in labels and self.shift != "none" and _shift_of(self.column):
            labels.remove(self.column)  # "Previous week" says when, not what
        names = [label.name for label in labels if label.name]
        topics = (_topic(label, times) for label in self.titles if not label.is_unit)
        topic = next((topic for topic in topics if topic and len(topic.split()) <= _TITLE_WORDS), None)
        return ", ".join([*names, topic] if topic is not None else names) or None

    def counting(self, times: Sequence[TimeExpression]) -> Label:
        """Return the heading that names what the cell counts: the column's, where that is no time, else the row's."""
        return self.row if self.column is None or _is_time(self.column, times) else self.column

    def time(self, times: Sequence[TimeExpression] = ()) -> TimeExpression | None:
        """Return the time that the column, the row or the title is headed by; a month and a year make one."""
        labels = [label for label in (self.column, self.row, *self.titles) if label is not None]
        month = next((label for label in labels if label.month is not None), None)
        year = next((y for label in labels if (y := _year_of(label, times)) is not None), None)
        if month is not None and month.month is not None and year is not None:
            first = date(year, month.month, 1)
            after = date(year + month.month // 12, month.month % 12 + 1, 1)
            return _expression(month, first, after - timedelta(days=1), f"{year}-{month.month:02}")
        heads = (
            x
            for label in (self.column, self.row)
            if label is not None
            and _shift_of(label) is None  # "Current week" is that of the report
            and (x := _time_of(label, times, whole=True))
        )
        if (head := next(heads, None)) is not None:
            return head
        titles = (x for label in self.titles if (x := _time_of(label, times, whole=False)))
        titled = next(titles, None)
        return shifted(titled, self.shift) if titled is not None else None

    @property
    def shift(self) -> str:
        """How the column stands to the period of the report, by `column_times`; `0` where it says nothing."""
        return _shift_of(self.column) or "0"

    def measure(self, q: Quantity, quantities: Sequence[Quantity]) -> Quantity:
        """Return a bare figure of the cell with the scale and unit that row, column or title state: "(million euros)".

        What is a share or for each ("per share") is not multiplied by the scale of the whole table.

        Args:
            q: the figure.
            quantities: those that the headings hold.
        """
        if q.value is None:
            return q
        scale: float | None = None
        own = measure_of(self.row.name)
        shared = self.shares and q.unit is None and own.dimension != "time"  # "Days suitable" are no percent
        unit, dimension = ("%", "share") if shared else (q.unit, q.dimension)
        unscaled = unit == "%"
        for label in (self.row, self.column, *self.titles):
            if label is None:
                continue
            stated = measure_of(label.text)
            if unit is None:
                unit, dimension = stated.unit, stated.dimension
                held = _held(label, quantities)
                if unit is None and held is not None:
                    unit, dimension = held.unit, held.dimension
            if scale is None and not unscaled:
                scale = stated.scale
            unscaled = unscaled or stated.unscaled
        value = float(f"{q.value * scale:.15g}") if scale is not None and unit != "%" else q.value
        return replace(q, value=value, unit=unit, dimension=dimension)


def _held(label: Label, quantities: Sequence[Quantity]) -> Quantity | None:
    """Return the quantity with a unit in the brackets behind a heading."""
    inner = _UNIT.search(label.text)
    if inner is None:
        return None
    at = label.start + inner.start(1)
    return next((x for x in quantities if at <= x.start and x.end <= label.end and x.unit), None)


def _year_of(label: Label, times: Sequence[TimeExpression]) -> int | None:
    """Return the year that a heading is, or that the time in it lies in; none of a month alone, whose year is a guess."""
    if label.year is not None or label.month is not None:
        return label.year
    x = _time_of(label, times, whole=False)
    return x.time_start.year if x is not None and x.time_start is not None else None


def _topic(label: Label, times: Sequence[TimeExpression]) -> str | None:
    """Return what a title says beside time and unit; None for one that is headed by a place alone ("North Dakota: July 22, 2012")."""
    x = _time_of(label, times, whole=False)
    if x is None:
        return label.name
    before = label.text[: max(0, x.start - label.start)].strip()
    if before.endswith((":", ",")) and len(before.split()) <= _PLACE_WORDS:
        return None
    return _CASE.sub("", Label(before, 0, 0).name).strip(" ,:;–—-") or None


def _is_time(label: Label, times: Sequence[TimeExpression]) -> bool:
    return label.year is not None or label.month is not None or _time_of(label, times, whole=True) is not None


def _time_of(label: Label, times: Sequence[TimeExpression], *, whole: bool) -> TimeExpression | None:
    """Return the time that a heading is, or, of a title, that stands in it."""
    if label.year is not None:
        return _expression(label, date(label.year, 1, 1), date(label.year, 12, 31), label.text)
    k = bisect_right(times, label.start - 1, key=lambda x: x.start)
    while k < len(times) and times[k].start < label.end:
        x = times[k]
        rest = label.text[: x.start - label.start] + label.text[x.end - label.start :]
        if x.time_start is not None and (not whole or _NAMES.fullmatch(rest.strip(), 0)):
            return x
        k += 1
    return None


def _expression(label: Label, first: date, last: date, value: str) -> TimeExpression:
    return TimeExpression(
        start=label.start, end=label.end, text=label.text, type="DATE", value=value, time_start=first, time_end=last,
    )  # fmt: skip


@functools.cache
def _column_times() -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = rules.table("column_times", "pattern", "shift", "source")
    return tuple((re.compile(row["pattern"], re.IGNORECASE), row["shift"]) for row in rows)


def shifted(time: TimeExpression, shift: str) -> TimeExpression | None:
    """Return the time itself (`0`), the one right before it (`-1`) or the `year` before; None for `none`."""
    start, end = time.time_start, time.time_end
    if shift == "0":
        return time
    if start is None or end is None or shift == "none":
        return None
    if shift == "year":
        return replace(time, time_start=date(start.year - 1, 1, 1), time_end=date(start.year - 1, 12, 31))
    before = start - timedelta(days=1)
    return replace(time, time_start=start - (end - start) - timedelta(days=1), time_end=before)


def _shift_of(head: Label | None) -> str | None:
    """Return how a column with this head stands to the period of its report, None where it does not say."""
    if head is None:
        return None
    text = head.text.strip()
    return next((shift for pattern, shift in _column_times() if pattern.fullmatch(text)), None)


class Tables:
    """The cells of all tables of a text, by their offsets."""

    def __init__(self, text: str) -> None:
        self._rows: list[tuple[int, int]] = []
        self._cells: list[Cell] = []
        for rows in grids(text):
            rows = [row for row in rows if row.cells[0][1] - row.cells[0][0] <= MAX_LABEL]
            if len(rows) < 2 or (rows[0].gaps == "bars" and any(len(r.cells) < 2 for r in rows)):
                continue
            self._add(text, rows)
        self._starts = [cell.start for cell in self._cells]
        self._row_starts = [start for start, _ in self._rows]

    def _add(self, text: str, rows: list[GridRow]) -> None:
        labels = [[Label(text[a:b], a, b) for a, b in row.cells] for row in rows]
        heads = [row for row in labels[:1] if _is_header(row)]
        groups = [_group(text, row) for row in rows]
        above = _lines_above(text, groups[0].start if groups[0] is not None else rows[0].start)
        widest = _columns(labels[len(heads) :], rows[-1].gaps)
        header = heads[0] if heads else []
        if not header and (header := _stacked_heads(text, widest, above)):
            above = above[2:]
        if not header:
            header, line = _heads_above(text, widest, groups, above)
            groups = [None if group == line else group for group in groups]
            above = above[above[:1] == [line] :]
        corner = header[:1] if len(header) == widest and measure_of(header[0].text) != measure_of("") else []
        titles = (*corner, *above)
        self._rows.extend((row[0].start, row[-1].end) for row in labels)
        body = list(zip(labels, groups, strict=True))[len(heads) :]
        shares = _shares(titles, body)
        for row, group in body:
            named = titles if group is None else (group, *titles)
            self._cells.extend(_cells(row, header, named, shares=row[0].start in shares))

    def holds(self, offset: int) -> bool:
        """Return whether the code point at `offset` stands in a row of a table."""
        k = bisect_right(self._row_starts, offset) - 1
        return k >= 0 and offset < self._rows[k][1]

    def cell(self, offset: int) -> Cell | None:
        """Return the cell at `offset`; None for headings and outside of tables."""
        k = bisect_right(self._starts, offset) - 1
        return self._cells[k] if k >= 0 and offset < self._cells[k].end else None

    def figures(self, text: str, start: int, end: int) -> Iterator[tuple[Cell, Quantity | None]]:
        """Yield the cells that start in `start`..`end`, each with its figure; None where it holds more than one."""
        k = bisect_right(self._starts, start - 1)
        while k < len(self._cells) and self._cells[k].start < end:
            cell = self._cells[k]
            k += 1
            if cell.column is not None and _NO_FIGURES.fullmatch(cell.column.text.strip()):
                continue
            content = text[cell.start : cell.end]
            found = figure_of(content)
            yield cell, None if found is None else Quantity(
                start=cell.start, end=cell.end, text=content, value=found.value, bound=found.bound, unit=found.unit,
                dimension=found.dimension, number_start=cell.start, number_end=cell.end, rule="table.cell",
            )  # fmt: skip


def _columns(rows: Sequence[Sequence[Label]], gaps: str) -> int:
    """Return how many columns rows have: the most of any; behind leaders, where pieces of a chart may follow, those that most have."""
    counts = Counter(map(len, rows))
    if gaps == "leaders" and counts:
        return max(counts, key=lambda n: (counts[n], n))
    return max(counts, default=0)


def _lines_above(text: str, start: int) -> list[Label]:
    """Return the lines that can be the title of the table that begins at `start`, the nearest first."""
    out: list[Label] = []
    end = text.rfind("\n", 0, start)
    while end > 0 and len(out) < _TITLE_LINES:
        first = text.rfind("\n", 0, end) + 1
        line = text[first:end]
        stripped = line.strip()
        if not stripped:
            if out or text[max(0, first - 1) : first] == "":
                break
        elif (row := read_row(text, first, end)) is not None and row.figures and row.gaps != "words":
            break  # a row of the table above
        elif len(stripped) > MAX_LABEL or (_STOP.search(stripped) and len(stripped.split()) > _TITLE_WORDS):
            break
        else:
            at = first + line.index(stripped)
            out.append(Label(stripped, at, at + len(stripped)))
        end = first - 1
    return out


def _group(text: str, row: GridRow) -> Label | None:
    return Label(text[slice(*row.group)], *row.group) if row.group is not None else None


def _heads_above(
    text: str, widest: int, groups: Sequence[Label | None], above: Sequence[Label]
) -> tuple[list[Label], Label | None]:
    """Return the heads of the columns on the line above a table, with that line; none where it has none."""
    named = set(groups)
    lines = [*(named if len(named) == 1 else ()), *above[:1]]  # what all rows are below may be their heads
    if widest > 2 or named == {None}:
        for line in lines:
            if line is not None and (heads := _split_heads(text, line, widest)):
                return heads, line
    return [], None


def _stacked_heads(text: str, columns: int, above: Sequence[Label]) -> list[Label]:
    """Return the heads that stand on two lines above a table, each half above the other: "This Last Last 5 Year", "week week year average".

    Only those that say when (`column_times`) are known by their words alone; text beside the table may stand behind them.
    """
    if len(above) < 2 or columns < 3:
        return []
    lower = [(m.start(), m.end()) for m in _WORD.finditer(above[0].text)][: columns - 1]
    upper = [(m.start(), m.end()) for m in _STACKED.finditer(above[1].text)][-(columns - 1) :]
    if not len(lower) == len(upper) == columns - 1:
        return []
    heads = [
        Label(f"{above[1].text[a:b]} {above[0].text[c:d]}", above[0].start + c, above[0].start + d)
        for (a, b), (c, d) in zip(upper, lower, strict=True)
    ]
    return heads if sum(_shift_of(head) is not None for head in heads) > len(heads) // 2 else []


def _split_heads(text: str, line: Label, columns: int) -> list[Label]:
    """Return the heads on a line above a table of so many columns; none where the line cannot be parted so."""
    words = [
        Label(m.group(), line.start + m.start(), line.start + m.end()) for m in re.finditer(r"\S+", line.text)
    ]
    for parted in (re.split(r" {2,}|\t+", line.text), None):
        if parted is not None and len(parted) in (columns, columns - 1):
            at, out = line.start, []
            for part in parted:
                at = text.index(part, at)
                out.append(Label(part, at, at + len(part)))
                at += len(part)
            return out
    groups: list[list[Label]] = []
    for word in words:
        if groups and word.text[0].islower():
            groups[-1].append(word)
        else:
            groups.append([word])
    for parts in (groups, [[w] for w in words]):
        if columns > 2 and len(parts) in (columns, columns - 1):
            return [Label(text[p[0].start : p[-1].end], p[0].start, p[-1].end) for p in parts]
    return []


def _is_header(labels: list[Label]) -> bool:
    return all(len(label.text) <= MAX_LABEL for label in labels) and all(
        label.year is not None
        or label.is_unit
        or (_HAS_LETTER.search(label.text) and figure_of(label.text) is None)
        for label in labels
    )


_Grouped = Sequence[tuple[list[Label], Label | None]]
"""Rows, each with the label of its group."""


def _shares(titles: Sequence[Label], rows: _Grouped) -> set[int]:
    """Return the beginnings of the rows whose figures are percent, though nothing says so.

    What makes a hundred together parts a whole, be it neighbours of a group or the cells of most rows; below "Crop progress"
    figures say how far things are done.
    """
    if _is_progress(titles, rows):
        return {row[0].start for row, _ in rows}
    parted = [row[0].start for row, _ in rows if len(row) > _MIN_PARTS and _make_a_hundred(row[1:])]
    found = set(parted) if len(parted) > 1 and 2 * len(parted) > len(rows) else set[int]()
    for _, members in itertools.groupby(rows, key=lambda pair: pair[1]):
        part = [row for row, _ in members if len(row) == 2]
        if _make_a_hundred([row[1] for row in part]):
            found |= {row[0].start for row in part}
    return found


def _make_a_hundred(cells: Sequence[Label]) -> bool:
    """Return whether figures part a whole."""
    figures = [figure_of(cell.text) for cell in cells]
    values = [f.value for f in figures if f is not None and f.unit in (None, "%")]
    return len(values) >= _MIN_PARTS and min(values) >= 0 and abs(sum(values) - 100) <= _ROUNDING


def _is_progress(titles: Sequence[Label], rows: _Grouped) -> bool:
    """Return whether a title names progress, and no figure is above a hundred."""
    if not any(_PROGRESS.search(title.text) for title in titles):
        return False
    figures = (figure_of(label.text) for row, _ in rows for label in row[1:])
    return all(0 <= f.value <= 100 and f.unit in (None, "%") for f in figures if f is not None)


def _cells(
    labels: list[Label], header: list[Label], titles: tuple[Label, ...], *, shares: bool = False
) -> list[Cell]:
    """Return the cells of a row. Of a header with one heading less, the first column has none."""
    row = labels[0]
    if header and any(_shift_of(head) for head in header):
        labels = labels[: len(header) + 1]  # pieces of a chart beside the table
    columns: list[Label | None] = [*header] if len(header) == len(labels) else [None, *header]
    if len(columns) != len(labels):
        columns = [None] * len(labels)
    return [
        Cell(label.start, label.end, row, column, titles, shares)
        for label, column in zip(labels[1:], columns[1:], strict=True)
    ]
