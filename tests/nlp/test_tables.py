"""Cells of tables and what their headings say of them."""

from __future__ import annotations

from datetime import date

import pytest

from claimtable.nlp import pipeline
from claimtable.nlp.claims.tables import Tables
from claimtable.nlp.frames.cells import figure_of
from claimtable.nlp.frames.measures import measure_of

YEARS = "Region | 2022 | 2023\n\nHarbour | 71 | 84\n\nHills | 5 | 6\n\nOutside 99."


def test_a_cell_has_the_headings_of_its_row_and_column():
    cell = Tables(YEARS).cell(YEARS.index("84"))
    assert cell is not None
    assert cell.subject() == "Harbour"
    time = cell.time()
    assert time is not None
    assert (time.time_start, time.time_end) == (date(2023, 1, 1), date(2023, 12, 31))


def test_two_headings_that_are_no_years_make_the_subject():
    text = "| Region | Cases | Deaths |\n| Harbour | 12 | 3 |"
    cell = Tables(text).cell(text.index("3 |"))
    assert cell is not None
    assert cell.subject() == "Harbour, Deaths"
    assert cell.time() is None


def test_a_header_may_lack_the_corner():
    text = "2022 | 2023\nExports | 71 | 84"
    cell = Tables(text).cell(text.index("84"))
    assert cell is not None
    time = cell.time()
    assert time is not None
    assert time.text == "2023"


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


SCALES = [
    ("in thousands", 1e3),
    ("(in thousands, except per share)", 1e3),
    ("Thousands of persons", 1e3),
    ("'000 tonnes", 1e3),
    ("$'000", 1e3),
    ("(000s)", 1e3),
    ("£000", 1e3),
    ("1,000 MT", 1e3),
    ("(1000 HA)", 1e3),
    ("Million NOK", 1e6),
    ("NOK million", 1e6),
    ("Exports (million euros)", 1e6),
    ("Millions of dollars", 1e6),
    ("(mn)", 1e6),
    ("£m", 1e6),
    ("US$m", 1e6),
    ("EURm", 1e6),
    ("USD mln", 1e6),
    ("$ billions", 1e9),
    ("€bn", 1e9),
    ("(trillion yen)", 1e12),
    ("Rs crore", 1e7),
    ("Rs lakh", 1e5),
    ("Item", None),
    ("MN", None),
    ("TN", None),
    ("Saw mill", None),
    ("Cases per million", None),
    ("Deaths per 1,000", None),
    ("Deaths per thousand", None),
    ("Towns over one million", None),
    ("Towns of 2 million", None),
    ("Value of 1000 shares", None),
    ("m", None),
]


@pytest.mark.parametrize(("head", "scale"), SCALES, ids=[head for head, _ in SCALES])
def test_what_a_head_multiplies_by(head, scale):
    assert measure_of(head).scale == scale


CELLS = [
    ("4,814", 4814.0),
    ("4 814", 4814.0),
    ("4'814", 4814.0),
    ("1,234,567", 1234567.0),
    ("4.814", 4.814),
    ("48,1", 48.1),
    (".5", 0.5),
    ("(1.9)", -1.9),
    ("(1.9%)", -1.9),
    ("($0.12)", -0.12),
    ("$(0.12)", -0.12),
    ("-3.4", -3.4),
    ("−3.4", -3.4),
    ("$-3.4", -3.4),
    ("3.4-", -3.4),
    ("+3.4", 3.4),
    ("12%", 12.0),
    ("45.2*", 45.2),
    ("47.9r", 47.9),
    ("47.9 (p)", 47.9),
    ("47.9[a]", 47.9),
    ("47.9¹", 47.9),
    ("<5", 5.0),
    ("-", None),
    ("–", None),
    ("..", None),
    ("n/a", None),
    ("NA", None),
    ("(x)", None),
    ("*", None),
    ("", None),
    ("12 of 40", None),
    ("1,23,456", None),
]


@pytest.mark.parametrize(("cell", "value"), CELLS, ids=[cell for cell, _ in CELLS])
def test_what_a_cell_holds(cell, value):
    found = figure_of(cell)
    assert (None if found is None else found.value) == value


