import json
import sqlite3
from dataclasses import replace
from datetime import date

import pytest

from claimtable.schema import Document, Review, Section, Submission
from claimtable.store import Extraction, Store

TEXT = "Trade will reach $1.5 billion by 2020.\nTrade was $1 billion in 2013."


@pytest.fixture
def db(claim, tmp_path):
    """A database with a prediction and a claim of the past."""
    path = tmp_path / "claims.db"
    document = Document(
        "d1", TEXT, title="Trade", published=date(2014, 4, 15), sections=(Section(0, 68, "body"),)
    )
    first = replace(
        claim, doc_id="d1", text=TEXT[:37], start=0, end=37, prefix="", suffix=TEXT[37:], value=1.5e9, bound="=",
        modality=None, probability_low=None, probability_high=None, condition=None, polarity="affirmed",
    )  # fmt: skip
    second = replace(
        first, claim_id="c2", kind="quantitative", text=TEXT[39:], start=39, end=len(TEXT), value=1e9,
        prefix=TEXT[7:39], suffix="", deadline=None,
    )  # fmt: skip
    with Store.open(path) as store:
        store.add_document(document)
        store.save_extraction(document, Extraction((first, second)), pipeline="test")
    return path


@pytest.fixture
def run(claimtable, db):
    """Returns a function that runs a verb on the database."""

    def start(*args, code=0):
        result = claimtable(*args, "--db", db)
        assert result.exit_code == code, result.output
        return result

    return start


def row(db, claim_id="c1"):
    with Store.open(db) as store:
        return next(store.claims(where=f"claim_id = '{claim_id}'"))


def test_check_says_what_is_due(run):
    result = run("check", "--on", "2021-01-01")
    assert "Due predictions: 1" in result.stdout
    assert "claimtable resolve c1" in result.stdout
    assert "“Trade will reach $1.5 billion by 2020” (Trade, 2014-04-15)" in result.stdout
    assert "1 finding" in result.stderr


def test_check_as_json(run):
    (line,) = run("check", "--on", "2021-01-01", "--format", "json").stdout.splitlines()
    finding = json.loads(line)
    assert finding["check"] == "due" and finding["rows"][0]["claim_id"] == "c1"


def test_one_check_alone(run, db):
    assert "Due predictions: 1" in run("check", "--on", "2021-01-01", "--only", "due").stdout
    assert run("check", "--on", "2021-01-01", "--only", "arithmetic", "--only", "repeats").stdout == ""
    with Store.open(db) as store:
        assert len(store.findings()) == 1, "what another check found stays"
    wrong = run("check", "--only", "spelling", code=2)
    assert "'due'" in wrong.stderr


def test_of_many_findings_some_are_shown():
    from claimtable.cli.check import lines
    from claimtable.schema import Finding

    found = [Finding(str(n), "due", f"reason {n}", ()) for n in range(25)]
    shown = list(lines(found, 20))
    assert sum("reason" in line for line in shown) == 20
    assert "  and 5 more: claimtable check --only due --most 0" in shown
    assert sum("reason" in line for line in lines(found)) == 25


def test_check_before_the_day_finds_nothing(run):
    assert run("check", "--on", "2020-12-31").stdout == ""


def test_findings_stay_in_the_database_each_once(run, db):
    def stored():
        with sqlite3.connect(db) as connection:
            return connection.execute("SELECT check_name, claim_id, is_open FROM findings").fetchall()

    run("check", "--on", "2021-01-01", "--dry-run")
    assert stored() == []
    run("check", "--on", "2021-01-01")
    run("check", "--on", "2021-01-02")
    assert stored() == [("due", "c1", 1)]
    assert "findings     1 due" in run("status").stdout
    run("resolve", "c1", "true")
    run("check", "--on", "2021-01-03")
    assert stored() == [("due", "c1", 0)]
    assert "findings" not in run("status").stdout


@pytest.mark.parametrize(
    ("outcome", "verdict", "note"),
    [
        ("true", "supported", None),
        ("false", "refuted", None),
        ("34,000,000", "refuted", "came out at 34,000,000 USD"),
    ],
)
def test_resolve(run, db, outcome, verdict, note):
    run("resolve", "c1", outcome, "--reviewer", "ann", "--evidence", "https://stats.example/t1")
    claim = row(db)
    assert (claim.verdict, claim.note, claim.status) == (verdict, note, "accepted")
    assert (claim.reviewer, claim.evidence_url) == ("ann", "https://stats.example/t1")
    assert run("check", "--on", "2021-01-01").stdout == ""


