"""The events of words that predict by what depends on them: "is likely to", "expects that", "plans to", "a target of"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from claimtable.nlp import syntax
from claimtable.nlp.predictions.lexicon import words
from claimtable.nlp.tokens import Tokens
from claimtable.schema import Quantity

_NOUN_FRAMES = frozenset(("acl", "advcl"))
_CLAUSES_BEFORE_OBJECT = 4
"""Tokens after a noun within which the infinitive of its verb may be the noun's ("made a pledge to cut")."""


def raised(t: Tokens, i: int, *, ahead: bool) -> Iterator[int]:
    """Yield the events of "X is likely/expected/due/set/going to V", "it is likely that …", "likely to V".

    Args:
        t: the columns of the document.
        i: the adjective or participle.
        ahead: whether the sentence names a time to come.
    """
    if _is_open(t, i) or _is_done(t, i) or _is_attribute(t, i):
        return
    if t.rel[i] == "advmod":
        yield from _of_adverb(t, i)
    elif t.lower[i] in words().infinitive_only | words().infinitive_or_clause:
        yield from _of_infinitive(t, i)
    elif (event := next((c for c in t.children[i] if _is_raised_clause(t, c, i)), None)) is not None:
        yield event
    elif _is_predicate(t, i) and not syntax.has_to(t, i):
        yield from _of_predicate(t, i, ahead=ahead)


def _is_done(t: Tokens, i: int) -> bool:
    """Return whether a participle tells what was done, "they had expected", or asks, "where you are going to pay"."""
    children = t.children[i]
    if t.tag[i] == "VBG":
        return any(t.tag[c] == "WRB" and c < i for c in children)
    if t.tag[i] != "VBN":
        return t.tag[i] == "VBD"
    if any(t.rel[c] == "obj" for c in children):
        return True
    passive = any(t.dep[c] == "aux:pass" for c in children)
    return t.pos[i] == "VERB" and syntax.is_perfect(t, i) and not passive


def _is_attribute(t: Tokens, i: int) -> bool:
    return t.rel[i] in ("amod", "compound", "case", "fixed") and not is_trailing(t, i)


def _of_adverb(t: Tokens, i: int) -> Iterator[int]:
    """Yield the verb of "will likely fall"."""
    head = t.head[i]
    modal = any(t.tag[c] == "MD" for c in t.children[head])
    if t.lower[i] in words().sentence_adverb and t.pos[head] in ("VERB", "AUX", "ADJ") and modal:
        yield head


def _is_raised_clause(t: Tokens, c: int, i: int) -> bool:
    """Return whether `c` is the clause of the adjective `i`; what it is possible to do, or somebody is to make sure, is to come."""
    to = syntax.has_to(t, c)
    if to and t.lower[i] in words().able:
        return False
    clause = t.rel[c] in ("xcomp", "csubj", "ccomp") or (t.rel[c] == "advcl" and to)
    return clause and (t.pos[c] in ("VERB", "AUX") or c > i)


def _is_predicate(t: Tokens, i: int) -> bool:
    """Return whether a word says something of its noun: "is likely", "a fall expected in May", "a deal looks likely"."""
    if any(t.rel[c] == "cop" or t.dep[c] == "aux:pass" for c in t.children[i]):
        return True
    if t.rel[i] == "acl" and t.tag[i] == "VBN":
        return any(t.rel[c] == "obl" for c in t.children[i])
    above = t.head[i]
    seems = t.lemma[above] in words().seeming | words().looking
    return t.rel[i] == "xcomp" and t.tag[above] in ("VBZ", "VBP") and seems


