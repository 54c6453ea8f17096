"""Multiples, "one in five", exchange ratios and ages."""

from __future__ import annotations

from claimtable.nlp.quantities.lexer import BREAK, NUMERAL, WORD, Lexed
from claimtable.nlp.quantities.lexicon import calendar, neighbours, number_words, units, words
from claimtable.nlp.quantities.mention import Mention
from claimtable.nlp.quantities.number import Number
from claimtable.nlp.quantities.numerals import parse

_OLDEST = 120  # years: above it a number behind a name is no age
_LEAST_ODDS = 20  # own choice: "3-1" is a score
WORD_MULTIPLES = {"twice": 2.0, "thrice": 3.0, "double": 2.0, "triple": 3.0, "quadruple": 4.0}


def multiple_word(lex: Lexed, i: int) -> Mention | None:
    """Return "fivefold", "twice as fast", "double the" at token `i`, None where there is no multiple."""
    word = lex.low[i]
    if word in WORD_MULTIPLES:
        value = WORD_MULTIPLES[word] if _multiplies(lex, i) else None
    elif word.endswith("fold") and len(word) > 6:
        entry = number_words().get(word[:-4])
        counts = entry is not None and entry.kind in ("digit", "tens", "hundred", "scale")
        value = entry.value if entry is not None and counts else None
    else:
        return None
    if value is None:
        return None
    number = Number(i, i + 1, value, words=True, mantissa=value)
    return _ratio(number, i, i + 1, "quantity.multiple")


def _multiplies(lex: Lexed, i: int) -> bool:
    """Return whether "twice" or "double" at token `i` compares: "twice as fast", "double the rate"; not "scored twice"."""
    once = "twice_after" if lex.low[i] in ("twice", "thrice") else "double_after"
    following = lex.low[i + 1]
    return following in neighbours()[once] and (following != "as" or _compares(lex, i + 2))


def _compares(lex: Lexed, k: int) -> bool:
    """Return whether an adjective or adverb follows "twice as": "twice as fast", not "scored twice as United won"."""
    if lex.kind[k] != WORD or lex.tok[k] != lex.low[k]:
        return False
    return lex.low[k] in ("many", "much", "few", "likely") or lex.low[k] not in words("function_words")


def _ratio(number: Number, unit_first: int, last: int, rule: str) -> Mention:
    return Mention(
        number.first,
        last,
        number,
        "ratio",
        number.value,
        unit="1",
        unit_first=unit_first,
        unit_last=last,
        dimension="ratio",
        rules=[rule],
    )


def ratio(lex: Lexed, number: Number) -> Mention | None:
    """Return a multiple ("four times higher", "8-fold", "10x"), a share ("one in five") or a ratio ("250-1", "3 to 1")."""
    return (
        _times(lex, number)
        or _fold(lex, number)
        or _one_in(lex, number)
        or _to_one(lex, number)
        or _exchange(lex, number)
    )


def _times(lex: Lexed, number: Number) -> Mention | None:
    """Read "four times higher" as a multiple, "four times since Monday" as a count."""
    j, low = number.last, lex.low
    joined = lex.is_dash(j) and lex.joined(j) and lex.joined(j + 1)
    k = j + joined
    if number.fraction or not (low[k] == "times" or (low[k] == "time" and joined)):
        return None
    mention = _ratio(number, k, k + 1, "quantity.multiple")
    mention.attributive = joined
    following = low[k + 1]
    compared = following in neighbours()["compared"]
    noun = lex.kind[k + 1] == WORD and following not in words("function_words")
    at = number.first > 0 and low[number.first - 1] == "at"  # "trades at 31 times"
    if number.value % 1 == 0 and not (low[k] == "times" and (compared or noun or at)):
        mention.kind = mention.dimension = "count"
        mention.unit, mention.rules = "time", ["quantity.times"]
    return mention


def _fold(lex: Lexed, number: Number) -> Mention | None:
    """Read "8-fold", "10x", "a factor of 3"."""
    j, i = number.last, number.first
    k = j + (lex.is_dash(j) and lex.joined(j) and lex.joined(j + 1))
    if lex.low[k] == "fold" or (lex.low[k] == "x" and lex.joined(k) and lex.kind[k + 1] != NUMERAL):
        return _ratio(number, k, k + 1, "quantity.multiple")
    factor = i > 1 and lex.low[i - 1] == "of" and lex.low[i - 2] == "factor"
    return _ratio(number, i - 2, j, "quantity.factor") if factor else None


def _one_in(lex: Lexed, number: Number) -> Mention | None:
    """Read "one in five", "two farms out of five", "9 of every 10", "a one-in-five chance" as shares."""
    whole_number = number.value >= 1 and not number.scaled and number.value % 1 == 0
    if not whole_number or not (number.plain or number.words):
        return None
    low = lex.low
    j = _behind_noun(lex, number)
    joined = lex.is_dash(j) and lex.joined(j) and low[j + 1] == "in" and lex.is_dash(j + 2)
    if joined:
        k = j + 3
    elif low[j] == "in":
        k = j + 1
    elif low[j : j + 2] in (["out", "of"], ["of", "every"]):
        k = j + 2
    else:
        return None
    k += low[k] == "every"
    if lex.kind[k] != NUMERAL and low[k] not in number_words() and low[k] != "a":
        return None
    whole = parse(lex, k)
    if whole is None or whole.vague or not _whole(lex, number, whole, "in" if joined else low[j]):
        return None
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


