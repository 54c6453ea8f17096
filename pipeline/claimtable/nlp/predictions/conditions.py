"""On what condition a prediction holds: "if", "provided that", "as long as", "in the event of", "should the talks fail"."""

from __future__ import annotations

from claimtable.nlp import syntax
from claimtable.nlp.predictions.lexicon import words
from claimtable.nlp.tokens import Tokens


def condition(t: Tokens, event: int, anchor: int) -> int | None:
    """Return the head of the clause or phrase that is the condition of an event with that anchor, or None."""
    for holder in dict.fromkeys((event, anchor, t.head[anchor])):
        for c in t.children[holder]:
            if c not in (event, anchor) and is_condition(t, c):
                return c
    return None


def is_condition(t: Tokens, c: int) -> bool:
    """Return whether the dependent `c` says on what condition its predicate holds."""
    if t.rel[c] not in ("advcl", "obl", "advmod", "ccomp"):
        return False
    return (t.rel[c] != "ccomp" and (_is_marked(t, c) or _is_phrase(t, c))) or syntax.is_inverted(t, c)


def condition_range(t: Tokens, head: int) -> tuple[int, int]:
    """Return the token range of the condition, without punctuation around it."""
    inside = [i for i in t.subtree(head) if t.pos[i] != "SPACE"]
    while inside and t.pos[inside[-1]] == "PUNCT":
        inside.pop()
    while inside and t.pos[inside[0]] == "PUNCT":
        inside.pop(0)
    return inside[0], inside[-1] + 1


def _is_marked(t: Tokens, c: int) -> bool:
    """Return whether a conjunction, a preposition or a participle makes it a condition: "if", "without", "provided that", "barring"."""
    marks = words().condition_mark
    if t.lower[c] in marks and t.tag[c] in ("VBN", "VBG"):
        return True
    return any(
        (t.lower[g] in marks and t.rel[g] in ("mark", "case", "advmod"))
        or (t.lower[g] in words().condition_case and t.rel[g] in ("case", "mark"))
        # "as long as it lasts", "only if rates fall": parsers hang the clause on the adverb
        or (
            t.rel[c] == "advmod"
            and t.lower[c] in words().condition_adverb
            and syntax.is_finite(t, g)
            and any(
                t.lower[m] in marks | words().so_long and t.rel[m] in ("mark", "case") for m in t.children[g]
            )
        )
        for g in t.children[c]
    )


def _is_phrase(t: Tokens, c: int) -> bool:
    """Return whether a set phrase makes it a condition: "in the event of a strike", "subject to approval", "depending on the vote"."""
    lower = t.lower[c]
    if lower in words().condition_noun:
        case = syntax.case_word(t, c)
        return case in ("in", "on", "under") and any(
            t.rel[g] in ("nmod", "acl", "ccomp") and g > c for g in t.children[c]
        )
    return lower == "depending" or (
        lower in words().condition_adjective
        and any(t.rel[g] in ("obl", "xcomp", "nmod") for g in t.children[c])
    )
