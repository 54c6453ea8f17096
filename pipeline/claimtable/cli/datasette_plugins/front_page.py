"""A plugin of Datasette: what the front page says of the database, and what it shows to review next."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from datasette import hookimpl

NEXT = 15
"""Claims shown on the front page: about as many as fill a screen."""
BARS = 8
"""Bars of a chart."""

_COUNTS = """
SELECT (SELECT count(*) FROM documents) AS documents, count(*) AS claims,
    sum(kind = 'prediction') AS predictions, sum(status <> 'extracted') AS reviewed FROM claims
"""
_WEEK = "doc_id IN (SELECT doc_id FROM documents WHERE added_at >= date('now', '-7 days'))"
_NEXT = f"""
SELECT check_worthiness, speaker, text, subject, value, value_low, value_high, unit, deadline, title, claim_id
FROM claims WHERE status = 'extracted' ORDER BY check_worthiness DESC LIMIT {NEXT}
"""
_CHARTS = {
    "Who speaks in what was added this week": f"""
        SELECT speaker AS name, count(*) AS number FROM claims WHERE speaker IS NOT NULL AND {_WEEK}
        GROUP BY speaker ORDER BY number DESC, speaker LIMIT {BARS}""",
    "What is measured in it": f"""
        SELECT subject AS name, count(*) AS number FROM claims WHERE subject IS NOT NULL AND {_WEEK}
        GROUP BY lower(subject) ORDER BY number DESC, subject LIMIT {BARS}""",
}


@hookimpl  # type: ignore[untyped-decorator]
def extra_template_vars(datasette: Any, view_name: str) -> Callable[[], Awaitable[dict[str, Any]]] | None:
    """Return what gathers the front page; None for every other page."""
    if view_name != "index":
        return None

    async def gather() -> dict[str, Any]:
        name, database = next((n, d) for n, d in datasette.databases.items() if n != "_internal")

        async def rows(sql: str) -> list[dict[str, Any]]:
            return [dict(row) for row in (await database.execute(sql)).rows]

        charts = {title: await rows(sql) for title, sql in _CHARTS.items()}
        return {
            "front": {
                "database": name,
                "counts": (await rows(_COUNTS))[0],
                "next": await rows(_NEXT),
                "charts": {title: bars for title, bars in charts.items() if bars},
            }
        }

    return gather
