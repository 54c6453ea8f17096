"""The extractor measured by what people made of its claims, period by period: is it getting better?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from claimtable.review.units import FIELDS, Opinion, columns_of, opinions
from claimtable.review.work import Work
from claimtable.schema import Claim, Kind

By = Literal["month", "version"]
_SCORED = tuple(name for name in FIELDS if name != "verdict")


@dataclass(slots=True)
class Score:
    """Right ones among those that the extractor gave and among those that people want."""

    right: int = 0
    given: int = 0
    wanted: int = 0

    @property
    def precision(self) -> float | None:
        """Share of what the extractor gave that is right; None where it gave nothing."""
        return self.right / self.given if self.given else None

    @property
    def recall(self) -> float | None:
        """Share of what people want that the extractor gave; None where they want nothing."""
        return self.right / self.wanted if self.wanted else None

    def add(self, given: Any, wanted: Any) -> None:
        """Count one value; None is no value."""
        self.given += given is not None
        self.wanted += wanted is not None
        self.right += given is not None and given == wanted

    def to_dict(self) -> dict[str, Any]:
        """Return counts and scores."""
        return {
            "right": self.right,
            "given": self.given,
            "wanted": self.wanted,
            "precision": self.precision,
            "recall": self.recall,
        }


@dataclass(slots=True)
class PeriodScores:
    """Scores of one month of reviewing, or of one version of the extractor."""

    kinds: dict[str, Score] = field(default_factory=lambda: {kind: Score() for kind in get_args(Kind)})
    """A claim is right where people kept it and its kind."""
    fields: dict[str, Score] = field(default_factory=lambda: {name: Score() for name in _SCORED})
    """A value is right where people left it as it was; over the claims that they kept."""

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON-ready data."""
        return {
            "kinds": {name: score.to_dict() for name, score in self.kinds.items()},
            "fields": {name: score.to_dict() for name, score in self.fields.items()},
        }


def score(documents: Iterable[list[Work]], *, by: By) -> dict[str, PeriodScores]:
    """Return the scores by period, in order; each person's review counts, as many as there are of a claim.

    Args:
        by: `month` of the annotation (UTC), or `version` of the extractor whose claims the person was shown.
    """
    periods: dict[str, PeriodScores] = {}
    for works in documents:
        for work in works:
            annotation = work.submission.annotation
            period = annotation.created_at[:7] if by == "month" else annotation.extractor or "unknown"
            _add(periods.setdefault(period, PeriodScores()), work)
    return dict(sorted(periods.items()))


def _add(scores: PeriodScores, work: Work) -> None:
    claims = {claim.claim_id: claim for claim in work.shown}
    for claim_id, opinion in opinions(work):
        wanted = opinion.columns.get("kind") if opinion.kept else None
        if opinion.decision == "added":
            if wanted in scores.kinds:
                scores.kinds[wanted].add(None, wanted)
            continue
        shown = _shown(claims.get(claim_id))
        if "kind" not in shown:
            # Nothing is known of what the person saw.
            continue
        for kind, counts in scores.kinds.items():
            counts.add(kind if shown["kind"] == kind else None, kind if wanted == kind else None)
        if opinion.kept:
            _add_fields(scores, shown, opinion)


def _add_fields(scores: PeriodScores, shown: dict[str, Any], opinion: Opinion) -> None:
    for name, counts in scores.fields.items():
        counts.add(shown.get(name), opinion.columns.get(name))


def _shown(claim: Claim | None) -> dict[str, Any]:
    """Return what was extracted, which the person may have been shown already changed by others."""
    return {} if claim is None else columns_of(claim)
