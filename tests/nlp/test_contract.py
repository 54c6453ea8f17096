"""Columns of the claims table, one by one, as its description promises them; each with the near miss on the other side of its edge."""

from datetime import date

import pytest

from claimtable.nlp import pipeline
from claimtable.schema import Document, Section

pytestmark = pytest.mark.pipeline

PUBLISHED = date(2014, 4, 15)


@pytest.fixture
def rows(nlp):
    def extract(text, *, title=None, **fields):
        whole = text if title is None else f"{title}\n\n{text}"
        begin = len(whole) - len(text)
        sections = [Section(begin, len(whole), "body", speaker=fields.get("author"))]
        if title is not None:
            sections.insert(0, Section(0, len(title), "title", speaker=fields.get("author")))
        document = Document(id="d", text=whole, published=PUBLISHED, sections=tuple(sections), **fields)
        return list(pipeline.extract([document], nlp))

    return extract


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("There is a 60 percent chance that it will rain in May.", 0.6, 0.6),
        ("There is at least a 70 percent chance that prices will fall in 2015.", 0.7, 1.0),
        ("There is more than a 50 percent chance that prices will fall in 2015.", 0.5, 1.0),
        ("There is a chance of at most 30 percent that prices will fall in 2015.", 0.0, 0.3),
    ],
)
def test_a_stated_chance_is_the_probability_and_open_where_its_bound_is(rows, text, low, high):
    row = next(row for row in rows(text) if row.probability_low is not None)
    assert row.kind == "prediction"
    assert (row.probability_low, row.probability_high) == pytest.approx((low, high))
    assert row.probability_scale == "stated"


def test_the_author_speaks_in_title_and_body(rows):
    found = rows("Sales fell 3 percent in 2013.", title="Exports rose 5 percent", author="Ann Author")
    assert [(row.section, row.speaker, row.speaker_type) for row in found] == [
        ("title", "Ann Author", "author"),
        ("body", "Ann Author", "author"),
    ]
    assert all(row.speaker_text is None and row.cue is None for row in found)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Sales fell 3 percent in 2013.", "2013-01-01", "2013-12-31"),
        ("Sales fell 3 percent in March 2014.", "2014-03-01", "2014-03-31"),
        ("Sales fell 3 percent on 14 April 2014.", "2014-04-14", "2014-04-14"),
        ("Sales fell 3 percent between May and June 2013.", "2013-05-01", "2013-06-30"),
    ],
)
def test_times_include_both_ends(rows, text, start, end):
    (row,) = rows(text)
    assert (str(row.time_start), str(row.time_end)) == (start, end)


@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        ("The ministry said trade will reach $1 billion by 2020.", "2020-12-31"),
        ("The ministry said trade will reach $1 billion in 2014.", "2014-12-31"),
        ("The ministry said trade will reach $1 billion by June 2015.", "2015-06-30"),
        ("The ministry said trade will reach $1 billion.", "None"),
    ],
)
def test_a_deadline_is_the_last_day(rows, text, deadline):
    (row,) = rows(text)
    assert row.kind == "prediction"
    assert str(row.deadline) == deadline
    assert row.value == 1e9


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("The company employs 400 people.", "affirmed"),
        ("The company does not employ 400 people.", "negated"),
    ],
)
def test_polarity(rows, text, polarity):
    (row,) = rows(text)
    assert (row.polarity, row.value) == (polarity, 400.0)


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("Sales rose 5 percent in 2013.", "up"),
        ("Sales fell 5 percent in 2013.", "down"),
        ("Sales were 5 million dollars in 2013.", None),
    ],
)
def test_change(rows, text, change):
    (row,) = rows(text)
    assert row.change == change


def test_a_range_has_ends_and_no_value(rows):
    (row,) = rows("Between 14,000 and 15,000 people marched in 2013.")
    assert (row.value, row.value_low, row.value_high) == (None, 14_000, 15_000)


def test_text_and_context_are_the_document_s_own(rows):
    text = "Sales fell 3 percent in 2013, the ministry said. They will rise by 2015."
    found = rows(text)
    assert len(found) == 2
    for row in found:
        assert text[row.start : row.end] == row.text
        assert row.prefix == text[max(0, row.start - 32) : row.start]
        assert row.suffix == text[row.end : row.end + 32]
    again = rows(text)
    assert [row.claim_id for row in again] == [row.claim_id for row in found]
