"""Findings: what a check has to say, with the rows and the reasoning."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from claimtable.schema import CheckName, Claim, Finding, FoundRow, first_claim_id


def finding(check: CheckName, reason: str, claims: Sequence[Claim], *, link: str | None = None) -> Finding:
    """Return a finding about these claims, in the order in which they are to be read."""
    key = json.dumps([check, link, *sorted([c.doc_id, first_claim_id(c.claim_id)] for c in claims)])
    return Finding(
        finding_id=hashlib.sha256(key.encode()).hexdigest()[:16],
        check=check,
        reason=reason,
        rows=tuple(FoundRow.of(claim) for claim in claims),
        link=link,
    )