TEXTS = [
    (
        "aligned, scale under the title",
        "Oil production by field\n(in thousands of barrels)\n\nField          2022     2023\n"
        "Alpha         1,200    1,350\nBeta            410      (12)\nGamma             -      n/a",
        [
            ("Alpha, Oil production by field", 1.2e6, "[bbl_us]", "2022-01-01"),
            ("Alpha, Oil production by field", 1.35e6, "[bbl_us]", "2023-01-01"),
            ("Beta, Oil production by field", 410e3, "[bbl_us]", "2022-01-01"),
            ("Beta, Oil production by field", -12e3, "[bbl_us]", "2023-01-01"),
        ],
    ),
    (
        "leaders, place and day in the title",
        "Crop and Pasture Condition\nNorth Dakota: July 22, 2012\nCrop Very poor Poor Fair\n"
        "Barley ............ - 5 29\nDurum wheat ....... 1 12 29",
        [
            ("Barley, Poor, Crop and Pasture Condition", 5.0, None, "2012-07-22"),
            ("Barley, Fair, Crop and Pasture Condition", 29.0, None, "2012-07-22"),
            ("Durum wheat, Very poor, Crop and Pasture Condition", 1.0, None, "2012-07-22"),
            ("Durum wheat, Poor, Crop and Pasture Condition", 12.0, None, "2012-07-22"),
            ("Durum wheat, Fair, Crop and Pasture Condition", 29.0, None, "2012-07-22"),
        ],
    ),
    (
        "Markdown, a scale for one column",
        "Statement of income, three months ended March 31, 2023\n\n| | Revenue (Million NOK) | Margin (%) |\n|---|---|---|\n"
        "| North | 12.5 | 3.1% |\n| South | 1,204 | (0.4%) |",
        [
            ("North, Revenue", 12.5e6, "NOK", "2023-01-01"),
            ("North, Margin", 3.1, "%", "2023-01-01"),
            ("South, Revenue", 1204e6, "NOK", "2023-01-01"),
            ("South, Margin", -0.4, "%", "2023-01-01"),
        ],
    ),
    (
        "words, months and the year of the title",
        "Imports of cotton in 2002\nCountry Jan Feb\nGreece 4814 1335\nSudan 2960 871",
        [
            ("Greece, Imports of cotton", 4814.0, None, "2002-01-01"),
            ("Greece, Imports of cotton", 1335.0, None, "2002-02-01"),
            ("Sudan, Imports of cotton", 2960.0, None, "2002-01-01"),
            ("Sudan, Imports of cotton", 871.0, None, "2002-02-01"),
        ],
    ),
    (
        "tabs, a scale in the corner",
        "Exports, US$ million\tQ1 2023\tQ2 2023\nCoffee\t45.2*\t47.9r\nTea\t3.1\t..",
        [
            ("Coffee, Exports, US$ million", 45.2e6, "USD", "2023-01-01"),
            ("Coffee, Exports, US$ million", 47.9e6, "USD", "2023-04-01"),
            ("Tea, Exports, US$ million", 3.1e6, "USD", "2023-01-01"),
        ],
    ),
]


@pytest.mark.pipeline
@pytest.mark.parametrize(("text", "expected"), [x[1:] for x in TEXTS], ids=[x[0] for x in TEXTS])
def test_tables_of_every_notation(nlp, make_document, text, expected):
    rows = pipeline.extract([make_document(text, published=date(2024, 3, 1))], nlp)
    assert [(r.subject, r.value, r.unit, str(r.time_start)) for r in rows] == expected


REPORT = """RIVER COUNTY CROP PROGRESS
Week ending May 8, 2022
CROP PROGRESS
Commodity Current week Previous week Previous year 5-year average
Oats
Sown ...................... 81 64 70 75
Emerged ................... 40 22 31 NA
Rye
Sown ...................... 96 90 92 91

CONDITION
Rye
Poor ........................ 12
Fair ........................ 30
Good ........................ 58
Fields
Inspected ................... 31
"""


@pytest.mark.pipeline
def test_groups_of_rows_columns_and_the_week_of_a_report(nlp, make_document):
    rows = list(pipeline.extract([make_document(REPORT, published=date(2022, 5, 9))], nlp))
    found = {(c.subject, c.value): (c.unit, c.time_start and c.time_start.isoformat()) for c in rows}
    assert found["Sown, Oats", 81.0] == ("%", "2022-05-02")
    assert found["Sown, Oats", 64.0] == ("%", "2022-04-25")
    assert found["Sown, Oats", 70.0] == ("%", "2021-01-01")
    assert found["Emerged, Oats", 22.0] == ("%", "2022-04-25")
    assert found["Sown, Rye", 96.0] == ("%", "2022-05-02")
    assert {key: unit for (key, value), (unit, _) in found.items() if value in (12.0, 30.0, 58.0)} == {
        "Poor, Rye": "%", "Fair, Rye": "%", "Good, Rye": "%",
    }  # fmt: skip
    assert found["Inspected, Fields", 31.0][0] != "%"
    averages = [c for c in rows if c.value in (75.0, 91.0)]
    assert averages
    assert {c.time_start for c in averages} == {None}


DUMP = """Crop Progress: Week Ending 05/05/24 Soybeans Planted
Percent Completed
Crop/Activity This Last Last 5 Year
week week year average 80
Days Suitable for Fieldwork .. 5.8 4.9 NA NA t
Corn Planted ......................... 60 34 24 36 e
c
Corn Emerged ....................... 13 1 0 2 r e 40
Other Hay 2nd Cutting ........... 64 51 52 51 Jul 7 Jul 14
Oats Headed ........................ 93 89 97 96 2023 2024 5 Year Avg
Crop Condition: Week Ending 05/05/24
Corn ......................... 1 5 29 55 10
Oats ......................... 0 0 9 83 8
"""


@pytest.mark.pipeline
def test_a_table_of_a_page_whose_charts_stand_between_its_lines(nlp, make_document):
    """As text layers of PDF files have it: heads on two lines, letters of an axis, figures of a chart behind those of a row."""
    rows = list(pipeline.extract([make_document(DUMP, published=date(2024, 5, 6))], nlp))
    found = {(c.subject.partition(",")[0], c.value): (c.unit, str(c.time_start)) for c in rows if c.subject}
    assert found["Corn Planted", 60.0] == ("%", "2024-04-29")
    assert found["Corn Planted", 34.0] == ("%", "2024-04-22")
    assert found["Corn Planted", 24.0] == ("%", "2023-01-01")
    assert found["Corn Emerged", 2.0][0] == "%"
    assert found["Oats Headed", 93.0] == ("%", "2024-04-29")
    assert found["Days Suitable for Fieldwork", 5.8] == ("d", "2024-04-29")
    assert found["Corn", 55.0] == ("%", "2024-04-29")  # its five cells make a hundred
    assert not {40.0, 2023.0} & {c.value for c in rows if c.subject and "Corn Emerged" in c.subject}
    assert "wk" not in {c.unit for c in rows}
