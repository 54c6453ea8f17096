"""Claims on which reviewers disagree, field by field. What a disagreement is, the view `disagreements` says alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from claimtable.store.database import Database


@dataclass(frozen=True, slots=True)
class Said:
    """What one reviewer says of one field."""

    reviewer: str
    at: str
    """ISO 8601 in UTC."""
    value: Any
    """JSON-ready; None for an empty field."""

    def to_dict(self) -> dict[str, Any]:
        """Return the fields in order."""
        return {"reviewer": self.reviewer, "at": self.at, "value": self.value}


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One claim with the fields on which its reviewers disagree."""

    doc_id: str
    claim_id: str
    text: str
    fields: dict[str, tuple[Said, ...]]
    """Field → what each reviewer says. `claim` is the question whether it is one (`accepted`, `corrected`, `rejected`,
    `added`, or `not marked` by who read a text in which another added it), `text` its words; else a column."""

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON-ready data."""
        return {
            "doc_id": self.doc_id,
            "claim_id": self.claim_id,
            "text": self.text,
            "fields": {name: [one.to_dict() for one in said] for name, said in self.fields.items()},
        }


def find(db: Database) -> Iterator[Disagreement]:
    """Yield the claims in dispute, document by document, in text order."""
    rows = db.all(
        "SELECT doc_id, claim_id, text, field, reviewer, reviewed_at, value FROM disagreements "
        "ORDER BY doc_id, start, claim_id, position, reviewer"
    )
    for (doc_id, claim_id, text), lines in groupby(rows, key=lambda row: row[:3]):
        fields: dict[str, tuple[Said, ...]] = {}
        for *_, field, reviewer, at, value in lines:
            fields[field] = (*fields.get(field, ()), Said(reviewer, at, value))
        yield Disagreement(doc_id, claim_id, text, fields)


def count(db: Database) -> int:
    """Return the number of claims in dispute."""
    (number,) = db.one("SELECT count(*) FROM (SELECT DISTINCT doc_id, claim_id FROM disagreements)")
    return int(number)
