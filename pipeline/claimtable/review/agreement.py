"""Agreement among reviewers, over all that they reviewed twice or more."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from claimtable.review.coefficients import Agreement, Ratings, agreement
from claimtable.review.fields import LABELS
from claimtable.review.span_agreement import SpanAgreement, word_ratings
from claimtable.review.units import FIELDS, find_units
from claimtable.review.work import Work

KEPT = "claim"
"""Name, beside those of the fields, of the question whether an extracted claim is one."""


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """How far reviewers agree, on what."""

    reviewers: tuple[str, ...]
    """All who share work with another, by name."""
    fields: dict[str, Agreement]
    """`KEPT`, and each column over the claims that reviewers kept. An empty column is a value like any other; only
    a verdict that was not given is none."""
    labels: dict[str, Agreement]
    """Each label over the words that two or more read."""
    spans: SpanAgreement

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON-ready data."""
        return {
            "reviewers": list(self.reviewers),
            "fields": {name: asdict(one) for name, one in self.fields.items()},
            "labels": {
                label: {
                    "words": asdict(self.labels[label]),
                    "spans": counts.spans,
                    "exact_f1": counts.exact_f1,
                    "near_f1": counts.near_f1,
                    "overlapping_f1": counts.overlapping_f1,
                }
                for label, counts in self.spans.labels.items()
            },
            "position": {
                "spans": self.spans.position.spans,
                "exact_f1": self.spans.position.exact_f1,
                "near_f1": self.spans.position.near_f1,
                "overlapping_f1": self.spans.position.overlapping_f1,
            },
            "confusion": [[one, other, n] for (one, other), n in sorted(self.spans.mixed.items())],
        }


def measure(documents: Iterable[list[Work]]) -> AgreementReport:
    """Measure the agreement of reviewers.

    Args:
        documents: for each version of a document all the work on it, as `read_work` yields it.

    Raises:
        ReviewError: NLTK is not installed.
    """
    reviewers: set[str] = set()
    ratings: dict[str, list[Ratings]] = {name: [] for name in (KEPT, *FIELDS)}
    words: dict[str, list[Ratings]] = {label: [] for label in LABELS}
    spans = SpanAgreement()
    for works in documents:
        if len({work.reviewer for work in works}) < 2:
            continue
        reviewers |= {work.reviewer for work in works}
        spans.add(works)
        whole = [work for work in works if work.claim_id is None]
        for label in LABELS:
            words[label].extend(word_ratings(whole, label))
        for unit in find_units(works):
            if not unit.added:
                ratings[KEPT].append({name: opinion.kept for name, opinion in unit.opinions.items()})
            for column in FIELDS:
                ratings[column].append(
                    {
                        name: _value(opinion.columns.get(column))
                        for name, opinion in unit.opinions.items()
                        if opinion.kept and (column != "verdict" or column in opinion.columns)
                    }
                )
    return AgreementReport(
        reviewers=tuple(sorted(reviewers)),
        fields={name: agreement(units) for name, units in ratings.items()},
        labels={label: agreement(units) for label, units in words.items()},
        spans=spans,
    )


def _value(value: Any) -> Hashable:
    # True and 1, or 1 and 1.0, are one value to a dict and to a reviewer alike.
    return value if isinstance(value, Hashable) else str(value)
