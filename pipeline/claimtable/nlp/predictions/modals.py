"""Which "will", "would", "may", "might" and "could" predict: not habits, wishes, abilities, conditions, or what is past."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date

from claimtable import rules
from claimtable.nlp import syntax
from claimtable.nlp.lines import Candidate, Line, choose, lines_of
from claimtable.nlp.lines.paths import Test
from claimtable.nlp.predictions.ahead import lies_ahead
from claimtable.nlp.predictions.conditions import is_condition
from claimtable.nlp.predictions.lexicon import words
from claimtable.nlp.tokens import Tokens
from claimtable.schema import TimeExpression

_CERTAIN = frozenset(["will", "ll"])
"""Rules of the modals whose perfect can lie in the future."""


def verb_after(t: Tokens, modal: int, end: int) -> int:
    """Return the verb of a modal that an insertion cuts off from it ("will, according to the department, supply")."""
    return next((i for i in range(modal + 1, end) if t.tag[i] == "VB" and t.pos[i] == "VERB"), modal)


@functools.cache
def lines() -> Mapping[str, Line]:
    """Return the vetoes of `prediction_lines.tsv`, read once."""
    classes = {field.name: getattr(words(), field.name) for field in fields(words())}
    return lines_of("prediction_lines", classes=classes, tests=frozenset(_TESTS))


def predicts(
    t: Tokens, modal: int, event: int, rule: str, times: Sequence[TimeExpression], published: date | None
) -> bool:
    """Return whether a modal says that its verb is to come.

    Args:
        t: the columns of the document.
        modal: the modal.
        event: its verb.
        rule: id of the modal's line in the lexicon.
        times: the time expressions of the sentence.
        published: the publication date.
    """
    if syntax.is_perfect(t, event) and _is_done(t, event):  # "may have entered", "may have been a factor"
        return rule in _CERTAIN and not _is_open(t, event) and _is_done_by_then(t, event, times, published)
    who = syntax.subject(t, event)
    person = t.lower[who] if who is not None else ""
    if (
        syntax.is_inverted(t, event)  # "should the talks fail in May"
        or person == "what"
        or _asks(t, event, who)
        or _is_wish(t, modal, event, person)
        or _is_ability(t, modal, event, person)
        or _seems_done(t, event)
    ):
        return False
    found = choose(vetoes(t, event, rule, times, published), cell="prediction", at=t.start[event])
    return found is None


def vetoes(
    t: Tokens, event: int, rule: str, times: Sequence[TimeExpression], published: date | None
) -> list[Candidate[int]]:
    """Return what the lines hold against a prediction of the verb `event` by the modal with the id `rule`."""
    tests: dict[str, Test] = {
        name: functools.partial(test, t, times=times, published=published) for name, test in _TESTS.items()
    }
    return [
        Candidate(line.id, line.weight, found)
        for line in lines().values()
        if line.path is not None and line.speaks_for(rule)
        for found in line.path.find(t, event, tests)
    ]


def _is_done(t: Tokens, event: int) -> bool:
    """Return whether a perfect is one of what is done: "have entered", "have been a factor"."""
    return t.tag[event] in ("VBN", "VBD") or any(
        t.rel[c] == "cop" and t.tag[c] == "VBN" for c in t.children[event]
    )


def _is_open(t: Tokens, event: int) -> bool:
    return any(t.lower[c] in words().no_claim_mark and t.rel[c] == "mark" for c in t.children[event])


def _seems_done(t: Tokens, event: int) -> bool:
    return t.lemma[event] in words().seeming and any(
        syntax.is_perfect(t, c) for c in t.children[event] if t.rel[c] == "xcomp"
    )


def can_by_then(t: Tokens, event: int, times: Sequence[TimeExpression], published: date | None) -> bool:
    """Tell "believes that it can recover its costs by 2015" from what can be done at any time."""
    return (
        t.rel[event] == "ccomp"
        and t.lemma[t.head[event]] in words().opinion
        and not syntax.is_negated(t, t.head[event])
        and _is_done_by_then(t, event, times, published)
    )


def _asks(t: Tokens, event: int, who: int | None) -> bool:
    """Recognise an indirect question: "who will lead the party", "which plant will close", "how high it would be"."""
    asking = words().interrogative
    # "the choice of who will lead it" asks, "the man who will lead it" does not: a relative clause has no marker.
    relative = t.rel[event] == "acl" and not any(t.rel[c] == "mark" for c in t.children[event])
    if t.rel[event] == "acl":
        who = syntax.child(t, event, *syntax.SUBJECTS)  # not the noun that the clause hangs on
    if not relative and who is not None:
        if t.lower[who] in asking and t.tag[who] == "WP":
            return True
        if any(t.lower[c] in asking and c < who for c in t.children[who]):
            return True
    above = t.head[event]
    if t.lower[above] in words().measuring and above < event:
        return True  # "discuss how it will be done": parsers hang the clause on "how"
    return t.rel[event] in ("ccomp", "csubj") and any(
        t.lower[c] in words().measuring
        or (t.tag[c] == "WP" and t.lower[c] in asking and who is not None and c < who)
        for c in t.children[event]
    )


def _is_done_by_then(t: Tokens, event: int, times: Sequence[TimeExpression], published: date | None) -> bool:
    """Tell "will have doubled by 2030", "by 2030 it will have doubled" from "will have heard by now"."""
    first, end = syntax.clause_tokens(t, event)
    low, high = t.start[first], t.end[max(end - 1, event)]
    return any(
        (x.preposition in words().completion or (x.preposition == "in" and x.start > t.start[event]))
        and x.time_end is not None
        and lies_ahead(x, published)
        and low <= x.start
        and x.end <= high
        for x in times
    )


def _has_time_ahead(
    t: Tokens, event: int, *, times: Sequence[TimeExpression], published: date | None
) -> bool:
    """Return whether a time of the clause lies ahead: "should open in the spring"."""
    first, end = syntax.clause_tokens(t, event)
    low, high = t.start[first], t.end[max(end - 1, event)]
    return any(
        (x.type in ("DATE", "TIME") or x.time_end is None)
        and lies_ahead(x, published)
        and low <= x.start
        and x.end <= high
        for x in times
    )


def _is_repeated(t: Tokens, event: int, *, times: Sequence[TimeExpression], published: date | None) -> bool:
    """Return whether the clause says how often: "every year"."""
    first, end = syntax.clause_tokens(t, event)
    return any(x.type == "SET" and t.start[first] <= x.start < t.end[end - 1] for x in times)


def _is_expected(t: Tokens, event: int, *, times: Sequence[TimeExpression], published: date | None) -> bool:
    """Return whether "should" tells an effect of a thing, "lower rates should support it", not what somebody ought to do."""
    if t.lemma[event] not in words().effect:
        return False
    who = syntax.child(t, event, "nsubj")
    if who is None:
        # "the fall should be offset by dearer food"
        agents = (c for c in t.children[event] if t.rel[c] == "obl" and syntax.case_word(t, c) == "by")
        who = next(agents, None)
    return who is not None and _is_thing(t, who)


def _is_thing(t: Tokens, i: int) -> bool:
    """Return whether a noun or "this" stands for what acts on nobody's advice."""
    if t.pos[i] == "PRON":
        return t.lower[i] in ("this", "that", "these", "those")
    return t.pos[i] == "NOUN" and not _acts(t.lemma[i])


