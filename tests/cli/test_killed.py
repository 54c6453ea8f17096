"""`extract --db`, `export` and a migration killed at any moment: nothing lost, nothing half written, safe to repeat."""

from __future__ import annotations

import json
import multiprocessing
import random
import sqlite3
import time
from pathlib import Path

import pytest
from tests.cli.test_ingest_killed import check

from claimtable.cli.export import ExportFormat, Selection, export
from claimtable.cli.ingest import extract_again, ingest
from claimtable.cli.run import Run
from claimtable.store import Store, database

pytestmark = pytest.mark.slow

DOCUMENTS = 80
KILLS = 6


def start(work, *arguments, **options) -> multiprocessing.Process:
    """Starts `work` in a fork, which inherits the stand-in pipeline."""
    process = multiprocessing.get_context("fork").Process(target=work, args=arguments, kwargs=options)
    process.start()
    return process


def seconds_of(begin) -> float:
    """Returns how long a process of `begin` takes that ends by itself."""
    begun = time.monotonic()
    process = begin()
    process.join(120)
    assert process.exitcode == 0
    return time.monotonic() - begun


def kill_now_and_then(begin, after, seed: int) -> None:
    """Kills a process of `begin` at random moments, and calls `after` each time."""
    took = seconds_of(begin)
    rng = random.Random(seed)
    for _ in range(KILLS):
        process = begin()
        process.join(rng.uniform(0, took))
        process.kill()
        process.join()
        after()


@pytest.fixture
def filled(claimtable, tmp_path) -> Path:
    """A database with claims, those of one document reviewed."""
    lines = tmp_path / "articles.jsonl"
    texts = ({"id": f"d{i:03}", "text": f"Number {i} is {i} metres."} for i in range(DOCUMENTS))
    lines.write_text("".join(json.dumps(line) + "\n" for line in texts))
    db = tmp_path / "claims.db"
    ingest([str(lines)], db=db, run=Run())
    return db


def rows(db: Path) -> list[tuple]:
    with sqlite3.connect(db) as connection:
        return connection.execute("SELECT doc_id, claim_id, value, text FROM claims ORDER BY 1, 2").fetchall()


def test_extracting_again_is_killed(filled):
    before = rows(filled)

    def after() -> None:
        check(filled)
        assert rows(filled) == before

    kill_now_and_then(lambda: start(extract_again, db=filled, run=Run()), after, seed=3)
    # Nothing of the run that comes to its end is missing: each document is extracted from anew.
    with sqlite3.connect(filled) as connection:
        connection.execute("UPDATE document_versions SET pipeline = 'of an earlier time'")
    seconds_of(lambda: start(extract_again, db=filled, run=Run()))
    with sqlite3.connect(filled) as connection:
        names = {name for (name,) in connection.execute("SELECT pipeline FROM documents")}
    assert len(names) == 1
    assert "of an earlier time" not in names
    after()


@pytest.mark.parametrize("to", ["csv", "parquet", "sqlite", "brat"])
def test_exporting_is_killed(filled, tmp_path, to):
    path = tmp_path / f"claims.{to}"
    selection = Selection(db=filled)

    def begin() -> multiprocessing.Process:
        return start(export, selection, ExportFormat(to), path, overwrite=True, run=Run())

    whole: set[int] = set()

    def after() -> None:
        check(filled)
        assert path.stat().st_size in whole

    seconds_of(begin)
    whole.add(path.stat().st_size)
    kill_now_and_then(begin, after, seed=4)
    # Not there before: whole, or still not there.
    for moment in (0.0, 0.01, 0.05):
        path.unlink(missing_ok=True)
        process = begin()
        process.join(moment)
        process.kill()
        process.join()
        assert not path.exists() or path.stat().st_size in whole


def test_a_migration_is_killed(filled, monkeypatch):
    steps = "".join(
        f"CREATE TABLE more_{i} (a TEXT) STRICT;\nINSERT INTO more_{i} VALUES ('x');\n" for i in range(400)
    )
    newer = {**database.migrations(), "0098_one": steps, "0099_two": steps.replace("more_", "other_")}
    before = rows(filled)
    monkeypatch.setattr(database, "migrations", lambda: newer)

    def begin() -> multiprocessing.Process:
        return start(lambda: Store.open(filled).close())

    def after() -> None:
        check(filled)
        with sqlite3.connect(filled) as connection:
            names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master")]
            applied = {name for (name,) in connection.execute("SELECT name FROM migrations")}
            for step, prefix in (("0098_one", "more_"), ("0099_two", "other_")):
                # Whole or not at all.
                assert sum(name.startswith(prefix) for name in names) == 400 * (step in applied)
        assert rows(filled) == before

    rng = random.Random(5)
    for _ in range(KILLS):
        process = begin()
        process.join(rng.uniform(0, 0.3))
        process.kill()
        process.join()
        after()
    with Store.open(filled) as store:
        assert {"more_399", "other_399"} <= set(store.tables())
    after()
