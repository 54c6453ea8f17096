"""The words of a subject: what of its phrase is left out, and whose it is."""

from __future__ import annotations

from collections.abc import Collection

from claimtable.nlp import syntax
from claimtable.nlp.claims.context import Context
from claimtable.nlp.claims.subjects.records import MAX_TOKENS
from claimtable.nlp.mentions import canonical_speaker
from claimtable.nlp.tokens import Tokens
from claimtable.schema import Quantity

_BESIDE = frozenset(["at", "with"])
"""Prepositions of what else is measured of a thing."""
_DATELINE = 6
"""Tokens at the start of a phrase among which the dash of a dateline stands."""


def other_figures(ctx: Context, head: int, q: Quantity | None) -> frozenset[int]:
    """Return the tokens of what depends on `head` and hold figures of its own.

    Conjuncts with any figure ("65 fellowships and 235 million dollars"), and whatever else holds a figure that measures the same as
    `q` ("a surplus of £310 million, rising to £740 million").
    """
    t = ctx.t
    out: set[int] = set()
    for c in t.children[head]:
        inside = t.subtree(c)
        low, high = t.start[inside[0]], t.end[inside[-1]]
        if t.rel[c] == "conj":
            is_other = any(x is not q for x in ctx.quantities_in(low, high))
        elif q is None:
            is_other = False
        elif t.rel[c] == "nmod" and syntax.case_word(t, c) in _BESIDE:
            # "magnitude at a depth of 35 km", "people with 10 crew on hand"
            is_other = any(g in ctx.measured or t.rel[g] == "nummod" for g in t.children[c])
        elif t.rel[c] == "acl" and low <= q.start < high:
            is_other = q.dimension != "time"  # the clause that the figure itself stands in
        else:
            # "by 37 percent", "of £310 million", "rising to £740 million"; not "an agreement to sell at £740 million"
            holders = [c] if t.rel[c] == "nmod" else []
            holders += t.children[c] if t.rel[c] == "acl" and t.tag[c] == "VBG" else []
            is_other = (c in ctx.measured and syntax.case_word(ctx.t, c) == "by") or (
                q.dimension not in (None, "count") and any(_measures(ctx, g, q.dimension) for g in holders)
            )
        if is_other:
            out.update(inside)
    return frozenset(out)


def _measures(ctx: Context, i: int, dimension: str | None) -> bool:
    """Return whether the token belongs to a figure of that dimension."""
    t = ctx.t
    return i in ctx.measured and any(
        x.dimension == dimension and t.start[i] < x.end
        for x in ctx.quantities_in(ctx.measured[i][0], t.end[i])
    )


def phrase_of(ctx: Context, head: int, drop: Collection[int]) -> list[int]:
    """Return the tokens of the noun phrase of `head` with its participles, without `drop`, cut back when too long."""
    t = ctx.t
    left_out = frozenset(drop).union(
        *(
            t.subtree(c)
            for c in t.children[head]
            if syntax.case_word(t, c) in ctx.nouns.example_case
            or (t.lemma[c] in ctx.nouns.scale and t.rel[c] == "compound")
        )
    )
    if t.pos[head] == "VERB" and t.rel[head] == "csubj":
        return [i for i in t.subtree(head) if i not in left_out][:MAX_TOKENS]
    for clauses in (True, False):
        phrase = [
            i
            for i in syntax.noun_phrase(t, head, drop=left_out, clauses=clauses)
            if (i not in left_out and ctx.bracketed.get(i) == ctx.bracketed.get(head)) or i == head
        ]
        if len(phrase) <= MAX_TOKENS:
            break
    while len(phrase) > 1 and phrase[0] < head and t.pos[phrase[0]] == "ADP":
        del phrase[0]
    while phrase and phrase[0] - 1 not in left_out and _is_hyphenated(t, phrase[0]):
        phrase.insert(0, phrase[0] - 1)
    if phrase and phrase[-1] == head and _opens_compound(t, head) and head + 2 not in left_out:
        phrase += [head + 1, head + 2]
    return phrase[:MAX_TOKENS]


def _is_hyphenated(t: Tokens, i: int) -> bool:
    """Return whether a hyphen joins the token to the one before it, or is one: "Like-for-like sales" is parsed in parts."""
    return i > 0 and t.start[i] == t.end[i - 1] and "-" in (t.text[i], t.text[i - 1])


def _opens_compound(t: Tokens, i: int) -> bool:
    """Return whether a hyphen joins the token to the word behind it: the "e" of "e-mails", which parsers take for a noun."""
    return (
        i + 2 < t.n and t.text[i + 1] == "-" and t.end[i] == t.start[i + 1] and t.end[i + 1] == t.start[i + 2]
    )


def without_leading_time(ctx: Context, phrase: list[int], head: int) -> list[int]:
    """Cut "In 2008" off "In 2008 trade from Russia", and a dateline off "SANTIAGO - Chile": parsers join them."""
    t = ctx.t
    for k, i in enumerate(phrase[:_DATELINE]):
        if t.text[i] in ("-", "–", "—") and i < head and t.end[i - 1] < t.start[i]:
            return phrase[k + 1 :]
    k = 1 if phrase and t.pos[phrase[0]] == "ADP" else 0
    preposition = k
    while k < len(phrase) and phrase[k] != head and ctx.is_time(phrase[k]):
        k += 1
    return phrase[k:] if k > preposition else phrase


def kind_of(ctx: Context, head: int | None) -> str | None:
    """Return what a phrase says of somebody named, "car sales" of "Ford car sales" or "Ford's car sales"; None where it names nobody."""
    t = ctx.t
    if head is None or t.pos[head] != "NOUN":
        return None
    before = [c for c in t.children[head] if c < head and t.rel[c] in ("compound", "nmod", "amod")]
    if not any(t.pos[c] == "PROPN" for c in before):
        return None
    return syntax.text_of(t, ctx.text, [*(c for c in before if t.pos[c] != "PROPN"), head])


def named_beside(ctx: Context, phrase: list[int], head: int) -> str | None:
    """Return the person whose name stands in apposition to a noun, on either side.

    "Its owner, the investor Paul Lachance", "Paul Lachance, the investor, who bought it".
    """
    t = ctx.t
    if t.pos[head] not in ("NOUN", "PROPN") or not phrase:
        return None
    before = t.head[head]
    is_title = t.pos[head] == "PROPN"  # "Prime Minister and Envoy to the Far East, Yuri Trutnev"
    if t.rel[head] == "appos" and before < head and not is_title:
        named = [before, *(c for c in t.children[before] if t.rel[c] in ("flat", "appos") and c < head)]
        start, end = t.start[named[0]], max(t.end[i] for i in named)
    else:
        beside = [
            c
            for c in t.children[head]
            if t.rel[c] == "appos" and c > head and (t.pos[c] == "PROPN" or not is_title)
        ]
        if not beside:
            return None
        start, end = t.start[phrase[0]], max(t.end[i] for i in t.subtree(beside[0]))
    name, kind = canonical_speaker(ctx.doc, start, end)
    return name if kind == "PERSON" else None


def taken_up(ctx: Context, phrase: list[int], head: int) -> str | None:
    """Return the organisation or state that a bare "the community" takes up again."""
    t = ctx.t
    if len(phrase) != 2 or t.lower[phrase[0]] != "the" or t.pos[head] != "NOUN" or t.tag[head] == "NNS":
        return None
    name, kind = canonical_speaker(ctx.doc, t.start[phrase[0]], t.end[head])
    return name if kind in ("ORG", "GPE") else None
