"""What a parse adds to the times: the tense of the clause around one, and whether it is a time at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from spacy.tokens import Doc, Token

from claimtable.nlp import syntax
from claimtable.nlp.times.lexer import neighbours
from claimtable.nlp.tokens import Tokens
from claimtable.schema import TimeExpression

_CLIMB = 12
"""Heads to climb at most; deeper embedding is a parser's error."""

_PRESENT = frozenset({"VBZ", "VBP"})
"""Penn Treebank tags of the simple present."""

_NONE = "none"
"""A verb whose tense says nothing about the times beside it; its governors are not asked."""


def tense_of(doc: Doc) -> Callable[[int, int], str | None] | None:
    """Return a function from code-point offsets to `past`, `present` or `future`; None for a doc without a parse."""
    return Tenses(Tokens.of(doc)).at if doc.has_annotation("DEP") else None


class Tenses:
    """The tense of the clauses of a document. Each token is asked once, however many times hang on it."""

    def __init__(self, tokens: Tokens) -> None:
        self.t = tokens
        self._sets = neighbours()
        self._known: dict[int, str | None] = {}
        self._auxiliaries: dict[int, list[int]] = {}
        self._depth = 0
        """Infinitives under infinitives that are being asked."""

    def at(self, start: int, end: int) -> str | None:
        """Return the tense of the clause around the code points `start`..`end`, None where none can be told."""
        t = self.t
        first, last = t.range(start, end)
        if first >= t.n:
            return None
        root = syntax.span_root(t, first, min(last, t.n))
        if syntax.case_word(t, root) == "for" and self._fixes(root):
            return "future"
        return self._of(root)

    def _fixes(self, token: int) -> bool:
        """Return whether the token hangs on a verb that fixes what is to come: "set a hearing for June 3"."""
        t = self.t
        for _ in range(3):
            token = t.head[token]
            if t.lemma[token] in self._sets["fixed_for"]:
                return True
        return False

    def _of(self, token: int) -> str | None:
        """Return the tense of the nearest verb above a token."""
        known = self._known
        seen: list[int] = []
        found: str | None = None
        for _ in range(_CLIMB):
            if token in known:
                found = known[token]
                break
            seen.append(token)
            found = self._own(token)
            if found is not None or self.t.head[token] == token:
                break
            token = self.t.head[token]
        found = None if found == _NONE else found
        known.update(dict.fromkeys(seen, found))
        return found

    def _own(self, token: int) -> str | None:
        """Return the tense of a token that is a verb or has auxiliaries, None where its governor decides."""
        auxiliaries = self._auxiliaries_of(token)
        if self.t.pos[token] not in ("VERB", "AUX") and not auxiliaries:
            return None
        tags = {self.t.tag[c] for c in auxiliaries}
        words = {self.t.lower[c] for c in auxiliaries}
        if "MD" in tags:
            perfect = words & self._sets["perfect"] and not words & self._sets["certain"]
            return "past" if perfect else "future"
        if self.t.tag[token] == "VB":
            return self._infinitive(token, tags)
        if "VBD" in tags:
            return "past"
        if ({self.t.tag[token]} | tags) & _PRESENT:
            return self._present(token, words)
        return self._participle(token)

    def _participle(self, token: int) -> str | None:
        """Return what a past form without auxiliaries says; a reduced relative is often tagged as a past tense."""
        tag = self.t.tag[token]
        if tag not in ("VBD", "VBN"):
            return None
        reduced = tag == "VBN" or self.t.dep[token].startswith("acl")
        return "future" if reduced and self._plans(token) else "past"  # "a meeting planned for May"

    def _auxiliaries_of(self, token: int) -> list[int]:
        found = self._auxiliaries.get(token)
        if found is None:
            t = self.t
            found = [c for c in t.children[token] if t.rel[c] in ("aux", "cop")]
            self._auxiliaries[token] = found
        return found

    def _plans(self, token: int) -> bool:
        return self.t.lower[token] in self._sets["planned"]

    def _present(self, verb: int, auxiliaries: set[str]) -> str:
        """Return what a verb in the present, or with an auxiliary in it, says of the times beside it."""
        t = self.t
        if auxiliaries & self._sets["perfect"]:
            return "past"
        if self._plans(verb) or syntax.has_to(t, verb):
            return "future"  # "are to be renewed in May"
        if t.tag[verb] == "VBN":
            return _NONE
        return _NONE if t.lemma[verb] in self._sets["say_verbs"] else "present"

    def _infinitive(self, verb: int, auxiliaries: set[str]) -> str:
        """Return what an infinitive says: ahead, unless what it depends on is past and does not look ahead."""
        t = self.t
        governor = t.head[verb]
        if any(c < verb and self._plans(c) for c in t.children[verb]):
            return "future"  # "were due to meet"
        if auxiliaries & _PRESENT:
            return self._present(verb, set())
        if governor == verb:
            return "past" if "VBD" in auxiliaries else _NONE
        ahead = self._plans(governor) or t.lower[governor] in self._sets["resolved"]
        if ahead or self._depth >= _CLIMB:
            return "future"
        self._depth += 1
        past = self._of(governor) == "past"
        self._depth -= 1
        return "past" if past else "future"


def without_verb(record: TimeExpression, doc: Doc) -> TimeExpression:
    """Return the bare duration where "last" is a verb ("batteries last five years"), else the record itself."""
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
    """Return whether the parse lets the expression be a time: no verb "may", "march", "fall"; no "Sunday Times"."""
    if record.rule not in _PARSED or len(doc) == 1:
        return True
    span = doc.char_span(record.start, record.end, alignment_mode="expand")
    if span is not None and record.rule == "time.season" and _is_part_of_name(span[-1]):
        return False  # "the winter fuel allowance"
    if span is None or len(span) != 1:
        return True
    if record.rule in _PRESENT_RULES:
        return span[0].lower_ != "present" or (
            span[0].dep_ in ("amod", "compound") and span[0].head.i > span[0].i
        )
    token = span[0]
    if token.pos_ in ("VERB", "AUX"):
        return False
    if record.rule == "time.month" or record.preposition is not None:
        return True
    return not (token.i > 0 and doc[token.i - 1].lower_ in ("the", "a") and _begins_name(token))


_PRESENT_RULES = ("time.adjective_ref", "time.present")
_PARSED = ("time.month", "time.season", "time.weekday", *_PRESENT_RULES)


def _is_part_of_name(token: Token) -> bool:
    """Return whether a season belongs to the noun behind it that another noun describes too."""
    return (
        token.dep_ == "compound" and token.head.i > token.i and token.i > 0 and token.nbor(-1).lower_ == "the"
    )


def _begins_name(token: Token) -> bool:
    """Return whether the word after the token is a name that it belongs to: the Sunday Times."""
    return (
        token.dep_ in ("compound", "flat")
        and token.head.i == token.i + 1
        and token.head.pos_ == "PROPN"
        and token.text[0].isupper()
    )
