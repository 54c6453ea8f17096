"""The words that make a claim: the clause of its figure or of its prediction, within its sentence."""

from __future__ import annotations

from claimtable.nlp import syntax
from claimtable.nlp.claims.context import Context, Sentence
from claimtable.nlp.claims.figures import Figure
from claimtable.schema import Prediction


def extent_of(ctx: Context, sentence: Sentence, f: Figure | None, p: Prediction | None) -> tuple[int, int]:
    """Return the offsets of the clause that makes the claim, within its sentence."""
    if f is not None and f.cell is not None:
        return f.cell.extent
    t = ctx.t
    low, high = t.start[sentence.start], t.end[sentence.end - 1]
    if p is not None:
        start, end = p.start, p.end
    else:
        assert f is not None
        start, end = _clause_of(ctx, f)
    if f is not None:
        own = [
            i
            for i in t.subtree(f.place.head)
            if sentence.start <= i < sentence.end and t.pos[i] not in ("PUNCT", "SPACE")
        ]
        start = min(start, f.quantity.start, *(t.start[i] for i in own[:1]))
        end = max(end, f.quantity.end, *(t.end[i] for i in own[-1:]))
    return max(start, low), min(end, high)


def _clause_of(ctx: Context, f: Figure) -> tuple[int, int]:
    """Return the offsets of the clause that the figure stands in; a participle or a bare noun takes in what it is said of."""
    t = ctx.t
    head = syntax.clause_head(t, f.place.head)
    if (
        t.pos[head] in ("NOUN", "PROPN", "SYM", "NUM")
        and not any(t.rel[c] in ("cop", "nsubj") for c in t.children[head])
        and t.rel[head] in ("acl", "conj", "parataxis")
    ):
        head = syntax.clause_head(t, t.head[head])
    a, b = ctx.clause(head)
    if t.rel[head] in ("acl", "advcl") and not any(t.dep[c] in syntax.SUBJECTS for c in t.children[head]):
        a = min(a, *syntax.noun_phrase(t, t.head[head]))
    a = syntax.without_opening(t, a, b - 1)
    while b - 1 > a and t.pos[b - 1] in ("PUNCT", "SPACE"):
        b -= 1
    return t.start[a], t.end[b - 1]
