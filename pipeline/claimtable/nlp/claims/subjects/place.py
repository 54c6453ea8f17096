"""Where a figure stands in the tree: the token that joins it to its sentence, and the predicate above that."""

from __future__ import annotations

from dataclasses import dataclass

from claimtable.nlp import syntax
from claimtable.nlp.claims.context import Context, Sentence
from claimtable.nlp.tokens import Tokens
from claimtable.schema import Quantity

MAX_PARENTHESIS = 5
"""Tokens from the verb of a parenthesis to the comma behind it, at most: "he said on Monday" (set by hand)."""
_CUT_OFF = frozenset(["parataxis", "ccomp", "advmod", "dep"])
"""Relations of a clause with a subject of its own to the verb that parsers hang it on; no adverb has a subject."""


@dataclass(frozen=True, slots=True)
class Place:
    """A quantity with its place in the tree. Token indices; `first`..`end` is half-open."""

    quantity: Quantity
    first: int
    end: int
    head: int
    """The token that connects it to the sentence: the counted noun, else a token of the figure."""
    counted: bool
    """Whether `head` is the counted noun."""

    def holds(self, i: int) -> bool:
        """Return whether the token `i` belongs to the figure."""
        return self.first <= i < self.end

    def number_tokens(self, t: Tokens) -> frozenset[int]:
        """Return the tokens of the figure without a counted noun and what stands between number and noun."""
        if not self.counted:
            return frozenset(range(self.first, self.end))
        zero = self.quantity.rule == "quantity.zero"  # "no new cases", "not a single refugee"
        numbers = [
            i
            for i in range(self.first, self.head)
            if t.pos[i] in ("NUM", "SYM") or (zero and t.lower[i] in ("no", "not", "single"))
        ]
        last = numbers[-1] + 1 if numbers else self.first
        if numbers and t.lower[last] in ("more", "fewer", "less"):
            last += 1  # "25,000 more people"
        return frozenset(range(self.first, last))


def place_of(ctx: Context, q: Quantity) -> Place:
    """Return the place of a quantity."""
    t = ctx.t
    a, b = t.range(q.start, q.end)
    root = _root(t, a, b)
    if q.dimension == "count" or q.dimension is None:
        if t.pos[root] in ("NOUN", "PROPN") and t.rel[root] != "nummod" and t.tag[root] != "CD":
            return Place(q, a, b, root, True)
        if t.rel[root] == "nummod" and t.pos[t.head[root]] in ("NOUN", "PROPN") and t.head[root] >= a:
            return Place(q, a, b, t.head[root], True)
        nouns = [i for i in range(a, b) if t.pos[i] in ("NOUN", "PROPN")]
        if q.unit is not None and nouns:
            return Place(q, a, b, nouns[-1], True)
    if t.rel[root] == "nummod" and t.pos[t.head[root]] in ("SYM", "NOUN") and a <= t.head[root] < b:
        root = t.head[root]
    if q.dimension == "share" and t.rel[root] == "nummod" and t.head[root] in ctx.measured:
        root = t.head[root]  # "8 and 14 percent"
    return Place(q, a, b, root, False)


def _root(t: Tokens, a: int, b: int) -> int:
    """Return the token that joins `a`..`b` to the sentence, of two the unit: parsers hang "1.9 billion" and "euros" apart."""
    root = syntax.span_root(t, a, b)
    if t.pos[root] != "NUM":
        return root
    unit = next((i for i in range(root + 1, b) if t.pos[i] == "NOUN"), None)
    if unit is None or a <= t.head[unit] < b or t.pos[unit - 1] != "NUM":
        return root
    return unit


def base_of(ctx: Context, place: Place, sentence: Sentence) -> int:
    """Return the token whose place in the sentence is the figure's own.

    That is its head; for a coordinated figure the first of them; for one that another is compared with ("down 56 %
    from $78 million") that other one; for what is averaged ("an average of nine years") the noun of averaging; for a
    number behind its noun ("magnitude 5.4") that noun.
    """
    t = ctx.t
    base = place.head
    if not any(t.dep[c] in syntax.SUBJECTS for c in t.children[base]):
        base = syntax.first_conjunct(t, base, sentence.start)
    for _ in range(sentence.end - sentence.start):
        above = t.head[base]
        others = any(start != place.quantity.start for start in ctx.measured.get(above, ()))
        mean = mean_of(ctx, base)
        if mean is not None:
            base = mean
            continue
        if not (
            (t.rel[base] in ("nmod", "obl", "compound") and others)
            or (t.rel[base] == "flat" and t.pos[above] == "NOUN")  # "magnitude 5.4"
        ):
            break
        base = above
    return base


def mean_of(ctx: Context, i: int) -> int | None:
    """Return the noun of averaging that `i` is the "of" of: "an average of nine years".

    The one above it, or else the one right before the "of", whatever the parse hangs `i` on.
    """
    t = ctx.t
    of = next((c for c in t.children[i] if t.rel[c] == "case" and t.lower[c] == "of"), 0)
    if of == 0 or t.rel[i] not in ("nmod", "obl"):
        return None
    return next((k for k in (t.head[i], of - 1) if t.lemma[k] in ctx.nouns.mean and k < of), None)


def predicate_of(t: Tokens, i: int) -> int | None:
    """Return the predicate that governs a token: the nearest verb, copular predicate or noun of a clause above it.

    A clause with a subject of its own between the two keeps what stands behind it: "Counting these, sales are off $182 million".
    """
    verb = _predicate_above(t, i)
    if verb is None or verb >= i - 1:
        return verb
    if (resumed := _resumed(t, verb, i)) is not None:
        return resumed
    between = (c for c in reversed(t.children[verb]) if verb < c < i)
    nearer = next(
        (
            c
            for c in between
            if t.rel[c] in _CUT_OFF and any(t.dep[g] in syntax.SUBJECTS for g in t.children[c])
        ),
        None,
    )
    return verb if nearer is None else nearer


def _resumed(t: Tokens, verb: int, i: int) -> int | None:
    """Return the predicate that goes on behind a parenthesis, on which parsers hang it: "it is insured, he said, for $5 million"."""
    if "," not in t.text[verb + 1 : min(i, verb + MAX_PARENTHESIS)]:
        return None
    said = syntax.child(t, verb, "ccomp")
    if said is not None and said < verb:
        return said
    first = next((k for k in t.subtree(verb) if t.pos[k] != "PUNCT"), verb)
    if t.rel[verb] != "parataxis" or first == verb or first < 2 or t.text[first - 1] != ",":
        return None
    before = syntax.clause_head(t, first - 2)
    return before if t.sent[before] == t.sent[verb] and before < first else None


def _predicate_above(t: Tokens, i: int) -> int | None:
    own = any(t.dep[c] in syntax.SUBJECTS for c in t.children[i])
    if t.head[i] == i or t.rel[i] in ("root", "ccomp", "advcl", "parataxis", "acl") or own:
        return i
    j = t.head[i]
    for _ in range(t.n):
        if syntax.is_clause_head(t, j) or t.pos[j] == "VERB" or t.head[j] == j or syntax.child(t, j, "cop"):
            return j
        j = t.head[j]
    return None
