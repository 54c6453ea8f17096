"""What a labelling configuration that somebody changed adds to what people said, and what it takes away.

What the screen could not show is no answer: where a control, a choice or a label was missing, what was sent stands. What
the configuration has beyond ours is kept as it came, said, and read as nothing.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from claimtable.review.claim_cells import CELLS
from claimtable.review.fields import (
    CHOICES,
    CLAIM_CONTROLS,
    CONTROLS,
    LABEL_CONTROL,
    LABELS,
    PARTS,
    TEXT_COLUMNS,
    VALUES,
    words_of,
)

FEWEST = 3
"""Times that a control was filled in and never came back, from which on it is taken to be missing. Hand-set: less may be
what somebody emptied."""

Raw = Mapping[str, Any]
_LABEL_OF = {column: label for label, column in TEXT_COLUMNS.items()}
_RELATIONS = frozenset(part.lower() for part in PARTS)


@dataclass(frozen=True, slots=True)
class Lacking:
    """What of our labelling configuration the screen lacked."""

    names: frozenset[str] = frozenset()
    """As `checks.missing_from` names them: `control value`, `change 'flat'`, `label 'Cue'`, `relation cue`."""

    def label(self, label: str) -> bool:
        """Return whether marks of this label, or their ties, could not come back."""
        return bool(self.names & {f"label {label!r}", f"relation {label.lower()}", "control label"})

    def cell(self, column: str, value: Any) -> bool:
        """Return whether a column could not come back with this value."""
        if column in _LABEL_OF:
            return self.label(_LABEL_OF[column])
        word = CHOICES.get(column, {}).get(value, value)
        return bool(self.names & {f"control {column}", f"{column} {word!r}"})

    def restore(self, said: dict[str, Any], shown: Mapping[str, Any]) -> None:
        """Have what was shown stand where it could not come back."""
        for column, value in shown.items() if self.names else ():
            if said.get(column) is None and self.cell(column, value):
                said[column] = value


def unknown_in(items: Iterable[Raw]) -> Iterator[str]:
    """Yield the labels, relations, controls and choices of an annotation that are not of our configuration."""
    for item in items:
        value = item.get("value") or {}
        name = str(item.get("from_name"))
        if item.get("type") == "relation":
            labels = words_of(item.get("labels") or [])
            yield from (f"relation {one}" for one in labels if one not in _RELATIONS)
        elif name == LABEL_CONTROL:
            yield from (f"label {one!r}" for one in words_of(value.get("labels") or []) if one not in LABELS)
        elif name not in CONTROLS and name not in CELLS:
            yield f"control {name}"
        elif name in VALUES and "choices" in value:
            known = {CHOICES.get(name, {}).get(one, one) for one in VALUES[name]}
            yield from (f"{name} {one!r}" for one in words_of(value["choices"]) if one not in known)


def controls_beyond_ours(annotations: Iterable[Any]) -> set[str]:
    """Return the controls that annotations were answered with and that our configuration doesn't have."""
    found: set[str] = set()
    for annotation in annotations:
        with contextlib.suppress(AttributeError, TypeError, ValueError):
            # What is malformed is said where it is read.
            found |= {
                name for name in unknown_in(annotation.get("result") or ()) if name.startswith("control ")
            }
    return found


def lacking_in(tasks: Iterable[Any]) -> Lacking:
    """Return what the configuration seems to have lacked that tasks of an export were answered with.

    An export doesn't hold the configuration: a control is missing that was filled in several times, and came back
    never; a label, where there are unknown ones in its place.
    """
    shown: Counter[str] = Counter()
    came: Counter[str] = Counter()
    unknown = False
    with contextlib.suppress(AttributeError, TypeError, ValueError):
        # What is malformed is said where it is read.
        for result, sent in _answers(tasks):
            unknown = unknown or any(name.startswith("label ") for name in unknown_in(result))
            came.update(_names(result))
            shown.update(_names(sent))
    missing = {name for name, times in shown.items() if times >= FEWEST and not came[name]}
    return Lacking(frozenset(name for name in missing if unknown or not name.startswith("label ")))


def _answers(tasks: Iterable[Any]) -> Iterator[tuple[list[Any], list[Any]]]:
    """Yield the items of each annotation that judges, with those that its person was shown."""
    for task in tasks:
        if not isinstance(task, Mapping) or (task.get("data") or {}).get("claim_id"):
            continue
        for annotation in task.get("annotations") or ():
            if isinstance(annotation, Mapping) and not annotation.get("was_cancelled"):
                prediction = annotation.get("prediction")
                sent = prediction.get("result") if isinstance(prediction, Mapping) else None
                result = list(annotation.get("result") or ())
                marks = {item.get("id") for item in result if item.get("from_name") == LABEL_CONTROL}
                # With a mark that was deleted all its fields are.
                left = [i for i in sent or () if i.get("from_name") == LABEL_CONTROL or i.get("id") in marks]
                yield result, left


def _names(items: Iterable[Raw]) -> Iterator[str]:
    for item in items:
        name, value = str(item.get("from_name")), item.get("value") or {}
        if name == LABEL_CONTROL:
            yield from (f"label {one!r}" for one in words_of(value.get("labels") or []))
        elif name in CLAIM_CONTROLS:
            yield f"control {name}"
