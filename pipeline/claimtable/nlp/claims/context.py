"""What a claim needs to know about the place where it stands: sentence, paragraph, section, times, speakers."""

from __future__ import annotations

import heapq
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from claimtable.nlp import extensions, syntax
from claimtable.nlp.claims.datelines import dateline_end
from claimtable.nlp.claims.lexicon import nouns
from claimtable.nlp.claims.named import ActorNames
from claimtable.nlp.claims.tables import Tables
from claimtable.nlp.frames import frames_of
from claimtable.nlp.lines import Weights
from claimtable.nlp.tokens import Tokens
from claimtable.schema import Attribution, Document, Prediction, Quantity, Section, TimeExpression

TIME_CHARS = 60
"""How far before a place a time expression around it may begin, in code points (set by hand: it bounds the search)."""

SHORT = 100
"""Code points below which a line is short (set by hand)."""
_TIME_LINKS = frozenset(["in", "all", "of", "the", "during", "for"])
_ACT = "rt.act"
"""Rule of attributions whose verb is an act, not speech: "police found 14 bodies"."""
_LINKS, _FIGURE = 4, 12
"""Most tokens between a figure and its time, and most of a figure with what it moves from (set by hand)."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that lies in a section, without a dateline before it. Token indices are half-open."""

    index: int
    start: int
    end: int
    paragraph: int
    section: Section


class AttributedText:
    """The innermost attribution of each place: the one with the fewest code points of content, of two equals the first."""

    def __init__(self, attributions: Sequence[Attribution]) -> None:
        spans = sorted(
            (start, sum(e - s for s, e in a.content), index, end)
            for index, a in enumerate(attributions)
            for start, end in a.content
        )
        self._bounds = sorted({offset for start, _, _, end in spans for offset in (start, end)})
        self._innermost: list[Attribution | None] = []
        """What holds the text from each bound to the next."""
        opened: list[tuple[int, int, int]] = []
        k = 0
        for bound in self._bounds:
            while k < len(spans) and spans[k][0] == bound:
                _, length, index, end = spans[k]
                heapq.heappush(opened, (length, index, end))
                k += 1
            while opened and opened[0][2] <= bound:
                heapq.heappop(opened)
            self._innermost.append(attributions[opened[0][1]] if opened else None)

    def at(self, offset: int) -> Attribution | None:
        """Return the innermost attribution whose content holds the code point at `offset`."""
        k = bisect_right(self._bounds, offset) - 1
        return self._innermost[k] if k >= 0 else None


def short_lines(text: str) -> float:
    """Return the share of a text's lines that are short, as in transcripts, lists, tables and pages of fixed width."""
    lines = [len(line) for line in text.split("\n") if line.strip()]
    return sum(n < SHORT for n in lines) / len(lines) if lines else 0.0


