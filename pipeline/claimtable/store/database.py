"""The SQLite file: opening it, bringing it up to date, transactions, and errors in words."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import quote

from claimtable.errors import RecordError, StoreError
from claimtable.store.conditions import Guard

Values = Sequence[Any] | Mapping[str, Any]

BUSY_SECONDS = 30.0
"""How long a writer waits for another process; chosen longer than any transaction of ours should take."""
OLDEST_SQLITE = (3, 38, 0)
"""STRICT tables came with 3.37, JSON functions that are always there with 3.38."""
APPLICATION_ID = 0x636C6D74
"""`clmt`, in the header of the file: what the file is, for `file` and for us."""

_MIGRATION = re.compile(r"\d{4}_\w+\.sql")


def now() -> str:
    """Return the time, ISO 8601 in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def moment(value: str, what: str) -> datetime:
    """Read an ISO 8601 time with a time zone. `what` says in an error whose time it is.

    Raises:
        RecordError: it is no such time.
    """
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError as error:
        raise RecordError(f"{what}: {value!r} is no ISO 8601 time, such as 2024-05-01T12:00:00Z") from error
    if parsed.tzinfo is None:
        raise RecordError(f"{what}: the time {value!r} has no time zone: add Z for UTC")
    return parsed


def migrations() -> dict[str, str]:
    """Return the migrations, name → SQL, in order."""
    folder = resources.files("claimtable.store") / "migrations"
    names = sorted(item.name for item in folder.iterdir() if _MIGRATION.fullmatch(item.name))
    return {name.removesuffix(".sql"): (folder / name).read_text("utf-8") for name in names}


