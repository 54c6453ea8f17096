"""Tables in a plain text, by alignment: cells parted by bars, tabs, runs of blanks or leaders, or a label with figures.

Crop                     Very poor   Poor   Fair      bars, tabs, blanks
Barley ...................... -        5     29       leaders
Greece 4814 1335                                      a label and figures, as a page's text layer has it
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

_LINE = re.compile(r"[^\n]+")
_GAP = re.compile(
    r"(?:[ \t]*(?:\.{3,}|(?<= )\.\.(?= +[\d(–-])|…{1,}|(?:\. ){3,}\.?|_{3,})[ \t]*|\t+ *| {2,})"
)
_WIDE_GAP = re.compile(_GAP.pattern.replace(" {2,}", " {3,}"))
"""What parts cells where two blanks part words."""
_MOSTLY = 5
_BAR = re.compile(r"[ \t]*\|[ \t]*")
_RULE = re.compile(r"[\s|:+=_—–-]{3,}$")
_LETTERS = re.compile(r"[^\W\d_](?: [^\W\d_])*")
"""Single letters, as the text layer of a page has those of a chart's axis between the rows of a table beside it."""
_HEAD = re.compile(
    r"this|last|current|previous|prior|week|month|quarter|year|yrs?\.?|average|avg\.?|mean|normal|ago|ending|\d+|percent|%",
    re.IGNORECASE,
)
"""Words of which heads of columns are made that say when."""
_HEAD_LINES = 2
_PAIR = re.compile(r"(?<! )  (?! )")
_SINGLE = re.compile(r"(?<! ) (?! )")
_FEW_GAPS = 6
"""Columns parted by exactly two blanks that a line may have; with more, and fewer single blanks, it is text."""
_NUMBER = r"[~<>≈]?[+−–-]?\s?\(?[$€£¥]?\s?[+−–-]?\d[\d,.  ]*(?:\.\d+)?\s?%?\)?"
FIGURE = re.compile(
    rf"(?:{_NUMBER}|[$€£¥])(?:\s?(?:[a-z*†‡§¹²³]|\([a-z\d]\)|\[[a-z\d]{{1,2}}\]))?|[.…]{{1,3}}|[-–—−]{{1,3}}|n/?a\.?|n\.a\.|nil|\(?[xXzZdDsS]\)",
    re.IGNORECASE,
)
"""What a cell of figures may hold: a figure, maybe with a mark behind it, or what stands for none."""
_STOP = re.compile(r"[.!?;,]$")
MAX_CELLS = 250
"""Columns that a row may have; what has more is no table for reading."""
_FIGURE_CHARS = 40
"""Longest figure of a cell in code points."""
_MIN_ROWS = 2
_GROUP_WORDS = 6
"""Words of a line that names a group of rows, at most."""
_LABEL_CHARS = 80
"""Longest label of a row without gaps in code points; a sentence with two figures at its end is longer (set by hand)."""

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class GridRow:
    """A line of a table: the ranges of its cells in the text, without white space around them."""

    start: int
    end: int
    cells: tuple[Range, ...]
    figures: int
    """How many of the cells behind the first hold a figure or what stands for none."""
    gaps: str
    """What parts the cells: `bars`, `tabs`, `blanks`, `leaders` or `words`, where single blanks do."""
    group: Range | None = None
    """The line above that names what it and the rows below are of: "Corn" above "Planted ..... 20"."""


def is_figure(text: str, start: int, end: int) -> bool:
    """Return whether a cell holds a figure, or what stands for none."""
    return end - start <= _FIGURE_CHARS and FIGURE.fullmatch(text, start, end) is not None


def grids(text: str) -> Iterator[list[GridRow]]:
    """Yield the tables of a text: at least two rows with as many figures each, headings above them included."""
    group: list[GridRow] = []
    for row in _grouped(text):
        if row is None:
            yield from _tables(group)
            group = []
        else:
            group.append(row)
    yield from _tables(group)


def _grouped(text: str) -> Iterator[GridRow | None]:
    """Yield the rows with the lines that name groups of them taken in, where leaders part the cells."""
    group: Range | None = None
    before: GridRow | None = None
    named: Range | None = None
    for row, line in _candidates(text):
        if row is None and line is not None and _names_group(text, line):
            if text[slice(*line)].isupper():
                before = group = None
                yield None  # the title of another table
            named = line
            continue
        if row is not None and row.gaps == "leaders":
            if named is not None:
                if before is None or before.gaps != "leaders":
                    yield None  # what stands above is no row of it
                group, named = named, None
            before = replace(row, group=group)
            yield before
            continue
        if named is not None:
            yield None
        group = named = None
        before = row
        yield row


def _names_group(text: str, line: Range) -> bool:
    """Return whether a line can name a group of rows: few words, no stop, no figures, not letters alone."""
    words = text[slice(*line)].split()
    return (
        len(words) <= _GROUP_WORDS
        and max(map(len, words)) > 1
        and words[0][0].isupper()
        and _STOP.search(words[-1]) is None
        and not any(c.isdigit() for c in words[-1])
    )


def rows_of_tables(text: str) -> frozenset[int]:
    """Return the offsets where the lines begin that are rows of tables, name groups of them, or head their columns."""
    found: list[GridRow] = []
    heads: list[int] = []
    for rows in grids(text):
        found += rows
        heads += _heads_of_columns(text, rows[0].start)
    starts = {row.start for row in found} | {row.group[0] for row in found if row.group is not None}
    return frozenset([text.rfind("\n", 0, start) + 1 for start in starts] + heads)


