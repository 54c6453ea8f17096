"""Numbers in digits and words: where one starts, where it ends, what it is worth."""

from __future__ import annotations

import math

from claimtable.nlp.quantities.cardinals import read_words
from claimtable.nlp.quantities.digits import read_digits
from claimtable.nlp.quantities.lexer import FRACTION, FRACTIONS, NUMERAL, WORD, Lexed
from claimtable.nlp.quantities.lexicon import number_words
from claimtable.nlp.quantities.number import Number


def parse(lex: Lexed, i: int) -> Number | None:
    """Returns the number that starts at token `i`, with its scale, or None."""
    kind = lex.kind[i]
    if kind == NUMERAL:
        number = read_digits(lex, i)
    elif kind == FRACTION:
        number = Number(i, i + 1, FRACTIONS[lex.tok[i]], fraction=True)
    elif kind == WORD:
        number = read_words(lex, i)
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
