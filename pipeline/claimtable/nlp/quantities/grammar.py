"""Numbers and units → mentions: one left-to-right pass, each token looked at a bounded number of times."""

from __future__ import annotations

from claimtable.nlp.quantities import counted, exclusions, ratios
from claimtable.nlp.quantities.amounts import money_mention, take_suffix
from claimtable.nlp.quantities.lexer import BREAK, NUMERAL, SYMBOL, WORD, Lexed
from claimtable.nlp.quantities.lexicon import bounds, neighbours, number_words, units, words
from claimtable.nlp.quantities.measures import Found, combine, money_after, money_before, per, unit_at
from claimtable.nlp.quantities.mention import Kind, Mention, Role
from claimtable.nlp.quantities.number import Number
from claimtable.nlp.quantities.numerals import parse
from claimtable.schema import Bound

_MINUS = frozenset("-−")
LARGEST_PICKED = 2
"""Things that one still picks out of others by their number: "two of the leaders said"; "nine of the leaders" counts them."""
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
        skip = exclusions.skip(lex, i)
        if skip > i:
            i = skip
            continue
        number = parse(lex, i)
        if number is None:
            i += 1
            continue
        if number.fraction and out and _adds_half(lex, out[-1], number):
            i = number.last
            continue
        floor = out[-1].last if out else 0
        hedge = _hedge(lex, number)
        mention = _unit_and_half(lex, number, floor) or build(lex, number, floor)
        if mention is not None and hedge is not None:
            mention.bound = hedge
            mention.last = max(mention.last, number.last)
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
        mention = money_mention(lex, number, before[0], before[1], after=None)
        _outer_sign(lex, mention, floor)
        return mention
    if exclusions.is_identifier(lex, number):
        return None
    ratio = ratios.ratio(lex, number)
    if ratio is not None:
        return ratio
    j = take_suffix(lex, number)
    if (tolerance := _tolerance(lex, j)) > j:
        number.last = j = tolerance
    if lex.tok[j] == "+" and lex.joined(j) and lex.kind[j + 1] != NUMERAL:
        number.last = j = j + 1  # "5+ feet"
    after = money_after(lex, j)
    if after is not None:
        return money_mention(lex, number, after[0], number.first, after=after)
    found = unit_at(lex, j)
    if found is not None:
        return _measure(lex, number, found)
    if (number.vague or number.plural_scale) and lex.low[j] == "of":
        after = money_after(lex, j + 1)
        if after is not None and after[1] == j + 1:
            return money_mention(lex, number, after[0], number.first, after=after)
        found = unit_at(lex, j + 1, after_number=False)
        if found is not None:
            return _measure(lex, number, found)
    if exclusions.is_date(lex, number):
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
            mention.unit = combine(noun.unit, rate.label)
            mention.unit_last = rate.last
            if rate.label != rate.code:
                mention.factor, mention.table_unit = 1.0, combine(noun.unit, rate.code)
        mention.last = max(mention.unit_last, number.last) if noun.first <= number.last + 6 else number.last
    if noun is not None and lex.low[number.last] == "of" and not number.vague:
        mention.role = _role_of_part(number)
    if noun is not None and noun.unit in ("deficit", "surplus") and number.scaled:
        mention.kind, mention.unit, mention.unit_first, mention.unit_last, mention.last = (
            "bare",
            None,
            -1,
            -1,
            number.last,
        )
    if noun is None and number.words and number.first and lex.low[number.first - 1] in neighbours()["rank"]:
        return None
    if (
        noun is None
        and number.words
        and lex.low[number.last] in ("of", "that", "which", "who")
        and number.value <= counted.LARGEST_DEFINITE
    ):
        mention.role = _role_of_part(number) if lex.low[number.last] == "of" else "definite"
    if noun is None and number.words and counted.definite(lex, number):
        mention.role = "definite"
    if noun is None:
        ratios.age_in_apposition(lex, mention)
    mention.named = mention.kind != "age" and exclusions.in_name(lex, number, noun is not None)
    return mention


