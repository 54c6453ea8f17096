"""Weights that reviews taught: a file that is laid over the tables of the package (`claimtable learn` writes it).

Tab-separated, UTF-8. The first line names the format, further lines that start with `#` say where the weights come from; then
`target`, `name` and `add`: what is added to the weight of a line of `rules/data/subject_lines.tsv` (target `subject line`), of a
feature of `subject_features.tsv` (`subject feature`) or of one of `confidence_features.tsv` (`confidence`). Names that this version
does not have are passed over, so a file outlives an update.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from claimtable.errors import RuleError

FORMAT = "# claimtable weights 1"
"""First line of a file; the number goes up when its meaning changes."""
HEADER = ("target", "name", "add")
_REMEDY = "make it again with claimtable learn"
_LINE, _FEATURE, _CONFIDENCE = "subject line", "subject feature", "confidence"


@dataclass(frozen=True, slots=True)
class Weights:
    """What is added to the weights of the tables."""

    subject_lines: Mapping[str, float] = field(default_factory=dict)
    """By id of the line."""
    subject_features: Mapping[str, float] = field(default_factory=dict)
    confidence: Mapping[str, float] = field(default_factory=dict)
    """By feature, in log-odds."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is added."""
        return not (self.subject_lines or self.subject_features or self.confidence)

    @property
    def tag(self) -> str:
        """The first four hex digits of the SHA-256 of all that is added, "" where that is nothing: part of the column `rule`."""
        return "" if self.is_empty else hashlib.sha256("\n".join(_rows(self)).encode()).hexdigest()[:4]


def _rows(weights: Weights) -> list[str]:
    parts = (
        (_LINE, weights.subject_lines),
        (_FEATURE, weights.subject_features),
        (_CONFIDENCE, weights.confidence),
    )
    return [
        f"{target}\t{name}\t{add:.3f}"
        for target, added in parts
        for name, add in sorted(added.items())
        if f"{add:.3f}" not in ("0.000", "-0.000")
    ]


def weights_text(weights: Weights, notes: Sequence[str] = ()) -> str:
    """Return the file that holds the weights, with notes on where they come from."""
    head = [FORMAT, *(f"# {note}" for note in notes), "\t".join(HEADER)]
    return "".join(f"{line}\n" for line in (*head, *_rows(weights)))


def read_weights(path: str | Path) -> Weights:
    """Read a file of weights.

    Raises:
        RuleError: it cannot be read, or is no such file. The message names the line and the remedy.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise RuleError(f"{path} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise RuleError(f"{path} is no file of weights, as it is not UTF-8: {_REMEDY}") from error
    return parse_weights(text, str(path))


def parse_weights(text: str, name: str) -> Weights:
    """Return the weights that `weights_text` wrote.

    Args:
        text: content of the file.
        name: what messages call it.

    Raises:
        RuleError: it is no such file.
    """
    lines = text.splitlines()
    if not lines or lines[0].rstrip() != FORMAT:
        raise RuleError(f"{name} does not begin with {FORMAT!r}, the format that is read here: {_REMEDY}")
    rows = [(k, line.split("\t")) for k, line in enumerate(lines, 1) if line.strip() and line[0] != "#"]
    if not rows or tuple(rows[0][1]) != HEADER:
        raise RuleError(f"{name} has no header {' '.join(HEADER)}: {_REMEDY}")
    added: dict[str, dict[str, float]] = {_LINE: {}, _FEATURE: {}, _CONFIDENCE: {}}
    for number, cells in rows[1:]:
        value = _number(cells[-1])
        if len(cells) != len(HEADER) or cells[0] not in added or value is None:
            raise RuleError(
                f"{name}, line {number}: a line is one of {', '.join(added)}, a name, and a number: {_REMEDY}"
            )
        added[cells[0]][cells[1]] = value
    return Weights(added[_LINE], added[_FEATURE], added[_CONFIDENCE])


def _number(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
