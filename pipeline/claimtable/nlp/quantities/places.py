"""Which ton and which degree: what a unit that several countries read differently means where the text names none.

"Tons" beside a state that weighs in tonnes are tonnes; degrees of weather in the United States are Fahrenheit.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cache

from claimtable import rules
from claimtable.nlp.quantities.lexer import BREAK, STOPS, WORD, Lexed
from claimtable.nlp.quantities.lexicon import neighbours, units
from claimtable.nlp.quantities.mention import Mention

_CUSTOMARY = frozenset(("US", "LR", "MM"))
"""States without the metric system (CIA World Factbook, appendix G)."""
_REACH = 60  # tokens around a mention that belong to its sentence at most
_SCALES = frozenset(("Cel", "[degF]"))


def settle_units(lex: Lexed, found: Sequence[Mention]) -> None:
    """Give tons and degrees the unit that the states of their sentence use, else those of the text."""
    tons = [m for m in found if m.unit_first >= 0 and lex.low[m.unit_first] in ("ton", "tons")]
    degrees = [m for m in found if m.unit == "deg" and lex.low[m.unit_first] == "degrees"]
    if not tons and not degrees:
        return
    places = _places(lex)
    for mention in tons:
        if _customary(lex, places, mention) is False:
            _rename(mention, "[ston_av]", "t")
    scales = {m.unit for m in found if m.unit in _SCALES}
    for mention in degrees:
        if neighbours()["weather"].isdisjoint(_sentence(lex, mention)):
            continue
        customary = _customary(lex, places, mention)
        (scale,) = scales if len(scales) == 1 else (None,)
        if scale is None and customary is not None:
            scale = "[degF]" if customary else "Cel"
        if scale is not None:
            mention.unit, mention.dimension = scale, "temperature"


def _rename(mention: Mention, old: str, new: str) -> None:
    code = units()[2][new].code
    for part in (mention, *mention.parts):
        if part.unit is not None and part.unit.startswith(old):
            part.unit = code + part.unit[len(old) :]
        if part.table_unit is not None:
            part.table_unit = part.table_unit.replace(old, code, 1)


def _customary(lex: Lexed, places: _Places, mention: Mention) -> bool | None:
    """Return whether the places of the sentence, else of the text, have units of their own; None where they differ or there are none."""
    first, last = _bounds(lex, mention)
    k = bisect_left(places, (first, False))
    said = {customary for i, customary in places[k : k + last - first] if i < last} or places.all
    return next(iter(said)) if len(said) == 1 else None


def _bounds(lex: Lexed, mention: Mention) -> tuple[int, int]:
    first, last = mention.first, mention.last
    while first and mention.first - first < _REACH and not _stops(lex, first - 1):
        first -= 1
    while last < lex.n and last - mention.last < _REACH and not _stops(lex, last):
        last += 1
    return first, last


def _stops(lex: Lexed, k: int) -> bool:
    return lex.kind[k] == BREAK or lex.tok[k] in STOPS


def _sentence(lex: Lexed, mention: Mention) -> list[str]:
    first, last = _bounds(lex, mention)
    return lex.low[first:last]


class _Places(list[tuple[int, bool]]):
    """(Token, whether it keeps units of its own) of each state, people and American state that a text names."""

    all: frozenset[bool] = frozenset()


def _places(lex: Lexed) -> _Places:
    known = _names()
    out = _Places()
    for i in range(lex.n):
        if lex.kind[i] != WORD or not lex.tok[i][0].isupper():
            continue
        name = "U.S." if lex.tok[i : i + 3] == ["U", ".", "S"] else lex.tok[i]
        customary = known.get(f"{name} {lex.tok[i + 1]}", known.get(name))
        if customary is not None:
            out.append((i, customary))
    out.all = frozenset(customary for _, customary in out)
    return out


@cache
def _names() -> dict[str, bool]:
    """Return each name of one word or two of a state → whether it keeps units of its own."""
    out: dict[str, bool] = {"US": True, "U.S.": True, "America": True, "USDA": True}
    for row in rules.table("divisions", "id", "name", "state"):
        if row["state"] == "US":
            out.setdefault(row["name"], True)
    for row in rules.table("states", "id", "name"):
        forms = "|".join(row[cell] for cell in ("name", "names", "adjectives", "people") if row.get(cell))
        for form in forms.split("|"):
            if form and form not in ("Georgia", "Georgian"):
                out.setdefault(form, row["id"] in _CUSTOMARY)
    return out
