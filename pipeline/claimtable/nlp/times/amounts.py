"""From a match over words to durations, sets and times of day, on the same terms as `builders`."""

from __future__ import annotations

import re

from claimtable.nlp.times.builders import Builder, direction
from claimtable.nlp.times.lexer import neighbours
from claimtable.nlp.times.meaning import Match, Meaning


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
    """True for "a decade-long war", "a year-ago loss": the article is the war's and the loss's."""
    end = match.found.end()
    words = match.tokens.words
    return words[end : end + 1] == ["-"] and words[end + 1 : end + 2] in (["long"], ["ago"], ["earlier"])


def _is_fraction(match: Match, letter: str) -> bool:
    """True for "fell by three quarters since": three quarters of a year stand after a preposition of duration."""
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


def _only_looks_so(match: Match, args: str) -> bool:
    """True where the words next to an amount make it something else.

    "A day earlier than expected" counts from nothing; "5 percent more than a year ago" compares with a
    year ago; "two and three years" is one amount after "between" alone; "a half-hour meeting" is a
    meeting.
    """
    words, start, end = match.tokens.words, match.found.start(), match.found.end()
    before = words[start - 1] if start else ""
    after = words[end] if end < len(words) else ""
    if args in ("earlier", "later") and after == "than":
        return True
    if after in ("age", "aged") or words[end : end + 2] == ["of", "age"]:
        return True  # "within 15-44 years of age"
    if match.has("one") and args in ("ago", "earlier") and words[end - 2] == "-":
        return True  # "a year-ago loss"
    if match.has("b") and "ago" in (args, after) and words[start] in ("more", "less", "fewer"):
        return words[start] == "fewer" or before in neighbours()["compared_before"] or before[:1].isdigit()
    if match.has("both") and before != "between":
        return True
    return match.has("article") and after[:1].isalpha() and after not in match.lexicon.values["PREP"]


def duration(match: Match, args: str) -> Meaning | None:
    """An amount of time: five years, the six months, three-year, the past 13 months, two years ago.

    `args` names what it is counted from, if anything: `ago`, `hence`, `later`, `earlier`, `past`, `next`.
    """
    word = match.word("u")
    letter = match.lexicon.values["UNIT"].get(word) or match.lexicon.values["UNITS"].get(word)
    if (match.has("one") and _long_follows(match)) or _only_looks_so(match, args):
        return None
    if letter is None and match.has("s"):
        letter = "Y"
    if letter is None:
        return None
    if _is_fraction(match, letter):
        return None
    count, high = _count(match)
    if letter == "2W":
        letter, count = "W", None if count is None else 2 * count
        high = None if high is None else 2 * high
    if high is not None and count is not None and letter in ("M",) and args in ("next",):
        count = None
    if args in _BEFORE_STOP:
        following = (match.index("w") or 0) + 1
        stop = match.tokens.words[following : following + 1]
        if stop not in ([","], ["."], [";"], []) or (args == "on" and stop != [","]):
            return None
        args = _BEFORE_STOP[args]
    if match.word("u") in match.lexicon.values["UNIT"] and count is not None and count >= 1000:
        return None
    if not match.has("n") and match.id in ("time.all_unit", "time.duration_long"):
        count = 1.0
    if match.has("plus"):
        count = (1.0 if count is None else count) + 0.5
    if (
        count is None
        and args in ("ago", "later", "earlier")
        and word in match.lexicon.values["UNIT"]
        and not match.has("any")
    ):
        if match.id == "time.later" or (match.id in ("time.ago", "time.earlier") and letter != "Y"):
            return None  # "Election Day later this week"
        count = 1.0
    result = Meaning("duration", unit=letter, count=count, mod=_bound(match))
    if match.word("b") in match.lexicon.values["APPROX"]:
        result.start = match.tokens.starts[(match.index("b") or 0) + 1]
    if match.word("lead"):  # "each of the last three years"
        result.start = match.tokens.starts[(match.index("lead") or 0) + 2]
    if match.has("u2"):
        second = match.word("u2")
        other = match.lexicon.values["UNIT"].get(second) or match.lexicon.values["UNITS"].get(second)
        more = match.number("m") if match.has("m") else None
        if other is not None and _LENGTHS.index(other) >= _LENGTHS.index(letter):
            return None  # "two straight years, three years in a row"
        if other is not None and more is not None:
            result.extra = ((more, other),)
    if match.has("one") and match.word("one") in ("a", "an"):
        result.weak = "article"
    if not match.has("n") and not match.has("one") and not match.has("any") and count is None:
        result.weak = "bare"
    if args:
        result.steps = -1 if args in ("ago", "earlier", "past") else 1
        result.weak = None
        if args in ("ago", "hence", "later", "earlier"):
            result.kind = "shift"
            result.anchor = "published" if args in ("ago", "hence") else "text"
            result.mod = _POINT_MODS[result.steps].get(result.mod or "", result.mod)
        else:
            result.anchor = args
            if match.word("dir") in match.lexicon.values["FOLLOWING"]:
                result.anchor = "following"
    if match.has("o"):
        result.number = -1 if match.word("o") in ("last", "final") else match.integer("o")
    return result


