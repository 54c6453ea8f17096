"""Numbers in digits and words: where one starts, where it ends, what it is worth."""

from __future__ import annotations

import math

from claimtable.nlp.quantities.cardinals import add_part, read_words
from claimtable.nlp.quantities.digits import read_digits
from claimtable.nlp.quantities.lexer import FRACTION, FRACTIONS, NUMERAL, WORD, Lexed
from claimtable.nlp.quantities.lexicon import number_words
from claimtable.nlp.quantities.number import Number

_MOST_SCALES = 3  # "3 lakh crore"
_OPENING = frozenset("($£€¥+-−~[")
_MOST_DIGITS = 20


def parse(lex: Lexed, i: int) -> Number | None:
    """Return the number that starts at token `i`, with its scale, or None."""
    kind = lex.kind[i]
    if kind == NUMERAL:
        number = read_digits(lex, i)
    elif kind == FRACTION:
        number = Number(i, i + 1, FRACTIONS[lex.tok[i]], fraction=True)
    elif kind == WORD:
        number = read_words(lex, i)
    else:
        number = _point(lex, i)
    if number is None:
        return None
    number.mantissa = number.value
    if not number.words:
        _scale_words(lex, number)
        if number.scaled:
            _lower_scales(lex, number)
        if lex.low[number.last] == "and":
            add_part(lex, number)
    return number if math.isfinite(number.value) else None


def _point(lex: Lexed, i: int) -> Number | None:
    """Read ".5", where nothing touches the point from the left."""
    digits = lex.tok[i + 1]
    if lex.tok[i] != "." or not digits.isascii() or not digits.isdigit() or not lex.joined(i + 1):
        return None
    if not (lex.spaced(i) or lex.tok[i - 1] in _OPENING) or len(digits) >= _MOST_DIGITS:
        return None
    return Number(i, i + 2, float("0." + digits))


def _scale_words(lex: Lexed, number: Number) -> None:
    """Extend a number in digits by `million`, `lakh crore`, `hundred`, `dozen`, `millions`."""
    words = number_words()
    j = number.last
    if lex.is_dash(j) and lex.joined(j) and lex.joined(j + 1):
        entry = words.get(lex.low[j + 1])
        if entry is None or entry.kind != "scale":
            return
        j += 1
    for _ in range(_MOST_SCALES):
        entry = words.get(lex.low[j])
        if entry is None or entry.kind not in ("scale", "hundred", "group", "scales"):
            break
        if lex.kind[j + 1] == NUMERAL and lex.joined(j + 1):
            break  # "2004 MN4"
        if entry.kind == "scales" and lex.low[j] in ("tens", "hundreds"):
            break
        number.value *= entry.value
        number.scale *= entry.value
        number.scaled = True
        number.plural_scale = entry.kind == "scales"
        number.fraction = number.plain = False
        j += 1
        number.last = j


def _lower_scales(lex: Lexed, number: Number) -> None:
    """Read what goes on a scaled number: "4 thousand 3 hundred and 21"."""
    j = number.last
    k = j + 1 if lex.low[j] == "and" else j
    if lex.kind[k] != NUMERAL or not lex.tok[k].isdigit() or not lex.spaced(k) or number.value % 1:
        return
    entry = number_words().get(lex.low[k + 1])
    rest = float(lex.tok[k])
    if entry is not None and entry.kind in ("hundred", "scale") and rest * entry.value < number.scale:
        tail = Number(k, k + 1, rest)
        _scale_words(lex, tail)
        if tail.scaled:
            _lower_scales(lex, tail)
        number.value += tail.value
        number.last = tail.last
    elif k > j and rest < number.scale and number.scale <= 1000 and len(lex.tok[k]) < 4:
        number.value += rest
        number.last = k + 1
