"""Two values that are one: ranges ("15-20 usd", "between X and Y") and movements ("from X to Y")."""

from __future__ import annotations

from itertools import pairwise
from typing import cast

from claimtable.nlp.quantities.lexer import BREAK, STOPS, WORD, Lexed
from claimtable.nlp.quantities.lexicon import calendar, changes, neighbours, words
from claimtable.nlp.quantities.mention import Mention
from claimtable.schema import Change

_AMOUNT_TO_LEVEL = 4  # own choice: "rose 5 to 10" is a range, "rose 5 to 30" an amount and a level
_CONTEST_REACH = 8  # tokens between a verb of winning or losing and the result
_RANGE_DASHES = frozenset("-–—−~")


def _base(unit: str | None) -> str | None:
    return unit.partition("/")[0] if unit else unit


def _same_unit(a: Mention, b: Mention) -> bool:
    return _base(a.unit) == _base(b.unit) or a.kind == "bare" or b.kind == "bare"


def join_ranges(lex: Lexed, found: list[Mention]) -> list[Mention]:
    """Joins "15-20 usd", "8 to 10 feet", "between X and Y", "three or four years"."""
    out: list[Mention] = []
    for mention in found:
        if out and _score(lex, out[-1], mention):
            out.pop()
            continue
        if out and _joins(lex, out[-1], mention):
            out[-1] = _range(out[-1], mention)
            continue
        out.append(mention)
    return out


def share_units(lex: Lexed, found: list[Mention]) -> None:
    """Reads "four-, five- and six-cylinder": a number with a hanging hyphen takes the unit that follows."""
    for k in range(len(found) - 2, -1, -1):
        a, b = found[k], found[k + 1]
        if (
            a.kind == "bare"
            and lex.is_dash(a.last)
            and lex.joined(a.last)
            and not (lex.kind[a.last + 1] == WORD and lex.joined(a.last + 1))
            and b.attributive
        ):
            _take_unit(a, b)
            a.unit_first, a.unit_last, a.attributive, a.named = b.unit_first, b.unit_last, True, False


def share_percent(lex: Lexed, found: list[Mention]) -> None:
    """Reads "gains of 8 and 14 percent": a bare number joined to a share that is no range with it is one too."""
    for a, b in pairwise(found):
        if (
            a.kind == "bare"
            and a.value is not None
            and not a.named
            and b.kind == "share"
            and b.value is not None
            and b.bound == "="
            and lex.low[a.last : b.first] == ["and"]
            and a.number.words == b.number.words
        ):
            _take_unit(a, b)


def _take_unit(a: Mention, b: Mention) -> None:
    """Gives a bare number the unit of another mention."""
    a.kind, a.unit, a.dimension, a.family = b.kind, b.unit, b.dimension, b.family
    a.factor, a.table_unit = b.factor, b.table_unit


def _score(lex: Lexed, a: Mention, b: Mention) -> bool:
    """True for the score of a match ("2-0", "89-89"): plain numbers joined by a dash that do not rise."""
    return (
        b.first == a.last + 1
        and lex.is_dash(a.last)
        and lex.joined(a.last) == lex.joined(b.first)
        and a.kind == "bare"
        and b.kind in ("bare", "count")
        and a.number.plain
        and b.number.plain
        and cast(float, a.value) >= cast(float, b.value)
    )


def _joins(lex: Lexed, a: Mention, b: Mention) -> bool:
    if (
        a.value is None
        or b.value is None
        or (a.attributive and not b.attributive and a.unit != b.unit)
        or b.bound != "="
    ):
        return False
    between = lex.tok[a.last : b.first]
    if not 1 <= len(between) <= 3 or lex.start[b.first] - lex.end[a.last - 1] > 8:
        return False
    if (a.kind == "ratio" and a.dimension == "share") or (b.kind == "ratio" and b.dimension == "share"):
        return False
    joint = [w.lower() for w in between if w not in _RANGE_DASHES or len(between) == 1]
    if joint and joint[0] in _RANGE_DASHES:
        joint = ["to"]
        if a.last < lex.n and lex.joined(a.last) != lex.joined(b.first):
            return False
    if joint not in (["to"], ["or"], ["and"], ["through"]):
        return False
    if not _same_unit(a, b) or (
        a.kind != "bare" and b.kind == "bare" and joint != ["to"] and joint != ["and"]
    ):
        return False
    low = lex.low
    lead = low[a.first - 1] if a.first else ""
    lead2 = low[a.number.first - 1] if a.number.first else ""
    value_a, value_b = _scaled(a, b)
    if (
        joint == ["to"]
        and a.kind != "bare"
        and (lead == "by" or lead in changes()["verb"])
        and low[a.last] == "to"
    ):
        return False  # "increased by $43.6 billion to $419.2 billion": an amount and a level
    if (
        a.kind == b.kind == "bare"
        and low[a.last] == "to"
        and (lead in changes()["verb"] or lead == "by")
        and value_b > _AMOUNT_TO_LEVEL * value_a
    ):
        return False  # "rose 1 1/2 to 35"
    if joint == ["and"]:
        return "between" in (lead, lead2, low[a.first - 2] if a.first > 1 else "") and value_a < value_b
    if joint == ["or"]:
        return value_a < value_b and value_b <= 3 * value_a and a.number.words == b.number.words
    if lead == "from" and low[a.last] == "to":
        return False  # a movement or a span: `join_movements` decides
    if joint == ["to"] and a.kind == b.kind == "share" and _is_contest(lex, a):
        return False
    if value_a >= value_b:
        return (
            low[a.last] == "to" and a.kind == "measure" and a.unit == b.unit and lead not in changes()["verb"]
        )
    if low[a.last] != "to" or lead not in changes()["verb"] or a.unit == b.unit:
        return True
    # "rose 18 sen to RM23.50": an amount and a level; "rose 5 to 10 percent": a range
    return a.kind == "bare" and b.kind in ("share", "measure")


