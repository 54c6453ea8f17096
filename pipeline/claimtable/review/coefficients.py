"""Agreement beyond chance: Krippendorff's alpha and Cohen's kappa, computed by NLTK."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from claimtable.errors import ReviewError

Ratings = Mapping[str, Hashable]
"""Reviewer → value, of one unit."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far reviewers agree on one thing."""

    units: int
    """Units that two or more rated."""
    observed: float | None
    """Share of equal values among all pairs of values of a unit; None without units."""
    alpha: float | None
    """Krippendorff's alpha, nominal: 1 full agreement, 0 chance. None where all values are one and the same, or none."""
    kappa: float | None
    """Cohen's kappa, the mean over all pairs of reviewers weighted by their shared units. None as for alpha."""


def agreement(units: Iterable[Ratings]) -> Agreement:
    """Return the agreement over units; those with a single rating say nothing and are left out.

    Raises:
        ReviewError: NLTK is not installed.
    """
    shared = [ratings for ratings in units if len(ratings) > 1]
    equal = total = 0
    pairs: dict[tuple[str, str], list[Ratings]] = defaultdict(list)
    for ratings in shared:
        for pair in combinations(sorted(ratings), 2):
            equal += ratings[pair[0]] == ratings[pair[1]]
            total += 1
            pairs[pair].append({name: ratings[name] for name in pair})
    weighted = [(len(of_pair), _measure(of_pair, "kappa")) for _, of_pair in sorted(pairs.items())]
    defined = [(weight, kappa) for weight, kappa in weighted if kappa is not None]
    return Agreement(
        units=len(shared),
        observed=equal / total if total else None,
        alpha=_measure(shared, "alpha"),
        kappa=sum(w * k for w, k in defined) / sum(w for w, _ in defined) if defined else None,
    )


def _measure(units: Iterable[Ratings], name: str) -> float | None:
    """Return a coefficient of NLTK; None where it divides by nothing, because one value alone is ever given."""
    try:
        from nltk.metrics.agreement import AnnotationTask
    except ImportError as error:
        raise ReviewError('agreement needs NLTK: pip install "claimtable[agreement]"') from error
    # Numbers for values: NLTK sorts and logs them, and any distinct ones do for nominal data.
    codes: dict[Hashable, int] = {}
    data = [
        (reviewer, number, codes.setdefault(value, len(codes)))
        for number, ratings in enumerate(units)
        for reviewer, value in sorted(ratings.items())
    ]
    if len(codes) < 2:
        return None
    return float(getattr(AnnotationTask(data), name)())
