"""What always holds: any bytes give a document or an IngestError, and sections are ordered, disjoint, inside the text."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.timing import assert_growth, assert_within

from claimtable.errors import IngestError
from claimtable.ingest import (
    Metadata,
    read_html,
    read_jsonl,
    read_markdown,
    read_pdf,
    read_text,
    read_warc,
)
from claimtable.ingest.blocks import split_blocks
from claimtable.ingest.lines import read_line
from claimtable.rules import table
from claimtable.schema import Document

PIECES = [
    "Home",
    "The Long Title of a Page",
    "The Long Title of a Page by Jane Doe",
    "By Jane Doe",
    "By Jane Doe, Staff Writer | 3 May 2014",
    "3 May 2014",
    "2014-05-03",
    "Exports rose to $12 million in 2013, and they will fall by 2020.",
    "He said it would end. It did not end.",
    "– Yong Kwon, editor of Rice",
    "An introduction of some words to it all – Yong Kwon, editor of Rice and Iron",
    "Heading",
    "* Item with 5 things",
    "About the author",
    "Jane Doe is a writer in Oslo.",
    "Related articles",
    "Share this:",
    "Advertisement",
    "Tags: a, b",
    "Comments",
    "2 responses to The Long Title of a Page",
    "1. Sarah says:",
    "Sarah",
    "May 4, 2014 at 3:12 pm",
    "NilsO • 3 hours ago",
    "Leave a Reply",
    "This entry was posted in News. Bookmark the permalink.",
    "Submitted by Jorge on Tue, 10/07/2014 - 09:20",
    "© 2014 Site. All rights reserved.",
    "🚀",
    "",
    "   ",
]
pages = st.lists(st.sampled_from(PIECES) | st.text(max_size=60), max_size=40).flatmap(
    lambda pieces: st.sampled_from(["\n", "\n\n", "\r\n", "\r\n\r\n"]).map(lambda sep: sep.join(pieces))
)
tags = st.sampled_from(
    [
        "p",
        "div",
        "h1",
        "h2",
        "ul",
        "li",
        "table",
        "tr",
        "td",
        "article",
        "section",
        "br",
        "script",
        "title",
        "b",
    ]
)
attributes = st.sampled_from(
    [
        "",
        ' class="comment"',
        ' class="comment-author"',
        ' class="standfirst"',
        ' class="author-bio"',
        ' id="comment-5"',
    ]
)
markup = st.lists(
    st.tuples(tags, attributes, st.sampled_from(PIECES) | st.text(max_size=30), st.booleans()), max_size=30
).map(lambda parts: "".join(f"<{t}{a}>{x}" + (f"</{t}>" if close else "") for t, a, x, close in parts))


def check(document: Document) -> None:
    end = 0
    for section in document.sections:
        assert end <= section.start < section.end <= len(document.text)
        assert document.text[section.start : section.end].strip()
        end = section.end
    assert document.text.strip()
    assert document.sections
    assert document.published is None or document.published <= date.today()
    assert Document.from_dict(json.loads(json.dumps(document.to_dict()))) == document
    document.text.encode("utf-8")


def outcome(read, *arguments, **options) -> None:
    try:
        document = read(*arguments, **options)
    except IngestError as error:
        assert str(error)
        return
    check(document)


@given(pages)
def test_any_text(text):
    outcome(read_text, text)
    outcome(read_text, text, metadata=Metadata(title="The Long Title of a Page"))


@given(pages)
def test_text_is_kept(text):
    try:
        assert read_text(text.encode("utf-8")).text == text.removeprefix("\ufeff")
    except (IngestError, UnicodeEncodeError):
        assert not text.removeprefix("\ufeff").strip() or "\x00" in text or not text.isprintable()


@given(pages)
def test_any_markdown(text):
    outcome(read_markdown, text)


@given(markup)
@settings(max_examples=60)
def test_any_html(text):
    outcome(read_html, text)


@given(st.binary(max_size=300))
@pytest.mark.parametrize("read", [read_text, read_markdown, read_html, read_pdf])
def test_any_bytes(read, data):
    outcome(read, data)


@given(
    st.sampled_from([b"%PDF-1.4\n", b"<html><body>", b"---\ntitle: ", b"\xff\xfe", b"\xef\xbb\xbf"]),
    st.binary(max_size=200),
)
@pytest.mark.parametrize("read", [read_text, read_markdown, read_html, read_pdf])
def test_any_bytes_after_a_start(read, start, data):
    outcome(read, start + data)


@given(st.binary(max_size=300))
@pytest.mark.parametrize("read", [read_jsonl, read_warc])
@pytest.mark.parametrize("start", [b"", b"WARC/1.0\r\nWARC-Type: response\r\n", b'{"text": "a"}\n'])
def test_any_stream(read, start, data):
    for result in read(io.BytesIO(start + data)):
        assert isinstance(result, Document | IngestError)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
keys = st.sampled_from(["id", "text", "title", "author", "published", "url", "sections"])


@given(st.dictionaries(keys, json_values), st.text(min_size=1, max_size=50))
def test_any_json(data, text):
    line = json.dumps({"text": text, **data}).encode()
    for result in read_jsonl(io.BytesIO(line)):
        if isinstance(result, Document):
            assert result.text
        else:
            assert "line 1" in str(result)


@given(st.text(max_size=400))
def test_blocks_cover_the_text(text):
    end = 0
    for block in split_blocks(text):
        assert not text[end : block.start].strip()
        assert text[block.start : block.end] == text[block.start : block.end].strip()
        assert block.start < block.end
        end = block.end
    assert not text[end:].strip()


# Lines on which patterns with careless repetition take exponential time.
TRAPS = [
    " | ".join(["Home"] * 60) + " ? !",
    "a   |" * 60 + ".",
    " · ".join(["menu"] * 40) + ".",
    "Home > " * 40 + "?",
    "By " + "Jane " * 60,
    "By " + "Jane Doe, " * 30 + "!",
    "Photo: " + "a, " * 90 + "!",
    "AFP / " * 50 + "!",
    "Share this " * 25 + "!",
    "12 3 " * 60,
    "comments " * 35,
    "– " * 150,
    "Reply · " * 38,
    "May 4, 2014 " * 25,
    "Sarah " * 50 + "•",
    "posted by " * 30,
    "#a " * 100 + "!",
    "x " * 155,
    ". " * 155,
    "A-" * 155,
    "1." * 155,
]


@pytest.mark.parametrize("trap", TRAPS, ids=[trap[:12] for trap in TRAPS])
def test_patterns_do_not_hang(trap):
    read_line("warm up", split_blocks("warm up")[0])
    for text in (trap, trap.strip()[:300], trap.title(), trap + "\n" + trap):
        blocks = split_blocks(text)
        assert_within(0.5, lambda text=text, blocks=blocks: [read_line(text, block) for block in blocks])


def test_time_is_linear():
    page = "\n\n".join(piece for piece in PIECES if piece.strip()) + "\n\n"

    assert_growth(12, lambda times: page * times, read_text, 20, 80)


def test_furniture_patterns_have_no_groups():
    import re

    for row in table("page_furniture", "effect", "pattern", "source"):
        assert re.compile(row["pattern"]).groups == 0, row["id"]
        assert row["effect"] in ("line", "list", "end"), row["id"]
