"""`find_times`: text and publication date in, time expressions out. No language pipeline is needed."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from claimtable.nlp.times import conventions, periods
from claimtable.nlp.times.evidence import (
    Context,
    accepted,
    announced,
    ends_sentence,
    lexical_tense,
    looking_back,
    looks_back_in,
    open_ended,
    qualifies_noun,
    reports_results,
)
from claimtable.nlp.times.governing import Governing
from claimtable.nlp.times.grammar import grammar
from claimtable.nlp.times.meaning import Meaning
from claimtable.nlp.times.ranges import closes, mark_closed, mark_range, share_years
from claimtable.nlp.times.resolve import Resolved, Resolver
from claimtable.schema import TimeExpression

Tense = Callable[[int, int], str | None]
"""Tells the tense of the clause around the code points start..end: `past`, `present`, `future`, or None."""

_DATED = (
    "month",
    "day",
    "weekday",
    "season",
    "quarter",
    "half",
    "holiday",
    "numeric",
    "clock",
    "daypart",
    "duration",
    "shift",
)
"""Kinds of which the tense of the clause says something."""


def find_times(
    text: str, published: date | None = None, *, tense: Tense | None = None
) -> list[TimeExpression]:
    """Find the time expressions of a text in text order; they do not overlap.

    Args:
        text: any text. Offsets are code points into it.
        published: publication date; None leaves relative times with `XXXX` values and no days.
        tense: tells the tense of a clause, for "on Friday" and "in May"; None settles them by nearness.

    Returns:
        TIMEX3 expressions (TimeML 1.2.1) with first and last day. Time is linear in the length of the text.
    """
    finder = _Finder(text, published, tense)
    return finder.find() if finder.where else []


class _Finder:
    """The times of one text, from chunks to expressions."""

    def __init__(self, text: str, published: date | None, tense: Tense | None) -> None:
        self.text = text
        self.published = published
        self.tense = tense
        self.lexicon = grammar().lexicon
        self.chunks = grammar().parse(text)
        self.where = [i for i, meaning in enumerate(self.chunks.meanings) if meaning is not None]
        self._tenses: dict[int, str | None] = {}
        self.found: list[TimeExpression] = []
        self.place: dict[int, int] = {}
        """Chunk → its expression."""

    def find(self) -> list[TimeExpression]:
        """Return the expressions."""
        chunks = self.chunks
        conventions.mark_months_in_figures(chunks, self.where)
        conventions.mark_financial_years(chunks, self.where)
        reported = self._reported() if self.published is None else None
        if reported is not None:
            self.published = reported.last
        self.resolver = self._resolver()
        self.resolver.reported = reported
        kept = [i for i in self.where if accepted(self._meaning(i), Context(chunks, i, self.lexicon))]
        Governing(
            chunks, kept, self._clause_tense, self.published.year if self.published is not None else None
        ).apply()
        ranges = share_years(chunks, kept)
        self._find_report(kept)
        before = -1
        for i in kept:
            if any(ends_sentence(chunks, at) for at in range(before + 1, i)):
                self.resolver.enter_sentence()
            if self._add(i):
                self._close(before, i)
                before = i
        for first, last in ranges:
            if first in self.place and last in self.place:
                self._put_before(first, last)
                mark_range(self.found, self.place[first], self.place[last], self.published)
        return self.found

    def _resolver(self) -> Resolver:
        return Resolver(
            self.published,
            day_first=conventions.is_day_first(self.chunks),
            fiscal_start=conventions.fiscal_start(self.chunks),
        )

    def _reported(self) -> periods.Period | None:
        """Return the period that a text without a date of publication reports on from its head, None where it opens with none."""
        i = conventions.reported_period(self.chunks, self.where)
        return self._resolver().period(self._meaning(i), None) if i is not None else None

    def _find_report(self, kept: list[int]) -> None:
        """Tell the resolver the week that the document reports on, wherever it names it: "week ending 07/21/24"."""
        for first, last in itertools.pairwise(kept):
            if closes(self.chunks, first, last) and self._meaning(first).unit == "W":
                day = self.resolver.resolve(self._meaning(last), None)
                if day is not None and day.last is not None:
                    self.resolver.report_on("W", periods.shift_days(day.last, -6), day.last)

    def _meaning(self, i: int) -> Meaning:
        meaning = self.chunks.meanings[i]
        assert meaning is not None
        return meaning

    def _extent(self, i: int) -> tuple[int, int]:
        """Return the code points of a chunk; words that only say how exactly it is meant count where they are the whole text."""
        start, end = self.chunks.tokens.starts[i], self.chunks.tokens.ends[i]
        bare = self._meaning(i).start
        return (start if bare is None or len(self.chunks.tokens.words) == 1 else bare), end

    def _clause_tense(self, i: int) -> str | None:
        """Return the tense that settles a chunk: of the words beside it, of its clause, or of the verbs around it."""
        if i not in self._tenses:
            context = Context(self.chunks, i, self.lexicon)
            found = "past" if looking_back(context) else "future" if announced(context) else None
            if found is None and self.tense is not None:
                found = self.tense(*self._extent(i))
            found = found or lexical_tense(context)
            self._tenses[i] = found or ("future" if open_ended(context) else None)
        return self._tenses[i]

    def _add(self, i: int) -> bool:
        """Resolve a chunk and append its expression; return whether it is one."""
        meaning = self._meaning(i)
        tense = None
        if (meaning.kind in _DATED or meaning.unit == "WE") and len(self.chunks.tokens.words) > 1:
            tense = self._clause_tense(i)
            meaning.qualifies = qualifies_noun(Context(self.chunks, i, self.lexicon))
        if meaning.kind == "shift" and meaning.unit == "Y":
            meaning.report = reports_results(Context(self.chunks, i, self.lexicon))
        meaning.compared = meaning.kind == "unit" and _is_compared(Context(self.chunks, i, self.lexicon))
        resolved = self.resolver.resolve(meaning, tense)
        if resolved is None:
            return False
        if resolved.period is not None and not _compares(meaning):
            self.resolver.remember(resolved.period, meaning.kind)
        preposition = self._preposition(i)
        resolved = self._within(resolved, i, preposition, tense)
        start, end = self._extent(i)
        self.place[i] = len(self.found)
        self.found.append(
            TimeExpression(
                start=start,
                end=end,
                text=self.text[start:end],
                type=resolved.type,
                value=resolved.value,
                mod=resolved.mod,
                time_start=resolved.first,
                time_end=resolved.last,
                preposition=preposition,
                rule=self.chunks.rules[i],
            )
        )
        return True

    def _put_before(self, first: int, last: int) -> None:
        """Put the first end of a range without a year before the second, where each was dated by itself: "between May and June"."""
        a, b = self._meaning(first), self._meaning(last)
        start, end = self.found[self.place[first]].time_start, self.found[self.place[last]].time_start
        if start is None or end is None or start <= end or a.kind not in ("month", "day") or a.kind != b.kind:
            return
        if a.year is not None or a.of is not None:
            return
        year = end.year - ((a.month or 0) > (b.month or 0))
        resolved = self.resolver.resolve(replace(a, year=year), None)
        if resolved is not None:
            self.found[self.place[first]] = replace(
                self.found[self.place[first]],
                value=resolved.value,
                time_start=resolved.first,
                time_end=resolved.last,
            )

    def _close(self, before: int, i: int) -> None:
        """Give a length of time its days where the expression just found is the day that it ends on."""
        if before < 0 or not closes(self.chunks, before, i):
            return
        closed = mark_closed(self.found, self._meaning(before))
        self.resolver.report_on(
            self._meaning(before).unit, self.found[-2].time_start, self.found[-2].time_end
        )
        if closed is not None:
            self.resolver.remember(closed, "span")

    def _preposition(self, i: int) -> str | None:
        if i == 0 or self.chunks.meanings[i - 1] is not None:
            return None
        word = self.chunks.tokens.words[i - 1]
        return word if word in self.lexicon.values["PREP"] else None

    def _within(self, resolved: Resolved, i: int, preposition: str | None, tense: str | None) -> Resolved:
        """Give "within 18 months" and a future "in two years" their days."""
        meaning = self._meaning(i)
        if meaning.kind != "duration" or resolved.first is not None or meaning.count is None:
            return resolved
        generic = not _FULL.isdisjoint(self.chunks.tokens.text[slice(*self._extent(i))].lower().split())
        ahead = preposition == "in" and tense == "future" and not generic
        if preposition != "within" and not (
            ahead and not looks_back_in(Context(self.chunks, i, self.lexicon))
        ):
            return resolved
        days = self.resolver.resolve(replace(meaning, anchor="next"), tense)
        return resolved if days is None else replace(resolved, first=days.first, last=days.last)


def _is_compared(c: Context) -> bool:
    """Return whether a week is compared with: "decreased from last week", "Previous week" as the head of a column."""
    return c.near(c.before, "compared_week") or c.surface.lower().startswith("previous")


_FULL = frozenset(("the", "full", "whole", "normal", "single"))
"""Words in a length of time that is no particular one: "€30 million in a full year"."""


def _compares(meaning: Meaning) -> bool:
    """Return whether a time is only what another one is compared with; the text goes on with the other one."""
    back = meaning.kind == "shift" and meaning.unit == "Y" and meaning.steps < 0 and meaning.count == 1
    return back or meaning.anchor == "report-ago"
