"""Digits that are no quantities: dates, years, clock times, identifiers, numbers of names."""

from __future__ import annotations

import re

from claimtable.nlp.quantities.lexer import BREAK, NUMERAL, SYMBOL, WORD, Lexed
from claimtable.nlp.quantities.lexicon import calendar, words
from claimtable.nlp.quantities.measures import unit_at
from claimtable.nlp.quantities.numerals import Number

_ORDINAL = frozenset(("st", "nd", "rd", "th"))
_FIRST_YEAR, _LAST_YEAR = 1500, 2100
_YEAR_BEFORE = frozenset(
    ["in", "since", "from", "until", "till", "by", "of", "during", "before", "after", "around", "early", "late", "mid", "year", "fiscal", "spring", "summer", "autumn", "fall", "winter", "through", "to", "between", "and", "for", "circa", "c", "the", "q1", "q2", "q3", "q4", "quarter", "fy"]
)
_SUFFIX_NAMES = frozenset(["sub", "minus", "plus", "negative", "mid", "pre", "post", "about", "to", "over", "under", "and", "or"])
_CLOCK = re.compile(r"[ap]\.?m\b\.?", re.IGNORECASE)


def skip(lex: Lexed, i: int) -> int:
    """Returns the index behind a date, time, phone number or identifier at token `i`; `i` where there is none."""
    if lex.kind[i] != NUMERAL:
        return i
    token = lex.tok[i]
    j = i + 1
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
            return _past_clock(lex, k)
        if lex.tok[j] == ":":
            return _past_clock(lex, k)
        if lex.tok[j] in "-–":
            if _is_year(token) and (
                _is_year(lex.tok[j + 1]) or (len(lex.tok[j + 1]) == 2 and lex.tok[j + 1].isdigit())
            ):
                if not _year_counts(lex, k):
                    return k
            if lex.tok[j + 1].isdigit() and token.isdigit() and len(token) == 3 and len(lex.tok[j + 1]) == 4:
                return k
    following = lex.low[j]
    if lex.joined(j) and lex.kind[j] == WORD:
        if following in _ORDINAL:
            return j + 1
        if following == "s" and token.isdigit() and len(token) in (2, 4):
            return j + 1
    if following in ("am", "pm", "a.m", "p.m") or (
        following in ("a", "p") and lex.tok[j + 1] == "." and lex.low[j + 2] == "m"
    ):
        if _CLOCK.match(lex.text, lex.start[j]):
            return _past_clock(lex, j)
    if following in ("o'clock",):
        return j + 1
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


def _past_clock(lex: Lexed, k: int) -> int:
    match = _CLOCK.match(lex.text, lex.start[k])
    if match and lex.start[k] - lex.end[k - 1] <= 1:
        while lex.start[k] < match.end() and lex.kind[k] != BREAK:
            k += 1
    return k


def _is_year(token: str) -> bool:
    return len(token) == 4 and token.isdigit() and _FIRST_YEAR <= int(token) <= _LAST_YEAR


def adjacent_name(lex: Lexed, number: Number) -> bool:
    """True for digits inside an identifier: XC40, COVID-19, B-303495, 24703L202, #5, v2, 5th, 4K."""
    if number.words:
        return False
    i, j = number.first, number.last
    if number.signed:
        return False
    if lex.joined(i):
        p = i - 1
        if lex.kind[p] in (WORD, NUMERAL) or lex.tok[p] in "_#@&=%\\^":
            return lex.tok[p] not in ("=", "^") or lex.kind[p] != SYMBOL
        if lex.tok[p] in "-–/." and lex.joined(p) and p > 0 and lex.kind[p - 1] == WORD:
            if lex.low[p - 1] in _SUFFIX_NAMES:
                return False
            return True
    if lex.kind[j] == WORD and lex.joined(j):
        if (
            unit_at(lex, j) is None
            and lex.low[j]
            not in (
                "k",
                "m",
                "mm",
                "b",
                "t",
                "mn",
                "bn",
                "tn",
                "mln",
                "mil",
                "bln",
                "tln",
                "mio",
                "trn",
                "x",
                "fold",
                "yo",
                "p",
                "c",
            )
            and len(lex.tok[j]) < 3
        ):
            return not lex.tok[j].isupper() or True
        if lex.joined(j + 1) and lex.kind[j + 1] == NUMERAL:
            return True
        if len(lex.tok[j]) >= 3 and unit_at(lex, j) is None:
            return True
    return bool(lex.tok[j] == "_" and lex.joined(j))


def is_date(lex: Lexed, number: Number) -> bool:
    """True for a bare year or a day of a month."""
    if number.words:
        return False
    i, j = number.first, number.last
    before = lex.low[i - 1] if i else ""
    months = calendar()
    if (
        number.plain
        and number.value <= 31
        and (
            months.get(before) == "month"
            or (before == "." and i > 1 and months.get(lex.low[i - 2]) == "month")
        )
    ):
        if before != "may" or lex.tok[i - 1] == "May":
            return True
    if number.last == i + 1 and number.plain and _is_year(lex.tok[i]) and not number.signed:
        return not _year_counts(lex, j) or (before in _YEAR_BEFORE and not _plural_follows(lex, j))
    # "Sept. 30, 2014" is one numeral token "30,2014" when the space is missing: no number at all
    return bool(before in ("'", "’") and number.plain and lex.joined(i) and len(lex.tok[i]) == 2)


def _plural_follows(lex: Lexed, j: int) -> bool:
    from claimtable.nlp.quantities.counted import is_plural

    return any(lex.kind[k] == WORD and lex.tok[k] == lex.low[k] and is_plural(lex.low[k]) for k in (j,))


def _year_counts(lex: Lexed, j: int) -> bool:
    """True where a number in the range of years stands right before a plural noun in lower case: "2000 people"."""
    return _plural_follows(lex, j) and lex.low[j] not in ("was", "has", "saw", "does")


def clock_or_calendar(lex: Lexed, number: Number, unit_first: int) -> bool:
    """True for "5 a" in "$5 a month" and the like, where a one-letter time sign is an article."""
    return (
        lex.tok[unit_first] in ("a", "d", "h", "s")
        and not lex.joined(unit_first)
        and lex.kind[unit_first + 1] == WORD
        and lex.low[unit_first + 1] not in words("function_words")
    )


def ordinal_second(lex: Lexed, i: int) -> bool:
    """True where "second" is the ordinal, not the unit: "two second homes" reads either way, "a second" is not here."""
    return False


def in_name(lex: Lexed, number: Number, counts: bool) -> bool:
    """True for the number of a name or label: "Boeing 747", "Article 50", "category 4", "Big 12", "No. 5"."""
    if number.words or number.signed or number.scaled:
        return False
    i = number.first
    p = i - 1
    if p < 0:
        return False
    if lex.tok[p] == "#" or (
        lex.tok[p] == "." and lex.low[p - 1] in ("no", "nos", "vol", "art", "sec", "fig", "p", "pp", "ch")
    ):
        return True
    if lex.kind[p] != WORD or not lex.spaced(i) or (not number.plain and "." not in lex.tok[i]):
        return False
    word = lex.low[p]
    if word in words("label_nouns"):
        return True
    if lex.tok[p][0].isupper() and word not in words("function_words"):
        sentence_start = p == 0 or lex.kind[p - 1] == BREAK or lex.tok[p - 1] in '.?!"“:;'
        if sentence_start and counts and number.value != int(number.value):
            return False
        return not (counts and calendar().get(word) is not None)
    return False
