"""Multiples, "one in five", exchange ratios and ages."""

from __future__ import annotations

from claimtable.nlp.quantities.lexer import NUMERAL, WORD, Lexed
from claimtable.nlp.quantities.lexicon import calendar, number_words, units, words
from claimtable.nlp.quantities.mention import Mention
from claimtable.nlp.quantities.numerals import Number, parse

_COMPARED = frozenset(
    [
        "as",
        "more",
        "less",
        "higher",
        "lower",
        "greater",
        "fewer",
        "larger",
        "bigger",
        "smaller",
        "faster",
        "slower",
        "stronger",
        "the",
        "its",
        "their",
        "his",
        "her",
        "that",
        "what",
        "earnings",
        "revenue",
        "sales",
        "book",
        "normal",
        "average",
        "likely",
        "worse",
        "better",
        "longer",
        "cheaper",
        "expensive",
        "income",
        "forward",
        "cash",
        "current",
    ]
)
_OLDEST = 120  # years: above it a number behind a name is no age
WORD_MULTIPLES = {"twice": 2.0, "thrice": 3.0, "double": 2.0, "triple": 3.0, "quadruple": 4.0}


def multiple_word(lex: Lexed, i: int) -> Mention | None:
    """Returns "fivefold", "twice as fast", "double the" at token `i`."""
    word = lex.low[i]
    value = WORD_MULTIPLES.get(word)
    if value is not None:
        following = lex.low[i + 1]
        if not (
            following in ("as", "the", "its", "their", "that", "what")
            if word in ("twice", "thrice")
            else following in ("the", "that", "its", "their", "what", "previous")
        ):
            return None
        if following == "as" and not _compares(lex, i + 2):
            return None
    elif word.endswith("fold") and len(word) > 6:
        entry = number_words().get(word[:-4])
        if entry is None or entry.kind not in ("digit", "tens", "hundred", "scale"):
            return None
        value = entry.value
    else:
        return None
    number = Number(i, i + 1, value, words=True, mantissa=value)
    return Mention(
        i,
        i + 1,
        number,
        "ratio",
        value,
        unit="1",
        unit_first=i,
        unit_last=i + 1,
        dimension="ratio",
        rules=["quantity.multiple"],
    )


def _compares(lex: Lexed, k: int) -> bool:
    """True for an adjective or adverb after "twice as": "twice as fast", not "scored twice as United won"."""
    return (
        lex.kind[k] == WORD
        and lex.tok[k] == lex.low[k]
        and (lex.low[k] in ("many", "much", "few", "likely") or lex.low[k] not in words("function_words"))
    )


def ratio(lex: Lexed, number: Number) -> Mention | None:
    """Returns a multiple ("four times higher", "8-fold", "10x"), a share ("one in five") or an exchange ratio ("250-1")."""
    j = number.last
    low = lex.low
    k = j + 1 if lex.is_dash(j) and lex.joined(j) and lex.joined(j + 1) else j
    if low[k] in ("times", "time") and not number.fraction and (low[k] == "times" or k > j):
        times = (low[k + 1] in _COMPARED and low[k] == "times") or (
            low[k] == "times" and lex.kind[k + 1] == WORD and low[k + 1] not in words("function_words")
        )
        return Mention(
            number.first,
            k + 1,
            number,
            "ratio" if times else "count",
            number.value,
            unit="1" if times else "time",
            unit_first=k,
            unit_last=k + 1,
            dimension="ratio" if times else "count",
            rules=["quantity.multiple" if times else "quantity.times"],
            attributive=k > j,
        )
    if low[k] == "fold" or (low[k] == "x" and lex.joined(k) and lex.kind[k + 1] != NUMERAL):
        return Mention(
            number.first,
            k + 1,
            number,
            "ratio",
            number.value,
            unit="1",
            unit_first=k,
            unit_last=k + 1,
            dimension="ratio",
            rules=["quantity.multiple"],
        )
    if (
        number.value >= 1
        and not number.scaled
        and number.value == int(number.value)
        and (number.plain or number.words)
    ):
        k = 0
        if low[j] == "in":
            k = j + 1
        elif (low[j] == "out" and low[j + 1] == "of") or (low[j] == "of" and low[j + 1] == "every"):
            k = j + 2
        if k and low[k] == "every":
            k += 1
        if k and (lex.kind[k] == NUMERAL or low[k] in number_words() or low[k] == "a"):
            whole = parse(lex, k)
            if whole is not None and not whole.vague and _whole(lex, number, whole, low[j]):
                return Mention(
                    number.first,
                    whole.last,
                    number,
                    "ratio",
                    number.value / whole.value,
                    unit="1",
                    dimension="share",
                    factor=100.0,
                    table_unit="%",
                    rules=["quantity.one_in"],
                )
    if (
        lex.is_dash(j)
        and lex.joined(j)
        and lex.joined(j + 1)
        and lex.tok[j + 1] == "1"
        and lex.kind[j + 2] not in (NUMERAL,)
        and number.value > 20
        and not lex.is_dash(j + 2)
    ):
        if lex.joined(j + 2) and lex.kind[j + 2] == WORD:
            return None
        return Mention(
            number.first,
            j + 2,
            number,
            "ratio",
            number.value,
            unit="1",
            unit_first=j,
            unit_last=j + 2,
            dimension="ratio",
            rules=["quantity.to_one"],
        )
    return None


