"""The Parquet file in the hands of others."""

from dataclasses import replace
from datetime import date, datetime

import duckdb
import pandas
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
        f"SELECT sum(value), max(deadline), typeof(any_value(deadline)) FROM '{path}' WHERE deadline > '2020-01-01'"
    ).fetchall()
    assert rows == [(1e9, datetime(2400, 1, 1), "TIMESTAMP")]


def test_polars(path):
    frame = polars.read_parquet(path)
    assert frame["value"].to_list() == [1e9, None]
    assert frame.schema["deadline"] == polars.Datetime("ms")
    assert frame["deadline"].cast(polars.Date).to_list() == [date(2020, 12, 31), date(2400, 1, 1)]


def test_plain_pandas(path):
    frame = pandas.read_parquet(path)
    assert frame["deadline"].dt.year.tolist() == [2020, 2400]
    assert (frame["deadline"] > "2021-01-01").tolist() == [False, True]
    assert {str(frame[name].dtype) for name in ("time_start", "time_end", "published")} == {"datetime64[ms]"}
