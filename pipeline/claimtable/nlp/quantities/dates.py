"""Digits that are no quantities: dates, years, clock times, identifiers, numbers of names."""

from __future__ import annotations

import re

from claimtable.nlp.quantities.counted import is_plural
from claimtable.nlp.quantities.lexer import BREAK, NUMERAL, SYMBOL, WORD, Lexed
from claimtable.nlp.quantities.lexicon import calendar, neighbours, number_words, plurals, words
from claimtable.nlp.quantities.measures import money_after, unit_at
from claimtable.nlp.quantities.number import Number
from claimtable.nlp.quantities.numerals import parse

_ORDINAL = frozenset(("st", "nd", "rd", "th"))
_FIRST_YEAR, _LAST_YEAR = 1500, 2199
_OPENERS = frozenset("([{\"“”‘’'/,;:…~≈=<>—–≥≤+!?.|*•")
_RUN = 8  # tokens looked back at for the start of an identifier
_PARALLEL = frozenset(("and", ",", "but", "or"))
_PARALLEL_REACH = 10
_FIRST_MODERN, _LAST_MODERN = 1850, 2050  # what a bare numeral between is read as: a year of living memory
LARGEST_FORMAT = 16
"""Thousands of pixels across, or kilometres of a run, in the name of a format: 16K."""
_LEAST_DIALLED, _MOST_DIALLED = 6, 15  # digits of a telephone number; ITU-T E.164 allows 15
_CLOCK = re.compile(r"[ap]\.?m\b\.?", re.IGNORECASE)


def skip(lex: Lexed, i: int) -> int:
    """Returns the index behind a date, time, phone number or identifier at token `i`; `i` where there is none."""
    if lex.low[i + 1] == "o'clock":
        return i + 2
    if lex.kind[i] == WORD:
        return _spelled_year(lex, i)
    if lex.kind[i] != NUMERAL:
        return i
    token = lex.tok[i]
    j = i + 1
    if lex.low[j] == "x" and lex.joined(j) and lex.kind[j + 1] == NUMERAL and lex.joined(j + 1):
        # "4x4"; "3x5 metres" and "1.3x10^6" are amounts
        number = parse(lex, i)
        power = number is not None and number.last > j
        return i if power or unit_at(lex, j + 2) is not None else j + 2
    if lex.low[j] == "k" and lex.joined(j) and _is_format(lex, i):
        return j + 1
    if lex.low[j] in neighbours()["model_after"] and lex.tok[j][0].isupper() and token.isdigit():
        return j + 1
    shared = _shared_clock(lex, i) or _telephone(lex, i)
    if shared:
        return shared
    # chains of digits: 2012-05-03, 1-222-2222, 12:30, 10/05/2014, 192.168.0.1
    if (
        lex.kind[j] == SYMBOL
        and lex.tok[j] in "-/:–."
        and lex.joined(j)
        and lex.kind[j + 1] == NUMERAL
        and lex.joined(j + 1)
    ):
        k = j
        groups = 1
        while (
            lex.kind[k] == SYMBOL
            and lex.tok[k] in "-/:–"
            and lex.joined(k)
            and lex.kind[k + 1] == NUMERAL
            and lex.joined(k + 1)
        ):
            k += 2
            groups += 1
        if groups > 2:
            number = parse(lex, i) if lex.tok[k - 2] == "/" else None
            return i if number is not None and number.last == k else _past_clock(lex, k)
        if lex.tok[j] == ":":
            return _past_clock(lex, k)
        if lex.tok[j] in "-–":
            if _is_year(token) and (
                _is_year(lex.tok[j + 1]) or (len(lex.tok[j + 1]) == 2 and lex.tok[j + 1].isdigit())
            ):
                return k
            if lex.tok[j + 1].isdigit() and token.isdigit() and len(token) == 3 and len(lex.tok[j + 1]) == 4:
                return k
    if _list_mark(lex, i):
        return j
    if (
        lex.tok[j] == "/"
        and lex.joined(j)
        and lex.kind[j + 1] == NUMERAL
        and lex.joined(j + 1)
        and token.isdigit()
    ):
        part = parse(lex, i)
        return j + 2 if part is None or not part.fraction else i  # 9/11, 24/7
    if calendar().get(lex.low[j]) == "clock" and len(token) >= 4 and token[:4].isdigit():
        return j + 1  # 0740 UTC
    span = _days(lex, i)
    if span:
        return span
    following = lex.low[j]
    if lex.joined(j) and lex.kind[j] == WORD:
        if following in _ORDINAL:
            return j + 1
        if following == "s" and token.isdigit() and (len(token) in (2, 4) or (i and _named(lex, i - 1))):
            return j + 1
    if (
        following in ("am", "pm", "a.m", "p.m")
        or (following in ("a", "p") and lex.tok[j + 1] == "." and lex.low[j + 2] == "m")
    ) and _CLOCK.match(lex.text, lex.start[j]):
        return _past_clock(lex, j)
    if (
        calendar().get(following) == "month"
        and token.isdigit()
        and len(token) <= 2
        and lex.tok[j] != lex.low[j]
    ):
        k = j + 1
        if lex.kind[k] == NUMERAL and _is_year(lex.tok[k]):
            k += 1
        return k
    return i


