"""Predictions whose last day has passed, and of which nobody has said what came of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from claimtable.check.findings import finding
from claimtable.check.lexicon import words
from claimtable.check.subjects import is_function_word
from claimtable.schema import Claim, Finding


def due_predictions(claims: Iterable[Claim], today: date) -> Iterator[Finding]:
    """Yield the predictions that can be resolved, the one that has waited longest first.

    They are those of `is_due`.
    """
    waiting = [
        (claim.deadline, claim) for claim in claims if is_due(claim, today) and claim.deadline is not None
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


def is_due(claim: Claim, today: date) -> bool:
    """Return whether the last day of a prediction has passed, and nobody has said what came of it.

    None is one whose last day is not after the article was published, since nothing was foretold, and one that does not
    assert that the thing will be: see `_foretells`.
    """
    return (
        claim.kind == "prediction"
        and claim.status != "rejected"
        and claim.verdict is None
        and claim.deadline is not None
        and claim.deadline < today
        and (claim.published is None or claim.published < claim.deadline)
        and _foretells(claim)
    )


def _foretells(claim: Claim) -> bool:
    """Return whether a prediction says that something will be.

    Not what could or would be on a condition; not the author's own "would", which is of a case that may never be; not
    a question ("who will win", "of who will win"), and not what somebody does not want.
    """
    modal = set((claim.modality or "").casefold().split())
    if claim.condition and modal & words().tentative:
        return False
    if claim.speaker_type == "author" and modal & words().hypothetical:
        return False
    if claim.polarity == "negated" and modal & words().wish:
        return False
    first, second = (*claim.text.casefold().split(maxsplit=2), "", "")[:2]
    return first not in words().question and not (is_function_word(first) and second in words().question)
