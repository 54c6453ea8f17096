"""From a match over words to dates, months, years and what is counted in them: one function per construction.

The lines of `rules/data/times_patterns.tsv` name these functions. A builder returns None where the
words only look like a time ("a second term", "30 February"): the match is then given up.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from claimtable.nlp.times.meaning import ANY_DAY, Match, Meaning

Builder = Callable[[Match, str], Meaning | None]


def full_year(number: int, pivot: int = 50) -> int:
    """Return the year of a two-digit one: below `pivot` in the 2000s, else in the 1900s (POSIX uses 69)."""
    return number + (2000 if number < pivot else 1900) if number < 100 else number


def _year_of(match: Match) -> int | None:
    year = match.integer("y")
    if match.has("yy"):
        year = full_year(int(match.word("yy")[1:]))
    return year


def _real(year: int | None, month: int, day: int) -> bool:
    try:
        date(year or 2000, month, day)
    except ValueError:
        return False
    return True


def iso(match: Match, args: str) -> Meaning | None:
    """Return an ISO 8601 date or date and time."""
    text = match.word("w").upper()
    if not _real(int(text[:4]), int(text[5:7]), int(text[8:10])):
        return None
    day = Meaning("day", year=int(text[:4]), month=int(text[5:7]), day=int(text[8:10]))
    if len(text) == 10:
        return day
    hour, minute = int(text[11:13]), int(text[14:16])
    second = int(text[17:19]) if text[16:17] == ":" else None
    return Meaning("clock", clock=(hour, minute, second), of=day)


def numeric(match: Match, args: str) -> Meaning | None:
    """Return a date in figures. Whether day or month comes first is in `code` until the document has settled it."""
    parts = re.split(r"[/.-]", match.word("w"))
    if len(parts) == 3 and len(parts[0]) == 4:
        year, month, day = (int(p) for p in parts)
        return Meaning("day", year=year, month=month, day=day) if _real(year, month, day) else None
    first, second = int(parts[0]), int(parts[1])
    year_ = full_year(int(parts[2])) if len(parts) == 3 else None
    if not (_real(year_, first, second) if first <= 12 else False) and not (
        _real(year_, second, first) if second <= 12 else False
    ):
        return None
    separator = match.word("w")[len(parts[0])]
    return Meaning(
        "numeric",
        year=year_,
        month=first,
        day=second,
        code=separator,
        weak="slashed" if year_ is None else None,
    )


def month_day(match: Match, args: str) -> Meaning | None:
    """Return a month and a day, perhaps with a year or a second day ("December 7-9")."""
    month = int(match.value("mon", "MONTH") or 0)
    day = match.integer("d")
    start = match.found.start()
    if (
        start
        and match.tokens.words[start - 1] in match.lexicon.values["MONEYSIGN"]
        and match.tokens.words[start][0].isdigit()
    ):
        return None
    if day is None or not 1 <= day <= 31 or not _real(_year_of(match), month, day):
        return None
    result = Meaning("day", year=_year_of(match), month=month, day=day)
    if match.has("dir"):
        result.direction = direction(match, "dir")
    if match.has("year_ref"):
        result.of = _relative(match, "year_ref", "Y")
    if match.has("d2"):
        last = match.integer("d2")
        if last is None or last <= day or not _real(result.year, month, last):
            return None
        return Meaning("span", of=result, to=replace(result, day=last))
    return result


def month(match: Match, args: str) -> Meaning | None:
    """Return a month, perhaps with a year."""
    number = int(match.value("mon", "MONTH") or 0)
    if (
        match.word("mon") in ("may", "march", "mar")
        and match.tokens.text[match.tokens.starts[match.index("mon") or 0]].islower()
    ):
        return None
    result = Meaning("month", month=number, year=_year_of(match))
    if args == "year-first" and match.word("mon") == "may":
        after = match.tokens.words[match.found.end() : match.found.end() + 1]
        if after and after[0].isalpha() and after[0] not in match.lexicon.values["PREP"]:
            return None  # "in 2016 May called an election"
    if match.has("dir"):
        result.direction = direction(match, "dir")
    elif result.year is None:
        result.weak = "month"
    return result


def _is_glued(match: Match, at: int) -> bool:
    """Return whether no space stands between a token and the one before it."""
    tokens = match.tokens
    return (
        0 < at < len(tokens.words)
        and tokens.starts[at] == tokens.ends[at - 1]
        and tokens.words[at] not in ",.;:)"
    )


def year_month(match: Match, args: str) -> Meaning | None:
    """Return a year and month in figures: 2012-07. "2009-10", which may be two years, is none: see `year`."""
    tokens = match.tokens
    first, last = match.found.start(), match.found.end()
    written = tokens.text[tokens.starts[first] : tokens.ends[last - 1]]
    if not re.fullmatch(r"\d{4}-\d\d", written):
        return None
    if tokens.words[first - 1 : first] == ["-"] and tokens.ends[first - 1] == tokens.starts[first]:
        return None  # "555-2012-07"
    if tokens.words[last : last + 1] == ["-"] and tokens.ends[last - 1] == tokens.starts[last]:
        return None  # "2012-07-b"
    year, number = int(written[:4]), int(written[5:])
    if number == (year + 1) % 100:
        return None
    return Meaning("month", year=year, month=number, code="figures")


def direction(match: Match, name: str) -> int:
    """Return -1, 0 or +1 for a captured last, this or next word."""
    word = match.word(name)
    for tag in ("THIS", "NEXT", "LAST", "FOLLOWING"):
        if word in match.lexicon.values[tag]:
            return int(match.lexicon.values[tag][word])
    return 0


def _relative(match: Match, name: str, unit: str) -> Meaning:
    word = match.word(name)
    anchored = word in ("same", "that") or word in match.lexicon.values["FOLLOWING"]
    return Meaning(
        "unit", unit=unit, steps=direction(match, name), anchor="text" if anchored else "published"
    )


def weekday(match: Match, args: str) -> Meaning | None:
    """Return a day of the week, perhaps with last, this or next."""
    word = match.word("wd")
    number = match.lexicon.values["WEEKDAY"].get(word) or match.lexicon.values["SHORTDAY"].get(word)
    result = Meaning("weekday", number=int(number or 0))
    if match.has("dir"):
        result.direction = direction(match, "dir")
        if match.word("dir") in match.lexicon.values["ANCHORED"]:
            result.anchor = "text"
    if match.has("dir2"):
        result.direction = direction(match, "dir2")
    if word in match.lexicon.values["SHORTDAY"]:
        result.weak = "shortday"
    return result


def any_weekday(match: Match, args: str) -> Meaning | None:
    """Return any such day of the week: "on a Monday"; "a Monday meeting" was on one."""
    words, end = match.tokens.words, match.found.end()
    after = words[end] if end < len(words) else ""
    if after[:1].isalpha() and after not in match.lexicon.values["PREP"]:
        return None
    result = weekday(match, args)
    assert result is not None
    result.direction, result.start = ANY_DAY, match.tokens.starts[match.index("wd") or 0]
    return result


def monthday(match: Match, args: str) -> Meaning | None:
    """Return a day of the month by number alone: the 18th, Tuesday the 11th."""
    number = match.integer("d")
    if number is None or not match.tokens.words[match.index("d") or 0][0].isdigit():
        return None
    result = Meaning("day", day=number, weak="monthday")
    if match.has("wd"):
        values = match.lexicon.values
        weekday = values["WEEKDAY"].get(match.word("wd")) or values["SHORTDAY"].get(match.word("wd"))
        result.number, result.weak = int(weekday or 0), None
    return result


def year(match: Match, args: str) -> Meaning | None:
    """Return a year in figures or words."""
    number = _year_of(match)
    if number is None:
        return None
    result = Meaning("year", year=number, fiscal="fiscal" in args or match.has("fiscal"))
    if "weak" in args:
        result.weak = args
    if match.has("y2"):
        text = match.word("y2")
        if not text.isdigit():
            return None
        last = int(text) if len(text) == 4 else number - number % 100 + int(text)
        if not number < last <= number + 100:
            return None
        figures = len(text) == 2 and match.tokens.words[(match.index("y2") or 0) - 1] == "-"
        return Meaning(
            "span",
            of=result,
            to=replace(result, year=last),
            weak=result.weak,
            code="figures?" if figures else None,
        )
    return result


def code(match: Match, args: str) -> Meaning | None:
    """Return a quarter, half-year or financial year written as a code: Q3 2009, 3Q09, H1, FY2007."""
    text = match.word("w").upper()
    found = re.fullmatch(r"(?:([QH])([1-4])|([1-4])([QH])|([FC])Y)[\s/’'-]*(\d*)", text)
    if found is None:
        return None
    number = _year_of(match) or (full_year(int(found[6])) if found[6] else None)
    if found[5]:
        return Meaning("year", year=number, fiscal=found[5] == "F") if number is not None else None
    letter = found[1] or found[4]
    nth = int(found[2] or found[3])
    if letter == "H" and nth > 2:
        return None
    return Meaning("quarter" if letter == "Q" else "half", number=nth, year=number)


POSSESSIVES = frozenset(("my", "your", "his", "her", "its", "our", "their"))


def decade(match: Match, args: str) -> Meaning | None:
    """Return a decade: the 1990s, the '80s, the nineties."""
    if args == "word":
        return Meaning("decade", number=190 + int(match.value("w", "DECADENAME") or 0))
    digits = re.sub(r"\D", "", match.word("w"))
    if len(digits) == 4:
        return Meaning("decade", number=int(digits) // 10)
    at = match.found.start()
    if any(word in POSSESSIVES for word in match.tokens.words[max(0, at - 2) : at]):
        return None  # an age: "in their late 70s"
    bare = match.word("w")[0].isdigit()
    number = int(digits) // 10
    return Meaning("decade", number=(190 if number >= 2 else 200) + number, weak="the" if bare else None)


def century(match: Match, args: str) -> Meaning | None:
    """Return a century by its ordinal."""
    number = match.integer("o")
    if number is None or not 1 <= number <= 30:
        return None
    return Meaning("century", number=number)


_CENTURY_JOINTS = ("to", "and", "or", "through", "-", "–")


def century_first(match: Match, args: str) -> Meaning | None:
    """Return the first of two centuries: "from the 15th to the 19th century"."""
    words, at = match.tokens.words, match.found.end()
    if words[at : at + 1] and words[at] in _CENTURY_JOINTS:
        at += 2 if words[at + 1 : at + 2] == ["the"] else 1
        if words[at + 1 : at + 2] in (["century"], ["centuries"]):
            return century(match, args)
    return None


def quarter(match: Match, args: str) -> Meaning | None:
    """Return a quarter or half of a year: the third quarter of 1990, the first half."""
    number = 2 if match.word("o") in ("last", "latter", "final") else match.integer("o")
    limit = 4 if args == "quarter" else 2
    if args == "quarter" and match.word("o") in ("last", "final"):
        number = 4
    if number is None or not 1 <= number <= limit:
        return None
    result = Meaning(args, number=number, year=_year_of(match), fiscal=match.has("fiscal"))
    if match.has("dir"):
        result.of = _relative(match, "dir", "Y")
    if match.has("ago"):
        result.steps = -1
    if args == "half" and result.year is None and result.of is None:
        result.weak = "half"
    return result


def month_quarter(match: Match, args: str) -> Meaning | None:
    """Return the quarter that ends with a month: the September quarter."""
    month = int(match.value("mon", "MONTH") or 0)
    return Meaning("quarter", number=month // 3) if month % 3 == 0 else None


def season(match: Match, args: str) -> Meaning | None:
    """Return a season, perhaps with a year or direction."""
    result = Meaning("season", code=match.value("s", "SEASON"), year=_year_of(match))
    if match.has("dir"):
        result.direction = direction(match, "dir")
    if match.has("dir2"):
        result.direction = direction(match, "dir2")
    if match.has("same"):
        result.of = Meaning("unit", unit="Y", anchor="text")
    elif result.year is None:
        result.weak = "season" if result.direction is None else "season_pointed"
    return result


def relday(match: Match, args: str) -> Meaning | None:
    """Today, yesterday, tomorrow, and the days before and after those."""
    steps = int(match.value("w", "RELDAY") or 0)
    return Meaning("relday", steps=steps + int(args or 0), mod=(match.has("mod") and "START") or None)


def unit(match: Match, args: str) -> Meaning | None:
    """Return a calendar unit counted from a date: last year, this week, the following month, the same day."""
    letter = match.value("u", "UNIT")
    if letter is None or letter.startswith("T"):
        return None
    at = match.found.start()
    before = match.tokens.words[at - 1] if at else ""
    if (
        match.tokens.words[at] == "the"
        and match.word("dir") == "next"
        and before in ("over", "within", "during")
    ):
        return Meaning("duration", unit=letter, count=1.0, anchor="next", steps=1)
    if args == "new":
        return Meaning("unit", unit=letter, steps=1, weak="new")
    spans = ("E", "C") if match.word("dir") == "last" else ("Y", "M", "W", "E", "C")
    if letter in spans and match.word("dir") in ("past", "last") and match.tokens.words[at] == "the":
        return Meaning("duration", unit=letter, count=1.0, anchor="past", steps=-1)
    result = _relative(match, "dir2" if match.has("dir2") else "dir", letter)
    result.fiscal = match.has("fiscal")
    if args == "after-next":
        result.steps = 2
    elif args:
        result.anchor = args
    return result


def latest(match: Match, args: str) -> Meaning | None:
    """Return the last finished period: "the latest quarter", "the quarter", "the year-ago quarter"."""
    after = match.found.end()
    if match.tokens.words[after : after + 1] == ["-"]:
        return None
    letter = match.value("u", "UNIT") or "Q"
    if letter.startswith("T"):
        return None
    result = Meaning("unit", unit=letter, anchor="report", steps=0)
    if match.has("ago"):
        result.steps = -1
        result.anchor = "report-ago"
    elif match.has("fiscal") and letter == "Y" and match.word("fiscal") != "full":
        result.anchor, result.weak, result.fiscal = "published", "year-the", True
    elif args == "published":
        result.anchor = args
    elif args:
        result.anchor, result.weak = args, match.word("u") + "-the"
    if match.has("y"):
        result.year = _year_of(match)
        result.anchor = "report-year"
    return result


def ref(match: Match, args: str) -> Meaning | None:
    """Return the vague past, present or future."""
    value, _, weak = args.partition(" ")
    if value in match.lexicon.values:
        value = match.lexicon.values[value][match.word("w")]
    lead = match.index("lead")
    start = None if lead is None else match.tokens.starts[lead]
    return Meaning("ref", code=value, weak=weak or None, start=start)


def holiday(match: Match, args: str) -> Meaning | None:
    """Return a holiday, perhaps with a year or direction."""
    at = match.index("h") or 0
    result = Meaning("holiday", code=str(match.tokens.values[at]), year=_year_of(match))
    if match.has("dir"):
        result.direction = direction(match, "dir")
    return result


CALENDAR: dict[str, Builder] = {
    function.__name__: function
    for function in (
        iso,
        numeric,
        month_day,
        month,
        year_month,
        weekday,
        any_weekday,
        monthday,
        year,
        code,
        decade,
        century,
        century_first,
        quarter,
        month_quarter,
        season,
        relday,
        unit,
        latest,
        ref,
        holiday,
    )
}
"""The builders of this module by the name that `times_patterns.tsv` gives in its column `build`."""