def _of_predicate(t: Tokens, i: int, *, ahead: bool) -> Iterator[int]:
    """Yield the event of a predicate without a clause: what rises in "are seen rising", else the predicate itself."""
    lower, children = t.lower[i], t.children[i]
    if lower in words().seen:
        # "sales are seen rising 3 percent in 2015"
        if ahead and any(t.dep[c] == "aux:pass" and t.tag[c] in ("VBZ", "VBP") for c in children):
            yield from (c for c in children if c > i and t.tag[c] == "VBG" and t.rel[c] in ("advcl", "xcomp"))
    elif lower in words().open_raising:
        # "snow is possible by Monday", "a deal is still possible"; "access is possible by boat" is now
        still = any(t.lower[c] in words().still for c in children)
        if syntax.subject(t, i) is not None and not syntax.is_past(t, i) and (ahead or still):
            yield i
    elif lower in words().bare_raising or (
        lower in words().raising_for and any(syntax.case_word(t, c) == "for" for c in children)
    ):
        yield i


def is_trailing(t: Tokens, i: int) -> bool:
    """Return whether an adjective or participle follows the noun that it predicts of: "with ads *set* to run in May"."""
    return t.dep[i] in ("amod", "acl") and t.head[i] < i and t.tag[i] in ("JJ", "VBN")


def _of_infinitive(t: Tokens, i: int) -> Iterator[int]:
    """Yield the event of "set to", "due to", "about to", "going to", "sure to"; "due in March" is its own."""
    lower, children = t.lower[i], t.children[i]
    events = [c for c in children if c > i and _is_infinitive_of(t, c, lower)]
    has_copula = any(t.rel[c] == "cop" for c in children)
    if lower == "sure" and not has_copula and not is_trailing(t, i):
        return  # "make sure to feed the meter"
    if lower == "due" and not events and has_copula:
        events = [i for c in children if t.rel[c] in ("obl", "advmod") and c > i]
    is_going = any(t.rel[c] == "aux" and t.lemma[c] == "be" for c in children) or t.rel[i] in ("acl", "conj")
    if lower != "going" or is_going:
        yield from events[:1]


def _is_infinitive_of(t: Tokens, c: int, word: str) -> bool:
    """Return whether `c` is what "set to" and the like foretell; "sure that he comes" has a clause, "not sure if" asks."""
    clause_too = word in words().infinitive_or_clause
    wanted = ("xcomp", "advcl", "ccomp", "csubj") if clause_too else ("xcomp", "advcl")
    if t.rel[c] not in wanted or _is_open(t, c):
        return False
    return syntax.has_to(t, c) or (clause_too and t.tag[c] in ("VB", "VBN", "NN"))


def phrase_event(t: Tokens, i: int, phrase: Sequence[str]) -> tuple[int, int] | None:
    """Return event and predicate of a set phrase that ends in the token `i`, "is on track to open", "looks on course to open", or None."""
    if t.lower[i - len(phrase) + 1 : i + 1] != list(phrase):
        return None
    seems = next((k for k in t.ancestors(i)[:3] if t.lemma[k] in words().looking | words().seeming), None)
    if seems is not None and t.tag[seems] in ("VBZ", "VBP") and not _is_open(t, seems):
        to = i + 1 < t.n and t.rel[i + 1] == "mark" and t.lower[i + 1] == "to"
        return (t.head[i + 1], seems) if to else None
    present = any(t.rel[c] == "cop" and t.tag[c] in ("VBZ", "VBP", "VB") for c in t.children[i])
    if not present or _is_open(t, i):
        return None
    below = (c for holder in (i, t.head[i]) for c in t.children[holder] if c > i and syntax.has_to(t, c))
    return next(((c, i) for c in below if t.rel[c] in ("acl", "advcl", "xcomp", "ccomp")), None)


def _is_open(t: Tokens, i: int) -> bool:
    """Return whether a conjunction leaves open that the clause of `i` holds: "if", "whether"."""
    return any(t.rel[c] == "mark" and t.lower[c] in words().no_claim_mark for c in t.children[i])