def _is_contest(lex: Lexed, a: Mention) -> bool:
    """True for the result of a vote, two shares and no range: "she lost the state 36 percent to 51 percent"."""
    start = max(0, a.first - _CONTEST_REACH)
    for i in range(a.first - 1, start - 1, -1):
        if lex.kind[i] == BREAK or lex.tok[i] in STOPS:
            return False
        if lex.low[i] in neighbours()["contest"]:
            return True
    return False


def _scaled(a: Mention, b: Mention) -> tuple[float, float]:
    """Returns both values, the first with the scale of the second where it has none of its own: "$3 to $5 billion"."""
    value_a, value_b = cast(float, a.value), cast(float, b.value)
    if (
        b.number.scaled
        and not a.number.scaled
        and abs(a.number.mantissa) < abs(b.number.mantissa or value_b)
        and abs(a.number.mantissa) < 1000
    ):
        value_a *= b.number.scale
    return value_a, value_b


def _rated(a: Mention, b: Mention) -> bool:
    """True where only the first of two amounts names what both are per: "from $75 per barrel to $45"."""
    return "/" in (a.unit or "") and "/" not in (b.unit or "") and _base(a.unit) == _base(b.unit)


def _range(a: Mention, b: Mention) -> Mention:
    value_a, value_b = _scaled(a, b)
    holder = b if a.kind == "bare" or (b.unit and b.unit != a.unit and not _rated(a, b)) else a
    return Mention(
        a.first,
        b.last,
        a.number,
        holder.kind,
        None,
        value_a,
        value_b,
        unit=holder.unit,
        unit_first=holder.unit_first,
        unit_last=holder.unit_last,
        dimension=holder.dimension,
        family=holder.family,
        bound=a.bound,
        role=holder.role,
        rules=[*holder.rules, "quantity.range"],
        attributive=b.attributive,
        named=b.named or (a.named and b.kind == "bare"),
        factor=holder.factor,
        table_unit=holder.table_unit,
    )


_MOVEMENT_REACH = 9  # tokens between the two ends: "from $36,040 at 10.45pm last night to $34,935"


def join_movements(lex: Lexed, found: list[Mention]) -> list[Mention]:
    """Joins "from X ... to Y" into one mention that keeps both values as its parts; three ends stay apart."""
    out: list[Mention] = []
    k = 0
    while k < len(found):
        a = found[k]
        b = found[k + 1] if k + 1 < len(found) else None
        if b is not None and _is_movement(lex, a, b, found[k + 2] if k + 2 < len(found) else None):
            out.append(_movement(lex, a, b))
            k += 2
            continue
        out.append(a)
        k += 1
    return out


def _is_movement(lex: Lexed, a: Mention, b: Mention, c: Mention | None) -> bool:
    if (
        a.value is None
        or b.value is None
        or not _same_unit(a, b)
        or (a.kind == "ratio" and a.dimension == "share")
    ):
        return False
    if not a.first or lex.low[a.first - 1] != "from" or b.first - a.last > _MOVEMENT_REACH:
        return False
    between = lex.low[a.last : b.first]
    if not between or between[-1] != "to" or any(w in STOPS or w == "" for w in between[:-1]):
        return False
    if any(lex.kind[x] == BREAK for x in range(a.last, b.first)):
        return False
    return not (c is not None and c.value is not None and _same_unit(b, c) and _continues(lex, b, c))


def _continues(lex: Lexed, b: Mention, c: Mention) -> bool:
    """True where `c` is a further stop of a movement: "to 1,948 in 2011, and to 4,168 in 2012"."""
    if lex.low[c.first - 1] != "to" or c.first - b.last > _MOVEMENT_REACH:
        return False
    function = words("function_words")
    return all(
        lex.kind[k] != WORD
        or (lex.low[k] in function and lex.low[k] not in neighbours()["clause_opener"])
        or lex.low[k] in calendar()
        for k in range(b.last, c.first)
    )


def _movement(lex: Lexed, a: Mention, b: Mention) -> Mention:
    joined = _range(a, b)
    joined.rules[-1] = "quantity.from_to"
    if a.kind == "bare" and b.kind != "bare":
        _take_unit(a, b)
    if b.kind == "bare" and a.kind != "bare":
        _take_unit(b, a)
    for one, other in ((a, b), (b, a)):
        if _rated(one, other):
            other.unit, other.factor, other.table_unit = one.unit, one.factor, one.table_unit
    low, high = cast(float, joined.low), cast(float, joined.high)
    a.value, b.value = low, high
    verbs = changes()["verb"]
    direction: Change | None = None
    for p in range(a.first - 2, max(-1, a.first - 8), -1):
        if lex.kind[p] == BREAK or lex.tok[p] in STOPS:
            break
        if lex.low[p] in verbs:
            direction = "up" if high > low else "down"
            break
    joined.direction = direction
    joined.change = None
    a.direction = None
    b.direction = direction
    joined.parts = (a, b)
    return joined
