"""`ingest`, `extract --db` and `status`, with the stand-in pipeline: one claim per document."""

import json
import uuid
from dataclasses import replace

import pytest

from claimtable.schema import Annotation, Review, Submission
from claimtable.store import Store


@pytest.fixture
def db(tmp_path):
    return tmp_path / "claims.db"


def review(store, **fields):
    """Reviews the one claim of the first document that has one."""
    claim = next(store.claims())
    document = store.document(claim.doc_id)
    words = document.text[:20]
    key = str(uuid.uuid4())
    common = {"doc_id": document.id, "doc_sha256": document.sha256, "reviewer": "ann", "origin": "file:x"}
    at = "2024-05-01T12:00:00Z"
    given = {"decision": "corrected", "fields": {"value": 1.0}} | fields
    made = Review(
        str(uuid.uuid4()),
        key,
        claim_id=claim.claim_id,
        start=0,
        end=len(words),
        exact=words,
        reviewed_at=at,
        **common,
        **given,
    )
    annotation = Annotation(key, created_at=at, updated_at=at, **common)
    store.add_annotations([Submission(annotation, (made,))])
    return document


def test_ingest_is_idempotent(claimtable, articles, db):
    first = claimtable("ingest", articles, "--db", db)
    assert first.exit_code == 0, first.output
    assert "2 documents: 2 new; 2 claims extracted" in first.stderr
    assert first.stdout == ""
    again = claimtable("ingest", articles, "--db", db)
    assert "2 documents: 2 unchanged; 0 claims extracted" in again.stderr
    with Store.open(db) as store:
        assert len(list(store.documents())) == len(list(store.claims())) == 2


def test_the_default_database_is_claims_db(claimtable, articles, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert claimtable("ingest", articles).exit_code == 0
    assert claimtable("status").stdout.startswith("documents    2\n")


def test_one_bad_input_costs_itself(claimtable, articles, db):
    (articles / "c.txt").write_text("BOOM")
    (articles / "d.pdf").write_bytes(b"not a pdf")
    result = claimtable("ingest", articles, "--db", db)
    assert result.exit_code == 1
    assert "2 claims extracted" in result.stderr
    assert "d.pdf" in result.stderr
    assert "2 failed, 2 done" in result.stderr
    # What could not be extracted from is tried again.
    assert "something nobody thought of" in claimtable("ingest", articles, "--db", db).stderr


def test_a_changed_article_keeps_its_reviews_or_says_which_are_lost(claimtable, tmp_path, db):
    lines = tmp_path / "articles.jsonl"
    lines.write_text(json.dumps({"id": "x", "text": "Exports rose to 14 million dollars."}))
    claimtable("ingest", lines, "--db", db)
    with Store.open(db) as store:
        review(store)
    lines.write_text(json.dumps({"id": "x", "text": "Yesterday. Exports rose to 14 million dollars."}))
    kept = claimtable("ingest", lines, "--db", db)
    assert "1 changed" in kept.stderr
    assert "no longer" not in kept.stderr
    with Store.open(db) as store:
        (claim,) = store.claims(where="status = 'corrected'")
        assert (claim.value, claim.start, claim.text) == (1.0, 11, "Exports rose to 14 m")
    lines.write_text(json.dumps({"id": "x", "text": "Nothing of it is true."}))
    lost = claimtable("ingest", lines, "--db", db)
    assert "1 review no longer finds its words" in lost.stderr
    assert "x, claim c, corrected by ann: 'Exports rose to 14 m'" in lost.stderr
    assert json.loads(claimtable("status", "--db", db, "--format", "json").stdout)["unanchored"] == 1


def test_extracting_again_keeps_reviews(claimtable, articles, db, monkeypatch):
    claimtable("ingest", articles, "--db", db)
    with Store.open(db) as store:
        document = review(store)
    result = claimtable("extract", "--db", db)
    assert result.exit_code == 0, result.output
    assert "2 documents; 2 claims extracted" in result.stderr
    with Store.open(db) as store:
        (claim,) = store.claims(where="status = 'corrected'")
        assert (claim.doc_id, claim.value) == (document.id, 1.0)


def test_a_reviewed_row_stays_when_its_claim_vanishes(claimtable, articles, db, monkeypatch):
    claimtable("ingest", articles, "--db", db)
    with Store.open(db) as store:
        review(store)
    monkeypatch.setattr("claimtable.cli.ingest._extraction", lambda doc: _nothing())
    result = claimtable("extract", "--db", db)
    assert "1 row that is no longer extracted" in result.stderr
    with Store.open(db) as store:
        assert [claim.status for claim in store.claims()] == ["corrected"]
    assert "vanished       1 " in claimtable("status", "--db", db).stdout


def _nothing():
    from claimtable.store import Extraction

    return Extraction()


WRONG = {
    "no input": ["ingest"],
    "two models": ["ingest", "a.txt", "--fast", "--model", "x"],
    "again, with input": ["extract", "a.txt", "--db", "claims.db"],
    "again, with output": ["extract", "--db", "claims.db", "-o", "x.csv"],
    "again, another layer": ["extract", "--db", "claims.db", "--layer", "times"],
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_usage_exits_2(claimtable, case, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = claimtable(*WRONG[case])
    assert (result.exit_code, result.stdout) == (2, "")
    assert not (tmp_path / "claims.db").exists()


@pytest.mark.parametrize("verb", [["status"], ["extract"], ["explore"]])
def test_no_database_is_said_and_none_is_made(claimtable, verb, db):
    result = claimtable(*verb, "--db", db)
    assert result.exit_code == 1
    assert "there is no such database" in result.stderr
    assert not db.exists()


def test_status_counts(claimtable, articles, db):
    claimtable("ingest", articles, "--db", db)
    with Store.open(db) as store:
        document = review(store, verdict="refuted")
        other = replace(document, id="later", text="Not extracted from.")
        store.add_document(other)
    result = claimtable("status", "--db", db)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "documents    3; 1 not extracted from yet: run claimtable ingest or extract again",
        "claims       2",
        "  quantitative   2: 1 corrected, 1 extracted",
        "  verdicts       1 refuted",
        "  due            0 predictions past their last day without a verdict",
        "tasks        0",
        "annotations  1 empty",
        "reviews      1 corrected (shown: latest)",
    ]
    counts = json.loads(claimtable("status", "--db", db, "--format", "json").stdout)
    assert counts["claims"] == {"quantitative": {"corrected": 1, "extracted": 1}}
