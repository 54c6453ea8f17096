"""HTML: encodings, metadata, what is no text, and protections."""

from __future__ import annotations

from datetime import date

import pytest

from claimtable.errors import IngestError
from claimtable.ingest import MAX_HTML_BYTES, Metadata, read_html

PARAGRAPHS = "".join(
    f"<p>Le café coûte {n} euros à Genève, et il coûtera plus cher en 2030, dit le patron.</p>"
    for n in range(3, 9)
)
PAGE = f"<html><head><meta charset='{{charset}}'><title>Le prix du café monte</title></head><body><article>{PARAGRAPHS}</article></body></html>"


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("utf-8", "utf-16"),
        ("iso-8859-1", "cp1252"),
        ("windows-1252", "cp1252"),
        ("iso-8859-15", "iso-8859-15"),
        ("iso-8859-1", "utf-8"),
    ],
)
def test_encodings(declared, encoding):
    document = read_html(PAGE.format(charset=declared).encode(encoding))
    assert "Le café coûte 3 euros à Genève" in document.text
    assert document.title == "Le prix du café monte"


@pytest.mark.parametrize("declared", ["utf-8", "hex", "no-such-charset", "base64"])
def test_wrong_declaration_is_an_error(declared):
    with pytest.raises(IngestError, match="not valid UTF-8"):
        read_html(PAGE.format(charset=declared).encode("cp1252"))


def test_text_is_what_a_reader_sees():
    document = read_html(
        "<html><body><article><h1>Costs</h1><p>The <b>dam</b> costs&nbsp;$2&thinsp;billion &amp; more, the ministry"
        " said on Monday.</p><script>var x = 'no text';</script><!-- no text --><style>p {}</style>"
        "<p>It will open in 2030 if the soft&shy;ware is ready, according to the builder of the dam.</p>"
        "<noscript>no text</noscript></article></body></html>"
    )
    assert "no text" not in document.text
    assert "The dam costs $2 billion & more, the ministry said on Monday." in document.text
    assert "software" in document.text


@pytest.mark.parametrize("sign", ["\x1c", "\x0b", "\ufffe"])
def test_a_control_character_behind_a_comment(sign):
    document = read_html(
        f"<html><body><article>{PARAGRAPHS}</article><div class='comment'><p>They will not, I think.</p></div>{sign}rest"
        f"<p>{sign}</p><noscript>no text</noscript>{sign}more</body></html>"
    )
    assert "no text" not in document.text


def test_given_facts_win_and_the_future_is_no_date():
    page = (
        "<html><head><title>T one two three</title><meta name='author' content='Page Author'>"
        "<meta property='article:published_time' content='2014-05-03'></head><body><article>"
        + PARAGRAPHS
        + "</article></body></html>"
    )
    document = read_html(page, metadata=Metadata(author="Given Author", url="https://example.org/x"))
    assert (document.author, document.url) == ("Given Author", "https://example.org/x")
    assert document.published == date(2014, 5, 3)
    assert read_html(page, today=date(2014, 1, 1)).published is None


def test_no_entity_is_expanded_and_nothing_is_fetched(monkeypatch):
    import socket

    def refuse(*_, **__):
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    bomb = "".join(f"<!ENTITY e{n} '{'&e' + str(n - 1) + ';' if n else 'a'}{'a' * 50}'>" for n in range(20))
    document = read_html(
        f"<!DOCTYPE html SYSTEM 'http://example.org/x.dtd' [{bomb}]><html><body><article>{PARAGRAPHS}<p>&e19;</p>"
        "<iframe src='http://example.org/frame'></iframe><img src='http://example.org/i.png'></article></body></html>"
    )
    assert len(document.text) < 2000


def test_too_large_and_too_deep():
    with pytest.raises(IngestError, match="10 MB"):
        read_html("a" * (MAX_HTML_BYTES + 1))
    with pytest.raises(IngestError, match="no text"):
        read_html("<div>" * 100_000 + PARAGRAPHS)


def test_replies_keep_their_own_author():
    page = (
        f"<html><body><article>{PARAGRAPHS}</article><div id='comments'>"
        "<div class='comment'><span class='comment-author'>Ann says:</span><div class='comment-content'><p>I pay 5 euros.</p></div>"
        "<div class='comment'><span class='comment-author'>Bob</span><div class='comment-content'><p>I pay 4.</p></div></div></div>"
        "</div></body></html>"
    )
    comments = [
        (s.speaker, read_html(page).text[s.start : s.end])
        for s in read_html(page).sections
        if s.role == "comment"
    ]
    assert comments == [("Ann", "I pay 5 euros."), ("Bob", "I pay 4.")]
