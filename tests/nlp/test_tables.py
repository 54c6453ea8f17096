"""Cells of tables and what their headings say of them."""

from __future__ import annotations

from datetime import date

import pytest

from claimtable.nlp import pipeline
from claimtable.nlp.claims.tables import Tables

YEARS = "Region | 2022 | 2023\n\nHarbour | 71 | 84\n\nHills | 5 | 6\n\nOutside 99."


def test_a_cell_has_the_headings_of_its_row_and_column():
    cell = Tables(YEARS).cell(YEARS.index("84"))
    assert cell is not None
    assert cell.subject == "Harbour"
    assert cell.time is not None
    assert (cell.time.time_start, cell.time.time_end) == (date(2023, 1, 1), date(2023, 12, 31))


def test_two_headings_that_are_no_years_make_the_subject():
    text = "| Region | Cases | Deaths |\n| Harbour | 12 | 3 |"
    cell = Tables(text).cell(text.index("3 |"))
    assert cell is not None
    assert cell.subject == "Harbour, Deaths"
    assert cell.time is None


def test_a_header_may_lack_the_corner():
    text = "2022 | 2023\nExports | 71 | 84"
    cell = Tables(text).cell(text.index("84"))
    assert cell is not None
    assert cell.time is not None
    assert cell.time.text == "2023"


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("Home | About | 3 offers", "3"),
        ("Sales rose 5 | percent", "5"),
        ("A | 1\nSome text.\nB | 2", "1"),
        (YEARS, "99"),
    ],
    ids=["one line", "a bar", "text between", "outside"],
)
def test_a_bar_alone_makes_no_table(text, figure):
    tables = Tables(text)
    assert not tables.holds(text.index(figure))
    assert tables.cell(text.index(figure)) is None


@pytest.mark.pipeline
def test_rows_of_cells(nlp, make_document):
    text = (
        "Item | 2022 | 2023\n\nExports (million euros) | 71.5 | 84\n\n"
        "Share of ores (%) | 12 | 14\n\nShips built | 3 | 5"
    )
    rows = [c.to_dict() for c in pipeline.extract([make_document(text)], nlp)]
    found = [(r["subject"], r["value"], r["unit"], str(r["time_start"])[:4]) for r in rows]
    assert found == [
        ("Exports", 71.5e6, "EUR", "2022"),
        ("Exports", 84e6, "EUR", "2023"),
        ("Share of ores", 12.0, "%", "2022"),
        ("Share of ores", 14.0, "%", "2023"),
        ("Ships built", 3.0, "ship", "2022"),
        ("Ships built", 5.0, "ship", "2023"),
    ]
    assert rows[1]["text"] == "Exports (million euros) | 71.5 | 84"


@pytest.mark.pipeline
def test_words_in_cells_stay_text(nlp, make_document):
    text = "Town | Report\nHarun | The council built 30 schools there in 2012"
    rows = [c.to_dict() for c in pipeline.extract([make_document(text)], nlp)]
    assert not rows or rows[0]["value"] == 30.0


def test_long_text_with_bars_is_no_table():
    text = f"{'word ' * 40}| 1 | 2\n{'word ' * 40}| 3 | 4"
    assert not Tables(text).holds(text.index("1"))


@pytest.mark.pipeline
def test_a_long_row_is_not_quoted_whole_for_each_cell(nlp, make_document):
    header = "Item | " + " | ".join(f"Hall {chr(65 + k % 26)}" for k in range(100))
    row = "Visitors | " + " | ".join(f"{1000 + k}.5" for k in range(100))
    rows = pipeline.extract([make_document(f"{header}\n{row}")], nlp)
    assert max(len(c.text) for c in rows) <= 400