def test_resolving_twice_changes_nothing_and_otherwise_replaces(run, db):
    run("resolve", "c1", "true", "--reviewer", "ann")
    first = row(db)
    assert "already" in run("resolve", "c1", "true", "--reviewer", "ann").stderr
    assert row(db) == first
    run("resolve", "c1", "false", "--reviewer", "ann", "--note", "It was 34 million.")
    assert (row(db).verdict, row(db).note) == ("refuted", "It was 34 million.")
    with Store.open(db) as store:
        assert len(list(store.reviews(all_revisions=True))) == 2
        (annotation,) = store.annotations()
        assert annotation.origin == "cli:resolve/c1"


def test_an_outcome_keeps_what_was_corrected(run, db):
    run("resolve", "c1", "true", "--reviewer", "bo")
    with Store.open(db) as store:
        (annotation,), (review,) = list(store.annotations()), list(store.reviews())
        other = replace(annotation, annotation_id="a2", origin="test", reviewer="cy")
        corrected: Review = replace(
            review, review_id="r2", annotation_id="a2", decision="corrected", reviewer="cy", fields={"value": 2e9},
            verdict=None, reviewed_at="2200-01-01T00:00:00Z", origin="test",
        )  # fmt: skip
        store.withdraw_annotations([annotation.annotation_id])
        store.add_annotations([Submission(other, (replace(corrected, reviewed_at="2020-01-01T00:00:00Z"),))])
    run("resolve", "c1", "false", "--reviewer", "ann")
    claim = row(db)
    assert (claim.value, claim.status, claim.verdict) == (2e9, "corrected", "refuted")


def test_the_beginning_of_an_id_will_do(run, db):
    with Store.open(db) as store:
        (document,) = store.documents()
        claims = [
            replace(claim, claim_id=name)
            for claim, name in zip(store.claims(), ("abcd1", "abce2"), strict=True)
        ]
        store.save_extraction(document, Extraction(tuple(claims)), pipeline="test")
    assert "2 claims of" in run("resolve", "abc", "true", code=1).stderr
    run("resolve", "abcd", "true")
    assert row(db, "abcd1").verdict == "supported"
    for given in ("d", "d1", "abc", "abce2"):
        shown = run("documents", "show", given).stdout
        assert "accepted, supported" in shown and shown.endswith(TEXT + "\n")
    assert "no document x, and no claim" in run("documents", "show", "x", code=1).stderr


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("nothing", "true"), "there is no claim nothing"),
        (("c2", "true"), "claim c2 is no prediction"),
        (("c1", "perhaps"), "'perhaps' is no outcome: say true, false, or a number"),
        (("' OR 1 --", "true"), "is no claim id"),
    ],
)
def test_what_cannot_be_resolved(run, db, args, message):
    assert message in run("resolve", *args, code=1).stderr
    assert row(db).verdict is None


def test_scores(run):
    assert "no speaker has 5 predictions" in run("scores").stderr
    run("resolve", "c1", "true")
    assert run("scores", "--minimum", "1").stdout == "Russia: 1 of 1 came true (100%)\n"
    (line,) = run("scores", "--minimum", "1", "--format", "json").stdout.splitlines()
    assert json.loads(line)["came_true"] == 1


def test_published_fact_checks(run, tmp_path):
    path = tmp_path / "published.jsonl"
    review = {
        "@type": "ClaimReview",
        "claimReviewed": "Trade was 1 billion $ in 2013",
        "url": "https://checkers.example/1",
    }
    other = review | {"claimReviewed": "By 2020 trade will reach a sum of $1.5 billion"}
    path.write_text(json.dumps(other) + "\n" + json.dumps(review) + "\nno JSON\n")
    result = run("check", "--on", "2014-01-01", "--fact-checks", path, code=1)
    assert "Checked before: 1" in result.stdout
    assert "https://checkers.example/1" in result.stdout
    assert "published.jsonl line 3: no JSON" in result.stderr


def test_status_counts_what_check_calls_due(run, db):
    """Not the second one, whose last day had passed when the article appeared."""
    passed = replace(row(db), claim_id="c3", deadline=date(2014, 1, 1))
    with Store.open(db) as store:
        (document,) = store.documents()
        store.save_extraction(document, Extraction((row(db), passed)), pipeline="test")
    assert json.loads(run("status", "--format", "json").stdout)["due_predictions"] == 1
    assert "Due predictions: 1" in run("check", "--dry-run").stdout
