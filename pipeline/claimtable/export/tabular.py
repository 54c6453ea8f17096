"""The tables: as a pandas DataFrame, and as CSV, JSON lines and Parquet files that read back with the same dtypes.

| `Column.dtype` | in pandas | in Parquet | in JSON lines | in CSV |
|---|---|---|---|---|
| `string` | `string` | string | string | text |
| `Float64` | `Float64` | double | number | number |
| `Int64` | `Int64` | int64 | number | number |
| `date` | `datetime64[s]` | timestamp[ms] | `YYYY-MM-DD` | `YYYY-MM-DD` |
| `boolean` | `boolean` | bool | `true`, `false` | `true`, `false` |
| `list` | `object` | string (JSON) | array | JSON |

Excel workbooks (`workbook`) and SQLite files (`database`) are written, not read.

Dates have seconds as their unit because nanoseconds end in 2262, and predictions do not; in Parquet, which has no seconds,
milliseconds: of its days pandas makes objects, which it neither compares with a text nor counts by year. What is
not stated is `<NA>` (`NaT` for a date, `None` for a list), `null`, or an empty cell. Writers take
rows one by one and hold at most `BATCH_ROWS` of them.

A spreadsheet runs a cell as a formula when it begins with `=`, `+`, `-`, `@` or a control character
(https://owasp.org/www-community/attacks/CSV_Injection). In CSV such a text gets an apostrophe in
front, and so does one that already has apostrophes before such a character; `read_table` takes one
off again. A sign that stands alone (the bound `=`) is no formula and stays as it is.

Where a spreadsheet ends cells at semicolons or tabs, as in many countries, it does so inside of ours too, and at their line
breaks, quoted or not: what would begin such a cell gets its apostrophe there.
"""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from claimtable.errors import ExportError
from claimtable.export.database import write_database
from claimtable.export.files import replace_file
from claimtable.export.rows import Row, cell_value, json_value, whole
from claimtable.export.workbook import write_workbook
from claimtable.schema import COLUMNS, Claim, Column

if TYPE_CHECKING:
    import pandas as pd

Format = Literal["csv", "jsonl", "parquet", "xlsx", "sqlite"]
FORMATS: tuple[Format, ...] = ("csv", "jsonl", "parquet", "xlsx", "sqlite")
BATCH_ROWS = 10_000
"""Rows per Parquet row group, and the most that are held in memory: about 10 MB of claims."""

_PANDAS: dict[str, str] = {
    "string": "string",
    "Float64": "Float64",
    "Int64": "Int64",
    "date": "datetime64[s]",
    "boolean": "boolean",
    "list": "object",
}
_ARROW: dict[str, str] = {
    "string": "string",
    "Float64": "float64",
    "Int64": "int64",
    "date": "timestamp[ms]",
    "boolean": "bool",
    "list": "string",
}
_FORMULA = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]\s*[^\s]|[\t\r\n])")
_ESCAPED = re.compile(r"''*(?:\s*[=+\-@＝＋－＠]\s*[^\s]|[\t\r\n])")
_INNER = re.compile(r"""(?<=[;\t\r\n])((?:[^\S\t\r\n]|["'])*[=+\-@＝＋－＠])""")
_INNER_ESCAPED = re.compile(r"""(?<=[;\t\r\n])'((?:[^\S\t\r\n]|["'])*[=+\-@＝＋－＠])""")
_NEVER_NULL = tuple(f.name for f in fields(Claim) if f.default == "")
"""Text columns of which an empty cell is the empty text, not a missing one."""
_LARGEST_EXACT = 1e15
"""Above this a float may be no exact integer, and a spreadsheet keeps fifteen digits."""


def to_frame(claims: Iterable[Claim]) -> pd.DataFrame:
    """Return the claims as a DataFrame with the columns of `COLUMNS` in order, dtypes as in the table above.

    The index counts from 0. All claims are held in memory; for more than fits, write to Parquet.
    """
    return frame_of((claim.to_dict() for claim in claims), COLUMNS)


