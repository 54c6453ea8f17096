"""Which lengths of time make a row, and which only date something."""

from __future__ import annotations

import pytest

ASSERTED = {
    "The permit is valid for 45 days.": (45, "d", "permit"),
    "The ministry granted a three-month extension.": (3, "mo", "extension"),
    "The nurses worked 14 hours without a break.": (14, "h", "nurses"),
    "Patients waited eight weeks for an appointment.": (8, "wk", "Patients"),
    "Residents of Cyprus (90 days) need no permit.": (90, "d", "Residents of Cyprus"),
    "A six-day strike closed the port.": (6, "d", "strike"),
    "The judge questioned him for four hours.": (4, "h", "judge"),
    "The siege lasted up to nine weeks.": (9, "wk", "siege"),
    "After 15 years at the bank, Meyer left in 2009.": (15, "a", "Meyer"),
    "Corn planting was 4 days behind last year.": (4, "d", "Corn planting behind last year"),
    "The pump failed 40 seconds after launch.": (40, "s", "time after launch that pump failed"),
    "The driver was sentenced to 18 months in prison.": (18, "mo", "driver"),
}
DATING = (
    "The two-day summit ended on Friday.",
    "Prices are above the five-year average.",
    "The 12-month rate fell.",
    "He paid for two years.",
    "Prices rose in the 12 months to May 2013.",
    "They expect the epidemic to peak within two weeks.",
    "The company was sold two years ago.",
    "The firm moved three years later.",
    "The firm moved two days after.",
    "Sales fell in the past six months.",
)


@pytest.mark.pipeline
def test_asserted_lengths_of_time_are_rows(nlp, make_document):
    from claimtable.nlp import pipeline

    documents = [make_document(text, id=text) for text in ASSERTED]
    rows = {c.doc_id: (c.value, c.unit, c.subject) for c in pipeline.extract(documents, nlp)}
    assert rows == ASSERTED


@pytest.mark.pipeline
def test_lengths_that_date_something_are_none(nlp, make_document):
    from claimtable.nlp import pipeline

    documents = [make_document(text, id=text) for text in DATING]
    assert [c.doc_id for c in pipeline.extract(documents, nlp) if c.value is not None] == []
