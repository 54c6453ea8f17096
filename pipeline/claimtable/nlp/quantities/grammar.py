"""Numbers and units → mentions: one left-to-right pass, each token looked at a bounded number of times."""

from __future__ import annotations

from claimtable.nlp.quantities import counted, exclusions, ratios
from claimtable.nlp.quantities.amounts import money_mention, take_suffix
from claimtable.nlp.quantities.lexer import NUMERAL, SYMBOL, WORD, Lexed
from claimtable.nlp.quantities.lexicon import Money, bounds, neighbours, number_words, units, words
from claimtable.nlp.quantities.measures import Rate, adverbial, combine, money_after, money_before, per
from claimtable.nlp.quantities.mention import Kind, Mention, Role
from claimtable.nlp.quantities.number import Number
from claimtable.nlp.quantities.numerals import parse
from claimtable.nlp.quantities.unit_forms import Found, hyphened, unit_at
from claimtable.schema import Bound

_MINUS = frozenset(
    "-−‑"
)  # hyphen, minus, and the hyphen that does not break, which statistical offices write
_MINUS_BEHIND = frozenset("($€£¥[=,:~≈")
_NEGATIVE = ("minus", "negative")
_NOUN_REACH = 6  # tokens between a number and a noun that the mention is widened to
LARGEST_PICKED = 2
"""Things that one still picks out of others by their number: "two of the leaders said"; "nine of the leaders" counts them."""
_SHARE_UNITS = frozenset(("%", "[pp]", "[bp]", "[ppth]"))


def mentions(lex: Lexed) -> list[Mention]:
    """Return the mentions of the text in order, without overlaps; bounds, changes and ranges are not yet set."""
    out: list[Mention] = []
    i = 0
    while i < lex.n:
        if not _may_start(lex, i):
            i += 1
            continue
        multiple = ratios.multiple_word(lex, i)
        if multiple is not None:
            out.append(multiple)
            i = multiple.last
            continue
        skipped = exclusions.skip(lex, i)
        number = parse(lex, i) if skipped == i else None
        if number is None:
            i = max(skipped, i + 1)
        else:
            i = _add(lex, number, out)
    return out


def _may_start(lex: Lexed, i: int) -> bool:
    """Return whether a number, or a multiple in one word, may start at token `i`."""
    kind = lex.kind[i]
    if kind == WORD:
        word = lex.low[i]
        seeds = number_words()
        article = word in ("a", "an") and lex.low[i + 1] in seeds
        return word in seeds or article or word in ratios.WORD_MULTIPLES or word.endswith("fold")
    if kind == SYMBOL:
        return lex.tok[i] == "." and lex.kind[i + 1] == NUMERAL
    return bool(lex.tok[i].strip())


def _add(lex: Lexed, number: Number, out: list[Mention]) -> int:
    """Add the mention of a number to those before it, if it is one; return the index behind."""
    if number.fraction and out and _adds_half(lex, out[-1], number):
        return number.last
    floor = out[-1].last if out else 0
    hedge = _hedge(lex, number)
    mention = _unit_and_half(lex, number, floor) or build(lex, number, floor)
    if mention is None:
        return number.last
    if hedge is not None:
        mention.bound = hedge
        mention.last = max(mention.last, number.last)
    out.append(mention)
    return max(mention.last, number.last)


def build(lex: Lexed, number: Number, floor: int) -> Mention | None:
    """Return the mention around `number`; None for what is no quantity. `floor` is the end of the mention before."""
    _sign(lex, number, floor)
    i = number.first
    before = money_before(lex, i) or _bracketed(lex, number) if i > floor or i == 0 else None
    if before is not None and before[1] >= floor:
        mention = money_mention(lex, number, before[0], before[1], after=None)
        _outer_sign(lex, mention, floor)
        return mention
    if exclusions.is_identifier(lex, number):
        return None
    known = ratios.ratio(lex, number) or _with_unit(lex, number)
    if known is not None or exclusions.is_date(lex, number) or counted.pronoun_one(lex, number):
        return known
    return _part_of_unit(lex, number) or _without_unit(lex, number)


