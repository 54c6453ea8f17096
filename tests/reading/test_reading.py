"""What people paste reads as its author wrote it, and every range leads back to the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtable.reading import derive, read
from claimtable.schema import Document, Section

CASES = [
    ("plain", "A line.\n\nAnother.", "A line.\n\nAnother."),
    (
        "wrapped",
        "The board expects full-year revenue of between £1.25 billion and\n£1.3 billion, provided that prices do not rise.",
        "The board expects full-year revenue of between £1.25 billion and £1.3 billion, provided that prices do not rise.",
    ),
    (
        "divided words",
        "The report says that such policies and prac-\ntices have pushed 40,000 peo-\nple out, and that rents in-\ncreased by 9 per-\ncent in 2017.",
        "The report says that such policies and practices have pushed 40,000 people out, and that rents increased by 9 percent in 2017.",
    ),
    (
        "compounds keep their hyphen",
        "The council has approved a plan for the long-\nterm care of patients and a loan over a 12-\nmonth term, which is well-\nknown.",
        "The council has approved a plan for the long-term care of patients and a loan over a 12-month term, which is well-known.",
    ),
    (
        "the text says which",
        "Socio-economic data are few in the reports that we have read of the socio-\neconomic state of the area.",
        "Socio-economic data are few in the reports that we have read of the socio-economic state of the area.",
    ),
    ("line ends", "A line.\r\n\r\nAnother.\rA third.", "A line.\n\nAnother.\nA third."),
    ("blanks", "It  rose by \t40\u00a0percent.   \n\n\n\n Then it fell.\n\n", "It rose by 40 percent.\n\nThen it fell."),
    ("soft hyphens", "The gov\u00adern\u00adment built 40 schools.", "The government built 40 schools."),
    ("quotation marks", "“We’ll build 40,” he said.", '"We\'ll build 40," he said.'),
    ("reference in brackets", "In 2016,[4] the town had 4,000 people.[5][12]", "In 2016, the town had 4,000 people."),
    ("spaced reference", "He was placed in Dulwich. [17] Then he left.", "He was placed in Dulwich. Then he left."),
    ("inserted number", "He said that [12] ships came.", "He said that [12] ships came."),
    ("reference behind a year", "effective September 19, 2024.2 The vote was 11 to 1.", "effective September 19, 2024. The vote was 11 to 1."),
    ("reference behind a word", "It had 40 people.3 Then they left.", "It had 40 people. Then they left."),
    (
        "counted references",
        "The town had 4,000 people in 2016.4 It now has 5,000.5",
        "The town had 4,000 people in 2016. It now has 5,000.",
    ),
    ("a decimal", "It rose to 5,000.5 on Monday, from 2016.4 in May.", "It rose to 5,000.5 on Monday, from 2016.4 in May."),
    ("superscript", "Some 40 voters¹ came,² on 12 km² of land.", "Some 40 voters came, on 12 km² of land."),
    ("run on", "It began in the United States.From January on it fell.", "It began in the United States. From January on it fell."),
    ("items run on", "1. First part\n2.Investigation of 40 cases\na.This began in 2015", "1. First part\n2. Investigation of 40 cases\na. This began in 2015"),
    ("an address", "See www.Example.Com or the file node.Js now.", "See www.Example.Com or the file node.Js now."),
    ("bold", "**Total:** 40 and 3 ** 2 ** 4", "Total: 40 and 3 ** 2 ** 4"),
    (
        "list",
        "In 2024, the division handled the following:\n175 legal claims processed\n530 contracts reviewed and managed\n104 subpoenas responded to\n12 grievances addressed",
        "In 2024, the division handled the following:\n175 legal claims processed\n530 contracts reviewed and managed\n104 subpoenas responded to\n12 grievances addressed",
    ),
    (
        "table",
        "Crop            Poor    Fair\nBarley ........ 5       29\nOats .......... 4       28",
        "Crop            Poor    Fair\nBarley ........ 5       29\nOats .......... 4       28",
    ),
    (
        "a figure at the beginning of a line",
        "Topsoil was very short in most of the counties, and on average there were\n6.6 days suitable for fieldwork in the week, more than in the week before.",
        "Topsoil was very short in most of the counties, and on average there were 6.6 days suitable for fieldwork in the week, more than in the week before.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_reads(text, expected):
    assert derive(text).text == expected


@pytest.mark.parametrize("text", [case[1] for case in CASES], ids=[case[0] for case in CASES])
def test_a_reading_reads_as_itself(text):
    once = derive(text).text
    assert derive(once).text == once


@given(st.text(alphabet="ab 1.-\n\r\t“”'’[]*²\u00ad|AB:", max_size=80))
def test_every_character_leads_back(text):
    derived = derive(text)
    last = 0
    for k, sign in enumerate(derived.text):
        start, end = derived.source(k, k + 1)
        assert last <= start <= end <= len(text)
        if sign.isalnum():
            assert text[start:end] == sign
        last = start


def test_sections_follow():
    text = "Title\r\n\r\nIt  rose by 40\u00adpercent.\r\n\r\nFooter"
    start, end = text.index("It"), text.index("\r\n\r\nFooter")
    reading = read(
        Document(id="d", text=text, sections=(Section(0, 5, "title"), Section(start, end, "body")))
    )
    title, body = reading.document.sections
    assert reading.document.text[title.start : title.end] == "Title"
    assert reading.document.text[body.start : body.end] == "It rose by 40percent."
    assert reading.place(body.start, body.end) == (start, end)
