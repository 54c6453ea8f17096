"""What the words around a mention say: bounds, movement, definiteness, ranges."""

from __future__ import annotations

from typing import cast

from claimtable.nlp.quantities.counted import definite
from claimtable.nlp.quantities.lexer import BREAK, WORD, Lexed
from claimtable.nlp.quantities.lexicon import bounds, calendar, changes, words
from claimtable.nlp.quantities.mention import Mention
from claimtable.nlp.quantities.ratios import set_age
from claimtable.schema import Bound, Change

_LONGEST_BOUND = 5
_FILLERS = frozenset(
    ("just", "only", "even", "still", "a", "an", "another", "further", "additional", "extra", "of")
)
_ADVERBS = frozenset(
    [
        "just",
        "only",
        "even",
        "still",
        "a",
        "an",
        "another",
        "further",
        "additional",
        "extra",
        "sharply",
        "slightly",
        "modestly",
        "marginally",
        "steadily",
        "again",
        "then",
        "also",
        "to",
        "more",
        "significantly",
        "considerably",
        "dramatically",
        "substantially",
        "rapidly",
        "by",
        "up",
        "down",
        "back",
    ]
)
_REACH_VERB = 8  # tokens between a verb of movement and the level it reached
_PARTICLE_VERBS = frozenset(
    [
        "give",
        "gives",
        "gave",
        "given",
        "giving",
        "make",
        "makes",
        "made",
        "making",
        "set",
        "sets",
        "setting",
        "take",
        "takes",
        "took",
    ]
)
_BEFORE_ADJECTIVES = frozenset(("a", "an", "the", "much", "slightly", "far", "even", "at", "its"))
_DURATION_BEFORE = frozenset(
    [
        "in",
        "within",
        "for",
        "than",
        "only",
        "just",
        "after",
        "every",
        "by",
        "per",
        "about",
        "over",
        "take",
        "takes",
        "took",
        "lasted",
        "lasts",
    ]
)
_QUOTES = frozenset(('"', "“", "‘", "'"))
_RELATIVES = frozenset(("which", "that", "who", "it", "they"))
_PHRASE_ENDS = frozenset(("of", "in", "to", "and", ",", ".", "at", "from"))
_STOPS = frozenset((".", ";", "?", "!"))
_RANGE_DASHES = frozenset("-–—−~")


def settle(lex: Lexed, found: list[Mention]) -> list[Mention]:
    """Sets bounds and changes, then joins ranges and movements; returns the mentions in order."""
    for k, mention in enumerate(found):
        floor = found[k - 1].last if k else 0
        ceiling = found[k + 1].first if k + 1 < len(found) else lex.n
        _bound(lex, mention, floor, ceiling)
    _hanging(lex, found)
    found = _ranges(lex, found)
    for k, mention in enumerate(found):
        _change(lex, mention)
        if k and _converts(lex, found[k - 1], mention):
            _inherit(found[k - 1], mention)
        if mention.unit == "d" and mention.value == 1 and mention.number.words and _some_day(lex, mention):
            mention.role = "idiom"
        if mention.role == "quantity" and mention.kind == "count" and definite(lex, mention.number):
            mention.role = "definite"
    return _movements(lex, found)


def _some_day(lex: Lexed, mention: Mention) -> bool:
    """True for "one day we will", not "in one day"."""
    before = lex.low[mention.number.first - 1] if mention.number.first else ""
    return mention.bound == "=" and before not in _DURATION_BEFORE and not mention.attributive


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


def _key(lex: Lexed, first: int, last: int) -> tuple[str, ...]:
    return tuple(lex.low[first:last])


