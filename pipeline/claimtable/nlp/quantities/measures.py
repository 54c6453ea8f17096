"""What stands behind a unit ("per day", "a barrel"), and money before and after a number."""

from __future__ import annotations

from typing import NamedTuple

from claimtable.nlp.quantities.lexer import BREAK, NUMERAL, WORD, Lexed
from claimtable.nlp.quantities.lexicon import Money, currencies, neighbours, units, words
from claimtable.nlp.quantities.numerals import parse
from claimtable.nlp.quantities.unit_forms import Found, hyphened, is_free, longest, unit_at

_MOST_SIGNS, _LONGEST_MONEY = 5, 6  # tokens and letters of a sign of money
_LONGEST_COUNT = 3  # digits of a number beside a code that is a word as well, for it to be none
_SOLD_BY = ("mass", "volume", "length", "area")
_ADVERB_RATES = {"annually": "a", "yearly": "a", "daily": "d", "weekly": "wk", "monthly": "mo", "hourly": "h"}
_ADVERBIAL = _ADVERB_RATES | {"minutely": "min", "nightly": "d"}


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
    """Return the rate over a unit of measure; what prices are quoted for keeps its name in the table."""
    label = prefix + found.unit.label
    quoted = found.unit.label in neighbours()["piece"]
    return Rate(label, label if quoted else prefix + found.unit.code, found.last)


def per(lex: Lexed, j: int, *, money: bool) -> Rate | None:
    """Return what "per X", "a X", "/X", "-a-X", "annually" at token `j` says; of money also "to the dollar"."""
    low = lex.low
    if low[j] in _ADVERB_RATES and lex.spaced(j):
        return _rate(_ADVERB_RATES[low[j]], j + 1)
    if money and low[j] in ("to", "on"):
        return _to_the(lex, j)
    # "$70-a-share", and "$ 70 - a - share" of tokenized text
    joined = lex.is_dash(j) and (lex.joined(j) or (low[j + 1] in ("a", "per") and lex.is_dash(j + 2)))
    k = j + joined
    if low[k] == "per" or (lex.tok[k] == "/" and not joined):
        if lex.tok[k] == "/" and lex.kind[k + 1] != WORD:
            return _slashed(lex, k + 1) if money else None
        k += 1
        return _per(lex, k + (joined and lex.is_dash(k)))
    if low[k] in ("a", "an", "each", "every"):
        k += 1
        return _each(lex, k + (joined and lex.is_dash(k)), money)
    return None


def adverbial(lex: Lexed, j: int) -> Found | None:
    """Return the unit of time in "six-hourly", "a five-yearly review" at token `j`, where a hyphen joins it to its number."""
    code = _ADVERBIAL.get(lex.low[j + 1]) if hyphened(lex, j) else None
    return None if code is None else Found(units()[2][code], j + 1, j + 2, True)


def _to_the(lex: Lexed, j: int) -> Rate | None:
    """Read "to the dollar", "on the euro"."""
    if lex.low[j + 1] not in ("the", "one", "a"):
        return None
    other = money_after(lex, j + 2)
    return None if other is None or other[0].noun or other[1] != j + 2 else _rate(other[0].code, other[2])


def _slashed(lex: Lexed, k: int) -> Rate | None:
    """Read the sign of "1.31 $/£"; in "$12/$15" a number follows."""
    sign = currencies()[2].get(lex.tok[k])
    return None if sign is None or lex.kind[k + 1] == NUMERAL else _rate(sign.code, k + 1)


def _per(lex: Lexed, k: int) -> Rate | None:
    if lex.low[k] in ("year", "annum"):
        return _rate("a", k + 1)
    prefix = ""
    if lex.kind[k] == NUMERAL and (number := parse(lex, k)) is not None:
        prefix = f"{number.value:.10g} "
        k = number.last
    return _denominator(lex, k, prefix)


def _each(lex: Lexed, k: int, money: bool) -> Rate | None:
    """Read what follows the article in "a year", "a barrel"; not "a year earlier"."""
    word = lex.low[k]
    found = unit_at(lex, k, after_number=False)
    if found is not None and lex.kind[k] == WORD and len(lex.tok[k]) > 1:
        if lex.low[found.last] in neighbours()["ago"]:
            return None
        if found.unit.dimension == "time" or (money and found.unit.dimension in _SOLD_BY):
            return _measured(found, "")
    if money and word in neighbours()["piece"]:
        return _rate(word, k + 1)
    return _rate("person", k + 1) if not money and word in ("head", "person") else None


def _denominator(lex: Lexed, k: int, prefix: str) -> Rate | None:
    word = lex.low[k]
    if word in ("barrel", "barrels", "bbl"):
        return _rate(prefix + "barrel", k + 1)
    found = unit_at(lex, k, after_number=False)
    if found is not None:
        return _measured(found, prefix)
    other = money_after(lex, k)
    if other is not None and other[1] == k and not other[0].noun:
        return _rate(prefix + other[0].code, other[2])
    if lex.kind[k] != WORD or word in words("function_words"):
        return None
    person = word in ("people", "persons", "capita") or (word == "head" and lex.low[k + 1] != "of")
    return _rate(prefix + ("person" if person else word), k + 1)


def money_after(lex: Lexed, j: int) -> tuple[Money, int, int, bool] | None:
    """Return (money, first, last, attributive) of a currency noun, sign or ISO code at token `j`."""
    attributive = hyphened(lex, j)
    j += attributive
    by_name = longest(lex, j, currencies()[0])
    if by_name is not None and isinstance(by_name[0], Money):
        money, last = by_name[0], by_name[1]
        if len(lex.tok[j]) > 2 or last - j > 1 or lex.tok[j] == "¢" or _letter_money(lex, j):
            return money, j, last, attributive
    signed = _signed(lex, j)
    if signed is not None:
        return signed[0], j, signed[1], attributive
    coded = _coded(lex, j)
    return None if coded is None else (coded, j, j + 1, attributive)


