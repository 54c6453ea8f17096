"""Predictions whose last day has passed, and of which nobody has said what came of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from claimtable.check.findings import Finding, finding
from claimtable.check.lexicon import words
from claimtable.schema import Claim


def due_predictions(claims: Iterable[Claim], today: date) -> Iterator[Finding]:
    """Yields the predictions that can be resolved, the one that has waited longest first.

    Left out is one whose last day is not after the article was published, since nothing was foretold, and one that only
    says what could or would be on a condition.
    """
    waiting = [
        (claim.deadline, claim)
        for claim in claims
        if claim.kind == "prediction"
        and claim.status != "rejected"
        and claim.verdict is None
        and claim.deadline is not None
        and claim.deadline < today
        and (claim.published is None or claim.published < claim.deadline)
        and not (claim.condition and (claim.modality or "").casefold() in words().tentative)
    ]
    for deadline, claim in sorted(waiting, key=lambda item: (item[0], item[1].doc_id, item[1].start)):
        said = f"{claim.speaker or 'The author'} said it"
        if claim.published is not None:
            said += f" in an article of {claim.published}"
        if claim.condition:
            said += f", on the condition “{' '.join(claim.condition.split())}”"
        yield finding(
            "due",
            f"{said}; its last day was {deadline}, and no outcome is recorded: "
            f"claimtable resolve {claim.claim_id} true|false|VALUE",
            [claim],
        )
