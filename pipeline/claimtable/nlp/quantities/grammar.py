"""Numbers and units → mentions: one left-to-right pass, each token looked at a bounded number of times."""

from __future__ import annotations

import math

from claimtable.nlp.quantities import counted, dates, ratios
from claimtable.nlp.quantities.lexer import BREAK, FRACTION, NUMERAL, SYMBOL, WORD, Lexed
from claimtable.nlp.quantities.lexicon import Money, number_words, units, words
from claimtable.nlp.quantities.measures import Found, combine, money_after, money_before, per, unit_at
from claimtable.nlp.quantities.mention import Kind, Mention
from claimtable.nlp.quantities.numerals import Number, parse

_SUFFIXES = {"k": 1e3, "m": 1e6, "mm": 1e6, "b": 1e9, "t": 1e12}
_MINUS = frozenset("-−")
_RANKS = frozenset(("top", "bottom", "final", "big", "last", "other", "first"))
_SHARE_UNITS = frozenset(("%", "[pp]", "[bp]", "[ppth]"))


def mentions(lex: Lexed) -> list[Mention]:
    """Returns the mentions of the text in order, without overlaps; bounds, changes and ranges are not yet set."""
    seeds = number_words()
    out: list[Mention] = []
    i = 0
    kinds, low, n = lex.kind, lex.low, lex.n
    while i < n:
        kind = kinds[i]
        if kind == WORD:
            word = low[i]
            if word not in seeds:
                if word in ("a", "an") and low[i + 1] in seeds:
                    pass
                elif (word in ratios.WORD_MULTIPLES or word.endswith("fold")) and (
                    found := ratios.multiple_word(lex, i)
                ) is not None:
                    out.append(found)
                    i = found.last
                    continue
                else:
                    i += 1
                    continue
        elif kind == SYMBOL:
            if lex.tok[i] != "." or kinds[i + 1] != NUMERAL:
                i += 1
                continue
        elif kind == BREAK:
            i += 1
            continue
        skip = dates.skip(lex, i)
        if skip > i:
            i = skip
            continue
        number = parse(lex, i)
        if number is None:
            i += 1
            continue
        mention = build(lex, number, out[-1].last if out else 0)
        if mention is None:
            i = number.last
            continue
        out.append(mention)
        i = max(mention.last, number.last)
    return out