def _bound(lex: Lexed, mention: Mention, floor: int, ceiling: int) -> None:
    table = bounds()
    left, right = table["left"], table["right"]
    p = mention.first
    for _ in range(3):
        if p <= floor:
            break
        hit: tuple[Bound, str] | None = None
        for length in range(min(_LONGEST_BOUND, p - floor), 0, -1):
            hit = left.get(_key(lex, p - length, p))
            if hit is not None:
                p -= length
                break
        if hit is not None:
            if lex.end[p] - lex.start[p] == 4 and lex.low[p] == "over" and mention.dimension == "time":
                break  # "over five years": during them
            if hit[0] != mention.bound and mention.bound == "=":
                mention.bound = hit[0]
                mention.rules.append(hit[1])
                if mention.kind == "bare" and lex.low[p] in ("older", "younger"):
                    mention.unit = "a"
                    set_age(mention)
            mention.first = p
            break
        word = lex.low[p - 1]
        if word == "some" and (mention.kind != "bare") and mention.value != 1:
            mention.bound = "~"
            mention.first = p - 1
            break
        if word == "within" and mention.kind == "measure" and mention.dimension != "time":
            mention.bound = "<="
            mention.first = p - 1
            break
        if lex.is_dash(p - 1) and word != "" and lex.low[p - 2] == "sub" and lex.joined(p):
            mention.bound, mention.first = "<", p - 2
            break
        if word not in _FILLERS:
            break
        p -= 1
    if mention.bound != "=":
        return
    if lex.tok[mention.number.last - 1] == "+":
        mention.bound = ">="
        return
    j = mention.last
    for start in (j, mention.number.last) if mention.number.last != j else (j,):
        if lex.tok[start] == "+" and lex.joined(start):
            mention.bound = ">="
            mention.last = max(mention.last, start + 1)
            return
        for length in (3, 2):
            hit = right.get(_key(lex, start, start + length))
            if hit is not None and start + length <= ceiling:
                mention.bound = hit[0]
                mention.rules.append(hit[1])
                mention.last = max(mention.last, start + length)
                return


def _sentence_floor(lex: Lexed, i: int, reach: int) -> int:
    p = i
    while p > 0 and i - p < reach:
        token = lex.tok[p - 1]
        if lex.kind[p - 1] == BREAK or (token in _STOPS and lex.spaced(p)):
            break
        p -= 1
    return p


def _change(lex: Lexed, mention: Mention) -> None:
    """Sets `change` (the value is the amount of a movement) and `direction` (also a level reached, or a noun's amount)."""
    if mention.number.signed == "+" and mention.kind in ("share", "bare", "money", "measure"):
        mention.change = mention.direction = "up"
        return
    stated = _before(lex, mention)
    if stated is not None:
        direction, amount = stated
        mention.direction = direction
        if amount and mention.role == "quantity":
            mention.change = direction
        return
    mention.direction = _behind(lex, mention)


def _before(lex: Lexed, mention: Mention) -> tuple[Change, bool] | None:
    """Returns (direction, True where the value is the amount) as the words before the mention state it."""
    table = changes()
    verbs, weak, nouns = table["verb"], table["weak"], table["noun"]
    low = lex.low
    start = _sentence_floor(lex, mention.first, _REACH_VERB + 4)
    p = mention.first - 1
    joint = ""  # the preposition between the movement and the value
    steps = 0
    while p >= start and steps < (_REACH_VERB if joint else 4):
        word = low[p]
        direction = verbs.get(word) or weak.get(word)
        if direction is not None and not (word in ("up", "down") and p and low[p - 1] in _PARTICLE_VERBS):
            if word == "lower" and p and low[p - 1] in _BEFORE_ADJECTIVES:
                return None
            if word in ("up", "down") and (mention.kind == "count" or joint == "of"):
                return None
            if direction == "flat":
                return None
            amount = joint in ("", "by") and mention.kind != "count"
            if word in weak and mention.kind != "share" and not mention.factor and joint != "by":
                amount = False
            return direction, amount
        if joint and word in nouns and (joint != "of" or steps <= 3):
            return nouns[word], False
        if not joint and word in ("to", "by", "of", "at"):
            if word == "at":
                return None
            joint = word
        elif word not in _ADVERBS and word not in _QUOTES:
            if not joint or (joint == "of" and steps > 1):
                return None
            if lex.tok[p] in ",:(" and joint != "by":
                return None
        p -= 1
        steps += 1
    return None


