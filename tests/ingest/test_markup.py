from contextlib import suppress

import pytest
from tests.timing import assert_within

from claimtable.errors import IngestError
from claimtable.ingest import read_html
from claimtable.ingest.markup import MAX_ATTRIBUTES, mended

WORDS = "Exports rose to 12 million in 2013, the ministry said, and fell by 3 percent in 2014 after all."
PAGE = f"<html><head><title>Trade</title></head><body><article><h1>Trade</h1><p>{WORDS}</p><p>HERE The end of it all came late in the year.</p></article></body></html>"
CONTROLS = [
    "\x00",
    "\x01",
    "\x08",
    "\x0b",
    "\x0c",
    "\x0e",
    "\x1b",
    "\x1f",
    "\ufffe",
    "\uffff",
    "\ud800",
    "\x7f",
    "\x9f",
]
REFERENCES = [
    *(
        "&#1;",
        "&#x1f;",
        "&#X1F;",
        "&#0;",
        "&#x0;",
        "&#11;",
        "&#8",
        "&#65534;",
        "&#xFFFF;",
        "&#xD800;",
        "&#x110000;",
    ),
    *("&#99999999999999;", "&#x" + "f" * 300 + ";", "&#;", "&#x;", "&#" + "9" * 5000 + ";"),
]


@pytest.mark.parametrize("sign", [*CONTROLS, *REFERENCES], ids=ascii)
@pytest.mark.parametrize("where", ["HERE", "<title>", "<h1>", "<html>", "<p>", "</article>"])
def test_a_control_character_does_not_lose_the_page(sign, where):
    document = read_html(PAGE.replace(where, where + sign))
    assert WORDS in document.text
    assert "The end of it all came late in the year." in document.text
    assert not set(document.text) & set("\x00\x01\x08\x0b\x0c\x0e\x1b\x1f\ufffe\uffff\ud800")


def test_in_an_attribute_and_in_bytes():
    page = PAGE.replace("<p>", '<p title="a\x01b&#2;c" class=\x0cx>')
    assert WORDS in read_html(page.encode("utf-8")).text


@pytest.mark.parametrize(
    ("reference", "sign"),
    [
        ("&#150;", "–"),
        ("&#146;", "’"),
        ("&#x80;", "€"),
        ("&#8364;", "€"),
        ("&#65;", "A"),
        ("&amp;#1;", "&#1;"),
    ],
)
def test_references_mean_what_browsers_show(reference, sign):
    assert f"12{sign}13" in read_html(PAGE.replace("HERE", f"12{reference}13")).text


def test_words_are_not_joined_and_not_cut():
    text = read_html(PAGE.replace("HERE", "one\x0ctwo&#12;three fo\x01ur")).text
    assert "one two three four" in text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "words",
    [WORDS, "Экспорт вырос до 12 миллионов в 2013 году, сообщило министерство, и упал на 3 процента."],
)
def test_utf_16_without_a_mark_is_recognised(encoding, words):
    assert words in read_html(PAGE.replace(WORDS, words).encode(encoding)).text


def test_other_bytes_with_zeros_are_no_utf_16():
    assert WORDS in read_html(PAGE.replace("HERE", "\x00" * 30).encode()).text
    assert WORDS in read_html(PAGE.encode("utf-32-le")).text, "in ASCII nothing but zeros is lost"


def test_tags_keep_their_first_attributes():
    many = " ".join(f'a{k}="x > {k}"' for k in range(MAX_ATTRIBUTES + 50))
    assert mended(f"<div {many}>a</div>") == f"<div {many[: many.index(f' a{MAX_ATTRIBUTES}=')]}>a</div>"
    few = """<a href='x' title="it's > 2" disabled data-x=5 / checked>b</a> 3 < 4 <b"""
    assert mended(few) == few


N = 100_000
COSTLY = {
    "attributes": lambda: "<div " + " ".join(f'a{k}="x"' for k in range(N)) + ">",
    "attributes with >": lambda: "<div " + " ".join(f"a{k}='>'" for k in range(N)) + ">",
    "bare attributes": lambda: "<p " + " ".join(f"a{k}" for k in range(N)) + ">",
    "attributes, slashes": lambda: "<p " + "/".join(f"a{k}=b" for k in range(N)) + ">",
    "attributes of many bodies": lambda: "".join(f"<body a{k}=b>" for k in range(N)),
    "attributes of many roots": lambda: "".join(f"<HTML a{k}=b>" for k in range(N)),
    "open quotes": lambda: "<a b=\"" * N + "<a b='" * N,
    "open tags": lambda: "<a b= " * N,
    "references": lambda: "&#1" * N + "&#" * N + "&#x" + "f" * N,
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", COSTLY)
def test_a_page_takes_no_more_time_than_it_is_long(name):
    page = f"<html><body>{COSTLY[name]()}<p>{WORDS}</p><p>{WORDS}</p></body></html>"

    def run() -> None:
        with suppress(IngestError):
            read_html(page)

    assert_within(8, run)
