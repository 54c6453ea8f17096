"""Which dollar: bare signs and nouns take the currency that the article is about."""

from __future__ import annotations

from collections import Counter

from claimtable.nlp.quantities.lexer import WORD, Lexed
from claimtable.nlp.quantities.lexicon import currency_hints, words
from claimtable.nlp.quantities.mention import Mention

_MENTIONS = 2  # so often must an article name a country before its bare $ is that country's
_CONTEXT = 14  # tokens around a bare million in which a word of money makes it an amount of money


def settle_money(lex: Lexed, found: list[Mention]) -> None:
    """Resolves bare signs by the countries that the text names, and bare millions in a text about one currency."""
    bare = [m for m in found if m.family]
    if bare:
        votes = _votes(lex)
        for k, mention in enumerate(found):
            if not mention.family:
                continue
            code = _winner(votes.get(mention.family), mention.family)
            if code != mention.family and not _conversion(lex, found, k, code):
                _rename(mention, code)
                for part in mention.parts:
                    _rename(part, code)
    _pounds(lex, found)
    _bare_millions(lex, found)


def _pounds(lex: Lexed, found: list[Mention]) -> None:
    """Reads "pounds" as money in millions and beside other sterling, else it stays a weight."""
    weights = [m for m in found if m.unit == "[lb_av]" and lex.low[m.unit_first] in ("pound", "pounds")]
    if not weights:
        return
    sterling = any((m.table_unit or m.unit or "").startswith("GBP") for m in found if m.kind == "money")
    for mention in weights:
        if lex.low[mention.last] != "of" and (
            sterling or (mention.number.scaled and mention.number.scale >= 1e6)
        ):
            mention.kind, mention.unit, mention.dimension = "money", "GBP", "money"
            mention.rules.append("quantity.pounds")


def _rename(mention: Mention, code: str) -> None:
    if mention.table_unit:
        mention.table_unit = mention.table_unit.replace(mention.family, code, 1)
    elif mention.unit:
        mention.unit = mention.unit.replace(mention.family, code, 1)


def _votes(lex: Lexed) -> dict[str, Counter[str]]:
    hints = currency_hints()
    out: dict[str, Counter[str]] = {}
    for i in range(lex.n):
        if lex.kind[i] != WORD or not lex.tok[i][0].isupper():
            continue
        hit = hints.get(lex.tok[i]) or hints.get(f"{lex.tok[i]} {lex.tok[i + 1]}")
        if hit is None and lex.tok[i] == "U" and lex.tok[i + 1] == "." and lex.tok[i + 2] == "S":
            hit = ("USD", "USD")
        if hit is not None and lex.low[i + 1] not in ("dollar", "dollars", "$"):
            out.setdefault(hit[0], Counter())[hit[1]] += 1
    return out


def _winner(votes: Counter[str] | None, family: str) -> str:
    if not votes:
        return family
    (code, most), *rest = votes.most_common(2)
    if most < _MENTIONS or (rest and most < 2 * rest[0][1]):
        return family
    return code


def _conversion(lex: Lexed, found: list[Mention], k: int, code: str) -> bool:
    """True for the bare sign in "10.5 million Australian dollars ($7.5 million)": another currency than the one before."""
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
    for k, mention in enumerate(found):
        if mention.kind != "bare" or not mention.number.scaled or mention.number.scale < 1e6 or mention.unit:
            continue
        following = found[k + 1] if k + 1 < len(found) else None
        if (
            following is not None
            and following.kind == "money"
            and lex.tok[mention.last] == "("
            and following.first <= mention.last + 2
        ):
            continue
        window = lex.low[max(0, mention.first - _CONTEXT) : mention.last + 4]
        if any(word in context for word in window):
            mention.kind, mention.unit, mention.dimension = "money", code, "money"
            mention.rules.append("quantity.money_context")
