"""Actors against gold actors.

A gold actor is found by the extracted actor, not yet taken, that shares most of its names, letter
case aside; the first among equals. Its type is right when it is the same; its names are merged when
as many are shared as gold has aliases.
"""

from __future__ import annotations

from collections.abc import Sequence

from claimtable.evaluate.measures import Counts, Mistake, Row, Score, Share


def score_article(document: str, gold: Sequence[Row], rows: Sequence[Row]) -> Score:
    """Score the actors of one article: gold and extracted ones have `name`, `type`, `aliases`."""
    score = Score("actors")
    free = list(rows)
    for g in gold:
        names = _names(g)
        shared = [len(names & _names(row)) for row in free]
        most = max(shared, default=0)
        score.counts["actors"] += Counts(int(most > 0), int(most > 0), 1)
        if not most:
            score.mistakes.append(Mistake("missed", document, g["name"], gold=[*g["aliases"]]))
            continue
        row = free.pop(shared.index(most))
        same_type = row.get("type") == g["type"]
        aliases = {alias.lower() for alias in g["aliases"]}
        merged = most >= len(aliases)
        score.shares["type"] += Share(int(same_type), 1)
        score.shares["aliases"] += Share(int(merged), 1)
        if not same_type:
            score.mistakes.append(Mistake("wrong", document, g["name"], "type", g["type"], row.get("type")))
        if not merged:
            score.mistakes.append(
                Mistake("wrong", document, g["name"], "aliases", [*g["aliases"]], row.get("aliases"))
            )
    for row in free:
        score.counts["actors"] += Counts(0, 1, 0)
        score.mistakes.append(Mistake("spurious", document, row["name"], extracted=row.get("aliases")))
    return score


def _names(row: Row) -> set[str]:
    return {name.lower() for name in (row["name"], *(row.get("aliases") or ()))}
