"""The claims table as a SQLite file of its own: table `claims` with the columns in order, and `columns` with their meaning.

It opens in any SQLite tool. Dates are ISO 8601 text, which SQLite's date functions read. (The database in which
claimtable keeps documents and reviews is another thing: package `store`.)
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from shutil import copyfileobj
from typing import Any, BinaryIO

from claimtable.export.rows import Row, json_value
from claimtable.schema import Column

_TYPES = {
    "string": "TEXT",
    "Float64": "REAL",
    "Int64": "INTEGER",
    "date": "TEXT",
    "boolean": "INTEGER",
    "list": "TEXT",
}


def write_database(rows: Iterable[Row], file: BinaryIO, columns: Sequence[Column]) -> int:
    """Write the rows as they come, and return their number."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "claims.db"
        with closing(sqlite3.connect(path)) as database, database:
            count = _fill(database, rows, columns)
        with path.open("rb") as made:
            copyfileobj(made, file)
    return count


def _fill(database: sqlite3.Connection, rows: Iterable[Row], columns: Sequence[Column]) -> int:
    defined = ", ".join(f'"{column.name}" {_TYPES[column.dtype]}' for column in columns)
    database.execute(f"CREATE TABLE claims ({defined}) STRICT")
    database.execute("CREATE TABLE columns (name TEXT PRIMARY KEY, type TEXT, meaning TEXT) STRICT")
    database.executemany(
        "INSERT INTO columns VALUES (?, ?, ?)", [(c.name, c.dtype, c.description) for c in columns]
    )
    count = 0

    def cells() -> Iterable[list[Any]]:
        nonlocal count
        for row in rows:
            count += 1
            yield [_cell(row.get(column.name)) for column in columns]

    places = ", ".join("?" * len(columns))
    database.executemany(f"INSERT INTO claims VALUES ({places})", cells())
    names = {column.name for column in columns}
    for name in ("claim_id", "doc_id", "speaker", "unit"):
        if name in names:
            database.execute(f'CREATE INDEX "claims_{name}" ON claims ("{name}")')
    return count


def _cell(value: Any) -> Any:
    value = json_value(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
