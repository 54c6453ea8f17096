"""Units of measure after a number: names, signs, brackets, hyphens, and products of units."""

from __future__ import annotations

from typing import NamedTuple

from claimtable.nlp.quantities import products
from claimtable.nlp.quantities.counted import designation
from claimtable.nlp.quantities.lexer import BREAK, NUMERAL, WORD, Lexed
from claimtable.nlp.quantities.lexicon import Trie, Unit, units, words

_LONGEST_SIGN = 8
_QUOTATION = 400  # code points looked back for an opening quotation mark
_QUOTES = frozenset("\"”″′'")
_POWERS = frozenset("²³^")
_OPEN = {"(": ")", "{": "}", "[": "]"}
# Single letters that, with a space before them, are units only where no noun follows.
_WEAK_LETTERS = frozenset("AaBbCFKsSdNTh")


class Found(NamedTuple):
    """A unit over the tokens `first`..`last`."""

    unit: Unit
    first: int
    last: int
    attributive: bool = False


def longest(lex: Lexed, j: int, trie: Trie) -> tuple[object, int] | None:
    """Return (entry, index after it) of the longest entry at token `j`; hyphens between words are passed over."""
    most = trie.longest.get(lex.low[j])
    if most is None:
        return None
    found: tuple[object, int] | None = None
    key: tuple[str, ...] = ()
    k = j
    for _ in range(most):
        key = (*key, lex.low[k])
        k += 1
        entry = trie.entries.get(key)
        if entry is not None:
            found = (entry, k)
        if lex.is_dash(k) and lex.joined(k) and lex.joined(k + 1):
            k += 1
        elif lex.kind[k] == BREAK:
            break
    return found


def unit_at(lex: Lexed, j: int, *, after_number: bool = True) -> Found | None:
    """Return the unit of measure at token `j`, or None."""
    attributive = after_number and hyphened(lex, j)
    found = _single(lex, j + attributive, after_number, attributive)
    if found is None:
        return None
    product = products.end_of_product(lex, found.unit, found.last, attributive)
    return found if product is None else found._replace(unit=product[0], last=product[1])


def _single(lex: Lexed, j: int, after_number: bool, attributive: bool) -> Found | None:
    closing = _OPEN.get(lex.tok[j])
    if closing and after_number and lex.tok[j + 2] == closing:
        found = _single(lex, j + 1, False, False)
        return found._replace(last=found.last + 1) if found and found.last == j + 2 else None
    by_name = longest(lex, j, units()[0])
    if by_name is not None and isinstance(by_name[0], Unit) and not _is_raised(lex, by_name[1]):
        return Found(by_name[0], j, by_name[1], attributive)
    return _sign_at(lex, j, after_number, attributive)


def _is_raised(lex: Lexed, j: int) -> bool:
    """Return whether a power touches the unit before token `j`: "cm2", "km²"."""
    return lex.joined(j) and (lex.kind[j] == NUMERAL or lex.tok[j][:1] in _POWERS)


def hyphened(lex: Lexed, j: int) -> bool:
    """Return whether a hyphen at token `j` joins a word to what stands before: "3-inch"."""
    return lex.is_dash(j) and lex.joined(j) and lex.joined(j + 1) and lex.kind[j + 1] == WORD


def _sign_at(lex: Lexed, j: int, after_number: bool, attributive: bool) -> Found | None:
    """Return the longest sign of a unit at token `j`: "km", "°C", "m/s"."""
    signs = units()[1]
    start = lex.start[j]
    gap = start - lex.end[j - 1] if j else 0
    if after_number and (gap > 1 or (gap and designation(lex, j))):
        return None
    for length in range(min(_LONGEST_SIGN, len(lex.text) - start), 0, -1):
        sign = lex.text[start : start + length]
        unit = signs.get(sign)
        last = _end_of_sign(lex, j, length) if unit is not None else 0
        if unit is None or not last or (sign == "a" and not gap and after_number):
            continue
        if sign[0] in _QUOTES:
            return Found(unit, j, last, attributive) if _is_length(lex, j, sign, after_number) else None
        if length == 1 and gap and after_number and sign in _WEAK_LETTERS and not is_free(lex, last):
            return None
        return Found(unit, j, last, attributive)
    return None


def _end_of_sign(lex: Lexed, j: int, length: int) -> int:
    """Return the index behind a sign of `length` code points at token `j`; 0 where it ends inside a token or a word."""
    stop = lex.start[j] + length
    following = lex.text[stop : stop + 1]
    if lex.text[stop - 1].isalnum() and (following.isalnum() or following == "_"):
        return 0
    last = j
    while lex.start[last] < stop and lex.kind[last] != BREAK:
        last += 1
    return last if lex.end[last - 1] == stop else 0


def _is_length(lex: Lexed, j: int, sign: str, after_number: bool) -> bool:
    """Return whether a quotation mark or prime is a sign of inches or feet."""
    if after_number and lex.kind[j - 1] == WORD:
        return False
    behind = lex.text[lex.start[j] + 1 : lex.start[j] + 2]
    if sign in ("′", "″") and behind.isalpha():
        return False
    return sign[0] not in '"”' or _is_outside_quotation(lex, j)


def _is_outside_quotation(lex: Lexed, j: int) -> bool:
    """Return a straight or closing quotation mark is an inch sign only where no quotation is open on its line."""
    before = lex.text[max(0, lex.start[j] - _QUOTATION) : lex.start[j]].rpartition("\n")[2]
    return before.count('"') % 2 == 0 and before.count("“") <= before.count("”")


def is_free(lex: Lexed, j: int) -> bool:
    """Return whether no noun follows: punctuation, the end, or a function word."""
    if lex.kind[j] != WORD or lex.low[j] in words("function_words"):
        return True
    return lex.low[j] in ("melting", "boiling", "average", "mean")
