"""Levels: what a share or a duration moves to or from is no part of what moves."""

from __future__ import annotations

from claimtable.nlp.claims.context import Context
from claimtable.nlp.claims.lexicon import movements

LEVEL_CASES = frozenset(["from", "to"])
"""Prepositions of the levels that something moves between."""


def moves(ctx: Context, i: int) -> bool:
    """Return whether a verb or noun says that something moves, whichever way."""
    t = ctx.t
    return t.lemma[i] in ctx.nouns.change or any(t.lower[i] in forms for forms in movements().values())


def is_neutral(ctx: Context, i: int) -> bool:
    """Return whether a verb says that something moves, but not which way: "went", "brought"."""
    return ctx.t.lower[i] in movements()["neutral"]
