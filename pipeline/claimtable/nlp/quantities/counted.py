"""Counted nouns from the words alone: which noun a number counts, and when "one" counts nothing."""

from __future__ import annotations

from typing import NamedTuple

from claimtable.nlp.quantities.lexer import WORD, Lexed
from claimtable.nlp.quantities.lexicon import calendar, changes, neighbours, number_words, plurals, words
from claimtable.nlp.quantities.number import Number

_REACH = 5  # words between a number and its noun: "seven newly elected right-wing European deputies"
LARGEST_DEFINITE = 20
"""Things that one still introduces by their number, "the two countries"; "three million of them" is a count."""
_NO_PLURAL = ("ss", "us", "is", "'s", "ous")


class Noun(NamedTuple):
    """The counted noun over the tokens `first`..`last` with its singular."""

    unit: str
    first: int
    last: int
    attributive: bool = False


def is_plural(word: str) -> bool:
    """True if the word looks like an English plural noun."""
    return word in plurals() or (len(word) > 3 and word.endswith("s") and not word.endswith(_NO_PLURAL))


def singular(word: str) -> str:
    """Returns the singular of an English noun in lower case."""
    known = plurals().get(word)
    if known:
        return known
    if len(word) < 4 or word.endswith(_NO_PLURAL):
        return word
    for ending, stem in (
        ("ies", "y"),
        ("sses", "ss"),
        ("ches", "ch"),
        ("shes", "sh"),
        ("xes", "x"),
        ("zzes", "zz"),
        ("s", ""),
    ):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word[: -len(ending)] + stem
    return word


def designation(lex: Lexed, k: int) -> int:
    """Returns the index behind a name such as "F-16", "C-130s", "B-52H" at token `k`, or 0."""
    if not (lex.tok[k].isupper() and lex.is_dash(k + 1) and lex.joined(k + 1)):
        return 0
    if not (lex.kind_is_digit(k + 2) and lex.joined(k + 2)):
        return 0
    return k + 4 if lex.kind[k + 3] == WORD and lex.joined(k + 3) else k + 3


def noun(lex: Lexed, number: Number) -> Noun | None:
    """Returns the noun that `number` counts, or None."""
    j = number.last
    low = lex.low
    function = words("function_words")
    if lex.is_dash(j) and lex.joined(j) and lex.joined(j + 1) and lex.kind[j + 1] == WORD:
        if low[j + 1] in function or low[j + 1] in neighbours()["hyphen_adjective"]:
            return None
        return Noun(singular(low[j + 1]), j + 1, j + 2, attributive=True)
    if low[j] == "of" and (number.vague or number.plural_scale):
        j += 1
        if low[j] in neighbours()["vague_of"]:
            j += 1
    elif low[j] == "of":
        if (
            low[j + 1] not in neighbours()["partitive"]
            or not (number.words or number.plain)
            or number.value > 100
        ):
            return None
        j += 2  # "one of the best wireless speakers"
    if lex.joined(j):
        return None
    candidates: list[int] = []
    k = j
    while (
        len(candidates) < _REACH
        and lex.kind[k] == WORD
        and (low[k] not in function or low[k] in neighbours()["noun_passed"])
    ):
        if low[k] in neighbours()["noun_passed"]:
            k += 1
            if k - j > _REACH:
                break
            continue
        if low[k] in calendar() and not candidates:
            return None
        if after := designation(lex, k):
            if low[after - 1] == "s":  # "12 C-130s"
                return Noun(lex.text[lex.start[k] : lex.end[after - 2]], k, after)
            k = after  # "20 F-16 fighters"
            continue
        if (
            low[k] in number_words()
            and number_words()[low[k]].kind in ("digit", "tens")
            and not lex.is_dash(k + 1)
        ):
            return None  # "37,700 three years later"
        if lex.joined(k + 1) and lex.kind_is_digit(k + 1):
            return None  # "one of the G20 states"
        candidates.append(k)
        if is_plural(low[k]):
            break
        k += 1
        if lex.is_dash(k) and lex.joined(k) and lex.joined(k + 1) and lex.kind[k + 1] == WORD:
            if low[k + 1] in ("a", "per"):  # "52,000 barrel-a-day"
                break
            candidates.pop()
            k += 1
    if not candidates or low[candidates[-1]] in ("others", "times"):
        return None
    last = candidates[-1]
    verbs = changes()["verb"]
    if is_plural(low[last]) and (low[last] not in verbs or len(candidates) == 1):
        head = last
        # "9.3 million shipping containers": a plural right behind a plural is the head
        if (
            lex.kind[last + 1] == WORD
            and is_plural(low[last + 1])
            and low[last + 1] not in function
            and low[last + 1] not in verbs
            and low[last] in plurals()
        ):
            head = last + 1
        return Noun(singular(low[head]), candidates[0], head + 1)
    if number.value == 1:
        if low[candidates[-1]].endswith("est") and low[j - 1] in neighbours()["partitive"]:
            return None  # "one of the biggest"
        head = (
            candidates[min(len(candidates), 2) - 1]
            if lex.kind[candidates[-1] + 1] != WORD or len(candidates) < 3
            else candidates[0]
        )
        return Noun(low[head], candidates[0], head + 1)
    before = low[number.first - 1] if number.first else ""
    if lex.is_dash(candidates[0] + 1) or (
        number.value < 1000
        and before in neighbours()["determiner"]
        and lex.tok[candidates[0]].islower()
        and not number.fraction
        and low[j] not in neighbours()["no_noun"]
    ):
        return Noun(singular(low[candidates[0]]), candidates[0], candidates[0] + 1)
    return None


def pronoun_one(lex: Lexed, number: Number) -> bool:
    """True where "one" is a pronoun or part of an idiom and counts nothing."""
    if number.value != 1 or not number.words or number.last != number.first + 1:
        return False
    before = lex.low[number.first - 1] if number.first else ""
    after = lex.low[number.last]
    if (before in neighbours()["one_pronoun_before"] and after != "of") and not (
        before in ("the", "only") and lex.kind[number.last] == WORD and after not in words("function_words")
    ):
        return True
    if after in ("another", "'s", "one"):
        return True
    if lex.low[number.first] == "one" and lex.kind[number.last] == WORD and after in words("function_words"):
        return after not in neighbours()["one_counts_after"]
    return lex.kind[number.last] != WORD and not lex.is_dash(number.last)


def definite(lex: Lexed, number: Number, *, time: bool = False) -> bool:
    """True for a count of what is already introduced: "the two countries"; with `time` "the last three months"."""
    before = lex.low[number.first - 1] if number.first else ""
    if time:
        return before in neighbours()["time_definite"] or lex.low[number.last + 1] in (
            "ago",
            "later",
            "earlier",
        )
    return (
        before in neighbours()["definite"]
        and number.value <= LARGEST_DEFINITE
        and number.value == int(number.value)
    )
