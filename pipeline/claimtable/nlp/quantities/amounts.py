"""Amounts of money: sign or noun, scale letters, coins and rates."""

from __future__ import annotations

import math

from claimtable.nlp.quantities import counted
from claimtable.nlp.quantities.lexer import FRACTION, NUMERAL, SYMBOL, WORD, Lexed
from claimtable.nlp.quantities.lexicon import Money, neighbours, number_words, words
from claimtable.nlp.quantities.measures import combine, money_after, per
from claimtable.nlp.quantities.mention import Mention
from claimtable.nlp.quantities.number import Number
from claimtable.nlp.quantities.numerals import parse

_SUFFIXES = {"k": 1e3, "m": 1e6, "mm": 1e6, "b": 1e9, "t": 1e12}


def take_suffix(lex: Lexed, number: Number, *, money: bool = False) -> int:
    """Takes a scale letter that touches the digits (4.3M, 10k) into the number; returns the index behind."""
    j = number.last
    if (
        number.words
        or number.scaled
        or number.fraction
        or lex.kind[j] != WORD
        or lex.kind[number.last - 1] not in (NUMERAL, FRACTION)
    ):
        return j
    token = lex.tok[j]
    factor = _SUFFIXES.get(token.lower())
    if factor is None:
        return j
    joined = lex.joined(j)
    if not joined and not (
        money and lex.start[j] - lex.end[j - 1] == 1 and not (lex.kind[j + 1] == WORD and lex.joined(j + 1))
    ):
        return j
    if not money:
        following = money_after(lex, j + 1)
        counts = (
            lex.kind[j + 1] == WORD
            and (counted.is_plural(lex.low[j + 1]) or counted.is_plural(lex.low[j + 2]))
            and lex.low[j + 1] not in words("function_words")
        )
        if token == "m" and not (following or counts):
            return j
        if token in ("b", "t", "mm", "B", "T") and not following and not (counts and token in ("B", "b")):
            return j
        if token in ("M", "K") and unit_follows(lex, j):
            return j
    number.value *= factor
    number.scale *= factor
    number.scaled = True
    number.plain = False
    number.last = j + 1
    return j + 1


def unit_follows(lex: Lexed, j: int) -> bool:
    """True where token `j` begins a longer sign such as `M€` or `Mbps`."""
    return lex.kind[j + 1] == SYMBOL and lex.tok[j + 1] in "/²³" and lex.joined(j + 1)


def money_mention(
    lex: Lexed, number: Number, money: Money, first: int, *, after: tuple[Money, int, int, bool] | None
) -> Mention:
    """Builds an amount of money; `after` is set where the currency stands behind the number."""
    attributive = False
    unit_first, unit_last = first, number.first
    if after is None:
        j = take_suffix(lex, number, money=True)
        end = number.last
        # "$58 US", "$1.25 sterling", "$10 dollars", "75 USD million", "US $7.2 billion"
        scale = number_words().get(lex.low[j])
        if not number.scaled and scale is not None and scale.kind == "scale":
            number.value *= scale.value
            number.scale, number.scaled = scale.value, True
            number.last = end = j = j + 1
        if lex.tok[j] in ("US", "USD", "AUD", "CAD", "Cdn", "CDN") and money.code == "USD" and lex.spaced(j):
            code = {"US": "USD", "Cdn": "CAD", "CDN": "CAD"}.get(lex.tok[j], lex.tok[j])
            money = Money(code, "", "", money.rule)
            end = j = j + 1
        elif lex.tok[j] == "U" and lex.tok[j + 1] == "." and lex.tok[j + 2] == "S" and lex.spaced(j):
            money = Money("USD", "", "", money.rule)
            end = j = j + (4 if lex.tok[j + 3] == "." and lex.joined(j + 3) else 3)
        else:
            again = money_after(lex, j)
            if (
                again is not None
                and lex.kind[again[1]] == WORD
                and not again[0].noun
                and again[1] == j
                and len(lex.tok[j]) > 2
            ) and (again[0].code == money.code or (again[0].family == "" and money.family)):
                money = again[0]
                end = j = again[2]
        last = end
        if lex.is_dash(j) and lex.joined(j) and lex.low[j + 1] in ("a", "per"):
            attributive = True
    else:
        _, unit_first, unit_last, attributive = after
        j = last = after[2]
        if money.noun == "mega":
            number.value *= 1e6
            money = Money(money.code, "", "", money.rule)
        scale = number_words().get(lex.low[j])
        if (
            not number.scaled
            and scale is not None
            and scale.kind == "scale"
            and lex.tok[unit_first].isupper()
        ):
            number.value *= scale.value
            number.scaled, number.scale = True, scale.value
            j = last = j + 1
        j = last = _coins(lex, number, money, j)
    if money.noun == "mega":
        number.value *= 1e6
        money = Money(money.code, "", "", money.rule)
    mention = Mention(
        min(first, number.first),
        last,
        number,
        "money",
        number.value,
        unit=money.code,
        unit_first=unit_first,
        unit_last=unit_last,
        dimension="money",
        family=money.family,
        rules=["quantity.money", money.rule],
        attributive=attributive,
    )
    if money.noun:
        mention.unit = money.noun
        mention.factor, mention.table_unit = 0.01, money.code
    if number.vague:
        mention.value, mention.low, mention.high, mention.role = None, number.value, number.high, "vague"
    rate = per(lex, j, money=True)
    if rate is not None:
        code = mention.table_unit or mention.unit or ""
        mention.unit = combine(mention.unit or "", rate.label)
        if mention.table_unit or rate.label != rate.code:
            mention.factor, mention.table_unit = mention.factor or 1.0, combine(code, rate.code)
        if mention.factor == 0.01 and code == rate.code:
            mention.factor, mention.table_unit = 1.0, "%"  # "10 cents on the dollar"
        mention.unit_last = max(mention.unit_last, rate.last)
        mention.last = rate.last
    return mention


def _coins(lex: Lexed, number: Number, money: Money, j: int) -> int:
    """Reads "thirteen dollars and forty-five cents", "15 dollars 50": adds the hundredths; returns the index behind."""
    if (
        money.noun
        or number.value != math.floor(number.value)
        or (number.scaled and number.scale > 100)
        or number.vague
    ):
        return j
    k = j + 1 if lex.low[j] == "and" else j
    if lex.kind[k] not in (WORD, NUMERAL) or (lex.kind[k] == WORD and lex.low[k] not in number_words()):
        return j
    rest = parse(lex, k)
    if (
        rest is None
        or rest.scaled
        or rest.fraction
        or not 0 < rest.value < 100
        or rest.value != math.floor(rest.value)
    ):
        return j
    after = money_after(lex, rest.last)
    if after is not None:
        if after[0].noun and after[0].noun != "mega":
            number.value += rest.value / 100
            return after[2]
        return j
    if lex.low[rest.last] in neighbours()["tenth"]:
        number.value += rest.value / 10
        last = rest.last + 1
        fen = parse(lex, last) if lex.kind[last] in (WORD, NUMERAL) else None
        if fen is None or fen.fraction or not 0 < fen.value < 10 or fen.value % 1:
            return last
        number.value += fen.value / 100
        return fen.last
    bare = lex.kind[rest.last] != WORD or lex.low[rest.last] in neighbours()["cents_after"]
    touches = lex.tok[rest.last] in ("%", "-", "/", ":") or lex.kind[rest.last] == NUMERAL
    if k == j and bare and not touches and rest.value >= 10 and (rest.plain or rest.words):
        number.value += rest.value / 100
        return rest.last
    return j
