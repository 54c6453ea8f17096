import tracemalloc
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest
from hostile import hostile
from tests.timing import assert_within

from claimtable.errors import ExportError
from claimtable.export import workbook
from claimtable.export.tabular import write_table
from claimtable.schema import COLUMNS, Claim


def written(rows):
    file = BytesIO()
    write_table((row.to_dict() for row in rows), file, "xlsx")
    return openpyxl.load_workbook(file)


def cell(sheet, row, name):
    return sheet.cell(row + 1, [c.name for c in COLUMNS].index(name) + 1)


def test_cells_have_their_types(claim):
    sheet = written([claim])["claims"]
    assert [c.value for c in sheet[1]] == [c.name for c in COLUMNS]
    assert cell(sheet, 1, "value").value == 1e9
    assert cell(sheet, 1, "deadline").value == datetime(2020, 12, 31)
    assert cell(sheet, 1, "deadline").number_format == "yyyy-mm-dd"
    assert cell(sheet, 1, "value_low").value is None
    assert cell(sheet, 1, "bound").value == "="
    assert cell(sheet, 1, "bound").data_type == "s"


def test_the_header_is_frozen_and_filters(claim):
    sheet = written([claim, claim])["claims"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref.startswith("A1:")
    assert sheet.auto_filter.ref.endswith("3")


def test_the_second_sheet_describes_the_columns(claim):
    sheet = written([claim])["columns"]
    assert [tuple(c.value for c in row) for row in sheet.iter_rows(min_row=2)] == [
        (c.name, c.dtype, c.description) for c in COLUMNS
    ]


def test_links_are_links(claim):
    sheet = written([replace(claim, url="https://example.org/a?b=c&d=%20")])["claims"]
    assert cell(sheet, 1, "url").hyperlink.target == "https://example.org/a?b=c&d=%20"


def test_no_cell_is_a_formula_or_a_foreign_link(claim):
    rows = hostile(claim)
    sheet = written(rows)["claims"]
    for number, row in enumerate(rows, 1):
        for c in sheet[number + 1]:
            assert c.data_type != "f"
            assert c.hyperlink is None or c.hyperlink.target.startswith("https://")
        assert cell(sheet, number, "text").value is not None
        assert cell(sheet, number, "claim_id").value == row.claim_id


def test_plain_texts_stay_what_they_are(claim):
    for text in ("=1+1", "'quoted", "a\nb", "5", "1e5", "2014-01-01", "😀 ü"):
        assert cell(written([replace(claim, text=text)])["claims"], 1, "text").value == text


def test_days_that_excel_does_not_have_are_text(claim):
    sheet = written([replace(claim, time_start=date(1789, 7, 14), time_end=date(1900, 3, 1))])["claims"]
    assert cell(sheet, 1, "time_start").value == "1789-07-14"
    assert cell(sheet, 1, "time_end").value == datetime(1900, 3, 1)


@pytest.mark.parametrize("text", ["x" * 40_000, "😀" * 20_000])
def test_a_text_is_cut_where_a_cell_ends(text):
    cut = workbook.fit(text)
    assert len(cut.encode("utf-16-le")) // 2 <= workbook.MAX_TEXT
    assert cut.endswith("…")
    assert text.startswith(cut[:-1])


def test_too_many_rows_are_refused(claim, monkeypatch):
    monkeypatch.setattr(workbook, "MAX_ROWS", 2)
    with pytest.raises(ExportError, match="--where"):
        written([claim] * 3)


@pytest.mark.slow
def test_ten_thousand_rows_are_quick_and_small(claim, tmp_path):
    row = claim.to_dict()

    def write() -> None:
        assert (
            write_table((row for _ in range(10_000)), tmp_path / "t.xlsx", "xlsx", overwrite=True) == 10_000
        )

    # A tenth of the 100,000 rows that may take a minute.
    assert_within(10, write)
    tracemalloc.start()
    try:
        write()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 50e6


def test_an_empty_table_is_a_table():
    book = written([])
    assert book["claims"].max_row == 1
    assert Claim().claim_id == ""