def _behind_noun(lex: Lexed, number: Number) -> int:
    """Return the index behind the noun of "one patient in nine" and "two farms out of five", else behind the number."""
    j, low = number.last, lex.low
    noun = lex.kind[j] == WORD and not (
        low[j] in words("function_words") or low[j] in number_words() or low[j] in calendar()
    )
    if not noun:
        return j
    if low[j + 1] == "in" and number.value == 1:
        k = j + 2
    elif low[j + 1 : j + 3] == ["out", "of"]:
        k = j + 3
    else:
        return j
    whole = number_words().get(low[k])
    return j + 1 if whole is not None and whole.kind in ("digit", "tens") else j


def _to_one(lex: Lexed, number: Number) -> Mention | None:
    """Read "3-to-1" and, after "ratio of", "3 to 1"."""
    i, j, low = number.first, number.last, lex.low
    k = 0
    if lex.is_dash(j) and lex.joined(j) and low[j + 1] == "to" and lex.is_dash(j + 2):
        k = j + 3
    elif low[j] == "to" and i > 1 and low[i - 1] in ("of", "by") and low[i - 2] in neighbours()["ratio_noun"]:
        k = j + 1
    return _ratio(number, j, k + 1, "quantity.to_one") if k and low[k] in ("1", "one") else None


def _exchange(lex: Lexed, number: Number) -> Mention | None:
    """Read a fixed rate or odds, "250-1"."""
    j = number.last
    joined = lex.is_dash(j) and lex.joined(j) and lex.joined(j + 1) and lex.tok[j + 1] == "1"
    if not joined or number.value <= _LEAST_ODDS or lex.kind[j + 2] == NUMERAL or lex.is_dash(j + 2):
        return None
    if lex.joined(j + 2) and lex.kind[j + 2] == WORD:
        return None
    return _ratio(number, j, j + 2, "quantity.to_one")


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
    """Turn a duration into an age where "old" or "of age" stands behind it; True if it did."""
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
    """Read "Maddon, 66, have", "aged 25", "at the age of 21" as ages."""
    number = mention.number
    if not (number.plain or number.words) or not 0 < number.value < _OLDEST or number.value % 1:
        return
    if _is_stated_age(lex, number.first) or _is_in_commas(lex, number):
        mention.unit = "a"
        set_age(mention)


def _is_stated_age(lex: Lexed, i: int) -> bool:
    if i > 1 and lex.low[i - 1] in _AGE_BOUNDS:
        return lex.low[i - 2] == "aged"  # "aged over 70"
    before = lex.low[max(0, i - 2) : i]
    if _is_aged(lex, i):
        return True  # "when he was 17."
    return before[-1:] in (["aged"], ["age"], ["ages"]) or before == ["age", "of"]


def _is_aged(lex: Lexed, i: int) -> bool:
    """Return whether a person "was 17", "was only 12", "turned 50", or did something "At 19,"."""
    sets = neighbours()
    p = i - 1 - (lex.low[i - 1] in sets["age_filler"])
    if p > 0 and lex.low[p] in sets["age_verb"]:
        who = lex.low[p - 1] in sets["person_pronoun"] or lex.low[p - 1] in sets["person"]
        ends = lex.low[i + 1] in sets["age_end"] or lex.kind[i + 1] == BREAK
        return who and (ends or (lex.low[p].startswith("turn") and lex.low[i + 1] in words("function_words")))
    k = i + 1 + (lex.tok[i + 1] == ",")
    return lex.tok[p] == "At" and p == i - 1 and lex.low[k] in sets["person_pronoun"]


_AGE_BOUNDS = frozenset(("over", "under", "above", "below", "about", "around", "between"))


def _is_in_commas(lex: Lexed, number: Number) -> bool:
    """Return whether a number stands between commas behind a name or a person: "Maddon, 66, has", "a man, 34, was killed"."""
    i, j = number.first, number.last
    if i < 2 or lex.tok[i - 1] != ",":
        return False
    before = lex.low[i - 2]
    if lex.tok[j] == "," and before in neighbours()["person"]:
        return True
    if not number.plain or not lex.tok[i - 2][:1].isupper():
        return False
    full = i > 2 and lex.tok[i - 3][:1].isupper() and (lex.tok[j] == "," or lex.low[j] == "and")
    return full or (lex.tok[j] == "," and lex.kind[i - 2] == WORD and before not in calendar())


def set_age(mention: Mention) -> None:
    """Mark a duration as an age. The unit of ages below a year keeps the word, as the benchmarks' guidelines do."""
    mention.kind = "age"
    mention.dimension = "age"
    mention.rules = ["quantity.age"]
    names = {"mo": "month", "wk": "week", "d": "day"}
    if mention.unit in names:
        mention.factor, mention.table_unit = 1.0, mention.unit
        mention.unit = f"{names[mention.unit]} of age"


def fraction_stands(lex: Lexed, number: Number) -> bool:
    """Return False for "half-time", "half hour", "a quarter earlier" and other halves that are no share."""
    before = lex.low[number.first - 1] if number.first else ""
    after = lex.low[number.last]
    if lex.is_dash(number.last) and lex.joined(number.last) and lex.joined(number.last + 1):
        return False
    if lex.low[number.first] == "half" and (before in neighbours()["half_before"]):
        return False
    return not (lex.kind[number.last] == WORD and after in neighbours()["half_after"])
