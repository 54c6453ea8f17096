"""What the charts of the report show, worked out to coordinates; the template draws them as SVG."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from claimtable.export.rows import Row
from claimtable.export.wording import amount_text, period_text

WIDTH, HEIGHT = 300, 120
"""Of a chart of values over time, in SVG units."""
MARGIN = 12
MOST_SERIES = 12
"""Charts shown, those with the most points first."""
MOST_SPEAKERS = 15
"""Speakers shown, those with the most claims first."""
TIMELINE_WIDTH = 900
"""Of the timeline, in SVG units."""


@dataclass(frozen=True, slots=True)
class Point:
    """A value at a time."""

    x: float
    y: float
    when: str
    amount: str
    row: Row


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one subject in one unit, in the order of time."""

    subject: str
    unit: str
    points: tuple[Point, ...]

    @property
    def path(self) -> str:
        """Return the points of the line, as SVG's `points` wants them."""
        return " ".join(f"{p.x:.1f},{p.y:.1f}" for p in self.points)


@dataclass(frozen=True, slots=True)
class Due:
    """A prediction with a deadline."""

    row: Row
    x: float
    is_due: bool
    """The deadline has passed, and nobody has said what came of it."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The predictions with deadlines, soonest first."""

    predictions: tuple[Due, ...]
    today_x: float
    years: tuple[tuple[float, int], ...]
    """Where a year begins, for the axis."""

    @property
    def due(self) -> int:
        """Return how many are due."""
        return sum(1 for item in self.predictions if item.is_due)


@dataclass(frozen=True, slots=True)
class Speaker:
    """How much a speaker claims, and how surely."""

    name: str
    stated: int
    """Claims without words of certainty."""
    hedged: int
    """Claims with such words ("likely", "may", "expects")."""
    share: float
    """Of the claims of the speaker who makes the most, 0-1."""

    @property
    def total(self) -> int:
        """Return all claims."""
        return self.stated + self.hedged


def make_series(rows: Iterable[Row]) -> list[Series]:
    """Return a series for each subject with values of one unit and place at two times or more, the longest first.

    Of several values for a time the first in the text is taken. Amounts of change stand beside levels reached, as the
    table does not tell them apart; the arrow in the amount's words does.
    """
    groups: defaultdict[tuple[str, str, str], dict[str, Row]] = defaultdict(dict)
    for row in rows:
        stated = row["value"] is not None and row["time_start"] and row["subject"]
        if stated and row["kind"] == "quantitative" and row["status"] != "rejected":
            key = (row["subject"].casefold(), row["unit"] or "", row["place"] or "")
            groups[key].setdefault(row["time_start"], row)
    out = [
        _series(unit, place, sorted(group.items()))
        for (_, unit, place), group in groups.items()
        if len(group) > 1
    ]
    return sorted(out, key=lambda s: (-len(s.points), s.subject))[:MOST_SERIES]


def _series(unit: str, place: str, items: Sequence[tuple[str, Row]]) -> Series:
    days = [date.fromisoformat(day).toordinal() for day, _ in items]
    values = [row["value"] for _, row in items]
    low, high = min(0.0, *values), max(0.0, *values)
    points = tuple(
        Point(
            x=_scale(day, days[0], days[-1], MARGIN, WIDTH - MARGIN),
            y=_scale(row["value"], low, high, HEIGHT - MARGIN, MARGIN),
            when=period_text(row["time_start"], row["time_end"] or row["time_start"]),
            amount=amount_text(row),
            row=row,
        )
        for day, (_, row) in zip(days, items, strict=True)
    )
    subject = items[0][1]["subject"]
    return Series(f"{subject}, {place}" if place and place not in subject else subject, unit, points)


def make_timeline(rows: Iterable[Row], today: date, is_due: Callable[[Row], bool]) -> Timeline:
    """Return the predictions with a deadline on one axis with the present day; `is_due` tells which are due."""
    chosen = sorted(
        (
            row
            for row in rows
            if row["deadline"] and row["kind"] == "prediction" and row["status"] != "rejected"
        ),
        key=lambda row: row["deadline"],
    )
    days = [date.fromisoformat(row["deadline"]).toordinal() for row in chosen]
    first, last = min([*days, today.toordinal()]), max([*days, today.toordinal()])

    def place(day: int) -> float:
        return _scale(day, first, last, MARGIN, TIMELINE_WIDTH - MARGIN)

    step = max(1, (last - first) // 365 // 12)
    years = range(date.fromordinal(first).year + 1, date.fromordinal(last).year + 1, step)
    return Timeline(
        tuple(Due(row, place(day), is_due(row)) for row, day in zip(chosen, days, strict=True)),
        place(today.toordinal()),
        tuple((place(date(year, 1, 1).toordinal()), year) for year in years),
    )


def make_speakers(rows: Iterable[Row]) -> list[Speaker]:
    """Return the speakers, those with the most claims first."""
    stated: Counter[str] = Counter()
    hedged: Counter[str] = Counter()
    for row in rows:
        if row["speaker"] and row["status"] != "rejected":
            (hedged if row["modality"] else stated)[row["speaker"]] += 1
    most = (stated + hedged).most_common(MOST_SPEAKERS)
    return [Speaker(name, stated[name], hedged[name], total / most[0][1]) for name, total in most]


def _scale(value: float, low: float, high: float, to_low: float, to_high: float) -> float:
    return (
        (to_low + to_high) / 2 if high == low else to_low + (value - low) / (high - low) * (to_high - to_low)
    )
