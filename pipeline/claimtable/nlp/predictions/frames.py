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
    """Yields the events of "X is likely/expected/due/set/going to V", "it is likely that …", "likely to V".

    Args:
        t: the columns of the document.
        i: the adjective or participle.
        ahead: whether the sentence names a time to come.
    """
    lower = t.lower[i]
    if _is_open(t, i) or (t.tag[i] == "VBG" and any(t.tag[c] == "WRB" and c < i for c in t.children[i])):
        return  # "if you were going to buy", "where you are going to pay"
    if t.tag[i] == "VBD" or (t.tag[i] == "VBN" and any(t.rel[c] == "obj" for c in t.children[i])):
        return
    if (
        t.tag[i] == "VBN"
        and t.pos[i] == "VERB"
        and syntax.is_perfect(t, i)
        and not any(t.dep[c] == "aux:pass" for c in t.children[i])
    ):
        return
    if t.rel[i] in ("amod", "compound", "case", "fixed") and not is_trailing(t, i):
        return
    if t.rel[i] == "advmod":
        head = t.head[i]
        if (
            lower in words().sentence_adverb
            and t.pos[head] in ("VERB", "AUX", "ADJ")
            and any(t.tag[c] == "MD" for c in t.children[head])
        ):
            yield head
        return
    if lower in words().infinitive_only | words().infinitive_or_clause:
        yield from _of_infinitive(t, i)
        return
    events = [
        c
        for c in t.children[i]
        if (t.rel[c] in ("xcomp", "csubj", "ccomp") or (t.rel[c] == "advcl" and syntax.has_to(t, c)))
        and (t.pos[c] in ("VERB", "AUX") or c > i)
    ]
    if events:
        yield events[0]
        return
    is_predicate = any(t.rel[c] == "cop" or t.dep[c] == "aux:pass" for c in t.children[i])
    is_participle = t.rel[i] == "acl" and t.tag[i] == "VBN" and any(t.rel[c] == "obl" for c in t.children[i])
    above = t.head[i]
    # "a deal looks likely", "it seems unlikely this year"
    seems = (
        t.rel[i] == "xcomp"
        and t.tag[above] in ("VBZ", "VBP")
        and t.lemma[above] in words().seeming | words().looking
    )
    if not (is_predicate or is_participle or seems) or syntax.has_to(t, i):
        return
    if lower in words().seen:
        # "sales are seen rising 3 percent in 2015"
        rising = (c for c in t.children[i] if c > i and t.tag[c] == "VBG" and t.rel[c] in ("advcl", "xcomp"))
        if ahead and any(t.dep[c] == "aux:pass" and t.tag[c] in ("VBZ", "VBP") for c in t.children[i]):
            yield from rising
        return
    if lower in words().open_raising:
        # "snow is possible by Monday", "a deal is still possible"; "access is possible by boat" is now
        still = any(t.lower[c] in words().still for c in t.children[i])
        if syntax.subject(t, i) is not None and not syntax.is_past(t, i) and (ahead or still):
            yield i
        return
    if lower in words().bare_raising or (
        lower in words().raising_for and any(syntax.case_word(t, c) == "for" for c in t.children[i])
    ):
        yield i


def is_trailing(t: Tokens, i: int) -> bool:
    """Tells whether an adjective or participle follows the noun that it predicts of: "with ads *set* to run in May"."""
    return t.dep[i] in ("amod", "acl") and t.head[i] < i and t.tag[i] in ("JJ", "VBN")


def _of_infinitive(t: Tokens, i: int) -> Iterator[int]:
    """Yields the event of "set to", "due to", "about to", "going to", "sure to"; "due in March" is its own."""
    lower = t.lower[i]
    clause_too = lower in words().infinitive_or_clause
    wanted = ("xcomp", "advcl", "ccomp", "csubj") if clause_too else ("xcomp", "advcl")
    events = [
        c
        for c in t.children[i]
        if t.rel[c] in wanted
        and c > i
        and (syntax.has_to(t, c) or (clause_too and t.tag[c] in ("VB", "VBN", "NN")))
    ]
    has_copula = any(t.rel[c] == "cop" for c in t.children[i])
    if lower == "due" and not events and has_copula:
        events = [i for c in t.children[i] if t.rel[c] in ("obl", "advmod") and c > i]
    if (
        lower == "going"
        and not any(t.rel[c] == "aux" and t.lemma[c] == "be" for c in t.children[i])
        and t.rel[i] not in ("acl", "conj")
    ):
        return
    yield from events[:1]


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
    """Tells whether a conjunction leaves open that the clause of `i` holds: "if", "whether"."""
    return any(t.rel[c] == "mark" and t.lower[c] in words().no_claim_mark for c in t.children[i])


