"""`claimtable explain`: winner and losers of each cell, of a file and of a database."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from claimtable.cli import app
from claimtable.nlp import pipeline
from claimtable.nlp.lines.versions import CELLS
from claimtable.store import Store

pytestmark = pytest.mark.pipeline

TEXT = (
    "The ministry said exports reached $4 billion in May, up from $3 billion a year earlier.\n"
    "Trade will reach $5 billion by 2030.\n"
)


@pytest.fixture
def claimtable(nlp, monkeypatch):
    """Runs the command with the trained pipeline, which is loaded once."""
    monkeypatch.setattr(pipeline, "load", lambda model=None, *, fast=False: nlp)
    return lambda *args: CliRunner().invoke(app, [str(arg) for arg in args])


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "trade.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def rows(claimtable, article):
    result = claimtable("extract", article, "--format", "jsonl")
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_every_cell_has_its_winner(claimtable, article, rows):
    for row in rows:
        lines = claimtable("explain", row["claim_id"][:6], article).stdout.splitlines()
        shown = {line.split()[0]: line for line in lines if " by " in line and not line.startswith(" ")}
        cells = dict(part.split("=") for part in row["rule"].split() if "=" in part)
        assert set(CELLS) == set(cells) <= set(shown)
        assert all(shown[cell].endswith(f"by {line}") for cell, line in cells.items())
        assert lines[-1].startswith("Not right?") and "review push" in lines[-1]


def test_losers_are_shown(claimtable, article, rows):
    compared = next(row for row in rows if row["value"] == 3e9)
    said = claimtable("explain", compared["claim_id"], article).stdout
    assert "beat clause: 'exports'" in said and "ministry" in said


def test_the_database_is_read(claimtable, article, tmp_path, rows):
    db = tmp_path / "claims.db"
    assert claimtable("ingest", article, "--db", db).exit_code == 0
    assert claimtable("extract", "--db", db).exit_code == 0
    with Store.open(db, create=False) as store:
        row = next(x for x in store.claims() if x.value == 5e9)
    for args in ((row.claim_id[:8], db), (row.claim_id[:8], "--db", db)):
        lines = claimtable("explain", *args).stdout.splitlines()
        assert lines[0].startswith(row.claim_id)
        assert "--query" in lines[-1] and row.claim_id in lines[-1]


def test_what_is_not_there_is_said(claimtable, article):
    result = claimtable("explain", "ffffffffffff", article)
    assert result.exit_code == 1
    assert "no claim ffffffffffff" in result.stderr


def test_an_id_that_several_begin_with_is_said(claimtable, article):
    result = claimtable("explain", "", article)
    assert result.exit_code == 1
    assert "write more of the id" in result.stderr
