"""How sure the extractor is of a row: the calibrated probability that every cell of it is right.

A logistic model over what the row's making shows: by how much its subject won, which lines chose its cells, what is left open, and what
kind of text it stands in. `models/scripts/calibrate_confidence.py` fits `rules/data/confidence_features.tsv` on gold and prints how far
the figures hold on documents that it has not seen.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from claimtable import rules

MARGIN = 3.0
"""Margin from which on a choice counts as undisputed."""
MANY = 4
"""Figures in a sentence from which on it is a list."""
LONG = 40
"""Tokens from which on a sentence is long."""
_NAME_WORDS = 3
_POINTING = frozenset(
    ["this", "that", "these", "those", "such", "it", "all", "other", "another", "some", "no", "any"]
)
BIAS = "always"
_GROUPS = {"author": "author", "predicting-verb": "verb"}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a row."""

    cells: Mapping[str, str | None]
    """Id of the line that chose each cell."""
    resolved: bool
    """Whether its subject is known."""
    named: bool
    """Whether it has a subject."""
    margin: float
    """By how much the subject won; 0 where nothing competed for it."""
    figures: int
    """Figures of its sentence."""
    tokens: int
    """Tokens of its sentence."""
    section: str
    dated: bool
    """Whether the document has a date."""
    byline: bool
    """Whether somebody is known to speak where nobody is quoted."""
    finished: bool
    """Whether its sentence ends as sentences do."""
    lines: float
    """Share of the document's lines that are short, as in transcripts, lists and tables."""
    subject: str = ""
    """Its subject."""
    said: str = ""
    """The row in the document's words."""
    measure: str = "none"
    """Dimension of its figure, `bare` without a unit, `none` without a figure."""
    bounded: bool = False
    """Whether the figure has a bound or is a range."""
    changing: bool = False
    """Whether the figure is a movement or reached by one."""
    density: float = 0.0
    """Figures of the document to each of its words."""
    agreeing: int = 0
    """How many other lines propose its subject."""
    rivals: int = 0
    """How many other subjects lines propose."""


def values(e: Evidence) -> Iterator[tuple[str, float]]:
    """Yield the features of a row that are not 0."""
    yield BIAS, 1.0
    for cell in ("subject", "time", "deadline"):
        yield f"{cell} {(e.cells.get(cell) or 'none').partition('+')[0]}", 1.0
    speaker = (e.cells.get("speaker") or "none").partition("+")[0]
    yield (
        f"speaker {_GROUPS.get(speaker, speaker.partition('.')[0] if speaker[:1] == 'r' else 'quoted')}",
        1.0,
    )
    yield f"kind {(e.cells.get('kind') or 'none').partition('.')[0]}", 1.0
    figure = (e.cells.get("figure") or "none").partition("+")[0]
    yield f"figure {figure}", 1.0
    yield f"section {e.section}", 1.0
    yield from _of_words(e)
    yield "margin", min(max(e.margin, 0.0), MARGIN) / MARGIN
    yield "short lines", e.lines
    for name, holds in (
        ("unresolved", not e.resolved),
        ("no subject", not e.named),
        ("several figures", 1 < e.figures < MANY),
        ("many figures", e.figures >= MANY),
        ("long sentence", e.tokens >= LONG),
        ("no date", not e.dated),
        ("no byline", not e.byline),
        ("unfinished sentence", not e.finished),
        ("bounded", e.bounded),
        ("changing", e.changing),
    ):
        if holds:
            yield name, 1.0


def _of_words(e: Evidence) -> Iterator[tuple[str, float]]:
    """Yield the features of how the row and its subject are worded, and of how figures crowd around them."""
    words = e.subject.split()
    crowd = "many" if e.figures >= MANY else "several" if e.figures > 1 else "single"
    for cell in ("subject", "time"):
        yield f"{cell} {(e.cells.get(cell) or 'none').partition('+')[0]} of {crowd}", 1.0
    for name, number, steps in (
        ("subject words", len(words), (1, 2, 4, 7, 11)),
        ("row words", len(e.said.split()), (6, 10, 15, 22, 32)),
        ("agreeing", e.agreeing, (0, 1, 2, 4)),
        ("rivals", e.rivals, (0, 1, 2, 4, 7)),
        ("figures per 1000 words", round(1000 * e.density), (10, 20, 40, 60, 100)),
    ):
        yield f"{name} {next((f'to {step}' for step in steps if number <= step), 'more')}", 1.0
    yield f"measure {e.measure}", 1.0
    said = " ".join(e.said.split())
    found = e.subject in said or all(word in said for word in words)
    for name, holds in (
        ("subject pointing", bool(words) and words[0].lower() in _POINTING),
        ("subject a name", e.subject[:1].isupper() and len(words) <= _NAME_WORDS),
        ("subject punctuated", any(mark in e.subject for mark in "(),:;")),
        ("subject with digits", any(char.isdigit() for char in e.subject)),
        ("subject verbatim", e.subject != "" and e.subject in said),
        ("subject from elsewhere", not found),
    ):
        if holds:
            yield name, 1.0


@functools.cache
def weights() -> dict[str, float]:
    """Return the weight of each feature; others weigh nothing."""
    return {
        row["feature"]: float(row["weight"])
        for row in rules.table("confidence_features", "feature", "weight")
    }


def confidence(features: Mapping[str, float], added: Mapping[str, float]) -> float:
    """Return how sure the extractor is of a row, 0-1.

    Args:
        features: the row's, by name.
        added: what reviews taught to add to the weight of a feature.
    """
    known = weights()
    odds = sum((known.get(name, 0.0) + added.get(name, 0.0)) * value for name, value in features.items())
    return round(1.0 / (1.0 + math.exp(-odds)), 2)
