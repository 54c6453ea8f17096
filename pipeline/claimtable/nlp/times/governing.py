"""A year that governs the sentence: "In 2015 the ferry was out of service from March to November"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from claimtable.nlp.times.evidence import ends_sentence
from claimtable.nlp.times.grammar import Chunks
from claimtable.nlp.times.lexer import neighbours
from claimtable.nlp.times.meaning import Meaning
from claimtable.nlp.times.ranges import joint

_TAKES = ("month", "day", "quarter", "half", "season", "holiday", "numeric")
"""Kinds without a year of their own that take the one of their sentence."""

OPENING_WORDS = 3
"""Words before a year that opens its sentence, at most: "And back in 2015"."""


class Governing:
    """Gives months and days without a year the one that opens their sentence, or stands right before them.

    Args:
        chunks: the parsed text; meanings are changed in place.
        kept: the chunks that are times, in order.
        tense: tells the tense of the clause around a chunk; what lies ahead is not of a year gone by.
        current_year: the year of publication, if it is known.
    """

    def __init__(
        self,
        chunks: Chunks,
        kept: Sequence[int],
        tense: Callable[[int], str | None],
        current_year: int | None,
    ) -> None:
        self.chunks = chunks
        self.kept = kept
        self.tense = tense
        self.current_year = current_year

    def apply(self) -> None:
        """Go through the times once."""
        governs: Meaning | None = None
        before = -1
        for i in self.kept:
            meaning = self.chunks.meanings[i]
            assert meaning is not None
            if before >= 0 and self._sentence_ends(before, i):
                governs = None
            if _is_year(meaning):
                governs = self._next(governs, meaning, i)
            elif governs is not None and not self._is_second_end(before, i) and self._may_take(i, governs):
                _take(meaning, governs)
            before = i

    def _next(self, governs: Meaning | None, year: Meaning, at: int) -> Meaning | None:
        """Return the year that governs behind a year: that one where it opens the sentence or leads to other times."""
        if governs is not None and not self._names_time(at):
            return governs  # "more than in 2012"
        return year if self._opens(at) or self._leads(at) else governs

    def _sentence_ends(self, first: int, last: int) -> bool:
        return any(ends_sentence(self.chunks, at) for at in range(first + 1, last))

    def _opens(self, at: int) -> bool:
        """Return whether only words that lead up to it stand before the time in its sentence."""
        words, opening = self.chunks.tokens.words, neighbours()["year_opening"]
        for i in range(at - 1, max(-1, at - 2 - OPENING_WORDS), -1):
            if ends_sentence(self.chunks, i):
                return True
            if words[i] not in opening or self.chunks.meanings[i] is not None:
                return False
        return at <= OPENING_WORDS

    def _leads(self, at: int) -> bool:
        """Return whether the next time follows with nothing between but words that place it: "in 2015 from March"."""
        words, leading = self.chunks.tokens.words, neighbours()["year_leading"]
        if not self._names_time(at):
            return False
        for i in range(at + 1, min(len(words), at + 6)):
            if self.chunks.meanings[i] is not None:
                return i > at + 1
            if words[i] not in leading:
                return False
        return False

    def _names_time(self, at: int) -> bool:
        return at > 0 and self.chunks.tokens.words[at - 1] in ("in", "during", "throughout")

    def _is_second_end(self, first: int, last: int) -> bool:
        """Return whether the time is the other end of a range: it takes its year from the first."""
        return first >= 0 and joint(self.chunks, first, last) not in (None, "and", "or")

    def _may_take(self, at: int, year: Meaning) -> bool:
        """Return whether the time can be in that year: it has none of its own, and does not lie ahead of today."""
        meaning = _bearer(self.chunks.meanings[at])
        if meaning is None or meaning.kind not in (*_TAKES, "span"):
            return False
        if meaning.year is not None or (meaning.of is not None and meaning.kind != "span"):
            return False
        if meaning.direction is not None or meaning.steps:
            return False
        past = year.kind == "unit" or self.current_year is None or (year.year or 0) < self.current_year
        return not past or self.tense(at) not in ("future", "present")


def _is_year(meaning: Meaning) -> bool:
    """Return whether it is a year that can govern: 2015, last year."""
    if meaning.kind == "year":
        return not meaning.fiscal
    return meaning.kind == "unit" and meaning.unit == "Y" and meaning.steps == -1 and not meaning.fiscal


def _bearer(meaning: Meaning | None) -> Meaning | None:
    """Return the day of a time of day, else the time itself."""
    if meaning is not None and meaning.kind in ("clock", "daypart"):
        return meaning.of
    return meaning


def _take(meaning: Meaning, year: Meaning) -> None:
    """Put the time into the year."""
    if meaning.kind in ("clock", "daypart"):
        assert meaning.of is not None
        meaning.of = replace(meaning.of)
        _take(meaning.of, year)
    elif meaning.kind == "span":
        if meaning.of is not None and meaning.of.year is None and meaning.of.of is None:
            meaning.of = replace(meaning.of, year=year.year, of=None if year.year else year)
    elif year.kind == "year":
        meaning.year = year.year
    else:
        meaning.of = year
