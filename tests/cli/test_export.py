import json
import sqlite3
from dataclasses import replace
from zipfile import ZipFile

import openpyxl
import pandas as pd
import pytest
import spacy
from spacy.tokens import DocBin

from claimtable import read_table
from claimtable.export.webannotation import read_webannotation
from claimtable.schema import Annotation, Document, Review, Section, Submission
from claimtable.store import Extraction, Store

TEXT = "Trade was worth $1 billion in 2014.\nIt will reach $2 billion by 2020."


@pytest.fixture
def db(claim, tmp_path):
    """A database with one document of two claims, of which a person corrected and judged the first."""
    path = tmp_path / "claims.db"
    document = Document("d1", TEXT, title="Trade", sections=(Section(0, len(TEXT), "body"),))
    first = replace(
        claim,
        claim_id="c1",
        kind="quantitative",
        text=TEXT[:35],
        start=0,
        end=35,
        prefix="",
        suffix=TEXT[35:67],
        doc_id="d1",
    )
    second = replace(
        first,
        claim_id="c2",
        kind="prediction",
        text=TEXT[36:],
        start=36,
        end=len(TEXT),
        value=2e9,
        prefix=TEXT[4:36],
    )
    with Store.open(path) as store:
        store.add_document(document)
        store.save_extraction(document, Extraction((first, second)), pipeline="test")
        annotation = Annotation(
            annotation_id="a1",
            task_key=None,
            doc_id="d1",
            doc_sha256=document.sha256,
            reviewer="ann@example.org",
            outcome="submitted",
            created_at="2024-01-02T03:04:05Z",
            updated_at="2024-01-02T03:04:05Z",
            origin="file:test",
        )
        review = Review(
            review_id="r1",
            annotation_id="a1",
            doc_id="d1",
            doc_sha256=document.sha256,
            claim_id="c1",
            decision="corrected",
            fields={"value": 1.5e9},
            verdict="refuted",
            start=0,
            end=35,
            exact=TEXT[:35],
            prefix="",
            suffix=TEXT[35:67],
            reviewer="ann@example.org",
            reviewed_at="2024-01-02T03:04:05Z",
            origin="file:test",
        )
        store.add_annotations([Submission(annotation, (review,))])
    return path


@pytest.fixture
def export(claimtable, db, tmp_path):
    """Returns a function that exports the database to a file of that name."""

    def run(name, *args, code=0):
        path = tmp_path / name
        result = claimtable("export", "--db", db, "-o", path, *args)
        assert result.exit_code == code, result.output
        return path

    return run


@pytest.mark.parametrize("name", ["t.csv", "t.parquet", "t.jsonl"])
def test_tables_hold_what_the_person_said(export, name):
    frame = read_table(export(name))
    assert frame["value"].tolist() == [1.5e9, 2e9]
    assert frame["status"].tolist() == ["corrected", "extracted"]
    assert frame["reviewer"].tolist() == ["ann@example.org", pd.NA]


def test_where_chooses_rows(export):
    assert read_table(export("t.csv", "--where", "kind = 'prediction'"))["claim_id"].tolist() == ["c2"]


def test_a_condition_that_is_none_is_said(claimtable, db, tmp_path):
    result = claimtable("export", "--db", db, "--where", "kind = = 1", "-o", tmp_path / "t.csv")
    assert result.exit_code == 1
    assert "syntax error" in result.stderr
    assert not (tmp_path / "t.csv").exists()


def test_a_condition_cannot_write(claimtable, db, tmp_path):
    result = claimtable(
        "export", "--db", db, "--where", "1); DELETE FROM reviews; --", "-o", tmp_path / "t.csv"
    )
    assert result.exit_code == 1
    assert sqlite3.connect(db).execute("SELECT count(*) FROM reviews").fetchone() == (1,)


def test_csv_for_excel_has_a_byte_order_mark(export):
    path = export("t.csv", "--bom")
    assert path.read_bytes().startswith(b"\xef\xbb\xbfclaim_id")
    assert len(read_table(path)) == 2


def test_other_kinds_of_file(export):
    assert openpyxl.load_workbook(export("t.xlsx"))["claims"].max_row == 3
    assert sqlite3.connect(export("t.sqlite")).execute("SELECT count(*) FROM claims").fetchone() == (2,)
    assert len(list(read_webannotation(export("p.json", "--to", "webannotation")))) == 2
    assert ZipFile(export("b.zip", "--to", "brat")).namelist() == ["annotation.conf", "d1.txt", "d1.ann"]
    (doc,) = DocBin().from_disk(export("t.spacy")).get_docs(spacy.blank("en").vocab)
    assert [span.text for span in doc.spans["sc"]] == TEXT.split("\n")


def test_a_review_needs_its_page(export, claimtable, db, tmp_path):
    path = export(
        *("r.json", "--to", "claimreview", "--publisher", "Us"),
        *("--publisher-url", "https://us.example", "--review-url", "https://us.example/{claim_id}"),
    )
    graph = json.loads(path.read_text())["@graph"]
    assert [node["@type"] for node in graph] == ["Claim", "ClaimReview", "Claim"]
    assert graph[1]["url"] == "https://us.example/c1"
    result = claimtable("export", "--db", db, "--to", "claimreview", "-o", tmp_path / "no.json")
    assert result.exit_code == 1
    assert "--review-url" in result.stderr
    assert not (tmp_path / "no.json").exists()


def test_articles_without_a_database(claimtable, tmp_path):
    article = tmp_path / "a.txt"
    article.write_text("Trade grew by 5 % in 2014.")
    path = tmp_path / "t.jsonl"
    result = claimtable("export", article, "-o", path)
    assert result.exit_code == 0, result.output
    assert read_table(path)["text"].tolist() == ["Trade grew by 5 % in 2014."]
    assert not (tmp_path / "claims.db").exists()


def test_nothing_is_overwritten_by_accident(export, claimtable, db):
    path = export("t.csv")
    result = claimtable("export", "--db", db, "-o", path)
    assert result.exit_code == 1
    assert "--force" in result.stderr
    export("t.csv", "--force")


def test_wrong_usage(claimtable, db, tmp_path):
    for args in (
        ["-o", tmp_path / "t.odt"],
        ["--to", "brat"],
        ["--to", "datapackage"],
        ["--to", "xlsx", "--bom", "-o", tmp_path / "t.xlsx"],
        ["--to", "claimreview", "--publisher", "Us"],
    ):
        assert claimtable("export", "--db", db, *args).exit_code == 2


def test_a_missing_database_is_named(claimtable, tmp_path):
    result = claimtable("export", "--db", tmp_path / "none.db")
    assert result.exit_code == 1
    assert "none.db" in result.stderr


def test_a_report_of_the_database(claimtable, db, tmp_path):
    path = tmp_path / "r.html"
    result = claimtable("report", "--db", db, "-o", path, "--title", "Ours")
    assert result.exit_code == 0, result.output
    page = path.read_text()
    assert "<h1>Ours</h1>" in page
    assert 'class="verdict refuted"' in page
    assert claimtable("report", "--db", db, "-o", path).exit_code == 1
    result = claimtable("report", "--db", db, "-o", path, "--force", "--where", "kind = 'prediction'")
    assert "1 claim in" in result.stderr
