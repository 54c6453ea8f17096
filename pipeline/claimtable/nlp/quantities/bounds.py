"""Words that bound a value: "about", "at least", "or more", "+"."""

from __future__ import annotations

from claimtable.nlp.quantities.lexer import BREAK, NUMERAL, STOPS, Lexed
from claimtable.nlp.quantities.lexicon import bounds, neighbours
from claimtable.nlp.quantities.mention import Mention
from claimtable.nlp.quantities.ratios import set_age
from claimtable.schema import Bound

_LONGEST_BOUND, _FILLERS = 5, 2  # tokens


def _key(lex: Lexed, first: int, last: int) -> tuple[str, ...]:
    return tuple(lex.low[first:last])


def _ends(lex: Lexed, i: int) -> bool:
    """Return True where the text ends, or a sign that opens nothing stands: "$5m plus."."""
    return lex.kind[i] == BREAK or lex.tok[i] in STOPS or lex.tok[i] in (",", ")")


def set_bound(lex: Lexed, mention: Mention, floor: int, ceiling: int) -> None:
    """Set the bound that the words around state, and widen the mention over them; it stays within floor..ceiling."""
    _set_before(lex, mention, floor)
    if mention.bound == "=":
        _set_behind(lex, mention, ceiling)


def _set_before(lex: Lexed, mention: Mention, floor: int) -> None:
    """Read the words before a mention, at most two fillers between: "about", "at least the", "up to another"."""
    p = mention.first
    for _ in range(_FILLERS + 1):
        if p <= floor:
            return
        hit = _longest(lex, p, floor)
        if hit is not None:
            _take(lex, mention, *hit)
            return
        if _is_bound_word(lex, mention, p) or lex.low[p - 1] not in neighbours()["bound_filler"]:
            return
        p -= 1


def _longest(lex: Lexed, p: int, floor: int) -> tuple[int, Bound, str] | None:
    """Return (first token, bound, rule) of the longest words of the table that end before token `p`."""
    left = bounds()["left"]
    for length in range(min(_LONGEST_BOUND, p - floor), 0, -1):
        hit = left.get(_key(lex, p - length, p))
        if hit is not None:
            return p - length, hit[0], hit[1]
    return None


def _take(lex: Lexed, mention: Mention, p: int, bound: Bound, rule: str) -> None:
    """Give a mention the bound of the words that begin at token `p`."""
    if lex.low[p] == "over" and mention.dimension == "time" and lex.low[p - 1] != "aged":
        return  # "over five years": during them
    if lex.low[p] == "about" and p and lex.low[p - 1] in neighbours()["about_topic"]:
        return  # "spoke about €3 billion": of it
    if bound != mention.bound and mention.bound == "=":
        mention.bound = bound
        mention.rules.append(rule)
        older = lex.low[p] in ("older", "younger") or _is_group_aged(lex, mention, p)
        if mention.kind == "bare" and older:
            mention.unit = "a"
            set_age(mention)
    mention.first = p


def _is_group_aged(lex: Lexed, mention: Mention, p: int) -> bool:
    """Return whether people stand right before "over 70" at token `p`."""
    aged = 10 <= (mention.value or 0) <= _OLDEST and mention.number.plain
    return aged and p > 0 and lex.low[p] in _OLDER and lex.low[p - 1] in neighbours()["age_group"]


_OLDEST = 100


def _is_bound_word(lex: Lexed, mention: Mention, p: int) -> bool:
    """Take a word before token `p` that bounds some kinds of mention alone, and return whether it did: "some", "within", "sub-"."""
    word = lex.low[p - 1]
    if word == "some" and mention.kind != "bare" and mention.value != 1:
        mention.bound, mention.first = "~", p - 1
    elif word == "within" and mention.kind == "measure" and mention.dimension != "time":
        mention.bound, mention.first = "<=", p - 1
    elif lex.is_dash(p - 1) and word != "" and lex.low[p - 2] == "sub" and lex.joined(p):
        mention.bound, mention.first = "<", p - 2
    else:
        return False
    return True


def _set_age_group(lex: Lexed, mention: Mention, j: int) -> None:
    """Read "those of 70 or over" as an age."""
    near = lex.low[max(0, mention.first - _NEAR_GROUP) : mention.first]
    plain = mention.kind == "bare" and mention.number.plain and lex.low[j - 1] in _OLDER
    if plain and not neighbours()["age_group"].isdisjoint(near):
        mention.unit = "a"
        set_age(mention)


_NEAR_GROUP = 5  # tokens between "people" and "70 or over"
_OLDER = frozenset(("over", "older", "under", "younger", "above"))


def _bounds_next(lex: Lexed, j: int) -> bool:
    """Return whether the last word before token `j` bounds the number there: "70 or over 70"."""
    return lex.kind[j] == NUMERAL and _key(lex, j - 1, j) in bounds()["left"]


def _set_behind(lex: Lexed, mention: Mention, ceiling: int) -> None:
    """Read what stands behind a mention, or behind its number: "+", "plus", "or more"."""
    if lex.tok[mention.number.last - 1] == "+":
        mention.bound = ">="
        return
    j = mention.last
    if lex.low[j] == "plus" and _ends(lex, j + 1):
        mention.bound, mention.last = ">=", j + 1
        return
    right = bounds()["right"]
    for start in dict.fromkeys((j, mention.number.last)):
        if lex.tok[start] == "+" and lex.joined(start):
            mention.bound = ">="
            mention.last = max(mention.last, start + 1)
            return
        for length in (3, 2):
            hit = right.get(_key(lex, start, start + length))
            if hit is not None and start + length <= ceiling and not _bounds_next(lex, start + length):
                mention.bound = hit[0]
                _set_age_group(lex, mention, start + length)
                mention.rules.append(hit[1])
                mention.last = max(mention.last, start + length)
                return
