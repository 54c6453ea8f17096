"""The sentence model behind check-worthiness: logistic regression over words and word pairs.

Small and transparent on purpose: a score is a sum of terms, each a word or pair with a weight that stands
in `weights.tsv`, and `contributions` lists them. Trained by `models/scripts/train_check_worthiness.py`
on ClaimBuster (Hassan et al. 2017; Arslan et al. 2020) and CheckThat! 2024 task 1 (Barrón-Cedeño et al. 2024).
Numbers are one feature, years another, so that no figure of the training data counts for itself.
"""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from importlib import resources
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from claimtable.errors import RuleError

_TOKEN = re.compile(r"[$€£¥%?!]|\d[\d,.]*|[^\W\d_]+(?:['’][^\W\d_]+)*")
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
WEIGHTS = "weights.tsv"
Table = Mapping[str, tuple[float, float]]
"""Feature → (inverse document frequency, coefficient)."""
MAX_CHARS = 5_000
"""A longer sentence is scored by its beginning, which keeps time linear on broken texts. The longest training sentence has 835
code points."""


def words(sentence: str) -> list[str]:
    """Return the words and figures of a sentence as they are written."""
    return _TOKEN.findall(sentence[:MAX_CHARS])


def normalised(word: str) -> str:
    """Return a word in lower case; figures become `<number>` or `<year>`."""
    if word[0].isdigit():
        digits = word.strip(",.").replace(",", "")
        return "<year>" if _YEAR.fullmatch(digits) else "<number>"
    return word.lower().replace("’", "'")


def features(sentence: str) -> list[str]:
    """Return the normalised words of a sentence, then its adjoining pairs."""
    tokens = [normalised(word) for word in words(sentence)]
    return [*tokens, *map(" ".join, pairwise(tokens))]


class Columns(NamedTuple):
    """A table of weights, column by column."""

    intercept: float
    features: list[str]
    weights: NDArray[np.float64]
    """2 × features: inverse document frequencies, coefficients."""

    def table(self) -> dict[str, tuple[float, float]]:
        """Return feature → (inverse document frequency, coefficient)."""
        idf, coefficients = self.weights.tolist()
        return dict(zip(self.features, zip(idf, coefficients, strict=True), strict=True))


def read_columns(name: str) -> Columns:
    """Read a table of this package.

    Raises:
        RuleError: a line of it is damaged, or it has no intercept.
    """
    lines = resources.files(__package__).joinpath(name).read_text(encoding="utf-8").splitlines()
    # All cells at a time: line by line takes three times as long.
    cells = "\t".join([line for line in lines if line and not line.startswith("#")]).split("\t")
    features = cells[::3]
    try:
        weights = np.array([list(map(float, cells[1::3])), list(map(float, cells[2::3]))])
        if weights.shape != (2, len(features)):
            raise ValueError
    except ValueError:
        damaged = next((k for k, line in enumerate(lines, 1) if _is_damaged(line)), 1)
        raise RuleError(f"check_worthiness/{name} line {damaged} is damaged: reinstall claimtable") from None
    if "<intercept>" not in features:
        raise RuleError(f"check_worthiness/{name} has no intercept: reinstall claimtable")
    at = features.index("<intercept>")
    del features[at]
    return Columns(float(weights[1, at]), features, np.delete(weights, at, axis=1))


@functools.cache
def read_weights(name: str) -> tuple[float, dict[str, tuple[float, float]]]:
    """Return (intercept, feature → (idf, coefficient)) of a table of this package; raise as `read_columns`."""
    columns = read_columns(name)
    return columns.intercept, columns.table()


def _is_damaged(line: str) -> bool:
    if not line or line.startswith("#"):
        return False
    try:
        _, idf, coefficient = line.split("\t")
        float(idf), float(coefficient)
    except ValueError:
        return True
    return False


def terms(features: Iterable[str], table: Table) -> dict[str, float]:
    """Return what each known feature adds to the log-odds (tf-idf with 1 + ln tf, length-normalised)."""
    values: dict[str, tuple[float, float]] = {}
    for feature, count in Counter(features).items():
        known = table.get(feature)
        if known is not None:
            values[feature] = ((1.0 + math.log(count)) * known[0], known[1])
    norm = math.sqrt(sum(v * v for v, _ in values.values()))
    return {f: v / norm * w for f, (v, w) in values.items()} if norm else {}


def score(features: Iterable[str], table: Table) -> float:
    """Return the sum of `terms`, without the terms."""
    squares = total = 0.0
    get = table.get
    for feature, count in Counter(features).items():
        known = get(feature)
        if known is not None:
            value, weight = known
            if count > 1:
                value *= 1.0 + math.log(count)
            squares += value * value
            total += value * weight
    return total / math.sqrt(squares) if squares else 0.0


def log_odds(words: Iterable[str]) -> float:
    """Return the log-odds that a fact-checker would pick the sentence with these `features`."""
    intercept, table = read_weights(WEIGHTS)
    return intercept + score(words, table)


def contributions(words: Iterable[str]) -> list[tuple[str, float]]:
    """Return (feature, log-odds) pairs, largest effect first, that add up with the intercept to `log_odds`."""
    return sorted(terms(words, read_weights(WEIGHTS)[1]).items(), key=lambda item: -abs(item[1]))


def probability(odds: float) -> float:
    """Return the logistic function of the log-odds."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds))))


def log_odds_of(probability: float) -> float:
    """Return the log-odds of a probability as it is rounded in the table."""
    kept = min(max(probability, 0.00005), 0.99995)
    return math.log(kept / (1 - kept))
