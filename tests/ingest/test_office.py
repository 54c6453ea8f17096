"""Word processors, books, e-mail and subtitles."""

import io
import zipfile
from datetime import date

import pytest

from claimtable import ingest
from claimtable.errors import IngestError
from claimtable.ingest import packed
from claimtable.ingest.mail import read_eml
from claimtable.ingest.office import read_docx, read_odt, read_rtf

BODY = "Exports rose by 5 percent to 12 million dollars in 2013, the ministry of trade said in a report."
MORE = "They are expected to fall in the next year, according to the central bank of the country."


def zipped(parts):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return data.getvalue()


def docx():
    word = pytest.importorskip("docx").Document()
    word.core_properties.author = "Jane Doe"
    word.add_paragraph("Trade report", style="Title")
    word.add_paragraph(BODY)
    word.add_heading("Outlook", 2)
    word.add_paragraph(MORE)
    table = word.add_table(rows=2, cols=2)
    for cell, words in zip(table._cells, ("Year", "Exports", "2013", "12"), strict=True):
        cell.text = words
    data = io.BytesIO()
    word.save(data)
    return data.getvalue()


ODT = {
    "mimetype": "application/vnd.oasis.opendocument.text",
    "meta.xml": '<m xmlns:meta="m"><meta:initial-creator>Jane Doe</meta:initial-creator></m>',
    "content.xml": '<c xmlns:text="t" xmlns:table="b"><text:h text:outline-level="1">Trade report</text:h>'
    f"<text:p>{BODY[:20]}<text:span>{BODY[20:40]}</text:span><text:note><text:p>7</text:p></text:note>{BODY[40:]}</text:p>"
    f'<text:h text:outline-level="2">Outlook</text:h><text:p>{MORE}</text:p>'
    "<table:table><table:table-row><table:table-cell><text:p>Year</text:p></table:table-cell>"
    "<table:table-cell><text:p>Exports</text:p></table:table-cell></table:table-row><table:table-row>"
    "<table:table-cell><text:p>2013</text:p></table:table-cell><table:table-cell><text:p>12</text:p></table:table-cell>"
    "</table:table-row></table:table></c>",
}
EPUB = {
    "META-INF/container.xml": '<container><rootfiles><rootfile full-path="OEBPS/a.opf"/></rootfiles></container>',
    "OEBPS/a.opf": '<package xmlns:dc="d"><metadata><dc:title>Trade report</dc:title><dc:creator>Jane Doe</dc:creator>'
    "<dc:creator>John Roe</dc:creator><dc:date>2014-06-10</dc:date></metadata><manifest>"
    '<item id="two" href="two.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="one" href="one%201.xhtml" media-type="application/xhtml+xml"/></manifest>'
    '<spine><itemref idref="one"/><itemref idref="two"/></spine></package>',
    "OEBPS/one 1.xhtml": f"<html><body><nav>Contents</nav><h1>First</h1><div><p>{BODY}</p></div></body></html>",
    "OEBPS/two.xhtml": f"<html><body><h1>Outlook</h1><p>{MORE}</p></body></html>",
}
RTF = rb"{\rtf1\ansi {\b Trade report}\par\par " + BODY.encode() + rb" \u8364?5\par " + MORE.encode() + b"}"
EML = (
    "From: Jane Doe <jane@example.org>\nTo: news@example.org\nSubject: Re: =?utf-8?q?Trade_report?=\n"
    f"Date: Tue, 10 Jun 2014 04:00:00 +0000\nContent-Type: text/plain; charset=utf-8\n\n{BODY}\n\n"
    f"On 9 June John Roe wrote:\n> Exports fell by 90 percent.\n\n{MORE}\n-- \nJane Doe, 12 Main Street\n"
)
VTT = (
    "WEBVTT\n\nNOTE made by hand\n\n1\n00:00:01.000 --> 00:00:04.000\n<v Jane Doe>Exports rose by 5 percent\n\n"
    "00:00:04.000 --> 00:00:06.000 align:start\n<v Jane Doe><i>to 12 million dollars</i>. [applause]\n\n"
    "00:00:06.500 --> 00:00:08.000\n<v John Roe>They will fall.\n\n"
    "01:00:20.000 --> 01:00:22.000\n<v John Roe>That is what we expect.\n"
)
SRT = (
    "1\r\n00:00:01,000 --> 00:00:04,000\r\n- Exports rose by 5 percent\r\nto 12 million dollars.\r\n\r\n"
    "2\r\n00:00:05,000 --> 00:00:06,000\r\n(MUSIC)\r\n"
)


