"""What the marks of a claim's parts say: a mark that was moved or made by hand corrects the cells that it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from claimtable.review.fields import plain
from claimtable.review.tasks import part_words
from claimtable.schema import (
    SAME_PLACE,
    Actor,
    Document,
    Offsets,
    Quantity,
    TimeExpression,
    overlap,
)

VALUE_COLUMNS = ("bound", "value", "value_low", "value_high", "unit")
TIME_COLUMNS = ("time_start", "time_end")
COLUMNS_OF = {
    "Subject": ("subject",),
    "Speaker": ("speaker",),
    "Quantity": VALUE_COLUMNS,
    "Time": TIME_COLUMNS,
}
"""Label of a part → the columns that are read from its place."""


class MentionSource(Protocol):
    """What is needed of a store to know what was extracted at a place."""

    def document(self, doc_id: str, *, sha256: str | None = None) -> Document: ...
    def actors(self, doc_id: str) -> list[Actor]: ...
    def mentions(self, doc_id: str, *, layer: str | None = None) -> Sequence[Any]: ...


class Extract(Protocol):
    """Extracts the quantities and times of a document."""

    def __call__(self, document: Document, around: Offsets) -> Sequence[Quantity | TimeExpression]:
        """Return those around a place."""


@dataclass(slots=True)
class PartReader:
    """Reads cells from places: what was extracted there, else what is extracted there now, else the words."""

    store: MentionSource | None = None
    extract: Extract | None = None
    """Runs the language pipeline; None leaves cells alone that only it could fill."""

    def columns(self, document: Document, label: str, places: Sequence[Offsets]) -> dict[str, Any]:
        """Return the cells that the part states: column → plain value, None for an empty one; empty where unknown."""
        if not places:
            return {}
        if label == "Subject":
            return {"subject": part_words(document.text, places)}
        if label == "Speaker":
            return {"speaker": self._name(document, places)}
        if label == "Quantity":
            quantity = self._mention(document, places, Quantity)
            return {} if quantity is None else _value(quantity)
        if label == "Time":
            time = self._mention(document, places, TimeExpression)
            if time is None:
                return {}
            return {
                "time_start": plain("time_start", time.range_start or time.time_start),
                "time_end": plain("time_end", time.range_end or time.time_end),
            }
        return {}

    def _name(self, document: Document, places: Sequence[Offsets]) -> str | None:
        """Return the full name of the actor who is mentioned there, else the words."""
        words = part_words(document.text, places)
        if self.store is None or not self._is_current(document):
            return words
        actors = self.store.actors(document.id)
        for place in places:
            for actor in actors:
                if any(overlap(mention, place) >= SAME_PLACE for mention in actor.mentions):
                    return actor.name
        return next((actor.name for actor in actors if words in actor.aliases), words)

    def _mention(self, document: Document, places: Sequence[Offsets], kind: type[Any]) -> Any:
        place = (places[0][0], places[-1][1])
        found: list[Any] = []
        if self.store is not None and self._is_current(document):
            found = [one for one in self.store.mentions(document.id) if isinstance(one, kind)]
        best = _best(found, place)
        if best is None and self.extract is not None:
            best = _best([one for one in self.extract(document, place) if isinstance(one, kind)], place)
        return best

    def _is_current(self, document: Document) -> bool:
        assert self.store is not None
        return self.store.document(document.id).sha256 == document.sha256


def _best(mentions: Sequence[Any], place: Offsets) -> Any:
    """Return the mention that fits the place best, None where none is about there."""
    inside = [
        one
        for one in mentions
        if overlap((one.start, one.end), place) >= SAME_PLACE or place[0] <= one.start < one.end <= place[1]
    ]
    return max(inside, key=lambda one: overlap((one.start, one.end), place), default=None)


def _value(quantity: Quantity) -> dict[str, Any]:
    factor = 1.0 if quantity.factor is None else quantity.factor
    unit = quantity.unit if quantity.table_unit is None else quantity.table_unit

    def scaled(number: float | None) -> float | None:
        return None if number is None else number * factor

    return {
        "bound": quantity.bound,
        "value": plain("value", scaled(quantity.value)),
        "value_low": plain("value_low", scaled(quantity.value_low)),
        "value_high": plain("value_high", scaled(quantity.value_high)),
        "unit": plain("unit", unit),
    }
