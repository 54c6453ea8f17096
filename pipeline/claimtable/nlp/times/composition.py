"""From chunks to larger times: parts in their wholes, times of day on days, amounts counted from a date, modifiers.

The lines of levels 2 to 4 of `rules/data/times_patterns.tsv` name these functions, on the same terms
as `builders`.
"""

from __future__ import annotations

from claimtable.nlp.times.builders import Builder
from claimtable.nlp.times.meaning import Match, Meaning, in_part


def modified(match: Match, args: str) -> Meaning | None:
    """Return a time with a word that narrows it: early 1990, the end of the month, around Nov. 1, later this year."""
    result = match.chunk("c")
    result.mod = args or result.mod
    if match.word("lead"):
        result.start = match.tokens.starts[match.index("c") or 0]
    if match.has("m"):
        word = match.word("m")
        if word in match.lexicon.values["APPROX"]:
            result.start = match.tokens.starts[match.index("c") or 0]
        for tag in ("STARTMOD", "ENDMOD", "MIDMOD", "STARTNOUN", "ENDNOUN", "MIDNOUN", "APPROX", "NEARLY"):
            if word in match.lexicon.values[tag]:
                result.mod = match.lexicon.values[tag][word]
    if result.mod != "APPROX":
        # "About 2012 people": the word says nothing about what follows being a time.
        result.weak = None
    return result


def early_hours(match: Match, args: str) -> Meaning | None:
    """Return the first hours of a day: the early hours of Sunday."""
    if not {"early", "first"} & _surface(match, "d") or match.chunk("d").unit != "TH":
        return None
    result = match.chunk("c")
    result.mod, result.weak = "START", None
    return result


def over(match: Match, args: str) -> Meaning | None:
    """Return the word "over" before an amount: more than it ("for over five years"), elsewhere a preposition."""
    result = match.chunk("c")
    at = match.index("b") or 0
    before = match.tokens.words[at - 1] if at else ""
    if result.anchor != "published" or result.mod is not None:
        return None
    if result.weak != "article" and before not in match.lexicon.values["DURATIONPREP"]:
        return None
    result.mod, result.weak = "MORE_THAN", None
    return result


def _surface(match: Match, name: str) -> set[str]:
    """Return the words of a captured chunk in small letters."""
    at = match.index(name) or 0
    return set(match.tokens.text[match.tokens.starts[at] : match.tokens.ends[at]].lower().split())


def last_of(match: Match, args: str) -> Meaning | None:
    """Return the last unit of a larger time: the last week of July."""
    inner, outer = match.chunk("c"), match.chunk("o")
    if inner.steps != -1 or not {"last", "final"} & _surface(match, "c") or inner.fiscal:
        return None
    return Meaning("ordinal", number=-1, unit=inner.unit, of=outer)


_RANKS = {"day": 1, "D": 1, "W": 2, "month": 3, "M": 3, "quarter": 4, "season": 4, "Q": 4, "half": 5, "Y": 6}
"""Kinds of times and units of larger ones, by length."""


def part_of(match: Match, args: str) -> Meaning | None:
    """Return a time within a larger one: January this year, tuesday of last week, the third quarter of 1990."""
    inner, outer = match.chunk("c"), match.chunk("o")
    if not _fits_in(inner, outer):
        return None
    if inner.kind == "duration":
        if inner.anchor == "past" and "last" in _surface(match, "c"):
            inner.number, inner.anchor = -1, "published"
        if inner.number is None or inner.count is None:
            return None
    if outer.kind in ("decade", "century") or outer.unit in ("E", "C"):
        outer.mod, outer.weak = ("START" if inner.number == 1 else "END"), None
        return outer
    if outer.kind == "year" and outer.of is None and inner.kind not in ("ordinal", "duration"):
        inner.year, inner.fiscal = outer.year, outer.fiscal
    else:
        inner.of = outer
    inner.weak = None
    if match.has("half"):
        inner.mod = "START"
    return inner


def _fits_in(inner: Meaning, outer: Meaning) -> bool:
    """Return whether a time can be part of another: it is shorter, and belongs to none yet."""
    if inner.year is not None or inner.of is not None:
        return False
    if outer.kind != "unit":
        return True
    if inner.kind == "weekday" and outer.unit not in ("W", "2W"):
        return False
    return _RANKS.get(outer.unit or "", 9) > _RANKS.get(inner.kind, 0)  # not "Aug. 2, the day it began"


def week_of(match: Match, args: str) -> Meaning | None:
    """Return the week that holds a day: the week of Oct. 16."""
    week, day = match.chunk("c"), match.chunk("o")
    if week.unit != "W" or week.steps:
        return None
    return Meaning("unit", unit="W", of=day)


def weekday_of_date(match: Match, args: str) -> Meaning | None:
    """Return a day of the week that only repeats a full date: Sunday, January 1."""
    result = match.chunk("c")
    if result.kind == "day" and result.year is None:
        result.number = match.chunk("w").number
    return result


def clock_on(match: Match, args: str) -> Meaning | None:
    """Return a time of day on a day: 5 p.m. Nov. 9, Friday evening, noon Saturday."""
    time, on = match.chunk("t"), match.chunk("c")
    if time.of is not None and time.kind == "clock":
        return None
    if on.kind == "daypart":
        # "Six o'clock this afternoon": the part says which half of the day, its day is the clock's.
        if time.kind != "clock" or on.of is None:
            return None
        time.clock = in_part(time.clock, on.code)
        time.of, time.weak = on.of, None
        return time
    on.weak = None
    if match.has("p"):
        time.clock = in_part(time.clock, match.chunk("p").code)
    time.of = on
    time.weak = None
    return time


def shifted_from(match: Match, args: str) -> Meaning | None:
    """Return an amount of time before or after a named time: two days before Friday, a week after Christmas."""
    amount, origin = match.chunk("d"), match.chunk("c")
    if amount.kind != "duration" or amount.count is None:
        return None
    amount.kind, amount.of, amount.weak = "shift", origin, None
    amount.steps = -1 if args == "before" else 1
    return amount


def ago_today(match: Match, args: str) -> Meaning | None:
    """Return an amount of years before a day: "90 years ago today"."""
    amount, day = match.chunk("c"), match.chunk("o")
    if amount.anchor != "published" or amount.of is not None or amount.unit == "D":
        return None
    amount.of = day
    return amount


COMPOSERS: dict[str, Builder] = {
    function.__name__: function
    for function in (
        modified,
        early_hours,
        over,
        last_of,
        part_of,
        week_of,
        weekday_of_date,
        clock_on,
        shifted_from,
        ago_today,
    )
}
"""The functions that the lines above level 1 may name."""
