"""Whether a prediction came true, and that verdict as a review for the store."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from claimtable.check.figures import interval_of
from claimtable.errors import CheckError
from claimtable.schema import (
    COLUMNS,
    Annotation,
    Claim,
    Decision,
    Document,
    Review,
    Submission,
    Verdict,
    first_claim_id,
)

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://github.com/claimtable/claimtable#resolve")
EVEN = 0.5
"""Below this probability a prediction says that the thing will rather not happen."""

_PLACE = frozenset(("claim_id", "doc_id", "text", "start", "end", "prefix", "suffix"))
_DOCUMENT = frozenset(("title", "url", "author", "published"))
_REVIEW = frozenset(("status", "verdict", "evidence_url", "note", "reviewer", "reviewed_at"))
_FIELDS = tuple(c.name for c in COLUMNS if c.name not in _PLACE | _DOCUMENT | _REVIEW)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a prediction, as a person found it."""

    verdict: Verdict
    """`supported`: what was said was right; `refuted`: it was not."""
    reviewer: str
    recorded_at: str
    """ISO 8601 in UTC."""
    evidence_url: str | None = None
    note: str | None = None


def midpoint(claim: Claim) -> float | None:
    """Return the middle of the probability range of a claim; None: its words are on no scale."""
    if claim.probability_low is None or claim.probability_high is None:
        return None
    return (claim.probability_low + claim.probability_high) / 2


def verdict_of_value(claim: Claim, value: float) -> Verdict:
    """Return what the value that came about, in the claim's unit, means for the prediction.

    The bound holds, and a written figure is as exact as its digits. A denied value, or one that was called unlikely,
    is right when it did not come about.

    Raises:
        CheckError: the claim has no value.
    """
    predicted = interval_of(claim)
    if predicted is None:
        raise CheckError(f"claim {claim.claim_id} predicts no value: say true or false")
    right = predicted[0] <= value <= predicted[1]
    if claim.bound in ("<", ">") and value == claim.value:
        right = False
    if claim.polarity == "negated":
        right = not right
    probability = midpoint(claim)
    if probability is not None and probability < EVEN:
        right = not right
    return "supported" if right else "refuted"


def value_note(claim: Claim, value: float, note: str | None) -> str:
    """Return a note that begins with the value that came about."""
    unit = f" {claim.unit}" if claim.unit and claim.unit != "1" else ""
    return f"came out at {value:,.12g}{unit}" + (f"; {note}" if note else "")


def annotation_id(claim: Claim, reviewer: str) -> str:
    """Return the id under which this person's outcome of this claim is stored: one, however often it is given."""
    return str(uuid.uuid5(NAMESPACE, json.dumps([claim.doc_id, first_claim_id(claim.claim_id), reviewer])))


def resolution(
    shown: Claim,
    extracted: Claim | None,
    document: Document,
    outcome: Outcome,
    *,
    created_at: str | None = None,
) -> Submission:
    """Return the outcome as an annotation with its review.

    A person's latest review stands for all that they say of the claim, so it takes along what the table already shows
    corrected.

    Args:
        shown: the row as the table shows it.
        extracted: the same as it was extracted; None: a person added it.
        document: as stored.
        outcome: what was found.
        created_at: when this person first said something here; None: now.
    """
    fields = _corrections(shown, extracted)
    decision: Decision = "added" if extracted is None else "accepted"
    if extracted is not None and (fields or (shown.start, shown.end) != (extracted.start, extracted.end)):
        decision = "corrected"
    number = annotation_id(shown, outcome.reviewer)
    origin = f"cli:resolve/{shown.claim_id}"
    annotation = Annotation(
        annotation_id=number,
        doc_id=document.id,
        doc_sha256=document.sha256,
        reviewer=outcome.reviewer,
        created_at=created_at or outcome.recorded_at,
        updated_at=outcome.recorded_at,
        origin=origin,
    )
    review = Review(
        review_id=str(uuid.uuid5(NAMESPACE, json.dumps([number, "review"]))),
        annotation_id=number,
        doc_id=document.id,
        doc_sha256=document.sha256,
        claim_id=shown.claim_id,
        decision=decision,
        start=shown.start,
        end=shown.end,
        exact=shown.text,
        prefix=shown.prefix,
        suffix=shown.suffix,
        reviewer=outcome.reviewer,
        reviewed_at=outcome.recorded_at,
        origin=origin,
        fields=fields,
        verdict=outcome.verdict,
        evidence_url=outcome.evidence_url,
        note=outcome.note,
    )
    return Submission(annotation, (review,))


def same_outcome(review: Review, other: Review) -> bool:
    """Return whether two reviews say the same, whenever they were made."""
    names: Collection[str] = ("decision", "fields", "verdict", "evidence_url", "note", "start", "end")
    return all(getattr(review, name) == getattr(other, name) for name in names)


def _corrections(shown: Claim, extracted: Claim | None) -> dict[str, Any]:
    new, old = shown.to_dict(), (extracted or Claim()).to_dict()
    if extracted is None:
        return {name: new[name] for name in _FIELDS if new[name] is not None}
    return {name: new[name] for name in _FIELDS if new[name] != old[name]}
