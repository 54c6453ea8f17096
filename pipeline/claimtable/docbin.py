"""Claims as annotated texts for spaCy: a `.spacy` file (https://spacy.io/api/docbin) that spaCy alone reads back.

    docs = DocBin().from_disk("claims.spacy").get_docs(spacy.blank("en").vocab)

A module of its own: `export` knows no spaCy, and `nlp` writes no files.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span

from claimtable.export.rows import Row, json_value, whole
from claimtable.nlp import pipeline
from claimtable.schema import Document

SPANS_KEY = "sc"
"""Group of spans that spaCy's span categorizer reads by default."""
ATTRIBUTES = ("ENT_IOB", "ENT_TYPE")
"""What is kept of a token, beside its characters."""


def write_docbin(documents: Iterable[tuple[Document, Sequence[Row]]], file: BinaryIO) -> int:
    """Write one `Doc` for each document, and return the number of claims.

    A claim is a span of `doc.spans["sc"]` with its kind as label and its `claim_id` as id; a span begins and ends with a
    token, while `start` and `end` of the row are exact. The rows are in `doc.user_data["claims"]`, by `claim_id`. All
    of it is held in memory until the end, as the format is one compressed block.
    """
    count = 0
    nlp = pipeline.tokenizer_only()

    def docs() -> Iterable[Doc]:
        nonlocal count
        for document, rows in documents:
            count += len(rows)
            yield _make_doc(nlp, document, rows)

    file.write(to_bytes(docs()))
    return count


def to_bytes(docs: Iterable[Doc]) -> bytes:
    """Return the documents as a `.spacy` file, with their spans, entities and `user_data`."""
    return DocBin(attrs=ATTRIBUTES, docs=docs, store_user_data=True).to_bytes()


def _make_doc(nlp: Language, document: Document, rows: Sequence[Row]) -> Doc:
    doc = pipeline.make_doc(nlp, Document(document.id, whole(document.text)))
    spans: list[Span] = []
    claims: dict[str, Any] = {}
    for row in rows:
        span = doc.char_span(
            row["start"],
            row["end"],
            label=row["kind"],
            span_id=row["claim_id"],
            alignment_mode="expand",
        )
        if span is not None:
            spans.append(span)
        claims[row["claim_id"]] = json_value(dict(row))
    doc.spans[SPANS_KEY] = spans
    doc.user_data = {
        "doc_id": whole(document.id),
        "doc_sha256": document.sha256,
        "title": json_value(document.title),
        "published": document.published.isoformat() if document.published else None,
        "claims": claims,
    }
    return doc
