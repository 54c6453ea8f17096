"""Units after a number: names, signs, brackets, hyphens and what follows "per"."""

from __future__ import annotations

from typing import NamedTuple

from claimtable.nlp.quantities.counted import designation
from claimtable.nlp.quantities.lexer import BREAK, NUMERAL, WORD, Lexed
from claimtable.nlp.quantities.lexicon import Money, Trie, Unit, currencies, neighbours, units, words
from claimtable.nlp.quantities.numerals import parse

_LONGEST_SIGN = 8
_QUOTATION = 400  # code points looked back for an opening quotation mark
_OPEN = {"(": ")", "{": "}", "[": "]"}
# Single letters that, with a space before them, are units only where no noun follows.
_WEAK_LETTERS = frozenset("AaBbCFKsSdNTh")
_ADVERB_RATES = {"annually": "a", "yearly": "a", "daily": "d", "weekly": "wk", "monthly": "mo", "hourly": "h"}


class Found(NamedTuple):
    """A unit over the tokens `first`..`last`."""

    unit: Unit
    first: int
    last: int
    attributive: bool = False


def longest(lex: Lexed, j: int, trie: Trie) -> tuple[object, int] | None:
    """Returns (entry, index after it) of the longest entry at token `j`; hyphens between words are passed over."""
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
    """Returns the unit of measure at token `j`, or None."""
    names, signs, _ = units()
    attributive = False
    if after_number and lex.is_dash(j) and lex.joined(j) and lex.joined(j + 1) and lex.kind[j + 1] == WORD:
        attributive = True
        j += 1
    closing = _OPEN.get(lex.tok[j])
    if closing and after_number and lex.tok[j + 2] == closing:
        found = unit_at(lex, j + 1, after_number=False)
        return found._replace(last=found.last + 1) if found and found.last == j + 2 else None
    by_name = longest(lex, j, names)
    if by_name is not None and isinstance(by_name[0], Unit):
        return Found(by_name[0], j, by_name[1], attributive)
    start = lex.start[j]
    gap = start - lex.end[j - 1] if j else 0
    if gap > 1 and after_number:
        return None
    if gap and after_number and designation(lex, j):
        return None
    run = lex.text[start : start + _LONGEST_SIGN]
    for length in range(min(len(run), _LONGEST_SIGN), 0, -1):
        unit = signs.get(run[:length])
        if unit is None or (run[:length] == "a" and not gap and after_number):
            continue
        following = lex.text[start + length : start + length + 1]
        if (run[length - 1].isalnum() and (following.isalnum() or following == "_")) or (
            run[length - 1] in "\"”″'′" and gap and run[length - 1] in '"”' and not _inches(lex, j)
        ):
            continue
        last = j
        while lex.start[last] < start + length and lex.kind[last] != BREAK:
            last += 1
        if lex.end[last - 1] != start + length:
            continue
        if run[0] in "\"”′″'" and after_number and lex.kind[j - 1] == WORD:
            return None
        if run[0] in "′″" and length == 1 and lex.text[start + 1 : start + 2].isalpha():
            return None
        if run[:length] in ('"', "”") and not _inches(lex, j):
            return None
        if length == 1 and gap and after_number and run[0] in _WEAK_LETTERS and not _free(lex, last):
            return None
        return Found(unit, j, last, attributive)
    return None


def _inches(lex: Lexed, j: int) -> bool:
    """A straight or closing quotation mark is an inch sign only where no quotation is open on its line."""
    before = lex.text[max(0, lex.start[j] - _QUOTATION) : lex.start[j]].rpartition("\n")[2]
    return before.count('"') % 2 == 0 and before.count("“") <= before.count("”")


def _free(lex: Lexed, j: int) -> bool:
    """True where no noun follows: punctuation, the end, or a function word."""
    return (
        lex.kind[j] != WORD
        or lex.low[j] in words("function_words")
        or (lex.low[j] in ("melting", "boiling", "average", "mean"))
    )


