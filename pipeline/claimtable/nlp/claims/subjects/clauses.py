"""What a clause measures: its subject or object, or the noun that its figure hangs on, with whose it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from claimtable.nlp import syntax
from claimtable.nlp.claims.context import Context
from claimtable.nlp.claims.subjects.nouns import LEVEL_CASES, NAMES, complement, is_linking
from claimtable.nlp.claims.subjects.place import Place, predicate_of
from claimtable.nlp.claims.subjects.records import MAX_TOKENS, Measured, Memory, Subject
from claimtable.nlp.claims.subjects.reference import finish, from_measured
from claimtable.nlp.claims.subjects.wording import other_figures, phrase_of

MAX_BARE = 3
"""Words of a noun with its article and modifier that does not say whose it is: "a market share" (set by hand)."""
PARTICIPANTS = frozenset(["i", "we", "you"])
"""Pronouns of those who talk to each other: what they do is said of the things, not of them."""
TARGET_CASES = frozenset(["to", "at", "from", "by"])
_CHANGED_CASES = frozenset(["in", "of", "for", "to"])


def under_noun(
    ctx: Context, place: Place, base: int, noun: int, drop: Collection[int], memory: Memory
) -> Subject:
    """Return the figure hangs on a noun: "a fall of 0.4 % in output", "the cost of $3 billion"."""
    t = ctx.t
    q = place.quantity
    if t.lemma[noun] in ctx.nouns.growth and syntax.child(t, noun, "cop") is not None:
        return finish(
            ctx, noun, {*drop, *t.subtree(base)}, noun, memory, q
        )  # "the target is 2.5 percent growth"
    if t.lemma[noun] in ctx.nouns.change:
        what = _changed(ctx, base, noun, drop)
        if what == noun:
            return finish(ctx, noun, {*drop, *t.subtree(base)}, noun, memory, q)
        if what is not None:
            return finish(ctx, what, drop, noun, memory, q)
        before = memory.current or memory.series
        if before:
            alike = (m for m in reversed((*memory.series, *memory.current)) if m.dimension == q.dimension)
            again = next(alike, before[-1])
            return _of_namesake(ctx, noun, again, memory) or from_measured(again, noun)
    if (
        t.lemma[noun] in ctx.nouns.anaphor
        and t.rel[noun] == "obl"
        and not any(t.rel[c] in ("nmod", "compound") and c != base for c in t.children[noun])
    ):
        verb = t.head[noun]
        obj = syntax.child(t, verb, "obj")
        who = (
            obj if obj is not None and syntax.case_word(t, noun) in TARGET_CASES else syntax.subject(t, verb)
        )
        if who is not None:
            return finish(ctx, who, drop, verb, memory, q)
    subject = finish(ctx, noun, {*drop, *t.subtree(base)}, noun, memory, q)
    return _with_owner(ctx, noun, {*drop, *t.subtree(base), *other_figures(ctx, noun, q)}, subject, memory)


def _with_owner(ctx: Context, noun: int, drop: Collection[int], subject: Subject, memory: Memory) -> Subject:
    """Say whose a bare noun with a figure is: "share of all browsers" of "all browsers have a share of 9 %", "with a magnitude of 4"."""
    t = ctx.t
    phrase = phrase_of(ctx, noun, drop)
    if (
        subject.head != noun
        or len(phrase) > MAX_BARE
        or any(t.rel[i] in ("nmod", "acl") for i in phrase if i != noun)
    ):
        return subject
    owner = _bearer(ctx, noun)
    if owner is None or owner == noun or t.pos[owner] == "PRON":
        return subject
    found = finish(ctx, owner, {*drop, *t.subtree(noun)}, subject.predicate, memory)
    if not found.text or not found.resolved:
        return subject
    return replace(subject, text=f"{subject.text} of {found.text}", core=subject.text)


def _bearer(ctx: Context, noun: int) -> int | None:
    """Return who has what a noun names: as its verb's object, or behind "with" or "at".

    "Borrow at a rate of 2 percent" says nothing of whose the rate is, "occurred at a depth of 60 km" does of the depth.
    """
    t = ctx.t
    above = t.head[noun]
    if t.rel[noun] == "obj":
        has = t.lemma[above] in ctx.nouns.possess or t.lemma[noun] in ctx.nouns.anaphor
        return syntax.subject(t, above) if has else None
    case = syntax.case_word(t, noun)
    measure = t.lemma[noun] in ctx.nouns.dimension
    if case != "with" and not (case == "at" and measure):
        return None
    if t.rel[noun] == "nmod":
        if measure and t.lemma[above] in ctx.nouns.dimension:
            return _bearer(ctx, above)  # "with a magnitude of 4.4, at a depth of 35 km"
        return above if t.pos[above] in NAMES and t.lemma[above] != t.lemma[noun] else None
    if t.rel[noun] != "obl" or not measure or t.pos[above] != "VERB":
        return None
    return syntax.subject(t, above) if syntax.child(t, above, "obj") is None else None


def _of_namesake(ctx: Context, noun: int, before: Measured, memory: Memory) -> Subject | None:
    """Return what was measured of somebody, of somebody else: "Ford sales fell 42 percent. Toyota reported a 20 percent decline"."""
    t = ctx.t
    verb = t.head[noun]
    who = syntax.subject(t, verb) if before.kind and t.rel[noun] == "obj" else None
    if who is None or t.pos[who] != "PROPN" or t.text[who] in before.subject:
        return None
    name = finish(ctx, who, (), verb, memory).text
    return Subject(f"{before.kind} of {name}", noun, noun) if name else None


def _changed(ctx: Context, base: int, noun: int, drop: Collection[int]) -> int | None:
    """Return what a noun of change says to have changed: its complement, its owner, or the subject of its verb.

    The noun itself where that subject only looks on ("the council forecasts growth of 2 %").
    """
    t = ctx.t
    for holder in (noun, base):
        for c in t.children[holder]:
            if (
                c not in drop
                and c != base
                and t.rel[c] in ("nmod", "obl")
                and syntax.case_word(t, c) in _CHANGED_CASES
                and not is_linking(ctx, c)
                and not ctx.is_time(c)
                and t.pos[c] not in ("ADJ", "NUM")  # "growth of 0.5 percent in the first"
            ):
                return c
    owner = next(
        (
            c
            for c in t.children[noun]
            if t.dep[c] in ("nmod:poss", "compound") and c not in drop and not ctx.is_time(c)
        ),
        None,
    )
    if owner is not None:
        return owner
    verb = predicate_of(t, noun)
    if verb is None or verb == noun:
        return None
    if t.lemma[verb] in ctx.nouns.view and t.lemma[noun] in ctx.nouns.growth:
        return noun
    who = syntax.subject(t, verb)
    if (
        who is not None
        and who != noun
        and t.rel[noun] in ("obj", "obl", "root", "xcomp")
        and (t.lemma[verb] in ctx.nouns.undergo or ctx.attribution_at(t.start[noun]) is None)
    ):
        return who
    return None


def of_clause(
    ctx: Context, place: Place, base: int, drop: Collection[int], verb: int, memory: Memory
) -> Subject | None:
    """Return the subject of the figure's verb, or the object that the verb moves or holds there; None where it has neither."""
    t = ctx.t
    q = place.quantity
    who = syntax.subject(t, verb)
    if who is None:
        who = syntax.preverbal(t, verb)
        who = None if who is None or who in ctx.measured or ctx.is_time(who) else who
    obj = syntax.child(t, verb, "obj")
    if obj is not None and obj in ctx.measured:
        obj = None
    if who is not None and t.lower[who] in PARTICIPANTS:
        of_comparative = obj if obj is not None and t.tag[obj] == "JJR" else None
        what = complement(ctx, place, of_comparative) if of_comparative or obj is None else None
        if what is not None:
            return finish(ctx, what, drop, verb, memory, q)
    raised = _raised(ctx, verb)
    if raised is not None:
        return finish(ctx, raised, drop, verb, memory, q)
    awaited = _awaited(ctx, place, base, verb)
    if awaited is not None:
        return awaited
    if who is not None and not place.holds(who):
        if obj is not None and t.lower[who] in PARTICIPANTS:
            return finish(ctx, obj, drop, verb, memory, q)
        if obj is not None and t.rel[base] in ("obl", "xcomp"):
            moved = _moved_object(ctx, place, obj, base)
            if moved is not None:
                return finish(ctx, moved, drop, verb, memory, q)
        return _numbered(ctx, base, who, finish(ctx, who, drop, verb, memory, q))
    if who is None and t.pos[verb] in ("NOUN", "PROPN") and not place.holds(verb):
        return under_noun(ctx, place, base, verb, drop, memory)
    if who is None and t.pos[verb] == "VERB" and obj is not None:
        return finish(ctx, obj, drop, verb, memory, q)
    return None


