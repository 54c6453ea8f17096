"""What a parse adds to the times: the tense of the clause around one, and whether it is a time at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from spacy.tokens import Doc, Token

from claimtable.nlp.times.lexer import neighbours
from claimtable.schema import TimeExpression

_CLIMB = 12
"""Heads to climb at most; deeper embedding is a parser's error."""

_PRESENT = frozenset({"VBZ", "VBP"})
"""Penn Treebank tags of the simple present."""


def tense_of(doc: Doc) -> Callable[[int, int], str | None] | None:
    """Returns a function from code-point offsets to `past`, `present` or `future`; None for a doc without a parse."""
    if not doc.has_annotation("DEP"):
        return None

    def tense(start: int, end: int) -> str | None:
        span = doc.char_span(start, end, alignment_mode="expand")
        return None if span is None or not len(span) else _tense(span.root)

    return tense


def _tense(token: Token) -> str | None:
    for _ in range(_CLIMB):
        auxiliaries = [child for child in token.children if child.dep_.startswith(("aux", "cop"))]
        if token.pos_ in ("VERB", "AUX") or auxiliaries:
            found = _verb_tense(token, auxiliaries)
            if found is not None:
                return found if found != "none" else None
        if token.head.i == token.i:
            return None
        token = token.head
    return None


def _verb_tense(verb: Token, auxiliaries: list[Token]) -> str | None:
    """Returns the tense of a finite verb, "none" where it has none of use, None where its governor decides."""
    sets = neighbours()
    words = {aux.lower_ for aux in auxiliaries}
    tags = {aux.tag_ for aux in auxiliaries}
    perfect = bool(words & sets["perfect"])
    if "MD" in tags:
        return "past" if perfect and not words & sets["certain"] else "future"
    planned = verb.lower_ in sets["planned"]
    if "VBD" in tags:
        return "past"
    if verb.tag_ == "VBD":
        # A reduced relative is often tagged as a past tense ("a meeting planned for May").
        return "future" if planned and verb.dep_.startswith("acl") else "past"
    if verb.tag_ in _PRESENT or tags & _PRESENT:
        if perfect:
            return "past"
        if any(child.lower_ == "to" and child.dep_ == "mark" for child in verb.children):
            return "future"  # "are to be renewed in May"
        if verb.tag_ == "VBN":
            return "future" if planned else "none"
        if planned:
            return "future"
        return "none" if verb.lemma_ in sets["say_verbs"] else "present"
    if verb.tag_ == "VB":
        governor = verb.head
        if governor.i == verb.i:
            return "none"
        ahead = governor.lower_ in sets["planned"] or governor.lower_ in sets["resolved"]
        past = _tense(governor) == "past" and not ahead
        return "past" if past else "future"
    if verb.tag_ == "VBN":
        return "future" if planned else "past"
    return None


def without_verb(record: TimeExpression, doc: Doc) -> TimeExpression:
    """Returns the bare duration where "last" is a verb ("batteries last five years"), else the record itself."""
    if record.rule != "time.duration_past" or not record.text.lower().startswith("last "):
        return record
    span = doc.char_span(record.start, record.end, alignment_mode="expand")
    if span is None or span[0].pos_ != "VERB":
        return record
    cut = len("last ")
    return replace(
        record,
        start=record.start + cut,
        text=record.text[cut:],
        time_start=None,
        time_end=None,
        preposition=None,
    )


def is_time(record: TimeExpression, doc: Doc) -> bool:
    """Tells whether the parse lets the expression be a time: no verb "may", "march", "fall"; no "Sunday Times"."""
    if record.rule not in ("time.month", "time.season", "time.weekday"):
        return True
    span = doc.char_span(record.start, record.end, alignment_mode="expand")
    if span is None or len(span) != 1:
        return True
    token = span[0]
    if len(doc) == 1:
        return True
    if token.pos_ in ("VERB", "AUX"):
        return False
    return not (
        record.rule != "time.month"
        and record.preposition is None
        and token.dep_ in ("compound", "flat")
        and token.head.i == token.i + 1
        and token.head.pos_ == "PROPN"
        and token.text[0].isupper()
        and token.i > 0
        and doc[token.i - 1].lower_ in ("the", "a")
    )
