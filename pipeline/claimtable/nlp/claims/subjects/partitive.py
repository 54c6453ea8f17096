"""Figures that are part of what was said before: "640 of these", "of which 900 million", "of 312 stations, 47"."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from claimtable.nlp import syntax
from claimtable.nlp.claims.context import Context
from claimtable.nlp.claims.lexicon import people
from claimtable.nlp.claims.subjects.comparison import Found
from claimtable.nlp.claims.subjects.counting import relative, said_by
from claimtable.nlp.claims.subjects.place import Place
from claimtable.nlp.claims.subjects.records import Memory, Subject
from claimtable.nlp.claims.subjects.reference import finish, from_measured, from_topic
from claimtable.nlp.claims.subjects.wording import phrase_of

_POINTING = frozenset(["these", "those", "them", "they", "which", "whom"])
_PLAIN = frozenset([None, "count"])


def part_of(
    ctx: Context,
    place: Place,
    base: int,
    verb: int | None,
    drop: Collection[int],
    memory: Memory,
    here: Found,
) -> Subject | None:
    """Return the whole that a bare number, a sum or a share is taken from, with what is said of the part; else None."""
    t = ctx.t
    whole = whole_of(ctx, place, base, verb)
    if whole is None:
        return None
    q = place.quantity
    if t.lower[whole] in _POINTING and not any(t.rel[c] == "acl" for c in t.children[whole]):
        subject = _pointed_at(ctx, place, whole, verb, memory, here)
    elif q.unit is None and q.dimension in _PLAIN:
        phrase = phrase_of(ctx, whole, [*drop, *_of(ctx, whole)])
        text = syntax.text_of(t, ctx.text, phrase)
        subject = finish(ctx, whole, [*drop, *_of(ctx, whole)], verb, memory)
        subject = Subject(subject.text or text, whole, verb, subject.resolved, _unit(ctx, whole))
    elif q.dimension == "share" and whole < place.first:  # "of the voters polled, 43 percent backed it"
        return finish(ctx, whole, [*drop, *_of(ctx, whole)], verb, memory)
    else:
        return None
    if q.dimension not in _PLAIN:
        return subject
    if (
        subject.text is not None
        and verb is not None
        and t.rel[base] == "obj"
        and t.lower[whole] not in _POINTING
    ):
        said = said_by(ctx, base, drop, verb, memory)
        return replace(subject, text=f"{subject.text} {said}", core=subject.text) if said else subject
    return with_said(ctx, subject, base, verb)


def with_said(ctx: Context, whole: Subject, base: int, verb: int | None) -> Subject:
    """Return the whole with what is said of the part, where the figure at `base` is the subject of its verb."""
    if whole.text is None or verb is None or ctx.t.rel[base] != "nsubj":
        return whole
    noun = base if whole.head is None else whole.head
    of_people = ctx.t.lemma[noun] in people()
    said = relative(ctx, of_people, base, verb) if ctx.t.pos[verb] == "VERB" else _said(ctx, verb)
    return replace(whole, text=f"{whole.text} {said}", predicate=verb)


def whole_of(ctx: Context, place: Place, base: int, verb: int | None) -> int | None:
    """Return the noun or pronoun of the "of"-phrase: beside the figure, or beside the verb that the figure is subject of."""
    t = ctx.t
    holders = [place.head, *(i for i in range(place.first, place.end) if i != place.head)]
    verbs: list[int] = []
    if verb is not None and t.rel[base] == "nsubj":
        # "of 120 samples, 88 were positive and 32 negative"
        verbs = [verb, t.head[verb]] if t.rel[verb] == "conj" else [verb]
    for holder in [*holders, *verbs]:
        for c in t.children[holder]:
            if (
                t.rel[c] in ("nmod", "obl")
                and syntax.case_word(t, c) == "of"
                and not place.holds(c)
                and not ctx.is_time(c)
                and (c > holder or holder in verbs)
            ):
                return c
    return None


def _of(ctx: Context, whole: int) -> list[int]:
    t = ctx.t
    return [c for c in t.children[whole] if t.rel[c] in ("case", "nummod")]


def _unit(ctx: Context, whole: int) -> str | None:
    t = ctx.t
    return t.lemma[whole] if t.pos[whole] == "NOUN" and t.tag[whole] == "NNS" else None


def _pointed_at(
    ctx: Context, place: Place, pronoun: int, verb: int | None, memory: Memory, here: Found
) -> Subject:
    """Return what "these" are: what the sentence has measured so far, else what a plural pronoun there means."""
    t = ctx.t
    for other, subject in reversed(here):
        q = other.quantity
        if subject.text and (q.dimension in ("count", None, "money") or t.lower[pronoun] == "which"):
            return Subject(
                subject.core or subject.text,
                None,
                verb,
                unit=q.unit or subject.unit,
                dimension=q.dimension or "count",
            )
    shared = next(
        (x for x in reversed(here) if x[0].quantity.dimension == "share" and _names_things(ctx, x[1].head)),
        None,
    )
    if shared is not None and shared[1].head is not None and place.quantity.unit is None:
        # "One household in twelve fell behind, and suppliers cut off 3,150 of them"
        things = phrase_of(ctx, shared[1].head, shared[0].number_tokens(t))
        return Subject(syntax.text_of(t, ctx.text, things), None, verb, unit=t.lemma[shared[1].head])
    found = finish(ctx, pronoun, (), verb, memory) if t.lower[pronoun] != "which" else None
    counted = next(
        (m for m in reversed(memory.series) if m.dimension in _PLAIN and m.paragraph == memory.paragraph),
        None,
    )
    topic = memory.agreeing(plural=True)
    if counted is not None and (topic is None or place.quantity.unit is None):
        return from_measured(counted, verb)
    if topic is not None:
        return from_topic(topic, verb)
    return found or from_topic(memory.counted(), verb)


def _names_things(ctx: Context, head: int | None) -> bool:
    """Return whether the noun of a share is of things that one can count."""
    t = ctx.t
    return (
        head is not None
        and t.pos[head] == "NOUN"
        and t.lemma[head] not in ctx.nouns.measure | ctx.nouns.anaphor
    )


def _said(ctx: Context, verb: int) -> str:
    """Return what is said of the part behind "are", up to a comma or clause: "were tankers, according to the port" says "tankers"."""
    t = ctx.t
    first = min([verb, *(c for c in t.children[verb] if t.rel[c] == "case")])
    inside = [i for i in t.subtree(verb) if i >= first]
    other = (c for c in t.children[verb] if t.rel[c] == "conj" and _is_clause(ctx, c))
    ends = [i for i in inside if i > verb and t.text[i] == ","]
    ends += [t.subtree(c)[0] for c in other]
    end = min(ends, default=inside[-1] + 1)
    return syntax.text_of(
        t,
        ctx.text,
        [i for i in inside if i < end and not ctx.is_time(i) and t.pos[i] != "PUNCT"],
        determiner=True,
    )


def _is_clause(ctx: Context, i: int) -> bool:
    return any(ctx.t.dep[c] in syntax.SUBJECTS or ctx.t.rel[c] == "cop" for c in ctx.t.children[i])
