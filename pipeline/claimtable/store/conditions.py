"""Conditions that a user writes in SQL: that they are one, and that they read the claims and nothing else."""

from __future__ import annotations

import re
import sqlite3
import time
from pathlib import Path

from claimtable.errors import StoreError

VIEW = "claims"
"""What a condition is over."""
_BEHIND = ("claim_rows", "document_versions")
MAX_SECONDS = 60.0
"""How long the database may look for the next row. A hundred thousand claims take a second."""
MAX_VALUE_BYTES = 20_000_000
"""Longest value that a condition may make. The longest document is smaller."""
_STEPS = 100_000
"""Instructions of SQLite between two looks at the clock: some milliseconds."""

_TOKEN = re.compile(
    r"""'(?:[^']|'')*+'|"(?:[^"]|"")*+"|`(?:[^`]|``)*+`|\[[^\]]*+\]|--[^\n]*+(?:\n|\Z)|/\*(?:(?!\*/).)*+\*/|[()]|[;'"`\[]|/\*""",
    re.S,
)
_UNFINISHED = {
    "'": "a quotation mark",
    '"': "a quotation mark",
    "`": "a quotation mark",
    "[": "a bracket",
    "/*": "a comment",
}
_FORBIDDEN = frozenset({"load_extension", "fts3_tokenizer", "readfile", "writefile", "edit"})
_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE})


def checked(condition: str, path: Path) -> str:
    """Return the condition in brackets, to stand in a statement.

    Raises:
        StoreError: something in it is not closed, or it is more than a condition.
    """
    depth = 0
    for match in _TOKEN.finditer(condition):
        token = match[0]
        if token in _UNFINISHED:
            raise _wrong(path, condition, f"{_UNFINISHED[token]} is not closed")
        if token == ";":
            raise _wrong(path, condition, "it is more than one statement")
        depth += (token == "(") - (token == ")")
        if depth < 0:
            raise _wrong(path, condition, "a bracket is closed that was not opened")
    if depth:
        raise _wrong(path, condition, "a bracket is not closed")
    if not condition.strip():
        raise _wrong(path, condition, "it is empty")
    return f"({condition}\n)"


def _wrong(path: Path, condition: str, what: str) -> StoreError:
    return StoreError(
        f"{path}: cannot find the claims with {_shown(condition)} ({what}): write a condition over the columns, such as kind = 'prediction'"
    )


def _shown(condition: str) -> str:
    return " ".join(condition.split())[:200] or "nothing"


class Guard:
    """Watches a connection that runs a user's condition over `VIEW`.

    It may read the view alone, call no function that leaves the database, make no value that fills the memory, and has
    `MAX_SECONDS` for each row.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._path = path
        self._names = {name for (name,) in connection.execute("SELECT lower(name) FROM sqlite_master")}
        self._since = time.monotonic()
        self.late = False
        self.denied: str | None = None
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
        connection.set_authorizer(self._allows)
        connection.set_progress_handler(self._too_late, _STEPS)

    def row(self) -> None:
        """Begin the time for the next row."""
        self._since = time.monotonic()

    def words(self, error: sqlite3.Error, condition: str) -> StoreError:
        """Return what to say of an error."""
        if self.late:
            return _wrong(self._path, condition, f"it takes longer than {MAX_SECONDS:g} seconds")
        if self.denied:
            return _wrong(self._path, condition, f"it may not {self.denied}")
        return _wrong(self._path, condition, str(error))

    def _own(self, table: str) -> bool:
        """Return whether a table is none of the database: one that the condition itself makes (WITH)."""
        return table not in self._names and not table.startswith(("sqlite_", "pragma_", "json_"))

    def _too_late(self) -> bool:
        self.late = time.monotonic() - self._since > MAX_SECONDS
        return self.late

    def _allows(
        self, action: int, name: str | None, column: str | None, _db: str | None, inside: str | None
    ) -> int:
        if action == sqlite3.SQLITE_READ:
            table = (name or "").lower()
            # Whether there is a row at all SQLite asks of a table behind the view without naming column or view.
            if VIEW in (inside, table) or self._own(table) or (not column and table in _BEHIND):
                return sqlite3.SQLITE_OK
            self.denied = f"read {name}"
        elif action == sqlite3.SQLITE_FUNCTION:
            if (column or "").lower() not in _FORBIDDEN:
                return sqlite3.SQLITE_OK
            self.denied = f"call {column}"
        elif action in _ALLOWED:
            return sqlite3.SQLITE_OK
        else:
            self.denied = "do more than read"
        return sqlite3.SQLITE_DENY
