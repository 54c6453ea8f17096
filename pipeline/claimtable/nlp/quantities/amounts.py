"""Amounts of money: sign or noun, scale letters, coins and rates."""

from __future__ import annotations

from dataclasses import dataclass

from claimtable.nlp.quantities import counted
from claimtable.nlp.quantities.lexer import FRACTION, NUMERAL, STOPS, SYMBOL, WORD, Lexed
from claimtable.nlp.quantities.lexicon import Money, neighbours, number_words, words
from claimtable.nlp.quantities.measures import combine, money_after, per
from claimtable.nlp.quantities.mention import Mention
from claimtable.nlp.quantities.number import Number
from claimtable.nlp.quantities.numerals import parse

_SUFFIXES = {"k": 1e3, "m": 1e6, "mm": 1e6, "b": 1e9, "t": 1e12}
_MILLION_REACH = 4  # tokens before "5.2m" in which a word like "spent" stands
_DOLLARS = {"US": "USD", "USD": "USD", "AUD": "AUD", "CAD": "CAD", "Cdn": "CAD", "CDN": "CAD"}
"""What behind "$58" says whose dollar it is."""


def take_suffix(lex: Lexed, number: Number, *, money: bool = False) -> int:
    """Take a scale letter behind the digits (4.3M, 10k) into the number; return the index behind."""
    j = number.last
    factor = _SUFFIXES.get(lex.low[j]) if lex.kind[j] == WORD else None
    digits = lex.kind[j - 1] in (NUMERAL, FRACTION) and not (number.words or number.scaled or number.fraction)
    if factor is None or not digits or not _is_scale(lex, number, j, money):
        return j
    number.value *= factor
    number.scale *= factor
    number.scaled = True
    number.plain = False
    number.last = j + 1
    return j + 1


def _is_scale(lex: Lexed, number: Number, j: int, money: bool) -> bool:
    """Return whether the letter at token `j` is a scale: "$5m", "3.1m sales", "9k slower"; not "a 35m pool", "16 MB"."""
    token = lex.tok[j]
    close = lex.start[j] - lex.end[j - 1] == 1
    if money:
        return lex.joined(j) or (close and not (lex.kind[j + 1] == WORD and lex.joined(j + 1)))
    counts = _counts(lex, j + 1)
    if not lex.joined(j):
        return close and token in ("B", "M") and lex.low[j + 1] in neighbours()["scale_after"]
    if money_after(lex, j + 1) is not None:
        return True
    if token == "m":
        return counts or _is_million(lex, number, j)
    if token in ("b", "t", "mm", "B", "T"):
        return counts and token in ("B", "b")
    longer = lex.kind[j + 1] == SYMBOL and lex.tok[j + 1] in "/²³" and lex.joined(j + 1)
    return not longer or token not in ("M", "K")


def _counts(lex: Lexed, j: int) -> bool:
    """Return whether a plural that the number counts stands at token `j`, or one word behind it."""
    if lex.kind[j] != WORD or lex.low[j] in words("function_words"):
        return False
    following = lex.kind[j + 1] == WORD and counted.is_plural(lex.low[j + 1])
    return counted.is_plural(lex.low[j]) or (following and lex.low[j] not in neighbours()["metres_after"])


def _is_million(lex: Lexed, number: Number, j: int) -> bool:
    """Return whether "m" says millions by the words around: "60m of its handsets", "a 5m-strong union", "employs 1.3m"."""
    low = lex.low
    if low[j + 1] == "of":
        return low[j + 2] in neighbours()["partitive"] or low[j + 2] in ("them", "us", "you")
    if lex.is_dash(j + 1) and low[j + 2] == "strong":
        return True
    if low[j + 1] in neighbours()["metres_after"]:
        return False
    before = low[max(0, number.first - _MILLION_REACH) : number.first]
    return any(word in neighbours()["million_before"] for word in before)


@dataclass(slots=True)
class _Written:
    """How an amount is written: its money, the tokens of the unit, and the index behind."""

    money: Money
    unit_first: int
    unit_last: int
    last: int
    attributive: bool = False


def money_mention(
    lex: Lexed, number: Number, money: Money, first: int, *, after: tuple[Money, int, int, bool] | None
) -> Mention:
    """Build an amount of money; `after` is set where the currency stands behind the number."""
    written = _behind(lex, number, after) if after is not None else _before(lex, number, money, first)
    money, j = written.money, written.last
    if money.noun == "mega":
        number.value *= 1e6
        money = Money(money.code, "", "", money.rule)
    mention = Mention(
        min(first, number.first),
        j,
        number,
        "money",
        number.value,
        unit=money.noun or money.code,
        unit_first=written.unit_first,
        unit_last=written.unit_last,
        dimension="money",
        family=money.family,
        rules=["quantity.money", money.rule],
        attributive=written.attributive,
    )
    if money.noun:
        mention.factor, mention.table_unit = 0.01, money.code
    if number.vague:
        mention.value, mention.low, mention.high, mention.role = None, number.value, number.high, "vague"
    _rate(lex, mention, j)
    return mention


