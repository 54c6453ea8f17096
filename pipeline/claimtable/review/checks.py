"""What is wrong with a task before it is sent: the server itself checks next to nothing.

A dangling relation gives annotators a blank page, two regions of one id are merged into one, and a place outside the
text or a label that the configuration doesn't have are taken without a word. The SDK has checks of its own, which cost
more than all else in a push, as they hold each label against all other items; a test says that ours find as much.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from claimtable.errors import ReviewError
from claimtable.review.fields import LABEL_CONTROL
from claimtable.review.tasks import ReviewTask

if TYPE_CHECKING:
    from label_studio_sdk.label_interface.interface import LabelInterface


def check_task(task: ReviewTask, config: str) -> list[str]:
    """Return what is wrong with the task under a labelling configuration, in words; empty where it can be sent."""
    problems = list(_check_items(task.result, task.data["text"], _relation_labels(config)))
    controls = _controls(config)
    for item in task.result:
        if item["type"] != "relation":
            problems += _check_value(item, controls)
    if not 0.0 <= task.check_worthiness <= 1.0:
        problems.append(f"a score of {task.check_worthiness}, which is not between 0 and 1")
    return problems


def missing_from(config: str, ours: str) -> list[str]:
    """Return what of our labelling configuration a server's one lacks: labels, relations, controls, choices.

    What a server's one has beyond ours is nobody's concern.
    """
    return sorted(_names(ours) - _names(config))


def _names(config: str) -> set[str]:
    interface = _interface(config)
    names = {f"relation {name}" for name in _relation_labels(config)}
    for control in interface.controls:
        names.add(f"control {control.name}")
        names |= {f"{control.name} {value!r}" for value in control.labels}
    return names


@cache
def _relation_labels(config: str) -> frozenset[str]:
    return frozenset(
        relation.get("value", "") for relation in ElementTree.fromstring(config).iter("Relation")
    )


@dataclass(frozen=True, slots=True)
class _Control:
    kind: str
    """The type of its items."""
    objects: frozenset[str]
    """What it may be put on."""
    words: frozenset[str]
    """Its labels or choices."""


@cache
def _controls(config: str) -> dict[str, _Control]:
    return {
        control.name: _Control(control.tag.lower(), frozenset(control.to_name), frozenset(control.labels))
        for control in _interface(config).controls
    }


def _check_value(item: Mapping[str, Any], controls: Mapping[str, _Control]) -> Iterator[str]:
    name, region, value = item["from_name"], item["id"], item["value"]
    control = controls.get(name)
    if control is None:
        yield f"{name} of {region}: there is no such control"
        return
    if item["type"] != control.kind or item["to_name"] not in control.objects:
        yield f"{name} of {region} is {item['type']} on {item['to_name']}, which the control is not"
        return
    content = value.get("text" if control.kind == "textarea" else control.kind)
    if control.kind == "number":
        fits = isinstance(content, int | float) and not isinstance(content, bool)
    elif control.kind == "datetime":
        fits = isinstance(content, str)
    else:
        fits = isinstance(content, list) and content != [] and all(isinstance(each, str) for each in content)
        if fits and control.kind != "textarea":
            fits = control.words.issuperset(content)
    if not fits:
        yield f"{name} of {region} cannot be {content!r}"


def _check_items(items: Iterable[Mapping[str, Any]], text: str, relations: frozenset[str]) -> Iterator[str]:
    labelled: set[str] = set()
    seen: set[tuple[str, str]] = set()
    pairs: set[tuple[str, str]] = set()
    of_marks: set[tuple[str, str]] = set()
    places: dict[str, tuple[int, int]] = {}
    for item in items:
        if item["type"] == "relation":
            pair = (item["from_id"], item["to_id"])
            if pair in pairs:
                yield f"two relations from {pair[0]} to {pair[1]}"
            pairs.add(pair)
            yield from (
                f"relation {label!r} is not configured" for label in item["labels"] if label not in relations
            )
            continue
        region, name, value = item["id"], item["from_name"], item["value"]
        if (region, name) in seen:
            yield f"two items {name} with the id {region}"
        seen.add((region, name))
        if "start" not in value:
            # Of the task, not of a mark.
            continue
        of_marks.add((region, name))
        start, end = value["start"], value["end"]
        if not 0 <= start < end <= len(text):
            yield f"{name} of {region} at {start}-{end} lies outside the text of {len(text)} code points"
        elif places.setdefault(region, (start, end)) != (start, end):
            yield f"{name} of {region} stands at another place than its label"
        elif (
            isinstance(value.get("text"), str)
            and value["text"] != text[start:end]
            and value.get("labels") != ["Claim"]
        ):
            yield f"{name} of {region} at {start}-{end} holds other words than the text has there"
        if name == LABEL_CONTROL:
            labelled.add(region)
    yield from (
        f"{name} of {region} belongs to no label"
        for region, name in sorted(of_marks)
        if region not in labelled
    )
    yield from (
        f"a relation with {region}, which is not there"
        for region in sorted({end for pair in pairs for end in pair} - labelled)
    )


@cache
def _interface(config: str) -> LabelInterface:
    from label_studio_sdk.label_interface.interface import LabelInterface

    try:
        return LabelInterface(config)
    except Exception as error:
        raise ReviewError(f"the labelling configuration cannot be read: {error}") from error
