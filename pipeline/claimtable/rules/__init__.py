"""Lexicons and patterns as data. Each line has an id, which turns up in the `rule` of a row, and a source.

A lexicon is a tab-separated file in `rules/data` with a header line; lines that start with `#`
are comments. Nothing is read on import: `table` reads on first use and keeps the result.
"""

from __future__ import annotations

import functools
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TypeVar

from claimtable.errors import RuleError

Row = dict[str, str]
_Classes = TypeVar("_Classes")


@functools.cache
def table(name: str, *required: str) -> tuple[Row, ...]:
    """Read the lexicon `name` (without `.tsv`).

    Args:
        name: file name in `rules/data`, without its ending.
        required: columns that must be there and not empty on any line, beside `id`.

    Returns:
        The lines in file order, each a dict from column name to text; empty cells are "".

    Raises:
        RuleError: the file is missing, a line has the wrong number of cells, a required cell is
            empty, or an id occurs twice. The message names file and line.
    """
    resource = resources.files(__package__).joinpath("data", f"{name}.tsv")
    try:
        lines = resource.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as error:
        raise RuleError(f"rules/data/{name}.tsv is missing: reinstall claimtable") from error
    except UnicodeDecodeError as error:
        raise RuleError(f"rules/data/{name}.tsv is not UTF-8 ({error}): reinstall claimtable") from error
    needed = ("id", *required)
    header: list[str] = []
    rows: list[Row] = []
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if not header:
            header = cells
            missing = set(needed) - set(header)
            if missing:
                raise RuleError(
                    f"rules/data/{name}.tsv line {number}: no column {sorted(missing)} in the header"
                )
            continue
        if len(cells) > len(header):
            raise RuleError(
                f"rules/data/{name}.tsv line {number}: {len(cells)} cells, the header has {len(header)}"
            )
        cells += [""] * (len(header) - len(cells))
        row = dict(zip(header, map(str.strip, cells), strict=True))
        if not all(map(row.__getitem__, needed)):
            empty = [column for column in needed if not row[column]]
            raise RuleError(f"rules/data/{name}.tsv line {number}: {empty} must not be empty")
        if row["id"] in seen:
            raise RuleError(f"rules/data/{name}.tsv line {number}: the id {row['id']!r} occurs twice")
        seen.add(row["id"])
        rows.append(row)
    return tuple(rows)


def classes(name: str, record: type[_Classes]) -> _Classes:
    """Read a lexicon that sorts words into classes (columns `word` and `class`); a word may be in several.

    Args:
        name: file name in `rules/data`, without its ending.
        record: a dataclass with one field for each class, a `frozenset[str]`.

    Raises:
        RuleError: as for `table`, and where the classes of the file are not those of the record.
    """
    members: dict[str, set[str]] = {}
    for row in table(name, "word", "class"):
        members.setdefault(row["class"], set()).add(row["word"])
    try:
        return record(**{label: frozenset(words) for label, words in members.items()})
    except TypeError as error:
        raise RuleError(f"rules/data/{name}.tsv: classes are missing or unknown ({error})") from error


def files() -> tuple[Traversable, ...]:
    """Return the files of all lexicons, by name."""
    folder = resources.files(__package__).joinpath("data")
    return tuple(sorted((x for x in folder.iterdir() if x.name.endswith(".tsv")), key=lambda x: x.name))
