"""From what an expression means to a TIMEX3 value and days, given the publication date and the times before it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from claimtable.nlp.times import periods
from claimtable.nlp.times.choice import choose
from claimtable.nlp.times.meaning import ANY_DAY, Meaning
from claimtable.nlp.times.periods import Period
from claimtable.nlp.times.values import duration_value, unknown
from claimtable.schema import TimexType

_AMOUNT = re.compile("P[XT1-9]")
"""How the value of an amount begins, unlike PAST_REF."""

REPORTED_DAYS = 60
"""So long after its end a quarter without a year is still the one expected: its figures are not out yet."""

STALE_DAYS = 330
"""A period that began longer before publication is itself the one that is compared with."""

SOON_DAYS, LONG_PAST_DAYS = 75, 240
"""A day without a year that only qualifies a noun ("the May 19 vote") and is so near ahead and so long past is
ahead, whatever the tense of the verb: news gives the year, or says "last", for days so long past."""


_RANK = {"D": 0, "W": 1, "WE": 1, "M": 2, "Q": 3, "S": 3, "H": 4, "Y": 5, "E": 6, "C": 7, "L": 8, "R": 5}


@dataclass(frozen=True, slots=True)
class Resolved:
    """A TIMEX3 type and value with the days; `period` is what later expressions can refer back to."""

    type: TimexType
    value: str
    mod: str | None = None
    first: date | None = None
    last: date | None = None
    period: Period | None = None


class Resolver:
    """Resolves the times of one document in text order.

    Args:
        published: publication date; None leaves relative times without days (`XXXX-...` values).
        day_first: figures like 3/4/2005 are day, month, year.
        fiscal_start: first month of a financial year, 1 for the calendar year.
    """

    def __init__(self, published: date | None, *, day_first: bool, fiscal_start: int) -> None:
        self.published = published
        self.day_first = day_first
        self.fiscal_start = fiscal_start
        self.before: Period | None = None
        """The last calendar period that the text named."""
        self._named: dict[str, Period] = {}
        self._spoken_of: Period | None = None
        """The last period named by the calendar, not by its weekday or as "yesterday": what a report is about."""
        self._sentence: Period | None = None
        """The last day or month that the sentence named by the calendar."""
        self._stretch: tuple[date, date] | None = None
        """The last length of time up to now that the text named, until it names a month or quarter."""
        self._week: tuple[date, date] | None = None
        """The week that the document reports on: it ends on a day that it names, beside publication."""
        self.reported: Period | None = None
        """The month, quarter or week that an undated report opens with."""
        self._moment: datetime | None = None
        """The last time of day that the text named with its day."""

    def remember(self, period: Period, kind: str) -> None:
        """Make a period, named by a meaning of that kind, the one that "the same day" or "a year later" refers to."""
        self.before = period
        self._named[period.unit] = period
        if period.unit in ("M", "Q", "H"):
            self._stretch = None
        if kind not in ("weekday", "relday", "clock", "daypart"):
            self._spoken_of = period
            if period.unit in ("D", "M"):
                self._sentence = period

    def report_on(self, unit: str | None, first: date | None, last: date | None) -> None:
        """Note a length of time with its end: "the week ending June 26" is the last one of the report."""
        if unit != "W" or first is None or last is None or self.published is None:
            return
        if abs((self.published - last).days) < 7 and (last - first).days == 6:
            self._week = first, last

    def enter_sentence(self) -> None:
        """Forget what only holds within a sentence."""
        self._sentence = None

    def resolve(self, meaning: Meaning, tense: str | None) -> Resolved | None:
        """Resolve one meaning. None where it cannot be a time after all.

        Args:
            meaning: what the expression says.
            tense: `past`, `present` or `future` of the clause, None if not known.
        """
        if meaning.kind == "shift" and meaning.anchor == "text" and (meaning.unit or "").startswith("T"):
            later = self._moment_later(meaning)
            if later is not None:
                return later
        if meaning.kind in ("ref", "set"):
            return _undated(meaning)
        other = {
            "duration": self._duration,
            "clock": self._clock,
            "daypart": self._daypart,
            "span": self._span,
        }.get(meaning.kind)
        if other is not None:
            return other(meaning, tense)
        period = self.period(meaning, tense)
        if period is None:
            return None
        amount = period.unit == "?"
        type_: TimexType = "DURATION" if amount and _AMOUNT.match(period.value) else "DATE"
        return Resolved(
            type_, period.value, meaning.mod, period.first, period.last, None if amount else period
        )

    # -------------------------------------------------------------- anchors

    def _anchor(self, name: str) -> date | None:
        if name == "text" and self.before is not None and self.before.first is not None:
            return self.before.first
        return self.published

    def period(self, meaning: Meaning, tense: str | None) -> Period | None:
        """Return the calendar period that a date-like meaning names, None where there is no such date."""
        return getattr(self, "_" + meaning.kind)(meaning, tense)  # type: ignore[no-any-return]

    def _outer(self, meaning: Meaning, tense: str | None) -> Period | None:
        return self.period(meaning.of, tense) if meaning.of is not None else None

    def _year_number(self, meaning: Meaning, tense: str | None) -> int | None:
        if meaning.year is not None:
            return meaning.year
        outer = self._outer(meaning, tense)
        if outer is not None and outer.first is not None:
            return (
                outer.first.year
                if self.fiscal_start == 1 or not meaning.fiscal
                else (outer.last or outer.first).year
            )
        return None

    # -------------------------------------------------------------- calendar units

    def _year(self, meaning: Meaning, tense: str | None) -> Period | None:
        return periods.year(meaning.year or 0, self.fiscal_start if meaning.fiscal else 1)

    def _decade(self, meaning: Meaning, tense: str | None) -> Period | None:
        return periods.decade(meaning.number or 0)

    def _century(self, meaning: Meaning, tense: str | None) -> Period | None:
        return periods.century(meaning.number or 0)

    def _month(self, meaning: Meaning, tense: str | None) -> Period | None:
        number = meaning.month or 1
        year = self._year_number(meaning, tense)
        if year is not None:
            return periods.month(year, number)
        if self.published is None:
            return Period(f"XXXX-{number:02d}", "M", None, None)
        candidates = [periods.month(self.published.year + k, number) for k in (-1, 0, 1)]
        return self._choose(candidates, meaning, tense)

    def _day(self, meaning: Meaning, tense: str | None) -> Period | None:
        number, place = meaning.month or 1, meaning.day or 1
        if meaning.month is None:
            return self._monthday(meaning, place, tense)
        year = self._year_number(meaning, tense)
        if year is not None:
            return _day(year, number, place)
        if self.published is None:
            return Period(f"XXXX-{number:02d}-{place:02d}", "D", None, None)
        candidates = _in_years_around(self.published.year, number, place)
        named = [p for p in candidates if p.first and p.first.weekday() == meaning.number]
        if not candidates:
            return Period(f"XXXX-{number:02d}-{place:02d}", "D", None, None)
        return self._choose(named or candidates, meaning, tense)

    def _monthday(self, meaning: Meaning, place: int, tense: str | None) -> Period | None:
        """Return the day of that number in the month named before it, else the one nearest by tense."""
        outer = self._outer(meaning, tense)
        if outer is not None and outer.first is not None:
            return _day(outer.first.year, outer.first.month, place)
        if self._sentence is not None and self._sentence.first is not None and meaning.number is None:
            return self._beside(self._sentence, self._sentence.first, place)
        if self.published is None:
            return Period(f"XXXX-XX-{place:02d}", "D", None, None)
        return _nearest(_days_of_number(self.published, place, meaning.number), self.published, tense)

    def _beside(self, named: Period, first: date, place: int) -> Period | None:
        """Return the day of that number beside a day or month of the sentence: "on the 30th and died on the 3rd"."""
        found = _day(first.year, first.month, place)
        if named.unit != "D" or found is None or found.first is None or found.first >= first:
            return found
        month = periods.shift_months(first.replace(day=1), 1)
        following = _day(month.year, month.month, place) if month is not None else None
        if following is None or following.first is None:
            return found
        return found if self.published is not None and following.first > self.published else following

    def _numeric(self, meaning: Meaning, tense: str | None) -> Period | None:
        first, second = meaning.month or 0, meaning.day or 0
        day_first = self.day_first or meaning.code == "."
        if (day_first and second <= 12) or first > 12:
            first, second = second, first
        if first > 12:
            return None
        return self._day(replace(meaning, kind="day", month=first, day=second), tense)

    def _choose(self, candidates: list[Period], meaning: Meaning, tense: str | None) -> Period:
        assert self.published is not None
        return choose(
            candidates,
            self.published,
            direction=meaning.direction,
            tense=tense,
            qualifies=meaning.qualifies,
        )

    def _weekday(self, meaning: Meaning, tense: str | None) -> Period | None:
        number = meaning.number or 0
        outer = self._outer(meaning, tense)
        if outer is not None and outer.first is not None:
            return periods.day(
                periods.shift_days(outer.first, (number - outer.first.weekday()) % 7) or outer.first
            )
        anchor = self._anchor(meaning.anchor)
        if anchor is None or meaning.direction == ANY_DAY:
            return Period(f"XXXX-WXX-{number + 1}", "D", None, None)
        moved = periods.shift_days(anchor, _days_to(number, anchor, meaning.direction, tense))
        return None if moved is None else periods.day(moved)

    def _quarter(self, meaning: Meaning, tense: str | None) -> Period | None:
        number = meaning.number or 1
        start = self.fiscal_start if meaning.fiscal else 1
        make = periods.quarter if meaning.kind == "quarter" else periods.half
        year = self._year_number(meaning, tense)
        if year is None and self.published is None:
            return Period(f"XXXX-{'Q' if meaning.kind == 'quarter' else 'H'}{number}", "Q", None, None)
        if year is None:
            assert self.published is not None
            candidates = [make(self.published.year + k, number, 1) for k in (-1, 0, 1)]
            year = int(_reported(candidates, self.published, tense).value[:4])
        return make(year + meaning.steps, number, start)

    _half = _quarter

    def _season(self, meaning: Meaning, tense: str | None) -> Period | None:
        name = meaning.code or "SU"
        year = self._year_number(meaning, tense)
        if year is not None:
            return periods.season(year, name)
        if self.published is None:
            return Period(f"XXXX-{name}", "S", None, None)
        candidates = [periods.season(self.published.year + k, name) for k in (-1, 0, 1)]
        return self._choose(candidates, meaning, tense)

    def _holiday(self, meaning: Meaning, tense: str | None) -> Period | None:
        rule = meaning.code or ""
        year = self._year_number(meaning, tense)
        if year is None and self.published is None:
            return Period("XXXX-" + rule if rule[0].isdigit() else "XXXX-XX-XX", "D", None, None)
        if year is not None:
            found = periods.holiday(year, rule)
            return None if found is None else periods.day(found)
        assert self.published is not None
        days = [periods.holiday(self.published.year + k, rule) for k in (-1, 0, 1)]
        candidates = [periods.day(d) for d in days if d is not None]
        return self._choose(candidates, meaning, tense) if candidates else None

    def _relday(self, meaning: Meaning, tense: str | None) -> Period | None:
        moved = periods.shift_days(self.published, meaning.steps)
        return Period("XXXX-XX-XX", "D", None, None) if moved is None else periods.day(moved)

    def _unit(self, meaning: Meaning, tense: str | None) -> Period | None:
        unit = meaning.unit or "Y"
        steps = meaning.steps
        if unit == "2W":
            unit, steps = "W", 2 * steps
        if meaning.of is not None:
            outer = self._outer(meaning, tense)
            return None if outer is None or outer.first is None else periods.holding(outer.first, unit)
        anchor = self._anchor(meaning.anchor)
        if meaning.anchor == "report-year":
            return self._report_quarter(meaning.year)
        if anchor is None:
            return Period(unknown(unit), unit, None, None)
        if meaning.anchor == "text":
            if self.reported is not None and self.reported.unit == unit and self._sentence is None:
                anchor = self.reported.first or anchor  # "than in the previous month"
            return self._unit_of_text(unit, steps, anchor)
        week = self._reported_week(meaning, unit, steps)
        if week is not None:
            return week
        if meaning.anchor.startswith("report"):
            return self._report_unit(meaning, unit, anchor, tense)
        return self._unit_of_today(meaning, unit, steps, tense)

    def _reported_week(self, meaning: Meaning, unit: str, steps: int) -> Period | None:
        """Return the week that the document reports on, or the one before it where that is compared; None for other units."""
        if self._week is None:
            return None
        first, last = self._week
        if meaning.compared and unit == "W" and steps == -1:
            first, last = (periods.shift_days(day, -7) or day for day in self._week)
        elif not self._names_report(meaning):
            return None
        return replace(periods.week(last), first=first, last=last)

    def _unit_of_today(self, meaning: Meaning, unit: str, steps: int, tense: str | None) -> Period | None:
        """Return a unit counted from publication: last year, this weekend, the next financial year."""
        today = self.published
        assert today is not None
        if meaning.fiscal:
            shifted = periods.shift_months(today, (13 - self.fiscal_start) % 12) or today
            return periods.year(shifted.year + steps, self.fiscal_start)
        if unit == "WE" and steps == 0 and today.weekday() < 5:
            back = tense == "past" and today.weekday() < 3
            return periods.weekend(periods.shift_days(today, -7 if back else 0) or today)
        return periods.neighbour(today, unit, steps)

    def _unit_of_text(self, unit: str, steps: int, anchor: date) -> Period | None:
        """Return a unit counted from the times before it: "the same day" after "in 2014" is the last day named, not 2014's first."""
        if self.before is not None:
            rank = _RANK.get(unit, 0)
            if _RANK.get(self.before.unit, 0) > rank:
                finer = [p for u, p in self._named.items() if _RANK.get(u, 9) <= rank and p.first is not None]
                if not finer:
                    return Period(unknown(unit), unit, None, None)
                anchor = finer[-1].first or anchor
            if steps == 0 and self.before.unit == unit:
                return self.before
        return periods.neighbour(anchor, unit, steps)

    def _report_quarter(self, year: int | None) -> Period | None:
        """Return the quarter of a year that is compared with the one reported on: the 1988 quarter."""
        report = self._report()
        return None if report is None else periods.quarter(year or report.year, (report.month + 2) // 3)

    def _names_report(self, meaning: Meaning) -> bool:
        """Return whether "last week" or "the week" is the one that the document reports on."""
        if meaning.unit != "W" or meaning.of is not None:
            return False
        last = meaning.anchor == "published" and meaning.steps == -1
        return last or meaning.anchor in ("report", "report-the")

    def _report(self) -> date | None:
        """Return a day in the quarter that was last finished before publication, or last named by the text."""
        quarter = self._named.get("Q")
        if quarter is not None and self.before is not None and self.before.unit in ("Q", "D", "W"):
            # "The first quarter ended March 31": a day named after it takes nothing from it.
            return quarter.first or periods.shift_months(self.published, -3)
        return periods.shift_months(self.published, -3)

    def _compared(self, reference: Period | None) -> Period | None:
        """Return the period a year before the one reported on: the month or quarter last named, else the last quarter."""
        if reference is not None and reference.unit not in ("M", "Q"):
            return None
        at = reference.first if reference is not None else periods.shift_months(self.published, -3)
        at = periods.shift(at, -1, "Y")
        return None if at is None else periods.holding(at, reference.unit if reference is not None else "Q")

    def _reference(self, meaning: Meaning) -> Period | None:
        """Return the period that "a year ago" or "a year earlier" may be counted from; "ago" does not go back twice."""
        reference = self.before
        if reference is None or reference.first is None or self.published is None:
            return reference
        stale = (self.published - reference.first).days > STALE_DAYS
        return None if stale and meaning.anchor == "published" else reference

    def _report_unit(self, meaning: Meaning, unit: str, anchor: date, tense: str | None) -> Period | None:
        report = self._report()
        if unit == "Q" and report is not None:
            return self._year_ago(report) if meaning.anchor == "report-ago" else periods.holding(report, "Q")
        if unit == "WE":
            return _weekend_spoken_of(anchor, tense)
        if unit == "Y" and meaning.anchor == "report" and meaning.weak is None:
            return periods.neighbour(anchor, "Y", -1)
        named = self.before is not None and self.before.unit == unit and meaning.weak is not None
        return self.before if named and unit in ("Y", "D") else periods.neighbour(anchor, unit, 0)

    def _year_ago(self, report: date) -> Period:
        """Return the quarter a year before the one reported on, of "the past four weeks" the same days."""
        quarter = periods.holding(periods.shift_months(report, -12) or report, "Q")
        if self._stretch is None:
            return quarter
        first, last = (periods.shift_months(day, -12) for day in self._stretch)
        return replace(quarter, first=first, last=last)

    def _ordinal(self, meaning: Meaning, tense: str | None) -> Period | None:
        outer = self._outer(meaning, tense)
        number = meaning.number or 1
        unit = meaning.unit or "D"
        if outer is None or outer.first is None or outer.last is None:
            return None
        if unit.startswith("wd"):
            return _nth_weekday(int(unit[2:]), number, outer.first, outer.last)
        begin = _beginning(unit, number, outer, outer.first)
        if begin is None or begin > outer.last:
            return None
        found = periods.holding(begin, unit)
        return _days_of_week(found, begin, outer.last, number) if (unit, outer.unit) == ("W", "M") else found

    # -------------------------------------------------------------- amounts

    def _shift(self, meaning: Meaning, tense: str | None) -> Period | None:
        unit, count = meaning.unit or "Y", meaning.count
        if unit.startswith("T"):
            return self._hours_back(meaning) or Period(duration_value(meaning), "?", None, None)
        if count is None:
            return Period("PAST_REF" if meaning.steps < 0 else "FUTURE_REF", "?", None, None)
        outer = self._outer(meaning, tense)
        if meaning.of is not None and outer is None:
            return None
        if outer is not None:
            return _moved(meaning, outer.first, _granularity_from(outer, unit))
        anchor = self._anchor(meaning.anchor)
        granularity = "W" if unit == "W" and count < 4 else _COARSE.get(unit, unit)
        if anchor is None or self._is_adrift(meaning, tense):
            return Period(unknown(granularity), granularity, None, None)
        return self._shift_from(meaning, anchor, granularity)

    def _is_adrift(self, meaning: Meaning, tense: str | None) -> bool:
        """Return whether "two years on" has no time before it: publication is not what it is counted from."""
        ahead = meaning.anchor == "text" and meaning.steps > 0 and self.before is None
        return ahead and tense != "future" and not meaning.report

    def _shift_from(self, meaning: Meaning, anchor: date, granularity: str) -> Period | None:
        """Return where an amount leads from a date: years count from the period that the text speaks of."""
        unit, count = meaning.unit or "Y", meaning.count or 0
        if unit != "Y":
            return _moved(meaning, anchor, granularity)
        reference = self._reference(meaning)
        if count == 1 and meaning.steps < 0 and meaning.report:
            compared = self._compared(reference)
            if compared is not None:
                return compared
        if reference is not None:
            if meaning.anchor == "text" and self._spoken_of is not None:
                reference = self._spoken_of
                anchor = reference.first or anchor
            if reference.unit in _finer(meaning):
                granularity, anchor = reference.unit, reference.first or anchor
        found = _moved(meaning, anchor, granularity)
        if found is None:
            return Period(unknown(granularity), granularity, None, None)  # "3000 years ago"
        return _same_days(meaning, found, reference, granularity)

    def _hours_back(self, meaning: Meaning) -> Period | None:
        """Return the day that "24 hours ago" leads to from publication, where the hours fill days; None for other amounts."""
        hours = (meaning.count or 0) if meaning.unit == "TH" else 0
        if meaning.anchor != "published" or meaning.of is not None or not hours or hours % 24:
            return None
        moved = periods.shift_days(self.published, meaning.steps * int(hours) // 24)
        return None if moved is None else periods.day(moved)

    def _duration(self, meaning: Meaning, tense: str | None) -> Resolved:
        value = duration_value(meaning)
        unit = meaning.unit or "Y"
        whole = self._outer(meaning, tense)
        if whole is not None and whole.first is not None and whole.last is not None and meaning.count:
            # "The first six months of 1990"
            if meaning.number == -1:
                first = periods.shift_days(periods.shift(whole.last, -meaning.count, unit), 1)
                last: date | None = whole.last
            else:
                first = whole.first
                last = periods.shift_days(periods.shift(whole.first, meaning.count, unit), -1)
            # "A year earlier" is the same part of the year before.
            part = Period(whole.value, "R", first, last)
            return Resolved("DURATION", value, meaning.mod, first, last, part)
        first, last = self._days_of_amount(_in_days(meaning))
        if meaning.anchor == "past" and first is not None and last is not None:
            self._stretch = first, last
        return Resolved("DURATION", value, meaning.mod, first, last)

    def _days_of_amount(self, meaning: Meaning) -> tuple[date | None, date | None]:
        """Return the days of the past or next so many units, None for an amount that is counted from nothing."""
        today, unit = self.published, meaning.unit or "Y"
        if today is None or meaning.count is None:
            return None, None
        if meaning.anchor == "past" and unit in ("W", "D"):
            last = self._week[1] if self._week is not None and unit == "W" else today
            return periods.shift(periods.shift_days(last, 1), -meaning.count, unit), last
        if meaning.anchor == "past":
            return periods.shift(today, -meaning.count, unit), today
        if meaning.anchor == "next":
            return today, periods.shift(today, meaning.count, unit)
        if meaning.anchor == "following" and self.before is not None and self.before.last is not None:
            return self.before.last, periods.shift(self.before.last, meaning.count, unit)
        return None, None

    def _span(self, meaning: Meaning, tense: str | None) -> Resolved | None:
        assert meaning.of is not None and meaning.to is not None
        first = self.period(meaning.of, tense)
        if first is None:
            return None
        to = meaning.to
        if to.year is None and first.first is not None:
            to = replace(to, year=first.first.year, of=None)
        last = self.period(to, tense)
        if last is None:
            return None
        value = f"{first.value}/{last.value}"
        if meaning.fiscal and to.year is not None and self.fiscal_start > 1:
            whole = periods.year(to.year, self.fiscal_start)
            return Resolved("DATE", value, meaning.mod, whole.first, whole.last, replace(whole, value=value))
        return Resolved(
            "DATE", value, meaning.mod, first.first, last.last, Period(value, "R", first.first, last.last)
        )

    # -------------------------------------------------------------- times of day

    def _on(self, meaning: Meaning, tense: str | None) -> Period | None:
        if meaning.of is not None:
            return self.period(meaning.of, tense)
        if self.before is not None and self.before.unit == "D":
            return self.before
        return periods.day(self.published) if self.published is not None else None

    def _clock(self, meaning: Meaning, tense: str | None) -> Resolved | None:
        on = self._on(meaning, tense)
        hour, minute, _ = meaning.clock or (0, None, None)
        value = f"{on.value if on is not None else 'XXXX-XX-XX'}T{_written(meaning)}"
        self._moment = None
        if on is None:
            return Resolved("TIME", value, meaning.mod)
        if on.unit == "D" and on.first is not None:
            midnight = datetime.combine(on.first, datetime.min.time())
            self._moment = midnight + timedelta(hours=hour, minutes=minute or 0)
        return Resolved("TIME", value, meaning.mod, on.first, on.last, on)

    def _moment_later(self, meaning: Meaning) -> Resolved | None:
        """Return the time of day that "two hours later" leads to from the one before it; None where there was none."""
        if self._moment is None or meaning.count is None or meaning.of is not None:
            return None
        seconds = {"TH": 3600, "TM": 60, "TS": 1}
        ahead = meaning.count * seconds[meaning.unit or "TH"]
        ahead += sum(count * seconds.get(unit, 0) for count, unit in meaning.extra)
        try:
            self._moment += timedelta(seconds=meaning.steps * ahead)
        except OverflowError:
            return None
        on = periods.day(self._moment.date())
        return Resolved(
            "TIME", self._moment.isoformat(timespec="minutes"), meaning.mod, on.first, on.last, on
        )

    def _daypart(self, meaning: Meaning, tense: str | None) -> Resolved | None:
        on = self._on(meaning, tense)
        value = f"{on.value if on is not None else 'XXXX-XX-XX'}T{meaning.code}"
        return Resolved("TIME", value, meaning.mod, on.first if on else None, on.last if on else None, on)


def _day(year: int, month: int, day: int) -> Period | None:
    try:
        return periods.day(date(year, month, day))
    except ValueError:
        return None


def _in_years_around(year: int, month: int, place: int) -> list[Period]:
    """Return a day of the calendar in a year and its neighbours, where they have it."""
    found = (_day(year + k, month, place) for k in (-1, 0, 1))
    return [p for p in found if p is not None]


def _iso_week_one(year: int) -> date:
    """Return a day of the first ISO 8601 week of the year: 4 January always is one."""
    return date(year, 1, 4)


def _written(meaning: Meaning) -> str:
    """Return a time of day as TIMEX3 writes it; midnight by its name ends the day."""
    hour, minute, second = meaning.clock or (0, None, None)
    if meaning.code == "named" and hour == 24:
        return "24:00"
    return f"{hour:02d}:{minute or 0:02d}" + (f":{second:02d}" if second is not None else "")


def _in_days(meaning: Meaning) -> Meaning:
    """Return an amount of hours, minutes or seconds as the days that it reaches into; any other as it is."""
    unit = meaning.unit or "Y"
    if not unit.startswith("T") or meaning.count is None:
        return meaning
    hours = meaning.count / {"TH": 1, "TM": 60, "TS": 3600}[unit]
    return replace(meaning, count=math.ceil(hours / 24), unit="D")


_COARSE = {"E": "Y", "C": "Y", "L": "Y", "WE": "W"}
"""Units that an amount of leads to a year or week, not to a decade."""


def _finer(meaning: Meaning) -> tuple[str, ...]:
    """Return the units that years counted from lead to again: "two years later" is a year, "a year earlier" the same month or day."""
    return ("Q", "M", "D", "H") if meaning.count == 1 and meaning.anchor == "text" else ("Q",)


def _granularity_from(outer: Period, unit: str) -> str:
    """Return the unit of what an amount before or after a named time leads to: a month before 2014 is a month."""
    if outer.unit in ("Y", "M") and unit in ("Y", "E"):
        return outer.unit
    return outer.unit if outer.unit in ("Y", "M", "Q", "D") and unit not in ("D", "W") else "D"


def _moved(meaning: Meaning, anchor: date | None, granularity: str) -> Period | None:
    """Return the period of that unit which an amount leads to from a date."""
    moved = periods.shift(anchor, meaning.steps * (meaning.count or 0), meaning.unit or "Y")
    for more, other in meaning.extra:
        moved = periods.shift(moved, meaning.steps * more, other)
        granularity = other
    return None if moved is None else periods.holding(moved, granularity)


def _same_days(
    meaning: Meaning, found: Period | None, reference: Period | None, granularity: str
) -> Period | None:
    """Return the same days of another year for a part of a year: a year before the first nine months."""
    if found is None or reference is None or reference.unit not in ("Y", "R"):
        return found
    if granularity != "Y" or meaning.extra:
        return found
    steps = meaning.steps * (meaning.count or 0)
    first, last = (periods.shift(day, steps, "Y") for day in (reference.first, reference.last))
    return replace(found, first=first, last=last)


def _weekend_spoken_of(anchor: date, tense: str | None) -> Period:
    """Return the weekend to come in the future, else the last one, from Friday on the one that begins."""
    back = 0 if tense == "future" or anchor.weekday() >= 4 else -4
    return periods.weekend(periods.shift_days(anchor, back) or anchor)


def _beginning(unit: str, number: int, outer: Period, first: date) -> date | None:
    """Return a day of the nth unit of a larger time: its first, the last of all for the last one."""
    if number < 0:
        return outer.last
    if unit == "W" and outer.unit == "Y":
        return periods.shift_days(_iso_week_one(first.year), 7 * (number - 1))
    return periods.shift(first, number - 1, unit)


def _days_of_week(week: Period, begin: date, end: date, number: int) -> Period:
    """Return a week of a month by its days: the first are its first seven; the value is that of the calendar week."""
    first = begin if number > 0 else periods.shift_days(begin, -6) or begin
    return replace(week, first=first, last=min(periods.shift_days(first, 6) or begin, end))


def _nth_weekday(weekday: int, number: int, first: date, last: date) -> Period | None:
    """Return the nth (negative: the last) weekday of a stretch of days."""
    ahead, back = (weekday - first.weekday()) % 7, (last.weekday() - weekday) % 7
    day = (
        periods.shift_days(first, ahead + 7 * (number - 1)) if number > 0 else periods.shift_days(last, -back)
    )
    return None if day is None else periods.day(day)


def _nearest(days: list[Period], today: date, tense: str | None) -> Period | None:
    """Return the first of the days from today on in the future and present, else the last one up to today."""
    ahead = [d for d in days if d.first is not None and d.first >= today]
    back = [d for d in days if d.first is not None and d.first <= today]
    if tense in ("future", "present") and ahead:
        return ahead[0]
    return back[-1] if back else (days[0] if days else None)


def _days_to(number: int, anchor: date, direction: int | None, tense: str | None) -> int:
    """Return the days from a date to the weekday that is meant: by last, this, next, else by tense."""
    back = (anchor.weekday() - number) % 7
    ahead = (number - anchor.weekday()) % 7
    if direction == 0:
        return number - anchor.weekday()
    if direction is not None:
        return -(back or 7) if direction < 0 else ahead or 7
    return ahead if tense in ("future", "present") else -back


def _reported(candidates: list[Period], today: date, tense: str | None) -> Period:
    """Return the quarter or half of neighbouring years that is spoken of: the last begun, in the future the one whose figures are to come."""
    if tense == "future":
        fresh = periods.shift_days(today, -REPORTED_DAYS) or today
        return next((p for p in candidates if p.last is not None and p.last >= fresh), candidates[1])
    begun = [p for p in candidates if p.first is not None and p.first <= today]
    return begun[-1] if begun else candidates[0]


def _undated(meaning: Meaning) -> Resolved:
    """Return the vague past, present or future, or a repeated time."""
    if meaning.kind == "ref":
        return Resolved("DATE", meaning.code or "")
    return Resolved("SET", meaning.code or duration_value(meaning), meaning.mod)


def _days_of_number(today: date, place: int, weekday: int | None) -> list[Period]:
    """Return the days of that number in the months around today, on that weekday where there are such."""
    months = [periods.shift_months(today.replace(day=1), k) for k in (-2, -1, 0, 1, 2)]
    found = [d for d in (_day(m.year, m.month, place) for m in months if m is not None) if d is not None]
    named = [d for d in found if d.first is not None and d.first.weekday() == weekday]
    return named or found
