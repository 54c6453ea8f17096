"""Findings: what a check has to say, with the rows and the reasoning."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Self

from claimtable.schema import Claim, Record

CheckName = Literal["due", "arithmetic", "conflicts", "repeats", "fact-checks"]


@dataclass(frozen=True, slots=True)
class FoundRow(Record):
    """A row that a finding rests on, with what one needs to look at it."""

    claim_id: str
    text: str
    doc_id: str
    title: str | None = None
    published: date | None = None
    url: str | None = None
    speaker: str | None = None

    @classmethod
    def of(cls, claim: Claim) -> Self:
        """Returns the row of a claim."""
        return cls(
            claim_id=claim.claim_id,
            text=claim.text,
            doc_id=claim.doc_id,
            title=claim.title,
            published=claim.published,
            url=claim.url,
            speaker=claim.speaker,
        )


@dataclass(frozen=True, slots=True)
class Finding(Record):
    """Something that a fact-checker should look at."""

    finding_id: str
    """Stable: the same check of the same rows gives the same id, so that two runs compare."""
    check: CheckName
    reason: str
    """Why, in a sentence that shows the calculation or the comparison."""
    rows: tuple[FoundRow, ...]
    link: str | None = None
    """Address of a published fact-check, where there is one."""


def finding(check: CheckName, reason: str, claims: Sequence[Claim], *, link: str | None = None) -> Finding:
    """Returns a finding about these claims, in the order in which they are to be read."""
    key = json.dumps([check, link, *sorted([c.doc_id, c.claim_id] for c in claims)])
    return Finding(
        finding_id=hashlib.sha256(key.encode()).hexdigest()[:16],
        check=check,
        reason=reason,
        rows=tuple(FoundRow.of(claim) for claim in claims),
        link=link,
    )
