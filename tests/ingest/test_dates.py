"""Explicit dates of date lines and bylines; what is ambiguous or no day is no date."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from claimtable.ingest import read_text
from claimtable.ingest.dates import find_date, parse_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("April 15, 2014", date(2014, 4, 15)),
        ("Tuesday, 15th April 2014", date(2014, 4, 15)),
        ("15 Apr. 2014", date(2014, 4, 15)),
        ("Sept 3, 2009", date(2009, 9, 3)),
        ("15-Apr-2014", date(2014, 4, 15)),
        ("OCT 21, 2022", date(2022, 10, 21)),
        ("2014-04-15T10:00:00Z", date(2014, 4, 15)),
        ("2014/4/5", date(2014, 4, 5)),
        ("15.04.2014", date(2014, 4, 15)),
        ("15/04/2014", date(2014, 4, 15)),
        ("04/15/2014", date(2014, 4, 15)),
        ("4/4/2014", date(2014, 4, 4)),
        ("03/04/2014", None),
        ("April 31, 2014", None),
        ("31.02.2014", None),
        ("April 2014", None),
        ("Version 1.2.1066", None),
        ("", None),
    ],
)
def test_parse_date(text, expected):
    assert parse_date(text) == expected


def test_find_date_in_a_line():
    assert find_date("Posted on 3 May 2011 by X, updated 5 May 2011") == date(2011, 5, 3)
    assert find_date("No date in 2011 here") is None


BODY = "\n\nExports rose to $12 million in 2013, the ministry said.\n\nThey will fall by 2020, it added.\n"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("A title of four words\n\nBy Jane Doe | 3 May 2014", date(2014, 5, 3)),
        ("A title of four words\n\nPublished: 3 May 2014 | Updated: 5 May 2014", date(2014, 5, 3)),
        ("A title of four words\n\nLast updated: 5 May 2014\n\nPublished: 3 May 2014", date(2014, 5, 3)),
        ("A title of four words\n\nRiga, 3 May 2014. By Jane Doe", date(2014, 5, 3)),
        (
            "A title of four words\n\nLisbon, Portugal, May 3, 2014 - by Jane Doe and John Roe",
            date(2014, 5, 3),
        ),
        ("A title of four words\n\nBy Jane Doe, Riga, 3 May 2014", date(2014, 5, 3)),
        ("A title of four words\n\nBy Jane Doe in Oslo, 3 May 2014", date(2014, 5, 3)),
        ("A title of four words\n\nBy Jane Doe | New York | May 3, 2014", date(2014, 5, 3)),
        ("A title of four words\n\n03/04/2014", None),
        ("A title of four words", None),
    ],
)
def test_publication_date(head, expected):
    document = read_text(head + BODY)
    assert document.published == expected
    assert document.author in (None, "Jane Doe", "Jane Doe and John Roe")


def test_no_date_of_the_future():
    tomorrow = date.today() + timedelta(days=1)
    assert read_text(f"A title of four words\n\n{tomorrow.isoformat()}{BODY}").published is None
    day = date(2014, 5, 3)
    assert read_text(f"A title of four words\n\n{day}{BODY}", today=day).published == day
    assert read_text(f"A title of four words\n\n{day}{BODY}", today=day - timedelta(days=1)).published is None


def test_date_inside_the_body_is_not_the_publication_date():
    text = (
        "A title of four words"
        + BODY
        + "\nThe law came into force on 1 January 2012 and ended on 3 May 2014.\n"
    )
    assert read_text(text).published is None