def _role_of_part(number: Number) -> Role:
    """Returns the role of a number before "of": "one of the leaders" and "two of them" pick things out, "nine of them" counts."""
    if number.value == 1:
        return "idiom"
    return "definite" if number.value <= LARGEST_PICKED else "quantity"


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
    if word == "minus" and p > 1 and lex.low[p - 1] == "or" and lex.low[p - 2] == "plus":
        return  # "plus or minus 3 points": a margin on both sides
    if word in ("minus", "negative") and not number.signed:
        _negate(number, p)
    elif lex.is_dash(p) and lex.joined(i) and p > 0 and lex.low[p - 1] in ("minus", "negative"):
        _negate(number, p - 1)
    elif lex.tok[p] in _MINUS and lex.joined(i) and (lex.spaced(p) or lex.tok[p - 1] in "($€£¥[=,:~≈"):
        _negate(number, p)
    elif lex.tok[p] == "–" and lex.joined(i) and lex.spaced(p) and lex.low[p - 1] in words("function_words"):
        _negate(number, p)  # "a growth of –5 %": the dash that typesetters put for a minus
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
    ) or lex.low[p] in ("minus", "negative"):
        mention.value = -mention.value
        mention.number.signed = "-"
        mention.first = p
    elif lex.tok[p] == "+" and lex.joined(mention.first) and lex.spaced(p):
        mention.number.signed = "+"
        mention.first = p


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
        if _is_article(lex, first):
            return None
        if ratios.age(lex, mention):
            return mention
    if (kind == "measure" and not attributive) or lex.is_dash(last):
        rate = per(lex, last, money=False)
        if rate is not None and rate.code != code:
            mention.unit = combine(unit.label, rate.label)
            if mention.table_unit or rate.label != rate.code:
                mention.factor, mention.table_unit = 1.0, combine(code, rate.code)
            known = units()[2].get(combine(code, rate.code))
            mention.dimension = known.dimension if known else "rate"
            mention.last = mention.unit_last = rate.last
    if dimension == "time" and counted.definite(lex, number, time=True):
        mention.role = "definite"
    return mention


def _is_article(lex: Lexed, first: int) -> bool:
    """True for the "a" of "5 a month" and the like, where a one-letter sign of time is a word of its own."""
    return (
        lex.tok[first] in ("a", "d", "h", "s")
        and not lex.joined(first)
        and lex.kind[first + 1] == WORD
        and lex.low[first + 1] not in words("function_words")
    )


def _hedge(lex: Lexed, number: Number) -> Bound | None:
    """Takes "-odd", "-plus" or, before a noun, "or so" and "or more" into the number; returns the bound."""
    j = number.last
    if lex.is_dash(j) and lex.joined(j) and lex.joined(j + 1):
        bound = bounds()["hyphen_right"].get((lex.low[j + 1],))
        if bound is not None:
            number.last = j + 2
            return bound[0]
        return None
    hedge = (lex.low[j], lex.low[j + 1])
    bound = bounds()["right"].get(hedge)
    if bound is None or lex.kind[j + 2] != WORD or lex.low[j + 2] in words("function_words"):
        return None
    if hedge in bounds()["left"] and parse(lex, j + 2) is not None:
        return None  # "in 2020 at least five cities": it bounds the number behind
    number.last = j + 2
    return bound[0]


def _adds_half(lex: Lexed, before: Mention, number: Number) -> bool:
    """Reads "one year and a half", "two miles and a half": adds the half to the measure before; True if it did."""
    i = number.first
    if number.value != 0.5 or before.last != i - 1 or lex.low[i - 1] != "and" or before.value is None:
        return False
    if before.kind != "measure" or before.unit_last != before.last or lex.low[number.last] == "of":
        return False
    before.value += 0.5
    before.number.value += 0.5
    before.last = number.last
    return True


def _unit_and_half(lex: Lexed, number: Number, floor: int) -> Mention | None:
    """Reads "a year and a half" where `number` is the half and no number stands before."""
    i = number.first
    first = i - 3
    if not number.fraction or number.value != 0.5 or first < floor or lex.low[i - 1] != "and":
        return None
    if lex.low[first] not in ("a", "an") or lex.low[number.last] == "of":
        return None
    found = unit_at(lex, i - 2, after_number=False)
    if found is None or found.last != i - 1:
        return None
    number.first, number.value, number.fraction = first, 1.5, False
    mention = _measure(lex, number, found._replace(last=number.last))
    if mention is not None:
        mention.unit_last = i - 1
    return mention


def _tolerance(lex: Lexed, j: int) -> int:
    """Returns the index behind "± 0.2" or "+/- 0.2" at token `j`, which says how exact the number before is."""
    k = j
    if lex.tok[j] == "±":
        k = j + 1
    elif lex.tok[j : j + 3] == ["+", "/", "-"] and lex.joined(j + 1) and lex.joined(j + 2):
        k = j + 3
    number = parse(lex, k) if k > j and lex.kind[k] == NUMERAL else None
    return j if number is None else number.last


def _part_of_unit(lex: Lexed, number: Number) -> Mention | None:
    """Reads "half a mile", "0.2 of a point", "a quarter-point": a fraction of one unit is a measure."""
    j = number.last
    if not number.fraction and not (0 < number.value < 1 and lex.low[j] == "of"):
        return None
    if lex.low[j] == "of":
        j += 1
    if lex.low[j] in ("a", "an", "one"):
        j += 1
    elif not (lex.is_dash(j) and lex.joined(j) and lex.low[j + 1] == "point"):
        return None
    else:
        j += 1
    if lex.low[j] == "point":
        attributive = lex.is_dash(j - 1)
        return Mention(
            number.first,
            j + 1,
            number,
            "count",
            number.value,
            unit="point",
            unit_first=j,
            unit_last=j + 1,
            dimension="count",
            rules=["quantity.part_of_point"],
            attributive=attributive,
        )
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
