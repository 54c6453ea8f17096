"""A subject spelled out: its phrase, or what a pronoun, "the figures" or a bare number points back to."""

from __future__ import annotations

from collections.abc import Collection

from claimtable.nlp import syntax
from claimtable.nlp.claims.context import Context
from claimtable.nlp.claims.subjects.records import Measured, Memory, Subject, Topic
from claimtable.nlp.claims.subjects.wording import (
    other_figures,
    phrase_of,
    taken_up,
    with_possessor,
    without_leading_time,
)
from claimtable.nlp.mentions import PRONOUNS, mentions_in, resolve_pronoun
from claimtable.schema import Quantity

_DEMONSTRATIVES = frozenset(["it", "this", "that", "these", "those", "they"])
_RELATIVES = frozenset(["which", "who"])
_PLURAL_PRONOUNS = frozenset(["they", "them", "these", "those", "their"])


def finish(
    ctx: Context,
    head: int,
    drop: Collection[int],
    verb: int | None,
    memory: Memory,
    measured: Quantity | None = None,
) -> Subject:
    """Makes the subject phrase of `head` and resolves what points elsewhere.

    Args:
        ctx: the document.
        head: head noun or pronoun of the phrase.
        drop: tokens that do not belong to it.
        verb: the predicate that relates it to the figure.
        memory: what was said before.
        measured: the figure that it is the subject of.
    """
    t = ctx.t
    if t.lower[head] in _DEMONSTRATIVES | PRONOUNS | _RELATIVES:
        return _resolved(ctx, head, verb, memory, measured)
    drop = frozenset(drop) | other_figures(ctx, head, measured)
    phrase = without_leading_time(ctx, phrase_of(ctx, head, drop), head)
    name = taken_up(ctx, phrase, head)
    if name is not None:
        return Subject(name, head, verb)
    text = syntax.text_of(t, ctx.text, phrase)
    if t.lemma[head] in ctx.nouns.anaphor and all(
        t.lower[i] in ctx.nouns.pointer or i == head for i in phrase
    ):
        return _anaphor(text, head, verb, memory)
    return Subject(with_possessor(ctx, phrase, text), head, verb)


def from_topic(topic: Topic | None, verb: int | None) -> Subject:
    """Returns the topic as the subject of a figure, unresolved where there is none."""
    if topic is None:
        return Subject(None, None, verb, resolved=False)
    return Subject(topic.text, None, verb, unit=topic.unit)


def from_measured(measured: Measured, verb: int | None) -> Subject:
    """Returns the subject of another figure as that of this one too."""
    return Subject(measured.subject, None, verb, unit=measured.unit)


def elliptical(ctx: Context, verb: int, memory: Memory) -> Subject:
    """A bare number as subject: "152 left in 2011" counts what the sentences before were about."""
    topic = memory.counted()
    if topic is None:
        return Subject(None, None, verb, resolved=False)
    said = syntax.text_of(ctx.t, ctx.text, [verb], determiner=True)
    return Subject(f"{topic.core} {said}", None, verb, unit=topic.unit)


def _anaphor(text: str, head: int, verb: int | None, memory: Memory) -> Subject:
    """Returns what a bare "the figure" stands for: what was measured last, else what the text was about."""
    if memory.series and "number" not in (memory.topic.text if memory.topic else ""):
        return from_measured(memory.series[-1], verb)
    if memory.topic:
        return from_topic(memory.topic, verb)
    return Subject(text, head, verb, resolved=False)


def _resolved(
    ctx: Context, head: int, verb: int | None, memory: Memory, measured: Quantity | None
) -> Subject:
    t = ctx.t
    actor = resolve_pronoun(ctx.doc, head) if t.lower[head] in PRONOUNS else None
    if actor is not None and (actor.type == "PERSON" or t.lower[head] not in ("it", "they")):
        return Subject(actor.name, None, verb)
    earlier = _earlier_in_sentence(ctx, head)
    if earlier is not None:
        return Subject(earlier, None, verb)
    if memory.topic:
        return from_topic(memory.topic, verb)
    if actor is not None:
        return Subject(actor.name, None, verb)
    return Subject(t.text[head], head, verb, resolved=False)


def _earlier_in_sentence(ctx: Context, pronoun: int) -> str | None:
    """Returns the subject of the nearest clause before the pronoun in its sentence that is a noun and no person."""
    t = ctx.t
    start = t.sents[t.sent[pronoun]][0]
    for i in range(pronoun - 1, start - 1, -1):
        if t.dep[i] not in syntax.SUBJECTS:
            continue
        verb = t.head[i]
        who = i
        if t.pos[i] == "PRON":
            obj = syntax.child(t, verb, "obj")
            if t.lemma[verb] not in ctx.nouns.have or obj is None or obj > pronoun:
                continue
            who = obj
        if t.pos[who] not in ("NOUN", "PROPN") or (t.rel[verb] == "acl" and t.head[verb] > i):
            continue
        mention = next(iter(mentions_in(ctx.doc, t.start[who], t.end[who])), None)
        if mention is not None and mention.label == "PERSON":
            continue
        if syntax.path_to(t, pronoun, who) is not None:
            continue
        phrase = syntax.noun_phrase(t, who)
        return with_possessor(ctx, phrase, syntax.text_of(t, ctx.text, phrase)) or None
    return None
