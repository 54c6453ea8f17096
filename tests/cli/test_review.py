"""What has to do with reviewers, from the command line."""

import json

import pytest
from tests.review.people import CLAIMS, DOCUMENT, NAMES, changed, shown, task, works
from typer.testing import CliRunner

from claimtable.cli import app
from claimtable.store import Extraction, Store

ANN, BOB = NAMES[1], NAMES[2]


def run(*arguments, code=0):
    result = CliRunner().invoke(app, ["review", *map(str, arguments)])
    assert result.exit_code == code, result.stderr
    return result


@pytest.fixture
def db(tmp_path):
    """A database in which two people reviewed one document and disagree about a unit."""
    path = tmp_path / "claims.db"
    items = shown(task())
    other = changed(items, "c1", "unit", "textarea", {"text": ["RUB"]})
    with Store.open(path) as store:
        store.add_document(DOCUMENT)
        store.save_extraction(DOCUMENT, Extraction(CLAIMS), pipeline="test")
        store.add_annotations(work.submission for work in works(items, other))
    return path


def test_agreement_as_text_and_as_json(db):
    text = run("agreement", "--db", db).stdout
    assert f"Reviewers with work in common: {ANN}, {BOB}" in text
    assert "2024-05" in text
    data = json.loads(run("agreement", "--db", db, "--by", "version", "--format", "json").stdout)
    assert data["reviewers"]["fields"]["unit"]["observed"] == 0.5
    assert data["reviewers"]["labels"]["Claim"]["exact_f1"] == 1
    (scores,) = data["extractor"]["periods"].values()
    assert scores["fields"]["unit"]["precision"] == 0.75


def test_conflicts_and_the_rule_that_decides_them(db):
    text = run("conflicts", "--db", db).stdout
    assert "unit" in text
    assert all(words in text for words in ("USD", "RUB", ANN, BOB, "2024-05-02T12:00:00"))
    (line,) = run("conflicts", "--db", db, "--format", "json").stdout.splitlines()
    assert json.loads(line)["fields"]["unit"][0] == {
        "reviewer": ANN,
        "at": "2024-05-01T12:00:00+00:00",
        "value": "USD",
    }
    unit = []
    for rule in ("latest", ANN):
        result = run("conflicts", "--db", db, "--rule", rule)
        with Store.open(db) as store:
            unit.append(next(store.claims(where="claim_id = 'c1'")).unit)
    assert unit == ["RUB", "USD"]
    assert "0 claims in conflict" in result.stderr


@pytest.mark.parametrize("rule", ["majorty", "Latest ", "nobody@example.org"])
def test_a_misspelt_rule_is_refused_and_sets_nothing(db, rule):
    result = CliRunner().invoke(app, ["review", "conflicts", "--db", str(db), "--rule", rule])
    assert result.exit_code != 0
    assert rule.strip() in result.stderr and "majority" in result.stderr
    with Store.open(db) as store:
        assert next(store.claims(where="claim_id = 'c1'")).unit == "RUB"


def test_a_database_that_is_not_there(tmp_path):
    assert "claims.db" in run("conflicts", "--db", tmp_path / "claims.db", code=1).stderr
    assert "claims.db" in run("agreement", "--db", tmp_path / "claims.db", code=1).stderr
    assert not list(tmp_path.iterdir())