def build(lex: Lexed, number: Number, floor: int) -> Mention | None:
    """Returns the mention around `number`; None for what is no quantity. `floor` is the end of the mention before."""
    i, j = number.first, number.last
    _sign(lex, number, floor)
    i = number.first
    before = money_before(lex, i) if i > floor or i == 0 else None
    if before is not None and before[1] < floor:
        before = None
    if before is not None:
        mention = _money(lex, number, before[0], before[1], after=None)
        _outer_sign(lex, mention, floor)
        return mention
    if dates.adjacent_name(lex, number):
        return None
    ratio = ratios.ratio(lex, number)
    if ratio is not None:
        return ratio
    j = _suffix(lex, number)
    if lex.tok[j] == "+" and lex.joined(j) and lex.kind[j + 1] != NUMERAL:
        number.last = j = j + 1  # "5+ feet"
    after = money_after(lex, j)
    if after is not None:
        return _money(lex, number, after[0], number.first, after=after)
    found = unit_at(lex, j)
    if found is not None:
        return _measure(lex, number, found)
    if (
        number.first > 0
        and lex.low[number.first - 1] == "of"
        and lex.low[number.first - 2] in ("percent", "percentage")
    ):
        pass
    if dates.is_date(lex, number):
        return None
    if (number.value == 1 or number.words) and counted.pronoun_one(lex, number):
        return None
    part = _part_of_unit(lex, number)
    if part is not None:
        return part
    if number.vague or number.fraction:
        return _fraction_or_vague(lex, number)
    noun = counted.noun(lex, number)
    if noun is not None and noun.last - noun.first > 1 and lex.tok[noun.last - 1].islower():
        inner = unit_at(lex, noun.last - 1, after_number=False)
        if inner is not None and inner.unit.dimension != "time" and inner.last == noun.last:
            return _measure(lex, number, inner)  # "120 million extra hectares"
    mention = Mention(
        number.first,
        number.last,
        number,
        "count" if noun else "bare",
        number.value,
        rules=[_number_rule(number)],
    )
    if noun is not None:
        mention.unit = noun.unit
        mention.unit_first, mention.unit_last = noun.first, noun.last
        mention.dimension = "count"
        mention.attributive = noun.attributive
        rate = per(lex, noun.last, money=False)
        if rate is not None:
            mention.unit = combine(noun.unit, rate[0])
            mention.unit_last = rate[1]
        mention.last = max(mention.unit_last, number.last) if noun.first <= number.last + 6 else number.last
    if noun is not None and lex.low[number.last] == "of" and not number.vague:
        mention.role = "idiom" if number.value == 1 else "definite"
    if noun is not None and noun.unit in ("deficit", "surplus") and number.scaled:
        mention.kind, mention.unit, mention.unit_first, mention.unit_last, mention.last = (
            "bare",
            None,
            -1,
            -1,
            number.last,
        )
    if noun is None and number.words and number.first and lex.low[number.first - 1] in _RANKS:
        return None
    if noun is None and number.words and lex.low[number.last] in ("of", "that", "which", "who"):
        mention.role = "idiom" if number.value == 1 else "definite"
    if noun is None and number.words and counted.definite(lex, number):
        mention.role = "definite"
    if noun is None:
        ratios.age_in_apposition(lex, mention)
    mention.named = mention.kind != "age" and dates.in_name(lex, number, noun is not None)
    return mention


def _number_rule(number: Number) -> str:
    return "quantity.words" if number.words else "quantity.digits"


def _sign(lex: Lexed, number: Number, floor: int) -> None:
    """Takes a minus, plus or "minus" before the digits into the number."""
    i = number.first
    if i <= floor and floor:
        return
    p = i - 1
    if p < 0:
        return
    word = lex.low[p]
    if word in ("minus", "negative") and not number.signed:
        _negate(number, p)
    elif lex.is_dash(p) and lex.joined(i) and p > 0 and lex.low[p - 1] in ("minus", "negative"):
        _negate(number, p - 1)
    elif lex.tok[p] in _MINUS and lex.joined(i) and (lex.spaced(p) or lex.tok[p - 1] in "($€£¥[=,:~≈"):
        _negate(number, p)
    elif lex.tok[p] == "+" and lex.joined(i) and (lex.spaced(p) or lex.tok[p - 1] in "("):
        number.first = p
        number.signed = "+"
        number.plain = False


def _negate(number: Number, first: int) -> None:
    number.value = -number.value
    number.mantissa = -number.mantissa
    number.first = first
    number.signed = "-"
    number.plain = False


def _outer_sign(lex: Lexed, mention: Mention, floor: int) -> None:
    """Reads "-$5", "minus $3 million", "+€2"."""
    p = mention.first - 1
    if p < floor or mention.number.signed or mention.value is None:
        return
    if (
        lex.tok[p] in _MINUS and lex.joined(mention.first) and (lex.spaced(p) or lex.tok[p - 1] in "([")
    ) or lex.low[p] == "minus":
        mention.value = -mention.value
        mention.number.signed = "-"
        mention.first = p
    elif lex.tok[p] == "+" and lex.joined(mention.first) and lex.spaced(p):
        mention.number.signed = "+"
        mention.first = p


def _suffix(lex: Lexed, number: Number, *, money: bool = False) -> int:
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