class Rate(NamedTuple):
    """What an amount is counted per."""

    label: str
    """As the layer shows it: "microgram", "barrel", "USD"."""
    code: str
    """As the table writes it."""
    last: int
    """The index behind it."""


def _rate(label: str, last: int) -> Rate:
    return Rate(label, label, last)


def _measured(found: Found, prefix: str) -> Rate:
    """Returns the rate over a unit of measure; what prices are quoted for keeps its name in the table."""
    label = prefix + found.unit.label
    quoted = found.unit.label in neighbours()["piece"]
    return Rate(label, label if quoted else prefix + found.unit.code, found.last)


def per(lex: Lexed, j: int, *, money: bool) -> Rate | None:
    """Returns what "per X", "a X", "/X", "-a-X", "annually" at token `j` says; of money also "to the dollar"."""
    low = lex.low
    if low[j] in _ADVERB_RATES and lex.spaced(j):
        return _rate(_ADVERB_RATES[low[j]], j + 1)
    if money and low[j] in ("to", "on") and low[j + 1] in ("the", "one", "a"):
        other = money_after(lex, j + 2)
        return None if other is None or other[0].noun or other[1] != j + 2 else _rate(other[0].code, other[2])
    # "$70-a-share", and "$ 70 - a - share" of tokenized text
    joined = lex.is_dash(j) and (lex.joined(j) or (low[j + 1] in ("a", "per") and lex.is_dash(j + 2)))
    k = j + 1 if joined else j
    if low[k] == "per" or (lex.tok[k] == "/" and not joined):
        k += 1
        if joined and lex.is_dash(k):
            k += 1
        if lex.tok[k - 1] == "/" and lex.kind[k] != WORD:
            sign = currencies()[2].get(lex.tok[k]) if money else None
            return None if sign is None else _rate(sign.code, k + 1)
        if low[k] in ("year", "annum"):
            return _rate("a", k + 1)
        if low[k] == "capita":
            return _rate("person", k + 1)
        prefix = ""
        if lex.kind[k] == NUMERAL and (number := parse(lex, k)) is not None:
            prefix = f"{number.value:.10g} "
            k = number.last
        return _denominator(lex, k, prefix)
    if low[k] in ("a", "an", "each", "every"):
        k += 1
        if joined and lex.is_dash(k):
            k += 1
        found = unit_at(lex, k, after_number=False)
        if found is not None and low[found.last] in neighbours()["ago"]:
            return None
        if (
            found is not None
            and lex.kind[k] == WORD
            and len(lex.tok[k]) > 1
            and (
                found.unit.dimension == "time"
                or (money and found.unit.dimension in ("mass", "volume", "length", "area"))
            )
        ):
            return _measured(found, "")
        if money and low[k] in neighbours()["piece"]:
            return _rate(low[k], k + 1)
        if not money and low[k] in ("head", "person"):
            return _rate("person", k + 1)
    return None


def _denominator(lex: Lexed, k: int, prefix: str) -> Rate | None:
    low = lex.low
    if low[k] in ("barrel", "barrels", "bbl"):
        return _rate(prefix + "barrel", k + 1)
    found = unit_at(lex, k, after_number=False)
    if found is not None:
        return _measured(found, prefix)
    other = money_after(lex, k)
    if other is not None and other[1] == k and not other[0].noun:
        return _rate(prefix + other[0].code, other[2])
    if lex.kind[k] == WORD and low[k] not in words("function_words"):
        noun = {"people": "person", "persons": "person", "capita": "person"}.get(low[k], low[k])
        return _rate(prefix + noun, k + 1)
    return None