def _coded(lex: Lexed, j: int) -> Money | None:
    """Return the money of an ISO code: "USD", "MUSD", and a few in small letters; not words in capitals, "ALL"."""
    token, code = lex.tok[j], lex.low[j].upper()
    if lex.kind[j] != WORD:
        return None
    if code in neighbours()["small_code"]:
        return Money("CNY" if code == "RMB" else code, "", "", f"currency.{code}")
    return _code_money(token, lex.tok[j - 1])


def _code_money(token: str, digits: str) -> Money | None:
    """Return the money of an ISO code in capitals, with an M before it that of its million.

    None for a word, "ALL", beside `digits` that are no larger than a count in a headline: "ALL 12".
    """
    codes = currencies()[3]
    large = len(digits) > _LONGEST_COUNT or not digits.isdigit()
    if len(token) == 3 and token in codes and (large or token not in neighbours()["word_code"]):
        return Money(token, "", "", f"currency.{token}")
    if len(token) == 4 and token[0] == "M" and token[1:] in codes:
        return Money(token[1:], "mega", "", f"currency.{token[1:]}")
    return None


def _signed(lex: Lexed, j: int) -> tuple[Money, int] | None:
    """Return (money, index behind) of a sign behind a number: "5 €", "300A$".

    In "10 $ 30 $" it belongs to the number that nothing touches from behind.
    """
    touches = lex.kind[j + 1] == NUMERAL and lex.joined(j + 1) and lex.spaced(j)
    if lex.is_dash(j) or touches:
        return None
    letters = lex.tok[j] + lex.tok[j + 1]
    if lex.kind[j] == WORD and lex.tok[j + 1] == "$" and lex.joined(j + 1) and letters in currencies()[1]:
        return currencies()[1][letters], j + 2
    found = currencies()[2].get(lex.tok[j])
    return None if found is None else (found, j + 1)


def _letter_money(lex: Lexed, j: int) -> bool:
    """Return whether a subunit of one or two letters (p, c, kn) counts: after digits, with no capitalised word behind it."""
    if lex.kind[j - 1] != NUMERAL or lex.tok[j] != lex.low[j]:
        return False
    if lex.tok[j + 1] == "." and lex.kind[j + 2] == WORD and lex.joined(j + 2):
        return False  # "30 p.s.i."
    if lex.tok[j] == "kn":
        return is_free(lex, j + 1)
    stands = lex.joined(j) or is_free(lex, j + 1)
    return lex.tok[j] == "p" and stands and lex.tok[j + 1] != "" and lex.kind[j + 1] != NUMERAL


def money_before(lex: Lexed, i: int) -> tuple[Money, int] | None:
    """Return (money, index of its first token) of the sign, letters or ISO code right before token `i`."""
    p = i - 1
    if i == 0 or lex.start[i] - lex.end[p] > 1 or lex.kind[p] == BREAK:
        return None
    # Longest first: up to five tokens ("U.S. $" is U . S . $), read without inner spaces.
    best: tuple[Money, int] | None = None
    text = ""
    for k in range(p, max(-1, p - _MOST_SIGNS), -1):
        if lex.kind[k] in (BREAK, NUMERAL) or (k < p and not _touching(lex, k)):
            break
        text = lex.tok[k] + text
        if len(text) > _LONGEST_MONEY:
            break
        money = _of_letters(lex, text, k, p)
        if money is not None and _is_alone(lex, text, k, i):
            best = (money, k)
    return best or _noun_before(lex, i)


def _touching(lex: Lexed, k: int) -> bool:
    """Return whether token `k` is part of a sign with the one behind it: no space, or one before a sign ("US $")."""
    gap = lex.start[k + 1] - lex.end[k]
    return not gap or (gap == 1 and lex.kind[k + 1] != WORD)


def _of_letters(lex: Lexed, text: str, k: int, p: int) -> Money | None:
    before = currencies()[1]
    money = before.get(text)
    pronoun = text == "us$" and not lex.joined(p)  # "it cost us $1 billion"
    if money is None and text.endswith("$") and not pronoun and (len(text) > 2 or text[0] == "c"):
        money = before.get(text.upper())
    if money is None and (text.isupper() or (k == p and lex.tok[k].isupper())):
        money = _code_money(text.upper(), lex.tok[p + 1])
    return money


def _is_alone(lex: Lexed, text: str, k: int, i: int) -> bool:
    """Return whether a sign before the number at token `i` begins at token `k`, and is no end of a word."""
    letters = lex.tok[k].isalpha()
    if k and lex.joined(k) and letters and lex.tok[k - 1][-1:].isalnum():
        return False
    if letters and k and lex.is_dash(k - 1) and lex.joined(k) and lex.joined(k - 1):
        return False
    return text not in ("R", "Re", "LE") or lex.joined(i)


def _noun_before(lex: Lexed, i: int) -> tuple[Money, int] | None:
    """Read "at dollar 5", "worth rupees 300"."""
    p = i - 1
    if lex.low[p] not in neighbours()["money_noun_before"] or (p and lex.kind[p - 1] == NUMERAL):
        return None
    entry = currencies()[0].entries.get((lex.low[p],))
    stands = lex.kind[i] == NUMERAL and p > 0 and lex.low[p - 1] in neighbours()["price_before"]
    return (entry, p) if stands and isinstance(entry, Money) else None


def combine(unit: str, denominator: str) -> str:
    """Return the code of `unit` per `denominator`."""
    return f"{unit}/{denominator}"
