"""Logical lines: hard-wrapped paragraphs are one, everything else stays as it is."""

from __future__ import annotations

import pytest

from claimtable.ingest import read_text
from claimtable.ingest.blocks import split_blocks

CASES = [
    ("one line", "A line.", ["A line."]),
    ("line ends", "A line.\r\nB line.\rC line.\n\n D line. ", ["A line.", "B line.", "C line.", "D line."]),
    (
        "wrapped",
        "The board expects full-year revenue of between £1.25 billion and\n£1.3 billion, provided that prices do not rise.",
        [
            "The board expects full-year revenue of between £1.25 billion and\n£1.3 billion, provided that prices do not rise."
        ],
    ),
    (
        "bullets are not joined",
        "- Net debt fell to £96 million in the three months to 31 March\n- Interim dividend of 4.2 pence",
        ["- Net debt fell to £96 million in the three months to 31 March", "- Interim dividend of 4.2 pence"],
    ),
    (
        "a button below a sentence",
        "My mother's home lost three nurses in a year.\nReport",
        ["My mother's home lost three nurses in a year.", "Report"],
    ),
    (
        "heading above a paragraph",
        "Outlook\nThe board expects full-year revenue of between £1.25 billion and £1.3 billion, if prices do not rise.",
        [
            "Outlook",
            "The board expects full-year revenue of between £1.25 billion and £1.3 billion, if prices do not rise.",
        ],
    ),
]


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_split(text, expected):
    assert [text[b.start : b.end] for b in split_blocks(text)] == expected


def test_wrapped_paragraph_in_a_text_that_is_not():
    paragraph = (
        "Scientists have long speculated about how much of the bacterial content of\n"
        "the deep sea floor is still alive, and a study of samples from the Atlantic\n"
        "has shown that they hold living microbes. According to a study produced by\n"
        "a team of researchers they weigh as much as all the plants on the surface."
    )
    text = "A long line. " * 40 + "\n\n" + paragraph
    assert [text[b.start : b.end] for b in split_blocks(text)][1:] == [paragraph]


@pytest.mark.parametrize("empty", ["\ufeff" * 20, "\u200b", "\u00ad\u2060"])
def test_a_line_of_nothing_but_marks(empty):
    text = f"Trade grows\n\nExports rose to 12 million, the ministry said. Between 10 and 20 km of it.\n{empty}\nComments\nNo.\n"
    assert read_text(text.encode()).text == text
