import sqlite3
from dataclasses import replace

from hostile import hostile

from claimtable.export.rows import whole
from claimtable.export.tabular import write_table
from claimtable.schema import COLUMNS


def test_the_table_has_types_and_descriptions(claim, tmp_path):
    path = tmp_path / "t.sqlite"
    write_table([claim.to_dict(), replace(claim, value=None).to_dict()], path, "sqlite")
    database = sqlite3.connect(path)
    assert database.execute("SELECT count(*), sum(value), typeof(start) FROM claims").fetchone() == (
        2,
        1e9,
        "integer",
    )
    assert database.execute(
        "SELECT julianday(deadline) - julianday('2020-12-30') FROM claims"
    ).fetchone() == (1.0,)
    assert database.execute("SELECT name, type, meaning FROM columns").fetchall() == [
        (c.name, c.dtype, c.description) for c in COLUMNS
    ]


def test_hostile_rows_come_back_unchanged(claim, tmp_path):
    rows = hostile(claim)
    path = tmp_path / "t.sqlite"
    write_table((r.to_dict() for r in rows), path, "sqlite")
    found = sqlite3.connect(path).execute("SELECT text, doc_id FROM claims ORDER BY rowid").fetchall()
    assert found == [(whole(r.text), r.doc_id) for r in rows]
