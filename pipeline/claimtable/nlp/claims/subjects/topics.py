"""What a sentence was about, for the pronouns and bare numbers of the sentences after it."""

from __future__ import annotations

from claimtable.nlp import syntax
from claimtable.nlp.claims.context import Context, Sentence
from claimtable.nlp.claims.subjects.records import Memory, Topic
from claimtable.nlp.claims.subjects.reference import with_possessor
from claimtable.nlp.claims.subjects.wording import named_beside
from claimtable.nlp.mentions import mentions_in

MAX_TOPICS = 4
"""Topics that are kept: subject and object of what is said, and of its saying."""

_POINTING = frozenset(["it", "this", "that", "they", "we", "i", "he", "she", "which", "who", "there", "you"])


def remember(ctx: Context, sentence: Sentence, memory: Memory) -> None:
    """Put what the sentence measured, and what it was about, in the place of what was remembered before.

    A sentence without figures leaves the older ones; one that goes on about what a pronoun stands for adds to them.
    """
    if memory.current:
        memory.series, memory.current = tuple(memory.current), []
        memory.last.update((m.dimension or "count", m) for m in memory.series)
    goes_on, topics = _topics(ctx, sentence, memory)
    if goes_on:
        topics = [*memory.topics, *(topic for topic in topics if topic not in memory.topics)]
    if topics:
        memory.topics = tuple(topics[:MAX_TOPICS])
    memory.mentioned = _mentioned(ctx, sentence, memory) or memory.mentioned


def _mentioned(ctx: Context, sentence: Sentence, memory: Memory) -> Topic | None:
    """Return the last things that the sentence names in the plural, in any place."""
    t = ctx.t
    for i in range(sentence.end - 1, sentence.start - 1, -1):
        if t.tag[i] == "NNS" and t.rel[i] not in ("compound", "flat") and not points_back(ctx, i):
            topic = _topic_of(ctx, i, i, sentence, memory)
            if topic is not None:
                return topic
    return None


def _topics(ctx: Context, sentence: Sentence, memory: Memory) -> tuple[bool, list[Topic]]:
    """Return whether the sentence is about what a pronoun stands for, and its topics: subjects before objects.

    What somebody says comes before who says it.
    """
    t = ctx.t
    root = next((i for i in range(sentence.start, sentence.end) if t.rel[i] == "root"), None)
    if root is None:
        return True, []
    said = syntax.child(t, root, "ccomp")
    predicates = [root] if said is None or t.pos[root] != "VERB" else [said, root]
    subjects = [
        (who, verb)
        for verb in predicates
        if (who := syntax.subject(t, verb)) is not None and sentence.start <= who < sentence.end
    ]
    objects = [(obj, verb) for verb in predicates if (obj := syntax.child(t, verb, "obj")) is not None]
    topics = [
        topic
        for who, verb in (*subjects, *objects)
        if t.pos[who] in ("NOUN", "PROPN")
        and not points_back(ctx, who)
        and (topic := _topic_of(ctx, who, verb, sentence, memory)) is not None
    ]
    return not subjects or points_back(ctx, subjects[0][0]), topics


def points_back(ctx: Context, i: int) -> bool:
    """Return whether a noun or pronoun only points to something said before: "they", "the figures"."""
    t = ctx.t
    return t.lower[i] in _POINTING or (
        t.lemma[i] in ctx.nouns.anaphor
        and not any(t.rel[c] in ("nmod", "acl", "compound") for c in t.children[i])
    )


def _topic_of(ctx: Context, who: int, verb: int, sentence: Sentence, memory: Memory) -> Topic | None:
    t = ctx.t
    if who in ctx.measured or ctx.is_time(who):
        return None
    figures = frozenset(c for c in t.children[who] if t.rel[c] == "nummod" or t.lower[c] == "no")
    phrase = syntax.noun_phrase(t, who, drop=figures)
    name = named_beside(ctx, phrase, who)
    text = name or with_possessor(ctx, phrase, syntax.text_of(t, ctx.text, phrase), memory)
    if not text:
        return None
    person = name is not None or any(
        m.label == "PERSON" for m in mentions_in(ctx.doc, t.start[who], t.end[who])
    )
    unit = t.lemma[who] if t.pos[who] == "NOUN" and t.tag[who] == "NNS" else None
    things = next((c for c in t.children[who] if t.rel[c] == "nmod" and syntax.case_word(t, c) == "of"), None)
    if t.lemma[who] not in ctx.nouns.measure or things is None:
        return Topic(text, text, unit, syntax.is_plural(t, who), person)
    # "the number of citizens is rising" is about citizens
    cases = frozenset(c for c in t.children[things] if t.rel[c] == "case")
    core = syntax.text_of(t, ctx.text, syntax.noun_phrase(t, things, drop=cases))
    if t.tag[verb] == "VBG":
        text = f"{core} {_said(ctx, who, verb, sentence)}"
    return Topic(text, core, t.lemma[things], True, False)


def _said(ctx: Context, who: int, verb: int, sentence: Sentence) -> str:
    """Return a participle with its adverbs and complements but without times: "officially arriving in Russia"."""
    t = ctx.t
    tail: list[int] = []
    for c in t.children[verb]:
        if t.rel[c] == "obl" and c > verb and not ctx.is_time(c):
            tail.extend(i for i in t.subtree(c) if i < sentence.end)
    adverbs = [c for c in t.children[verb] if t.rel[c] == "advmod" and who < c < verb]
    return syntax.text_of(t, ctx.text, [*adverbs, verb, *tail], determiner=True)
