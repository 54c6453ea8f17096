"""Weights from data: a conditional log-linear model over the candidates of each place.

The probability of a candidate is proportional to the exponential of its score; that of the right ones together is to be as high as
possible, less a penalty on how far the weights move from those of the tables (a Gaussian prior; Berger, Della Pietra and
Della Pietra 1996, https://aclanthology.org/J96-1002/).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
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
    """Whether each of them is."""


def names_of(candidate: Candidate[Any]) -> dict[str, float]:
    """Return what is weighed of a candidate: its line, and its features before they are weighed."""
    return {f"line {candidate.line}": 1.0, **dict(candidate.values)}


def fitted(examples: Sequence[Example], *, weight: Mapping[int, float] | None = None) -> dict[str, float]:
    """Return what to add to the weight of each line (`line NAME`) and feature of the tables.

    Args:
        examples: places with at least one right and one wrong candidate; others say nothing and are left out.
        weight: how much each example counts, by its index; 1 where it is missing.
    """
    told = [(k, x) for k, x in enumerate(examples) if any(x.right) and not all(x.right)]
    counts: dict[str, int] = {}
    for _, x in told:
        for c in x.candidates:
            for name in names_of(c):
                counts[name] = counts.get(name, 0) + 1
    names = sorted(name for name, n in counts.items() if n >= LEAST)
    if not names:
        return {}
    index = {name: k for k, name in enumerate(names)}
    size = sum(len(x.candidates) for _, x in told)
    matrix, base = np.zeros((size, len(names))), np.zeros(size)
    place, right, worth = np.zeros(size, int), np.zeros(size, bool), np.ones(size)
    row = 0
    for k, (number, x) in enumerate(told):
        for c, is_right in zip(x.candidates, x.right, strict=True):
            for name, value in names_of(c).items():
                if name in index:
                    matrix[row, index[name]] = value
            base[row], place[row], right[row] = c.score, k, is_right
            worth[row] = (weight or {}).get(number, 1.0)
            row += 1
    return dict(zip(names, _climbed(matrix, base, place, right, worth).tolist(), strict=True))


def _climbed(matrix: Any, base: Any, place: Any, right: Any, worth: Any) -> Any:
    """Return the weights with the highest penalised likelihood, by Adam."""
    weights = np.zeros(matrix.shape[1])
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    everything = np.ones_like(right)
    for step in range(1, STEPS + 1):
        score = base + matrix @ weights
        pull = worth * (_shares(score, place, right) - _shares(score, place, everything))
        gradient = matrix.T @ pull - PENALTY * weights
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
        scores = [
            c.score + sum(added.get(name, 0.0) * value for name, value in names_of(c).items())
            for c in x.candidates
        ]
        good += x.right[scores.index(max(scores))]
    return good


def write_weights(added: Mapping[str, float], tables: Sequence[str], folder: Path | None = None) -> None:
    """Add to the column `weight` of tables of `rules/data`: a line's id or a feature's name says which.

    Args:
        added: what `fitted` returned.
        tables: their names.
        folder: where they lie; None: in the package.
    """
    where = folder or Path(str(resources.files("claimtable.rules").joinpath("data")))
    for table in tables:
        path = where / f"{table}.tsv"
        header: list[str] = []
        out = []
        for line in path.read_text(encoding="utf-8").splitlines():
            cells = line.split("\t")
            if line and not line.startswith("#") and header:
                key = cells[header.index("feature")] if "feature" in header else f"line {cells[0]}"
                at = header.index("weight")
                cells[at] = f"{float(cells[at]) + added.get(key, 0.0):.2f}"
                line = "\t".join(cells)
            elif line and not line.startswith("#"):
                header = cells
            out.append(line + "\n")
        path.write_text("".join(out), encoding="utf-8")
