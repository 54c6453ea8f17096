"""Numbers in digits: their separators, signs of fractions and powers of ten.

The English (`1,234.5`), Indian (`1,00,000`), continental (`1.234,5`), Swiss (`1'234`) and ISO 31-0
(`816 000`, any space) manners.
"""

from __future__ import annotations

import math
import re

from claimtable.nlp.quantities.lexer import FRACTION, FRACTIONS, NUMERAL, Lexed
from claimtable.nlp.quantities.lexicon import neighbours
from claimtable.nlp.quantities.number import Number

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
_MINUS = frozenset("-−–⁻")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


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


def read_digits(lex: Lexed, i: int) -> Number | None:
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
    # 2-1/2, as the wire services of the 1990s have it
    if plain and lex.tok[j] == "-" and lex.joined(j) and lex.joined(j + 1) and (part := _slashed(lex, j + 1)):
        number.value += part
        number.last = j + 4
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
    """A plain space joins groups only where the run of groups is not itself inside a list of numbers, nor "50 737 MAX jets"."""
    if lex.low[j + 1] in neighbours()["model_after"] and lex.tok[j + 1][0].isupper():
        return False
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
    """Extends a numeral by `e+14`, `x10^6`, `×10−30`, `×10⁶`, `^23`; reads `10⁶` itself."""
    j = number.last
    base: float | None = None
    k = j
    if lex.low[j] == "e" and lex.joined(j):
        base, k = 10.0, j + 1
    elif lex.low[j] in ("x", "×", "*", "·") and lex.tok[j + 1] == "10":
        base, k = 10.0, j + 2
        if lex.tok[k] == "^":
            k += 1
    elif lex.joined(j) and (
        lex.tok[j] == "^" or (number.value == 10 and lex.tok[j].translate(_SUPERSCRIPTS) != lex.tok[j])
    ):
        base, k = 0.0, j + (lex.tok[j] == "^")
    if base is None:
        return number
    negative = lex.tok[k] in _MINUS
    if negative or lex.tok[k] == "+":
        k += 1
    digits = lex.tok[k].translate(_SUPERSCRIPTS)
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 3 or not lex.joined(k):
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
