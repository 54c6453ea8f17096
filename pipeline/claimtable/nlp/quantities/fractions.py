"""Parts, dozens and couples in words: "half a million", "a third", "three quarters of a billion", "tens of thousands of"."""

from __future__ import annotations

from claimtable.nlp.quantities.lexer import BREAK, WORD, Lexed
from claimtable.nlp.quantities.lexicon import NumberWord, bounds, changes, neighbours, number_words
from claimtable.nlp.quantities.number import Number

_SCALES = ("scale", "group", "hundred")
_SHARES_OF_WHOLE = 3  # "five quarters of growth": more quarters than that are no part of a whole
_VAGUE_TIMES = 10  # "millions of" reaches up to the next power of ten


def read(lex: Lexed, first: int, at: int, entry: NumberWord) -> Number | None:
    """Return the number that the word of a part at token `at` makes; an article stands at `first` where that is not `at`."""
    if entry.kind == "half":
        return _half(lex, first, at)
    if entry.kind == "couple":
        return _couple(lex, first, at)
    if entry.kind == "scales":
        return _vague(lex, at) if at == first else None
    if at > first:
        return _article_fraction(lex, first, at, entry.value)
    return _quarter(lex, at) if lex.low[at] == "quarter" else None


def dozen_stands(lex: Lexed, i: int) -> bool:
    """Return whether "dozen" has a noun behind it; not "a baker's dozen", "a few dozen", "by the dozen"."""
    before = lex.low[i - 1] if i else ""
    return (
        lex.low[i] == "dozen"
        and lex.kind[i + 1] == WORD
        and before not in ("few", "several", "the", "many")
        and not before.endswith("'s")
        and lex.low[i + 1] not in neighbours()["dozen_alone"]
    )


def is_part(lex: Lexed, k: int) -> bool:
    """Return whether the word at token `k` is a plural that only parts have: "fifths"."""
    entry = number_words().get(lex.low[k])
    return entry is not None and entry.kind == "fraction" and entry.value > 2


def is_ordinal(lex: Lexed, k: int) -> bool:
    """Return whether the word at token `k` ends an ordinal behind a hyphen: "fifty-fourth", "twenty-first"; not "one-fourth"."""
    entry = number_words().get(lex.low[k])
    tens = number_words().get(lex.low[k - 2])
    ordinal = lex.low[k] in ("first", "second") or (entry is not None and entry.kind == "ordinal")
    return ordinal and tens is not None and tens.kind == "tens"


def divide(lex: Lexed, number: Number, k: int) -> bool:
    """Turn a cardinal before a word of a part at token `k` into a fraction, "two thirds"; return whether it did."""
    entry = number_words().get(lex.low[k])
    if entry is None or entry.kind not in ("fraction", "ordinal", "half"):
        return False
    below = 2.0 if entry.kind == "half" else entry.value
    scaled = _scale_behind(lex, k + 1)
    if scaled is None and not _divides(lex, number, k, entry):
        return False
    number.value /= below
    number.last = k + 1
    number.fraction, number.scaled = True, False
    if scaled is not None:
        _take_scale(number, scaled)
    return True


def _divides(lex: Lexed, number: Number, k: int, entry: NumberWord) -> bool:
    word, following = lex.low[k], lex.low[k + 1]
    hyphen = lex.is_dash(k - 1)
    behind_and = number.first > 0 and lex.low[number.first - 1] == "and"
    if entry.kind == "half" or word == "quarter":
        return number.value == 1 or (number.value == _SHARES_OF_WHOLE and hyphen and behind_and)
    if entry.kind == "ordinal":
        # "one third of", "one-fourth"; not "one third party"
        stands = following in neighbours()["one_fraction_after"] or lex.kind[k + 1] == BREAK
        return number.value == 1 and (hyphen or stands)
    if word == "quarters" and following != "of":
        is_part = number.value <= _SHARES_OF_WHOLE and (hyphen or behind_and)
        return is_part or quarter_is_share(lex, number.first, k)
    return True


