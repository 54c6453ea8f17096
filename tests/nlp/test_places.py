"""Where a claim holds: by its clause, its subject, or the headings of its table."""

from __future__ import annotations

import pytest

from claimtable.nlp import pipeline

CASES = [
    ("clause", "Prices rose by 4 percent in Texas in 2023.", "Texas"),
    ("clause of its own", "Prices rose by 4 percent in Norway while they fell in Sweden.", "Norway"),
    ("within a phrase", "The agency reported 259 cases of measles in New Mexico.", "New Mexico"),
    ("subject", "The unemployment rate of France stood at 7.4 percent.", "France"),
    ("another spelling", "Some 40 schools were opened in the U.S. in 2014.", "United States"),
    ("a government", "Moscow hopes to sell 40 aircraft.", None),
    (
        "its own, in brackets",
        "The largest falls were recorded in Chile (3 percent) and Peru (2 percent).",
        "Chile",
    ),
    ("reported from", "The latest outbreak was reported from Israel in May, with 12 cases.", "Israel"),
    ("who notified", "The ministry of health of Kenya recorded 40 cases of cholera.", "Kenya"),
    ("where it fell", "Portland received the most rain, with 3.2 inches.", "Portland"),
    ("a union", "In June 2025 prices increased by 4.6% in the EU.", "European Union"),
    ("in the name of a disease", "The clinic found 6 cases of Middle East respiratory syndrome.", None),
    ("none", "The company sold 40 aircraft in 2014.", None),
]


@pytest.mark.pipeline
@pytest.mark.parametrize(("text", "place"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_places(nlp, make_document, text, place):
    rows = list(pipeline.extract([make_document(text)], nlp))
    assert rows and rows[0].place == place


@pytest.mark.pipeline
def test_each_figure_of_a_series_has_its_own_place(nlp, make_document):
    text = "Prices rose by 5 percent in Norway and by 7 percent in Sweden, and most in Finland (9 percent)."
    assert [c.place for c in pipeline.extract([make_document(text)], nlp)] == ["Norway", "Sweden", "Finland"]


@pytest.mark.pipeline
def test_headings_of_tables_place_their_cells(nlp, make_document):
    text = "Crop condition\nNorth Dakota: July 22, 2012\nCrop Poor Fair\nBarley ....... 5 29\nOats ......... 4 28"
    assert {row.place for row in pipeline.extract([make_document(text)], nlp)} == {"North Dakota"}


@pytest.mark.pipeline
def test_a_row_of_a_state_is_of_it(nlp, make_document):
    text = "Imports of cotton\nCountry 2001 2002\nGreece 4814 1335\nTurkey 2858 862"
    rows = list(pipeline.extract([make_document(text)], nlp))
    assert [row.place for row in rows] == ["Greece", "Greece", "Turkey", "Turkey"]
