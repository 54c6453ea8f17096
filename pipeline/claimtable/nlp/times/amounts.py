"""From a match over words to durations, sets and times of day, on the same terms as `builders`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from claimtable.nlp.times.builders import Builder, direction
from claimtable.nlp.times.lexer import neighbours
from claimtable.nlp.times.meaning import Match, Meaning, in_part


def _count(match: Match) -> tuple[float | None, float | None]:
    if match.has("n"):
        first = match.number("n")
        return first, match.number("n2")
    if match.has("one"):
        return 1.0, None
    if match.has("couple"):
        return 2.0, None
    if match.has("half"):
        return 0.5, None
    if match.has("quarter"):
        return 0.25, None
    return None, None


def _bound(match: Match) -> str | None:
    if not match.has("b"):
        return None
    at = match.index("b") or 0
    words = match.tokens.words
    word = words[at]
    values = match.lexicon.values
    for tag in ("APPROX", "NEARLY"):
        if word in values[tag]:
            return values[tag][word]
    following = " ".join(words[at : at + 3])
    if following.startswith(("at least", "no less", "no fewer")):
        return "EQUAL_OR_MORE"
    if following.startswith(("at most", "up to", "no more", "not more", "as ")):
        return "EQUAL_OR_LESS"
    return "LESS_THAN" if {"less", "fewer", "under", "below"} & {*following.split()[:2]} else "MORE_THAN"


_POINT_MODS = {
    -1: {
        "MORE_THAN": "BEFORE",
        "LESS_THAN": "AFTER",
        "EQUAL_OR_MORE": "ON_OR_BEFORE",
        "EQUAL_OR_LESS": "ON_OR_AFTER",
    },
    1: {
        "MORE_THAN": "AFTER",
        "LESS_THAN": "BEFORE",
        "EQUAL_OR_MORE": "ON_OR_AFTER",
        "EQUAL_OR_LESS": "ON_OR_BEFORE",
    },
}
"""Direction → TIMEX3 `mod` of an amount → that of the day it leads to: more than two years ago is before that year."""


_BEFORE_STOP = {"on": "later", "before": "earlier", "after": "later"}
"""Words that count from a time before only where the sentence or clause stops after them."""


def _long_follows(match: Match) -> bool:
    """Return True for "a decade-long war", "a year-ago loss": the article is the war's and the loss's."""
    end = match.found.end()
    words = match.tokens.words
    return words[end : end + 1] == ["-"] and words[end + 1 : end + 2] in (["long"], ["ago"], ["earlier"])


def _is_fraction(match: Match, letter: str) -> bool:
    """Return True for "fell by three quarters since": three quarters of a year stand after a preposition of duration."""
    if letter != "Q" or match.number("n") != 3 or match.tokens.words[match.found.end() - 1] != "quarters":
        return False
    words, end = match.tokens.words, match.found.end()
    at = match.index("n") or 0
    while at and words[at - 1] in (*match.lexicon.values["NEARLY"], *match.lexicon.values["APPROX"]):
        at -= 1
    before = words[at - 1] if at else ""
    return words[end : end + 1] == ["of"] or (
        end - (match.index("n") or 0) < 3 and before not in neighbours()["quarters_before"]
    )


def _is_age(following: Sequence[str]) -> bool:
    """Return whether an age is stated: "within 15-44 years of age"."""
    return list(following) == ["of", "age"] or (len(following) > 0 and following[0] in ("age", "aged"))


_REACH_THAN = 6
"""Tokens behind "ten years earlier" among which "than" makes it how much, not when: "earlier in this country than"."""


def _is_comparison(following: Sequence[str], args: str) -> bool:
    """Return whether "earlier" or "later" compares two things that the sentence names."""
    if args not in ("earlier", "later") or "than" not in following:
        return False
    between = following[: list(following).index("than")]
    return all(word.isalpha() for word in between)


def _only_looks_so(match: Match, args: str) -> bool:
    """Return True where the words next to an amount make it something else.

    "A day earlier than expected" counts from nothing; "5 percent more than a year ago" compares with a
    year ago; "two and three years" is one amount after "between" alone; "a half-hour meeting" is a
    meeting.
    """
    words, start, end = match.tokens.words, match.found.start(), match.found.end()
    before = words[start - 1] if start else ""
    after = words[end] if end < len(words) else ""
    if (match.has("one") and _long_follows(match)) or _is_comparison(words[end : end + _REACH_THAN], args):
        return True
    named = after[:1].isalpha() and after not in match.lexicon.values["PREP"]
    if words[end - 1] in ("that", "then") and args in ("earlier", "later"):
        return named and after not in _GO_ON
    if _is_age(words[end : end + 2]):
        return True
    if match.has("one") and args in ("ago", "earlier") and words[end - 2] == "-":
        return True  # "a year-ago loss"
    if match.has("b") and "ago" in (args, after) and words[start] in ("more", "less", "fewer"):
        return _compares(words[start], before)
    return (match.has("both") and before != "between") or (match.has("article") and named)


def _compares(word: str, before: str) -> bool:
    """Return whether "fewer", or "more" behind a figure, compares with a time: "5 percent more than a year ago"."""
    return word == "fewer" or before in neighbours()["compared_before"] or before[:1].isdigit()


_GO_ON = (
    "the",
    "a",
    "he",
    "she",
    "it",
    "they",
    "we",
    "and",
    "but",
    "when",
    "who",
    "which",
    "his",
    "her",
    "their",
)
"""Words behind "six months before that" that begin something else; another word is the noun of "that"."""
_BACK = ("ago", "earlier", "past")
_SHIFTS = ("ago", "hence", "later", "earlier")
"""What an amount is counted from a day by; from the others it is a stretch up to it."""
_MANY = 1000
"""Numbers from which on a singular behind them is no unit of theirs."""
_STOPS: tuple[list[str], ...] = ([","], ["."], [";"], [])


def duration(match: Match, args: str) -> Meaning | None:
    """Return an amount of time: five years, the six months, three-year, the past 13 months, two years ago.

    `args` names what it is counted from, if anything: `ago`, `hence`, `later`, `earlier`, `past`, `next`.
    """
    letter, origin = _unit(match, "u") or ("Y" if match.has("s") else None), _origin(match, args)
    if letter is None or origin is None or _only_looks_so(match, args) or _is_fraction(match, letter):
        return None
    count = _stated(match, letter, origin)
    letter = "W" if letter == "2W" else letter
    if count is not None and count >= _MANY and _is_singular(match):
        return None
    count = _completed(match, count)
    is_one = count is None and origin in ("ago", "later", "earlier") and _is_singular(match)
    if is_one and not match.has("any"):
        count = 1.0
        if match.id == "time.later" or (match.id in ("time.ago", "time.earlier") and letter != "Y"):
            return None  # "Election Day later this week"
    rest = _rest(match, letter)
    if rest is None:
        return None
    result = Meaning("duration", unit=letter, count=count, mod=_bound(match), extra=rest)
    result.start = _later_start(match)
    result.weak = _weakness(match, count)
    if origin:
        _count_from(result, match, origin)
    result.number = _ordinal(match)
    return result


def _ordinal(match: Match) -> int | None:
    return -1 if match.word("o") in ("last", "final") else match.integer("o")


def _unit(match: Match, name: str) -> str | None:
    word, values = match.word(name), match.lexicon.values
    return values["UNIT"].get(word) or values["UNITS"].get(word)


def _is_singular(match: Match) -> bool:
    return match.word("u") in match.lexicon.values["UNIT"]


def _origin(match: Match, args: str) -> str | None:
    """Return what an amount is counted from, "" for nothing; None where words that count only at a stop stand before none."""
    if args not in _BEFORE_STOP:
        return args
    following = (match.index("w") or 0) + 1
    stop = match.tokens.words[following : following + 1]
    return _BEFORE_STOP[args] if stop == [","] or (args != "on" and stop in _STOPS) else None


def _stated(match: Match, letter: str, origin: str) -> float | None:
    """Return the number that the words state; a fortnight is two weeks, and "the next two or three months" are some."""
    count, high = _count(match)
    if count is not None and letter == "2W":
        count *= 2
    return None if high is not None and letter == "M" and origin == "next" else count


def _completed(match: Match, count: float | None) -> float | None:
    """Return the number with what single words say of it: "all week" is one, "a year and a half" half a year more."""
    if not match.has("n") and match.id in ("time.all_unit", "time.duration_long"):
        count = 1.0
    return (1.0 if count is None else count) + 0.5 if match.has("plus") else count


def _rest(match: Match, letter: str) -> tuple[tuple[float, str], ...] | None:
    """Return the amount of a smaller unit behind the first: "two years and three months".

    None where the second is no smaller: "two straight years, three years in a row".
    """
    other = _unit(match, "u2") if match.has("u2") else None
    if other is None:
        return ()
    if _LENGTHS.index(other) >= _LENGTHS.index(letter):
        return None
    more = match.number("m") if match.has("m") else None
    return () if more is None else ((more, other),)


def _later_start(match: Match) -> int | None:
    """Return where the expression begins, if it is behind the match: "about" and "each of" are no part of it."""
    if match.word("lead"):  # "each of the last three years"
        return match.tokens.starts[(match.index("lead") or 0) + 2]
    if match.word("b") in match.lexicon.values["APPROX"]:
        return match.tokens.starts[(match.index("b") or 0) + 1]
    return None


def _weakness(match: Match, count: float | None) -> str | None:
    if count is None and not (match.has("n") or match.has("one") or match.has("any")):
        return "bare"
    return "article" if match.word("one") in ("a", "an") else None


def _count_from(result: Meaning, match: Match, origin: str) -> None:
    """Count an amount from `origin`: it leads to a day, or is the stretch up to one."""
    result.steps = -1 if origin in _BACK else 1
    result.weak = None
    if origin in _SHIFTS:
        result.kind = "shift"
        result.anchor = "published" if origin in ("ago", "hence") else "text"
        result.mod = _POINT_MODS[result.steps].get(result.mod or "", result.mod)
    else:
        follows = match.word("dir") in match.lexicon.values["FOLLOWING"]
        result.anchor = "following" if follows else origin


_LENGTHS = ("TS", "TM", "TH", "D", "W", "WE", "2W", "M", "Q", "H", "Y", "E", "C", "L")
"""Units from the shortest to the longest."""


def long_word(match: Match, args: str) -> Meaning | None:
    """Return a duration in one word: weeklong, yearlong."""
    value = match.value("w", "LONGWORD") or ""
    unit = value[2:].replace("1", "") if value[1] == "T" else value[2:]
    return Meaning("duration", unit=("T" if value[1] == "T" else "") + unit, count=1.0)


def year_end(match: Match, args: str) -> Meaning | None:
    """Return the end of the year: year's end; "year-end" is the day of a balance sheet."""
    if args == "day":
        return Meaning("day", month=12, day=31, of=Meaning("unit", unit="Y"))
    return Meaning("unit", unit="Y", mod="END")


