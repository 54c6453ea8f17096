"""What is extracted at a place of a document, for marks that reviewers moved to where nothing was extracted before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from claimtable.schema import Document, Offsets, Quantity, Section, TimeExpression

if TYPE_CHECKING:
    from spacy.language import Language

CONTEXT_CHARS = 500
"""Code points before and behind the place that are read with it: its sentence, and what dates it. Hand-set."""


class PlaceExtractor:
    """Runs the language pipeline on the surroundings of a place; it is loaded when first asked."""

    def __init__(self) -> None:
        self._nlp: Language | None = None

    def __call__(self, document: Document, around: Offsets) -> Sequence[Quantity | TimeExpression]:
        """Return the quantities and times around a place, with offsets in the document."""
        from claimtable.nlp import pipeline

        if self._nlp is None:
            self._nlp = pipeline.load()
        start = max(0, around[0] - CONTEXT_CHARS)
        text = document.text[start : around[1] + CONTEXT_CHARS]
        part = Document(
            document.id,
            text,
            published=document.published,
            sections=(Section(0, len(text), "body"),),
            language=document.language,
        )
        found: list[Quantity | TimeExpression] = []
        for doc in pipeline.annotate([part], self._nlp):
            found += [*doc._.claimtable_quantities, *doc._.claimtable_times]
        return [replace(one, start=one.start + start, end=one.end + start) for one in found]