class Context:
    """A parsed document with the layers that claims are made of."""

    def __init__(self, doc: Doc, weights: Weights | None = None) -> None:
        self.doc = doc
        self.weights = weights or Weights()
        """What reviews taught, on top of the tables."""
        self.tag = self.weights.tag
        self.nouns = nouns()
        self.document: Document = extensions.document_of(doc)
        self.text = self.document.text
        self.sha256 = self.document.sha256
        """Part of every claim's id; to compute it goes through the whole text."""
        self.t = Tokens.of(doc)
        self.quantities: Sequence[Quantity] = doc._.claimtable_quantities
        self.times: Sequence[TimeExpression] = doc._.claimtable_times
        self.attributions: Sequence[Attribution] = doc._.claimtable_attributions
        self.predictions: Sequence[Prediction] = doc._.claimtable_predictions
        self.actor_names = ActorNames(doc._.claimtable_actors)
        self.tables = Tables(self.text)
        self.short_lines = short_lines(self.text)
        """Share of the lines that are short."""
        self.frames = frames_of(doc)
        self._attributed = AttributedText([a for a in self.attributions if a.rule != _ACT])
        self.sentences = self._sentences()
        self.measured = self._measured()
        """For each token of a measured quantity, not a count, the starts of the quantities that it belongs to."""
        self.bracketed = self._bracketed()
        self._cue_tokens = {i for a in self.attributions for cue in a.cue for i in range(*self.t.range(*cue))}
        self._clauses: dict[int, tuple[int, int]] = {}

    def _bracketed(self) -> dict[int, int]:
        """Return, for each token of a bracket that opens with a number ("194 cases (159 confirmed)"), the bracket's first token."""
        t = self.t
        out: dict[int, int] = {}
        opened: int | None = None
        for i, word in enumerate(t.text):
            if word == "(" and i + 1 < t.n and t.pos[i + 1] == "NUM":
                opened = i
            elif opened is not None and (word == ")" or t.sent[i] != t.sent[opened]):
                if word == ")":
                    out.update(dict.fromkeys(range(opened, i + 1), opened))
                opened = None
        return out

    def _measured(self) -> dict[int, list[int]]:
        out: dict[int, list[int]] = {}
        for q in self.quantities:
            if q.role == "quantity" and q.dimension != "count":
                for i in range(*self.t.range(q.start, q.end)):
                    out.setdefault(i, []).append(q.start)
        return out

    def clause(self, head: int) -> tuple[int, int]:
        """Return the token range of the clause of `head`. The figures of a long list share one, so each is measured once."""
        if head not in self._clauses:
            self._clauses[head] = syntax.clause_tokens(self.t, head)
        return self._clauses[head]

    def _sentences(self) -> list[Sentence]:
        out = []
        t = self.t
        breaks = [found.start() for found in re.finditer("\n", self.text)]
        body = 0  # where the words behind the latest dateline begin
        for index, (a, b) in enumerate(t.sents):
            while a < b and t.pos[a] == "SPACE":
                a += 1
            if a < b and (not t.start[a] or self.text[t.start[a] - 1] == "\n"):
                body = dateline_end(self.text, t.start[a])
            while a < b and t.start[a] < body:
                a += 1
            while b > a and t.pos[b - 1] == "SPACE":
                b -= 1
            if a == b:
                continue
            section = self.document.section_at(t.start[a])
            if section is not None:
                out.append(Sentence(index, a, b, bisect_right(breaks, t.start[a]), section))
        return out

    def times_in(self, start: int, end: int) -> Sequence[TimeExpression]:
        """Return the time expressions that start in the code points `start`..`end`."""
        return extensions.starting_in(self.times, start, end)

    def quantities_in(self, start: int, end: int) -> Sequence[Quantity]:
        """Return the quantities that start in the code points `start`..`end`."""
        return extensions.starting_in(self.quantities, start, end)

    def times_over(self, start: int, end: int) -> list[TimeExpression]:
        """Return the time expressions that hold all of the code points `start`..`end`."""
        return [x for x in self.times_in(start - TIME_CHARS, end) if x.start <= start and end <= x.end]

    def is_time(self, i: int) -> bool:
        """Return whether the token `i` begins in a time expression."""
        return bool(self.times_over(self.t.start[i], self.t.start[i] + 1))

    def attribution_at(self, offset: int) -> Attribution | None:
        """Return the innermost attribution whose content holds the code point at `offset`."""
        return self._attributed.at(offset)

    def is_base(self, first: int) -> bool:
        """Return whether the figure at the token `first` is what another one is set against: "from 230", "after 1.2 %"."""
        if first == 0:
            return False
        if self.t.lower[first - 1] == "after":
            return self._is_share(first)
        if self.t.lower[first - 1] not in self.nouns.base_case:
            return False
        return self.t.lower[first - 1] not in self.nouns.compared_case or (
            first > 1 and self.t.lemma[first - 2] == "compare"
        )

    def _is_share(self, first: int) -> bool:
        """Return whether a share starts at a token: "+1.2 % after +0.9 %"; not "after 3 attacks"."""
        start, end = self.t.start[first], self.t.end[first]
        return any(part.unit == "%" for q in self.quantities_in(start, end) for part in q.parts or (q,))

    def base_before(self, time: int) -> int | None:
        """Return the first token of the figure that a time at the token `time` belongs to, where that is a base; else None.

        "from 230 a year earlier", "up from 285 in all of 2024".
        """
        t = self.t
        last = time - 1
        while last > 0 and time - last <= _LINKS and t.lower[last] in _TIME_LINKS:
            last -= 1
        if last < 0:
            return None
        for mention in reversed(self.quantities_in(t.start[max(0, last - _FIGURE)], t.end[last])):
            for part in mention.parts or (mention,):
                if part.end == t.end[last] and self.is_base(t.at(part.start)):
                    return t.at(part.start)
        return None

    def reports(self, verb: int) -> bool:
        """Return whether the token `verb` is, or is part of, the cue of an attribution."""
        return verb in self._cue_tokens