def coming(t: Tokens, i: int) -> int | None:
    """Return the event of a verb of readiness in the present: "is preparing to close", "stands to lose"."""
    if t.lemma[i] in words().simple_present:
        present = t.tag[i] in ("VBZ", "VBP")
    else:
        present = t.tag[i] == "VBG" and any(
            t.rel[c] == "aux" and t.tag[c] in ("VBZ", "VBP") for c in t.children[i]
        )
    if not present or _is_open(t, i):
        return None
    return next(
        (c for c in t.children[i] if c > i and t.rel[c] in ("xcomp", "advcl") and syntax.has_to(t, c)), None
    )


def reported(t: Tokens, i: int) -> int | None:
    """Return the event of a predicting verb: its clausal complement, else the verb itself with an object."""
    if t.tag[i] == "VBN" and any(t.dep[c] == "aux:pass" for c in t.children[i]):
        return None
    complement = syntax.child(t, i, "ccomp")
    if complement is not None and complement > i:
        return complement
    if t.lemma[i] in words().clause_only:
        return None
    if syntax.child(t, i, "xcomp") is not None:
        return None
    obj = syntax.child(t, i, "obj")
    if obj is not None and obj > i and t.pos[obj] in ("NOUN", "PROPN", "SYM", "NUM"):
        return i
    return None


def outlook(
    t: Tokens,
    i: int,
    quantity_at: Mapping[int, Quantity],
    *,
    ahead: bool,
) -> int | None:
    """Return the event of an outlook; None where no figure lies ahead.

    The verb itself in "sees sales of $2 billion next year" and "puts growth at 2 percent next year", the participle in "sees the rate
    climbing to 5 percent by May".
    """
    present = t.tag[i] in ("VBZ", "VBP") or (t.tag[i] == "VBD" and t.lemma[i] in words().placing)
    if not present or _is_open(t, i) or not ahead:
        return None
    obj = syntax.child(t, i, "obj")
    if t.lemma[i] not in words().placing:
        if obj is not None and _has_figure_or_none(t, obj, quantity_at):
            return i
        moving = (
            c for h in (i, obj) if h is not None for c in t.children[h] if c > i and _moves(t, c, quantity_at)
        )
        event = next(moving, None)
        if event is not None:
            return event
    placed = obj is not None and any(
        c > i and t.rel[c] == "obl" and c in quantity_at and syntax.case_word(t, c).startswith("at")
        for c in t.children[i]
    )
    return i if placed else None


def _has_figure_or_none(t: Tokens, obj: int, quantity_at: Mapping[int, Quantity]) -> bool:
    """Return whether an object has a figure, or is denied: "sees no cut this year"."""
    if obj in quantity_at or has_quantity(t, obj, quantity_at):
        return True
    return any(t.lower[c] == "no" and t.rel[c] == "det" for c in t.children[obj])


def _moves(t: Tokens, c: int, quantity_at: Mapping[int, Quantity]) -> bool:
    """Return whether a participle has a figure: "climbing to 5 percent"."""
    if t.tag[c] != "VBG" or t.rel[c] not in ("ccomp", "xcomp", "acl"):
        return False
    return any(
        t.rel[g] in ("obj", "obl") and (g in quantity_at or has_quantity(t, g, quantity_at))
        for g in t.children[c]
    )


def intended(t: Tokens, i: int, *, ahead: bool) -> int | None:
    """Return the event of a verb of intention: its infinitive. Wanting something *by 2030* is a target, wanting it is not."""
    if _is_wished(t, i) or (t.lemma[i] in words().wish_for and not ahead):
        return None
    event = _infinitive(t, i)
    if event is None or (t.lemma[i] == "expect" and t.rel[event] == "ccomp"):
        return None
    return None if _is_mere_intent(t, i) else event


def _is_wished(t: Tokens, i: int) -> bool:
    """Return whether an intention is itself only possible: "would want to", "if they want to"."""
    marks = (c for c in t.children[i] if t.rel[c] in ("aux", "mark"))
    return t.rel[i] != "acl" and any(t.tag[c] == "MD" or t.lower[c] in ("to", "if") for c in marks)


