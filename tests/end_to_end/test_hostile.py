"""Documents that do their worst, through every export and the report: each reader gets the text, and nothing runs."""

import csv
import json
import re
import sqlite3
import subprocess
import sys
from dataclasses import replace
from zipfile import ZipFile

import lxml.html
import openpyxl
import polars
import pytest
import spacy
from spacy.tokens import DocBin
from tests.export.hostile import HOSTILE_TEXTS, hostile

from claimtable import read_table
from claimtable.cli.export import ExportFormat
from claimtable.export.webannotation import read_webannotation
from claimtable.export.workbook import fit
from claimtable.schema import Actor, Claim, Document, Section
from claimtable.store import Extraction, Store

# The database takes no text with half a surrogate pair; tests/store shows how it says so.
TEXTS = {f"h{i}": text for i, text in enumerate(HOSTILE_TEXTS) if not re.search("[\ud800-\udfff]", text)}
FREE = ("subject", "speaker", "cue", "unit", "title", "author")
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]\s*\S|[\t\r\n]")


def plain(text):
    """A text without control characters, which no HTML can hold, in single spaces."""
    return " ".join(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd-\uffff]", "", text).split())


def run(*arguments):
    command = [sys.executable, "-c", "from claimtable.cli import main; main()", *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    """A database of hostile documents, each with a claim that is the whole of it, and an actor."""
    path = tmp_path_factory.mktemp("hostile") / "claims.db"
    with Store.open(path) as store:
        for claim in hostile(Claim(kind="quantitative", bound="=", value=-1.5, rule="test@1")):
            text = TEXTS.get(claim.claim_id)
            if text is None:
                continue
            document = Document(
                claim.doc_id,
                text,
                title=text,
                author=text,
                url=text,
                sections=(Section(0, len(text), "body"),),
            )
            row = replace(claim, start=0, end=len(text), section="body", prefix="", suffix="", note=None)
            actor = Actor("1", text, "ORG", (text,), ((0, 1),))
            store.add_document(document)
            store.save_extraction(document, Extraction((row,), (actor,)), pipeline="test")
    return path


@pytest.fixture
def export(db, tmp_path):
    def write(to):
        path = tmp_path / f"out.{to}"
        run("export", "--db", db, "--to", to, "-o", path)
        return path

    return write


def check_frame(frame):
    rows = {row["claim_id"]: row for row in frame.to_dict("records")}
    assert {name: row["text"] for name, row in rows.items()} == TEXTS
    for name, row in rows.items():
        assert {row[column] for column in FREE} <= {TEXTS[name], None}


def check_csv(path):
    check_frame(read_table(path))
    csv.field_size_limit(10**6)
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    assert len(rows) == len(TEXTS)
    assert not [
        cell
        for row in rows
        for name, cell in zip(head, row, strict=True)
        if name != "value" and FORMULA.match(cell)
    ]


def check_parquet(path):
    check_frame(read_table(path))
    frame = polars.read_parquet(path)
    assert dict(zip(frame["claim_id"], frame["text"], strict=True)) == TEXTS


def check_jsonl(path):
    check_frame(read_table(path))
    # A line is a line to those, too, that end one at U+2028 or U+0085 only where JSON says so.
    rows = [json.loads(line) for line in path.read_bytes().split(b"\n") if line]
    assert {row["claim_id"]: row["text"] for row in rows} == TEXTS


def check_xlsx(path):
    sheet = openpyxl.load_workbook(path)["claims"]
    head, *rows = sheet.iter_rows()
    names = [cell.value for cell in head]
    assert not [cell for row in rows for cell in row if cell.data_type == "f"]
    found = {row[names.index("claim_id")].value: row[names.index("text")].value for row in rows}
    for name, text in TEXTS.items():
        assert openpyxl.utils.escape.unescape(found[name]) in (
            fit(text),
            openpyxl.utils.escape.unescape(fit(text)),
        )


def check_sqlite(path):
    with sqlite3.connect(path) as connection:
        assert dict(connection.execute("SELECT claim_id, text FROM claims")) == TEXTS


def check_claimreview(path):
    graph = json.loads(path.read_text(encoding="utf-8"))["@graph"]
    assert {node["@id"].rpartition(":")[2]: node["text"] for node in graph} == TEXTS


def check_webannotation(path):
    assert {row["claim_id"]: row["text"] for row in read_webannotation(path)} == TEXTS


def check_brat(path):
    with ZipFile(path) as archive:
        names = archive.namelist()
        assert all(re.fullmatch(r"[\w.\-]+", name) and not name.startswith(".") for name in names)
        texts = [archive.read(name).decode() for name in names if name.endswith(".txt")]
        notes = [archive.read(name).decode() for name in names if name.endswith(".ann")]
    assert sorted(texts) == sorted(TEXTS.values())
    for text, note in zip(texts, notes, strict=True):
        lines = note.split("\n")
        assert [line[:1] for line in lines if line] == ["T", "A", "#"]
        _, where, words = lines[0].split("\t", 2)
        fragments = [tuple(map(int, f.split())) for f in where.partition(" ")[2].split(";")]
        assert words == " ".join(text[start:end] for start, end in fragments)


def check_docbin(path):
    docs = list(DocBin().from_disk(path).get_docs(spacy.blank("en").vocab))
    assert sorted(doc.text for doc in docs) == sorted(TEXTS.values())
    for doc in docs:
        (span,) = doc.spans["sc"]
        assert span.text == doc.text
        assert doc.user_data["claims"][span.id_]["subject"] == doc.text


def check_datapackage(path):
    with ZipFile(path) as archive:
        names = archive.namelist()
        assert all(
            re.fullmatch(r"[\w.\-/]+", name) and ".." not in name and not name.startswith("/")
            for name in names
        )
        described = json.loads(archive.read("datapackage.json"))
        (resource,) = [r for r in described["resources"] if r["name"] == "claims"]
        content = archive.read(resource["path"])
    table = path.with_suffix(".csv")
    table.write_bytes(content)
    check_csv(table)


CHECKS = {
    "csv": check_csv,
    "parquet": check_parquet,
    "jsonl": check_jsonl,
    "xlsx": check_xlsx,
    "sqlite": check_sqlite,
    "claimreview": check_claimreview,
    "webannotation": check_webannotation,
    "brat": check_brat,
    "docbin": check_docbin,
    "datapackage": check_datapackage,
}


@pytest.mark.slow
@pytest.mark.parametrize("to", [format_.value for format_ in ExportFormat])
def test_every_export_carries_the_text_and_nothing_that_runs(export, to):
    CHECKS[to](export(to))


@pytest.mark.slow
def test_the_report_shows_the_text_and_runs_nothing(db, tmp_path):
    path = tmp_path / "report.html"
    run("report", "--db", db, "-o", path)
    root = lxml.html.fromstring(path.read_bytes())
    assert len(list(root.iter("script"))) == 1
    assert not list(root.iter("img", "textarea", "iframe", "object"))
    assert not [a for a in root.iter("a") if not re.match(r"#|https://example\.org/p", a.get("href"))]
    shown = {plain(section.text_content()) for section in root.find_class("text")}
    assert {plain(text) for text in TEXTS.values()} <= shown


@pytest.mark.pipeline
@pytest.mark.slow
def test_articles_with_hostile_words_go_all_the_way(tmp_path):
    articles = tmp_path / "articles.jsonl"
    with articles.open("w", encoding="utf-8") as file:
        for number, text in enumerate(TEXTS.values()):
            body = f"{text} rose to $34 million in 2018, the ministry of {text} said."
            file.write(json.dumps({"id": f"../{number}", "text": body, "title": text}) + "\n")
    db = tmp_path / "claims.db"
    run("ingest", articles, "--db", db, "--fast")
    for to in CHECKS:
        path = tmp_path / f"out.{to}"
        run("export", "--db", db, "--to", to, "-o", path)
        assert path.stat().st_size > 1000
    run("report", "--db", db, "-o", tmp_path / "report.html")
    frame = read_table(tmp_path / "out.csv")
    assert (frame["value"] == 34e6).sum() >= len(TEXTS) // 2
    assert read_table(tmp_path / "out.parquet").equals(frame)
