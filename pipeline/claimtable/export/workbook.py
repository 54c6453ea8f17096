"""The claims table as an Excel workbook: typed cells, frozen and filterable header, links, column descriptions.

No cell is a formula, whatever the text. What Excel cannot hold is written as text: days before 1900 (as ISO 8601)
and links longer than Excel's limits. A text longer than a cell can be ends in an ellipsis.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, BinaryIO

from claimtable.errors import ExportError
from claimtable.export.rows import Row, cell_value
from claimtable.schema import Column

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format as CellFormat
    from xlsxwriter.worksheet import Worksheet

MAX_ROWS = 1_048_575
"""Rows of a sheet below its header, in Excel since 2007."""

MAX_TEXT = 32_767
"""Characters of a cell, in UTF-16 units, in Excel since 2007."""

MAX_LINK = 2_079
"""Characters of a link, in Excel since 2013."""

MAX_LINKS = 65_530
"""Links of a sheet."""

FIRST_DAY = date(1900, 3, 1)
"""Excel counts a 29 February 1900, so days before this one shift by one between programs."""

_WIDTHS = {
    "text": 60,
    "subject": 34,
    "evidence_url": 28,
    "url": 28,
    "note": 34,
    "title": 28,
    "prefix": 18,
    "suffix": 18,
}
_WIDTH = {"string": 14, "Float64": 12, "Int64": 9, "date": 11, "boolean": 9, "list": 24}
"""Column widths in characters, by name and else by dtype: set by eye on the sample corpus."""

# Characters that XML 1.0 does not have, beside those that XlsxWriter escapes.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LINK = re.compile(r"https?://[^\s<>\"]+\Z", re.IGNORECASE)


def write_workbook(rows: Iterable[Row], file: BinaryIO, columns: Sequence[Column]) -> int:
    """Write a workbook with the sheets `claims` and `columns`, and return the number of rows.

    Rows are written as they come; the library keeps them in a temporary file, not in memory.

    Raises:
        ExportError: more rows than a sheet can hold.
    """
    from xlsxwriter import Workbook

    book = Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    try:
        head = book.add_format({"bold": True, "bottom": 1, "valign": "top"})
        day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        link = book.get_default_url_format()
        sheet = book.add_worksheet("claims")
        sheet.freeze_panes(1, 0)
        for index, column in enumerate(columns):
            sheet.set_column(index, index, _WIDTHS.get(column.name, _WIDTH[column.dtype]))
        sheet.write_row(0, 0, [column.name for column in columns], head)
        cells = _Cells(sheet, day, link)
        count = 0
        for count, row in enumerate(rows, 1):
            if count > MAX_ROWS:
                raise ExportError(
                    f"an Excel sheet holds {MAX_ROWS:,} rows and this table has more: "
                    "choose fewer with --where, or write Parquet"
                )
            for index, column in enumerate(columns):
                cells.write(count, index, cell_value(row.get(column.name), column), column)
        sheet.autofilter(0, 0, max(count, 1), len(columns) - 1)
        _describe(book.add_worksheet("columns"), columns, head)
    finally:
        _close(book)
    return count


def _close(book: Workbook) -> None:
    """Close the workbook, which is when most of it is written."""
    from xlsxwriter.exceptions import FileCreateError

    try:
        book.close()
    except FileCreateError as error:
        # It hides what went wrong; whoever opened the file knows what to say of that.
        raise OSError(*error.args[0].args) from error


class _Cells:
    def __init__(self, sheet: Worksheet, day: CellFormat, link: CellFormat) -> None:
        self.sheet = sheet
        self.day = day
        self.link = link
        self.links = 0

    def write(self, row: int, index: int, value: Any, column: Column) -> None:
        if value is None:
            return
        if isinstance(value, bool):
            self.sheet.write_boolean(row, index, value)
        elif isinstance(value, int | float):
            self.sheet.write_number(row, index, value)
        elif isinstance(value, date):
            if value >= FIRST_DAY:
                self.sheet.write_datetime(row, index, value, self.day)
            else:
                self.sheet.write_string(row, index, value.isoformat())
        else:
            self._write_text(row, index, str(value))

    def _write_text(self, row: int, index: int, text: str) -> None:
        text = fit(text)
        if self.links < MAX_LINKS and len(text) <= MAX_LINK and _LINK.match(text):
            self.links += 1
            self.sheet.write_url(row, index, text, self.link, string=text)
        else:
            self.sheet.write_string(row, index, text)


def fit(text: str) -> str:
    """Return what a cell can hold of a text: legal characters, and at most `MAX_TEXT` UTF-16 units."""
    text = _ILLEGAL.sub("\ufffd", text)
    # A character outside the Basic Multilingual Plane counts as two.
    if len(text) * 2 <= MAX_TEXT or len(text.encode("utf-16-le")) // 2 <= MAX_TEXT:
        return text
    cut = text.encode("utf-16-le")[: 2 * (MAX_TEXT - 1)].decode("utf-16-le", "ignore")
    return f"{cut}…"


def _describe(sheet: Worksheet, columns: Sequence[Column], head: CellFormat) -> None:
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 10)
    sheet.set_column(2, 2, 100)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, ["column", "type", "meaning"], head)
    for number, column in enumerate(columns, 1):
        for index, text in enumerate((column.name, column.dtype, column.description)):
            sheet.write_string(number, index, text)
