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
_HAVING = frozenset(["have", "receive", "see", "get", "average"])
_REPORTING = _HAVING | {"report", "record", "measure", "register", "notify", "log", "confirm", "document"}
"""Verbs whose subject, or "from", is the place where a figure was measured."""
_LANDED = frozenset(["eu", "asean", "cis", "mercosur", "oecd"])
"""Unions, as `rules/data/actor_additions.tsv` has them, that something can happen in."""
_DISEASES = frozenset(
    ["syndrome", "virus", "fever", "disease", "flu", "influenza", "coronavirus", "encephalitis"]
)
"""Nouns of names that a place is a part of and says nothing of where."""
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
        if mention.label not in _LABELS and _name(ctx, mention) not in _unions():
            continue
        head = syntax.span_root(t, *t.range(mention.start, mention.end))
        if not first <= head < end:
            continue
        near = -min(abs(head - at), _FAR) / _FAR
        name = _name(ctx, mention)
        if _is_own(ctx, mention, at):
            yield Candidate("place.own", 4.0, _with_first(ctx, mention, head, name))
        whole = _whole(ctx, head)
        if syntax.case_word(t, whole) in ctx.nouns.place_case and not mention.acting:
            own = t.rel[whole] == "obl" and t.head[whole] == clause
            yield Candidate(
                "place.clause" if own else "place.phrase", 3.0 if own else 2.5, name, (("near", near),)
            )
        elif t.lemma[whole] not in _DISEASES and _is_of_report(ctx, whole):
            yield Candidate("place.report", 2.0, name, (("near", near),))
        elif subject is not None and mention.text in subject and _names(ctx, head):
            yield Candidate("place.subject", 1.0, name, (("near", near),))


def _names(ctx: Context, head: int) -> bool:
    """Return whether a place tells a noun more closely: "Oslo schools"; not "Middle East respiratory syndrome", a name."""
    t = ctx.t
    named = t.dep[head] in _NAMING
    return named and not (t.rel[head] in ("compound", "amod") and t.lemma[t.head[head]] in _DISEASES)


def _whole(ctx: Context, head: int) -> int:
    """Return the noun that a name tells more closely: "district" of "from Tonkolili district"."""
    t = ctx.t
    while (
        t.rel[head] in ("compound", "flat")
        and t.head[head] > head
        and t.pos[t.head[head]] in ("NOUN", "PROPN")
    ):
        head = t.head[head]
    return head


def _is_of_report(ctx: Context, head: int) -> bool:
    """Return whether it is a place that a figure was measured at: "12 cases were reported from Israel", "Leeds had 3 inches of rain"."""
    t = ctx.t
    verb, case = t.head[head], syntax.case_word(t, head)
    if t.dep[verb] == "nsubj" and case in ("for", "of") and t.lemma[t.head[verb]] in _REPORTING - _HAVING:
        return True  # "the Focal Point for Saudi Arabia notified WHO of 6 cases"
    if case == "from" and t.rel[head] in ("nmod", "appos") and verb < head:
        return t.pos[verb] in ("NOUN", "PRON", "DET")  # "4 cases, all from Tonkolili district"
    if t.pos[verb] != "VERB" or t.lemma[verb] not in _REPORTING:
        return False
    if t.rel[head] == "obl":
        return case in ("from", "by") and t.lemma[verb] in _REPORTING - _HAVING
    return t.dep[head] == "nsubj" and syntax.child(t, verb, "obj") is not None


def _with_first(ctx: Context, mention: ActorMention, head: int, name: str) -> str:
    """Return both places that share a figure: "Croatia and Sweden" of "Croatia and Sweden (both 1.5%)"."""
    t = ctx.t
    behind = t.range(mention.start, mention.end)[1] + 1
    if behind >= t.n or t.lower[behind] not in ("both", "each") or t.rel[head] != "conj":
        return name
    before = t.range(mention.start, mention.end)[0] - 1
    if t.lower[before] != "and" or before < 1:
        return name
    others = [m for m in mentions_in(ctx.doc, t.start[before - 1], t.end[before - 1]) if m.label in _LABELS]
    return f"{_name(ctx, others[-1])} and {name}" if others else name


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
def _unions() -> frozenset[str]:
    """Return the names of unions of states, which are places too: "in the EU"."""
    rows = rules.table("actor_additions", "id", "name")
    return frozenset(row["name"] for row in rows if row["id"] in _LANDED)


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
