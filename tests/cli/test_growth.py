"""Twice the claims, about twice the processor time: `check`, `report`, every quick format of `export`, and `ingest`.

`CLAIMTABLE_GROWTH_CLAIMS=100000` goes to 200,000; `benchmarks/growth.py` prints the table of it.
"""

from __future__ import annotations

import importlib
import os
from datetime import date
from pathlib import Path

import pytest
from tests.timing import assert_growth

from claimtable.cli.check import check
from claimtable.cli.export import ExportFormat, Selection, export
from claimtable.cli.report import report
from claimtable.cli.run import Run
from claimtable.store import Extraction, Store

CLAIMS = int(os.environ.get("CLAIMTABLE_GROWTH_CLAIMS", "1500"))
MOST = 2.6
"""Of a doubling; 2.2 of the benchmark, and what a busy machine adds to short runs."""


@pytest.fixture(scope="module")
def made(tmp_path_factory, root):
    """Return a function from a number of claims to a database that has them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(root / "benchmarks")
        exports = importlib.import_module("exports")
    folder = tmp_path_factory.mktemp("growth")

    def make(claims: int) -> Path:
        path = folder / f"{claims}.db"
        if not path.exists():
            exports.fill(path, claims)
        return path

    return make


def test_check(made):
    assert_growth(
        MOST, made, lambda db: check(db, date(2026, 1, 1), None, Run(), save=False), CLAIMS, 2 * CLAIMS
    )


def test_report(made, tmp_path):
    assert_growth(
        MOST,
        made,
        lambda db: report(Selection(db=db), tmp_path / "out.html", title="Claims", overwrite=True, run=Run()),
        CLAIMS,
        2 * CLAIMS,
    )


@pytest.mark.parametrize("to", ["csv", "jsonl", "parquet", "webannotation"])
def test_export(made, tmp_path, to):
    assert_growth(
        MOST,
        made,
        lambda db: export(Selection(db=db), ExportFormat(to), tmp_path / "out", overwrite=True, run=Run()),
        CLAIMS,
        2 * CLAIMS,
    )


def test_what_ingest_stores(made, tmp_path):
    """The documents go into a new database; parsing them is linear by itself (`tests/nlp/test_growth.py`)."""

    def copy(db: Path) -> None:
        (tmp_path / "new.db").unlink(missing_ok=True)
        with Store.open(db, create=False) as old, Store.open(tmp_path / "new.db") as new:
            for document in old.documents():
                new.add_document(document)
                claims = tuple(old.claims(doc_ids=[document.id]))
                new.save_extraction(document, Extraction(claims), pipeline="growth")

    assert_growth(MOST, made, copy, CLAIMS, 2 * CLAIMS)