def closing_unit(match: Match, args: str) -> Meaning | None:
    """Return a unit that ends on the day behind it, as heads of reports have it: "Week ending: July 22"."""
    words, at = match.tokens.words, match.found.end()
    letter = match.value("u", "UNIT") or ""
    if words[at : at + 1] not in (["ending"], ["ended"]) or letter.startswith("T"):
        return None
    at += 2 if words[at + 1 : at + 2] in ([":"], [","], ["on"]) else 1
    dated = words[at : at + 1] and (words[at] in match.lexicon.values["MONTH"] or words[at][:1].isdigit())
    return Meaning("duration", unit=letter, count=1.0) if dated else None


def ordinal_unit(match: Match, args: str) -> Meaning | None:
    """Return the nth unit of a larger time: the first week of October, the last day of the month, the second day."""
    letter = match.value("u", "UNIT")
    if letter is None and match.has("wd"):
        letter = "wd" + str(match.lexicon.values["WEEKDAY"][match.word("wd")])
    if letter is None:
        return None
    number = _ordinal(match)
    if number is None:
        return None
    return Meaning("ordinal", number=number, unit=letter, weak="of")


_SET_TIMES = {
    ("semi", "P1Y"): "P6M",
    ("bi", "P1Y"): "P6M",
    ("bi", "P1M"): "P2M",
    ("bi", "P1W"): "P2W",
    ("twice", "P1Y"): "P6M",
}


