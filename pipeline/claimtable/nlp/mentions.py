"""Who is meant: actors by place in the text, pronouns, and noun phrases that name a speaker.

Pure functions over the records that the actors component left on the `Doc`; the components that come
after it call them. Offsets are half-open code points into the document text, as everywhere.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from spacy.tokens import Doc, Token

from claimtable.nlp import extensions
from claimtable.schema import Actor, ActorMention

_SINGULAR_PERSON = frozenset({"he", "him", "his", "himself", "she", "her", "hers", "herself"})
_FEMALE = frozenset({"she", "her", "hers", "herself"})
_THING = frozenset({"it", "its", "itself"})
_PLURAL = frozenset({"they", "them", "their", "theirs", "themselves"})
_FIRST = frozenset({"i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves"})
_DETERMINERS = frozenset(
    {"the", "a", "an", "this", "that", "these", "those", "its", "their", "his", "her", "our", "my"}
)
PRONOUNS = _SINGULAR_PERSON | _THING | _PLURAL
"""Third-person pronouns that `resolve_pronoun` understands, lower case."""


def _mentions(doc: Doc) -> tuple[ActorMention, ...]:
    mentions: tuple[ActorMention, ...] = doc._.claimtable_actor_mentions
    return mentions


def _actor(doc: Doc, actor_id: str) -> Actor | None:
    return next((a for a in doc._.claimtable_actors if a.actor_id == actor_id), None)


def mentions_in(doc: Doc, start: int, end: int) -> Iterator[ActorMention]:
    """Yields the actor mentions that overlap the code points `start`..`end`, in text order."""
    mentions = _mentions(doc)
    first = bisect_left(mentions, start, key=lambda m: m.end)
    for mention in mentions[first:]:
        if mention.start >= end:
            return
        if mention.end > start:
            yield mention


def actors_in(doc: Doc, start: int, end: int) -> list[Actor]:
    """Returns the actors mentioned in the code points `start`..`end`, each once, in order of first mention."""
    ids = dict.fromkeys(m.actor_id for m in mentions_in(doc, start, end))
    return [actor for key in ids if (actor := _actor(doc, key)) is not None]


def actor_at(doc: Doc, start: int, end: int) -> Actor | None:
    """Returns the actor whose mention overlaps `start`..`end` most (the first of equals), or None."""
    best: ActorMention | None = None
    overlap = 0
    for mention in mentions_in(doc, start, end):
        common = min(mention.end, end) - max(mention.start, start)
        if common > overlap:
            best, overlap = mention, common
    return _actor(doc, best.actor_id) if best is not None else None


def resolve_pronoun(doc: Doc, token_index: int) -> Actor | None:
    """Returns the actor that the third-person pronoun at `token_index` stands for, or None.

    It is the nearest compatible actor before it, subjects preferred, in the same paragraph or the one before.
    """
    token = doc[token_index]
    word = token.lower_
    if word not in PRONOUNS:
        return None
    text = doc.text
    paragraph = text.rfind("\n", 0, token.idx) + 1
    floor = text.rfind("\n", 0, len(text[:paragraph].rstrip())) + 1
    if word in _SINGULAR_PERSON:
        types = {"PERSON"}
    elif word in _THING:
        types = {"ORG", "GPE"}
    else:
        types = {"NORP", "ORG", "GPE"}
    candidates = [m for m in mentions_in(doc, floor, token.idx) if m.label in types and m.end <= token.idx]
    if not candidates:
        return None
    best = max(candidates, key=lambda m: (m.start >= token.sent.start_char or _is_subject(doc, m), m.start))
    return _actor(doc, best.actor_id)


def _is_subject(doc: Doc, mention: ActorMention) -> bool:
    span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
    return span is not None and span.root.dep_.startswith("nsubj")


def canonical_speaker(doc: Doc, start: int, end: int) -> tuple[str | None, str | None]:
    """Returns (name, type) of the noun phrase `start`..`end` taken as a speaker.

    The actor's canonical name and type when the phrase's head, or a name in apposition to it, is an actor;
    a pronoun's actor; for a first-person pronoun the section's speaker with the type `author`; else the
    phrase itself without its determiner, with the type None. (None, None) when nothing is left of it.
    """
    span = doc.char_span(start, end, alignment_mode="expand")
    if span is None or not span.text.strip():
        return None, None
    head = span.root
    if head.lower_ in _FIRST:
        section = extensions.document_of(doc).section_at(head.idx)
        return (section.speaker, "author") if section and section.speaker else (None, None)
    if head.lower_ in PRONOUNS:
        actor = resolve_pronoun(doc, head.i)
        return (actor.name, actor.type) if actor else (None, None)
    for token in (head, *_names_of(head, span.start, span.end)):
        actor = actor_at(doc, token.idx, token.idx + len(token))
        if actor is not None:
            return actor.name, actor.type
    first = span.start
    while first < span.end - 1 and doc[first].lower_ in _DETERMINERS:
        first += 1
    name = " ".join(doc.text[doc[first].idx : span.end_char].split())
    return (name or None), None


def _names_of(head: Token, start: int, end: int) -> Iterator[Token]:
    for child in head.children:
        if start <= child.i < end and child.dep_ in ("appos", "flat", "flat:name") and child.pos_ == "PROPN":
            yield child