def _shared_clock(lex: Lexed, i: int) -> int:
    """Returns the index behind "7 and 9 p.m.", "7-9pm"; 0 where there is none."""
    j = i + 1
    if not lex.tok[i].isdigit() or not (lex.is_dash(j) or lex.low[j] in ("and", "to", "or")):
        return 0
    if lex.kind[j + 1] != NUMERAL or len(lex.tok[i]) > 2:
        return 0
    last = _past_clock(lex, j + 2)
    return last if last > j + 2 else 0


def _is_format(lex: Lexed, i: int) -> bool:
    """True where "4K" names a resolution or a distance run, no thousands: "4K screens", "watch it in 4K", "a 5K race"."""
    if not lex.tok[i].isdigit() or int(lex.tok[i]) > LARGEST_FORMAT or (i and lex.kind[i - 1] == SYMBOL):
        return False
    if lex.low[i + 2] in neighbours()["format_after"]:
        return True
    alone = lex.kind[i + 2] != WORD or lex.low[i + 2] in words("function_words")
    return alone and i > 0 and lex.low[i - 1] in neighbours()["format_before"]


def _telephone(lex: Lexed, i: int) -> int:
    """Returns the index behind groups of digits that are dialled, "+41 22 555 0147", "call 0800 555 010"; 0 where there are none."""
    j, digits = i, 0
    while (
        lex.kind[j] == NUMERAL
        and lex.tok[j].isdigit()
        and (j == i or lex.start[j] - lex.end[j - 1] == 1 or lex.tok[j - 1] in "-)")
        and j - i < _RUN
    ):
        digits += len(lex.tok[j])
        j += 1
        if lex.tok[j] in ("-", ")") and lex.joined(j) and lex.kind[j + 1] == NUMERAL:
            j += 1
    if j < i + 2 or not _LEAST_DIALLED <= digits <= _MOST_DIALLED:
        return 0
    p = i - 1
    while p >= 0 and lex.tok[p] in ("(", ".", ":"):
        p -= 1
    dialled = p >= 0 and lex.low[p] in neighbours()["dialled"]
    international = i > 0 and lex.tok[i - 1] == "+" and lex.joined(i) and j > i + 2
    return j if dialled or international or (lex.tok[i][0] == "0" and len(lex.tok[i]) > 2) else 0


def _spelled_year(lex: Lexed, i: int) -> int:
    """Returns the index behind a year in words, "nineteen eighty-four"; `i` where there is none."""
    seeds = number_words()
    century = seeds.get(lex.low[i])
    if century is None or not _FIRST_YEAR // 100 <= century.value <= 20:
        return i
    j = i + 2 if lex.is_dash(i + 1) and lex.joined(i + 1) else i + 1
    tens = seeds.get(lex.low[j])
    if tens is None or tens.kind != "tens" or lex.kind[j] != WORD:
        return i
    last = j + 1
    if lex.is_dash(last) and lex.joined(last):
        ones = seeds.get(lex.low[last + 1])
        if ones is None or ones.kind != "digit":
            return i  # "twenty thirty-minute talks"
        last += 2
    elif (ones := seeds.get(lex.low[last])) is not None:
        if ones.kind != "digit":
            return i
        last += 1
    return i if unit_at(lex, last) is not None or money_after(lex, last) is not None else last


def _list_mark(lex: Lexed, i: int) -> bool:
    """True for "1." or "2)" at the start of a line and for a note "[3]"."""
    if not lex.tok[i].isdigit() or len(lex.tok[i]) > 3:
        return False
    before = lex.tok[i - 1] if i else ""
    after = lex.tok[i + 1]
    if before == "[" and after == "]":
        return True
    starts = i == 0 or lex.kind[i - 1] == BREAK
    return (
        starts and after in (".", ")", "]", "=") and lex.joined(i + 1) and (lex.spaced(i + 2) or after == "=")
    )


