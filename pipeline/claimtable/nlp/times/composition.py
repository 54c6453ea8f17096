"""From chunks to larger times: parts in their wholes, times of day on days, amounts counted from a date, modifiers.

The lines of levels 2 to 4 of `rules/data/times_patterns.tsv` name these functions, on the same terms
as `builders`.
"""

from __future__ import annotations

from claimtable.nlp.times.builders import Builder
from claimtable.nlp.times.meaning import Match, Meaning


def modified(match: Match, args: str) -> Meaning | None:
    """A time with a word that narrows it: early 1990, the end of the month, around Nov. 1, later this year."""
    result = match.chunk("c")
    result.mod = args or result.mod
    if match.has("m"):
        word = match.word("m")
        for tag in ("STARTMOD", "ENDMOD", "MIDMOD", "STARTNOUN", "ENDNOUN", "MIDNOUN", "APPROX", "NEARLY"):
            if word in match.lexicon.values[tag]:
                result.mod = match.lexicon.values[tag][word]
    if result.mod != "APPROX":
        # "About 2012 people": the word says nothing about what follows being a time.
        result.weak = None
    return result


def over(match: Match, args: str) -> Meaning | None:
    """The word "over" before an amount: more than it ("for over five years"), elsewhere a preposition."""
    result = match.chunk("c")
    at = match.index("b") or 0
    before = match.tokens.words[at - 1] if at else ""
    if result.anchor != "published" or result.mod is not None:
        return None
    if result.weak != "article" and before not in match.lexicon.values["DURATIONPREP"]:
        return None
    result.mod, result.weak = "MORE_THAN", None
    return result


def last_of(match: Match, args: str) -> Meaning | None:
    """The last unit of a larger time: the last week of July."""
    inner, outer = match.chunk("c"), match.chunk("o")
    at = match.index("c") or 0
    surface = match.tokens.text[match.tokens.starts[at] : match.tokens.ends[at]].lower().split()
    if inner.steps != -1 or not {"last", "final"} & set(surface) or inner.fiscal:
        return None
    return Meaning("ordinal", number=-1, unit=inner.unit, of=outer)


def part_of(match: Match, args: str) -> Meaning | None:
    """A time within a larger one: January this year, tuesday of last week, the third quarter of 1990."""
    inner, outer = match.chunk("c"), match.chunk("o")
    if inner.kind == "weekday" and outer.kind == "unit" and outer.unit not in ("W", "2W"):
        return None
    if inner.kind == "day" and outer.unit == "D":
        return None  # "Aug. 2, the day it began"
    if inner.year is not None or inner.of is not None:
        return None
    if outer.kind in ("decade", "century"):
        outer.mod, outer.weak = ("START" if inner.number == 1 else "END"), None
        return outer
    if outer.kind == "year" and outer.of is None and inner.kind != "ordinal":
        inner.year, inner.fiscal = outer.year, outer.fiscal
    else:
        inner.of = outer
    inner.weak = None
    if match.has("half"):
        inner.mod = "START"
    return inner


def weekday_of_date(match: Match, args: str) -> Meaning | None:
    """A day of the week that only repeats a full date: Sunday, January 1."""
    result = match.chunk("c")
    if result.kind == "day" and result.year is None:
        result.number = match.chunk("w").number
    return result


def clock_on(match: Match, args: str) -> Meaning | None:
    """A time of day on a day: 5 p.m. Nov. 9, Friday evening, noon Saturday."""
    time, on = match.chunk("t"), match.chunk("c")
    if time.of is not None and time.kind == "clock":
        return None
    on.weak = None
    if match.has("p"):
        part = match.chunk("p")
        if time.clock and part.code in ("AF", "EV", "NI") and 5 < time.clock[0] < 12:
            time.clock = (time.clock[0] + 12, *time.clock[1:])
    time.of = on
    time.weak = None
    return time


def shifted_from(match: Match, args: str) -> Meaning | None:
    """An amount of time before or after a named time: two days before Friday, a week after Christmas."""
    amount, origin = match.chunk("d"), match.chunk("c")
    if amount.kind != "duration" or amount.count is None:
        return None
    amount.kind, amount.of, amount.weak = "shift", origin, None
    amount.steps = -1 if args == "before" else 1
    return amount


COMPOSERS: dict[str, Builder] = {
    function.__name__: function
    for function in (modified, over, last_of, part_of, weekday_of_date, clock_on, shifted_from)
}
"""The functions that the lines above level 1 may name."""