def every(match: Match, args: str) -> Meaning | None:
    """Return a repeated time: every month, each Thursday, daily, Tuesdays, twice a week."""
    if args in _EVERY:
        return _EVERY[args](match)
    named = next((code(match) for part, code in _RECURRING if match.has(part)), None)
    return Meaning("set", code=named) if named is not None else _each_unit(match, args)


def _weekends(match: Match) -> Meaning | None:
    before = match.tokens.words[match.found.start() - 1 : match.found.start()]
    if before not in (["on"], ["at"], ["during"]):
        return None
    return Meaning("set", code="XXXX-WXX-WE" if match.word("w") == "weekends" else "XXXX-WXX-WD")


def _adverb(match: Match) -> Meaning:
    value = match.lexicon.values["SETADV"][match.word("w")]
    return Meaning("set", code=_SET_TIMES.get((match.word("times"), value), value))


def _of_weekday(match: Match) -> str:
    word, values = match.word("wd"), match.lexicon.values
    number = values["WEEKDAY"].get(word) or values["WEEKDAYS"].get(word)
    part = match.value("p", "DAYPART") or match.value("p", "DAYPARTS") or ""
    return f"XXXX-WXX-{int(number or 0) + 1}" + (f"T{part}" if part else "")


def _of_month(match: Match) -> str:
    return f"XXXX-{int(match.lexicon.values['MONTH'][match.word('mon')]):02d}"


def _of_season(match: Match) -> str:
    return "XXXX-" + (match.value("s", "SEASON") or "")


def _of_daypart(match: Match) -> str:
    return "XXXX-XX-XXT" + (match.value("p", "DAYPART") or "")


