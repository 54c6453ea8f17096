"""Ten processes ingest the same and different articles into one database: nothing lost, doubled, or complained of."""

from __future__ import annotations

import json
import multiprocessing
import sqlite3

import pytest
from tests.cli.test_ingest_killed import check

from claimtable.cli.ingest import ingest
from claimtable.cli.run import Run

PROCESSES = 10
SHARED, OWN = 25, 6


class Attentive(Run):
    """A run that ends with an error where a user would see one."""

    def fail(self, error: Exception) -> None:
        raise error


@pytest.mark.slow
def test_ten_processes_ingest(claimtable, tmp_path):
    db = tmp_path / "claims.db"
    files = []
    for k in range(PROCESSES):
        ids = [f"s{i}" for i in range(SHARED)] + [f"p{k}-{i}" for i in range(OWN)]
        ids = ids[k:] + ids[:k]
        path = tmp_path / f"{k}.jsonl"
        path.write_text("".join(json.dumps({"id": i, "text": f"Number {i} is long."}) + "\n" for i in ids))
        files.append(path)
    fork = multiprocessing.get_context("fork")
    processes = [
        fork.Process(target=ingest, args=([str(path)],), kwargs={"db": db, "run": Attentive()})
        for path in files
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(240)
    assert [process.exitcode for process in processes] == [0] * PROCESSES
    check(db)
    expected = SHARED + PROCESSES * OWN
    with sqlite3.connect(db) as connection:
        for table in ("documents", "document_versions", "claims", "claims_extracted"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (expected,), table
        unfinished = connection.execute("SELECT count(*) FROM documents WHERE pipeline IS NULL").fetchone()
    assert unfinished == (0,)
