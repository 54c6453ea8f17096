"""By when a prediction comes true: the time expression that says so, and its last day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from claimtable.nlp import syntax
from claimtable.nlp.predictions.events import Event
from claimtable.nlp.predictions.lexicon import words
from claimtable.nlp.tokens import Tokens
from claimtable.schema import TimeExpression


def time_of(
    t: Tokens, e: Event, times: Sequence[TimeExpression], published: date | None
) -> TimeExpression | None:
    """Return the time expression that says when the event comes true: in its own clause, at or after publication."""
    best: tuple[int, TimeExpression] | None = None
    for x in times:
        if (
            x.time_end is None
            or x.type == "SET"
            or (x.preposition or "-") not in words().deadline_preposition
        ):
            continue
        if published is not None and x.time_end < published:
            continue
        first, last = t.range(x.start, x.end)
        root = syntax.span_root(t, first, last)
        path = syntax.path_to(t, root, e.event) or syntax.path_to(t, root, e.anchor)
        if path is None and x.preposition in ("by", "before", "until"):
            # "agreed on a target of $1 billion by 2020": beside the verb, about the noun
            clause = syntax.clause_head(t, e.event)
            path = syntax.path_to(t, root, clause) if clause != e.event else None
        if path is None or _is_open_ended(t, last):
            continue
        crossings = sum(1 for i in path[1:-1] if syntax.is_clause_head(t, i) and syntax.is_finite(t, i))
        if crossings:
            continue
        rank = len(path) - (3 if x.preposition in ("by", "before", "until") else 0)
        if best is None or rank < best[0]:
            best = (rank, x)
    return best[1] if best is not None else None


def _is_open_ended(t: Tokens, end: int) -> bool:
    """Return whether the time that ends before the token `end` is the first day, not the last: "in May at the earliest"."""
    return t.lower[end : end + 2] == ["at", "the"] and end + 2 < t.n and t.lower[end + 2] in words().open_end


def last_day(time: TimeExpression) -> date | None:
    """Return the last day on which what is due at that time can come true."""
    first, last = time.time_start, time.range_end or time.time_end
    if time.preposition != "before" or first is None or last is None:
        return last
    if time.mod == "END":
        return last
    if time.mod == "MID":
        return first + (last - first) / 2
    return first - timedelta(days=1)