def coming(t: Tokens, i: int) -> int | None:
    """Returns the event of a verb of readiness in the present: "is preparing to close", "stands to lose"."""
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
    """Returns the event of a predicting verb: its clausal complement, else the verb itself with an object."""
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
    """Returns the event of an outlook; None where no figure lies ahead.

    The verb itself in "sees sales of $2 billion next year" and "puts growth at 2 percent next year", the participle in "sees the rate
    climbing to 5 percent by May".
    """
    present = t.tag[i] in ("VBZ", "VBP") or (t.tag[i] == "VBD" and t.lemma[i] in words().placing)
    if not present or _is_open(t, i) or not ahead:
        return None
    obj = syntax.child(t, i, "obj")
    if t.lemma[i] not in words().placing:
        if obj is not None and (obj in quantity_at or has_quantity(t, obj, quantity_at)):
            return i
        if obj is not None and any(t.lower[c] == "no" and t.rel[c] == "det" for c in t.children[obj]):
            return i  # "sees no cut this year"
        moving = [c for h in (i, obj) if h is not None for c in t.children[h] if t.tag[c] == "VBG" and c > i]
        for c in moving:
            if t.rel[c] in ("ccomp", "xcomp", "acl") and any(
                t.rel[g] in ("obj", "obl") and (g in quantity_at or has_quantity(t, g, quantity_at))
                for g in t.children[c]
            ):
                return c
    placed = obj is not None and any(
        c > i and t.rel[c] == "obl" and c in quantity_at and syntax.case_word(t, c).startswith("at")
        for c in t.children[i]
    )
    return i if placed else None


def intended(t: Tokens, i: int, *, ahead: bool) -> int | None:
    """Returns the event of a verb of intention: its infinitive. Wanting something *by 2030* is a target, wanting it is not."""
    if t.rel[i] != "acl" and any(
        t.tag[c] == "MD" or t.lower[c] in ("to", "if") for c in t.children[i] if t.rel[c] in ("aux", "mark")
    ):
        return None
    if t.lemma[i] in words().wish_for and not ahead:
        return None
    event = next(
        (
            c
            for c in t.children[i]
            if c > i and (t.dep[c] == "ccomp" or (t.dep[c] in ("xcomp", "advcl") and syntax.has_to(t, c)))
        ),
        None,
    )
    obj = syntax.child(t, i, "obj")
    if event is None and obj is not None and t.lemma[i] in words().object_infinitive:
        # "wants the share to reach 12 percent": parsers hang the infinitive on the object
        event = next((c for c in t.children[obj] if t.rel[c] == "acl" and syntax.has_to(t, c)), None)
    if event is None or (t.lemma[i] == "expect" and t.rel[event] == "ccomp"):
        return None
    reported = syntax.is_reported_past(t, i)  # "aides said he intended to go"
    if (
        t.lemma[i] in words().mere_intent
        and (t.tag[i] == "VBN" or syntax.is_past(t, i))
        and not (reported and t.tag[i] == "VBD")
    ):
        return None  # "he did not intend to offend", "a remark intended to please": not what will happen
    return event


def named(t: Tokens, i: int, quantity_at: Mapping[int, Quantity]) -> int | None:
    """Returns the event of a noun such as "target": its infinitive, its of-participle, else the noun with a figure."""
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
    """Tells "a target of 3 %" from "two aims", which only counts them."""
    counted = syntax.is_plural(t, noun) and any(t.dep[c] == "nummod" for c in t.children[noun])
    return not counted and has_quantity(t, noun, quantity_at)


def subject_of_named(t: Tokens, noun: int, event: int) -> int | None:
    """Returns who the event of a noun is about: its own subject, "of it happening", the possessor, the governing subject."""
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
    """Tells whether a figure that depends on the noun is its own.

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
