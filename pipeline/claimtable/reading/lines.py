"""Lines of a plain text: which line breaks end a line of their own, and which only wrap it.

A paragraph that an editor, a mail program or a printed page has cut into lines is one logical line. What tells a
wrapped line: the first word of the next one would not have fitted on it, or the one breaks off in the middle of a
phrase, or the other begins in the middle. What ends one: blank lines, bullets, labels, rows of tables, short lines.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from claimtable.reading.grids import rows_of_tables
from claimtable.rules import table

_LINE = re.compile("[^\n\r\v\f\x85\u2028\u2029]+")
BULLET = re.compile(r"(?:[*•‣◦▪●·–—-]|\d{1,3}[.)](?!\d)|\([a-z\d]{1,3}\)|[a-z][.)](?=\s*[A-Z]))\s*\S")
_DASH = re.compile(r"[–—-]{1,2}\s")
_NUMBERED = re.compile(r"\d{1,3}[.)]\s")
_KEY = re.compile(r"[A-Z][\w-]{1,15}: ")  # "Subject: ...": mail headers, tables of facts
_LABEL = re.compile(r"(?:[QA][.:]|>>|[A-Z][^\s:]*(?: [^\s:]+){0,5}:)\s")
_ENDED = re.compile(r"[.!?…:;][\"'”’»)\]*]*(?:\[\d+\])*$")
_FIGURE = re.compile(r"[$€£(+~]?\d")
_DIVIDED = re.compile(r"[^\W\d_]-$")
_WORD = re.compile(r"\w+$")
_NUMBER_LINE = re.compile(r"[\[(]?\d{1,4}[\])]?$")

_MIDDLE = (",", " and", " or", " of", " the", " to the")
"""What ends a line between two figures of one sentence, not of two items of a list."""

_WRAP_COLUMNS = (40, 160)
"""Widths between which a text may be hard-wrapped; 65 to 80 is usual, 120 and more occur in editors and printed pages."""
_LONG_SHARE = 0.1
"""A text with more than this share of its characters in wider lines is not hard-wrapped."""
_SURE_LINES = 4
"""As many full lines in one paragraph are wrapped even in a text that is not."""
_NEARLY_FULL = 0.8
"""A line of this share of the width that ends in the middle of a sentence is full: proportional type is ragged."""
_HALF = 0.5
"""A shorter line is none that goes on in lower case: menus and lists have such."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text without the white space around it."""

    start: int
    end: int
    text: str
    row: bool = False
    """It is a row of a table."""

    @property
    def ended(self) -> bool:
        """Whether it ends like a sentence or a label."""
        return _ENDED.search(self.text[-12:]) is not None


def paragraphs(text: str) -> list[list[Line]]:
    """Return the lines of a text by paragraph: what stands between blank lines."""
    rows = rows_of_tables(text)
    out: list[list[Line]] = []
    lines: list[Line] = []
    last_end = 0
    for match in _LINE.finditer(text):
        chunk = match.group()
        stripped = chunk.strip()
        gap = text[last_end : match.start()]
        if not stripped or _parts(gap):
            out.append(lines)
            lines = []
        if stripped:
            start = match.start() + len(chunk) - len(chunk.lstrip())
            lines.append(Line(start, start + len(stripped), stripped, match.start() in rows))
        last_end = match.end()
    out.append(lines)
    return [lines for lines in out if lines]


def _parts(gap: str) -> bool:
    """Return whether what lies between two lines ends a paragraph: a blank line, a page."""
    return gap.count("\n") > 1 or "\u2029" in gap or "\f" in gap or gap.count("\r") > max(1, gap.count("\n"))


def joined(found: Sequence[Sequence[Line]]) -> list[list[bool]]:
    """Return for each line of each paragraph whether it goes on with the line above it."""
    sizes = [len(line.text) for lines in found for line in lines if not line.row]
    total = sum(sizes)
    long = sum(size for size in sizes if size > _WRAP_COLUMNS[1])
    wrapped = total > 0 and long <= _LONG_SHARE * total
    usual = _usual_width(sizes) if wrapped else 0
    return [_joins(lines, wrapped, usual) for lines in found]


def _usual_width(sizes: Sequence[int]) -> int:
    """Return the width that the lines of a wrapped text keep to: the widest that is not alone."""
    fitting = sorted((size for size in sizes if size <= _WRAP_COLUMNS[1]), reverse=True)
    for k, size in enumerate(fitting):
        if k + 1 < len(fitting) and fitting[k + 1] >= 0.9 * size:
            return size
    return fitting[0] if fitting else 0


