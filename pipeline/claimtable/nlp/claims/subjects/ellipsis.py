"""Bare numbers as subjects that count what was counted before them: "20 cats had signs of it, 19 had a cough and 17 had both"."""

from __future__ import annotations

from claimtable.nlp import syntax
from claimtable.nlp.claims.lexicon import people
from claimtable.nlp.claims.subjects.comparison import counted_before
from claimtable.nlp.claims.subjects.counting import relative, said_of
from claimtable.nlp.claims.subjects.partitive import whole_of
from claimtable.nlp.claims.subjects.records import Subject
from claimtable.nlp.claims.subjects.scene import Scene
from claimtable.nlp.claims.subjects.wording import phrase_of

_PLAIN = frozenset([None, "count"])
_LIVING = frozenset(["perish", "befall", "human"])
"""Classes of verbs that say something of the living alone."""


def same_things(s: Scene) -> Subject | None:
    """Return the things counted before, with what the clause of this figure says of them; None where the figure is no bare subject."""
    t, verb, q = s.ctx.t, s.verb, s.q
    if s.kind != "bare" or q.dimension not in _PLAIN or verb is None or t.rel[s.base] != "nsubj":
        return None
    if s.base != s.place.head or any(t.rel[c] == "nmod" for c in t.children[s.base]):
        return None
    if whole_of(s.ctx, s.place, s.base, verb) is not None:
        return None  # "of the farms five were closed": a part has a whole of its own
    found = _counted(s)
    if found is None:
        return None
    things, unit = found
    of_living = any(t.lemma[verb] in getattr(s.ctx.nouns, name) for name in _LIVING)
    if of_living and unit not in people() and not _of_the_living(s):
        return None
    said = _said(s, verb, of_people=unit in people())
    return Subject(f"{things} {said}", None, verb, unit=unit, core=things) if said else None


def _counted(s: Scene) -> tuple[str, str] | None:
    """Return the things counted last in the sentence, else in the one before, with their unit."""
    here = counted_before(s.here)
    if here is not None and here.unit and here.text:
        return here.core or here.text, here.unit
    if s.here:
        return None
    before = s.memory.series[-1] if s.memory.series else None
    if before is None or before.paragraph != s.memory.paragraph or before.dimension not in _PLAIN:
        return None
    return (
        (before.subject, before.unit) if before.unit and "/" not in before.unit and not before.told else None
    )


def _of_the_living(s: Scene) -> bool:
    """Return whether what was counted before is told of by a verb of the living too: "14 cats were killed, and a further 11 died"."""
    t = s.ctx.t
    told = [i for place, _ in s.here for i in (place.head, t.head[place.head]) if i < s.place.first]
    lemmas = {t.lemma[c] for i in told for c in (i, *t.children[i]) if t.pos[c] == "VERB"}
    return any(lemmas & getattr(s.ctx.nouns, name) for name in _LIVING)


def _said(s: Scene, verb: int, *, of_people: bool) -> str | None:
    t = s.ctx.t
    if t.pos[verb] == "VERB":
        if t.dep[s.base] == "nsubj:pass":
            return said_of(s.ctx, verb)
        return relative(s.ctx, of_people, s.base, verb)
    if syntax.child(t, verb, "cop") is None:
        return None
    if t.tag[verb] == "NNS":
        return None  # "three were women": women are what it counts
    case = next((c for c in t.children[verb] if t.rel[c] == "case"), None)
    inside = [i for i in phrase_of(s.ctx, verb, ()) if not s.place.holds(i)]
    words = syntax.text_of(t, s.ctx.text, inside)
    return f"{t.lower[case]} {words}" if case is not None else f"that were {words}"
