"""Which times lie ahead of publication."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from claimtable.nlp.predictions.lexicon import words
from claimtable.schema import TimeExpression


def is_ahead(times: Sequence[TimeExpression], published: date | None) -> bool:
    """Return whether one of the times ends after publication, or is of the next days or years."""
    return any(lies_ahead(x, published) for x in times)


def lies_ahead(x: TimeExpression, published: date | None) -> bool:
    """Return whether a time ends after publication; of one without a day, whether it is to come ("the next few days", "within weeks")."""
    if x.time_end is None:
        return (
            x.value.startswith("FUTURE")
            or x.preposition == "within"
            or not words().coming.isdisjoint(x.text.lower().split())
        )
    return published is None or x.time_end > published
