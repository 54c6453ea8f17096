"""Degrees of which scale: "a high of 93 degrees" in a text of a country that measures in Fahrenheit, or among figures of one scale."""

from __future__ import annotations

import functools
from dataclasses import replace

from claimtable import rules
from claimtable.nlp.claims.context import Context, Sentence
from claimtable.schema import Quantity

DEGREE = "deg"
SCALES = ("[degF]", "Cel")
FAHRENHEIT_STATE = "US"
MIN_PLACES = 2
"""Mentions of the United States or its states from which a text without another scale measures in Fahrenheit (set by hand)."""


@functools.cache
def _places() -> dict[str, bool]:
    """Return the names of states, and of those of the country that measures in Fahrenheit: name → whether it is one of its."""
    own = (
        row["name"] for row in rules.table("divisions", "name", "state") if row["state"] == FAHRENHEIT_STATE
    )
    states = {row["name"]: row["id"] == FAHRENHEIT_STATE for row in rules.table("states", "name")}
    return states | dict.fromkeys(own, True)


def document_scale(ctx: Context) -> str | None:
    """Return the scale that the document's temperatures are in, as its unit code: the one most often named, else that of its country."""
    named = [q.unit for q in ctx.quantities if q.unit in SCALES]
    if named:
        return max(SCALES, key=named.count)
    ours = [0, 0]
    for actor in ctx.doc._.claimtable_actors:
        own = _places().get(actor.name)
        if own is not None:
            ours[own] += len(actor.mentions)
    return SCALES[0] if ours[True] >= MIN_PLACES and ours[True] > ours[False] else None


def in_scale(ctx: Context, q: Quantity, sentence: Sentence, scale: str | None) -> Quantity:
    """Return degrees in a sentence about the weather or heat as a temperature in the document's scale; others as they are."""
    if scale is None or q.unit != DEGREE or not _is_of_heat(ctx, sentence):
        return q
    return replace(q, unit=scale, dimension="temperature")


def _is_of_heat(ctx: Context, sentence: Sentence) -> bool:
    t = ctx.t
    return any(t.lemma[i] in ctx.nouns.heat for i in range(sentence.start, sentence.end))
