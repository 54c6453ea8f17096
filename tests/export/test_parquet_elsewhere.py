"""The Parquet file in the hands of others."""

from dataclasses import replace
from datetime import date

import duckdb
import polars
import pytest

from claimtable.export.tabular import write_table


@pytest.fixture
def path(claim, tmp_path):
    path = tmp_path / "t.parquet"
    rows = [claim, replace(claim, value=None, deadline=date(2400, 1, 1))]
    write_table((r.to_dict() for r in rows), path, "parquet")
    return path


def test_duckdb(path):
    rows = duckdb.sql(
        f"SELECT sum(value), max(deadline), typeof(any_value(deadline)) FROM '{path}'"
    ).fetchall()
    assert rows == [(1e9, date(2400, 1, 1), "DATE")]


def test_polars(path):
    frame = polars.read_parquet(path)
    assert frame["value"].to_list() == [1e9, None]
    assert frame.schema["deadline"] == polars.Date
    assert frame["deadline"].to_list() == [date(2020, 12, 31), date(2400, 1, 1)]