def _joins(lines: Sequence[Line], wrapped: bool, usual: int) -> list[bool]:
    """Return which lines of a paragraph go on; `wrapped` says whether the text as a whole looks hard-wrapped."""
    divided = [k > 0 and _is_divided(lines[k - 1], lines[k]) for k in range(len(lines))]
    own = max((len(line.text) for line in lines if not line.row), default=0)
    width = max(own, usual) if len(lines) < _SURE_LINES and wrapped else own
    if not _WRAP_COLUMNS[0] <= width <= _WRAP_COLUMNS[1]:
        return divided
    separate = all(line.ended for line in lines)  # each line is a paragraph of its own
    joins = [False, *(_continues(lines, k, width, separate=separate) for k in range(1, len(lines)))]
    # A long paragraph of full lines is wrapped wherever it stands.
    if not wrapped and (len(lines) < _SURE_LINES or sum(joins[1:]) < 0.8 * (len(lines) - 1)):
        return divided
    return [one or other for one, other in zip(joins, divided, strict=True)]


def _is_divided(above: Line, line: Line) -> bool:
    """Return whether the two lines part a word: "rents rose by 9 per-/cent"."""
    return line.text[0].islower() and not above.row and _DIVIDED.search(above.text) is not None


def _continues(lines: Sequence[Line], k: int, width: int, *, separate: bool) -> bool:
    """Return whether line `k` goes on with the sentence of the line above, which the wrapping cut."""
    above, line = lines[k - 1], lines[k]
    if above.row or line.row or _NUMBER_LINE.match(line.text) or _NUMBER_LINE.match(above.text):
        return False
    first = line.text.split(None, 1)[0]
    full = len(above.text) + 1 + len(first) > width
    if _opens(lines, k, full=full):
        return False
    if above.ended:
        return full and (line.text[0].islower() or (not separate and _goes_on_after_stop(lines, k)))
    if _are_items(lines, k, full=full):
        return False
    if breaks_off(above.text) and len(above.text) >= _HALF * width * _HALF:
        return True
    if first[0].islower():
        return full or len(above.text) >= _HALF * width
    return full or len(above.text) >= _NEARLY_FULL * width


def _are_items(lines: Sequence[Line], k: int, *, full: bool) -> bool:
    """Return whether line `k` and the one above are two items of a list that each begin with a figure."""
    above, line = lines[k - 1], lines[k]
    if not (_FIGURE.match(line.text) and _FIGURE.match(above.text)) or above.text.endswith(_MIDDLE):
        return False
    if above.text.count("(") > above.text.count(")"):
        return False
    head = lines[k - 2].text if k > 1 else ""
    return not full or head.endswith(":") or _FIGURE.match(head) is not None


def _opens(lines: Sequence[Line], k: int, *, full: bool) -> bool:
    """Return whether line `k` begins something of its own: a list item, a labelled line."""
    above, line = lines[k - 1], lines[k]
    if BULLET.match(line.text):
        # A dash or a number at the beginning of a line may also stand in the middle of a sentence.
        inside = full and not above.ended and (_DASH.match(line.text) or _NUMBERED.match(line.text))
        return not inside or BULLET.match(above.text) is not None
    if _KEY.match(line.text):
        return not (full and not above.ended and not _KEY.match(lines[0].text))
    return above.ended and _LABEL.match(line.text) is not None


def _goes_on_after_stop(lines: Sequence[Line], k: int) -> bool:
    """Return whether a sentence that begins line `k` belongs to the paragraph of the full line above, which ends with one."""
    line = lines[k]
    if lines[k - 1].text.endswith(":"):
        return False
    if not line.ended and len(line.text) < _HALF * len(lines[k - 1].text):
        return False  # a name, a heading
    # A sentence that happens to be the widest line is no reason to take in the last line below it.
    last = k + 1 == len(lines)
    return not (last and (len(lines) == 2 or not line.text.endswith((".", "!", "?", ":", ",", ";"))))


def breaks_off(text: str) -> bool:
    """Return whether a line ends in the middle of a phrase: with an article, a preposition, a comma."""
    if text.endswith(","):
        return True
    word = _WORD.search(text)
    return word is not None and word.group().lower() in _open_words()


@functools.cache
def _open_words() -> frozenset[str]:
    return frozenset(row["word"] for row in table("line_end_words", "word", "source"))