def frame_of(rows: Iterable[Row], columns: Sequence[Column]) -> pd.DataFrame:
    """Return rows (dicts with JSON-ready values) as a DataFrame with the dtypes of `columns`."""
    # Half a second of every start, if it stood above: the commands that write CSV need neither pandas nor pyarrow.
    import pandas as pd

    cells: dict[str, list[Any]] = {column.name: [] for column in columns}
    for row in rows:
        for column in columns:
            cells[column.name].append(cell_value(row.get(column.name), column))
    series = {column.name: _series(cells[column.name], column) for column in columns}
    return pd.DataFrame(series, columns=[column.name for column in columns])


def _series(values: list[Any], column: Column) -> pd.Series[Any]:
    import pandas as pd

    if column.dtype == "date":
        # One by one: pandas reads a column of dates at nanosecond resolution, which ends in 2262.
        stamps = [None if v is None else pd.Timestamp(v).as_unit("s") for v in values]
        return pd.Series(pd.DatetimeIndex(stamps, dtype="datetime64[s]"), dtype="datetime64[s]")
    return pd.Series(values, dtype=_PANDAS[column.dtype])


def write_table(
    rows: Iterable[Row],
    target: Path | BinaryIO,
    format: Format,
    *,
    columns: Sequence[Column] = COLUMNS,
    overwrite: bool = False,
) -> int:
    """Write rows as they come and return their number.

    Args:
        rows: dicts with JSON-ready values, such as `Claim.to_dict` gives.
        target: a path, which appears only when everything is written, or an open binary stream.
        format: `csv` (UTF-8, comma, header line), `jsonl` (UTF-8, one object a line), `parquet` (column
            descriptions in the field metadata), `xlsx` (on a second sheet), or
            `sqlite` (in a second table).
        columns: the columns, in order.
        overwrite: replace an existing file.

    Raises:
        ExportError: the file exists, or cannot be written.
    """
    write = _WRITERS[format]
    if isinstance(target, Path):
        with replace_file(target, overwrite=overwrite) as file:
            return write(rows, file, columns)
    return write(rows, target, columns)


def _write_jsonl(rows: Iterable[Row], file: BinaryIO, columns: Sequence[Column]) -> int:
    count = 0
    for row in rows:
        data = {column.name: json_value(row.get(column.name)) for column in columns}
        file.write(json.dumps(data, ensure_ascii=False, allow_nan=False).encode() + b"\n")
        count += 1
    return count


def _write_csv(rows: Iterable[Row], file: BinaryIO, columns: Sequence[Column]) -> int:
    writer = csv.writer(_CsvLines(file), lineterminator=_CsvLines.END)
    writer.writerow(column.name for column in columns)
    count = 0
    for row in rows:
        writer.writerow(_cell(row.get(column.name), column) for column in columns)
        count += 1
    return count


class _CsvLines:
    """Ends lines with a line feed alone, as command line tools expect.

    The csv module quotes a carriage return inside a cell only when its line end has one.
    """

    END = "\r\n"

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def write(self, line: str) -> int:
        return self.file.write(f"{line.removesuffix(self.END)}\n".encode())


def _cell(value: Any, column: Column) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < _LARGEST_EXACT else repr(value)
    if column.dtype == "list":
        return _INNER.sub(r"'\1", json.dumps(json_value(value), ensure_ascii=False))
    if isinstance(value, str) and column.dtype == "string":
        # The csv module and most readers end a line at NUL; no text means anything by it.
        value = whole(value).replace("\0", "\ufffd")
        value = _INNER.sub(r"'\1", value)
        return f"'{value}" if _FORMULA.match(value) else value
    return str(value)


def _write_parquet(rows: Iterable[Row], file: BinaryIO, columns: Sequence[Column]) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema(
        [
            pa.field(
                c.name,
                pa.type_for_alias(_ARROW[c.dtype]),
                metadata={"description": c.description, "dtype": c.dtype},
            )
            for c in columns
        ]
    )
    count = 0
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for batch in _batches(rows):
            cells = {c.name: [_arrow_value(row.get(c.name), c) for row in batch] for c in columns}
            writer.write_table(pa.table(cells, schema=schema))
            count += len(batch)
    return count