def _each_unit(match: Match, args: str) -> Meaning | None:
    """Read "every two weeks", "every few days", "twice a month"."""
    letter = _unit(match, "u")
    if letter is None or (args == "rate" and _long_follows(match)):
        return None
    if letter == "WE" and not (match.has("n") or match.has("other") or args):
        return Meaning("set", code="XXXX-WXX-WE")
    if match.has("few"):
        return Meaning("set", unit=letter, count=None)
    count = match.number("n") or (2.0 if match.has("other") else 1.0)
    return Meaning("set", unit=letter, count=count, weak=args or None)


_EVERY: dict[str, Callable[[Match], Meaning | None]] = {"weekends": _weekends, "adverb": _adverb}
_RECURRING: tuple[tuple[str, Callable[[Match], str]], ...] = (
    ("wd", _of_weekday),
    ("mon", _of_month),
    ("s", _of_season),
    ("p", _of_daypart),
)
"""Part of a match → TIMEX3 value of what recurs, the first that the match has."""


_CLOCK = re.compile(r"(\d\d?)(?:[:.](\d\d))?(?::(\d\d))?\s?(?:([ap])\.?m\.?)?")


def clock(match: Match, args: str) -> Meaning | None:
    """Return a time of day: 5 p.m., 17:30, noon, six o'clock, ten in the morning."""
    if match.has("m"):
        return _moment(match)
    if args in ("hours", "figures"):
        return _four_figures(match, args)
    result = _spoken_hour(match) if match.has("h") else _written_hour(match)
    if result is not None and match.has("p"):
        result.clock, result.weak = in_part(result.clock, match.value("p", "DAYPART")), None
    return result


def _moment(match: Match) -> Meaning:
    """Read "noon", "midnight", "dawn"."""
    value = match.lexicon.values["MOMENT"][match.word("m")]
    if ":" not in value:
        return Meaning("daypart", code=value, weak="moment")
    hour, minute = value.split(":")
    return Meaning("clock", clock=(int(hour), int(minute) or None, None), code="named")


def _four_figures(match: Match, args: str) -> Meaning | None:
    """Read a time of day in four figures: "at 2100 hrs", not "for 2100 hours"; "2100 GMT"."""
    figures, at = match.word("w"), match.found.start()
    if args == "hours":
        stands = at > 0 and match.tokens.words[at - 1] in neighbours()["clock_before"]
    else:
        zone = match.index("tz") or 0
        stands = match.tokens.text[match.tokens.starts[zone] :][:2].isupper()
    if not stands or figures[2:] > "59":
        return None
    return Meaning("clock", clock=(int(figures[:2]), int(figures[2:]), None))


def _spoken_hour(match: Match) -> Meaning | None:
    """Read "six o'clock", "ten in the morning"."""
    hour = match.integer("h")
    return Meaning("clock", clock=(hour, None, None)) if hour is not None and 0 <= hour <= 24 else None


def _written_hour(match: Match) -> Meaning | None:
    """Read "5 p.m.", "17:30", "8.15am"; what is over 12 has no half of the day."""
    found = _CLOCK.fullmatch(match.word("w"))
    if found is None:
        return None
    hour, half = int(found[1]), found[4]
    if half == "p" and hour < 12:
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    minute, second = (int(part) if part else None for part in (found[2], found[3]))
    return Meaning("clock", clock=(hour, minute, second), weak=None if half or match.has("tz") else "clock")


def daypart(match: Match, args: str) -> Meaning | None:
    """Return a part of a day: this morning, last night, tonight, the evening."""
    if args in ("tonight", "overnight"):
        overnight = args == "overnight"
        return Meaning("daypart", code="NI", of=Meaning("relday", steps=-1 if overnight else 0))
    part = match.value("p", "DAYPART")
    result = Meaning("daypart", code=part, mod=None)
    if match.has("w"):
        following = match.tokens.words[match.found.end() : match.found.end() + 1]
        if following not in ([","], ["."], [";"], []):
            return None  # "the night before the election"
        result.of = Meaning("unit", unit="D", steps=-1 if match.word("w") == "before" else 1, anchor="text")
    elif match.has("text"):
        result.of = Meaning("unit", unit="D", steps=direction(match, "text"), anchor="text")
    elif match.has("dir"):
        steps = direction(match, "dir")
        result.of = Meaning("relday", steps=steps)
        if match.word("dir") in ("that", "same"):
            result.of = Meaning("unit", unit="D", steps=0, anchor="text")
    else:
        result.weak = "daypart"
    return result


def vague_duration(match: Match, args: str) -> Meaning | None:
    """Return a duration of unknown length: a while, some time, a long period."""
    return Meaning("duration", unit=args or "X", count=None)


AMOUNTS: dict[str, Builder] = {
    function.__name__: function
    for function in (
        duration,
        long_word,
        year_end,
        closing_unit,
        ordinal_unit,
        every,
        clock,
        daypart,
        vague_duration,
    )
}
"""The builders of this module by name."""