def _is_indefinite(t: Tokens, i: int, *, times: Sequence[TimeExpression], published: date | None) -> bool:
    """Return whether a phrase means nobody in particular: "a few", "most visitors"."""
    return t.lemma[i] in words().indefinite or any(t.lower[c] in words().indefinite for c in t.children[i])


@functools.cache
def _acts(noun: str) -> bool:
    """Return whether a noun names who can be told what to do: people, offices, organisations."""
    acting = ("people", "role", "org_head", "org_cue", "government", "institution")
    return any(row["word"].lower() == noun for row in rules.table("actor_words") if row["kind"] in acting)


def _is_reported(t: Tokens, event: int, *, times: Sequence[TimeExpression], published: date | None) -> bool:
    """Return whether the clause, or one that it is coordinated with, is what somebody says or thinks."""
    while t.rel[event] == "conj":
        event = t.head[event]
    beside = (c for c in t.children[event] if t.rel[c] == "parataxis")
    return t.rel[event] == "ccomp" or any(t.rel[g] == "nsubj" for c in beside for g in t.children[c])


def _is_conditional(
    t: Tokens, event: int, *, times: Sequence[TimeExpression], published: date | None
) -> bool:
    """Return whether the event holds on a condition: "if …", "unless …", "without help"."""
    return any(is_condition(t, c) for c in t.children[event])


def _is_fronted(t: Tokens, event: int, *, times: Sequence[TimeExpression], published: date | None) -> bool:
    """Return whether the modal opens the sentence before its subject, as in questions and wishes."""
    who = syntax.child(t, event, *syntax.SUBJECTS)
    modal = next((c for c in t.children[event] if t.tag[c] == "MD"), None)
    return modal is not None and who is not None and modal < who and modal == t.sents[t.sent[event]][0]


def _is_ranked(t: Tokens, event: int, *, times: Sequence[TimeExpression], published: date | None) -> bool:
    """Return whether a predicate is a superlative: planned deals "would be the largest in Europe"."""
    return any(t.tag[c] in ("JJS", "RBS") or t.lower[c] == "first" for c in (event, *t.children[event]))


_TESTS: Mapping[str, Callable[..., bool]] = {
    "ahead": _has_time_ahead,
    "repeated": _is_repeated,
    "expected": _is_expected,
    "indefinite": _is_indefinite,
    "reported": _is_reported,
    "conditional": _is_conditional,
    "fronted": _is_fronted,
    "ranked": _is_ranked,
}


def _is_wish(t: Tokens, modal: int, event: int, person: str) -> bool:
    """Tell "I would like", "I'd say", "he'd gone" from a forecast."""
    lower = t.lower[modal]
    first_person = person in words().first_person
    if lower in words().short_would and (
        t.tag[event] == "VBN" or any(t.lower[c] in words().preferring for c in t.children[event])
    ):
        return True
    return lower in words().would and (
        t.lemma[event] in words().wish or (first_person and t.lemma[event] in words().opinion)
    )


def _is_ability(t: Tokens, modal: int, event: int, person: str) -> bool:
    """Return what somebody can or could do: "you could see", "could not agree more", "could not open it"."""
    lower = t.lower[modal]
    if person == "you" and lower in words().weak_modal:
        return True
    if lower != "could":
        return False
    beside = [t.lower[c] for c in t.children[event]]
    negated = any(word in words().negation for word in beside)
    return (
        t.lemma[event] in words().perception
        or (negated and t.lemma[event] in words().contact)
        or (negated and syntax.is_past(t, syntax.clause_head(t, t.head[event])))
        or ("more" in beside and (negated or any(word in words().scarcely for word in beside)))
    )
