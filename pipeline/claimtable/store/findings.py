"""What the checks found."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from itertools import groupby
from typing import get_args

from claimtable.schema import CheckName, Finding, FoundRow
from claimtable.store.database import Database, now

_PUT = (
    "INSERT INTO check_findings (finding_id, check_name, reason, link, first_found_at, last_found_at) "
    "VALUES (?, ?, ?, ?, ?5, ?5) ON CONFLICT (finding_id) DO UPDATE SET "
    "reason = excluded.reason, link = excluded.link, last_found_at = excluded.last_found_at, gone_at = NULL"
)


def save(db: Database, found: Iterable[Finding], checks: Collection[CheckName]) -> None:
    """Store what checks found, each finding once; part of a transaction.

    Args:
        found: all that these checks find now.
        checks: those that ran. What they found before and find no longer is gone from now on.
    """
    moment = now()
    db.execute("CREATE TEMP TABLE IF NOT EXISTS found_now (finding_id TEXT PRIMARY KEY)")
    db.execute("DELETE FROM found_now")
    for finding in found:
        db.execute(_PUT, (finding.finding_id, finding.check, finding.reason, finding.link, moment))
        db.execute("DELETE FROM check_finding_rows WHERE finding_id = ?", (finding.finding_id,))
        db.executemany(
            "INSERT INTO check_finding_rows VALUES (?, ?, ?, ?)",
            [(finding.finding_id, place, row.doc_id, row.claim_id) for place, row in enumerate(finding.rows)],
        )
        db.execute("INSERT OR IGNORE INTO found_now VALUES (?)", (finding.finding_id,))
    for check in checks:
        db.execute(
            "UPDATE check_findings SET gone_at = ? WHERE check_name = ? AND gone_at IS NULL "
            "AND finding_id NOT IN (SELECT finding_id FROM found_now)",
            (moment, check),
        )


def current(db: Database) -> list[Finding]:
    """Return the findings that the last check of their kind had, check by check, by their first row.

    One of which a row is no longer extracted is left out: the next check decides on it.
    """
    rows = db.stream(
        "SELECT check_name, finding_id, reason, link, claim_id, text, doc_id, title, published, url, speaker "
        "FROM findings WHERE is_open ORDER BY finding_id, position"
    )
    found = []
    for (check, finding_id, reason, link), group in groupby(rows, key=lambda row: row[:4]):
        members = [row[4:] for row in group]
        if all(text is not None for _, text, *_ in members):
            found.append(Finding(finding_id, check, reason, tuple(_row(*member) for member in members), link))
    order = get_args(CheckName)
    return sorted(found, key=lambda f: (order.index(f.check), f.rows[0].doc_id, f.rows[0].claim_id))


def _row(
    claim_id: str,
    text: str,
    doc_id: str,
    title: str | None,
    published: str | None,
    url: str | None,
    speaker: str | None,
) -> FoundRow:
    day = None if published is None else date.fromisoformat(published)
    return FoundRow(claim_id, text, doc_id, title, day, url, speaker)
