"""Claims on which reviewers disagree, field by field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from claimtable.review.units import FIELDS, Opinion, Unit, find_units
from claimtable.review.work import Work

NOT_MARKED = "not marked"
"""What a reviewer says of a claim that others added and that they left unmarked in a text that they read."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one reviewer says of one field."""

    reviewer: str
    at: str
    """ISO 8601 in UTC."""
    value: Any
    """JSON-ready; None for an empty field."""

    def to_dict(self) -> dict[str, Any]:
        """Returns the fields in order."""
        return {"reviewer": self.reviewer, "at": self.at, "value": self.value}


@dataclass(frozen=True, slots=True)
class Conflict:
    """One claim with the fields on which its reviewers disagree."""

    doc_id: str
    claim_id: str
    text: str
    fields: dict[str, tuple[Said, ...]]
    """Field → what each reviewer says. `claim` is the question whether it is one, `text` its words; else a column."""

    def to_dict(self) -> dict[str, Any]:
        """Returns everything as JSON-ready data."""
        return {
            "doc_id": self.doc_id,
            "claim_id": self.claim_id,
            "text": self.text,
            "fields": {name: [one.to_dict() for one in said] for name, said in self.fields.items()},
        }


def find_conflicts(documents: Iterable[list[Work]], *, adjudicator: str | None = None) -> Iterator[Conflict]:
    """Yields the claims on which reviewers disagree, document by document, in text order.

    Args:
        documents: for each version of a document all the work on it, as `read_work` yields it.
        adjudicator: whose word decides: what this person reviewed is no longer a conflict. None: nobody's does.
    """
    for works in documents:
        for unit in find_units(works):
            if adjudicator in unit.opinions or adjudicator in unit.silent:
                continue
            fields = dict(_differences(works, unit))
            if fields:
                yield Conflict(unit.doc_id, unit.claim_id, unit.text, fields)


def _differences(works: list[Work], unit: Unit) -> Iterator[tuple[str, tuple[Said, ...]]]:
    opinions = [unit.opinions[name] for name in sorted(unit.opinions)]
    judged = [Said(o.reviewer, o.at, "rejected" if not o.kept else o.decision) for o in opinions]
    kept = [opinion for opinion in opinions if opinion.kept]
    if unit.silent or len({opinion.kept for opinion in opinions}) > 1:
        yield "claim", (*judged, *(Said(name, at, NOT_MARKED) for name, at in sorted(unit.silent.items())))
    if len({(opinion.start, opinion.end) for opinion in kept}) > 1:
        text = works[0].document.text
        yield "text", tuple(Said(o.reviewer, o.at, text[o.start : o.end]) for o in kept)
    for name in FIELDS:
        said = _said(kept, name)
        if any(one.value != said[0].value for one in said):
            yield name, said


def _said(opinions: Iterable[Opinion], name: str) -> tuple[Said, ...]:
    """Returns what each says of a column; who gave no verdict said nothing against another's."""
    return tuple(
        Said(o.reviewer, o.at, o.columns.get(name))
        for o in opinions
        if name != "verdict" or name in o.columns
    )
