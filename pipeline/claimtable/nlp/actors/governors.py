"""What a name is by the word that governs it: what a quake strikes is a place, what somebody runs or has shares in an organisation."""

from __future__ import annotations

import functools

from spacy.tokens import Token

from claimtable.nlp.actors.gazetteer import Gazetteer
from claimtable.nlp.actors.view import View
from claimtable.rules import table


def governed(view: View, g: Gazetteer, root: int) -> str | None:
    """Return `LOC` or `ORG` for a name with the head token `root` by its governor; None where that does not tell."""
    token = view.doc[root]
    for _ in range(3):  # one of several: "struck X and Y"
        if token.dep_ == "conj":
            token = token.head
    if token.dep_ == "obj" and token.head.pos_ == "VERB":
        return _by_verb(g, token.head)
    if token.dep_ in ("nmod", "obl") and any(c.lower_ == "in" and c.dep_ == "case" for c in token.children):
        above = token.head
        held = above if token.dep_ == "nmod" else next((c for c in above.children if c.dep_ == "obj"), above)
        return "ORG" if g.is_a("holding", held.lemma_.lower()) else None
    return None


def _by_verb(g: Gazetteer, verb: Token) -> str | None:
    """Return what the object of a verb is: where a hazard strikes, what somebody runs or takes over."""
    above = verb.head if verb.dep_ == "xcomp" else verb  # "who wants to take over X"
    subjects = [c for v in (verb, above) for c in v.children if c.dep_ == "nsubj"]
    lemma = verb.lemma_.lower()
    if g.is_a("striking", lemma) and any(g.is_a("hazard", s.lemma_.lower()) for s in subjects):
        return "LOC"
    people = any(s.pos_ in ("PROPN", "PRON") and s.lower_ not in ("it", "which", "that") for s in subjects)
    particle = verb.lemma_ == "take" and any(c.lower_ == "over" for c in verb.children)
    return "ORG" if people and (particle or g.is_a("running", lemma)) else None


def is_called(view: View, name: int) -> bool:
    """Return whether a name of one word is a first name that owns something: "Elsbeth's plan"."""
    return view.lower(name + 1) in ("'s", "’s") and view.lower(name) in _first_names()


@functools.cache
def _first_names() -> frozenset[str]:
    names = (
        row["id"]
        for lexicon in ("first_names", "first_names_more", "first_names_world")
        for row in table(lexicon)
    )
    return frozenset(names)
