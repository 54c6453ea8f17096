"""Several people's reviews of one claim become one row, by a rule that can be set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from claimtable.schema import Review, Status, Verdict
from claimtable.store.rows import to_json

LATEST = "latest"
MAJORITY = "majority"
NAMED = "adjudicator:"
"""Prefix of the rule that names a person."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the table shows of the reviews of one claim."""

    status: Status
    fields: dict[str, Any]
    """Column → JSON-ready value."""
    place: Review
    """The review whose words the row shows."""
    verdict: Verdict | None
    evidence_url: str | None
    note: str | None
    reviewer: str
    reviewed_at: str


def adjudicate(reviews: Sequence[Review], rule: str) -> Judgement:
    """Return the judgement that the rule makes of the reviews of one claim.

    Of each reviewer the latest review counts. `latest`: the latest of all; `majority`: what most say, column
    by column, the latest where they are equally many; a named person: theirs where there is one, else the latest.
    A verdict comes from the latest review that has one: who gives none says nothing against another's. Who is unsure
    has no say where somebody else judged; where nobody did, the row is as extracted, with what they noted.
    """
    everybody = _latest_of_each(reviews)
    voices = [review for review in everybody if review.decision != "unsure"] or everybody
    if rule == MAJORITY:
        return _majority(voices)
    named = [review for review in voices if rule == NAMED + review.reviewer]
    return _judgement((named or voices)[-1], named or everybody)


def _latest_of_each(reviews: Sequence[Review]) -> list[Review]:
    """Return the latest review of each reviewer, the latest last."""
    last = {review.reviewer: review for review in sorted(reviews, key=_when)}
    return sorted(last.values(), key=_when)


def _when(review: Review) -> tuple[datetime, str]:
    return datetime.fromisoformat(review.reviewed_at).astimezone(UTC), review.review_id


def _judgement(chosen: Review, voices: Sequence[Review]) -> Judgement:
    checked = next((review for review in reversed(voices) if review.verdict is not None), chosen)
    if chosen.verdict is not None or chosen.decision == "rejected":
        checked = chosen
    return Judgement(
        status="extracted" if chosen.decision == "unsure" else chosen.decision,
        fields=dict(chosen.fields),
        place=chosen,
        verdict=checked.verdict,
        evidence_url=checked.evidence_url,
        note=checked.note,
        reviewer=chosen.reviewer,
        reviewed_at=chosen.reviewed_at,
    )


def _majority(voices: Sequence[Review]) -> Judgement:
    rejected = _vote(voices, lambda review: review.decision == "rejected")
    side = [review for review in voices if (review.decision == "rejected") == rejected]
    chosen = side[-1]
    fields: dict[str, Any] = {}
    changed = False
    if not rejected:
        columns = dict.fromkeys(name for review in side for name in review.fields)
        for name in columns:
            # Who left a column alone votes for what was extracted, which is no field at all.
            voted = _vote(side, lambda review, name=name: _field(review, name))  # type: ignore[misc]
            if voted is not None:
                fields[name] = next(r.fields[name] for r in reversed(side) if _field(r, name) == voted)
        place = _vote(side, lambda review: (review.doc_sha256, review.start, review.end))
        chosen = next(r for r in reversed(side) if (r.doc_sha256, r.start, r.end) == place)
        changed = bool(fields) or chosen.decision == "corrected"
    status: Status = "rejected" if rejected else "corrected" if changed else "accepted"
    if all(review.decision == "unsure" for review in side):
        status = "extracted"
    if any(review.decision == "added" for review in side):
        status = "added"
    with_verdict = [review for review in side if review.verdict is not None]
    checked = chosen
    if with_verdict:
        verdict = _vote(with_verdict, lambda review: review.verdict)
        checked = next(review for review in reversed(with_verdict) if review.verdict == verdict)
    return Judgement(
        status=status,
        fields=fields,
        place=chosen,
        verdict=checked.verdict,
        evidence_url=checked.evidence_url,
        note=checked.note,
        reviewer=", ".join(sorted(review.reviewer for review in side)),
        reviewed_at=side[-1].reviewed_at,
    )


def _field(review: Review, name: str) -> str | None:
    return to_json(review.fields[name]) if name in review.fields else None


def _vote(voices: Sequence[Review], of: Callable[[Review], Any]) -> Any:
    """Return what most say; of equally many what was said last."""
    counts = Counter(of(review) for review in voices)
    most = max(counts.values())
    return next(of(review) for review in reversed(voices) if counts[of(review)] == most)
