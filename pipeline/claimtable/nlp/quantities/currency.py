"""Which dollar: bare signs and nouns take the currency that the article is about."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter

from claimtable.nlp.quantities.lexer import BREAK, STOPS, WORD, Lexed
from claimtable.nlp.quantities.lexicon import currency_hints, neighbours, words
from claimtable.nlp.quantities.mention import Mention
from claimtable.nlp.quantities.movement import sentence_floor

_MENTIONS = 2  # so often must an article name a country before its bare $ is that country's
_PAID_REACH = 4  # tokens before "pounds" in which a word of money makes them sterling
_SENTENCE = 40  # tokens around an amount in which the countries of its sentence are looked for
_NAMES = 4  # names of countries looked at on either side
_CONTEXT = 14  # tokens around a bare million in which a word of money makes it an amount of money


def settle_money(lex: Lexed, found: list[Mention]) -> None:
    """Resolve bare signs by the countries that the text names, and bare millions in a text about one currency."""
    _pounds(lex, found)
    bare = [(k, m) for k, m in enumerate(found) if m.family]
    if bare:
        hints = _hints(lex)
        winners = {family: _winner(hints, family) for family in {m.family for _, m in bare}}
        for k, mention in bare:
            code = _nearest(lex, hints, mention) or winners[mention.family]
            if code != mention.family and not _conversion(lex, found, k, code):
                for part in (mention, *mention.parts):
                    _rename(part, code)
    _bare_millions(lex, found)


def _pounds(lex: Lexed, found: list[Mention]) -> None:
    """Read "pounds" as money in millions and beside other sterling, else it stays a weight."""
    weights = [m for m in found if m.unit == "[lb_av]" and lex.low[m.unit_first] in ("pound", "pounds")]
    if not weights:
        return
    sterling = any((m.table_unit or m.unit or "").startswith("GBP") for m in found if m.kind == "money")
    for mention in weights:
        if lex.low[mention.last] != "of" and (
            sterling or (mention.number.scaled and mention.number.scale >= 1e6) or _is_paid(lex, mention)
        ):
            mention.kind, mention.unit, mention.dimension, mention.family = "money", "GBP", "money", "GBP"
            mention.rules.append("quantity.pounds")


def _is_paid(lex: Lexed, mention: Mention) -> bool:
    """Return whether a word of money stands before: "costs about 149 pounds", "a fine of 200 pounds"."""
    before = lex.low[max(0, mention.first - _PAID_REACH) : mention.first]
    return any(word in words("money_context") for word in before) and "weighs" not in before


def _rename(mention: Mention, code: str) -> None:
    if mention.table_unit:
        mention.table_unit = mention.table_unit.replace(mention.family, code, 1)
    elif mention.unit:
        mention.unit = mention.unit.replace(mention.family, code, 1)


def _hints(lex: Lexed) -> list[tuple[int, dict[str, str]]]:
    """Return (token, family → code) of each name in the text that speaks for a currency; not of "Australian dollars"."""
    known = currency_hints()
    out = []
    for i in range(lex.n):
        if lex.kind[i] != WORD or not lex.tok[i][0].isupper():
            continue
        name = "U.S." if lex.tok[i : i + 3] == ["U", ".", "S"] else lex.tok[i]
        hit = known.get(f"{name} {lex.tok[i + 1]}") or known.get(name)
        if hit is not None and lex.low[i + 1] not in ("dollar", "dollars", "$"):
            out.append((i, hit))
    return out


def _winner(hints: list[tuple[int, dict[str, str]]], family: str) -> str:
    """Return the currency of a family that the text as a whole speaks for."""
    votes = Counter(codes[family] for _, codes in hints if family in codes)
    if not votes:
        return family
    (code, most), *rest = votes.most_common(2)
    needed = _MENTIONS if family == "USD" else 1
    return family if most < needed or (rest and most < 2 * rest[0][1]) else code


def _nearest(lex: Lexed, hints: list[tuple[int, dict[str, str]]], mention: Mention) -> str | None:
    """Return the currency of the nearest name before, where the sentence names two countries: each has its own dollar."""
    family = mention.family
    k = bisect_left(hints, mention.first, key=lambda hint: hint[0])
    start = sentence_floor(lex, mention.first, _SENTENCE)
    before = [codes[family] for i, codes in hints[max(0, k - _NAMES) : k] if i >= start and family in codes]
    behind = [
        codes[family]
        for i, codes in hints[k : k + _NAMES]
        if family in codes and i < mention.last + _SENTENCE
    ]
    behind = behind if before and not _stops(lex, mention.last, hints[k : k + 1]) else []
    return before[-1] if before and len({*before, *behind}) > 1 else None


def _stops(lex: Lexed, j: int, following: list[tuple[int, dict[str, str]]]) -> bool:
    """Return whether a sentence ends between token `j` and the next name."""
    return any(
        lex.tok[k] in STOPS or lex.kind[k] == BREAK
        for i, _ in following
        for k in range(j, min(i, j + _SENTENCE))
    )


def _conversion(lex: Lexed, found: list[Mention], k: int, code: str) -> bool:
    """Return True for the bare sign in "10.5 million Australian dollars ($7.5 million)": another currency than the one before."""
    mention = found[k]
    if lex.tok[mention.first - 1] not in ("(", ",", "or") or not k:
        return False
    before = found[k - 1]
    return (
        before.kind == "money"
        and not before.family
        and (before.unit or "").startswith(code)
        and mention.first - before.last <= 2
    )


def _bare_millions(lex: Lexed, found: list[Mention]) -> None:
    codes = {(m.table_unit or m.unit or "").partition("/")[0] for m in found if m.kind == "money"}
    if len(codes) != 1:
        return
    (code,) = codes
    context = words("money_context")
    for mention, following in zip(found, [*found[1:], None], strict=False):
        if mention.kind != "bare" or mention.unit or mention.number.scale < 1e6:
            continue
        if following is not None and _converted(lex, mention, following):
            continue
        window = lex.low[max(0, mention.first - _CONTEXT) : mention.last + 4]
        people = lex.low[mention.last] == "of" or any(word in neighbours()["people_near"] for word in window)
        if not people and any(word in context for word in window):
            mention.kind, mention.unit, mention.dimension = "money", code, "money"
            mention.rules.append("quantity.money_context")


def _converted(lex: Lexed, mention: Mention, following: Mention) -> bool:
    """Return whether the same amount follows in brackets, in a currency: a bare million is not in that one."""
    bracket = lex.tok[mention.last] == "(" and following.first <= mention.last + 2
    return following.kind == "money" and bracket
