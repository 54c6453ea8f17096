"""The cells of a task about one claim: how they are written on the screen, and read back.

A cell that comes back as it was sent says nothing, nor does one that is missing: the screen fills it in again when it is
opened. `-` empties a cell.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from claimtable.review.fields import CHOICES, DECISION, VALUES, read_control, read_number, words_of
from claimtable.review.tasks import cells as cells_of
from claimtable.schema import Claim

EMPTY = "-"
"""What a person writes to empty a cell."""
CELLS: dict[str, tuple[str, ...]] = {
    "kind": ("kind",),
    "subject": ("subject",),
    "bound": ("bound",),
    "value": ("value", "value_low", "value_high"),
    "unit": ("unit",),
    "change": ("change",),
    "time": ("time_start", "time_end"),
    "deadline": ("deadline",),
    "speaker": ("speaker",),
    "modality": ("modality",),
    "polarity": ("polarity",),
}
"""Cell on the screen → the columns that it holds."""
NEVER_EMPTY = ("kind", "polarity")

_RANGE = re.compile(r"\s*(?:\.\.|–|—|/|\bto\b)\s*|\s+-\s+")
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_NUMBER = re.compile(rf"(?P<digits>.*?\d)\s*(?P<scale>{'|'.join(_SCALES)})?", re.I)
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


@dataclass(slots=True)
class Given:
    """What a person answered on a task about one claim."""

    decision: str | None = None
    columns: dict[str, Any] = field(default_factory=dict)
    """Column → plain value of the cells that they changed, None for an empty one."""
    verdict: dict[str, Any] = field(default_factory=dict)
    """Verdict, evidence and note, as far as there are some."""
    answered: bool = False
    """Whether verdict, evidence or note differ from what was shown."""


def write_cells(claim: Claim) -> dict[str, str]:
    """Return the cells of a claim as the screen shows them; an empty cell is an empty text."""
    values = cells_of(claim)

    def text(name: str) -> str:
        return str(values.get(name, ""))

    written = {name: text(columns[0]) for name, columns in CELLS.items()}
    written["bound"] = CHOICES["bound"].get(text("bound"), text("bound"))
    written["value"] = (
        _span(values, "value_low", "value_high", _digits)
        if "value" not in values
        else _digits(values["value"])
    )
    written["time"] = _days(claim.time_start, claim.time_end)
    return {name: " ".join(value.split()) for name, value in written.items()}


def read_cells(
    result: Iterable[Mapping[str, Any]],
    data: Mapping[str, Any],
    on_problem: Callable[[str], object],
    *,
    lacking: Callable[[str, Any], bool] = lambda _name, _value: False,
) -> Given:
    """Read what a person answered.

    Args:
        result: items of the annotation.
        data: the task's, with the cells as they were shown.
        on_problem: takes a cell that cannot be read, in words; it stays as it was.
        lacking: tells whether a cell with a value could not come back, as the screen had no place for it.
    """
    given = Given(verdict={n: data[n] for n in ("evidence_url", "note") if data.get(n)})
    for item in result:
        name, value = str(item.get("from_name")), item.get("value") or {}
        try:
            if name in (DECISION, "verdict"):
                _choose(given, name, read_control(name, value))
            elif name in ("evidence_url", "note"):
                _note(given, name, _text(value), data)
            elif name in CELLS:
                words = _text(value)
                if words not in ("", data.get(name, "")):
                    given.columns |= _read(name, words)
        except ValueError as error:
            on_problem(f"{name}: {error}")
    shown = data.get("verdict") or None
    if "verdict" not in given.verdict and shown is not None and lacking("verdict", shown):
        given.verdict["verdict"] = shown
    given.answered |= given.verdict.get("verdict") != shown
    return given


def _choose(given: Given, name: str, value: str | None) -> None:
    if name == DECISION:
        given.decision = value
    elif value is not None:
        given.verdict["verdict"] = value


def _note(given: Given, name: str, words: str, data: Mapping[str, Any]) -> None:
    if words in ("", data.get(name, "")):
        return
    given.answered = True
    if words == EMPTY:
        given.verdict.pop(name, None)
    else:
        given.verdict[name] = words


def _text(value: Mapping[str, Any]) -> str:
    return " ".join("\n".join(words_of(value.get("text") or [])).split())


def _read(name: str, words: str) -> dict[str, Any]:
    """Return the columns of a cell that was changed.

    Raises:
        ValueError: that is no value of it.
    """
    if words == EMPTY:
        if name in NEVER_EMPTY:
            raise ValueError("it cannot be empty")
        return dict.fromkeys(CELLS[name])
    if name == "value":
        return _read_value(words)
    if name == "time":
        start, end = _read_days(words)
        return {"time_start": start, "time_end": end}
    if name == "deadline":
        return {"deadline": _read_days(words)[1]}
    if name == "bound":
        words = {word: sign for sign, word in CHOICES["bound"].items()}.get(words.lower(), words)
    if name in VALUES and words not in VALUES[name]:
        wanted = CHOICES[name].values() if name in CHOICES else sorted(VALUES[name])
        raise ValueError(f"{words!r} is not one of {', '.join(wanted)}")
    return {CELLS[name][0]: words}


def _read_value(words: str) -> dict[str, Any]:
    ends = _RANGE.split(words)
    if len(ends) == 1:
        return {"value": _read_amount(words), "value_low": None, "value_high": None}
    if len(ends) != 2:
        raise ValueError(f"{words!r} is neither a number nor a range such as 3 – 5")
    low, high = (_read_amount(end) if end and end != "?" else None for end in ends)
    return {"value": None, "value_low": low, "value_high": high}


def _read_amount(words: str) -> float:
    match = _NUMBER.fullmatch(words.strip())
    if match is None:
        raise ValueError(f"{words!r} is no number")
    digits = match["digits"].replace("−", "-").replace("\u00a0", "").replace(" ", "")
    if re.fullmatch(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits):
        digits = digits.replace(",", "")
    return read_number("it", digits) * _SCALES.get((match["scale"] or "").lower(), 1.0)


def _read_days(words: str) -> tuple[str, str]:
    """Return first and last day of a day, month or year, or of a range of them."""
    ends = re.split(r"\s*(?:\.\.|–|—|/|\bto\b)\s*|\s+-\s+", words)
    if len(ends) > 2:
        raise ValueError(f"{words!r} is no range such as 2018 – 2020")
    first, last = _day(ends[0]), _day(ends[-1])
    return first[0].isoformat(), last[1].isoformat()


def _day(words: str) -> tuple[date, date]:
    match = _DAY.fullmatch(words.strip())
    try:
        if match is None:
            raise ValueError
        year, month, day = (None if part is None else int(part) for part in match.groups())
        assert year is not None
        if month is None:
            return date(year, 1, 1), date(year, 12, 31)
        if day is None:
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        return date(year, month, day), date(year, month, day)
    except ValueError:
        raise ValueError(f"{words!r} is no day, month or year such as 2024-05-31, 2024-05, 2024") from None


def _digits(number: float) -> str:
    return f"{number:.15g}"


def _span(values: Mapping[str, Any], low: str, high: str, write: Callable[[Any], str]) -> str:
    if low not in values and high not in values:
        return ""
    return " – ".join(write(values[name]) if name in values else "?" for name in (low, high))


def _days(start: date | None, end: date | None) -> str:
    if start is None and end is None:
        return ""
    if start is None or end is None:
        return " – ".join("?" if day is None else day.isoformat() for day in (start, end))
    for form in (f"{start:%Y}", f"{start:%Y-%m}", start.isoformat()):
        if _day(form) == (start, end):
            return form
    return f"{start.isoformat()} – {end.isoformat()}"
