"""Words that bound a value: "about", "at least", "or more", "+"."""

from __future__ import annotations

from claimtable.nlp.quantities.lexer import BREAK, STOPS, Lexed
from claimtable.nlp.quantities.lexicon import bounds, neighbours
from claimtable.nlp.quantities.mention import Mention
from claimtable.nlp.quantities.ratios import set_age
from claimtable.schema import Bound

_LONGEST_BOUND = 5  # tokens


def _key(lex: Lexed, first: int, last: int) -> tuple[str, ...]:
    return tuple(lex.low[first:last])


def _ends(lex: Lexed, i: int) -> bool:
    """True where the text ends, or a sign that opens nothing stands: "$5m plus."."""
    return lex.kind[i] == BREAK or lex.tok[i] in STOPS or lex.tok[i] in (",", ")")


def set_bound(lex: Lexed, mention: Mention, floor: int, ceiling: int) -> None:
    """Sets the bound that the words around state, and widens the mention over them; it stays within floor..ceiling."""
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
            if lex.low[p] == "over" and mention.dimension == "time" and lex.low[p - 1] != "aged":
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
        if word not in neighbours()["bound_filler"]:
            break
        p -= 1
    if mention.bound != "=":
        return
    if lex.tok[mention.number.last - 1] == "+":
        mention.bound = ">="
        return
    j = mention.last
    for start in (j, mention.number.last) if mention.number.last != j else (j,):
        if lex.low[start] == "plus" and start == j and _ends(lex, start + 1):
            mention.bound, mention.last = ">=", start + 1
            return
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
