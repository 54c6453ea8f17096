"""A figure in its surroundings: what every line that proposes a subject may ask, worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from claimtable.nlp import syntax
from claimtable.nlp.claims.context import Context, Sentence
from claimtable.nlp.claims.subjects.comparison import Found
from claimtable.nlp.claims.subjects.place import Place, base_of, predicate_of
from claimtable.nlp.claims.subjects.records import Memory, Subject
from claimtable.nlp.claims.subjects.reference import finish
from claimtable.nlp.claims.subjects.wording import other_figures
from claimtable.schema import Quantity

_OWN_KIND = frozenset(["share", "money", "time", "length", "ratio"])
"""Dimensions that are kinds of their own; all other units are a `measure`."""


@dataclass(frozen=True)
class Scene:
    """A figure of a sentence, with what came before it."""

    ctx: Context
    place: Place
    sentence: Sentence
    memory: Memory
    here: Found
    """The figures of the sentence before this one, with their subjects."""

    @cached_property
    def q(self) -> Quantity:
        """The quantity."""
        return self.place.quantity

    @cached_property
    def kind(self) -> str:
        """Kind of figure that lines speak for: `counted` with its noun, `bare` without a unit, a dimension, or `measure`."""
        if self.place.counted:
            return "counted"
        dimension = self.q.dimension
        if dimension in _OWN_KIND:
            return str(dimension)
        return "bare" if self.q.unit is None else "measure"

    @cached_property
    def base(self) -> int:
        """Token whose place in the sentence is the figure's own."""
        return base_of(self.ctx, self.place, self.sentence)

    @cached_property
    def verb(self) -> int | None:
        """Predicate that governs the base."""
        return predicate_of(self.ctx.t, self.base)

    @cached_property
    def clause(self) -> int:
        """Head of the clause that the figure begins in."""
        return syntax.clause_head(self.ctx.t, self.place.first)

    @cached_property
    def drop(self) -> frozenset[int]:
        """Tokens of figures, which belong to no subject."""
        return self.place.number_tokens(self.ctx.t) | other_figures(self.ctx, self.place.head, self.q)

    def is_source(self, i: int) -> bool:
        """Return whether the token names who says what the figure stands in."""
        attribution = self.ctx.attribution_at(self.q.start)
        offset = self.ctx.t.start[i]
        return attribution is not None and any(a <= offset < b for a, b in attribution.source)

    def phrase(self, head: int, verb: int | None = None, *, measured: bool = True) -> Subject:
        """Return the phrase of `head` as the subject, with what points elsewhere resolved.

        Args:
            head: its head noun or pronoun.
            verb: the predicate that relates it to the figure, None for the one that governs it.
            measured: whether the figure says how much the phrase is, so that "the rate" may be the last one.
        """
        verb = self.verb if verb is None else verb
        key = (head, verb, measured)
        if key not in self._phrases:
            self._phrases[key] = finish(
                self.ctx, head, self.drop, verb, self.memory, self.q if measured else None
            )
        return self._phrases[key]

    @cached_property
    def _phrases(self) -> dict[tuple[int, int | None, bool], Subject]:
        """What `phrase` has made: several lines lead to one noun."""
        return {}
