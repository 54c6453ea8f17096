"""Which way a figure moved, where the words beside it do not say so: its clause, its series or its comparison does.

`quantities` reads the words right before and behind a figure; here the tree and the times are known too.
"""

from __future__ import annotations

from claimtable.nlp import syntax
from claimtable.nlp.claims.context import Context
from claimtable.nlp.claims.lexicon import movements
from claimtable.nlp.claims.subjects import Place
from claimtable.schema import Change

_REACHED = frozenset(["to", "by"])
"""Prepositions of the level that a movement reached, and of its amount."""
_PARTICLES = frozenset(["up", "down"])
_STRENGTH = frozenset(["rate", "pace", "speed", "clip"])
"""Nouns of how fast something moves: "grew at an annual rate of 3.7 %"."""
MAX_DEPTH = 4
"""Steps up the tree to the movement that a figure without a verb shares (set by hand: it bounds the search)."""
_TO_TIME = 4
"""Most tokens between "than" and the time of a comparison: "than in the same quarter" (set by hand)."""


def movement(ctx: Context, place: Place, *, goes_on: bool, before: Change | None) -> Change | None:
    """Returns the direction of a movement whose amount, or the level that it reached, the figure is; else None.

    Args:
        ctx: the document.
        place: where the figure stands.
        goes_on: whether it goes on the series of the figure before it: "fell by 5 percent in May and 3 percent in June".
        before: the direction of that figure.
    """
    q = place.quantity
    stated = q.direction or q.change or _compared_with_earlier(ctx, place)
    if stated is not None:
        return stated
    if q.unit == "point" and place.first and ctx.t.lower[place.first - 1] in _PARTICLES:
        return movements()["verb"][ctx.t.lower[place.first - 1]]  # "40 percent, up four points"
    return before if goes_on else _of_clause(ctx, place)


def _compared_with_earlier(ctx: Context, place: Place) -> Change | None:
    """Returns the direction of a difference to an earlier time: "3.9 percent higher than a year earlier"."""
    t = ctx.t
    after = place.end if not place.counted else max(place.end, place.head + 1)
    if after + 2 >= t.n or t.lower[after + 1] != "than":
        return None
    direction = movements()["after"].get(t.lower[after])
    if direction is None:
        return None
    for i in range(after + 2, min(after + 2 + _TO_TIME, t.n)):
        if ctx.is_time(i):
            return direction
        if t.pos[i] not in ("ADP", "DET", "ADJ"):
            return None
    return None


def _of_clause(ctx: Context, place: Place) -> Change | None:
    """Returns the direction of the word that brings its subject or object to the figure: "cut emissions from 96 to 58 kg"."""
    t = ctx.t
    head = place.head
    noun = t.head[head]
    if t.lemma[noun] in _STRENGTH and t.rel[head] == "nmod" and syntax.case_word(t, noun) == "at":
        return _direction(ctx, t.head[noun])
    case = syntax.case_word(t, head)
    if place.counted or case not in _REACHED:
        return None
    if t.rel[head] == "obl":
        verb = noun
        particle = next((t.lower[c] for c in t.children[verb] if t.lower[c] in _PARTICLES and c < head), None)
        return movements()["verb"].get(particle or t.lower[verb]) or movements()["weak"].get(t.lower[verb])
    if case == "by":
        # "Revenue is up at two of them: Resorts by 17 percent; Borgata by 8 percent"
        for i in t.ancestors(head)[:MAX_DEPTH]:
            direction = _direction(ctx, i)
            if direction is not None or t.pos[i] == "VERB":
                return direction
    return None


def _direction(ctx: Context, i: int) -> Change | None:
    """Returns the direction of a word that says nothing but that something moves."""
    return movements()["verb"].get(ctx.t.lower[i])