class Database:
    """An open claims database. Every error of SQLite leaves it as a `StoreError` that names the file."""

    def __init__(self, path: Path, *, create: bool, read_only: bool) -> None:
        self.path = path
        self.read_only = read_only
        self._create = create and not read_only
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            wanted = ".".join(map(str, OLDEST_SQLITE))
            raise StoreError(
                f"{path}: SQLite {sqlite3.sqlite_version} of this Python is older than {wanted}: take a newer Python"
            )
        self._check_place(create=create)
        self._immutable = False
        with self.errors("open it"):
            self.connection = self._connect(read_only=read_only)
            if read_only and not self._readable():
                # SQLite keeps shared memory beside the file, which it cannot in a read-only folder. Without a
                # write-ahead log nobody is writing, and the file can be taken as it is.
                self.connection.close()
                self._immutable = not Path(f"{self.path}-wal").exists()
                self.connection = self._connect(read_only=True)
        try:
            with self.errors("open it"):
                self._prepare()
        except BaseException:
            self.connection.close()
            raise

    def verify(self) -> None:
        """Raise StoreError where the file's pages, rows and indexes do not fit together: what is read could be other rows.

        Takes 7 microseconds a claim: 0.3 s for 50,000.
        """
        if self.one("PRAGMA integrity_check(1)") != ("ok",):
            raise StoreError(f"{self.path}: {_DAMAGED}")

    @contextmanager
    def records(self) -> Iterator[None]:
        """Take a value that no record can have for damage of the file."""
        try:
            yield
        except (ValueError, TypeError, KeyError) as error:
            raise StoreError(f"{self.path}: {_DAMAGED}") from error

    def close(self) -> None:
        """Close the file; SQLite folds the write-ahead log into it when this was the last connection."""
        self.connection.close()

    def execute(self, sql: str, values: Values = ()) -> sqlite3.Cursor:
        """Run one statement."""
        with self.errors():
            return self.connection.execute(sql, values)

    def executemany(self, sql: str, rows: Iterator[Values] | Sequence[Values]) -> None:
        """Run one statement for each row."""
        with self.errors():
            self.connection.executemany(sql, rows)

    def one(self, sql: str, values: Values = ()) -> Any:
        """Return the first row, or None."""
        with self.errors():
            return self.connection.execute(sql, values).fetchone()

    def all(self, sql: str, values: Values = ()) -> list[Any]:
        """Return all rows."""
        with self.errors():
            return self.connection.execute(sql, values).fetchall()

    def stream(self, sql: str, values: Values = (), *, condition: str | None = None) -> Iterator[Any]:
        """Yield rows from a read-only connection of its own, which sees the file as it was at the first row.

        Args:
            sql: the statement.
            values: what its question marks stand for.
            condition: what in the statement a user wrote about the view `claims`; it is watched, see `Guard`.
        """
        with self.errors("read it"):
            connection = self._connect(read_only=True)
            guard = None if condition is None else Guard(connection, self.path)
            try:
                for row in connection.execute(sql, values):
                    yield row
                    if guard is not None:
                        guard.row()
            except sqlite3.Error as error:
                if guard is None or _is_damage(error):
                    raise
                raise guard.words(error, condition or "") from error
            finally:
                connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make the block one transaction: all of it is written, or nothing. Inside another one it is part of that."""
        if self._in_transaction():
            yield
            return
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            # SQLite ends the transaction itself after some errors, such as a full disk.
            if self._in_transaction():
                self.connection.execute("ROLLBACK")
            raise
        self.execute("COMMIT")

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Within a transaction: undoes the block alone when it raises."""
        self.execute("SAVEPOINT item")
        try:
            yield
        except BaseException:
            if self._in_transaction():
                self.connection.execute("ROLLBACK TO item")
                self.connection.execute("RELEASE item")
            raise
        self.execute("RELEASE item")

    @contextmanager
    def errors(self, doing: str = "write it") -> Iterator[None]:
        """Turn errors of SQLite into `StoreError`, with what can be done about them."""
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(f"{self.path}: {_words(error, doing)}") from error
        except UnicodeDecodeError as error:  # a message of SQLite with a damaged name in it
            raise StoreError(f"{self.path}: {_DAMAGED}") from error
        except UnicodeEncodeError as error:
            raise RecordError(
                f"{self.path}: half a surrogate pair ({error.object[error.start]!a} at character {error.start}) "
                "is no text and cannot be stored: mend the input"
            ) from error

    def _in_transaction(self) -> bool:
        return self.connection.in_transaction

    def _check_place(self, *, create: bool) -> None:
        if self.path.is_dir():
            raise StoreError(f"{self.path} is a folder: give a file, such as {self.path / 'claims.db'}")
        if not self.path.exists() and (self.read_only or not create):
            raise StoreError(f"{self.path}: there is no such database: make it with claimtable ingest --db")
        if not self.path.parent.is_dir():
            raise StoreError(f"{self.path}: there is no folder {self.path.parent}: make it first")

    def _readable(self) -> bool:
        try:
            self.connection.execute("SELECT 1 FROM sqlite_master")
        except sqlite3.OperationalError:
            return False
        return True

    def _connect(self, *, read_only: bool) -> sqlite3.Connection:
        mode = "ro" if read_only else "rwc"
        uri = f"file:{quote(str(self.path.absolute()))}?mode={mode}" + (
            "&immutable=1" if self._immutable else ""
        )
        connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA cell_size_check = ON")
        if read_only:
            connection.execute("PRAGMA query_only = ON")
        return connection

    def _prepare(self) -> None:
        # In this order: another process that makes the database right now writes both at once.
        filled = self.one("SELECT 1 FROM sqlite_master") is not None
        ours = self.one("PRAGMA application_id")[0] == APPLICATION_ID
        if filled and not ours:
            raise StoreError(
                f"{self.path} is a database, but not one of claimtable: give another file with --db"
            )
        if not ours and not self._create:
            raise StoreError(f"{self.path} is empty: fill it with claimtable ingest --db")
        if not self.read_only:
            self._use_write_ahead_log()
        known = migrations()
        with self._snapshot():
            applied = self._applied()
            if newer := [name for name in applied if name not in known]:
                raise StoreError(
                    f"{self.path} was made by a newer claimtable (it has {newer[0]}): update claimtable"
                )
            self._check_schema([known[name] for name in applied])
        if len(applied) < len(known):
            if self.read_only:
                Database(self.path, create=False, read_only=False).close()
            else:
                self._migrate(known)

    @contextmanager
    def _snapshot(self) -> Iterator[None]:
        """Read the file as it is at one moment: another process that migrates it now changes schema and list together."""
        self.execute("BEGIN")
        try:
            yield
        finally:
            if self._in_transaction():
                self.connection.execute("ROLLBACK")

    def _check_schema(self, scripts: Sequence[str]) -> None:
        """Raise StoreError where a trigger is not ours, or a trigger or view of ours is not as we made it."""
        made = _triggers_and_views(scripts)
        for kind, name, sql in self.all(
            "SELECT type, name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')"
        ):
            if made.get(name) != sql and (kind == "trigger" or name in made):
                raise StoreError(
                    f"{self.path}: its {kind} {name!r:.60} is not of claimtable, and could change what is read and written: "
                    "take the database from somebody you trust, or ingest the articles into a new one"
                )

    def _applied(self) -> list[str]:
        if not self.one("SELECT 1 FROM sqlite_master WHERE name = 'migrations'"):
            return []
        return [name for (name,) in self.all("SELECT name FROM migrations ORDER BY name")]

    def _use_write_ahead_log(self) -> None:
        self.execute("PRAGMA synchronous = NORMAL")  # as safe as FULL when a process dies; see `Store`
        # Changing the mode needs the file alone, and SQLite doesn't wait for that by itself.
        give_up = time.monotonic() + BUSY_SECONDS
        while self.one("PRAGMA journal_mode")[0] != "wal":
            try:
                self.connection.execute("PRAGMA journal_mode = WAL").fetchone()
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > give_up:
                    raise
                time.sleep(0.02)

    def _migrate(self, known: Mapping[str, str]) -> None:
        for name, script in known.items():
            with self.transaction():
                # Another process may have been faster.
                if name in self._applied():
                    continue
                self.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                self.execute(
                    "CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL) STRICT"
                )
                for statement in _statements(script):
                    self.execute(statement)
                self.execute("INSERT INTO migrations VALUES (?, ?)", (name, now()))