def _whole(lex: Lexed, number: Number, whole: Number, joint: str) -> bool:
    if not (number.value < whole.value and whole.value == int(whole.value)) or whole.fraction:
        return False
    if joint != "in":
        return True
    if whole.plain and 1500 <= whole.value <= 2100:
        return False
    after = lex.low[whole.last]
    entry = units()[0].entries.get((after,))
    return (
        number.value <= 10
        and entry is None
        and after not in ("%", "games", "matches", "attempts", "different", "races")
        and lex.tok[whole.last] not in ("%", "/", ":")
    )


def age(lex: Lexed, mention: Mention) -> bool:
    """Turns a duration into an age where "old" or "of age" stands behind it; True if it did."""
    j = mention.last
    low = lex.low
    k = j + 1 if lex.is_dash(j) and lex.joined(j + 1) else j
    last = 0
    if low[k] in ("old", "olds"):
        last = k + 1
    elif low[j] == "of" and low[j + 1] == "age":
        last = j + 2
    if not last and low[mention.unit_first] != "yo":
        return False
    last = last or j
    mention.last = mention.unit_last = last
    set_age(mention)
    return True


def age_in_apposition(lex: Lexed, mention: Mention) -> None:
    """Reads "Maddon, 66, has", "aged 25", "at the age of 21" as ages."""
    number = mention.number
    i, j = number.first, number.last
    before = lex.low[i - 1] if i else ""
    if (
        not (number.plain or number.words)
        or not 0 < number.value < _OLDEST
        or number.value != int(number.value)
    ):
        return
    named = (
        before == ","
        and number.plain
        and i > 2
        and lex.tok[i - 2][:1].isupper()
        and lex.tok[i - 3][:1].isupper()
        and (lex.tok[j] == "," or lex.low[j] == "and")
    ) or (
        before == ","
        and number.plain
        and i > 1
        and lex.tok[j] == ","
        and lex.kind[i - 2] == WORD
        and lex.tok[i - 2][0].isupper()
        and lex.low[i - 2] not in calendar()
    )
    stated = before in ("aged", "age", "ages") or (before == "of" and i > 1 and lex.low[i - 2] == "age")
    if not (named or stated):
        return
    mention.unit = "a"
    set_age(mention)


def set_age(mention: Mention) -> None:
    """Marks a duration as an age. The unit of ages below a year keeps the word, as the benchmarks' guidelines do."""
    mention.kind = "age"
    mention.dimension = "age"
    mention.rules = ["quantity.age"]
    names = {"mo": "month", "wk": "week", "d": "day"}
    if mention.unit in names:
        mention.factor, mention.table_unit = 1.0, mention.unit
        mention.unit = f"{names[mention.unit]} of age"


def fraction_stands(lex: Lexed, number: Number) -> bool:
    """False for "half-time", "half hour", "a quarter earlier" and other halves that are no share."""
    before = lex.low[number.first - 1] if number.first else ""
    after = lex.low[number.last]
    if lex.is_dash(number.last) and lex.joined(number.last) and lex.joined(number.last + 1):
        return False
    if lex.low[number.first] == "half" and (
        before
        in (
            "first",
            "second",
            "other",
            "this",
            "each",
            "and",
            "better",
            "last",
            "next",
            "the",
            "-",
            "'s",
            "every",
            "time",
            "by",
            "opening",
        )
    ):
        return False
    return not (
        lex.kind[number.last] == WORD
        and after
        in (
            "time",
            "year",
            "hour",
            "hours",
            "century",
            "day",
            "brother",
            "sister",
            "term",
            "marathon",
            "way",
            "back",
            "mile",
        )
    )