def _behind(lex: Lexed, mention: Mention) -> Change | None:
    """Returns the direction that the words behind state: "3 % higher", "60 basis point improvement", "10 million more"."""
    table = changes()
    nouns, after = table["noun"], table["after"]
    j = mention.last
    for k in (mention.number.last, j, j + 1) if mention.kind != "count" else (mention.number.last,):
        word = lex.low[k]
        if word in after and lex.low[k + 1] != "than":
            return after[word]
        if word in nouns and k >= j and mention.kind != "count":
            return nouns[word]
        if lex.kind[k] == BREAK or word in _PHRASE_ENDS:
            return None
    return None


def _base(unit: str | None) -> str | None:
    return unit.partition("/")[0] if unit else unit


def _same_unit(a: Mention, b: Mention) -> bool:
    return _base(a.unit) == _base(b.unit) or a.kind == "bare" or b.kind == "bare"


def _ranges(lex: Lexed, found: list[Mention]) -> list[Mention]:
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


def _hanging(lex: Lexed, found: list[Mention]) -> None:
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
            a.kind, a.unit, a.dimension, a.factor, a.table_unit = (
                b.kind,
                b.unit,
                b.dimension,
                b.factor,
                b.table_unit,
            )
            a.unit_first, a.unit_last, a.attributive, a.named = b.unit_first, b.unit_last, True, False


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
    if joint == ["and"]:
        return "between" in (lead, lead2, low[a.first - 2] if a.first > 1 else "") and value_a < value_b
    if joint == ["or"]:
        return value_a < value_b and value_b <= 3 * value_a and a.number.words == b.number.words
    if lead == "from" and low[a.last] == "to":
        return False  # a movement or a span: `_movements` decides
    if value_a >= value_b:
        return (
            low[a.last] == "to" and a.kind == "measure" and a.unit == b.unit and lead not in changes()["verb"]
        )
    verbs = changes()["verb"]
    # "rose 18 sen to RM23.50": an amount and a level
    return not (low[a.last] == "to" and lead in verbs and a.unit != b.unit)


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


def _range(a: Mention, b: Mention) -> Mention:
    value_a, value_b = _scaled(a, b)
    holder = b if a.kind == "bare" or (b.unit and b.unit != a.unit) else a
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


def _movements(lex: Lexed, found: list[Mention]) -> list[Mention]:
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
    if not between or between[-1] != "to" or any(w in _STOPS or w == "" for w in between[:-1]):
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
        or (lex.low[k] in function and lex.low[k] not in _RELATIVES)
        or lex.low[k] in calendar()
        for k in range(b.last, c.first)
    )


def _movement(lex: Lexed, a: Mention, b: Mention) -> Mention:
    joined = _range(a, b)
    joined.rules[-1] = "quantity.from_to"
    if a.kind == "bare" and b.kind != "bare":
        a.kind, a.unit, a.dimension, a.family, a.factor, a.table_unit = (
            b.kind,
            b.unit,
            b.dimension,
            b.family,
            b.factor,
            b.table_unit,
        )
    if b.kind == "bare" and a.kind != "bare":
        b.kind, b.unit, b.dimension, b.family, b.factor, b.table_unit = (
            a.kind,
            a.unit,
            a.dimension,
            a.family,
            a.factor,
            a.table_unit,
        )
    low, high = cast(float, joined.low), cast(float, joined.high)
    a.value, b.value = low, high
    verbs = changes()["verb"]
    direction: Change | None = None
    for p in range(a.first - 2, max(-1, a.first - 8), -1):
        if lex.kind[p] == BREAK or lex.tok[p] in _STOPS:
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