def _bracketed(lex: Lexed, number: Number) -> tuple[Money, int] | None:
    """Return the sign before the bracket of "$(0.12)", and make the number negative, as accounts have it."""
    p = number.first - 1
    if p < 1 or lex.tok[p] != "(" or not lex.joined(p) or lex.tok[number.last] != ")":
        return None
    before = money_before(lex, p)
    if before is not None:
        _negate(number, p)
        number.last += 1
    return before


def _with_unit(lex: Lexed, number: Number) -> Mention | None:
    """Return the amount of money or the measure whose unit stands behind the number, None where there is none."""
    j = _tolerance(lex, take_suffix(lex, number))
    number.last = max(number.last, j)
    if lex.tok[j] == "+" and lex.joined(j) and lex.kind[j + 1] != NUMERAL:
        number.last = j = j + 1  # "5+ feet"
    after = money_after(lex, j)
    if after is not None:
        return money_mention(lex, number, after[0], number.first, after=after)
    found = unit_at(lex, j) or adverbial(lex, j)
    if found is None and (number.vague or number.plural_scale) and lex.low[j] == "of":
        after = money_after(lex, j + 1)
        if after is not None and after[1] == j + 1:
            return money_mention(lex, number, after[0], number.first, after=after)
        found = unit_at(lex, j + 1, after_number=False)
    if found is None or (found.unit.dimension == "time" and _is_article(lex, found.first)):
        return None
    return _measure(lex, number, found)


def _without_unit(lex: Lexed, number: Number) -> Mention | None:
    """Return a share, a count or a bare number."""
    if number.vague:
        return _vague(lex, number)
    if number.fraction:
        return _share(lex, number)
    noun = counted.noun(lex, number)
    if noun is not None and (inner := _inner_unit(lex, noun)) is not None:
        return _measure(lex, number, inner)
    if noun is not None and noun.unit in ("deficit", "surplus") and number.scaled:
        noun = None  # "a 3 billion deficit"
    rank = number.first > 0 and lex.low[number.first - 1] in neighbours()["rank"]
    if noun is None and number.words and rank:
        return None
    rule = "quantity.words" if number.words else "quantity.digits"
    mention = Mention(number.first, number.last, number, "bare", number.value, rules=[rule])
    if noun is not None:
        _count(lex, mention, noun)
    else:
        ratios.age_in_apposition(lex, mention)
    mention.role = _role(lex, number, noun is not None)
    mention.named = mention.kind != "age" and exclusions.in_name(lex, number, noun is not None)
    return mention


def _inner_unit(lex: Lexed, noun: counted.Noun) -> Found | None:
    """Return the unit that ends a counted phrase: "120 million extra hectares"."""
    if noun.last - noun.first < 2 or not lex.tok[noun.last - 1].islower():
        return None
    inner = unit_at(lex, noun.last - 1, after_number=False)
    if inner is None or inner.unit.dimension == "time" or inner.last != noun.last:
        return None
    return inner


def _count(lex: Lexed, mention: Mention, noun: counted.Noun) -> None:
    """Make a mention count a noun, with what it is counted per."""
    number = mention.number
    mention.kind, mention.dimension = "count", "count"
    mention.unit, mention.unit_first, mention.unit_last = noun.unit, noun.first, noun.last
    mention.attributive = noun.attributive
    rate = per(lex, noun.last, money=False)
    if rate is not None:
        mention.unit = combine(noun.unit, rate.label)
        mention.unit_last = rate.last
        if rate.label != rate.code:
            mention.factor, mention.table_unit = 1.0, combine(noun.unit, rate.code)
    if noun.first <= number.last + _NOUN_REACH:
        mention.last = max(mention.unit_last, number.last)


def _role(lex: Lexed, number: Number, counts: bool) -> Role:
    """Return "definite" or "idiom" for a number that picks out things already introduced, "one of the leaders", "both"."""
    following = lex.low[number.last]
    if counts:
        return _role_of_part(number) if following == "of" and not number.plural_scale else "quantity"
    if not number.words:
        return "quantity"
    if counted.definite(lex, number):
        return "definite"
    if number.value <= counted.LARGEST_DEFINITE and following in ("of", "that", "which", "who"):
        return _role_of_part(number) if following == "of" else "definite"
    return "quantity"


def _role_of_part(number: Number) -> Role:
    """Return the role of a number before "of": "one of the leaders" and "two of them" pick things out, "nine of them" counts."""
    if number.value == 1:
        return "idiom"
    return "definite" if number.value <= LARGEST_PICKED else "quantity"


