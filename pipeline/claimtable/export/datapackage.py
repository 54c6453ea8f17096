"""The table as a data package: a ZIP archive with the CSV file and what its columns mean, for programs.

`datapackage.json` is a [Data Package](https://datapackage.org) with a Table Schema, `claims.csv-metadata.json` says the same in the
words of [CSV on the Web](https://www.w3.org/TR/tabular-metadata/). Both take types, meanings and constraints from `COLUMNS`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, cast, get_args
from zipfile import ZIP_DEFLATED, ZipFile

from claimtable._version import __version__
from claimtable.export.files import replace_file
from claimtable.export.rows import Row
from claimtable.export.tabular import write_table
from claimtable.schema import COLUMNS, Bound, Change, Column, Kind, Polarity, Role, Status, Verdict

FILE = "claims.csv"
_TYPES = {
    "string": "string",
    "Float64": "number",
    "Int64": "integer",
    "date": "date",
    "boolean": "boolean",
    "list": "array",
}
_CSVW_TYPES = {"Float64": "double", "Int64": "integer", "date": "date", "boolean": "boolean", "list": "json"}
_REQUIRED = frozenset(("claim_id", "kind", "text", "polarity", "doc_id", "start", "end", "status"))
_ENUMS: dict[str, tuple[str, ...]] = {
    "kind": get_args(Kind),
    "bound": get_args(Bound),
    "change": get_args(Change),
    "polarity": get_args(Polarity),
    "section": get_args(Role),
    "status": get_args(Status),
    "verdict": get_args(Verdict),
}
_SHARES = frozenset(("probability_low", "probability_high", "check_worthiness", "confidence"))


def write_datapackage(rows: Iterable[Row], path: Path, *, overwrite: bool = False) -> int:
    """Write the archive, which appears only when all is written, and return the number of rows.

    Raises:
        ExportError: the file exists, or cannot be written.
    """
    with replace_file(path, overwrite=overwrite) as file, ZipFile(file, "w", ZIP_DEFLATED) as archive:
        with archive.open(FILE, "w", force_zip64=True) as table:
            count = write_table(rows, cast(BinaryIO, table), "csv")
        archive.writestr("datapackage.json", _json(descriptor()))
        archive.writestr(f"{FILE}-metadata.json", _json(csvw()))
    return count


def descriptor() -> dict[str, Any]:
    """Return the Data Package: one tabular resource with its schema."""
    return {
        "name": "claims",
        "title": "Claims, one a row",
        "description": "Checkable claims: what is measured or foretold, its value, when, and who says so.",
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "contributors": [{"title": f"claimtable {__version__}", "role": "publisher"}],
        "resources": [
            {
                "name": "claims",
                "path": FILE,
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": {
                    "fields": [_field(column) for column in COLUMNS],
                    "missingValues": [""],
                },
            }
        ],
    }


def csvw() -> dict[str, Any]:
    """Return the metadata of CSV on the Web."""
    columns = [
        {
            "name": column.name,
            "titles": column.name,
            "dc:description": column.description,
            **({"datatype": _CSVW_TYPES[column.dtype]} if column.dtype in _CSVW_TYPES else {}),
            **({"required": True} if column.name in _REQUIRED else {}),
        }
        for column in COLUMNS
    ]
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": FILE,
        "dc:title": "Claims, one a row",
        "dialect": {"encoding": "utf-8", "header": True},
        "tableSchema": {"columns": columns},
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if column.name in _REQUIRED:
        constraints["required"] = True
    if column.name in _ENUMS:
        constraints["enum"] = list(_ENUMS[column.name])
    if column.name in _SHARES:
        constraints |= {"minimum": 0, "maximum": 1}
    field: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES[column.dtype],
        "description": column.description,
    }
    return field | ({"constraints": constraints} if constraints else {})


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
