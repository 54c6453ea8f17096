"""`ingest` killed at any moment, and two of them at once: nothing lost, nothing doubled, nothing damaged."""

import json
import multiprocessing
import random
import sqlite3
import time
from pathlib import Path

import pytest

from claimtable.cli.ingest import ingest
from claimtable.cli.run import Run

DOCUMENTS = 250
KILLS = 10


@pytest.fixture
def start(claimtable, tmp_path):
    """Returns a function that starts an ingest of all documents, with the stand-in pipeline, in its own process."""
    lines = tmp_path / "articles.jsonl"
    lines.write_text(
        "".join(
            json.dumps({"id": f"d{i:03}", "text": f"Number {i} is {i} metres."}) + "\n"
            for i in range(DOCUMENTS)
        )
    )

    def begin() -> multiprocessing.Process:
        # A fork inherits the stand-in, and what takes a second to import.
        process = multiprocessing.get_context("fork").Process(
            target=ingest, args=([str(lines)],), kwargs={"db": tmp_path / "claims.db", "run": Run()}
        )
        process.start()
        return process

    return begin


def check(db: Path) -> None:
    with sqlite3.connect(db) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.execute("INSERT INTO claims_fts (claims_fts, rank) VALUES ('integrity-check', 1)")
        connection.execute("INSERT INTO documents_fts (documents_fts) VALUES ('integrity-check')")


def check_whole(db: Path) -> None:
    check(db)
    with sqlite3.connect(db) as connection:
        for table in ("documents", "document_versions", "claims", "claims_extracted"):
            (number,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
            assert number == DOCUMENTS, table
        assert connection.execute("SELECT count(*) FROM documents WHERE pipeline IS NULL").fetchone() == (0,)


def test_killed_at_any_moment(start, tmp_path):
    db = tmp_path / "claims.db"
    begun = time.monotonic()
    whole = start()
    whole.join(120)
    assert whole.exitcode == 0
    took = time.monotonic() - begun
    for file in tmp_path.glob("claims.db*"):
        file.unlink()
    random.seed(2)
    found = []
    for _ in range(KILLS):
        # A run that goes on where the last one ended is shorter.
        process = start()
        process.join(random.uniform(0, took / 4))
        process.kill()
        process.join()
        if db.exists() and db.stat().st_size:
            check(db)
            with sqlite3.connect(db) as connection:
                found.append(connection.execute("SELECT count(*) FROM claim_rows").fetchone()[0])
    assert found == sorted(found), "what was committed stays"
    last = start()
    last.join(120)
    assert last.exitcode == 0
    check_whole(db)


def test_two_at_once(start, tmp_path):
    both = [start(), start()]
    for process in both:
        process.join(120)
    assert [process.exitcode for process in both] == [0, 0]
    check_whole(tmp_path / "claims.db")
