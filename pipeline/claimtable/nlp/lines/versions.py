"""The column `rule`: which line chose each cell, and by which code and tables."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from importlib import resources

from claimtable import rules

CELLS = ("figure", "subject", "time", "speaker", "kind", "deadline")
"""The cells of a row that name their line, in the order of the column."""
NONE = "none"
"""What stands for the line of a cell that no line filled."""
_NAME = "claims"


def rule_text(cells: Mapping[str, str | None], tag: str = "") -> str:
    """Return the column `rule`: `figure=digits subject=of-clause time=clause …`, and the version behind it.

    Args:
        cells: the id of the line that chose each of `CELLS`; None or missing where none did.
        tag: of the learned weights, "" for those of the tables alone; it follows the version.
    """
    named = [f"{cell}={(cells.get(cell) or NONE).replace(' ', '_')}" for cell in CELLS]
    return " ".join([*named, f"{_NAME}@{version()}{'+' * bool(tag)}{tag}"])


def cell_ids(rule: str | None) -> dict[str, str]:
    """Return the ids that a column `rule` names, by cell; empty for the rules of other versions."""
    pairs = (part.partition("=") for part in (rule or "").split())
    return {cell: line for cell, sign, line in pairs if sign and line}


@functools.cache
def version() -> str:
    """Return the first eight hex digits of the SHA-256 of the code of `nlp` and `reading` and of all tables: it changes whenever one of them does."""
    digest = hashlib.sha256()
    for name, content in sorted(_sources()):
        digest.update(name.encode())
        digest.update(content.replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:8]


def _sources() -> list[tuple[str, bytes]]:
    out = [(f"rules/{file.name}", file.read_bytes()) for file in rules.files()]
    folders = [(name, resources.files(f"claimtable.{name}")) for name in ("nlp", "reading")]
    while folders:
        path, folder = folders.pop()
        for item in folder.iterdir():
            if item.is_dir():
                folders.append((f"{path}/{item.name}", item))
            elif item.name.endswith(".py"):
                out.append((f"{path}/{item.name}", item.read_bytes()))
    return out
