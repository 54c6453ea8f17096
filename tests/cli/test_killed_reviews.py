"""`report`, `check`, `review` and `learn` killed at any moment: a file is whole or not there, a table is as it was or as it is to be."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from tests.cli.test_ingest_killed import check
from tests.cli.test_killed import kill_now_and_then, seconds_of, start
from typer.testing import CliRunner

from claimtable.cli import app
from claimtable.cli.ingest import ingest
from claimtable.cli.run import Run

pytestmark = pytest.mark.slow
DOCUMENTS = 40


def command(*arguments):
    """Returns what starts the command in a fork."""
    return lambda: start(CliRunner().invoke, app, [str(argument) for argument in arguments])


@pytest.fixture
def filled(claimtable, tmp_path) -> Path:
    lines = tmp_path / "articles.jsonl"
    texts = ({"id": f"d{i:03}", "text": f"Number {i} is {i} metres long in all."} for i in range(DOCUMENTS))
    lines.write_text("".join(json.dumps(line) + "\n" for line in texts))
    db = tmp_path / "claims.db"
    ingest([str(lines)], db=db, run=Run())
    return db


def count(db, table):
    with sqlite3.connect(db) as connection:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


@pytest.mark.parametrize(
    ("name", "words", "end"),
    [("report.html", ["report"], "</html>"), ("tasks.json", ["review", "export-tasks"], "]")],
)
def test_a_file_is_whole_or_not_there(filled, tmp_path, name, words, end):
    path = tmp_path / name

    def after() -> None:
        check(filled)
        if path.exists():
            assert path.read_text(encoding="utf-8").rstrip().endswith(end)
            path.unlink()

    kill_now_and_then(command(*words, "--db", filled, "-o", path), after, seed=6)
    seconds_of(command(*words, "--db", filled, "-o", path))
    assert path.exists()


def test_checking_is_killed(filled):
    claims = count(filled, "claims")

    def after() -> None:
        check(filled)
        assert count(filled, "claims") == claims

    kill_now_and_then(command("check", "--db", filled), after, seed=7)


def test_importing_reviews_is_killed(filled, tmp_path):
    tasks = tmp_path / "tasks.json"
    seconds_of(command("review", "export-tasks", "--db", filled, "-o", tasks))
    submitted = []
    for number, task in enumerate(json.loads(tasks.read_text())):
        annotation = {
            "id": number,
            "completed_by": 1,
            "was_cancelled": False,
            "prediction": task["predictions"][0],
        }
        annotation |= dict.fromkeys(("created_at", "updated_at"), "2024-05-01T12:00:00Z")
        annotation["result"] = task["predictions"][0]["result"]
        submitted.append({"id": number, "data": task["data"], "annotations": [annotation], "drafts": []})
    tasks.write_text(json.dumps(submitted))
    begin = command("review", "import-annotations", "--db", filled, tasks)
    found = []

    def after() -> None:
        check(filled)
        found.append(count(filled, "annotations"))
        assert count(filled, "reviews") == found[-1], "a submission is there with its answers"

    process = begin()
    process.kill()
    process.join()
    after()
    kill_now_and_then(begin, after, seed=8)
    assert found == sorted(found)
    assert found[-1] == DOCUMENTS


def test_learning_is_killed(filled, tmp_path):
    path = tmp_path / "weights.tsv"

    def after() -> None:
        check(filled)
        assert not path.exists(), "nothing was reviewed"

    kill_now_and_then(command("learn", "--db", filled, "-o", path), after, seed=9)
