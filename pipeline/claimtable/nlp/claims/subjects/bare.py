"""Bare numbers, whose noun is left out: "152 left in 2011", "84,530 died", "the blast killed 45 and injured 300", "12 dead"."""

from __future__ import annotations

from claimtable.nlp import syntax
from claimtable.nlp.claims.context import Context
from claimtable.nlp.claims.lexicon import people
from claimtable.nlp.claims.subjects.comparison import Found, counted_before
from claimtable.nlp.claims.subjects.counting import relative, said_of
from claimtable.nlp.claims.subjects.place import Place
from claimtable.nlp.claims.subjects.records import Memory, Subject
from claimtable.nlp.claims.subjects.reference import finish
from claimtable.nlp.claims.subjects.wording import phrase_of

_PLAIN = frozenset([None, "count"])
_PEOPLE = ("people", "person")
"""What is counted, with its unit, where the text says only what befell them."""


def elliptical(
    ctx: Context, verb: int, memory: Memory, here: Found = (), number: int | None = None
) -> Subject:
    """Return a bare number as subject: it counts what its sentence has counted, else what the text was about.

    Args:
        ctx: the document.
        verb: the predicate of the number.
        memory: what earlier sentences were about.
        here: the figures of the sentence before this one.
        number: the token of the number, None where the parser has not made it the subject.
    """
    t = ctx.t
    if t.tag[verb] == "NNS" and syntax.child(t, verb, "cop") is not None:
        things = syntax.text_of(t, ctx.text, phrase_of(ctx, verb, ()))
        return Subject(things, verb, verb, unit=t.lemma[verb])  # "three were American women"
    counted = counted_before(here)
    if counted is not None:
        if counted.core is None or counted.head is None or t.rel[counted.head] != "nsubj":
            said = syntax.text_of(t, ctx.text, [verb], determiner=True)
            return Subject(f"{counted.text} {said}", None, verb, unit=counted.unit)
        said = relative(ctx, _is_people(counted.unit), number if number is not None else verb, verb)
        return Subject(f"{counted.core} {said}", None, verb, unit=counted.unit)
    topic = memory.counted()
    if t.lemma[verb] in ctx.nouns.human and (topic is None or not topic.plural):
        core, unit = _PEOPLE
        return Subject(f"{core} who {said_of(ctx, verb)}", number, verb, unit=unit, core=core)
    if topic is None:
        return Subject(None, None, verb, resolved=False)
    said = syntax.text_of(t, ctx.text, [verb], determiner=True)
    return Subject(f"{topic.core} {said}", None, verb, unit=topic.unit)


def casualties(
    ctx: Context, place: Place, base: int, verb: int | None, memory: Memory, here: Found
) -> Subject | None:
    """Return the people that a bare number counts by what befell them; None where nothing says that it counts people."""
    q = place.quantity
    if place.counted or q.unit is not None or q.dimension not in _PLAIN:
        return None
    said = _befallen(ctx, place, base, verb, memory)
    if said is None:
        return None
    core, unit = _people(memory, here)
    return Subject(f"{core} {said}", base, verb, unit=unit, core=core)


def _people(memory: Memory, here: Found) -> tuple[str, str]:
    """Return the people that the sentence has counted, or the text was about, last, with their unit."""
    counted = counted_before(here)
    if counted is not None and counted.text and counted.unit and _is_people(counted.unit):
        return counted.core or counted.text, counted.unit
    topic = memory.agreeing(plural=True)
    if topic is not None and topic.unit and _is_people(topic.unit):
        return topic.core, topic.unit
    return _PEOPLE


def _is_people(unit: str | None) -> bool:
    return unit in people()


def _befallen(ctx: Context, place: Place, base: int, verb: int | None, memory: Memory) -> str | None:
    """Return what befell them: "who died in floods", "killed by storm", "injured", "missing"; None where the words say nothing of that."""
    t, nouns = ctx.t, ctx.nouns
    after = place.end
    if after < t.n and t.sent[after] == t.sent[place.first]:
        suffered = t.lemma[after] in nouns.befall and t.tag[after] in ("VBN", "VBD")
        if t.lower[after] in nouns.fate or (suffered and syntax.child(t, after, "obj", "aux:pass") is None):
            return said_of(ctx, after) if t.pos[after] == "VERB" else t.lower[after]
    if verb is None or verb == base:
        return None
    if t.rel[base] == "nsubj":
        passive = t.dep[base] == "nsubj:pass" or syntax.child(t, verb, "aux:pass") is not None
        if passive and t.lemma[verb] in nouns.befall:
            return said_of(ctx, verb)
        if not passive and t.lemma[verb] in nouns.perish:
            return relative(ctx, True, base, verb)
        states = (verb, *(c for c in t.children[verb] if t.rel[c] == "xcomp"))
        return next((t.lower[i] for i in states if t.lower[i] in nouns.fate), None)
    if t.rel[base] == "obj" and t.lemma[verb] in nouns.befall:
        who = syntax.subject(t, verb)
        by = finish(ctx, who, (), verb, memory).text if who is not None and who != base else None
        return f"{_participle(ctx, verb)} by {by}" if by else _participle(ctx, verb)
    return None


def _participle(ctx: Context, verb: int) -> str:
    """Return the past participle of a verb of the class `befall`, which are all regular."""
    t = ctx.t
    if t.tag[verb] in ("VBD", "VBN"):
        return t.lower[verb]
    lemma = t.lemma[verb]
    return f"{lemma}d" if lemma.endswith("e") else f"{lemma}ed"