def _heads_of_columns(text: str, start: int) -> Iterator[int]:
    """Yield where the lines right above a table begin that are made of heads: "This Last Last 5 Year" above "week week year average"."""
    end = text.rfind("\n", 0, start)
    for _ in range(_HEAD_LINES):
        first = text.rfind("\n", 0, max(end, 0)) + 1
        words = text[first : max(end, 0)].split()
        if not words or 2 * sum(_HEAD.fullmatch(word) is not None for word in words) <= len(words):
            return
        yield first
        end = first - 1


def is_double_spaced_text(text: str) -> bool:
    """Return whether nearly all words of a text are parted by two blanks."""
    return len(_PAIR.findall(text)) > _MOSTLY * (len(_SINGLE.findall(text)) + 1)


def _candidates(text: str) -> Iterator[tuple[GridRow | None, Range | None]]:
    """Yield the lines, each with the row that it can be; neither where two blank lines stand."""
    last = 0
    gap = _WIDE_GAP if "  " in text and is_double_spaced_text(text) else _GAP
    for match in _LINE.finditer(text):
        line = match.group()
        if not line.strip():
            continue
        if text.count("\n", last, match.start()) > 2:
            yield None, None
        last = match.end()
        if _RULE.match(line) and len(line.strip()) > 2:
            continue
        if _LETTERS.fullmatch(line.strip()):
            continue
        start = match.start() + len(line) - len(line.lstrip())
        yield read_row(text, match.start(), match.end(), gap), (start, start + len(line.strip()))


def read_row(text: str, start: int, end: int, gap: re.Pattern[str] = _GAP) -> GridRow | None:
    """Return the line as a row of a table, whose cells `gap` parts; None where it cannot be one."""
    line = text[start:end]
    if line.count("|") >= 1:
        cells, gaps = _split(text, start, end, _BAR), "bars"
    elif (found := gap.search(line.strip())) and not _is_double_spaced(line):
        gaps = "leaders" if set(found.group()) & set(".…_") else "tabs" if "\t" in line else "blanks"
        cells = _split(text, start, end, gap)
        if gaps == "leaders" or len(cells) == 2:
            cells = _with_tail(text, cells, cut=gaps == "leaders")
    else:
        cells, gaps = _by_words(text, start, end), "words"
    if not 2 <= len(cells) <= MAX_CELLS:
        return None
    figures = sum(is_figure(text, a, b) for a, b in cells[1:])
    return GridRow(cells[0][0], cells[-1][1], tuple(cells), figures, gaps)


def _is_double_spaced(line: str) -> bool:
    """Return whether two blanks part the words of a line, as in text copied from justified type."""
    return len(_PAIR.findall(line)) > _FEW_GAPS and len(_SINGLE.findall(line)) < len(_PAIR.findall(line))


def _split(text: str, start: int, end: int, gap: re.Pattern[str]) -> list[Range]:
    line = text[start:end]
    out: list[Range] = []
    at = start + len(line) - len(line.lstrip())
    stop = start + len(line.rstrip())
    for match in gap.finditer(text, at, stop):
        if match.start() > at:
            out.append((at, match.start()))
        at = match.end()
    if at < stop:
        out.append((at, stop))
    return out


def _with_tail(text: str, cells: list[Range], *, cut: bool = False) -> list[Range]:
    """Take a last cell of several figures with single blanks between them apart.

    With `cut` what stands behind two figures and more is left out: behind leaders the lines of a page's text layer have pieces of the
    charts beside the table ("Corn ..... 60 34 24 36 e").
    """
    tail: list[Range] = []
    for a, b in cells[1:]:
        words = [(a + m.start(), a + m.end()) for m in re.finditer(r"\S+", text[a:b])]
        figures = list(itertools.takewhile(lambda word: is_figure(text, *word), words))
        if len(figures) > 1 and (len(figures) == len(words) or cut):
            tail += figures
        else:
            tail.append((a, b))
    return cells[:1] + tail


def _by_words(text: str, start: int, end: int) -> list[Range]:
    """Take "LABEL 4,814 1,335" apart: words, then at least two figures, or what stands for none, to the end of the line."""
    words = [(start + m.start(), start + m.end()) for m in re.finditer(r"\S+", text[start:end])]
    first = len(words)
    while first > 1 and is_figure(text, *words[first - 1]):
        first -= 1
    figures = [text[slice(*word)] for word in words[first:]]
    if len(figures) < 2 or not any(c.isdigit() for f in figures for c in f):
        return []
    label = text[words[0][0] : words[first - 1][1]]
    if (
        len(label) > _LABEL_CHARS
        or _STOP.search(label)
        or _STOP.search(figures[-1])
        or not label[0].isalnum()
    ):
        return []
    return [(words[0][0], words[first - 1][1]), *words[first:]]


def _tables(group: Sequence[GridRow]) -> Iterator[list[GridRow]]:
    """Yield the tables among neighbouring rows: runs in which the figures stand in the same columns."""
    run: list[GridRow] = []
    for row in group:
        if run and not _fits(run, row):
            yield from _if_table(run)
            # A heading above the next table is none of the one before.
            run = []
        run.append(row)
    yield from _if_table(run)


def _fits(run: Sequence[GridRow], row: GridRow) -> bool:
    above = run[-1]
    if (above.gaps == "bars") != (row.gaps == "bars"):
        return False
    if not above.figures or row.gaps == "bars":
        return True
    if above.gaps == row.gaps == "leaders":
        return row.figures > 0  # pieces of a chart may stand behind the figures
    return row.figures > 0 and abs(len(row.cells) - len(above.cells)) <= max(1, len(above.cells) // 2)


def _if_table(run: Sequence[GridRow]) -> Iterator[list[GridRow]]:
    filled = [row for row in run if row.figures]
    if len(filled) >= _MIN_ROWS or (run and run[0].gaps == "bars" and len(run) >= _MIN_ROWS):
        yield list(run)
