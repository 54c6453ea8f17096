"""Cardinals in words after the English grammar: "two hundred and fifty-four thousand", "five point five", "two and a half"."""

from __future__ import annotations

import math

from claimtable.nlp.quantities import fractions
from claimtable.nlp.quantities.lexer import WORD, Lexed
from claimtable.nlp.quantities.lexicon import NumberWord, neighbours, number_words
from claimtable.nlp.quantities.number import Number

_MAX_WORDS = 24  # tokens of the longest cardinal in words, the largest below 10^15 spelled out in full
_MAX_DECIMALS = 12  # digits behind "point"
_JOINS = frozenset(("-", "–", "‐", "‑"))
_LARGE = 1000.0  # the least scale that "and a half" counts in: "two million and a half"


class _Sum:
    """The running value of a cardinal: finished groups, and the group below the next scale."""

    __slots__ = ("group", "lowest", "of", "scale", "seen", "total")

    def __init__(self) -> None:
        self.total = 0.0
        self.group = 0.0
        self.seen = "none"
        self.lowest = math.inf
        self.scale = 1.0
        self.of = False

    def take(self, entry: NumberWord) -> bool:
        """Add a word of a number; return whether it goes on what stood before."""
        if entry.kind in ("digit", "tens"):
            return self._add(entry.value)
        if entry.kind == "hundred":
            return self._hundred()
        if entry.kind in ("scale", "group"):
            return self._scale(entry.value)
        if entry.kind == "scales" and self.seen != "none" and self._scale(entry.value):
            self.of = True
            return True
        return False

    def _add(self, value: float) -> bool:
        if value >= 20:
            if self.seen in ("digit", "tens"):
                return False
            self.seen = "tens"
        else:
            if self.seen == "digit" or (self.seen == "tens" and not 1 <= value <= 9):
                return False
            self.seen = "digit"
        self.group += value
        return True

    def _hundred(self) -> bool:
        if self.seen == "hundred":
            return False
        self.group = (self.group or 1.0) * 100
        self.seen, self.scale = "hundred", 100.0
        return True

    def _scale(self, value: float) -> bool:
        if self.total and not self.group and (value >= self.lowest or value > _LARGE):
            self.total *= value  # "hundred thousand million", "lakh crore"
        elif value >= self.lowest:
            return False
        else:
            self.total += (self.group or 1.0) * value
            self.group = 0.0
        self.lowest = min(self.lowest, value)
        self.seen, self.scale = "scale", value
        return True

    @property
    def value(self) -> float:
        return self.total + self.group


def next_word(lex: Lexed, j: int) -> int:
    """Return the index of the next word of a number in words, over a hyphen or spaces."""
    return j + 1 if lex.tok[j] in _JOINS and lex.kind[j + 1] == WORD else j


def read_words(lex: Lexed, i: int, *, inner: bool = False) -> Number | None:
    """Parse a cardinal or fraction in words at token `i`; `inner` where it is itself what follows an "and"."""
    article = lex.low[i] in ("a", "an")
    at = i + article
    entry = number_words().get(lex.low[at])
    if entry is None or lex.kind[at] != WORD:
        return None
    if entry.kind in ("couple", "half", "fraction", "ordinal", "scales"):
        return fractions.read(lex, i, at, entry)
    if not _starts(lex, i, at, entry):
        return None
    return _cardinal(lex, i, at, inner=inner)


def _starts(lex: Lexed, i: int, at: int, entry: NumberWord) -> bool:
    """Return whether a cardinal starts: "two", "a hundred", "million-dollar"; abbreviations of scales need digits before them."""
    if entry.kind in ("digit", "tens"):
        return at == i
    before = lex.low[i - 1] if i else ""
    if entry.kind == "group":
        return (at > i and lex.kind[at + 1] == WORD) or (at == i and fractions.dozen_stands(lex, at))
    if entry.kind not in ("hundred", "scale"):
        return False
    multi = i > 1 and lex.is_dash(i - 1) and lex.joined(i) and lex.low[i - 2] == "multi"
    vague = before in ("several", "few", "many", ")")
    return at > i or (lex.low[at] in neighbours()["bare_scale"] and not multi and not vague)


