"""Where a claim holds: the place that its clause names, else that of its subject, else that of its table; as the gazetteer spells it."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

from claimtable import rules
from claimtable.nlp import syntax
from claimtable.nlp.claims.context import Context
from claimtable.nlp.claims.tables import Cell
from claimtable.nlp.lines import Candidate, choose
from claimtable.nlp.mentions import mentions_in
from claimtable.schema import ActorMention

_LABELS = frozenset(["GPE", "LOC"])
_NAMING = frozenset(["nmod", "nmod:poss", "compound", "obl", "amod", "appos"])
_OWN_TOKENS = 6
"""Tokens from the beginning of a figure to the preposition of its own place, at most (set by hand)."""
_FAR = 40.0
"""Tokens after which a place counts as no nearer (set by hand)."""


def place_of_claim(
    ctx: Context, clause: int, anchor: int, subject: str | None, cell: Cell | None
) -> str | None:
    """Return the name of the state, city or region that a claim is about; None where nothing states it.

    Args:
        ctx: the document.
        clause: token that heads the claim's clause.
        anchor: offset of its figure or event: of several places the nearest is its own.
        subject: the claim's subject, which may name a place.
        cell: the cell of a table that it stands in; then what its headings name counts alone.
    """
    found = list(_of_table(ctx, cell)) if cell is not None else [*_of_clause(ctx, clause, anchor, subject)]
    choice = choose(found, cell="place", at=anchor)
    return choice.winner.value if choice is not None else None


def _of_clause(ctx: Context, clause: int, anchor: int, subject: str | None) -> Iterator[Candidate[str]]:
    t = ctx.t
    at = t.at(anchor)
    if t.rel[clause] == "parataxis" and at > 0 and t.text[at - 1] == "(":
        clause = syntax.clause_head(t, t.head[clause])  # "the falls were recorded in Chile (3 percent)"
    first, end = ctx.clause(clause)
    for mention in mentions_in(ctx.doc, t.start[first], t.end[end - 1]):
        if mention.label not in _LABELS:
            continue
        head = syntax.span_root(t, *t.range(mention.start, mention.end))
        if not first <= head < end:
            continue
        near = -min(abs(head - at), _FAR) / _FAR
        name = _name(ctx, mention)
        if _is_own(ctx, mention, at):
            yield Candidate("place.own", 4.0, name)
        if syntax.case_word(t, head) in ctx.nouns.place_case and not mention.acting:
            own = t.rel[head] == "obl" and t.head[head] == clause
            yield Candidate(
                "place.clause" if own else "place.phrase", 3.0 if own else 2.5, name, (("near", near),)
            )
        elif subject is not None and mention.text in subject and t.dep[head] in _NAMING:
            yield Candidate("place.subject", 1.0, name, (("near", near),))


def _is_own(ctx: Context, mention: ActorMention, at: int) -> bool:
    """Return whether a place is one figure's alone: "Ecuador (41 cases)", "5 percent in Oslo and 7 in Bergen"."""
    t = ctx.t
    first, end = t.range(mention.start, mention.end)
    if end < at and t.text[end] == "(":
        return not ctx.quantities_in(t.start[end], t.start[at] - 1)
    case = first - 1
    while case > at and t.lower[case] == "the":
        case -= 1
    if not at < case <= at + _OWN_TOKENS or t.lower[case] not in ctx.nouns.place_case:
        return False
    figure = ctx.quantities_in(t.start[at], t.end[at])
    until = max((q.end for q in figure), default=t.end[at])
    return not ctx.quantities_in(until, t.start[case])


def _of_table(ctx: Context, cell: Cell) -> Iterator[Candidate[str]]:
    labels = [label for label in (cell.row, cell.column, *cell.titles) if label is not None]
    for k, label in enumerate(labels):
        names = [_name(ctx, m) for m in mentions_in(ctx.doc, label.start, label.end) if m.label in _LABELS]
        name = next(iter(names), None) or _in_heading(
            label.text
        )  # headings are in no section, and have no mentions
        if name is not None:
            yield Candidate("place.table", 1.0, name, (("far", -k / _FAR),))


def _in_heading(text: str) -> str | None:
    """Return the state, region or division that a heading names."""
    words = text.replace("|", " ").split()
    for size in range(min(4, len(words)), 0, -1):
        for k in range(len(words) - size + 1):
            name = _gazetteer().get(" ".join(words[k : k + size]).strip(".,:;()"))
            if name is not None:
                return name
    return None


@functools.cache
def _gazetteer() -> dict[str, str]:
    """Return the names of states, their divisions and regions → the name that the table writes; no adjectives, no twins of words."""
    found = {
        row["name"]: row["name"] for name in ("divisions", "regions") for row in rules.table(name, "name")
    }
    for row in rules.table("states", "name"):
        found |= {name: row["name"] for name in (row["name"], *row["names"].split("|")) if len(name) > 3}
    return found


def _name(ctx: Context, mention: ActorMention) -> str:
    """Return the name of the place as the gazetteer, or else the document, spells it in full."""
    actors: Sequence[str] = [a.name for a in ctx.doc._.claimtable_actors if a.actor_id == mention.actor_id]
    return actors[0] if actors else mention.text
