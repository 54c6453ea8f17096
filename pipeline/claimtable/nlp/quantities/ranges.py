"""Two values that are one: ranges ("15-20 usd", "between X and Y", "from 5 mm to 2 cm") and movements ("rose from X to Y")."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, cast

from claimtable.nlp.quantities.conversion import find_unit
from claimtable.nlp.quantities.lexer import BREAK, STOPS, WORD, Lexed
from claimtable.nlp.quantities.lexicon import calendar, changes, neighbours, words
from claimtable.nlp.quantities.mention import Mention
from claimtable.nlp.quantities.number import Number
from claimtable.schema import Change

_AMOUNT_TO_LEVEL = 4  # own choice: "rose 5 to 10" is a range, "rose 5 to 30" an amount and a level
_MOST_OR = 3  # own choice: "three or nine" are alternatives that say a range, "three or ten" are two values
_CONTEST_REACH = 8  # tokens between a verb of winning or losing and the result
_SENTENCE_REACH = 40  # tokens behind an "or" in which "respectively" keeps two values apart
_GAP = 8  # code points between the two ends
_RANGE_DASHES = frozenset("-–—−~")
_JOINTS = frozenset(("to", "or", "and", "through"))


def join_ranges(lex: Lexed, found: list[Mention]) -> list[Mention]:
    """Join "15-20 usd", "8 to 10 feet", "between X and Y", "three or four years"."""
    out: list[Mention] = []
    for mention in found:
        if out and _is_score(lex, out[-1], mention):
            out.pop()
        elif out and _joins(lex, out[-1], mention) and not _ends_list(lex, out, mention):
            out[-1] = _range(out[-1], mention)
        else:
            out.append(mention)
    return out


def share_units(lex: Lexed, found: list[Mention]) -> None:
    """Read "four-, five- and six-cylinder": a number with a hanging hyphen takes the unit that follows."""
    for k in range(len(found) - 2, -1, -1):
        a, b = found[k], found[k + 1]
        hangs = lex.is_dash(a.last) and lex.joined(a.last) and not _word_touches(lex, a.last + 1)
        if a.kind == "bare" and b.attributive and hangs:
            take_unit(a, b)
            a.unit_first, a.unit_last, a.attributive, a.named = b.unit_first, b.unit_last, True, False


def _word_touches(lex: Lexed, j: int) -> bool:
    return lex.kind[j] == WORD and lex.joined(j)


def _ends_list(lex: Lexed, out: list[Mention], mention: Mention) -> bool:
    """Return whether a number ends a list of three or more that share its unit: "16, 20 or 40 years"."""
    if len(out) < 2 or lex.low[out[-1].last : mention.first] != ["or"]:
        return False
    first, second = out[-2:]
    listed = lex.tok[first.last : second.first] == [","] and first.value is not None
    return listed and first.kind == second.kind == "bare" and first.number.words == second.number.words


def share_following(lex: Lexed, found: list[Mention]) -> None:
    """Read "gains of 8 and 14 percent", "16, 20 or 40 years": bare numbers of a list take the unit of its last."""
    listed = False  # whether the pair behind is one of a list
    for k in range(len(found) - 2, -1, -1):
        a, b = found[k], found[k + 1]
        between = lex.low[a.last : b.first]
        joined = between in (["and"], ["or"], [",", "and"], [",", "or"]) or (listed and between == [","])
        bare = a.kind == "bare" and a.value is not None and not a.named and a.number.words == b.number.words
        shared = b.kind in ("share", "money", "age") or (
            b.kind == "measure" and a.number.plain | a.number.words
        )
        whole = not b.attributive and b.value is not None and b.bound == "="
        listed = joined and bare and shared and whole and _is_like(a, b)
        if listed:
            take_unit(a, b)


def _is_like(a: Mention, b: Mention) -> bool:
    """Return whether a number may share the money of the next: "fines of 100 and 200 euros", not "in 2010 and $5"."""
    return b.kind != "money" or b.unit_first < 0 or b.unit_first >= b.number.last


def join_parts(lex: Lexed, found: list[Mention]) -> list[Mention]:
    """Join "9 years and 10 months", "two hours and 15 minutes" into one length of time, in the smaller unit where it is whole."""
    out: list[Mention] = []
    for mention in found:
        times = _part(lex, out[-1], mention) if out else 0
        if times:
            out[-1] = _sum(out[-1], mention, times)
        else:
            out.append(mention)
    return out


_PARTS = {("a", "mo"): 12, ("wk", "d"): 7, ("d", "h"): 24, ("h", "min"): 60, ("min", "s"): 60}


def _part(lex: Lexed, a: Mention, b: Mention) -> int:
    """Return how many of the unit of `b` the unit of `a` has, where `b` goes on with it; else 0."""
    between = lex.low[a.last : b.first]
    if between not in ([], ["and"], [","]) or a.value is None or b.value is None or b.bound != "=":
        return 0
    times = _PARTS.get((a.unit or "", b.unit or ""), 0)
    whole = a.value % 1 == 0 and b.value % 1 == 0 and a.number.signed == b.number.signed == ""
    return times if whole and 0 < b.value < times and not a.attributive and a.dimension == "time" else 0


def _sum(a: Mention, b: Mention, times: int) -> Mention:
    """Return the two lengths of time as one."""
    b.value = cast(float, a.value) * times + cast(float, b.value)
    b.first, b.number.first, b.bound = a.first, a.number.first, a.bound
    b.rules = [*a.rules, "quantity.parts"]
    return b


def take_unit(a: Mention, b: Mention) -> None:
    """Give a bare number the unit of another mention."""
    a.kind, a.unit, a.dimension, a.family = b.kind, b.unit, b.dimension, b.family
    a.factor, a.table_unit = b.factor, b.table_unit


def _is_score(lex: Lexed, a: Mention, b: Mention) -> bool:
    """Return whether two numbers are the score of a match ("2-0", "89-89"): plain, joined by a dash, and not rising."""
    return (
        b.first == a.last + 1
        and lex.is_dash(a.last)
        and lex.joined(a.last) == lex.joined(b.first)
        and a.kind == "bare"
        and b.kind in ("bare", "count")
        and a.number.plain
        and b.number.plain
        and a.value is not None  # "between 10 and 20-0"
        and b.value is not None
        and a.value >= b.value
    )


class _Ends(NamedTuple):
    """Both values in one unit, that of `holder`."""

    low: float
    high: float
    holder: Mention
    converted: bool = False
    """Whether the units as written differ: "5 mm to 2 cm"."""


def _base(unit: str | None) -> str | None:
    return unit.partition("/")[0] if unit else unit


def _same_unit(a: Mention, b: Mention) -> bool:
    return _base(a.unit) == _base(b.unit) or a.kind == "bare" or b.kind == "bare"


def _is_rated(a: Mention, b: Mention) -> bool:
    """Return whether only the first of two amounts names what both are per: "from $75 per barrel to $45"."""
    return "/" in (a.unit or "") and "/" not in (b.unit or "") and _base(a.unit) == _base(b.unit)


def _ends(a: Mention, b: Mention) -> _Ends | None:
    """Return the values of two mentions in one unit, None where they have none in common."""
    if a.value is None or b.value is None:
        return None
    if _same_unit(a, b):
        first = a.value * b.number.scale if _lacks_scale(a.number, b.number, b.value) else a.value
        holder = b if a.kind == "bare" or (b.unit and b.unit != a.unit and not _is_rated(a, b)) else a
        return _Ends(first, b.value, holder)
    if a.kind != b.kind:
        return None
    if a.kind == "money" and _code(a) == _code(b):
        holder = b if a.factor else a  # "90 cents to 4 dollars"
        return _Ends(_tidy(a.value * (a.factor or 1.0)), _tidy(b.value * (b.factor or 1.0)), holder, True)
    # Not of shares: "rose 43 percentage points to 85 percent".
    ratio = _ratio(_code(b), _code(a)) if a.kind == "measure" else None
    return None if ratio is None else _Ends(a.value, _tidy(b.value * ratio[0] / ratio[1]), a, True)


def _code(mention: Mention) -> str:
    return mention.table_unit or mention.unit or ""


def _ratio(one: str, other: str) -> tuple[float, float] | None:
    """Return the factors of two units of one dimension, None where they have no common one, or a zero of their own."""
    first, second = find_unit(one), find_unit(other)
    if first is None or second is None or first.si != second.si or first.offset or second.offset:
        return None
    return first.factor, second.factor


def _tidy(value: float) -> float:
    return float(f"{value:.6g}")


def _lacks_scale(a: Number, b: Number, value: float) -> bool:
    """Return whether the first number shares the scale of the second: "$3 to $5 billion"."""
    return b.scaled and not a.scaled and abs(a.mantissa) < abs(b.mantissa or value) and abs(a.mantissa) < 1000


def _joint(lex: Lexed, a: Mention, b: Mention) -> str:
    """Return "to", "or", "and" or "through" between two mentions, "-" for a dash, else nothing."""
    between = lex.low[a.last : b.first]
    if not 1 <= len(between) <= 3 or lex.start[b.first] - lex.end[a.last - 1] > _GAP:
        return ""
    if len(between) == 1 and between[0] in _RANGE_DASHES:
        return "-" if lex.joined(a.last) == lex.joined(b.first) else ""
    joint = [w for w in between if w not in _RANGE_DASHES]
    return joint[0] if len(joint) == 1 and joint[0] in _JOINTS else ""


def _joins(lex: Lexed, a: Mention, b: Mention) -> bool:
    if b.bound != "=" or (a.attributive and not b.attributive and a.unit != b.unit):
        return False
    joint = _joint(lex, a, b)
    ends = _ends(a, b) if joint else None
    if ends is None or any(m.kind == "ratio" and m.dimension == "share" for m in (a, b)):
        return False
    if a.kind != "bare" and b.kind == "bare" and joint in ("or", "through"):
        return False
    return _BY_JOINT[joint](lex, a, b, ends)


def _and(lex: Lexed, a: Mention, b: Mention, ends: _Ends) -> bool:
    low = lex.low
    before = (*low[max(0, a.first - 2) : a.first], low[a.number.first - 1] if a.number.first else "")
    return "between" in before and ends.low < ends.high


def _or(lex: Lexed, a: Mention, b: Mention, ends: _Ends) -> bool:
    if "respectively" in lex.low[b.last : b.last + _SENTENCE_REACH]:
        return False
    return ends.low < ends.high <= _MOST_OR * ends.low and a.number.words == b.number.words


def _to(lex: Lexed, a: Mention, b: Mention, ends: _Ends) -> bool:
    lead = lex.low[a.first - 1] if a.first else ""
    if _begin_of_from(lex, a.first) or (lead == "of" and a.first > 1 and lex.low[a.first - 2] == "factor"):
        return False  # a movement or a span, which `join_movements` decides; "by a factor of 3 to 12 billion"
    if a.kind == b.kind == "share" and _is_contest(lex, a):
        return False
    if _moves(lead, a, b, ends):
        return ends.low < ends.high and _is_range_moved(a, b, ends)
    return ends.low < ends.high or (a.kind == "measure" and a.unit == b.unit)


def _moves(lead: str, a: Mention, b: Mention, ends: _Ends) -> bool:
    """Return whether the word before two amounts says that something moves by the first, or in between: "rose", "by"."""
    if lead == "by" or lead in changes()["verb"]:
        return True
    return lead in changes()["weak"] and (ends.converted or (a.kind != "bare" and b.kind == "bare"))


def _is_range_moved(a: Mention, b: Mention, ends: _Ends) -> bool:
    """Return whether something moves by a range, "rose 5 to 10 percent".

    Not by an amount to a level: "increased by $43.6 billion to $419.2 billion", "rose 1 1/2 to 35", "rose 18 sen to RM23.50".
    """
    if a.kind != "bare" or (b.kind == "bare" and ends.high > _AMOUNT_TO_LEVEL * ends.low):
        return False
    return a.unit == b.unit or b.kind in ("share", "measure")


def _dash(lex: Lexed, a: Mention, b: Mention, ends: _Ends) -> bool:
    return ends.low < ends.high


_BY_JOINT: dict[str, Callable[[Lexed, Mention, Mention, _Ends], bool]] = {
    "and": _and,
    "or": _or,
    "to": _to,
    "through": _dash,
    "-": _dash,
}


def _is_contest(lex: Lexed, a: Mention) -> bool:
    """Return whether two shares are the result of a vote: "she lost the state 36 percent to 51 percent"."""
    for i in range(a.first - 1, max(0, a.first - _CONTEST_REACH) - 1, -1):
        if lex.kind[i] == BREAK or lex.tok[i] in STOPS:
            return False
        if lex.low[i] in neighbours()["contest"]:
            return True
    return False


def _range(a: Mention, b: Mention) -> Mention:
    ends = cast(_Ends, _ends(a, b))
    holder = ends.holder
    keeps = not ends.converted or holder.kind != "money"
    return Mention(
        a.first,
        b.last,
        a.number,
        holder.kind,
        None,
        ends.low,
        ends.high,
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
        factor=holder.factor if keeps else None,
        table_unit=holder.table_unit if keeps else None,
    )


_MOVEMENT_REACH = 9  # tokens between the two ends: "from $36,040 at 10.45pm last night to $34,935"
_CAUSE_REACH = 24  # tokens before "from" in which the word stands that says that something moved


def join_movements(lex: Lexed, found: list[Mention]) -> list[Mention]:
    """Join "from X … to Y" into one mention: a range, or a movement that keeps both values as its parts.

    Three ends or more stay apart.
    """
    out: list[Mention] = []
    k = 0
    while k < len(found):
        a = found[k]
        b = found[k + 1] if k + 1 < len(found) else None
        if b is not None and _is_span(lex, a, b) and not _goes_on(lex, b, found[k + 2 : k + 3]):
            out.append(_span(lex, a, b))
            k += 2
            continue
        out.append(a)
        k += 1
    return out


def _is_span(lex: Lexed, a: Mention, b: Mention) -> bool:
    if not _begin_of_from(lex, a.first) or b.first - a.last > _MOVEMENT_REACH:
        return False
    if (a.kind == "ratio" and a.dimension == "share") or _ends(a, b) is None:
        return False
    between = lex.low[a.last : b.first]
    if (
        not between
        or between[-1] not in ("to", "through")
        or any(w in STOPS or w == "" for w in between[:-1])
    ):
        return False
    return not any(lex.kind[x] == BREAK for x in range(a.last, b.first))


def _begin_of_from(lex: Lexed, i: int) -> int:
    """Return the index behind "from" where it leads to the amount at token `i`, "from its present level of"; else 0."""
    if i and lex.low[i - 1] == "from":
        return i
    if i < 3 or lex.low[i - 1] != "of" or lex.low[i - 2] not in neighbours()["level_noun"]:
        return 0
    return next((p + 1 for p in range(i - 3, max(-1, i - 6), -1) if lex.low[p] == "from"), 0)


def _goes_on(lex: Lexed, b: Mention, rest: list[Mention]) -> bool:
    """Return whether a further stop of a movement follows: "to 1,948 in 2011, and to 4,168 in 2012"."""
    for c in rest:
        if c.value is None or not _same_unit(b, c):
            return False
        if lex.low[c.first - 1] != "to" or c.first - b.last > _MOVEMENT_REACH:
            return False
        return all(_is_filler(lex, k) for k in range(b.last, c.first))
    return False


def _is_filler(lex: Lexed, k: int) -> bool:
    word = lex.low[k]
    if lex.kind[k] != WORD or word in calendar():
        return True
    return word in words("function_words") and word not in neighbours()["clause_opener"]


def _span(lex: Lexed, a: Mention, b: Mention) -> Mention:
    """Return "from X to Y" as a movement where a word says that something moved, or the values fall; else as a range."""
    joined = _range(a, b)
    low, high = cast(float, joined.low), cast(float, joined.high)
    caused = _cause(lex, _begin_of_from(lex, a.first) - 1)
    adjacent = b.first == a.last + 1 and low < high
    if adjacent and (caused is None or caused == "range" or caused == ("down" if high > low else "up")):
        joined.first = a.first
        lead = lex.low[a.first - 2] if a.first > 1 else ""
        joined.direction = changes()["verb"].get(lead)  # "would drop from 3 to 5 percent"
        return joined
    joined.rules[-1] = "quantity.from_to"
    _share(a, b)
    direction: Change = "up" if high > low else "down"
    a.direction = a.change = None
    b.direction = joined.direction = direction
    b.change = None
    joined.parts = (a, b)
    return joined


def _share(a: Mention, b: Mention) -> None:
    """Give the ends of a movement what only one of them states: unit, scale, what they are per."""
    if _lacks_scale(a.number, b.number, cast(float, b.value)) and _same_unit(a, b):
        a.value = cast(float, a.value) * b.number.scale
    for one, other in ((a, b), (b, a)):
        if one.kind == "bare" and other.kind != "bare":
            take_unit(one, other)
        if _is_rated(one, other):
            other.unit, other.factor, other.table_unit = one.unit, one.factor, one.table_unit


def _cause(lex: Lexed, i: int) -> str | None:
    """Return what the nearest word before token `i` says of "from X to Y": a direction, "flat" (it moved), or "range"."""
    if i and lex.low[i - 1] in ("at", "of"):
        return "range"  # "puts growth at from 2 to 3 percent"
    table = changes()
    verbs = table["verb"] | table["weak"] | table["noun"] | table["neutral"]
    for p in range(i - 1, max(-1, i - _CAUSE_REACH), -1):
        word = lex.low[p]
        if lex.kind[p] == BREAK or (word in STOPS and lex.spaced(p + 1)):
            return None
        if word in neighbours()["range_word"]:
            return "range"
        if word in verbs:
            return verbs[word]
    return None
