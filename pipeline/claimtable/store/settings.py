"""Settings that belong to the database, not to the user: how several reviews become one row."""

from __future__ import annotations

import uuid

from claimtable.errors import StoreError
from claimtable.store.adjudication import LATEST, MAJORITY, NAMED
from claimtable.store.database import Database

_ADJUDICATION = "adjudication"
_DATABASE_ID = "database_id"


def database_id(db: Database) -> str:
    """Return the UUID of the database, which is made where there is none yet; part of a transaction."""
    row = db.one("SELECT value FROM settings WHERE key = ?", (_DATABASE_ID,))
    if row is not None:
        return str(row[0])
    made = str(uuid.uuid4())
    db.execute("INSERT INTO settings VALUES (?, ?)", (_DATABASE_ID, made))
    return made


def adjudication(db: Database) -> str:
    """Return the rule: `latest`, `majority`, or `adjudicator:` and a reviewer."""
    row = db.one("SELECT value FROM settings WHERE key = ?", (_ADJUDICATION,))
    return LATEST if row is None else str(row[0])


def set_adjudication(db: Database, rule: str) -> None:
    """Store the rule; part of a transaction.

    Raises:
        StoreError: there is no such rule.
    """
    named = rule.startswith(NAMED) and rule.removeprefix(NAMED).strip()
    if rule not in (LATEST, MAJORITY) and not named:
        raise StoreError(
            f"there is no adjudication rule {rule!r}: give latest, majority, or adjudicator:NAME"
        )
    db.execute(
        "INSERT INTO settings VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (_ADJUDICATION, rule),
    )
