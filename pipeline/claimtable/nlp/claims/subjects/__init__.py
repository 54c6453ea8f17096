"""What a figure measures: the noun phrase, with pronouns, ellipsis and "the figures" resolved.

A figure stands in one of a few places in the tree, and each says where the measured thing is:
the subject of the verb that reaches it ("trade totalled $97 million"), the complement of a share
("80 % of gas exports"), the counted noun ("32 projects"), the noun it modifies ("the $11 billion debt"),
or what stands beside a noun of change ("a fall of 0.4 % in output").

`place` says where a figure stands; `nouns` finds the noun that this ties it to, `clauses` what a clause measures, `counting` what a
number of things counts; `reference` spells that out in the words that `wording` leaves, and `topics` keeps what later sentences may point back to.
"""

from __future__ import annotations

from dataclasses import replace

from claimtable.nlp.claims.context import Context, Sentence
from claimtable.nlp.claims.subjects.breakdown import in_unit_of_total
from claimtable.nlp.claims.subjects.chooser import chosen
from claimtable.nlp.claims.subjects.comparison import Found, figure_of, level_with, object_like
from claimtable.nlp.claims.subjects.place import Place, place_of
from claimtable.nlp.claims.subjects.records import Measured, Memory, Subject
from claimtable.nlp.claims.subjects.reference import finish, from_topic
from claimtable.nlp.claims.subjects.scene import Scene
from claimtable.nlp.claims.subjects.topics import remember
from claimtable.nlp.claims.subjects.wording import kind_of
from claimtable.nlp.lines import Choice

__all__ = [
    "Measured",
    "Memory",
    "Place",
    "Subject",
    "find_subject",
    "finish",
    "from_topic",
    "in_unit_of_total",
    "kind_of",
    "place_of",
    "remember",
]

_FIRST_PERSON = frozenset(["i", "we"])


def find_subject(ctx: Context, place: Place, sentence: Sentence, memory: Memory, here: Found = ()) -> Subject:
    """Return what the quantity at `place` measures.

    What is said of another figure ("$5 million, which works out at …") is about what that one measures.

    Args:
        ctx: the document.
        place: where the figure stands.
        sentence: its sentence.
        memory: what earlier sentences were about.
        here: the figures of the sentence before this one, with their subjects.
    """
    scene = Scene(ctx, place, sentence, memory, here)
    choice = chosen(scene)
    if choice is None:
        return Subject(None, None, scene.verb, resolved=False)
    agreed = (c.value.unit for c in choice.losers if c.agrees_with(choice.winner) and c.value.unit)
    found = replace(
        choice.winner.value,
        line=choice.winner.line,
        margin=choice.margin,
        agreeing=choice.agreeing,
        others=_others(choice),
        unit=choice.winner.value.unit or next(agreed, None),
    )
    if found.head is not None:
        other = figure_of(ctx, found.head, here)
        if other is not None:
            return replace(other, predicate=found.predicate, line=f"{found.line}+same-figure")
    if found.text is not None and found.text.lower() in _FIRST_PERSON:
        found = _what_we_did(place, here) or found
    if place.quantity.unit is None and found.unit is None and not place.counted:
        found = replace(found, unit=_things_at_level(ctx, place, found))
    if place.quantity.unit is None and found.unit is None and here:
        found = object_like(ctx, place, here, found) or level_with(ctx, place, here, found)
    return found


def _others(choice: Choice[Subject]) -> tuple[tuple[str, float], ...]:
    """Return the other subjects that were proposed, the best first, with how far each lies below the winner."""
    below: dict[str, float] = {}
    for c in choice.losers:
        if c.value.text is not None and not c.agrees_with(choice.winner):
            below.setdefault(c.value.text, choice.winner.score - c.score)
    return tuple(below.items())


def _things_at_level(ctx: Context, place: Place, found: Subject) -> str | None:
    """Return the noun of things whose number a bare level is: "complaints rose to 9,800"; None for "shares rose to 450"."""
    t, head = ctx.t, found.head
    q = place.quantity
    if head is None or q.dimension not in (None, "count") or q.value is None or q.value != int(q.value):
        return None
    level = t.rel[place.head] == "obl" and t.lower[place.first - 1] in ("to", "from", "at")
    known = ctx.nouns.money | ctx.nouns.anaphor | ctx.nouns.measure | ctx.nouns.priced | ctx.nouns.mean
    return t.lemma[head] if level and t.tag[head] == "NNS" and t.lemma[head] not in known else None


def _what_we_did(place: Place, here: Found) -> Subject | None:
    """Return what the figure before measures, where the speaker is the subject of this one: "we spent 3 million on …, now 4 million"."""
    q = place.quantity
    for other, subject in reversed(here):
        bare = q.unit is None and other.counted
        if subject.text and (bare or q.dimension == other.quantity.dimension):
            return replace(subject, unit=other.quantity.unit if bare else subject.unit)
    return None
