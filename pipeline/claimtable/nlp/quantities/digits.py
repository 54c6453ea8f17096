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
_MOST_GROUPS = 8  # tokens of a number in groups
_GROUP_SPACES = frozenset(" \u00a0\u2007\u2008\u2009\u202f")
_DENOMINATORS = frozenset((2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 24, 32, 50, 64, 100, 128, 1000))
_INCH_PARTS = frozenset((16, 32, 64, 128))
_SLASHES = frozenset("/⁄∕")
_MINUS = frozenset("-−–⁻")
_TIMES = ("x", "×", "*", "·")
_MOST_EXPONENT = 3  # digits
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def literal(token: str) -> float | None:
    """Return the value of a numeral, or None for what is no number (a version, a list, an identifier)."""
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
    """Return the number in digits that begins at token `i`, None where they are no number."""
    token = lex.tok[i]
    value = literal(token)
    if value is None:
        return None
    plain = token.isdigit()
    grouped = _grouped(lex, i, value) if plain and len(token) <= 3 and token[0] != "0" else None
    if grouped is not None:
        return grouped
    return _with_fraction(lex, i, value, plain) or _exponent(lex, Number(i, i + 1, value, plain=plain))


def _grouped(lex: Lexed, i: int, value: float) -> Number | None:
    """Return the number whose digits stand in groups of three, one space apart: "816 000"; None where no group follows."""
    j = i + 1
    while j - i < _MOST_GROUPS and _is_group(lex, j):
        if lex.text[lex.end[j - 1]] == " " and not _group_stands(lex, i, j):
            break
        value = value * 1000 + float(lex.tok[j])
        j += 1
        if "." in lex.tok[j - 1]:
            break
    if j > i + 1:
        return Number(i, j, value, plain=False)
    # "80, 000": a tokenized corpus; the group 000 can stand for nothing else
    if lex.tok[j] == "," and lex.joined(j) and lex.tok[j + 1] == "000" and lex.kind[j + 1] == NUMERAL:
        return Number(i, j + 2, value * 1000, plain=False)
    return None


def _is_group(lex: Lexed, j: int) -> bool:
    """Return whether token `j` has three digits, and decimals where it is the last, one space behind the token before."""
    if lex.kind[j] != NUMERAL or _gap(lex, j) != 1 or lex.text[lex.end[j - 1]] not in _GROUP_SPACES:
        return False
    whole, point, decimals = lex.tok[j].partition(".")
    return len(whole) == 3 and whole.isdigit() and (not point or decimals.isdigit())


def _gap(lex: Lexed, j: int) -> int:
    """Return the code points between token `j` and the one before it."""
    return lex.start[j] - lex.end[j - 1]


def _with_fraction(lex: Lexed, i: int, value: float, plain: bool) -> Number | None:
    """Return the number with the fraction behind its digits, or the fraction that they begin; None where there is none.

    "2¾", "10 1/2"; of prices "2.96½", a fraction of the last digit's place; "2-1/2", as the wire services of the 1990s have it.
    """
    j = i + 1
    if lex.kind[j] == FRACTION and (lex.joined(j) or (plain and _gap(lex, j) == 1)):
        part = FRACTIONS[lex.tok[j]] / 10 ** len(lex.tok[i].partition(".")[2])
        return Number(i, j + 1, value + part, plain=False)
    if not plain:
        return None
    if lex.kind[j] == NUMERAL and _gap(lex, j) <= 2 and (slashed := _slashed(lex, j)):
        return Number(i, j + 3, value + slashed, plain=False)
    dashed = lex.tok[j] == "-" and lex.joined(j) and lex.joined(j + 1)
    if dashed and (slashed := _slashed(lex, j + 1)):
        return Number(i, j + 4, value + slashed, plain=False)
    whole = _slashed(lex, i)
    return Number(i, i + 3, whole, plain=False, fraction=True) if whole else None


def _group_stands(lex: Lexed, i: int, j: int) -> bool:
    """Return a plain space joins groups only where the run of groups is not itself inside a list of numbers, nor "50 737 MAX jets"."""
    if lex.low[j + 1] in neighbours()["model_after"] and lex.tok[j + 1][0].isupper():
        return False
    return not (i > 0 and lex.kind[i - 1] == NUMERAL) and not (
        lex.kind[j + 1] == NUMERAL
        and lex.start[j + 1] - lex.end[j] == 1
        and len(lex.tok[j + 1].partition(".")[0]) != 3
    )


def _slashed(lex: Lexed, i: int) -> float | None:
    """Return the value of `3/4` at token `i`; None for dates and names such as 9/11 or 24/7."""
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
    """Return the number with `e+14`, `x10^6`, `×10−30`, `×10⁶` or `^23` behind it; reads `10⁶` itself."""
    base, k = _base(lex, number)
    if base is None:
        return number
    negative = lex.tok[k] in _MINUS
    if negative or lex.tok[k] == "+":
        k += 1
    digits = lex.tok[k].translate(_SUPERSCRIPTS)
    if not (digits.isascii() and digits.isdigit()) or len(digits) > _MOST_EXPONENT or not lex.joined(k):
        return number
    value = _raised(number.value, base, -int(digits) if negative else int(digits))
    return number if value is None else Number(number.first, k + 1, value)


def _base(lex: Lexed, number: Number) -> tuple[float | None, int]:
    """Return what is raised (10, 0 for the number itself, None for nothing) and the index of its exponent."""
    j = number.last
    if lex.low[j] == "e" and lex.joined(j):
        return 10.0, j + 1
    if lex.low[j] in _TIMES and lex.tok[j + 1] == "10":
        return 10.0, j + 2 + (lex.tok[j + 2] == "^")
    raised = lex.tok[j] == "^" or (number.value == 10 and lex.tok[j].translate(_SUPERSCRIPTS) != lex.tok[j])
    return (0.0, j + (lex.tok[j] == "^")) if raised and lex.joined(j) else (None, j)


def _raised(value: float, base: float, power: int) -> float | None:
    """Return `value` times `base` to the power, or itself to the power where `base` is 0; None where that is no finite number."""
    try:
        if base == 0.0:
            found: float = value**power
        elif "e" in repr(value):
            found = value * base**power
        else:
            found = float(f"{value!r}e{power}")
    except (OverflowError, ZeroDivisionError):
        return None
    return found if math.isfinite(found) else None
