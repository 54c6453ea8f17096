"""Whether a place speaks and acts, or is only where things happen: "Moscow hopes" against "travel to Moscow".

A capital, a seat of government or a people stands for its state when it acts (metonymy; Markert and Nissim,
"Metonymy resolution at SemEval I", 2007, call this place-for-people).
"""

from __future__ import annotations

from spacy.tokens import Token

from claimtable.nlp.actors.gazetteer import Gazetteer
from claimtable.nlp.actors.spans import Found
from claimtable.nlp.actors.view import View

MAX_CHAIN = 8
"""Longest chain of coordination that is followed upwards."""


def acts(view: View, g: Gazetteer, found: Found) -> bool:
    """Return whether the name at `found` is an agent: subject of a verb of doing or saying, or a party to relations."""
    root = view.doc[found.start : found.end].root
    case = _cases(root)
    for _ in range(MAX_CHAIN):
        if root.dep_.lower() != "conj":
            break
        root = root.head
        case = case or _cases(root)
    relation, head = root.dep_.lower(), root.head
    lemma = (head.lemma_ or head.text).lower()
    if relation in ("nsubj", "nsubj:outer"):
        return _is_deed(g, head)
    if relation == "nmod:poss" or case & {"'s", "’s"}:
        return g.is_a("possession", lemma) or g.is_a("relation", lemma)
    if case:
        return _acts_by_case(g, case, root, lemma)
    if relation in ("compound", "amod", "nmod", "nmod:desc"):
        return g.is_a("government", lemma) and found.end <= head.i
    return False


def _acts_by_case(g: Gazetteer, case: set[str], root: Token, lemma: str) -> bool:
    """Return whether the preposition makes an agent: "by Moscow", "talks with Moscow", "a warning from Moscow"."""
    if "by" in case:
        return root.dep_.lower() == "obl:agent" or root.head.tag_ in ("VBN", "VBD")
    if "between" in case:
        return True
    if any(g.is_a("locative", c) for c in case if c != "from"):
        return False
    if case & {"with", "against"}:
        return True
    return bool(case & {"from", "of"}) and g.is_a("possession", lemma) and lemma != "list"


def _is_deed(g: Gazetteer, verb: Token) -> bool:
    if any(c.dep_.lower() == "cop" for c in verb.children):
        return False
    lemma = (verb.lemma_ or verb.text).lower()
    return verb.pos_ in ("VERB", "AUX") and not g.is_a("stative", lemma)


def _cases(token: Token) -> set[str]:
    return {c.lower_ for c in token.children if c.dep_.lower() == "case"}


def government_end(view: View, g: Gazetteer, found: Found) -> int | None:
    """Return the end of "Russian government", "North Korean authorities": a people's adjective with a word for its rulers."""
    end = found.end
    for _ in range(2):
        word = view.lower(end)
        if g.is_a("government", word) and not view.is_capital(end):
            return end + 1
        if not view.is_nominal(end):
            return None
        end += 1
    return None
