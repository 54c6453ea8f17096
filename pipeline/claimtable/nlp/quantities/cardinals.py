"""Cardinals in words after the English grammar: "two hundred and fifty-four thousand", "five point five"."""

from __future__ import annotations

import math

from claimtable.nlp.quantities.lexer import WORD, Lexed
from claimtable.nlp.quantities.lexicon import neighbours, number_words
from claimtable.nlp.quantities.number import Number
from claimtable.nlp.quantities.parts import (
    article_fraction,
    couple,
    dozen_stands,
    half,
    one_fraction_stands,
    quarter_is_share,
    vague,
)

_MAX_WORDS = 24  # tokens of the longest cardinal in words, the largest below 10^15 spelled out in full
_JOINS = frozenset(("-", "–", "‐", "‑"))


def _next(lex: Lexed, j: int) -> int:
    """Returns the index of the next word of a number in words, over a hyphen or spaces."""
    if lex.tok[j] in _JOINS and lex.kind[j + 1] == WORD:
        return j + 1
    return j


def read_words(lex: Lexed, i: int, *, inner: bool = False) -> Number | None:
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
            return couple(lex, i, i + 1)
        if entry.kind in ("half", "fraction", "ordinal"):
            return article_fraction(lex, i, entry.kind)
        if entry.kind in ("hundred", "scale") or (entry.kind == "group" and lex.kind[i + 2] == WORD):
            return _cardinal(lex, i, i + 1, implicit=True, inner=inner)
        return None
    if entry is None:
        return None
    if entry.kind in ("digit", "tens"):
        return _cardinal(lex, i, i, implicit=False, inner=inner)
    if entry.kind in ("hundred", "scale"):
        # "hundred dollars", "million-dollar"; the abbreviations need digits before them, and "several hundred" is vague
        if lex.low[i] not in neighbours()["bare_scale"] or (
            i and lex.low[i - 1] in ("several", "few", "many")
        ):
            return None
        if i > 1 and lex.is_dash(i - 1) and lex.joined(i) and low[i - 2] == "multi":
            return None
        return _cardinal(lex, i, i, implicit=True, inner=inner)
    if entry.kind == "group":
        return Number(i, i + 1, entry.value, words=True, scale=entry.value) if dozen_stands(lex, i) else None
    if entry.kind == "couple":
        return couple(lex, i, i) if low[i] == "couple" else None
    if entry.kind == "half":
        return half(lex, i, i)
    if low[i] == "quarter":
        scale = words.get(low[i + 1])
        if scale is not None and scale.kind == "scale":
            return Number(i, i + 2, scale.value / 4, words=True, scaled=True, scale=scale.value)
        if lex.is_dash(i + 1) and lex.joined(i + 2) and low[i + 2] in neighbours()["quarter_unit"]:
            return Number(i, i + 1, 0.25, words=True, fraction=True)
        return None
    if entry.kind == "scales":
        return vague(lex, i)
    return None


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
    before_and = None  # (end, total, group) where an "and" was passed since the last scale
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
                    if before_and is not None:  # "four thousand and two thousand": two numbers
                        last, total, group = before_and
                    break
            else:
                total += (group or 1.0) * entry.value
                group = 0.0
            lowest = min(lowest, entry.value)
            before_and = None
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
                before_and = (last, total, group)
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
        elif entry.kind == "ordinal" and not (number.value == 1 and one_fraction_stands(lex, k)):
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
            if (
                low[k] == "quarters"
                and low[k + 1] != "of"
                and k == j
                and not quarter_is_share(lex, number.first, k)
            ):
                return number
            number.value /= entry.value
            number.last = k + 1
            number.fraction = True
            number.scaled = False
            return number
    if low[j] == "and" and not inner:
        start = j + 1
        part = (
            read_words(lex, start, inner=True)
            if low[start] in neighbours()["and_part"] or words.get(low[start])
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