def _cardinal(lex: Lexed, first: int, i: int, *, inner: bool) -> Number | None:
    """Parse a cardinal in words from token `i`."""
    words = number_words()
    low = lex.low
    sum_ = _Sum()
    last = j = i
    before_and: tuple[int, float] | None = None  # (end, value) where an "and" was passed since the last scale
    while j - i < _MAX_WORDS:
        entry = words.get(low[j])
        if entry is None or lex.kind[j] != WORD:
            break
        if not sum_.take(entry):
            if entry.kind == "scale" and before_and is not None:
                # "four thousand and two thousand": two numbers
                return Number(first, before_and[0], before_and[1], words=True, scaled=True, scale=sum_.scale)
            break
        if entry.kind in ("scale", "group", "scales"):
            before_and = None
        last = j + 1
        if low[last] == "and" and sum_.seen in ("hundred", "scale"):
            after = words.get(low[last + 1])
            if after is None or after.kind not in ("digit", "tens"):
                break
            before_and = (last, sum_.value)
            j = last + 1
        else:
            j = next_word(lex, last)
    if last == i:
        return None
    scale = sum_.scale
    number = Number(first, last, sum_.value, words=True, scaled=scale > 1, scale=scale, plural_scale=sum_.of)
    return _completed(lex, number, before_and, inner=inner)


def _completed(
    lex: Lexed, number: Number, before_and: tuple[int, float] | None, *, inner: bool
) -> Number | None:
    """Return a cardinal with what stands behind it: decimals, a part, a denominator; None for an ordinal."""
    low, last = lex.low, number.last
    k = next_word(lex, last)
    if k > last and fractions.is_ordinal(lex, k):
        return None  # "the Fifty-Fourth Regiment"
    if low[last] == "point":
        _decimals(lex, number)
        return number
    if lex.kind[k] == WORD and before_and is not None and fractions.is_part(lex, k):
        number.last, number.value = before_and  # "two million and three fifths"
    elif lex.kind[k] == WORD and fractions.divide(lex, number, k):
        return number
    if low[number.last] == "and" and not inner:
        add_part(lex, number)
    return number


def _decimals(lex: Lexed, number: Number) -> None:
    """Read "point five" behind a number in words, and a scale behind it."""
    words = number_words()
    k = number.last + 1
    text = ""
    while len(text) <= _MAX_DECIMALS and lex.kind[k] == WORD:
        entry = words.get(lex.low[k])
        if entry is None or entry.kind not in ("digit", "tens"):
            break
        value = entry.value
        unit = words.get(lex.low[next_word(lex, k + 1)])
        if entry.kind == "tens" and unit is not None and unit.kind == "digit":
            value += unit.value
            k = next_word(lex, k + 1)
        text += str(int(value))
        k += 1
    if not text:
        return
    number.value += float("0." + text)
    number.last = k
    multiply(lex, number)


def multiply(lex: Lexed, number: Number) -> None:
    """Take a scale word right behind a number into it."""
    scale = number_words().get(lex.low[number.last])
    if scale is not None and scale.kind in ("scale", "hundred"):
        number.value *= scale.value
        number.last += 1
        number.scaled, number.scale = True, scale.value


def add_part(lex: Lexed, number: Number) -> None:
    """Read "and a half", "and three quarters" behind a number: "two and one-half billion", "two million and a half"."""
    start = number.last + 1
    if lex.low[start] not in ("a", "an") and lex.low[start] not in number_words():
        return
    part = read_words(lex, start, inner=True)
    if part is None:
        return
    large = number.scaled and number.scale >= _LARGE
    if part.scaled and part.value < part.scale and not number.scaled:
        number.value = number.value * part.scale + part.value  # "two and one-half million"
        number.scaled, number.scale = True, part.scale
    elif part.scaled and part.value < part.scale < number.scale:
        number.value += part.value  # "one billion and a half million"
    elif not part.fraction or part.value >= 1 or (lex.low[part.last] in ("of", "the") and not large):
        return
    else:
        number.value += part.value * (number.scale if large else 1.0)
    number.last = part.last
    number.plain = False
    if not number.scaled:
        multiply(lex, number)