def _infinitive(t: Tokens, i: int) -> int | None:
    """Return the clause of a verb, or the infinitive that parsers hang on its object: "wants the share to reach 12 percent"."""
    for c in t.children[i]:
        if c > i and (t.dep[c] == "ccomp" or (t.dep[c] in ("xcomp", "advcl") and syntax.has_to(t, c))):
            return c
    obj = syntax.child(t, i, "obj")
    if obj is None or t.lemma[i] not in words().object_infinitive:
        return None
    return next((c for c in t.children[obj] if t.rel[c] == "acl" and syntax.has_to(t, c)), None)


def _is_mere_intent(t: Tokens, i: int) -> bool:
    """Return whether an intention says nothing of what will happen: "he did not intend to offend", "a remark intended to please"."""
    if t.lemma[i] not in words().mere_intent or not (t.tag[i] == "VBN" or syntax.is_past(t, i)):
        return False
    return not (t.tag[i] == "VBD" and syntax.is_reported_past(t, i))  # "aides said he intended to go"


def named(t: Tokens, i: int, quantity_at: Mapping[int, Quantity]) -> int | None:
    """Return the event of a noun such as "target": its infinitive, its of-participle, else the noun with a figure."""
    lemma = t.lemma[i]
    if any(t.lower[c] in words().former for c in t.children[i]) or (
        t.lemma[t.head[i]] in words().only_denied and syntax.case_word(t, i) == "for"
    ):
        return None  # "a previous pledge", "the way for a plan to work"
    for c in t.children[i]:
        if c > i and t.rel[c] in _NOUN_FRAMES and t.dep[c] != "acl:relcl":
            if syntax.has_to(t, c):
                return c
            if lemma in words().figure_noun and t.tag[c] == "VBG":
                return c
    if t.rel[i] == "obj":
        for c in t.children[t.head[i]]:
            if i < c <= i + _CLAUSES_BEFORE_OBJECT and t.rel[c] in ("xcomp", "advcl") and syntax.has_to(t, c):
                return c
    return i if lemma in words().figure_noun and _sets_figure(t, i, quantity_at) else None


def _sets_figure(t: Tokens, noun: int, quantity_at: Mapping[int, Quantity]) -> bool:
    """Tell "a target of 3 %" from "two aims", which only counts them."""
    counted = syntax.is_plural(t, noun) and any(t.dep[c] == "nummod" for c in t.children[noun])
    return not counted and has_quantity(t, noun, quantity_at)


def subject_of_named(t: Tokens, noun: int, event: int) -> int | None:
    """Return who the event of a noun is about: its own subject, "of it happening", the possessor, the governing subject."""
    own = next((c for c in t.children[event] if t.dep[c] in syntax.SUBJECTS), None)
    if own is not None:
        return own
    for i in range(noun + 1, event):
        if t.pos[i] in ("PRON", "NOUN", "PROPN") and t.tag[event] == "VBG":
            return i
    possessor = syntax.child(t, noun, "nmod:poss")
    if possessor is not None:
        return possessor
    return syntax.subject(t, t.head[noun]) if t.head[noun] != noun else None


def has_quantity(t: Tokens, noun: int, quantity_at: Mapping[int, Quantity]) -> bool:
    """Return whether a figure that depends on the noun is its own.

    Not how long it is for, "a five-year plan", nor what something is compared with it, "14 times its expected profit".
    """
    return any(
        t.rel[c] in ("nmod", "nummod", "compound", "amod", "appos")
        and not (t.dep[c] == "nmod:unmarked" and syntax.is_before_phrase(t, c, noun))
        and any(
            i in quantity_at and (t.rel[c] in ("nmod", "appos") or quantity_at[i].dimension != "time")
            for i in (c, *t.children[c])
        )
        for c in t.children[noun]
    )