def _sign(lex: Lexed, number: Number, floor: int) -> None:
    """Take a minus, plus or "minus" before the digits into the number."""
    i = number.first
    p = i - 1
    if p < 0 or (i <= floor and floor):
        return
    word = lex.low[p]
    if word in _NEGATIVE:
        margin = lex.low[max(0, p - 2) : p] == ["plus", "or"]  # "plus or minus 3 points": on both sides
        if not margin and not number.signed:
            _negate(number, p)
    elif lex.is_dash(p) and lex.joined(i) and lex.low[p - 1] in _NEGATIVE:
        _negate(number, p - 1)
    elif _is_minus(lex, p):
        _negate(number, p)
    elif word == "+" and lex.joined(i) and (lex.spaced(p) or lex.tok[p - 1] == "("):
        number.first = p
        number.signed = "+"
        number.plain = False


def _is_minus(lex: Lexed, p: int) -> bool:
    """Return whether the dash at token `p` is a minus: "-5", "of –5 %", "(-3", a loose "was - 12 degrees"; not "10-5"."""
    before = lex.low[p - 1] if p else ""
    if not lex.joined(p + 1):
        loose = lex.tok[p] in _MINUS and lex.spaced(p) and before in neighbours()["minus_before"]
        return loose and lex.kind[p + 1] == NUMERAL and _is_temperature(lex, p + 2)
    if lex.tok[p] in _MINUS:
        return lex.spaced(p) or before in _MINUS_BEHIND
    # the dash that typesetters put for a minus
    return lex.tok[p] == "–" and lex.spaced(p) and before in words("function_words")


def _is_temperature(lex: Lexed, j: int) -> bool:
    found = unit_at(lex, j)
    return found is not None and (found.unit.dimension == "temperature" or found.unit.code == "deg")


def _negate(number: Number, first: int) -> None:
    number.value = -number.value
    number.mantissa = -number.mantissa
    number.first = first
    number.signed = "-"
    number.plain = False


def _outer_sign(lex: Lexed, mention: Mention, floor: int) -> None:
    """Read "-$5", "minus $3 million", "+€2"."""
    p = mention.first - 1
    if p < floor or mention.number.signed or mention.value is None:
        return
    joined = lex.joined(mention.first)
    dash = lex.tok[p] in _MINUS and joined and (lex.spaced(p) or lex.tok[p - 1] in "([")
    if dash or lex.low[p] in _NEGATIVE:
        mention.value = -mention.value
        mention.number.signed = "-"
        mention.first = p
    elif lex.tok[p] == "+" and joined and lex.spaced(p):
        mention.number.signed = "+"
        mention.first = p


def _measure(lex: Lexed, number: Number, found: Found) -> Mention:
    """Build a measure, a share or an age."""
    unit, first, last, attributive = found
    kind: Kind = "share" if unit.code in _SHARE_UNITS else "measure"
    mention = Mention(
        number.first,
        last,
        number,
        kind,
        number.value,
        unit=unit.label,
        unit_first=first,
        unit_last=last,
        dimension=unit.dimension,
        rules=["quantity.measure", unit.rule],
        attributive=attributive,
    )
    if unit.label != unit.code:
        mention.factor, mention.table_unit = 1.0, unit.code
    if number.vague:
        mention.value, mention.low, mention.high, mention.role = None, number.value, number.high, "vague"
    if unit.dimension == "time" and ratios.age(lex, mention):
        return mention
    if (kind == "measure" and not attributive) or lex.is_dash(last):
        _rate(lex, mention, unit.code)
    elif kind == "share" and not attributive:
        _pace(lex, mention, unit.code)
    if unit.dimension == "time" and counted.definite(lex, number, time=True):
        mention.role = "definite"
    return mention


def _rate(lex: Lexed, mention: Mention, code: str) -> None:
    """Take what a measure is per, "kg per head", into it."""
    rate = per(lex, mention.last, money=False)
    if rate is None or rate.code == code:
        return
    label = mention.unit or code
    mention.unit = combine(label, rate.label)
    if mention.table_unit or rate.label != rate.code:
        mention.factor, mention.table_unit = 1.0, combine(code, rate.code)
    known = units()[2].get(combine(code, rate.code))
    mention.dimension = known.dimension if known else "flow" if _is_flow(mention, rate) else "rate"
    mention.last = mention.unit_last = rate.last