def _statements(script: str) -> Iterator[str]:
    # `executescript` would commit before it begins.
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


_DAMAGED = "the file is damaged: restore it from a copy, or ingest into a new one"
_REMEDIES = (
    ("locked", "another process is writing to it for more than 30 seconds: wait for it, or stop it"),
    ("file is not a database", "this is no SQLite file, or a damaged one: give another file with --db"),
    ("disk image is malformed", _DAMAGED),
    ("malformed database schema", _DAMAGED),
    ("could not decode to utf-8", _DAMAGED),
    ("disk is full", "the disk is full: make room, and run the command again"),
    ("readonly", "it cannot be written: check the permissions of the file and of its folder"),
    ("unable to open", "it cannot be opened: check the permissions of the file and of its folder"),
    ("disk i/o", "the disk does not work: check it, and whether the file lies on a network drive"),
)


_MADE = re.compile(r"(CREATE|DROP) (?:TRIGGER|VIEW) (\w+)")


def _triggers_and_views(scripts: Iterable[str]) -> dict[str, str]:
    """Return what migrations make, name → SQL as SQLite keeps it."""
    made: dict[str, str] = {}
    for script in scripts:
        for statement in _statements(script):
            code = re.sub(r"\A(?:\s|--[^\n]*\n)+", "", statement)
            if match := _MADE.match(code):
                if match[1] == "DROP":
                    made.pop(match[2], None)
                else:
                    made[match[2]] = code.rstrip().removesuffix(";")
    return made


def _is_damage(error: sqlite3.Error) -> bool:
    return "disk image is malformed" in str(error) or "is not a database" in str(error)


def _words(error: sqlite3.Error, doing: str) -> str:
    message = str(error)
    for sign, remedy in _REMEDIES:
        if sign in message.lower():
            return remedy
    return f"cannot {doing} ({message})"
