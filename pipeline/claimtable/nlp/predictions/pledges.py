"""Promises, targets and warnings whose content is a noun: "promised 300 schools by 2016", "aims for", "warned of", "cut its forecast to"."""

from __future__ import annotations

from collections.abc import Mapping

from claimtable.nlp import syntax
from claimtable.nlp.predictions.frames import has_quantity
from claimtable.nlp.predictions.lexicon import words
from claimtable.nlp.tokens import Tokens
from claimtable.schema import Quantity


def pledged(t: Tokens, verb: int, quantity_at: Mapping[int, Quantity], *, ahead: bool) -> int | None:
    """Return the head of what the verb promises, plans, targets or warns of; None where the text does not say that it is to come.

    Args:
        t: the columns of the document.
        verb: a verb of promising, planning, aiming or warning.
        quantity_at: for each token of a quantity that quantity.
        ahead: whether the sentence names a time to come. Without it a figure that is not promised in the past serves as well.
    """
    children = t.children[verb]
    if (
        any(t.dep[c] == "aux:pass" or t.rel[c] in ("xcomp", "ccomp") for c in children)
        or t.rel[verb] == "amod"
    ):
        return None
    if t.lemma[verb] in words().mere_intent and syntax.is_past(t, verb):
        return None
    if any(t.rel[c] == "mark" and t.lower[c] in words().no_claim_mark | {"to"} for c in children):
        return None
    oblique = t.lemma[verb] in words().oblique_pledge
    content = next(
        (
            c
            for c in children
            if c > verb
            and (
                (t.rel[c] == "obl" and syntax.case_word(t, c) in words().pledge_case)
                if oblique
                else t.rel[c] == "obj"
            )
        ),
        None,
    )
    if content is None or t.pos[content] not in ("NOUN", "PROPN", "SYM", "NUM"):
        return None
    if ahead:
        return content
    if t.lemma[verb] in words().planning and t.tag[verb] == "VBG" and not syntax.is_past(t, verb):
        return content  # "is planning a demonstration"
    figure = content in quantity_at or has_quantity(t, content, quantity_at)
    past = t.tag[verb] == "VBD" and t.lemma[verb] not in words().warning
    return content if figure and not past and t.lemma[verb] not in words().needs_date else None


def revised(t: Tokens, noun: int, quantity_at: Mapping[int, Quantity], *, ahead: bool) -> int | None:
    """Return the predicate that gives a forecast, goal or outlook its figure: "the goal is 30 shops", "cut its forecast to 2 percent".

    Args:
        t: the columns of the document.
        noun: the forecast, goal or outlook.
        quantity_at: for each token of a quantity that quantity.
        ahead: whether the sentence names a time to come; without one None.
    """
    head = t.head[noun]
    if not ahead or head == noun:
        return None
    if t.rel[noun] == "nsubj":
        copula = syntax.child(t, head, "cop")
        valued = head in quantity_at or any(
            c in quantity_at for c in t.children[head] if t.rel[c] == "nummod"
        )
        return head if copula is not None and t.tag[copula] in ("VBZ", "VBP") and valued else None
    if t.rel[noun] != "obj" or t.pos[head] != "VERB":
        return None
    level = any(
        c > noun and t.rel[c] == "obl" and c in quantity_at and syntax.case_word(t, c) in words().chance_case
        for c in t.children[head]
    )
    return head if level else None


def renounced(t: Tokens, verb: int) -> int | None:
    """Return what somebody rules out doing: "ruled out raising taxes"; None for a cause that is ruled out."""
    if not any(t.dep[c] == "compound:prt" and t.lower[c] == "out" for c in t.children[verb]):
        return None
    if syntax.is_negated(t, verb) or any(t.tag[c] == "MD" for c in t.children[verb]):
        return None
    return next((c for c in t.children[verb] if t.rel[c] in ("xcomp", "ccomp") and t.tag[c] == "VBG"), None)