_LENGTHS = ("TS", "TM", "TH", "D", "W", "WE", "2W", "M", "Q", "H", "Y", "E", "C", "L")
"""Units from the shortest to the longest."""


def long_word(match: Match, args: str) -> Meaning | None:
    """A duration in one word: weeklong, yearlong."""
    value = match.value("w", "LONGWORD") or ""
    unit = value[2:].replace("1", "") if value[1] == "T" else value[2:]
    return Meaning("duration", unit=("T" if value[1] == "T" else "") + unit, count=1.0)


def year_end(match: Match, args: str) -> Meaning | None:
    """The end of the year: year's end; "year-end" is the day of a balance sheet."""
    if args == "day":
        return Meaning("day", month=12, day=31, of=Meaning("unit", unit="Y"))
    return Meaning("unit", unit="Y", mod="END")


def closing_unit(match: Match, args: str) -> Meaning | None:
    """A unit that ends on the day behind it, as heads of reports have it: "Week ending: July 22"."""
    words, at = match.tokens.words, match.found.end()
    letter = match.value("u", "UNIT") or ""
    if words[at : at + 1] not in (["ending"], ["ended"]) or letter.startswith("T"):
        return None
    at += 2 if words[at + 1 : at + 2] in ([":"], [","], ["on"]) else 1
    dated = words[at : at + 1] and (words[at] in match.lexicon.values["MONTH"] or words[at][:1].isdigit())
    return Meaning("duration", unit=letter, count=1.0) if dated else None


