"""Parts, dozens and couples in words: "half a million", "a third", "a couple of dozen", "tens of thousands of"."""

from __future__ import annotations

from claimtable.nlp.quantities.lexer import BREAK, WORD, Lexed
from claimtable.nlp.quantities.lexicon import bounds, changes, neighbours, number_words
from claimtable.nlp.quantities.number import Number


def dozen_stands(lex: Lexed, i: int) -> bool:
    """True for "dozen" with a noun behind it, not "a baker's dozen", "a few dozen", "by the dozen"."""
    before = lex.low[i - 1] if i else ""
    return (
        lex.low[i] == "dozen"
        and lex.kind[i + 1] == WORD
        and before not in ("few", "several", "the", "many")
        and not before.endswith("'s")
        and lex.low[i + 1] not in neighbours()["dozen_alone"]
    )


def couple(lex: Lexed, first: int, at: int) -> Number | None:
    """Reads "a couple of dozen", "a couple hundred"."""
    j = at + 2 if lex.low[at + 1] == "of" else at + 1
    scale = number_words().get(lex.low[j])
    if scale is not None and scale.kind in ("group", "scale", "hundred"):
        return Number(first, j + 1, 2 * scale.value, words=True, scaled=True, scale=scale.value)
    return None  # "a couple of months" is vague: two or a few


def half(lex: Lexed, first: int, at: int) -> Number | None:
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


def article_fraction(lex: Lexed, i: int, kind: str) -> Number | None:
    """Reads "a half", "a third", "a quarter of a million", "a trillionth"."""
    words = number_words()
    j = i + 1
    if kind == "half":
        return half(lex, i, j)
    below = words[lex.low[j]].value
    if lex.low[j] == "quarter":
        k = j + 1
        if lex.low[k] == "of" and lex.low[k + 1] in ("a", "an"):
            k += 2
        scale = words.get(lex.low[k])
        if scale is not None and scale.kind == "scale":
            return Number(i, k + 1, scale.value / 4, words=True, scaled=True, scale=scale.value)
    # "a third party", "a fifth term" are ordinals; a fraction is followed by "of", punctuation or a function word
    is_share = lex.low[j] == "quarter" and quarter_is_share(lex, i, j)
    if lex.kind[j + 1] == WORD and lex.low[j + 1] not in neighbours()["fraction_after"] and not is_share:
        return None
    if lex.is_dash(j + 1) and lex.joined(j + 1):
        return None
    if lex.low[j] == "quarter" and lex.low[j + 1] != "of" and not is_share:
        return None  # three months
    return Number(i, j + 1, 1 / below, words=True, fraction=True)


def quarter_is_share(lex: Lexed, first: int, last: int) -> bool:
    """True for "fell by a quarter", "a quarter said": a part of a whole. Quarters are three months elsewhere.

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


def vague(lex: Lexed, i: int) -> Number | None:
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


def one_fraction_stands(lex: Lexed, k: int) -> bool:
    """Reads "one third of", "one-fourth": but not "one third party"."""
    if lex.is_dash(k - 1):
        return True
    following = lex.low[k + 1]
    return lex.kind[k + 1] in (BREAK,) or following in neighbours()["one_fraction_after"]
