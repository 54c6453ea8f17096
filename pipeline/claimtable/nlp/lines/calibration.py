"""Confidence from data: a logistic model over the features of rows, and how far its probabilities hold.

Fitted by Newton's method with a penalty on how far the weights move from those that are there, the bias aside.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

BIAS = "always"
"""The feature that every row has; it may move freely."""
PENALTY = 4.0
"""Of the squared distance from the weights that are there. 1, 4 and 10 gave a calibration error on unseen documents of 0.044, 0.021
and 0.017; with 10 almost no row is sure."""
LEAST = 5
"""Rows that a feature must have to be weighed at all."""
_STEPS, _HALVINGS, _NO_PENALTY = 25, 20, 1e-6
_BINS = 10
_SMALL = 1e-6


@dataclass(frozen=True, slots=True)
class Judged:
    """A row that somebody judged."""

    document: str
    features: Mapping[str, float]
    right: bool
    """Whether every cell of it is."""


def fitted(
    rows: Sequence[Judged],
    start: Mapping[str, float] | None = None,
    *,
    bias_penalty: float = _NO_PENALTY,
    penalty: float = PENALTY,
) -> dict[str, float]:
    """Return what to add to the log-odds of each feature.

    Args:
        rows: what is learned from.
        start: the weights that are there; None: none.
        bias_penalty: of the bias; a few rows are to move it less than many.
        penalty: of the other weights.
    """
    counts = Counter(name for row in rows for name in row.features)
    names = [name for name, n in counts.items() if n >= LEAST]
    matrix = np.array([[row.features.get(name, 0.0) for name in names] for row in rows])
    base = np.array([log_odds(row.features, start or {}) for row in rows])
    right = np.array([row.right for row in rows], float)
    added: Any = np.zeros(len(names))
    ridge = np.diag([bias_penalty if name == BIAS else penalty for name in names])

    def loss(weights: Any) -> float:
        odds = base + matrix @ weights
        return float(np.logaddexp(0, odds).sum() - right @ odds + weights @ ridge @ weights / 2)

    for _ in range(_STEPS if names else 0):
        p = 0.5 * (1 + np.tanh((base + matrix @ added) / 2))  # the logistic function, without overflow
        hessian = matrix.T @ (matrix * (p * (1 - p))[:, None]) + ridge
        step = np.linalg.solve(hessian, matrix.T @ (right - p) - ridge @ added)
        # From weights that are far off a whole step leads too far.
        sizes = (0.5**k for k in range(_HALVINGS))
        added = added + step * next((x for x in sizes if loss(added + x * step) <= loss(added)), 0.0)
    return dict(zip(names, added.tolist(), strict=True))


def log_odds(features: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Return the log-odds of a row to be right."""
    return sum(weights.get(name, 0.0) * value for name, value in features.items())


def probability(features: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Return the probability that a row is right."""
    return 1.0 / (1.0 + math.exp(-log_odds(features, weights)))


def error(scored: Sequence[tuple[float, bool]]) -> float:
    """Return the expected calibration error of (probability, whether it is right) in ten bins of equal width."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for p, right in scored:
        bins.setdefault(min(_BINS - 1, int(p * _BINS)), []).append((p, right))
    return sum(abs(sum(p for p, _ in b) - sum(r for _, r in b)) for b in bins.values()) / len(scored)


def surprise(scored: Sequence[tuple[float, bool]]) -> float:
    """Return the mean negative log-likelihood of (probability, whether it is right), in nats: lower is better."""
    return -sum(math.log(max(_SMALL, p if right else 1 - p)) for p, right in scored) / len(scored)
