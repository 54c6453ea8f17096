"""What marks an event as predicted: one piece of evidence for each word or phrase that does."""

from __future__ import annotations

from dataclasses import dataclass

from claimtable.schema import Quantity


@dataclass(frozen=True, slots=True)
class Evidence:
    """A trigger with the event that it predicts. Token indices."""

    event: int
    anchor: int
    """Head of the clause that makes the prediction: the trigger's own, where that is above the event."""
    trigger: int
    rule: str
    """Class and id of the trigger's line in the lexicon."""
    modality: tuple[int, ...] = ()
    """Words that carry certainty; none for the bare future."""
    negated: bool = False
    subject: int | None = None
    """Head of what the event is about, where that is not the event's own subject."""
    figure: Quantity | None = None
    """The share that says how probable the event is."""
