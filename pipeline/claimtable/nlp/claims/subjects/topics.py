"""What a sentence was about, for the pronouns and bare numbers of the sentences after it."""

from __future__ import annotations

from collections.abc import Sequence

from claimtable.nlp import syntax
from claimtable.nlp.claims.context import Context, Sentence
from claimtable.nlp.claims.subjects.records import Measured, Memory, Topic
from claimtable.nlp.tokens import Tokens

_POINTING = frozenset(["it", "this", "that", "they", "we", "i", "he", "she", "which", "who", "there", "you"])


def remember(ctx: Context, sentence: Sentence, memory: Memory, measured: Sequence[Measured]) -> None:
    """Puts what the sentence measured, and what it was about, in the place of what was remembered before.

    A sentence without figures, or about what a pronoun stands for, leaves the older ones.
    """
    if measured:
        memory.series = tuple(measured)
    topic = _topic(ctx, sentence)
    if topic is not None:
        memory.topics = (topic,)


def _topic(ctx: Context, sentence: Sentence) -> Topic | None:
    """Returns the subject of the sentence; None where it has none, or one that points elsewhere."""
    t = ctx.t
    root = next((i for i in range(sentence.start, sentence.end) if t.rel[i] == "root"), None)
    if root is None:
        return None
    who = syntax.subject(t, root)
    if who is None or not sentence.start <= who < sentence.end or points_back(ctx, who):
        return None
    return _topic_of(ctx, who, root, sentence)


def points_back(ctx: Context, i: int) -> bool:
    """Tells whether a noun or pronoun only points to something said before: "they", "the figures"."""
    t = ctx.t
    return t.lower[i] in _POINTING or (
        t.lemma[i] in ctx.nouns.anaphor
        and not any(t.rel[c] in ("nmod", "acl", "compound") for c in t.children[i])
    )


def _topic_of(ctx: Context, who: int, verb: int, sentence: Sentence) -> Topic | None:
    t = ctx.t
    text = syntax.text_of(t, ctx.text, syntax.noun_phrase(t, who, clauses=False))
    if not text:
        return None
    plural = is_plural(t, who)
    unit = t.lemma[who] if t.pos[who] == "NOUN" and t.tag[who] == "NNS" else None
    things = next((c for c in t.children[who] if t.rel[c] == "nmod" and syntax.case_word(t, c) == "of"), None)
    if t.lemma[who] not in ctx.nouns.measure or things is None:
        return Topic(text, text, unit, plural)
    # "the number of citizens is rising" is about citizens
    cases = frozenset(c for c in t.children[things] if t.rel[c] == "case")
    core = syntax.text_of(t, ctx.text, syntax.noun_phrase(t, things, drop=cases))
    if t.tag[verb] == "VBG":
        text = f"{core} {_said(ctx, who, verb, sentence)}"
    return Topic(text, core, t.lemma[things], plural)


def is_plural(t: Tokens, i: int) -> bool:
    """Tells whether a noun is plural or one of several."""
    return t.tag[i] in ("NNS", "NNPS") or any(t.rel[c] == "conj" for c in t.children[i])


def _said(ctx: Context, who: int, verb: int, sentence: Sentence) -> str:
    """Returns a participle with its adverbs and complements but without times: "officially arriving in Russia"."""
    t = ctx.t
    tail: list[int] = []
    for c in t.children[verb]:
        if t.rel[c] == "obl" and c > verb and not ctx.is_time(c):
            tail.extend(i for i in t.subtree(c) if i < sentence.end)
    adverbs = [c for c in t.children[verb] if t.rel[c] == "advmod" and who < c < verb]
    return syntax.text_of(t, ctx.text, [*adverbs, verb, *tail], determiner=True)
