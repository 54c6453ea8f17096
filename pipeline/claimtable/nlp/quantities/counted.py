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
    """Return True if the word looks like an English plural noun."""
    return word in plurals() or (len(word) > 3 and word.endswith("s") and not word.endswith(_NO_PLURAL))


def singular(word: str) -> str:
    """Return the singular of an English noun in lower case."""
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
    """Return the index behind a name such as "F-16", "C-130s", "B-52H" at token `k`, or 0."""
    if not (lex.tok[k].isupper() and lex.is_dash(k + 1) and lex.joined(k + 1)):
        return 0
    if not (lex.kind_is_digit(k + 2) and lex.joined(k + 2)):
        return 0
    return k + 4 if lex.kind[k + 3] == WORD and lex.joined(k + 3) else k + 3


def noun(lex: Lexed, number: Number) -> Noun | None:
    """Return the noun that `number` counts, or None."""
    j = number.last
    if lex.is_dash(j) and lex.joined(j) and _joins_word(lex, j):
        return _attributive(lex, j + 1)
    begin = _phrase_begin(lex, number)
    if begin is None or lex.joined(begin):
        return None
    found = _walk(lex, begin)
    if isinstance(found, Noun):
        return found
    if not found or lex.low[found[-1]] in _NO_HEAD:
        return None
    last = found[-1]
    if is_plural(lex.low[last]) and (lex.low[last] not in changes()["verb"] or len(found) == 1):
        head = last + _is_compound_plural(lex, last)
        return Noun(singular(lex.low[head]), found[0], head + 1)
    if number.value == 1:
        return _singular_noun(lex, begin, found)
    return _odd_singular(lex, number, begin, found[0])


_NO_HEAD = ("others", "times")


def _joins_word(lex: Lexed, dash: int) -> bool:
    return lex.joined(dash + 1) and lex.kind[dash + 1] == WORD


def _attributive(lex: Lexed, k: int) -> Noun | None:
    """Return the noun that a hyphen joins to its number: "a three-member panel"."""
    word = lex.low[k]
    if word in words("function_words") or word in neighbours()["hyphen_adjective"]:
        return None
    return Noun(singular(word), k, k + 1, attributive=True)


def _phrase_begin(lex: Lexed, number: Number) -> int | None:
    """Return where the counted phrase begins, behind "of" where that may stand: "millions of", "one of the"; None where it may not."""
    j, low = number.last, lex.low
    if low[j] != "of":
        return j
    if number.vague or number.plural_scale:
        return j + 1 + (low[j + 1] in neighbours()["vague_of"])
    counts = low[j + 1] in neighbours()["partitive"] and (number.words or number.plain)
    return j + 2 if counts and number.value <= 100 else None


def _walk(lex: Lexed, begin: int) -> Noun | list[int] | None:
    """Return the tokens from which the head is taken, up to the first plural; a noun where it is plain; None where no noun follows."""
    found: list[int] = []
    low, k = lex.low, begin
    function, passed = words("function_words"), neighbours()["noun_passed"]
    while len(found) < _REACH and lex.kind[k] == WORD and (low[k] not in function or low[k] in passed):
        if low[k] in passed:
            k += 1
            if k - begin > _REACH:
                break
            continue
        after = designation(lex, k)
        if low[k] in calendar() and not found:
            return None
        if after:
            if low[after - 1] == "s":  # "12 C-130s"
                return Noun(lex.text[lex.start[k] : lex.end[after - 2]], k, after)
            k = after  # "20 F-16 fighters"
            continue
        if _begins_number(lex, k):
            return None
        found.append(k)
        if is_plural(low[k]):
            break
        k += 1
        if lex.is_dash(k) and lex.joined(k) and _joins_word(lex, k):
            if low[k + 1] in ("a", "per"):  # "52,000 barrel-a-day"
                break
            found.pop()
            k += 1
    return found


def _begins_number(lex: Lexed, k: int) -> bool:
    """Return whether another number begins, "37,700 three years later", or a name that holds one, "one of the G20 states"."""
    entry = number_words().get(lex.low[k])
    if entry is not None and entry.kind in ("digit", "tens") and not lex.is_dash(k + 1):
        return True
    return lex.joined(k + 1) and lex.kind_is_digit(k + 1)


def _is_compound_plural(lex: Lexed, last: int) -> bool:
    """Return whether a plural right behind a plural is the head: "9.3 million shipping containers"."""
    word, following = lex.low[last], lex.low[last + 1]
    if lex.kind[last + 1] != WORD or not is_plural(following) or word not in plurals():
        return False
    return following not in words("function_words") and following not in changes()["verb"]


def _singular_noun(lex: Lexed, begin: int, found: list[int]) -> Noun | None:
    """Return the noun that "one" counts: the second word of two, the first of many."""
    if lex.low[found[-1]].endswith("est") and lex.low[begin - 1] in neighbours()["partitive"]:
        return None  # "one of the biggest"
    ends = lex.kind[found[-1] + 1] != WORD or len(found) < 3
    head = found[min(len(found), 2) - 1] if ends else found[0]
    return Noun(lex.low[head], found[0], head + 1)


def _odd_singular(lex: Lexed, number: Number, begin: int, first: int) -> Noun | None:
    """Return a singular behind a number over one: a word with a hyphen, or one behind a determiner, "the 52 staff"."""
    before = lex.low[number.first - 1] if number.first else ""
    determined = number.value < 1000 and before in neighbours()["determiner"] and not number.fraction
    plain = lex.tok[first].islower() and lex.low[begin] not in neighbours()["no_noun"]
    if lex.is_dash(first + 1) or (determined and plain):
        return Noun(singular(lex.low[first]), first, first + 1)
    return None


def pronoun_one(lex: Lexed, number: Number) -> bool:
    """Return True where "one" is a pronoun or part of an idiom and counts nothing."""
    if number.value != 1 or not number.words or number.last != number.first + 1:
        return False
    before = lex.low[number.first - 1] if number.first else ""
    after = lex.low[number.last]
    if after == "of" and _is_each(lex, number.first - 1):
        return True
    if (before in neighbours()["one_pronoun_before"] and after != "of") and not (
        before in ("the", "only") and lex.kind[number.last] == WORD and after not in words("function_words")
    ):
        return True
    if after in ("another", "'s", "one"):
        return True
    if lex.low[number.first] == "one" and lex.kind[number.last] == WORD and after in words("function_words"):
        return after not in neighbours()["one_counts_after"]
    return lex.kind[number.last] != WORD and not lex.is_dash(number.last)


def _is_each(lex: Lexed, p: int) -> bool:
    """Return whether the word at token `p` makes "one of" all of them: "every one of us", "every single one of"."""
    if p > 0 and lex.low[p] in neighbours()["one_each_last"]:
        p -= 1
    return p >= 0 and lex.low[p] in neighbours()["one_each"]


def definite(lex: Lexed, number: Number, *, time: bool = False) -> bool:
    """Return True for a count of what is already introduced: "the two countries"; with `time` "the last three months"."""
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