def _arrow_value(value: Any, column: Column) -> Any:
    if column.dtype == "list" and value is not None:
        return json.dumps(json_value(value), ensure_ascii=False)
    value = cell_value(value, column)
    return datetime(value.year, value.month, value.day) if isinstance(value, date) else value


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    rows = iter(rows)
    while batch := list(islice(rows, BATCH_ROWS)):
        yield batch


_WRITERS: dict[Format, Callable[[Iterable[Row], BinaryIO, Sequence[Column]], int]] = {
    "csv": _write_csv,
    "jsonl": _write_jsonl,
    "parquet": _write_parquet,
    "xlsx": write_workbook,
    "sqlite": write_database,
}


def format_of(path: Path) -> Format | None:
    """Return the format that the ending of a file name stands for, or None."""
    ending = path.suffix.lower().lstrip(".")
    if ending == "ndjson":
        return "jsonl"
    return next((name for name in FORMATS if name == ending), None)


def read_table(path: str | Path, *, columns: Sequence[Column] = COLUMNS) -> pd.DataFrame:
    """Read a table that `write_table` wrote, with the dtypes that `to_frame` gives.

    Columns that the file does not have are empty; others than `columns` are left out.

    Raises:
        ExportError: the file cannot be read, or its ending is none of `.csv`, `.jsonl`, `.parquet`.
    """
    path = Path(path)
    format_ = format_of(path)
    if format_ not in _READERS:
        raise ExportError(f"{path}: the ending is none of .csv, .jsonl, .parquet: rename the file")
    try:
        return frame_of(_READERS[format_](path, columns), columns)
    except OSError as error:
        raise ExportError(
            f"{path} cannot be read ({error.strerror or error}): check the name and the permissions"
        ) from error
    except (ValueError, TypeError, RecursionError, csv.Error) as error:
        raise ExportError(f"{path} is no {format_} table ({error}): write it again") from error


def _read_jsonl(path: Path, columns: Sequence[Column]) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="\n") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise ValueError(f"line {number} is no object")
                yield row


def _read_csv(path: Path, columns: Sequence[Column]) -> Iterator[Row]:
    csv.field_size_limit(2**31 - 1)
    dtypes = {column.name: column.dtype for column in columns}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            parsed = {name: _parse(cell, dtypes[name]) for name, cell in row.items() if name in dtypes}
            yield parsed | {name: "" for name in _NEVER_NULL if name in parsed and parsed[name] is None}


def _parse(cell: str | None, dtype: str) -> Any:
    if cell is None or cell == "":
        return None
    if dtype == "Float64":
        return float(cell)
    if dtype == "Int64":
        return int(cell)
    if dtype == "boolean":
        return cell.lower() == "true"
    if dtype == "list":
        return json.loads(_INNER_ESCAPED.sub(r"\1", cell))
    if dtype != "string":
        return cell
    return _INNER_ESCAPED.sub(r"\1", cell[1:] if _ESCAPED.match(cell) else cell)


def _read_parquet(path: Path, columns: Sequence[Column]) -> Iterator[Row]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            present = [c for c in columns if c.name in file.schema_arrow.names]
            for batch in file.iter_batches(columns=[c.name for c in present]):
                for row in batch.to_pylist():
                    for column in present:
                        value = row[column.name]
                        if isinstance(value, date):
                            row[column.name] = value.isoformat()[:10]
                        elif column.dtype == "list" and value is not None:
                            row[column.name] = json.loads(value)
                    yield row
    except pa.ArrowException as error:
        raise ValueError(str(error)) from error


_READERS: dict[Format | None, Callable[[Path, Sequence[Column]], Iterator[Row]]] = {
    "csv": _read_csv,
    "jsonl": _read_jsonl,
    "parquet": _read_parquet,
}
