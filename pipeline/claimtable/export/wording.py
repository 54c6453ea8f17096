"""Values and periods in words short enough for a table that people read."""

from __future__ import annotations

from claimtable.export.rows import Row

_SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
UNSURE = 0.5
"""Confidence below which a claim is marked."""
MOST_DECIMALS = 4
"""More than people write of a number above one: it was worked out from words."""
ARROWS = {"up": "↑", "down": "↓", "flat": "→"}


def number_text(value: float) -> str:
    """Return a number as one reads it: 97 million, 1,948, 0.25. Of two thirds, which nobody wrote in digits, 66.67."""
    for scale, word in _SCALES:
        if abs(value) >= scale:
            return f"{value / scale:,.6g} {word}"
    text = f"{value:,.10g}"
    _, _, decimals = text.partition(".")
    return f"{value:,.2f}" if len(decimals) > MOST_DECIMALS and abs(value) >= 1 else text


def is_unsure(row: Row) -> bool:
    """Return whether some cell of a claim is more likely wrong than all are right."""
    return row.get("confidence") is not None and bool(row["confidence"] < UNSURE)


def amount_text(row: Row) -> str:
    """Return a claim's value with its bound, direction and unit ("↑ ~ 34 million USD"), or "" without one."""
    if row["value"] is not None:
        parts = [number_text(row["value"])]
    elif row["value_low"] is not None or row["value_high"] is not None:
        ends = [("…" if end is None else number_text(end)) for end in (row["value_low"], row["value_high"])]
        parts = ["–".join(ends)]
    else:
        return ""
    if row["bound"] not in (None, "="):
        parts.insert(0, row["bound"])
    if row["change"]:
        parts.insert(0, ARROWS[row["change"]])
    unit = row["unit"] if row["dimension"] in ("money", "count") else row["unit_text"] or row["unit"]
    if unit and unit != "1":
        parts.append(unit)
    return " ".join(parts)


def when_text(row: Row) -> str:
    """Return a claim's deadline ("by 2020-12-31") or else its time, or ""."""
    if row["deadline"]:
        return f"by {row['deadline']}"
    start, end = row["time_start"], row["time_end"]
    return period_text(start, end) if start and end else start or end or ""


def period_text(start: str, end: str) -> str:
    """Return first and last day (ISO 8601) in short: a whole year as `2013`, a whole month as `2013-04`."""
    if start == end:
        return start
    if start[:4] == end[:4] and start[4:] == "-01-01" and end[4:] == "-12-31":
        return start[:4]
    if start[:7] == end[:7] and start[8:] == "01" and int(end[8:]) >= 28:
        return start[:7]
    if start[4:] == "-01-01" and end[4:] == "-12-31":
        return f"{start[:4]}–{end[:4]}"
    return f"{start}\n{end}"