def money_after(lex: Lexed, j: int) -> tuple[Money, int, int, bool] | None:
    """Returns (money, first, last, attributive) of a currency noun, sign or ISO code at token `j`."""
    nouns, _, after, codes = currencies()
    attributive = False
    if lex.is_dash(j) and lex.joined(j) and lex.joined(j + 1) and lex.kind[j + 1] == WORD:
        attributive = True
        j += 1
    by_name = longest(lex, j, nouns)
    if by_name is not None and isinstance(by_name[0], Money):
        money, last = by_name[0], by_name[1]
        if len(lex.tok[j]) > 2 or last - j > 1 or lex.tok[j] == "¢" or _letter_money(lex, j):
            return money, j, last, attributive
    token = lex.tok[j]
    if token in codes and len(token) == 3 and lex.low[j] != token:
        return Money(token, "", "", f"currency.{token}"), j, j + 1, attributive
    if lex.low[j].upper() in neighbours()["small_code"] and lex.kind[j] == WORD:
        code = lex.low[j].upper()
        return Money("CNY" if code == "RMB" else code, "", "", f"currency.{code}"), j, j + 1, attributive
    if len(token) == 4 and token[0] == "M" and token[1:] in codes:
        return Money(token[1:], "mega", "", f"currency.{token[1:]}"), j, j + 1, attributive
    found = after.get(token)
    if found is not None and not lex.is_dash(j):
        # "10 $ 30 $": the sign belongs to the number before it only where no number touches it from behind
        if lex.kind[j + 1] == NUMERAL and lex.joined(j + 1) and lex.spaced(j):
            return None
        return found, j, j + 1, attributive
    return None


def _letter_money(lex: Lexed, j: int) -> bool:
    """One- and two-letter subunits (p, c, kn) count after digits, with no capitalised word behind them."""
    if lex.kind[j - 1] != NUMERAL or lex.tok[j] != lex.low[j]:
        return False
    if lex.tok[j] == "kn":
        return _free(lex, j + 1)
    return (
        lex.tok[j] == "p"
        and (lex.joined(j) or _free(lex, j + 1))
        and lex.tok[j + 1] != ""
        and lex.kind[j + 1] != NUMERAL
    )


def money_before(lex: Lexed, i: int) -> tuple[Money, int] | None:
    """Returns (money, index of its first token) of the sign, letters or ISO code right before token `i`."""
    _, before, _, codes = currencies()
    if i == 0:
        return None
    p = i - 1
    if lex.start[i] - lex.end[p] > 1 or lex.kind[p] == BREAK:
        return None
    # Longest first: up to five tokens ("U.S. $" is U . S . $), read without inner spaces.
    best: tuple[Money, int] | None = None
    text = ""
    for k in range(p, max(-1, p - 5), -1):
        if lex.kind[k] in (BREAK, NUMERAL):
            break
        if k < p and (gap := lex.start[k + 1] - lex.end[k]) and (gap > 1 or lex.kind[k + 1] == WORD):
            break
        text = lex.tok[k] + text
        if len(text) > 6:
            break
        money = before.get(text) or (
            before.get(text.upper()) if text.endswith("$") and (len(text) > 2 or text[0] == "c") else None
        )
        if (
            money is None
            and text.upper() in codes
            and len(text) == 3
            and (text.isupper() or (k == p and lex.tok[k].isupper()))
        ):
            money = Money(text, "", "", f"currency.{text}")
        if money is None and len(text) == 4 and text[0] == "M" and text[1:] in codes:
            money = Money(text[1:], "mega", "", f"currency.{text[1:]}")
        if money is None:
            continue
        alone = k == 0 or lex.spaced(k) or lex.kind[k] != WORD or not lex.tok[k - 1][-1:].isalnum()
        if not alone:
            continue
        letters = lex.tok[k].isalpha()
        if letters and k and lex.is_dash(k - 1) and lex.joined(k) and lex.joined(k - 1):
            continue
        if letters and text in ("R", "Re", "LE") and not lex.joined(i):
            continue
        best = (money, k)
    if (
        best is None
        and lex.low[p] in neighbours()["money_noun_before"]
        and (p == 0 or lex.kind[p - 1] != NUMERAL)
    ):
        entry = currencies()[0].entries.get((lex.low[p],))
        if (
            isinstance(entry, Money)
            and lex.kind[i] == NUMERAL
            and lex.low[p - 1] in neighbours()["price_before"]
        ):
            best = (entry, p)
    return best


def combine(unit: str, denominator: str) -> str:
    """Returns the code of `unit` per `denominator`."""
    return f"{unit}/{denominator}"
