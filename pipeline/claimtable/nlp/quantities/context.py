"""What the words around a mention say: bounds, movement, definiteness, ranges."""

from __future__ import annotations

from claimtable.nlp.quantities.amounts import set_accounting
from claimtable.nlp.quantities.bounds import set_bound
from claimtable.nlp.quantities.counted import definite, is_plural, singular
from claimtable.nlp.quantities.lexer import WORD, Lexed
from claimtable.nlp.quantities.lexicon import neighbours, number_words, words
from claimtable.nlp.quantities.mention import Mention
from claimtable.nlp.quantities.movement import set_changes
from claimtable.nlp.quantities.ranges import (
    join_movements,
    join_parts,
    join_ranges,
    share_following,
    share_units,
    take_unit,
)


def settle(lex: Lexed, found: list[Mention]) -> list[Mention]:
    """Set bounds and changes, then join ranges and movements; return the mentions in order."""
    _fahrenheit(lex, found)
    for k, mention in enumerate(found):
        floor = found[k - 1].last if k else 0
        following = found[k + 1] if k + 1 < len(found) else None
        set_bound(lex, mention, floor, following.first if following else lex.n)
        set_accounting(lex, mention)
        if following is not None:
            _share_brackets(lex, mention, following)
            _count_packed(lex, mention, following)
    share_units(lex, found)
    found = join_ranges(lex, found)
    share_following(lex, found)
    found = join_parts(lex, found)
    set_changes(lex, found)
    for k, mention in enumerate(found):
        if k and _converts(lex, found[k - 1], mention):
            _inherit(found[k - 1], mention)
        _set_role(lex, mention)
    return join_movements(lex, found)


def _share_brackets(lex: Lexed, a: Mention, b: Mention) -> None:
    """Read "EUR 4.2 (5.4) million": the figure of another period in brackets shares unit and scale."""
    j = b.last + 1
    stands = b.kind == "bare" and b.first == a.last + 1 and lex.tok[a.last] == "(" and lex.tok[b.last] == ")"
    scale = number_words().get(lex.low[j]) if stands else None
    if scale is None or scale.kind != "scale" or a.value is None or b.value is None or a.number.scaled:
        return
    for mention in (a, b):
        mention.value = (mention.value or 0.0) * scale.value
        mention.number.scaled, mention.number.scale = True, scale.value
    if a.kind == "money":
        take_unit(b, a)
        b.rules.append("quantity.brackets")


def _count_packed(lex: Lexed, a: Mention, b: Mention) -> None:
    """Read "twelve 330 ml cans": the first number counts what the second one measures."""
    j = b.last
    stands = a.kind == "bare" and b.kind == "measure" and b.first == a.last and lex.kind[j] == WORD
    if not stands or lex.low[j] in words("function_words") or not is_plural(lex.low[j]):
        return
    a.kind, a.dimension, a.unit = "count", "count", singular(lex.low[j])
    a.unit_first, a.unit_last = j, j + 1
    a.named = False


def _set_role(lex: Lexed, mention: Mention) -> None:
    if mention.unit == "d" and mention.value == 1 and mention.number.words and _some_day(lex, mention):
        mention.role = "idiom"
    if mention.role == "quantity" and mention.kind == "count" and definite(lex, mention.number):
        mention.role = "definite"


def _fahrenheit(lex: Lexed, found: list[Mention]) -> None:
    """Read "20 F" as a temperature, unless the text is about capacitors: UCUM's F is the farad."""
    letters = [m for m in found if m.unit == "F" and lex.tok[m.unit_first] == "F"]
    if letters and neighbours()["capacitance"].isdisjoint(lex.low):
        for mention in letters:
            mention.unit, mention.dimension = "[degF]", "temperature"
            mention.rules.append("quantity.fahrenheit")


def _some_day(lex: Lexed, mention: Mention) -> bool:
    """Return whether a day is none in particular: "one day we will", not "in one day"."""
    before = lex.low[mention.number.first - 1] if mention.number.first else ""
    return mention.bound == "=" and before not in neighbours()["duration_before"] and not mention.attributive


def _converts(lex: Lexed, a: Mention, b: Mention) -> bool:
    """Return whether the same amount follows in another unit: "7.5 million crowns (US $1.1 million)", "(224 kW / 300 PS)"."""
    if a.unit == b.unit or b.unit is None or a.kind == "count" or b.kind == "count":
        return False
    between = lex.tok[a.last : b.first]
    return between in (["("], ["/"]) and lex.tok[b.last] in (")", "/")


def _inherit(a: Mention, b: Mention) -> None:
    if b.bound == "=":
        b.bound = a.bound
    if b.change is None and b.direction is None:
        b.change, b.direction = a.change, a.direction