def _scale_behind(lex: Lexed, j: int) -> tuple[float, int] | None:
    """Return (scale, index behind it) of "million", "a million", "of a million", "of one million" at token `j`."""
    low = lex.low
    hyphen = lex.is_dash(j) and lex.joined(j) and lex.joined(j + 1)
    k = j + 1 if low[j] == "of" or hyphen else j
    k += low[k] in ("a", "an", "one") and (k > j or low[k] != "one")
    if k == j + 1 and low[j] == "of":
        return None  # "three quarters of million": a noun phrase
    entry = number_words().get(low[k])
    if entry is None or entry.kind not in _SCALES or lex.kind[k] != WORD:
        return None
    return entry.value, k + 1


def _take_scale(number: Number, scaled: tuple[float, int]) -> None:
    number.value *= scaled[0]
    number.last = scaled[1]
    number.fraction, number.scaled, number.scale = False, True, scaled[0]


def _half(lex: Lexed, first: int, at: int) -> Number:
    """Read "half", "half a million", "half a dozen"; "half-year" and "first half" are no fractions."""
    number = Number(first, at + 1, 0.5, words=True, fraction=True)
    scaled = _scale_behind(lex, at + 1)
    if scaled is not None:
        _take_scale(number, scaled)
    return number


def _couple(lex: Lexed, first: int, at: int) -> Number | None:
    """Read "a couple of dozen", "a couple hundred"; "a couple of months" is vague."""
    if at == first and lex.low[at] != "couple":
        return None
    j = at + 2 if lex.low[at + 1] == "of" else at + 1
    scale = number_words().get(lex.low[j])
    if scale is None or scale.kind not in _SCALES:
        return None
    return Number(first, j + 1, 2 * scale.value, words=True, scaled=True, scale=scale.value)


def _quarter(lex: Lexed, at: int) -> Number | None:
    """Read "quarter million", "quarter-point" without an article."""
    scaled = _scale_behind(lex, at + 1)
    number = Number(at, at + 1, 0.25, words=True, fraction=True)
    if scaled is not None and lex.low[at + 1] not in ("a", "of"):
        _take_scale(number, scaled)
        return number
    joined = lex.is_dash(at + 1) and lex.joined(at + 2)
    return number if joined and lex.low[at + 2] in neighbours()["quarter_unit"] else None


def _article_fraction(lex: Lexed, i: int, j: int, below: float) -> Number | None:
    """Read "a third", "a quarter of a million", "a trillionth"; not "a third party", "a quarter earlier"."""
    number = Number(i, j + 1, 1 / below, words=True, fraction=True)
    scaled = _scale_behind(lex, j + 1)
    if scaled is not None:
        _take_scale(number, scaled)
        return number
    following = lex.low[j + 1]
    if lex.is_dash(j + 1) and lex.joined(j + 1):
        return None
    if lex.low[j] == "quarter":
        mixed = i > 1 and lex.low[i - 1] == "and" and lex.low[i - 2] in number_words()  # "five and a quarter"
        return number if following == "of" or mixed or quarter_is_share(lex, i, j) else None
    if lex.kind[j + 1] == WORD and following not in neighbours()["fraction_after"]:
        return None
    return number


def quarter_is_share(lex: Lexed, first: int, last: int) -> bool:
    """Return whether quarters are parts of a whole: "fell by a quarter", "a quarter said". Elsewhere they are three months.

    `first` is the first token of the number, `last` the one that says "quarter".
    """
    following = lex.low[last + 1]
    if following in neighbours()["quarter_after"]:
        return True
    p = first - 1
    while p >= 0 and first - p <= 3 and (lex.low[p] == "by" or bounds()["left"].get((lex.low[p],))):
        p -= 1
    moved = p >= 0 and (lex.low[p] in changes()["verb"] or lex.low[p] in changes()["noun"])
    return moved and following not in neighbours()["ago"]


def _vague(lex: Lexed, i: int) -> Number | None:
    """Read "millions of", "tens of thousands of", "dozens of": from one scale to the next."""
    words = number_words()
    value = words[lex.low[i]].value
    j = i + 1
    while j - i < 6 and lex.low[j] == "of":
        entry = words.get(lex.low[j + 1])
        if entry is None or entry.kind != "scales":
            break
        value *= entry.value
        j += 2
    if lex.low[j] != "of" and j == i + 1:
        return None
    return Number(i, j, value, words=True, vague=True, scaled=True, high=value * _VAGUE_TIMES, scale=value)
