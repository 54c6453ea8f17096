"""Which "will", "would", "may", "might" and "could" predict: not habits, wishes, abilities, conditions, or what is past."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from claimtable.nlp import syntax
from claimtable.nlp.predictions.ahead import lies_ahead
from claimtable.nlp.predictions.lexicon import words
from claimtable.nlp.tokens import Tokens
from claimtable.schema import TimeExpression

_CERTAIN = frozenset(["will", "ll"])
"""Rules of the modals whose perfect can lie in the future."""


def verb_after(t: Tokens, modal: int, end: int) -> int:
    """Returns the verb of a modal that an insertion cuts off from it ("will, according to the department, supply")."""
    return next((i for i in range(modal + 1, end) if t.tag[i] == "VB" and t.pos[i] == "VERB"), modal)


def predicts(
    t: Tokens, modal: int, event: int, rule: str, times: Sequence[TimeExpression], published: date | None
) -> bool:
    """Tells whether a modal says that its verb is to come.

    Args:
        t: the columns of the document.
        modal: the modal.
        event: its verb.
        rule: id of the modal's line in the lexicon.
        times: the time expressions of the sentence.
        published: the publication date.
    """
    children = t.children[event]
    lexicon = words()
    if any(t.lower[c] in lexicon.no_claim_mark and t.rel[c] == "mark" for c in children):
        return False
    if syntax.is_inverted(t, event):
        return False  # "should the talks fail in May"
    if t.rel[event] in ("advcl", "ccomp") and any(
        t.lower[c] in lexicon.open_question for c in children if c < modal
    ):
        return False
    if any(t.lower[c] in lexicon.frequency for c in children):
        return False
    # "may have entered", "may have been a factor"
    done = t.tag[event] in ("VBN", "VBD") or any(t.rel[c] == "cop" and t.tag[c] == "VBN" for c in children)
    if syntax.is_perfect(t, event) and done:
        return rule in _CERTAIN and _is_done_by_then(t, event, times, published)
    if t.lower[modal] in lexicon.needs_time and not _has_time_ahead(t, event, times, published):
        return False
    who = syntax.subject(t, event)
    person = t.lower[who] if who is not None else ""
    if (
        person == "what"
        or _asks(t, event, who)
        or _is_wish(t, modal, event, person)
        or _is_ability(t, modal, event, person)
    ):
        return False
    if t.lemma[event] in lexicon.seeming and any(
        syntax.is_perfect(t, c) for c in children if t.rel[c] == "xcomp"
    ):
        return False
    if (
        t.lemma[event] in lexicon.seeming | lexicon.looking
        and t.lower[modal] in lexicon.conceding
        and any(t.rel[c] == "xcomp" for c in children)
        and not _has_time_ahead(t, event, times, published)
    ):
        return False  # "it might seem odd, but": how it is now
    if (
        t.lemma[event] in lexicon.evidential
        and t.lower[modal] in lexicon.weak_modal - lexicon.would
        and not _has_time_ahead(t, event, times, published)
    ):
        return False  # "this may indicate that the engines failed"
    if any(t.lower[c] in lexicon.formerly for c in children):
        return False
    told = t.lemma[event] in lexicon.addressing and person in lexicon.first_person
    if told and any(t.lower[c] == "you" for c in children):
        return False  # "I'll tell you what"
    negated = any(t.lower[c] in lexicon.negation for c in children)
    if negated and t.lower[modal] in lexicon.would and t.lemma[event] in lexicon.refusal:
        return False  # "she would not comment": she did not
    if t.lower[modal] in lexicon.would and any(t.lower[c] in lexicon.ideal for c in children):
        return False
    # "so (that) X could": a purpose, not a forecast
    return not any(t.lower[c] == "so" and c < modal and t.rel[c] in ("mark", "advmod") for c in children)


def can_by_then(t: Tokens, event: int, times: Sequence[TimeExpression], published: date | None) -> bool:
    """Tells "believes that it can recover its costs by 2015" from what can be done at any time."""
    return (
        t.rel[event] == "ccomp"
        and t.lemma[t.head[event]] in words().opinion
        and not syntax.is_negated(t, t.head[event])
        and _is_done_by_then(t, event, times, published)
    )


def _asks(t: Tokens, event: int, who: int | None) -> bool:
    """Tells an indirect question: "who will lead the party", "which plant will close", "how high it would be"."""
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
    """Tells "will have doubled by 2030", "by 2030 it will have doubled" from "will have heard by now"."""
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


def _has_time_ahead(t: Tokens, event: int, times: Sequence[TimeExpression], published: date | None) -> bool:
    """Tells "should open in the spring" from what ought to be: a time of the clause lies ahead."""
    first, end = syntax.clause_tokens(t, event)
    low, high = t.start[first], t.end[max(end - 1, event)]
    return any(
        (x.type in ("DATE", "TIME") or x.time_end is None)
        and lies_ahead(x, published)
        and low <= x.start
        and x.end <= high
        for x in times
    )


def _is_wish(t: Tokens, modal: int, event: int, person: str) -> bool:
    """Tells "I would like", "I'd say", "he'd gone" from a forecast."""
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
    """Tells what somebody can or could do: "you could see", "could not agree more", "could not open it"."""
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