def ordinal_unit(match: Match, args: str) -> Meaning | None:
    """The nth unit of a larger time: the first week of October, the last day of the month, the second day."""
    letter = match.value("u", "UNIT")
    if letter is None and match.has("wd"):
        letter = "wd" + str(match.lexicon.values["WEEKDAY"][match.word("wd")])
    if letter is None:
        return None
    word = match.word("o")
    number = -1 if word in ("last", "final") else match.integer("o")
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
    """A repeated time: every month, each Thursday, daily, Tuesdays, twice a week."""
    values = match.lexicon.values
    if args == "weekends":
        if match.tokens.words[match.found.start() - 1 : match.found.start()] not in (
            ["on"],
            ["at"],
            ["during"],
        ):
            return None
        return Meaning("set", code="XXXX-WXX-WE" if match.word("w") == "weekends" else "XXXX-WXX-WD")
    if args == "adverb":
        value = values["SETADV"][match.word("w")]
        return Meaning("set", code=_SET_TIMES.get((match.word("times"), value), value))
    if match.has("wd"):
        word = match.word("wd")
        number = values["WEEKDAY"].get(word) or values["WEEKDAYS"].get(word)
        part = match.value("p", "DAYPART") or match.value("p", "DAYPARTS") or ""
        return Meaning("set", code=f"XXXX-WXX-{int(number or 0) + 1}" + (f"T{part}" if part else ""))
    if match.has("mon"):
        return Meaning("set", code=f"XXXX-{int(values['MONTH'][match.word('mon')]):02d}")
    if match.has("s"):
        return Meaning("set", code="XXXX-" + (match.value("s", "SEASON") or ""))
    if match.has("p"):
        return Meaning("set", code="XXXX-XX-XXT" + (match.value("p", "DAYPART") or ""))
    letter = values["UNIT"].get(match.word("u")) or values["UNITS"].get(match.word("u"))
    if letter is None:
        return None
    if letter == "WE" and not match.has("n") and not match.has("other") and not args:
        return Meaning("set", code="XXXX-WXX-WE")
    if match.has("few"):
        return Meaning("set", unit=letter, count=None)
    count = match.number("n") or (2.0 if match.has("other") else 1.0)
    result = Meaning("set", unit=letter, count=count)
    if args:
        result.weak = args
    return None if args == "rate" and _long_follows(match) else result


def _clock_of_hours(match: Match) -> Meaning | None:
    """A time of day in four figures: "at 2100 hrs", not "for 2100 hours"."""
    figures, at = match.word("w"), match.found.start()
    before = match.tokens.words[at - 1] if at else ""
    if before not in neighbours()["clock_before"] or figures[2:] > "59":
        return None
    return Meaning("clock", clock=(int(figures[:2]), int(figures[2:]), None))


def clock(match: Match, args: str) -> Meaning | None:
    """A time of day: 5 p.m., 17:30, noon, six o'clock, ten in the morning."""
    if match.has("m"):
        value = match.lexicon.values["MOMENT"][match.word("m")]
        if ":" in value:
            hour, minute = value.split(":")
            return Meaning("clock", clock=(int(hour), int(minute) or None, None), code="named")
        return Meaning("daypart", code=value, weak="moment")
    if args == "hours":
        return _clock_of_hours(match)
    if args == "figures":
        figures = match.word("w")
        zone = match.index("tz") or 0
        if not match.tokens.text[match.tokens.starts[zone] :][:2].isupper() or figures[2:] > "59":
            return None
        return Meaning("clock", clock=(int(figures[:2]), int(figures[2:]), None))
    if match.has("h"):
        hour_ = match.integer("h")
        if hour_ is None or not 0 <= hour_ <= 24:
            return None
        result = Meaning("clock", clock=(hour_, None, None))
    else:
        found = re.fullmatch(r"(\d\d?)(?:[:.](\d\d))?(?::(\d\d))?\s?(?:([ap])\.?m\.?)?", match.word("w"))
        if found is None:
            return None
        hour_, half = int(found[1]), found[4]
        if half and not 1 <= hour_ <= 12 and hour_ > 12:
            half = None
        if half == "p" and hour_ < 12:
            hour_ += 12
        elif half == "a" and hour_ == 12:
            hour_ = 0
        result = Meaning(
            "clock",
            clock=(hour_, int(found[2]) if found[2] else None, int(found[3]) if found[3] else None),
            weak=None if found[4] or match.has("tz") else "clock",
        )
    if match.has("p") and result.clock is not None:
        part = match.value("p", "DAYPART")
        hours = result.clock[0]
        if (part in ("AF", "EV") and hours < 12) or (part == "NI" and 5 < hours < 12):
            result.clock = (hours + 12, *result.clock[1:])
        result.weak = None
    return result


def daypart(match: Match, args: str) -> Meaning | None:
    """A part of a day: this morning, last night, tonight, the evening."""
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
    """A duration of unknown length: a while, some time, a long period."""
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
