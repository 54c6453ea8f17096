"""Training data for spaCy from what people reviewed: the way back from reviews to the language pipeline.

A module of its own: `nlp` turns documents into records and knows nothing of reviewers, and `evaluate` compares; this one
turns records into gold, with the tokens that the pipeline will see.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from claimtable.docbin import SPANS_KEY
from claimtable.nlp import pipeline
from claimtable.schema import Document, ReviewedSpan

ENTITY_LABELS = {"PERSON": "PERSON", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "NORP": "NORP"}
"""Type of an actor → label of the shipped recognisers, which leave it to later steps whether a place acts."""


@dataclass(frozen=True, slots=True)
class TrainingDoc:
    """One reviewed part of a document, as gold."""

    doc: Doc
    """Claims and their parts in `doc.spans["sc"]`, confirmed names in `doc.ents`; `doc.user_data` says where from."""
    unaligned: int
    """Names whose borders are not borders of tokens: left out, so missing and not wrong."""


def make_doc(document: Document, start: int, end: int, spans: Sequence[ReviewedSpan]) -> TrainingDoc:
    """Make gold of a part of a document that somebody reviewed to its end.

    Only that part is in it. Inside it a stretch without a span is none: people are asked for every claim. Names are
    another matter, as people see each actor once: a token outside a confirmed name is a missing value to the recogniser.
    """
    doc = pipeline.make_doc(pipeline.tokenizer_only(), Document(document.id, document.text[start:end]))
    doc.user_data = {"doc_id": document.id, "doc_sha256": document.sha256, "start": start, "end": end}
    marked: list[Span] = []
    names: list[Span] = []
    unaligned = 0
    for span in spans:
        place = (span.start - start, span.end - start)
        if span.label == "Actor":
            label = ENTITY_LABELS.get(str(span.attributes.get("actor_type")))
            name = doc.char_span(*place, label=label) if label is not None else None
            if name is not None:
                names.append(name)
            else:
                unaligned += label is not None
        elif (wide := doc.char_span(*place, label=span.label, alignment_mode="expand")) is not None:
            marked.append(wide)
    doc.spans[SPANS_KEY] = marked
    doc.set_ents(filter_spans(names), default="missing")
    return TrainingDoc(doc, unaligned)


def is_dev(doc_id: str, share: float) -> bool:
    """Return whether a document is held back for development: the same one always, in whatever text.

    Args:
        share: of all documents, 0 to 1.
    """
    return int(hashlib.sha256(doc_id.encode("utf-8", "surrogatepass")).hexdigest()[:8], 16) < share * 2**32
