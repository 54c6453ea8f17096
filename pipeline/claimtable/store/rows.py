"""Records of the schema as rows of the database, and back."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from claimtable.errors import RecordError
from claimtable.schema import COLUMNS, Claim, Document, Review, Section

_DOCUMENT_COLUMNS = ("title", "url", "author", "published")
"""Columns of a claim that are its document's: they stand there alone."""
REVIEW_COLUMNS = ("status", "verdict", "evidence_url", "note", "reviewer", "reviewed_at")
"""Columns that only people fill."""
EXTRACTED_COLUMNS = tuple(
    c.name for c in COLUMNS if c.name not in _DOCUMENT_COLUMNS and c.name not in REVIEW_COLUMNS
)
"""Columns of `extracted_claims`."""
SHOWN_COLUMNS = (*EXTRACTED_COLUMNS, *REVIEW_COLUMNS)
"""Columns of `claim_rows`."""

_DATES = tuple(index for index, c in enumerate(COLUMNS) if c.dtype == "date")
_NUMBERS = tuple(c.name for c in COLUMNS if c.dtype == "Float64")


def names(columns: Iterable[str]) -> str:
    """Return column names for SQL. `end` is a word of SQL, so all are quoted."""
    return ", ".join(f'"{column}"' for column in columns)


ALL_COLUMNS = names(c.name for c in COLUMNS)


def marks(columns: Sequence[str]) -> str:
    """Return as many question marks as there are columns."""
    return ", ".join("?" * len(columns))


def to_json(value: Any) -> str:
    """Return plain data as JSON, the same for equal data."""
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)


def iso(value: date | None) -> str | None:
    """Return a date as ISO 8601."""
    return None if value is None else value.isoformat()


def claim_values(claim: Claim, columns: Sequence[str]) -> list[Any]:
    """Return the values of some columns for SQL.

    Raises:
        RecordError: a number is infinite or NaN, of which SQLite makes "not stated", and which JSON cannot hold.
    """
    for name in _NUMBERS:
        number = getattr(claim, name)
        if number is not None and not math.isfinite(number):
            raise RecordError(
                f"claim {claim.claim_id} of {claim.doc_id}: {name} is no finite number ({number})"
            )
    values = [getattr(claim, name) for name in columns]
    return [value.isoformat() if isinstance(value, date) else value for value in values]


def claim_from(row: Sequence[Any]) -> Claim:
    """Make a claim of a row with all columns in their order."""
    values = list(row)
    for index in _DATES:
        if values[index] is not None:
            values[index] = date.fromisoformat(values[index])
    return Claim(*values)


EXTRACTED_AS_CLAIM = ", ".join(
    "'extracted'" if c.name == "status" else "NULL" if c.name in REVIEW_COLUMNS else f'"{c.name}"'
    for c in COLUMNS
)
"""All columns of a claim, to select from `claims_extracted`."""

DOCUMENT_COLUMNS = (
    *("doc_id", "text", "title", "author", "published"),
    *("url", "sections", "source", "language", "pages"),
)


def document_values(document: Document) -> list[Any]:
    """Return the values of `DOCUMENT_COLUMNS` for SQL."""
    sections = to_json([section.to_dict() for section in document.sections])
    return [
        *(document.id, document.text, document.title, document.author, iso(document.published)),
        *(document.url, sections, document.source, document.language, to_json(document.pages)),
    ]


def document_from(row: Sequence[Any]) -> Document:
    """Make a document of a row with `DOCUMENT_COLUMNS`."""
    doc_id, text, title, author, published, url, sections, source, language, pages = row
    return Document(
        id=doc_id,
        text=text,
        title=title,
        author=author,
        published=None if published is None else date.fromisoformat(published),
        url=url,
        sections=tuple(Section.from_dict(section) for section in json.loads(sections)),
        source=source,
        language=language,
        pages=tuple(json.loads(pages)),
    )


_REVIEW_FIELDS = tuple(f.name for f in fields(Review))
_REVIEW_SOURCE = {"annotation_id": "a.annotation_id", "doc_sha256": "d.sha256"}
REVIEW_SELECT = (
    ", ".join(_REVIEW_SOURCE.get(name, f'r."{name}"') for name in _REVIEW_FIELDS)
    + " FROM reviews AS r JOIN annotations AS a ON a.id = r.annotation"
    + " JOIN document_versions AS d ON d.id = a.version_id"
)
"""The fields of a review, and the tables they come from."""


def review_from(row: Sequence[Any]) -> Review:
    """Make a review of a row of `REVIEW_SELECT`."""
    data = dict(zip(_REVIEW_FIELDS, row, strict=True))
    return Review(**data | {"fields": json.loads(data["fields"])})