def _before(lex: Lexed, number: Number, money: Money, first: int) -> _Written:
    """Read what may follow an amount whose sign stands before it: "$58 US", "$10 dollars", "75 USD million", "$ (0.12)"."""
    j = take_suffix(lex, number, money=True)
    j = _take_scale(lex, number, j)
    unit_last = number.first
    if lex.tok[j] in _DOLLARS and money.code == "USD" and lex.spaced(j):
        money = Money(_DOLLARS[lex.tok[j]], "", "", money.rule)
        j += 1
    elif lex.tok[j : j + 3] == ["U", ".", "S"] and lex.spaced(j):
        money = Money("USD", "", "", money.rule)
        j += 4 if lex.tok[j + 3] == "." and lex.joined(j + 3) else 3
    elif (again := _again(lex, j, money)) is not None:
        money, j = again
    attributive = lex.is_dash(j) and lex.joined(j) and lex.low[j + 1] in ("a", "per")
    return _Written(money, first, unit_last, j, attributive)


def _again(lex: Lexed, j: int, money: Money) -> tuple[Money, int] | None:
    """Read a currency named again behind its sign: "$1.25 sterling", "$10 dollars"."""
    found = money_after(lex, j)
    if found is None or found[0].noun or found[1] != j or lex.kind[j] != WORD or len(lex.tok[j]) < 3:
        return None
    same = found[0].code == money.code or (not found[0].family and money.family)
    return (found[0], found[2]) if same else None


def _behind(lex: Lexed, number: Number, after: tuple[Money, int, int, bool]) -> _Written:
    money, first, last, attributive = after
    j = _take_scale(lex, number, last) if lex.tok[first].isupper() else last
    return _Written(money, first, last, _coins(lex, number, money, j), attributive)


def _take_scale(lex: Lexed, number: Number, j: int) -> int:
    """Take a scale word that does not stand right behind the number: "$7.2 billion", "75 USD million"; return the index behind."""
    scale = number_words().get(lex.low[j])
    if number.scaled or scale is None or scale.kind != "scale":
        return j
    number.value *= scale.value
    number.scale, number.scaled = scale.value, True
    if j == number.last:
        number.last = j + 1
    return j + 1


def _rate(lex: Lexed, mention: Mention, j: int) -> None:
    rate = per(lex, j, money=True)
    if rate is None:
        return
    code = mention.table_unit or mention.unit or ""
    mention.unit = combine(mention.unit or "", rate.label)
    if mention.table_unit or rate.label != rate.code:
        mention.factor, mention.table_unit = mention.factor or 1.0, combine(code, rate.code)
    if mention.factor == 0.01 and code == rate.code:
        mention.factor, mention.table_unit = 1.0, "%"  # "10 cents on the dollar"
    mention.unit_last = max(mention.unit_last, rate.last)
    mention.last = rate.last


def _coins(lex: Lexed, number: Number, money: Money, j: int) -> int:
    """Read "thirteen dollars and forty-five cents", "15 dollars 50": add the hundredths; return the index behind."""
    large = number.scaled and number.scale > 100
    if money.noun or number.value % 1 or large or number.vague:
        return j
    k = j + 1 if lex.low[j] == "and" else j
    rest = _small(lex, k)
    if rest is None:
        return j
    after = money_after(lex, rest.last)
    if after is not None:
        if not after[0].noun or after[0].noun == "mega":
            return j
        number.value += rest.value / 100
        return after[2]
    if lex.low[rest.last] in neighbours()["tenth"]:
        return _tenths(lex, number, rest)
    if k == j and rest.value >= 10 and (rest.plain or rest.words) and _ends(lex, rest.last):
        number.value += rest.value / 100
        return rest.last
    return j


def _small(lex: Lexed, k: int) -> Number | None:
    """Return a whole number from 1 to 99 at token `k`."""
    if lex.kind[k] not in (WORD, NUMERAL) or (lex.kind[k] == WORD and lex.low[k] not in number_words()):
        return None
    number = parse(lex, k)
    if number is None or number.scaled or number.fraction or number.value % 1:
        return None
    return number if 0 < number.value < 100 else None


def _tenths(lex: Lexed, number: Number, rest: Number) -> int:
    """Read "five mao five" behind "one kuai and"."""
    number.value += rest.value / 10
    last = rest.last + 1
    fen = _small(lex, last)
    if fen is None or fen.value >= 10:
        return last
    number.value += fen.value / 100
    return fen.last


def _ends(lex: Lexed, j: int) -> bool:
    """Return whether an amount such as "15 dollars 50" ends before token `j`."""
    if lex.kind[j] == WORD:
        return lex.low[j] in neighbours()["cents_after"]
    return lex.tok[j] not in ("%", "-", "/", ":") and lex.kind[j] != NUMERAL


def set_accounting(lex: Lexed, mention: Mention) -> None:
    """Read "($3.4 million)" and "(1.9%)" as negative where the brackets stand for a minus, as accounts have it."""
    p = mention.first - 1
    if p < 1 or lex.tok[p] != "(" or lex.tok[mention.last] != ")" or mention.value is None:
        return
    before = lex.low[p - 1]
    stands = before in neighbours()["accounting_before"] or (lex.tok[p - 1] == "$" and lex.joined(p))
    if mention.value > 0 and stands and before not in STOPS:
        mention.value = -mention.value
        mention.number.signed = "-"
        mention.first, mention.last = p, mention.last + 1
        mention.rules.append("quantity.accounting")
