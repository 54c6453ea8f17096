"""Chances: how probable something is, said with a noun ("no chance of a deal", "a 60 percent chance that rates rise").

A figure is the probability itself, whatever the verbal scale. Not predictions: what the text does not assert ("it ended his
chances of winning"), an opportunity ("a chance to learn Greek"), what was a chance once, and the rate at which something
happens ("patients have a 90 percent chance of surviving").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from claimtable.nlp import syntax
from claimtable.nlp.predictions.lexicon import words
from claimtable.nlp.tokens import Tokens
from claimtable.schema import Bound, Quantity

STATED = "stated"
"""The scale of a probability that the text gives as a figure."""


@dataclass(frozen=True, slots=True)
class Chance:
    """A noun of chance and what it says of its event. Token indices."""

    event: int
    """The predicate that may come true; the noun itself where that is a noun ("a chance of rain")."""
    holder: int
    """The predicate that asserts the chance: "is" of "there is a chance"."""
    modality: tuple[int, ...]
    negated: bool
    subject: int | None
    figure: Quantity | None


def chance(t: Tokens, noun: int, quantity_at: Mapping[int, Quantity], *, ahead: bool) -> Chance | None:
    """Return the chance that the noun asserts, or None.

    Args:
        t: the columns of the document.
        noun: a noun of chance.
        quantity_at: for each token of a quantity that quantity.
        ahead: whether the sentence names a time to come.
    """
    holder = _holder(t, noun, quantity_at)
    if holder is None:
        return None
    figure, modality = _figure(t, noun, quantity_at), _degree(t, noun)
    if figure is None and t.lemma[holder] in words().chance_assessment:
        return None  # "it reduces the chance of a deal" does not say what will be
    if t.lemma[noun] in words().only_denied and not syntax.is_negated(t, noun):
        return None
    able = t.lemma[noun] in words().capacity and t.lemma[holder] == "have"
    rated = figure is not None or len(modality) > 1 or able
    found = _event(t, noun, quantity_at, rated)
    if found is None:
        return None
    event, subject = found
    if figure is not None:
        own = range(*t.range(figure.start, figure.end))
        modality = tuple(sorted({*modality, *own}))
    if not syntax.is_finite(t, event):
        owner = _owner(t, noun, holder)
        if figure is not None and not ahead and _is_statistic(t, noun, event, owner, subject):
            return None
        subject = owner or subject
    negated = syntax.is_negated(t, noun) or syntax.is_negated(t, holder)
    return Chance(event, holder, modality, negated, subject, figure)


def probability(q: Quantity | None) -> tuple[float, float] | None:
    """Return the range (0–1) that a share states: "60 percent", "less than 10 percent", "one in five"; None for other quantities."""
    if q is None or q.role != "quantity" or not (q.unit == "%" or q.dimension == "share"):
        return None
    whole = 100.0 if q.unit == "%" else 1.0
    if q.value is None:
        low, high = q.value_low, q.value_high
        if low is None or high is None:
            return None
    else:
        low, high = _bounded(q.value, q.bound, whole)
    return (round(low / whole, 6), round(high / whole, 6)) if 0 <= low <= high <= whole else None


def _bounded(value: float, bound: Bound, whole: float) -> tuple[float, float]:
    return (0.0 if bound in ("<", "<=") else value, whole if bound in (">", ">=") else value)


def _holder(t: Tokens, noun: int, quantity_at: Mapping[int, Quantity]) -> int | None:
    """Return the predicate by which the noun asserts a chance: "there is", "has", "puts … at", "… is slim"; None for others."""
    head = t.head[noun]
    if t.rel[noun] == "root":
        return None if syntax.participle_with_object(t, noun) else noun
    verb = _asserting_verb(t, noun, quantity_at)
    if verb is None:
        return None
    if any(t.rel[c] == "mark" and t.lower[c] in words().no_claim_mark for c in t.children[head]):
        return None
    past = t.tag[verb] == "VBD" or syntax.is_past(t, head)
    if past and t.lemma[head] not in words().chance_assessment and not syntax.is_reported_past(t, head):
        return None
    return head


def _asserting_verb(t: Tokens, noun: int, quantity_at: Mapping[int, Quantity]) -> int | None:
    """Return the verb that asserts a chance, where the noun is its subject or its object."""
    head, rel = t.head[noun], t.rel[noun]
    lemma = t.lemma[head]
    if rel != "nsubj":
        asserts = lemma in words().chance_holder | words().chance_assessment
        # "is pricing in a chance", but nothing else in front of it
        stands = rel in ("obj", "ccomp") or (rel == "obl" and syntax.case_word(t, noun) == "in")
        return head if asserts and stands else None
    if lemma == "be":
        return head if any(t.rel[c] == "expl" for c in t.children[head]) else None
    copula = _copula(t, head, quantity_at.get(head))
    if copula is not None and (head in quantity_at or t.lower[head] in words().chance_degree):
        return copula
    level = lemma in words().chance_level and any(c in quantity_at for c in t.children[head])
    return head if level else None


def _copula(t: Tokens, head: int, figure: Quantity | None) -> int | None:
    """Return the copula of a predicate. In "is between 20 and 30 percent" parsers hang it on one of the numbers."""
    own = range(*t.range(figure.start, figure.end)) if figure is not None else ()
    return next((c for i in (head, *own) if (c := syntax.child(t, i, "cop")) is not None), None)


def _figure(t: Tokens, noun: int, quantity_at: Mapping[int, Quantity]) -> Quantity | None:
    """Return the share that the chance is: before the noun, as its predicate, or "at 40 percent" beside the verb."""
    head = t.head[noun]
    beside = [c for c in t.children[noun] if t.rel[c] in ("nummod", "compound", "amod") and c < noun]
    beside += [c for c in t.children[noun] if t.rel[c] == "nmod" and c > noun]
    if t.rel[noun] == "nsubj":
        beside.append(head)
    if t.rel[noun] in ("nsubj", "obj") and t.lemma[head] not in words().chance_holder:
        moved = [
            c
            for c in t.children[head]
            if t.rel[c] == "obl" and c > noun and syntax.case_word(t, c) in words().chance_case
        ]
        beside.extend(reversed(moved))  # "from 15 to 25 percent": where it ends
    return next((q for i in beside if probability(q := quantity_at.get(i)) is not None), None)


def _degree(t: Tokens, noun: int) -> tuple[int, ...]:
    """Return the noun with the words that say how high the chance is: "no chance", "a very slim chance", "the chances are good"."""
    out = [noun]
    head = t.head[noun]
    for c in t.children[noun]:
        if (t.rel[c] in ("amod", "det", "advmod") and t.lower[c] in words().chance_degree) or (
            t.rel[c] == "det" and t.lower[c] == "no"
        ):
            out.append(c)
            out.extend(g for g in t.children[c] if t.rel[g] == "advmod" and g == c - 1)
            if c - 1 not in out and t.rel[c - 1] == "advmod" and t.head[c - 1] == noun:
                out.append(c - 1)
    if t.rel[noun] == "nsubj" and t.lower[head] in words().chance_degree:
        out.append(head)
        out.extend(g for g in t.children[head] if t.rel[g] == "advmod" and g == head - 1)
    return tuple(sorted(out))


def _event(
    t: Tokens, noun: int, quantity_at: Mapping[int, Quantity], rated: bool
) -> tuple[int, int | None] | None:
    """Return the event of a noun of chance and what it is about, where that is not the event's own subject.

    Args:
        t: the columns of the document.
        noun: the noun.
        quantity_at: for each token of a quantity that quantity.
        rated: whether the text says how high the chance is. "A chance to win" alone is an opportunity.
    """
    risk, only_denied = t.lemma[noun] in words().risk, t.lemma[noun] in words().only_denied
    after = [c for c in t.children[noun] if c > noun]
    for c in after:
        if t.rel[c] not in ("acl", "ccomp", "advcl") or (t.dep[c] == "acl:relcl" and not only_denied):
            continue
        finite = syntax.is_finite(t, c)
        if not finite and not risk and _is_gerund(t, c):
            return c, _named_between(t, noun, c)
        if finite or (rated and not (risk or only_denied) and syntax.has_to(t, c)):
            return c, None
    return None if risk or only_denied else _without_clause(t, noun, after, quantity_at, rated)


def _is_gerund(t: Tokens, c: int) -> bool:
    return any(t.tag[i] == "VBG" for i in (c, *syntax.auxiliaries(t, c)))


def _without_clause(
    t: Tokens, noun: int, after: Sequence[int], quantity_at: Mapping[int, Quantity], rated: bool
) -> tuple[int, int | None] | None:
    """Return the event of a chance that has no clause of its own: "of" something, a clause of its verb, or the chance itself."""
    of = (c for c in after if t.rel[c] == "nmod" and syntax.case_word(t, c) == "of" and c not in quantity_at)
    thing = next(of, None)
    if thing is not None:
        inner = next((c for c in t.children[thing] if t.rel[c] == "acl" and t.tag[c] == "VBG"), None)
        return (noun if inner is None else inner), thing
    if not rated or t.rel[noun] == "root":
        return None
    beside = (c for c in t.children[t.head[noun]] if c > noun and t.rel[c] in ("ccomp", "csubj"))
    return next(beside, noun), None


def _is_statistic(t: Tokens, noun: int, event: int, owner: int | None, subject: int | None) -> bool:
    """Tell a rate from a forecast: "patients have a 90 percent chance of surviving", "the chance of being burgled is one in 140"."""
    if owner is not None:
        return t.tag[owner] == "NNS" and not any(t.rel[c] in ("det", "nmod") for c in t.children[owner])
    return subject is None and event != noun and t.rel[noun] == "nsubj"


def _named_between(t: Tokens, noun: int, event: int) -> int | None:
    """Return what does the event in "a chance of it happening"."""
    own = syntax.child(t, event, *syntax.SUBJECTS)
    if own is not None:
        return own
    return next((i for i in range(noun + 1, event) if t.pos[i] in ("PRON", "NOUN", "PROPN")), None)


def _owner(t: Tokens, noun: int, holder: int) -> int | None:
    """Return who has the chance: "gives *her* a chance of winning", "*the bill* has a chance", "*his* chances are slim"."""
    own = syntax.child(t, noun, "nmod:poss") or syntax.child(t, holder, "iobj")
    if own is not None:
        return own
    return syntax.subject(t, holder) if t.lemma[holder] in words().chance_owner else None
