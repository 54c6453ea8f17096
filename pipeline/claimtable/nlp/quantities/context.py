"""What the words around a mention say: bounds, movement, definiteness, ranges."""

from __future__ import annotations

from claimtable.nlp.quantities.bounds import set_bound
from claimtable.nlp.quantities.counted import definite
from claimtable.nlp.quantities.lexer import Lexed
from claimtable.nlp.quantities.lexicon import neighbours
from claimtable.nlp.quantities.mention import Mention
from claimtable.nlp.quantities.movement import set_changes
from claimtable.nlp.quantities.ranges import join_movements, join_ranges, share_percent, share_units


def settle(lex: Lexed, found: list[Mention]) -> list[Mention]:
    """Sets bounds and changes, then joins ranges and movements; returns the mentions in order."""
    _fahrenheit(lex, found)
    for k, mention in enumerate(found):
        floor = found[k - 1].last if k else 0
        ceiling = found[k + 1].first if k + 1 < len(found) else lex.n
        set_bound(lex, mention, floor, ceiling)
    share_units(lex, found)
    found = join_ranges(lex, found)
    share_percent(lex, found)
    set_changes(lex, found)
    for k, mention in enumerate(found):
        if k and _converts(lex, found[k - 1], mention):
            _inherit(found[k - 1], mention)
        _set_role(lex, mention)
    return join_movements(lex, found)


def _set_role(lex: Lexed, mention: Mention) -> None:
    if mention.unit == "d" and mention.value == 1 and mention.number.words and _some_day(lex, mention):
        mention.role = "idiom"
    if mention.role == "quantity" and mention.kind == "count" and definite(lex, mention.number):
        mention.role = "definite"


def _fahrenheit(lex: Lexed, found: list[Mention]) -> None:
    """Reads "20 F" as a temperature, unless the text is about capacitors: UCUM's F is the farad."""
    letters = [m for m in found if m.unit == "F" and lex.tok[m.unit_first] == "F"]
    if letters and neighbours()["capacitance"].isdisjoint(lex.low):
        for mention in letters:
            mention.unit, mention.dimension = "[degF]", "temperature"
            mention.rules.append("quantity.fahrenheit")


def _some_day(lex: Lexed, mention: Mention) -> bool:
    """True for "one day we will", not "in one day"."""
    before = lex.low[mention.number.first - 1] if mention.number.first else ""
    return mention.bound == "=" and before not in neighbours()["duration_before"] and not mention.attributive


def _converts(lex: Lexed, a: Mention, b: Mention) -> bool:
    """True for the same amount in another unit: "7.5 million crowns (US $1.1 million)", "(224 kW / 300 PS)"."""
    if a.unit == b.unit or b.unit is None or a.kind == "count" or b.kind == "count":
        return False
    between = lex.tok[a.last : b.first]
    return between in (["("], ["/"]) and lex.tok[b.last] in (")", "/")


def _inherit(a: Mention, b: Mention) -> None:
    if b.bound == "=":
        b.bound = a.bound
    if b.change is None and b.direction is None:
        b.change, b.direction = a.change, a.direction
