"""Multiples, "one in five", exchange ratios and ages."""

from __future__ import annotations

from claimtable.nlp.quantities.lexer import NUMERAL, WORD, Lexed
from claimtable.nlp.quantities.lexicon import calendar, neighbours, number_words, units, words
from claimtable.nlp.quantities.mention import Mention
from claimtable.nlp.quantities.number import Number
from claimtable.nlp.quantities.numerals import parse

_OLDEST = 120  # years: above it a number behind a name is no age
WORD_MULTIPLES = {"twice": 2.0, "thrice": 3.0, "double": 2.0, "triple": 3.0, "quadruple": 4.0}


def multiple_word(lex: Lexed, i: int) -> Mention | None:
    """Returns "fivefold", "twice as fast", "double the" at token `i`, None where there is no multiple."""
    word = lex.low[i]
    value = WORD_MULTIPLES.get(word)
    if value is not None:
        following = lex.low[i + 1]
        if not (
            following in neighbours()["twice_after"]
            if word in ("twice", "thrice")
            else following in neighbours()["double_after"]
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


def _counted_before_in(lex: Lexed, number: Number, j: int) -> int:
    """Returns the index behind the noun of "one patient in nine" and "two farms out of five", else `j`."""
    low = lex.low
    if (
        lex.kind[j] != WORD
        or low[j] in words("function_words")
        or low[j] in number_words()
        or low[j] in calendar()
    ):
        return j
    k = (
        j + 2
        if low[j + 1] == "in" and number.value == 1
        else j + 3
        if low[j + 1 : j + 3] == ["out", "of"]
        else 0
    )
    whole = number_words().get(low[k])
    if not k or whole is None or whole.kind not in ("digit", "tens"):
        return j
    return j + 1


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
        times = (
            number.value % 1 != 0
            or (low[k + 1] in neighbours()["compared"] and low[k] == "times")
            or (low[k] == "times" and lex.kind[k + 1] == WORD and low[k + 1] not in words("function_words"))
            or (
                low[k] == "times" and number.first > 0 and low[number.first - 1] == "at"
            )  # "trades at 31 times"
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
        j = _counted_before_in(lex, number, j)
        hyphens = lex.is_dash(j) and lex.joined(j) and low[j + 1] in ("in", "to") and lex.is_dash(j + 2)
        if hyphens:
            k = j + 3
        elif low[j] == "in":
            k = j + 1
        elif (low[j] == "out" and low[j + 1] == "of") or (low[j] == "of" and low[j + 1] == "every"):
            k = j + 2
        if k and low[k] == "every":
            k += 1
        if k and (lex.kind[k] == NUMERAL or low[k] in number_words() or low[k] == "a"):
            whole = parse(lex, k)
            joint = low[j + 1] if hyphens else low[j]
            if joint == "to":
                whole = None
            if whole is not None and not whole.vague and _whole(lex, number, whole, joint):
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
    last = _to_one(lex, number)
    if last:
        return Mention(
            number.first,
            last,
            number,
            "ratio",
            number.value,
            unit="1",
            unit_first=j,
            unit_last=last,
            dimension="ratio",
            rules=["quantity.to_one"],
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


def _to_one(lex: Lexed, number: Number) -> int:
    """Returns the index behind "3-to-1" or, after "ratio of", "3 to 1"; 0 where there is none."""
    i, j, low = number.first, number.last, lex.low
    if lex.is_dash(j) and lex.joined(j) and low[j + 1] == "to" and lex.is_dash(j + 2):
        j += 1
        k = j + 2
    elif low[j] == "to" and i > 1 and low[i - 1] in ("of", "by") and low[i - 2] in neighbours()["ratio_noun"]:
        k = j + 1
    else:
        return 0
    return k + 1 if low[j] == "to" and low[k] in ("1", "one") else 0


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
        and after not in neighbours()["out_of_other"]
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
    named = named or (
        before == "," and lex.tok[j] == "," and i > 1 and lex.low[i - 2] in neighbours()["person"]
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
    if lex.low[number.first] == "half" and (before in neighbours()["half_before"]):
        return False
    return not (lex.kind[number.last] == WORD and after in neighbours()["half_after"])