def _days(lex: Lexed, i: int) -> int:
    """Returns the index behind "7-9 December", "7 to 9 December", "December 7-9"; 0 where there is none."""
    if not lex.tok[i].isdigit() or len(lex.tok[i]) > 2:
        return 0
    joint = lex.low[i + 1]
    if (
        not (lex.is_dash(i + 1) or joint in ("to", "and", "or"))
        or lex.kind[i + 2] != NUMERAL
        or not lex.tok[i + 2].isdigit()
    ):
        return 0
    months = calendar()
    if months.get(lex.low[i + 3]) == "month" and lex.tok[i + 3][0].isupper():
        return i + 4
    p = i - 1
    if p > 0 and lex.tok[p] == ".":
        p -= 1
    if p >= 0 and months.get(lex.low[p]) == "month" and lex.tok[p][0].isupper() and lex.is_dash(i + 1):
        return i + 3
    return 0


def _past_clock(lex: Lexed, k: int) -> int:
    match = _CLOCK.match(lex.text, lex.start[k])
    if match and lex.start[k] - lex.end[k - 1] <= 1:
        while lex.start[k] < match.end() and lex.kind[k] != BREAK:
            k += 1
    return k


def _is_year(token: str) -> bool:
    return len(token) == 4 and token.isdigit() and _FIRST_YEAR <= int(token) <= _LAST_YEAR


def adjacent_name(lex: Lexed, number: Number) -> bool:
    """True for digits inside an identifier: XC40, COVID-19, B-303495, 24703L202, #5, v2, 5th, scp2-173m."""
    if number.words or number.signed:
        return False
    i, j = number.first, number.last
    if lex.joined(i) and _run_names(lex, i):
        return True
    if i > 1 and lex.tok[i - 1] == "(" and lex.joined(i) and lex.joined(i - 1) and lex.kind[i - 2] == NUMERAL:
        return True  # "Article 50(2)"
    if lex.kind[j] != WORD or not lex.joined(j):
        return lex.tok[j] == "_" and lex.joined(j)
    return not (
        unit_at(lex, j) is not None
        or lex.low[j] in neighbours()["touching"]
        or money_after(lex, j) is not None
    )


def _run_names(lex: Lexed, i: int) -> bool:
    """True if the characters that touch token `i` from the left make it part of an identifier."""
    p = i - 1
    if lex.kind[p] == WORD:
        return True
    while p >= max(0, i - _RUN):
        token = lex.tok[p]
        kind = lex.kind[p]
        if kind == BREAK or token in _OPENERS:
            return False
        if token == "%" and p and lex.kind[p - 1] == NUMERAL and lex.is_dash(p + 1):
            return False  # "4%-5%"
        if token in "_#@&%^\\":
            return True
        if kind == WORD and lex.low[p] not in neighbours()["number_prefix"] and not _counts(lex.low[p]):
            return True
        if lex.spaced(p):
            return False
        p -= 1
    return True


def is_date(lex: Lexed, number: Number) -> bool:
    """True for a bare year or a day of a month."""
    if number.words:
        return False
    i, _j = number.first, number.last
    before = lex.low[i - 1] if i else ""
    months = calendar()
    if number.plain and number.value <= 31:
        if months.get(before) == "month":
            return (
                before != "may"
                or lex.tok[i - 1] == "May"
                or (i > 1 and lex.low[i - 2] in neighbours()["may_before"])
            )
        if before == "." and i > 1 and months.get(lex.low[i - 2]) == "month":
            return True
    if number.last == i + 1 and number.plain and _is_year(lex.tok[i]):
        return not _year_counts(lex, i)
    return bool(before in ("'", "’", "‘") and number.plain and lex.joined(i) and len(lex.tok[i]) == 2)


def _year_counts(lex: Lexed, i: int) -> bool:
    """True where digits in the range of years count things: "2000 people", "more than 1900 cases", "1603 left in 2012"."""
    j = i + 1
    before = lex.low[i - 1] if i else ""
    value = int(lex.tok[i])
    if before in _PARALLEL and i > 2 and lex.kind[j] == WORD and _parallel(lex, i):
        return True
    if before in neighbours()["year_before"] and before not in neighbours()["count_before"]:
        return before == "to" and value < _FIRST_MODERN
    if lex.kind[j] != WORD or lex.low[j] in words("function_words"):
        return value < _FIRST_MODERN and before not in ("", ",", "the")
    if not (lex.tok[j] == lex.low[j] and is_plural(lex.low[j])):
        return False
    return (
        value % 100 == 0
        or before in neighbours()["count_before"]
        or not _FIRST_MODERN <= value <= _LAST_MODERN
        or lex.low[j] in plurals()
    )


