"""PDF and web archives, made here so that no binary file needs a licence."""

from __future__ import annotations

import io
import sys

import pytest

from claimtable.errors import IngestError
from claimtable.ingest import read, read_pdf, read_warc

pytest.importorskip("pypdf")
pytest.importorskip("warcio")

PAGES = [
    [
        "Harbour Review 12",
        "Containers rise to a record",
        "",
        "The port handled 443,000 containers last year, which was 12 per-",
        "cent more than in 2014. No other harbour on the eastern shore of",
        "the sea came close.",
        "It will pass half a million boxes by 2018, the director says, if",
        "1",
    ],
    ["Harbour Review 12", "the Russian transit trade does not collapse in the meantime.", "2"],
    ["Harbour Review 12", "Costs", "Dredging to 14.5 metres cost 42 million euros.", "3"],
]


def make_pdf(pages: list[list[str]], title: str | None = None) -> bytes:
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
    ]
    kids = []
    for lines in pages:
        rows = "".join(f"({line}) Tj T* " if line else "T* " for line in lines)
        stream = f"BT /F1 10 Tf 14 TL 40 800 Td {rows} ET".encode("latin-1")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        content = len(objects)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 842] /Resources << /Font << /F1 3 0 R >> >>"
            b" /Contents %d 0 R >>" % content
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    trailer = b"/Root 1 0 R"
    if title:
        objects.append(f"<< /Title ({title}) /Author (Ieva Brandt) >>".encode())
        trailer += b" /Info %d 0 R" % len(objects)
    out = io.BytesIO(b"")
    out.write(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % offset for offset in offsets))
    out.write(b"trailer << /Size %d %s >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, start))
    return out.getvalue()


def test_pdf_becomes_paragraphs(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(make_pdf(PAGES, title="Containers rise to a record"))
    (document,) = read([path])
    assert (document.title, document.author) == ("Containers rise to a record", "Ieva Brandt")
    assert "Harbour Review" not in document.text
    assert (
        "12 percent more than in 2014. No other harbour on the eastern shore of the sea came close."
        in document.text
    )
    assert "if the Russian transit trade" in document.text
    assert [(s.role, s.heading) for s in document.sections] == [
        ("title", None),
        ("body", None),
        ("body", "Costs"),
    ]


def test_pdf_without_text():
    with pytest.raises(IngestError, match="OCR"):
        read_pdf(make_pdf([[], []]))


def test_encrypted_pdf():
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(PdfReader(io.BytesIO(make_pdf(PAGES))))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(IngestError, match="encrypted"):
        read_pdf(out.getvalue())


def test_missing_extra_is_named(tmp_path, monkeypatch):
    for name in ["pypdf", *(name for name in sys.modules if name.startswith("pypdf."))]:
        monkeypatch.setitem(sys.modules, name, None)
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
    errors: list[str] = []
    assert list(read([tmp_path], on_error=lambda error: errors.append(str(error)))) == []
    assert "claimtable[pdf]" in errors[0]


def make_warc(pages: list[tuple[str, str, bytes]], *, compressed: bool) -> bytes:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=compressed)
    for url, kind, payload in pages:
        headers = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.0")
        record = writer.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(payload),
            http_headers=headers,
            warc_headers_dict={"WARC-Date": "2018-07-01T00:00:00Z"},
        )
        writer.write_record(record)
    return out.getvalue()


ARTICLE = (
    "<html><head><title>Containers rise</title><meta property='article:published_time' content='{date}'></head><body><article>"
    "<h1>Containers rise</h1><p>The port handled 443,000 containers last year, 12 percent more than in 2014.</p>"
    "<p>It will pass half a million boxes by 2018, the director says.</p></article></body></html>"
)


@pytest.mark.parametrize("compressed", [True, False])
def test_warc_streams_pages(tmp_path, compressed):
    data = make_warc(
        [
            ("https://example.org/a", "text/html; charset=utf-8", ARTICLE.format(date="2018-06-30").encode()),
            ("https://example.org/logo", "image/png", b"\x89PNG"),
            ("https://example.org/b", "text/html", b"<html><body></body></html>"),
            ("https://example.org/c", "text/html", ARTICLE.format(date="2021-01-01").encode()),
        ],
        compressed=compressed,
    )
    path = tmp_path / ("a.warc.gz" if compressed else "a.warc")
    path.write_bytes(data)
    errors: list[str] = []
    documents = list(read([path], on_error=lambda error: errors.append(str(error))))
    assert [d.url for d in documents] == ["https://example.org/a", "https://example.org/c"]
    assert str(documents[0].published) == "2018-06-30"
    assert documents[1].published is None, "no later than the capture"
    assert documents[0].source and documents[0].source.startswith("<urn:uuid:")
    assert len(errors) == 1
    assert "no text" in errors[0]


def test_a_damaged_warc_puts_nothing_of_it_on_the_terminal(capfd):
    data = make_warc([("https://example.org/a", "text/html", ARTICLE.encode())] * 2, compressed=False)
    damaged = data.replace(b"Content-Length: ", b"Content-Length: -", 1).replace(
        b"Containers", b"\x1b]0;title\x07" * 9
    )
    list(read_warc(io.BytesIO(damaged)))
    list(read_warc(io.BytesIO(data.replace(b"\r\n\r\nHTTP", b"\r\n\r\n \r\nHTTP"))))
    assert capfd.readouterr() == ("", "")


def test_pages_of_a_pdf():
    document = read_pdf(make_pdf([PAGES[0], [], *PAGES[1:]]))
    assert [document.page_at(document.text.index(words)) for words in ("443,000", "Russian", "Dredging")] == [
        *(1, 3, 4)
    ]
    assert document.page_at(0) == 1 and len(document.pages) == 4