def _money(
    lex: Lexed, number: Number, money: Money, first: int, *, after: tuple[Money, int, int, bool] | None
) -> Mention:
    """Builds an amount of money; `after` is set where the currency stands behind the number."""
    attributive = False
    unit_first, unit_last = first, number.first
    if after is None:
        j = _suffix(lex, number, money=True)
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
        mention.unit = combine(mention.unit or "", rate[0])
        if mention.table_unit:
            mention.table_unit = combine(mention.table_unit, rate[0])
        mention.unit_last = max(mention.unit_last, rate[1])
        mention.last = rate[1]
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
        if lex.low[after[1]] in ("mao", "jiao"):
            number.value += rest.value / 10
            return after[2]
        return j
    if lex.low[rest.last] in ("mao", "jiao"):
        number.value += rest.value / 10
        last = rest.last + 1
        return last + 1 if lex.low[last] in ("five", "two", "one") else last
    bare = lex.kind[rest.last] != WORD or lex.low[rest.last] in (
        "more",
        "less",
        "for",
        "and",
        "to",
        "but",
        "per",
    )
    touches = lex.tok[rest.last] in ("%", "-", "/", ":") or lex.kind[rest.last] == NUMERAL
    if k == j and bare and not touches and rest.value >= 10 and (rest.plain or rest.words):
        number.value += rest.value / 100
        return rest.last
    return j


def _measure(lex: Lexed, number: Number, found: Found) -> Mention | None:
    """Builds a measure, a share or an age."""
    unit, first, last, attributive = found
    code, dimension = unit.code, unit.dimension
    kind: Kind = "share" if code in _SHARE_UNITS else "measure"
    mention = Mention(
        number.first,
        last,
        number,
        kind,
        number.value,
        unit=unit.label,
        unit_first=first,
        unit_last=last,
        dimension=dimension,
        rules=["quantity.measure", unit.rule],
        attributive=attributive,
    )
    if unit.label != code:
        mention.factor, mention.table_unit = 1.0, code
    if number.vague:
        mention.value, mention.low, mention.high, mention.role = None, number.value, number.high, "vague"
    if dimension == "time":
        if dates.clock_or_calendar(lex, number, first):
            return None
        if ratios.age(lex, mention):
            return mention
    if (kind == "measure" and not attributive) or lex.is_dash(last):
        rate = per(lex, last, money=False)
        if rate is not None and rate[0] != code:
            mention.unit = combine(unit.label, rate[0])
            if mention.table_unit:
                mention.table_unit = combine(code, rate[0])
            known = units()[2].get(combine(code, rate[0]))
            mention.dimension = known.dimension if known else "rate"
            mention.last = mention.unit_last = rate[1]
    if dimension == "time" and counted.definite(lex, number, time=True):
        mention.role = "definite"
    return mention


def _part_of_unit(lex: Lexed, number: Number) -> Mention | None:
    """Reads "half a mile", "1/16 of a US pint", "a quarter of an hour": a fraction of one unit is a measure."""
    if not number.fraction:
        return None
    j = number.last
    if lex.low[j] == "of":
        j += 1
    if lex.low[j] not in ("a", "an", "one"):
        return None
    j += 1
    if lex.tok[j] == "US":
        j += 1
    if lex.kind[j] != WORD or len(lex.tok[j]) < 3:
        return None
    found = unit_at(lex, j, after_number=False)
    if found is None:
        return None
    return _measure(lex, number, found)


def _fraction_or_vague(lex: Lexed, number: Number) -> Mention | None:
    if number.vague:
        noun = counted.noun(lex, number)
        mention = Mention(
            number.first,
            number.last,
            number,
            "count",
            None,
            number.value,
            number.high,
            role="vague",
            rules=["quantity.vague"],
        )
        if noun is not None:
            mention.unit, mention.unit_first, mention.unit_last, mention.dimension = (
                noun.unit,
                noun.first,
                noun.last,
                "count",
            )
            mention.last = noun.last
        return mention
    if number.words and not ratios.fraction_stands(lex, number):
        return None
    return Mention(
        number.first,
        number.last,
        number,
        "ratio",
        number.value,
        unit="1",
        dimension="share",
        factor=100.0,
        table_unit="%",
        rules=["quantity.fraction"],
    )
