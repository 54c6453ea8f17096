"""TIMEX3 values of amounts and of periods that cannot be placed."""

from __future__ import annotations

from claimtable.nlp.times.meaning import Meaning


def unknown(unit: str) -> str:
    """Return the value of a calendar unit without its year: XXXX-XX for a month."""
    return {
        "D": "XXXX-XX-XX",
        "W": "XXXX-WXX",
        "WE": "XXXX-WXX-WE",
        "M": "XXXX-XX",
        "Q": "XXXX-QX",
        "E": "XXX",
        "C": "XX",
    }.get(unit, "XXXX")


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else f"{value:g}"


def _amount(count: float | None, unit: str) -> tuple[str, str]:
    """Return the date and the time part of a TIMEX3 duration."""
    if unit == "X":
        return "XX", ""
    if count is None:
        return ("", "X" + unit[1]) if unit.startswith("T") else ("X" + {"WE": "WE"}.get(unit, unit), "")
    whole = int(count)
    rest = count - whole
    if unit == "H":
        return f"{_number(6 * count)}M", ""
    if unit == "C" and rest:
        return f"{_number(100 * count)}Y", ""  # a century and a half
    smaller = {"Y": ("M", 12), "E": ("Y", 10), "TH": ("TM", 60), "TM": ("TS", 60)}.get(unit)
    if rest in (0.5, 0.25) and smaller is not None:
        part = f"{_number(smaller[1] * rest)}{smaller[0][-1]}"
        head = f"{whole}{unit[-1]}" if whole else ""
        return ("", head + part) if unit.startswith("T") else (head + part, "")
    if unit.startswith("T"):
        return "", _number(count) + unit[1]
    return _number(count) + unit, ""


def duration_value(meaning: Meaning) -> str:
    """Return the TIMEX3 value of an amount: P5Y, PT4H, P2Y6M, PXM where the text gives no number."""
    unit = meaning.unit or "Y"
    days, times = _amount(meaning.count, unit)
    for count, other in meaning.extra:
        more_days, more_times = _amount(count, other)
        days, times = days + more_days, times + more_times
    return f"P{days}" + (f"T{times}" if times else "")
