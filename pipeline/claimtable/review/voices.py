"""What several people said of a disputed claim, side by side, for the one who decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class Said(Protocol):
    """What one reviewer says of one field."""

    @property
    def reviewer(self) -> str: ...
    @property
    def value(self) -> Any: ...


class Conflict(Protocol):
    """A claim on which reviewers disagree, as the store has it."""

    @property
    def doc_id(self) -> str: ...
    @property
    def claim_id(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def fields(self) -> Mapping[str, Sequence[Said]]: ...


def voices(conflict: Conflict) -> str:
    """Return a line for a claim: each disputed cell with everybody's value."""
    parts = []
    for name, said in conflict.fields.items():
        values = " / ".join(f"{one.reviewer}: {_words(one.value)}" for one in said)
        parts.append(f"{name.replace('_', ' ')}: {values}")
    return "In dispute: " + "; ".join(parts)


def _words(value: Any) -> str:
    if value is None:
        return "(empty)"
    return f"{value:,.12g}" if isinstance(value, int | float) else " ".join(str(value).split())
