"""What a claim needs to know about the place where it stands: sentence, paragraph, section, times, speakers."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from claimtable import rules
from claimtable.nlp import extensions, syntax
from claimtable.nlp.mentions import mentions_in
from claimtable.nlp.tokens import Tokens
from claimtable.schema import Attribution, Document, Prediction, Quantity, Section, TimeExpression


class NounClasses:
    """The words of `rules/data/claim_nouns.tsv`, by class."""

    def __init__(self) -> None:
        words: dict[str, set[str]] = {}
        for row in rules.table("claim_nouns", "word", "class"):
            words.setdefault(row["class"], set()).add(row["word"])
        self.change = frozenset(words["change"])
        self.anaphor = frozenset(words["anaphor"])
        self.measure = frozenset(words["measure"])
        self.money = frozenset(words["money"])
        self.datum = frozenset(words["datum"])
        self.spend = frozenset(words["spend"])
        self.have = frozenset(words["have"])
        self.mean = frozenset(words["mean"])
        self.label = frozenset(words["label"])
        self.sequence = frozenset(words["sequence"])


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that lies in a section. Token indices are half-open."""

    index: int
    start: int
    end: int
    paragraph: int
    section: Section


class Context:
    """A parsed document with the layers that claims are made of."""

    def __init__(self, doc: Doc, nouns: NounClasses) -> None:
        self.doc = doc
        self.nouns = nouns
        self.document: Document = extensions.document_of(doc)
        self.text = self.document.text
        self.t = Tokens.of(doc)
        self.quantities: Sequence[Quantity] = doc._.claimtable_quantities
        self.times: Sequence[TimeExpression] = doc._.claimtable_times
        self.attributions: Sequence[Attribution] = doc._.claimtable_attributions
        self.predictions: Sequence[Prediction] = doc._.claimtable_predictions
        self._time_starts = [x.start for x in self.times]
        self._quantity_starts = [q.start for q in self.quantities]
        self.sentences = self._sentences()

    def _sentences(self) -> list[Sentence]:
        out = []
        t = self.t
        breaks = [i for i, c in enumerate(self.text) if c == "\n"]
        sections = self.document.sections
        starts = [s.start for s in sections]
        for index, (a, b) in enumerate(t.sents):
            while a < b and t.pos[a] == "SPACE":
                a += 1
            while b > a and t.pos[b - 1] == "SPACE":
                b -= 1
            if a == b:
                continue
            k = bisect_right(starts, t.start[a]) - 1
            if k < 0 or t.start[a] >= sections[k].end:
                continue
            out.append(Sentence(index, a, b, bisect_right(breaks, t.start[a]), sections[k]))
        return out

    def times_in(self, start: int, end: int) -> list[TimeExpression]:
        """Returns the time expressions that start in the code points `start`..`end`."""
        k = bisect_right(self._time_starts, start - 1)
        out = []
        while k < len(self.times) and self.times[k].start < end:
            out.append(self.times[k])
            k += 1
        return out

    def quantities_in(self, start: int, end: int) -> Sequence[Quantity]:
        """Returns the quantities that start in the code points `start`..`end`."""
        return self.quantities[
            bisect_left(self._quantity_starts, start) : bisect_left(self._quantity_starts, end)
        ]

    def attribution_at(self, offset: int) -> Attribution | None:
        """Returns the innermost attribution whose content holds the code point at `offset`."""
        best: Attribution | None = None
        size = 0
        for a in self.attributions:
            if any(s <= offset < e for s, e in a.content):
                length = sum(e - s for s, e in a.content)
                if best is None or length < size:
                    best, size = a, length
        return best

    def place(self, clause: int) -> str | None:
        """Returns the name of the state, city or region that the clause of the token `clause` says it happens in."""
        t = self.t
        for c in t.children[clause]:
            if t.rel[c] in ("obl", "nmod") and syntax.case_word(t, c) in (
                "in",
                "at",
                "across",
                "throughout",
                "near",
                "inside",
                "within",
            ):
                for mention in mentions_in(self.doc, t.start[c], t.end[c]):
                    if mention.label in ("GPE", "LOC"):
                        return mention.text
        return None
