"""Which of the same day, month or season of neighbouring years is meant: by "last" or "next", by tense, by nearness."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from claimtable.nlp.times.periods import Period

MONTHS_AHEAD = 3.6
"""Without a tense, a month or day without a year lies at most so many months ahead, else in the past.
Calibrated on the news expressions of clulab/timenorm (train half)."""

SOON_DAYS, LONG_PAST_DAYS = 75, 240
"""A day without a year that only qualifies a noun ("the May 19 vote") and is so near ahead and so long past is
ahead, whatever the tense of the verb: news gives the year, or says "last", for days so long past."""

LATELY_DAYS, FAR_DAYS = 45, 180
"""A day so lately past is meant by a verb in the present where the next one is so far ahead (set by hand)."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The same period of neighbouring years, in order, as seen from a day."""

    all: list[Period]
    today: date

    @property
    def begun(self) -> list[Period]:
        """Those that have begun."""
        return [p for p in self.all if p.first is not None and p.first <= self.today]

    @property
    def ended(self) -> list[Period]:
        """Those that are over."""
        return [p for p in self.all if p.last is not None and p.last < self.today]

    @property
    def ahead(self) -> list[Period]:
        """Those that are still to begin."""
        return [p for p in self.all if p.first is not None and p.first > self.today]

    @property
    def current(self) -> list[Period]:
        """The one that holds the day, if one does."""
        return [p for p in self.begun if p.last is not None and p.last >= self.today]

    def days_ahead(self) -> int:
        """Return the days until the next one begins, a large number where there is none."""
        return min(((p.first - self.today).days for p in self.ahead if p.first is not None), default=10**6)

    def days_past(self) -> int:
        """Return the days since the last one that has begun ended, a large number where there is none."""
        begun = self.begun
        return (self.today - begun[-1].last).days if begun and begun[-1].last is not None else 10**6


def choose(
    candidates: list[Period],
    today: date,
    *,
    direction: int | None,
    tense: str | None,
    qualifies: bool = False,
) -> Period:
    """Return the one that is meant.

    Args:
        candidates: the same day, month or season of neighbouring years, in order, at least one.
        today: the day from which it is seen.
        direction: -1 last, 0 this, +1 next; None where the text does not say.
        tense: of the clause; None if not known.
        qualifies: the time only qualifies a noun ("the May 19 vote").
    """
    seen = Candidates(candidates, today)
    if direction is not None:
        named = _by_direction(seen, direction)
        if named is not None:
            return named
    begun, ahead, current = seen.begun, seen.ahead, seen.current
    if tense == "past" and begun and not (qualifies and _is_soon(seen)):
        return begun[-1]
    if _lies_ahead(seen, tense):
        return (current or ahead)[0]
    near = seen.days_ahead()
    if ahead and not current and near <= MONTHS_AHEAD * 30.4 and (seen.days_past() > near or direction == 1):
        return ahead[0]
    return begun[-1] if begun else candidates[0]


def _by_direction(seen: Candidates, direction: int) -> Period | None:
    """Return what "last", "this" or "next" names, None where there is no such candidate."""
    if direction == 0:
        same = [p for p in seen.all if p.first is not None and p.first.year == seen.today.year]
        return min(same, key=lambda p: abs(((p.first or seen.today) - seen.today).days), default=seen.all[0])
    found = seen.ended[-1:] if direction == -1 else seen.ahead[:1]
    return found[0] if found else None


def _is_soon(seen: Candidates) -> bool:
    day = seen.all[0].unit == "D"
    return day and seen.days_ahead() <= SOON_DAYS and seen.days_past() >= LONG_PAST_DAYS


def _lies_ahead(seen: Candidates, tense: str | None) -> bool:
    """Return whether a clause in the future or present speaks of the one to come."""
    if tense not in ("future", "present") or not (seen.current or seen.ahead):
        return False
    if tense == "future":
        return True
    if seen.all[0].unit == "M":
        return False
    lately = not seen.current and seen.days_past() <= LATELY_DAYS and seen.days_ahead() >= FAR_DAYS
    return not lately
