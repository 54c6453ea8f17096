"""Weights from data: a conditional log-linear model over the candidates of each place.

The probability of a candidate is proportional to the exponential of its score; that of the right ones together is to be as high as
possible, less a penalty on how far the weights move from those of the tables (a Gaussian prior; Berger, Della Pietra and
Della Pietra 1996, https://aclanthology.org/J96-1002/).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from claimtable.nlp.lines.records import Candidate

PENALTY = 1.0
"""Of the squared distance from the prior. 0.3, 1, 3 and 10 gave 89.8, 90.3, 90.2 and 90.0 % in ten folds over 1,308 figures."""
STEPS = 300
RATE, DECAY_1, DECAY_2 = 0.05, 0.9, 0.99
"""Step size and averages of Adam (Kingma and Ba 2015)."""
LEAST = 4
"""Candidates that a line or feature must have to be weighed at all."""


@dataclass(frozen=True, slots=True)
class Example:
    """A place with its candidates, the winner of the tables first."""

    document: str
    candidates: tuple[Candidate[Any], ...]
    right: tuple[bool, ...]
    """Whether each of them is right."""


def names_of(candidate: Candidate[Any]) -> dict[str, float]:
    """Return what is weighed of a candidate: its line, and its features before they are weighed."""
    return {f"line {candidate.line}": 1.0, **dict(candidate.values)}


def fitted(examples: Sequence[Example], *, penalty: float = PENALTY) -> dict[str, float]:
    """Return what to add to the weight of each line (`line NAME`) and feature of the tables.

    Args:
        examples: places with at least one right and one wrong candidate; others say nothing and are left out.
        penalty: of the squared distance from the weights of the candidates.
    """
    told = [x for x in examples if any(x.right) and not all(x.right)]
    counts: dict[str, int] = {}
    for x in told:
        for c in x.candidates:
            for name in names_of(c):
                counts[name] = counts.get(name, 0) + 1
    names = sorted(name for name, n in counts.items() if n >= LEAST)
    if not names:
        return {}
    index = {name: k for k, name in enumerate(names)}
    size = sum(len(x.candidates) for x in told)
    matrix, base = np.zeros((size, len(names))), np.zeros(size)
    place, right = np.zeros(size, int), np.zeros(size, bool)
    row = 0
    for k, x in enumerate(told):
        for c, is_right in zip(x.candidates, x.right, strict=True):
            for name, value in names_of(c).items():
                if name in index:
                    matrix[row, index[name]] = value
            base[row], place[row], right[row] = c.score, k, is_right
            row += 1
    return dict(zip(names, _climbed(matrix, base, place, right, penalty).tolist(), strict=True))


def _climbed(matrix: Any, base: Any, place: Any, right: Any, penalty: float) -> Any:
    """Return the weights with the highest penalised likelihood, by Adam."""
    weights = np.zeros(matrix.shape[1])
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    everything = np.ones_like(right)
    for step in range(1, STEPS + 1):
        score = base + matrix @ weights
        pull = _shares(score, place, right) - _shares(score, place, everything)
        gradient = matrix.T @ pull - penalty * weights
        first = DECAY_1 * first + (1 - DECAY_1) * gradient
        second = DECAY_2 * second + (1 - DECAY_2) * gradient * gradient
        mean, spread = first / (1 - DECAY_1**step), second / (1 - DECAY_2**step)
        weights = weights + RATE * mean / (np.sqrt(spread) + 1e-8)
    return weights


def _shares(score: Any, place: Any, among: Any) -> Any:
    """Return the probability of each candidate among those of its place that are `among`, 0 for the others."""
    top = np.full(place.max() + 1, -1e9)
    np.maximum.at(top, place[among], score[among])
    odds = np.zeros_like(score)
    odds[among] = np.exp(score[among] - top[place[among]])
    return odds / np.bincount(place, odds)[place]


def accuracy(examples: Sequence[Example], added: Mapping[str, float]) -> int:
    """Return in how many places the candidate with the highest score is right, with `added` on the weights of the tables."""
    good = 0
    for x in examples:
        scores = _scores(x, added)
        good += x.right[scores.index(max(scores))]
    return good


def surprise(examples: Sequence[Example], added: Mapping[str, float]) -> float:
    """Return the negative log-likelihood of the right candidates, summed over the places, in nats: lower is better."""
    out = 0.0
    for x in examples:
        scores = np.array(_scores(x, added))
        odds = np.exp(scores - scores.max())
        out -= float(np.log(odds[np.array(x.right)].sum() / odds.sum()))
    return out


def _scores(x: Example, added: Mapping[str, float]) -> list[float]:
    return [
        c.score + sum(added.get(name, 0.0) * value for name, value in names_of(c).items())
        for c in x.candidates
    ]
