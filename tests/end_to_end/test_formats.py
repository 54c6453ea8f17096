"""One article in every format that a desk gets it in: the claims, their time and their speaker are the same."""

import zipfile

import pytest
from typer.testing import CliRunner

from claimtable import read_table
from claimtable.cli import app

pytestmark = [pytest.mark.pipeline]

TITLE = "Port of Riga has its best year"
SENTENCE = "The port handled 443,000 containers in 2015, Anna Kalnina said."
FORETOLD = "It will pass 500,000 containers by 2030."
HTML = f"<html><body><h1>{TITLE}</h1><p>{SENTENCE}</p><p>{FORETOLD}</p></body></html>"
BOOK = f'<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>{TITLE}</h1><p>{SENTENCE} {FORETOLD}</p></body></html>'
CUES = ((1, SENTENCE), (6, FORETOLD))


def packed(path, **files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)


def epub(path):
    packed(
        path,
        **{
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="b.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
            "b.opf": '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata/><manifest>'
            '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>',
            "a.xhtml": BOOK,
        },
    )


def odt(path):
    head = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    body = f"<text:h>{TITLE}</text:h><text:p>{SENTENCE}</text:p><text:p>{FORETOLD}</text:p>"
    content = (
        f"<office:document-content {head}><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>"
    )
    packed(
        path,
        mimetype="application/vnd.oasis.opendocument.text",
        **{"content.xml": content, "meta.xml": f"<office:document-meta {head}/>"},
    )


def docx(path):
    document = pytest.importorskip("docx").Document()
    document.add_heading(TITLE)
    document.add_paragraph(SENTENCE)
    document.add_paragraph(FORETOLD)
    document.save(path)


def rtf(path):
    pytest.importorskip("striprtf")
    path.write_text(rf"{{\rtf1\ansi {TITLE}\par\par {SENTENCE}\par\par {FORETOLD}\par}}")


def eml(path):
    head = f"From: Desk <desk@example.org>\nDate: Mon, 1 Feb 2016 10:00:00 +0000\nSubject: {TITLE}\n"
    path.write_text(f"{head}Content-Type: text/plain; charset=utf-8\n\n{SENTENCE}\n\n{FORETOLD}\n")


def mbox(path):
    eml(path)
    path.write_text("From desk@example.org Mon Feb  1 10:00:00 2016\n" + path.read_text())


def srt(path):
    path.write_text(
        "".join(
            f"{n}\n00:00:0{at},000 --> 00:00:0{at + 3},000\n{words}\n\n"
            for n, (at, words) in enumerate(CUES, 1)
        )
    )


def vtt(path):
    path.write_text(
        "WEBVTT\n\n" + "".join(f"00:0{at}.000 --> 00:0{at + 3}.000\n{words}\n\n" for at, words in CUES)
    )


MAKERS = {m.__name__: m for m in (epub, odt, docx, rtf, eml, mbox, srt, vtt)}


def run(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    for name, make in MAKERS.items():
        make(folder / f"article.{name}")
    (folder / "article.html").write_text(HTML)
    (folder / "article.txt").write_text(f"{TITLE}\n\n{SENTENCE}\n\n{FORETOLD}\n")
    return folder


@pytest.mark.parametrize("ending", [*MAKERS, "html", "txt"])
def test_the_same_claims(desk, tmp_path, ending):
    out = tmp_path / "claims.parquet"
    run("extract", desk / f"article.{ending}", "-o", out)
    rows = read_table(out)
    (past,) = rows[rows["kind"] == "quantitative"].to_dict("records")
    (future,) = rows[rows["kind"] == "prediction"].to_dict("records")
    assert (past["value"], past["unit"], past["speaker"]) == (443_000, "container", "Anna Kalnina")
    assert str(past["time_start"])[:10] == "2015-01-01" and str(future["deadline"])[:10] == "2030-12-31"
    assert past["speaker_id"].startswith("person-anna-kalnina")


def test_a_desks_day(desk, tmp_path):
    db = tmp_path / "claims.db"
    run("ingest", desk, "--db", db)
    assert "unchanged" in run("ingest", desk, "--db", db)
    out = tmp_path / "claims.csv"
    run("export", "--db", db, "-o", out)
    rows = read_table(out)
    assert rows["doc_id"].nunique() >= 5  # one of the same text is one
    assert rows["claim_id"].str.match("c[0-9a-f]{16}").all()
    # Said in several documents, it is one thing to look at.
    assert "the same in" in run("check", "--db", db, "--only", "repeats")
    signed = tmp_path / "claims.json"
    run("export", "--db", db, "--to", "claimreview", "-o", signed)
    assert '"appearance": [' in signed.read_text()