def _pace(lex: Lexed, mention: Mention, code: str) -> None:
    """Take the time that a share is counted per into it: "2 % per year", "grew 3 percent annually"."""
    rate = per(lex, mention.last, money=False)
    if rate is None or rate.code not in _PACES:
        return
    if mention.table_unit is not None:
        mention.table_unit = combine(code, rate.code)
    mention.unit = combine(mention.unit or code, rate.label)
    mention.last = mention.unit_last = rate.last


_PACES = frozenset(("a", "mo", "wk", "d", "h"))


def _is_flow(mention: Mention, rate: Rate) -> bool:
    """Return whether a measure is a volume per time, whatever its units: "40 cubic metres per second", "3 gallons a minute"."""
    per_time = units()[2].get(rate.code)
    return mention.dimension == "volume" and per_time is not None and per_time.dimension == "time"


def _is_article(lex: Lexed, first: int) -> bool:
    """Return whether a one-letter sign of time is a word of its own: the "a" of "5 a month"."""
    return (
        lex.tok[first] in ("a", "d", "h", "s")
        and not lex.joined(first)
        and lex.kind[first + 1] == WORD
        and lex.low[first + 1] not in words("function_words")
    )


def _hedge(lex: Lexed, number: Number) -> Bound | None:
    """Take "-odd", "-plus" or, before a noun, "or so" and "or more" into the number; return the bound."""
    j = number.last
    if lex.is_dash(j) and lex.joined(j) and lex.joined(j + 1):
        bound = bounds()["hyphen_right"].get((lex.low[j + 1],))
        if bound is not None:
            number.last = j + 2
        return None if bound is None else bound[0]
    hedge = (lex.low[j], lex.low[j + 1])
    bound = bounds()["right"].get(hedge)
    if bound is None or lex.kind[j + 2] != WORD or lex.low[j + 2] in words("function_words"):
        return None
    if hedge in bounds()["left"] and parse(lex, j + 2) is not None:
        return None  # "in 2020 at least five cities": it bounds the number behind
    number.last = j + 2
    return bound[0]


def _adds_half(lex: Lexed, before: Mention, number: Number) -> bool:
    """Add the half of "two miles and a half" to the measure before; return whether it did."""
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
    """Read "a year and a half" where `number` is the half and no number stands before."""
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
    mention.unit_last = i - 1
    return mention


def _tolerance(lex: Lexed, j: int) -> int:
    """Return the index behind "± 0.2" or "+/- 0.2" at token `j`, which says how exact the number before is."""
    k = j
    if lex.tok[j] == "±":
        k = j + 1
    elif lex.tok[j : j + 3] == ["+", "/", "-"] and lex.joined(j + 1) and lex.joined(j + 2):
        k = j + 3
    number = parse(lex, k) if k > j and lex.kind[k] == NUMERAL else None
    return j if number is None else number.last


def _part_of_unit(lex: Lexed, number: Number) -> Mention | None:
    """Read "half a mile", "0.2 of a point", "a quarter-point": a fraction of one unit is a measure."""
    j = number.last
    if not number.fraction and not (0 < number.value < 1 and lex.low[j] == "of"):
        return None
    hyphen = hyphened(lex, j) and lex.low[j + 1] == "point"
    j += lex.low[j] == "of"
    if lex.tok[j].lower() not in ("a", "an", "one", "1") and not hyphen:
        return None
    j += 1
    if lex.low[j] == "point":
        return _part_of_point(number, j, hyphen)
    j += lex.tok[j] == "US"
    found = unit_at(lex, j, after_number=False) if lex.kind[j] == WORD and len(lex.tok[j]) > 2 else None
    return None if found is None else _measure(lex, number, found)


def _part_of_point(number: Number, j: int, attributive: bool) -> Mention:
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


def _vague(lex: Lexed, number: Number) -> Mention:
    """Read "millions of Americans": an amount between two powers of ten."""
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
        mention.unit, mention.unit_first, mention.unit_last = noun.unit, noun.first, noun.last
        mention.dimension = "count"
        mention.last = noun.last
    return mention


def _share(lex: Lexed, number: Number) -> Mention | None:
    """Read a fraction of a whole; not "half-time", "half an hour"."""
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