@pytest.mark.parametrize("ending", ["docx", "odt", "rtf", "epub", "eml"])
def test_what_is_read(ending, tmp_path):
    path = tmp_path / f"a.{ending}"
    data = {"odt": zipped(ODT), "rtf": RTF, "epub": zipped(EPUB), "eml": EML.encode()}
    path.write_bytes(docx() if ending == "docx" else data[ending])
    (document,) = ingest.read(path)
    assert BODY in document.text and MORE in document.text
    if ending == "rtf":  # it has no styles: it is a plain text
        assert "Trade report" in document.text and "€5" in document.text
    else:
        assert document.title == "Trade report"
        assert document.section_at(document.text.index(BODY)).role == "body"
        assert document.author.startswith("Jane Doe")
        assert document.section_at(document.text.index(MORE)).speaker.startswith("Jane Doe")
    if ending in ("docx", "odt"):
        assert "2013 | 12" in document.text
        assert document.section_at(document.text.index(MORE)).heading == "Outlook"
        assert "7" not in document.text.replace(BODY, "")
    if ending == "epub":
        assert (document.author, document.published) == ("Jane Doe and John Roe", date(2014, 6, 10))
        assert document.text.index(BODY) < document.text.index(MORE)
        assert "Contents" not in document.text
    if ending == "eml":
        assert document.published == date(2014, 6, 10)
        assert "90 percent" not in document.text and "Main Street" not in document.text


def test_a_mailbox_is_several_documents(tmp_path):
    path = tmp_path / "a.mbox"
    other = EML.replace("5 percent", "6 percent").replace(MORE, f"{MORE}\n>From there it rose.")
    path.write_text(
        f"From jane@example.org Tue Jun 10\n{EML}\nFrom john@example.org\nSubject: x\n\n\nFrom x\n{other}"
    )
    errors = []
    found = list(ingest.read(path, on_error=errors.append))
    assert [d.source for d in found] == [f"{path}, message 1", f"{path}, message 3"]
    assert "From there it rose." in found[1].text
    assert "a.mbox, message 2: there is no text in this message" in str(errors[0])


def test_a_page_by_mail():
    html = EML.replace("text/plain", "text/html").replace(BODY, f"<p>{BODY}</p>")
    document = read_eml(html.encode())
    assert BODY in document.text and "<p>" not in document.text
    assert (document.title, document.author) == ("Trade report", "Jane Doe")


def test_subtitles(tmp_path):
    for name, text in (("a.vtt", VTT), ("b.srt", SRT)):
        (tmp_path / name).write_text(text, newline="")
    first, second = ingest.read(tmp_path)
    assert first.text.split("\n\n") == [
        "Jane Doe: Exports rose by 5 percent to 12 million dollars.",
        "John Roe: They will fall.",
        "That is what we expect.",
    ]
    assert second.text == "Exports rose by 5 percent to 12 million dollars."


@pytest.mark.parametrize("ending", ["docx", "odt", "epub"])
def test_damaged_and_overgrown_archives(ending, tmp_path, monkeypatch):
    whole = {"docx": docx(), "odt": zipped(ODT), "epub": zipped(EPUB)}[ending]
    path = tmp_path / f"a.{ending}"
    broken = bytearray(whole)
    broken[60:90] = b"x" * 30
    for data in (b"no archive", whole[:200], zipped({"x": "y"}), bytes(broken)):
        path.write_bytes(data)
        try:
            list(ingest.read(path))
        except IngestError as error:
            assert f"a.{ending}" in str(error)
    monkeypatch.setattr(packed, "MAX_DOCUMENT_BYTES", 100)
    path.write_bytes(whole)
    with pytest.raises(IngestError, match="larger than"):
        list(ingest.read(path))


@pytest.mark.parametrize(
    ("ending", "data", "message"),
    [
        ("rtf", b"no RTF", "this is no Rich Text"),
        ("srt", b"no subtitles", "there are no subtitles in it"),
        ("mbox", b"no mailbox", "there is no message in it"),
        ("eml", b"Subject: x\n\n", "there is no text in this message"),
        ("docx", b"x", "damaged, or not the format"),
    ],
)
def test_what_is_none(ending, data, message, tmp_path):
    path = tmp_path / f"a.{ending}"
    path.write_bytes(data)
    with pytest.raises(IngestError, match=message):
        list(ingest.read(path))


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "docx", None)
    monkeypatch.setitem(__import__("sys").modules, "striprtf.striprtf", None)
    for read in (read_docx, read_rtf):
        with pytest.raises(IngestError, match=r"claimtable\[office\]"):
            read(b"")
    with pytest.raises(IngestError, match="damaged"):
        read_odt(b"")
