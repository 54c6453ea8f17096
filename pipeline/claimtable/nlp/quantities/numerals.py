"""Numbers in digits and words: where one starts, where it ends, what it is worth.

Digits follow the English (`1,234.5`), Indian (`1,00,000`), continental (`1.234,5`), Swiss (`1'234`) and
ISO 31-0 (`816 000`, any space) manners; words the English grammar of cardinals and fractions.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from claimtable.nlp.quantities.lexer import BREAK, FRACTION, FRACTIONS, NUMERAL, WORD, Lexed
from claimtable.nlp.quantities.lexicon import number_words

_BARE_SCALES = frozenset(("hundred", "thousand", "million", "billion", "trillion"))
_MAX_WORDS = 24  # tokens of the longest cardinal in words, the largest below 10^15 spelled out in full
_MAX_DIGITS = 40  # longer digit strings are identifiers; int() of a megabyte of digits is quadratic
_ENGLISH = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_INDIAN = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?")
_CONTINENTAL = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}")
_SWISS = re.compile(r"\d{1,3}(?:['’]\d{3})+(?:\.\d+)?")
_PLAIN = re.compile(r"\d+(?:\.\d+)?")
_DECIMAL_COMMA = re.compile(r"\d+,\d{1,2}")
_GROUP_SPACES = frozenset(" \u00a0\u2007\u2008\u2009\u202f")
_DENOMINATORS = frozenset((2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 24, 32, 50, 64, 100, 128, 1000))
_INCH_PARTS = frozenset((16, 32, 64, 128))
_SLASHES = frozenset("/⁄∕")
_MINUS = frozenset("-−–")


@dataclass(slots=True)
class Number:
    """A number over the tokens `first`..`last` (exclusive)."""

    first: int
    last: int
    value: float
    words: bool = False
    """Written in words."""
    scaled: bool = False
    """Bears a scale word or suffix (million, bn, k)."""
    mantissa: float = 0.0
    """The value before the scale."""
    fraction: bool = False
    """A fraction of a whole: "two-thirds", "half", "one in five", ¾."""
    vague: bool = False
    """A bare plural scale: "millions of"; `high` is the end of its range."""
    high: float = 0.0
    scale: float = 1.0
    signed: str = ""
    plain: bool = False
    """Digits only, no separator, sign or scale: the shape of a year or an identifier."""


def literal(token: str) -> float | None:
    """Returns the value of a numeral, or None for what is no number (a version, a list, an identifier)."""
    if len(token) > _MAX_DIGITS:
        return None
    if _PLAIN.fullmatch(token):
        return float(token)
    if _ENGLISH.fullmatch(token) or _INDIAN.fullmatch(token):
        return float(token.replace(",", ""))
    if _SWISS.fullmatch(token):
        return float(token.replace("'", "").replace("’", ""))
    if _CONTINENTAL.fullmatch(token):
        return float(token.replace(".", "").replace(",", "."))
    if _DECIMAL_COMMA.fullmatch(token):
        return float(token.replace(",", "."))
    return None


def parse(lex: Lexed, i: int) -> Number | None:
    """Returns the number that starts at token `i`, with its scale, or None."""
    kind = lex.kind[i]
    if kind == NUMERAL:
        number = _digits(lex, i)
    elif kind == FRACTION:
        number = Number(i, i + 1, FRACTIONS[lex.tok[i]], fraction=True)
    elif kind == WORD:
        number = _words(lex, i)
    elif lex.tok[i] == "." and lex.kind[i + 1] == NUMERAL and lex.joined(i + 1) and _opens(lex, i):
        digits = lex.tok[i + 1]
        number = Number(i, i + 2, float("0." + digits)) if digits.isdigit() and len(digits) < 20 else None
    else:
        return None
    if number is None:
        return None
    number.mantissa = number.value
    if not number.words:
        _scale_words(lex, number)
    if not math.isfinite(number.value):
        return None
    return number


def _opens(lex: Lexed, i: int) -> bool:
    return lex.spaced(i) or lex.tok[i - 1] in "($£€¥+-−~["


def _digits(lex: Lexed, i: int) -> Number | None:
    token = lex.tok[i]
    value = literal(token)
    if value is None:
        return None
    j = i + 1
    plain = token.isdigit()
    grouped = False
    if plain and len(token) <= 3 and token[0] != "0":
        # 816 000: groups of exactly three digits, one space each, none before the first
        while (
            j - i < 8
            and lex.kind[j] == NUMERAL
            and lex.start[j] - lex.end[j - 1] == 1
            and lex.text[lex.end[j - 1]] in _GROUP_SPACES
            and len(lex.tok[j].partition(".")[0]) == 3
            and (group := lex.tok[j].partition("."))[0].isdigit()
            and (not group[1] or group[2].isdigit())
        ):
            if lex.text[lex.end[j - 1]] == " " and not _group_stands(lex, i, j):
                break
            value = value * 1000 + float(lex.tok[j])
            grouped = True
            j += 1
            if group[1]:
                break
        # "80, 000": a tokenized corpus; the group 000 can stand for nothing else
        if (
            not grouped
            and lex.tok[j] == ","
            and lex.joined(j)
            and lex.tok[j + 1] == "000"
            and lex.kind[j + 1] == NUMERAL
        ):
            value *= 1000
            j += 2
            grouped = True
    number = Number(i, j, value, plain=plain and not grouped)
    if grouped:
        return number
    # 2¾, 10 1/2
    if lex.kind[j] == FRACTION and (lex.joined(j) or (plain and lex.start[j] - lex.end[j - 1] == 1)):
        # "2¾"; of prices "2.96½", a fraction of the last digit's place
        number.value += FRACTIONS[lex.tok[j]] / 10 ** len(token.partition(".")[2])
        number.last = j + 1
        number.plain = False
        return number
    if plain and lex.kind[j] == NUMERAL and lex.start[j] - lex.end[j - 1] <= 2 and (part := _slashed(lex, j)):
        number.value += part
        number.last = j + 3
        number.plain = False
        return number
    if plain and (part := _slashed(lex, i)):
        number.value = part
        number.last = i + 3
        number.fraction = True
        number.plain = False
        return number
    return _exponent(lex, number)


def _group_stands(lex: Lexed, i: int, j: int) -> bool:
    """A plain space joins groups only where the run of groups is not itself inside a list of numbers."""
    return not (i > 0 and lex.kind[i - 1] == NUMERAL) and not (
        lex.kind[j + 1] == NUMERAL
        and lex.start[j + 1] - lex.end[j] == 1
        and len(lex.tok[j + 1].partition(".")[0]) != 3
    )


def _slashed(lex: Lexed, i: int) -> float | None:
    """Returns the value of `3/4` at token `i`; None for dates and names such as 9/11 or 24/7."""
    if (
        lex.tok[i + 1] not in _SLASHES
        or lex.kind[i + 2] != NUMERAL
        or not lex.joined(i + 1)
        or not lex.joined(i + 2)
    ):
        return None
    above, below = lex.tok[i], lex.tok[i + 2]
    if not (above.isdigit() and below.isdigit() and len(above) <= 3 and len(below) <= 4):
        return None
    if int(below) not in _DENOMINATORS or not 0 < int(above) < int(below):
        return None
    if int(below) > 12 and int(above) > 1 and (int(below) not in _INCH_PARTS or int(above) % 2 == 0):
        return None  # "19/20 years": two numbers
    if lex.tok[i + 3] in _SLASHES and lex.joined(i + 3):
        return None
    return int(above) / int(below)


def _exponent(lex: Lexed, number: Number) -> Number:
    """Extends a numeral by `e+14`, `x10^6`, `×10−30`, `^23`."""
    j = number.last
    base: float | None = None
    k = j
    if lex.low[j] == "e" and lex.joined(j):
        base, k = 10.0, j + 1
    elif lex.low[j] in ("x", "×", "*", "·") and lex.tok[j + 1] == "10":
        base, k = 10.0, j + 2
        if lex.tok[k] == "^":
            k += 1
    elif lex.tok[j] == "^" and lex.joined(j):
        base, k = 0.0, j + 1
    if base is None:
        return number
    negative = lex.tok[k] in _MINUS
    if negative or lex.tok[k] == "+":
        k += 1
    digits = lex.tok[k]
    if lex.kind[k] != NUMERAL or not digits.isdigit() or len(digits) > 3 or not lex.joined(k):
        return number
    power = -int(digits) if negative else int(digits)
    try:
        value = (
            number.value**power
            if base == 0.0
            else float(f"{number.value!r}e{power}")
            if "e" not in repr(number.value)
            else number.value * base**power
        )
    except (OverflowError, ZeroDivisionError):
        return number
    if not math.isfinite(value):
        return number
    return Number(number.first, k + 1, value)


def _scale_words(lex: Lexed, number: Number) -> None:
    """Extends a number in digits by `million`, `lakh crore`, `hundred`, `dozen`, `thousand 3 hundred and 21`."""
    words = number_words()
    j = number.last
    if lex.is_dash(j) and lex.joined(j) and lex.joined(j + 1):
        entry = words.get(lex.low[j + 1])
        if entry is None or entry.kind != "scale":
            return
        j += 1
    for _ in range(3):
        entry = words.get(lex.low[j])
        if entry is None or entry.kind not in ("scale", "hundred", "group", "scales"):
            break
        if lex.kind[j + 1] == NUMERAL and lex.joined(j + 1):
            break  # "2004 MN4"
        if (
            entry.kind == "scales"
            and (lex.low[j] in ("dozens", "tens", "hundreds") or lex.low[j + 1] == "of")
            and lex.low[j] != "dozens"
        ):
            break
        number.value *= entry.value
        number.scale *= entry.value
        number.scaled = True
        number.fraction = False
        number.plain = False
        j += 1
        number.last = j
    if not number.scaled:
        return
    # "3 million and a half", "4 thousand 3 hundred and 21"
    if (
        lex.low[j] == "and"
        and lex.low[j + 1] == "a"
        and lex.low[j + 2] == "half"
        and lex.low[j + 3] not in words
    ):
        number.value += number.scale / 2
        number.last = j + 3
        return
    k = j + 1 if lex.low[j] == "and" else j
    if (
        lex.kind[k] == NUMERAL
        and lex.tok[k].isdigit()
        and number.value == int(number.value)
        and lex.spaced(k)
    ):
        entry = words.get(lex.low[k + 1])
        rest = float(lex.tok[k])
        if entry is not None and entry.kind in ("hundred", "scale") and rest * entry.value < number.scale:
            tail = Number(k, k + 1, rest)
            _scale_words(lex, tail)
            number.value += tail.value
            number.last = tail.last
        elif k > j and rest < number.scale and number.scale <= 1000 and len(lex.tok[k]) < 4:
            number.value += rest
            number.last = k + 1


_JOINS = frozenset(("-", "–", "‐", "‑"))


def _next(lex: Lexed, j: int) -> int:
    """Returns the index of the next word of a number in words, over a hyphen or spaces."""
    if lex.tok[j] in _JOINS and lex.kind[j + 1] == WORD:
        return j + 1
    return j


def _words(lex: Lexed, i: int, *, inner: bool = False) -> Number | None:
    """Parses a cardinal or fraction in words at token `i`; `inner` where it is itself what follows an "and"."""
    words = number_words()
    low = lex.low
    article = low[i] in ("a", "an")
    entry = words.get(low[i])
    if article:
        entry = words.get(low[i + 1])
        if entry is None or lex.kind[i + 1] != WORD:
            return None
        if entry.kind == "couple":
            return _couple(lex, i, i + 1)
        if entry.kind in ("half", "fraction", "ordinal"):
            return _article_fraction(lex, i, entry.kind)
        if entry.kind in ("hundred", "scale") or (entry.kind == "group" and lex.kind[i + 2] == WORD):
            return _cardinal(lex, i, i + 1, implicit=True, inner=inner)
        return None
    if entry is None:
        return None
    if entry.kind in ("digit", "tens"):
        return _cardinal(lex, i, i, implicit=False, inner=inner)
    if entry.kind in ("hundred", "scale"):
        # "hundred dollars", "million-dollar"; the abbreviations need digits before them, and "several hundred" is vague
        if lex.low[i] not in _BARE_SCALES or (i and lex.low[i - 1] in ("several", "few", "many")):
            return None
        return _cardinal(lex, i, i, implicit=True, inner=inner)
    if entry.kind == "group":
        return Number(i, i + 1, entry.value, words=True, scale=entry.value) if _dozen_stands(lex, i) else None
    if entry.kind == "couple":
        return _couple(lex, i, i) if low[i] == "couple" and low[i + 1] == "of" else None
    if entry.kind == "half":
        return _half(lex, i, i)
    if low[i] == "quarter" and (scale := words.get(low[i + 1])) is not None and scale.kind == "scale":
        return Number(i, i + 2, scale.value / 4, words=True, scaled=True, scale=scale.value)
    if entry.kind == "scales":
        return _vague(lex, i)
    return None


def _dozen_stands(lex: Lexed, i: int) -> bool:
    """True for "dozen" with a noun behind it, not "a baker's dozen", "a few dozen", "by the dozen"."""
    before = lex.low[i - 1] if i else ""
    return (
        lex.low[i] == "dozen"
        and lex.kind[i + 1] == WORD
        and before not in ("few", "several", "the", "many")
        and not before.endswith("'s")
        and lex.low[i + 1] not in ("is", "was", "are", "or", "and", "of", "to", "in")
    )


def _couple(lex: Lexed, first: int, at: int) -> Number | None:
    """Reads "a couple of", "a couple of dozen", "a pair of"."""
    if lex.low[at + 1] != "of":
        return None
    j = at + 2
    scale = number_words().get(lex.low[j])
    if scale is not None and scale.kind in ("group", "scale", "hundred"):
        return Number(first, j + 1, 2 * scale.value, words=True, scaled=True, scale=scale.value)
    return None  # "a couple of months" is vague: two or a few


def _half(lex: Lexed, first: int, at: int) -> Number | None:
    """Reads "half", "half a million", "half a dozen"; "half-year" and "first half" are no fractions."""
    words = number_words()
    j = at + 1
    if lex.low[j] in ("a", "an", "of"):
        j += 1
        if lex.low[j] in ("a", "an"):
            j += 1
    scale = words.get(lex.low[j])
    if scale is not None and scale.kind in ("scale", "group", "hundred"):
        return Number(first, j + 1, scale.value / 2, words=True, scaled=True, scale=scale.value)
    return Number(first, at + 1, 0.5, words=True, fraction=True)


def _article_fraction(lex: Lexed, i: int, kind: str) -> Number | None:
    """Reads "a half", "a third", "a quarter of a million", "a trillionth"."""
    words = number_words()
    j = i + 1
    if kind == "half":
        return _half(lex, i, j)
    below = words[lex.low[j]].value
    if lex.low[j] == "quarter":
        k = j + 1
        if lex.low[k] == "of" and lex.low[k + 1] in ("a", "an"):
            k += 2
        scale = words.get(lex.low[k])
        if scale is not None and scale.kind == "scale":
            return Number(i, k + 1, scale.value / 4, words=True, scaled=True, scale=scale.value)
    # "a third party", "a fifth term" are ordinals; a fraction is followed by "of", punctuation or a function word
    if lex.kind[j + 1] == WORD and lex.low[j + 1] not in (
        "of",
        "the",
        "and",
        "in",
        "to",
        "are",
        "is",
        "was",
        "were",
        "said",
        "less",
        "more",
        "higher",
        "lower",
        "last",
        "from",
        "on",
        "for",
        "by",
        "as",
        "or",
        "have",
        "had",
        "would",
        "will",
        "each",
    ):
        return None
    if lex.is_dash(j + 1) and lex.joined(j + 1):
        return None
    if lex.low[j] == "quarter" and lex.low[j + 1] != "of":
        return None  # three months
    return Number(i, j + 1, 1 / below, words=True, fraction=True)


def _vague(lex: Lexed, i: int) -> Number | None:
    """Reads "millions of", "tens of thousands of", "dozens of": from one scale to the next."""
    words = number_words()
    value = words[lex.low[i]].value
    j = i + 1
    while (
        j - i < 6
        and lex.low[j] == "of"
        and (entry := words.get(lex.low[j + 1])) is not None
        and entry.kind == "scales"
    ):
        value *= entry.value
        j += 2
    if lex.low[j] != "of" and j == i + 1:
        return None
    return Number(i, j, value, words=True, vague=True, scaled=True, high=value * 10, scale=value)


def _cardinal(lex: Lexed, first: int, i: int, *, implicit: bool, inner: bool) -> Number | None:
    """Parses a cardinal in words from token `i`; `implicit` where a scale word stands without a digit."""
    words = number_words()
    low = lex.low
    total = 0.0  # finished groups
    group = 0.0  # the running group below the next scale
    seen = "none"
    lowest = math.inf
    scaled = False
    scale_of = 1.0
    j = i
    last = i
    while j - i < _MAX_WORDS:
        entry = words.get(low[j])
        if entry is None or lex.kind[j] != WORD:
            break
        kind = entry.kind
        if kind == "digit":
            if seen in ("digit", "teen") or (seen == "tens" and not 1 <= entry.value <= 9):
                break
            group += entry.value
            seen = "digit" if entry.value < 10 else "teen"
            if seen == "teen" and last != j and seen == "tens":
                break
        elif kind == "tens":
            if seen in ("digit", "tens", "teen"):
                break
            group += entry.value
            seen = "tens"
        elif kind == "hundred":
            if seen == "hundred":
                break
            group = (group or 1.0) * 100
            if group == 100 and not implicit and seen == "none" and total:
                break
            seen = "hundred"
            scaled, scale_of = True, 100.0
        elif kind in ("scale", "group"):
            if seen == "scale" and total and entry.value > 1000:
                total *= entry.value  # "hundred thousand million", "lakh crore"
                scale_of = entry.value
            elif entry.value >= lowest:
                if group == 0 and total:
                    total *= entry.value
                else:
                    break
            else:
                total += (group or 1.0) * entry.value
                group = 0.0
            lowest = min(lowest, entry.value)
            seen = "scale"
            scaled, scale_of = True, entry.value
        else:
            break
        last = j + 1
        k = _next(lex, last)
        following = words.get(low[k])
        if low[last] == "and" and seen in ("hundred", "scale"):
            after = words.get(low[last + 1])
            if after is not None and after.kind in ("digit", "tens"):
                j = last + 1
                continue
            break
        if following is None:
            break
        if k == last and lex.kind[last] != WORD:
            break
        j = k
    if last == i:
        return None
    value = total + group
    number = Number(first, last, value, words=True, scaled=scaled, scale=scale_of)
    return _word_tail(lex, number, total, group, inner=inner)


def _word_tail(lex: Lexed, number: Number, total: float, group: float, *, inner: bool) -> Number:
    """Extends a cardinal in words by "point five", "and a half", and turns "two thirds" into a fraction."""
    words = number_words()
    low = lex.low
    j = number.last
    if low[j] == "point" and (entry := words.get(low[j + 1])) is not None and entry.kind in ("digit", "tens"):
        text = ""
        k = j + 1
        while (
            (entry := words.get(low[k])) is not None
            and entry.kind in ("digit", "tens")
            and lex.kind[k] == WORD
        ):
            if (
                entry.kind == "tens"
                and (unit := words.get(low[_next(lex, k + 1)])) is not None
                and unit.kind == "digit"
            ):
                text += str(int(entry.value + unit.value))
                k = _next(lex, k + 1) + 1
            else:
                text += str(int(entry.value))
                k += 1
            if len(text) > 12:
                break
        number.value += float("0." + text)
        number.last = k
        scale = words.get(low[k])
        if scale is not None and scale.kind in ("scale", "hundred"):
            number.value *= scale.value
            number.last = k + 1
            number.scaled, number.scale = True, scale.value
        return number
    k = _next(lex, j)
    entry = words.get(low[k])
    if entry is not None and lex.kind[k] == WORD:
        plural = entry.kind == "fraction" and low[k] not in ("quarters", "halves")
        if entry.kind == "fraction" and low[k] == "quarter" and number.value != 1:
            plural = False
            entry = None
        elif entry.kind == "ordinal" and not (number.value == 1 and _fraction_stands(lex, k)):
            entry = None
        if (
            entry is not None
            and (plural or low[k] in ("quarters", "halves") or number.value == 1)
            and entry.kind in ("fraction", "ordinal")
        ):
            if (
                low[k] == "quarters"
                and low[k + 1] not in ("of", "the")
                and (scale := words.get(low[k + 1])) is not None
                and scale.kind == "scale"
            ):
                number.value = number.value / 4 * scale.value
                number.last = k + 2
                number.scaled = True
                return number
            if low[k] == "quarters" and low[k + 1] != "of" and number.value > 3:
                return number  # "five quarters of growth" in a row: quarters of years
            if low[k] == "quarters" and low[k + 1] != "of" and k == j:
                return number
            number.value /= entry.value
            number.last = k + 1
            number.fraction = True
            number.scaled = False
            return number
    if low[j] == "and" and not inner:
        start = j + 1
        part = (
            _words(lex, start, inner=True)
            if low[start] in ("a", "an", "half", "one", "two", "three") or words.get(low[start])
            else None
        )
        if (
            part is not None
            and part.fraction
            and part.value < 1
            and (low[start] in ("a", "an") or low[start] in words)
        ):
            # "two million and a half" is 2.5 million; "two million and three fifths" likewise
            number.value += part.value * (number.scale if number.scaled and number.scale >= 1000 else 1.0)
            number.last = part.last
            scale = words.get(low[number.last])
            if scale is not None and scale.kind == "scale" and not number.scaled:
                number.value *= scale.value
                number.last += 1
                number.scaled, number.scale = True, scale.value
    return number


def _fraction_stands(lex: Lexed, k: int) -> bool:
    """Reads "one third of", "one-fourth": but not "one third party"."""
    if lex.is_dash(k - 1):
        return True
    following = lex.low[k + 1]
    return lex.kind[k + 1] in (BREAK,) or following in (
        "of",
        "the",
        "and",
        ",",
        ".",
        ";",
        ")",
        "less",
        "more",
        "as",
    )