def _numbered(ctx: Context, base: int, who: int, subject: Subject) -> Subject:
    """Give a bare number the unit of the things that it is said to be: "the votes were about 90"."""
    t = ctx.t
    if subject.unit or t.tag[who] != "NNS" or syntax.child(t, base, "cop") is None or subject.head != who:
        return subject
    return replace(subject, unit=t.lemma[who])


def _raised(ctx: Context, verb: int) -> int | None:
    """Return the object that an infinitive says something of: "the report estimates usage of it to have fallen to 88 percent"."""
    t = ctx.t
    above = t.head[verb]
    if t.rel[verb] != "advcl" or t.lemma[above] not in ctx.nouns.view or not syntax.has_to(t, verb):
        return None
    obj = syntax.child(t, above, "obj")
    return obj if obj is not None and above < obj < verb and obj not in ctx.measured else None


def _awaited(ctx: Context, place: Place, base: int, verb: int) -> Subject | None:
    """Return what takes the time in "it took 30 years for the gearbox to reach half of all cars"; None elsewhere."""
    t = ctx.t
    if t.rel[base] != "obj" or place.quantity.dimension != "time":
        return None
    if not any(t.rel[c] == "expl" or (t.lower[c] == "it" and t.rel[c] == "nsubj") for c in t.children[verb]):
        return None
    clause = next((c for c in t.children[verb] if c > base and syntax.has_to(t, c)), None)
    if clause is None:
        return None
    inside = [i for i in t.subtree(clause) if t.pos[i] != "PUNCT"]
    while inside and t.lower[inside[0]] in ("for", "to"):
        inside.pop(0)
    return Subject(syntax.text_of(t, ctx.text, inside[:MAX_TOKENS]), clause, verb)


def _moved_object(ctx: Context, place: Place, obj: int, base: int) -> int | None:
    """Return what is moved or held in "raise food demand to …", "limit withdrawals to …", "show a fall of … in output"."""
    t = ctx.t
    if t.lemma[obj] in ctx.nouns.change:
        return complement(ctx, place, obj)
    if t.rel[base] == "xcomp":
        return (
            obj if syntax.child(t, base, "cop") is not None else None
        )  # "estimated the figure to be 9,000 percent"
    case = syntax.case_word(t, base)
    if case == "by" and t.lemma[t.head[base]] in ctx.nouns.stand:
        return None  # "the Greens beat Labour by 640 votes"
    if case == "for" and place.quantity.dimension == "money":
        return obj  # "bought a notebook for €1,200"
    return obj if case in LEVEL_CASES or case == "as" else None  # "rated it as category 4"
