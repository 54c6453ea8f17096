"""How long reviewers take, and whose submissions were untouched in less time than reading takes.

Who submits without having read agrees with the extractor, and with everybody else who does: it flatters all figures.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from claimtable.review.work import Work

FASTEST_WORDS_PER_MINUTE = 600.0
"""Skimming. Adults read 238 words of non-fiction a minute silently, the fastest some 600 (Brysbaert, "How many words do we
read per minute?", Journal of Memory and Language 109, 2019)."""


@dataclass(slots=True)
class Pace:
    """One reviewer's work."""

    submissions: int = 0
    claims: int = 0
    hasty: int = 0
    """Submissions in which nothing was changed, said or added, in less time than reading the words takes."""
    seconds: list[float] = field(default_factory=list)
    """Of each submission whose time is known, per claim."""

    @property
    def seconds_per_claim(self) -> float | None:
        """The median; None where no time is known."""
        return median(self.seconds) if self.seconds else None

    def to_dict(self) -> dict[str, Any]:
        """Return the figures."""
        return {
            "submissions": self.submissions,
            "claims": self.claims,
            "seconds_per_claim": self.seconds_per_claim,
            "hasty": self.hasty,
        }


def measure_pace(documents: Iterable[list[Work]]) -> dict[str, Pace]:
    """Return the pace of each reviewer, by name."""
    paces: dict[str, Pace] = {}
    for works in documents:
        for work in works:
            _add(paces.setdefault(work.reviewer, Pace()), work)
    return dict(sorted(paces.items()))


def _add(pace: Pace, work: Work) -> None:
    submission = work.submission
    claims = len(submission.reviews)
    pace.submissions += 1
    pace.claims += claims
    lead = submission.annotation.lead_time
    if lead is None:
        return
    if claims:
        pace.seconds.append(lead / claims)
    untouched = all(
        review.decision == "accepted" and not review.verdict and not review.note
        for review in submission.reviews
    )
    words = len(work.document.text[work.start : work.end].split())
    if work.claim_id is not None:
        words = sum(len(review.exact.split()) for review in submission.reviews)
    pace.hasty += claims > 0 and untouched and lead < 60 * words / FASTEST_WORDS_PER_MINUTE