def _parallel(lex: Lexed, i: int) -> bool:
    """True if the word behind token `i` stood behind another numeral shortly before: "152 left in 2011 and 1603 left"."""
    word = lex.low[i + 1]
    if word in words("function_words"):
        return False
    return any(
        lex.low[k] == word and lex.kind[k - 1] == NUMERAL for k in range(max(1, i - _PARALLEL_REACH), i)
    )


def clock_or_calendar(lex: Lexed, number: Number, unit_first: int) -> bool:
    """True for "5 a" in "$5 a month" and the like, where a one-letter time sign is an article."""
    return (
        lex.tok[unit_first] in ("a", "d", "h", "s")
        and not lex.joined(unit_first)
        and lex.kind[unit_first + 1] == WORD
        and lex.low[unit_first + 1] not in words("function_words")
    )


def _counts(word: str) -> bool:
    entry = number_words().get(word)
    return entry is not None and entry.kind != "suffix"


def in_name(lex: Lexed, number: Number, counts: bool) -> bool:
    """True for the number of a name or label: "Boeing 747", "Article 50", "category 4", "Big 12", "No. 5"."""
    if (
        number.first > 1
        and not counts
        and lex.low[number.first - 1] == "of"
        and lex.low[number.first - 2] in neighbours()["name_of"]
        and lex.tok[number.first - 2][0].isupper()
    ):
        return True  # "the Group of Seven"
    if number.words and not number.scaled and lex.tok[number.first][0].isupper():
        p = number.first - 1  # "The Ring Two"
        return p >= 0 and not counts and lex.kind[p] == WORD and _named(lex, p)
    if number.words or number.scaled:
        return False
    i, j = number.first, number.last
    p = i - 1
    if (
        lex.is_dash(j)
        and lex.joined(j)
        and lex.joined(j + 1)
        and lex.tok[j + 1][:1].isupper()
        and lex.low[j + 1] in number_words()
    ):
        return True  # "7-Eleven"
    if number.signed:  # "COVID -19 tests"
        return number.signed == "-" and p >= 0 and lex.tok[p].isupper() and lex.kind[j] == WORD
    if p >= 0:
        if lex.tok[p] == "#" or (
            lex.tok[p] == "." and p and lex.low[p - 1] in neighbours()["label_abbreviation"]
        ):
            return True
        if lex.kind[p] == WORD and lex.spaced(i) and (number.plain or "." in lex.tok[i]):
            word = lex.low[p]
            if word in words("label_nouns"):
                return True
            if _named(lex, p) and not (counts and calendar().get(word) is not None):
                return True
            if (
                word in ("the", "a")
                and not counts
                and lex.low[j] not in neighbours()["count_after"]
                and (number.value >= 100 or word == "the")
                and number.plain
            ):
                return (lex.kind[j] == WORD and lex.low[j] in words("function_words")) or number.value >= 1000
    if not number.plain:
        return False
    # "787 Dreamliner", "49 Zorro Ranch Road", "90049 ZIP Code": a capitalised singular behind plain digits
    if lex.kind[j] == WORD and lex.spaced(j) and lex.tok[j][0].isupper() and not counts:
        return lex.low[j] not in calendar()
    if number.first and lex.low[number.first - 1] in _PARALLEL and lex.kind[j] == WORD and _parallel(lex, i):
        return False
    return (
        number.value >= 1000
        and not counts
        and lex.kind[j] == WORD
        and lex.low[j] not in words("function_words")
    )


def is_variant(lex: Lexed, i: int) -> bool:
    """True for the number behind the dash of a model's name: "the A330-300", "A330-300E aircraft"."""
    dash = i - 1
    if dash < 2 or not (lex.is_dash(dash) and lex.joined(dash) and lex.joined(i)):
        return False
    letters = lex.tok[dash - 2]
    return lex.kind_is_digit(dash - 1) and lex.joined(dash - 1) and letters.isalpha() and letters.isupper()


def _named(lex: Lexed, p: int) -> bool:
    """True if token `p` is a name: capitalised inside ("iPhone"), or at its start and no opening function word."""
    token = lex.tok[p]
    if any(c.isupper() for c in token[1:]) and not token.isupper():
        return True
    return token[0].isupper() and lex.low[p] not in words("function_words")
