import copy
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from label_studio_sdk.label_interface.interface import LabelInterface
from tests.review.test_annotations import CLAIMS, DOCUMENT

from claimtable.errors import ReviewError
from claimtable.review.checks import check_task, missing_from
from claimtable.review.fields import CHOICES, CONTROLS, LABELS, PARTS, labelling_config
from claimtable.review.tasks import make_tasks

CONFIG = labelling_config()


def broken(change):
    (task,) = make_tasks(DOCUMENT, CLAIMS, extractor="v1")
    items = copy.deepcopy(list(task.result))
    return replace(task, result=tuple(change(items) or items))


def set_value(items, **value):
    items[0]["value"] |= value


CASES = {
    "outside": (lambda items: set_value(items, end=10_000), "outside the text"),
    "empty": (lambda items: set_value(items, end=items[0]["value"]["start"]), "outside the text"),
    "other words": (lambda items: set_value(items[-1:], text="nonsense"), "other words"),
    "label": (lambda items: set_value(items, labels=["Irony"]), "Irony"),
    "id": (lambda items: [*items, items[0]], "two items label with the id"),
    "orphan": (lambda items: items[1:], "belongs to no label"),
    "dangling": (lambda items: [*items, relation("x", items[0]["id"])], "not there"),
    "relation": (lambda items: [*items, relation(items[0]["id"], items[-1]["id"], "irony")], "irony"),
    "doubled": (lambda items: [*items, *2 * [relation(items[0]["id"], items[-1]["id"])]], "two relations"),
}


def relation(start, end, label="cue"):
    return {"type": "relation", "from_id": start, "to_id": end, "direction": "right", "labels": [label]}


@pytest.mark.parametrize("case", CASES)
def test_what_the_server_would_take_without_a_word(case):
    change, words = CASES[case]
    assert any(words in problem for problem in check_task(broken(change), CONFIG)), check_task(
        broken(change), CONFIG
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda item: item["value"].update(labels=["Irony"]),
        lambda item: item["value"].update(labels="Claim"),
        lambda item: item.update(from_name="irony"),
        lambda item: item.update(to_name="irony"),
        lambda item: item.update(type="choices"),
    ],
)
def test_what_the_sdk_finds_is_found(change):
    task = broken(lambda items: change(items[0]))
    assert LabelInterface(CONFIG).validate_prediction(task.prediction(), return_errors=True)
    assert check_task(task, CONFIG)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("label", {"labels": []}),
        ("kind", {"choices": ["irony"]}),
        ("kind", {"choices": []}),
        ("value", {"number": "many"}),
        ("unit", {"text": "USD"}),
        ("unit", {"text": [5]}),
        ("time_start", {"datetime": 2018}),
    ],
)
def test_a_field_that_cannot_be_shown(name, value):
    """Some of these the SDK lets pass."""
    (task,) = make_tasks(DOCUMENT, CLAIMS, extractor="v1")
    place = {"start": task.result[0]["value"]["start"], "end": task.result[0]["value"]["end"]}
    kind = CONTROLS.get(name, "labels")
    item = {"id": task.result[0]["id"], "from_name": name, "to_name": "text", "type": kind}
    others = [i for i in task.result if (i.get("id"), i.get("from_name")) != (item["id"], name)]
    problems = check_task(replace(task, result=(*others, {**item, "value": place | value})), CONFIG)
    assert [problem for problem in problems if problem.startswith(f"{name} of")]


def test_a_sound_task_passes():
    assert check_task(broken(lambda items: None), CONFIG) == []


def test_the_configuration_and_the_code_name_the_same():
    root = ElementTree.fromstring(CONFIG)
    assert tuple(label.get("value") for label in root.iter("Label")) == LABELS
    assert {relation.get("value") for relation in root.iter("Relation")} == {part.lower() for part in PARTS}
    tags = {"choices": "Choices", "textarea": "TextArea", "number": "Number", "datetime": "DateTime"}
    for name, kind in CONTROLS.items():
        (control,) = [tag for tag in root.iter(tags[kind]) if tag.get("name") == name]
        assert control.get("perRegion") == "true"
        if name in CHOICES:
            assert [choice.get("value") for choice in control] == list(CHOICES[name].values())


def test_what_a_server_lacks_is_named():
    assert missing_from(CONFIG, CONFIG) == []
    without = CONFIG.replace('<Label value="Cue"', '<Label value="Irony"').replace(
        '<Relation value="cue"/>', ""
    )
    assert missing_from(without, CONFIG) == ["label 'Cue'", "relation cue"]


def test_a_configuration_that_is_none():
    with pytest.raises(ReviewError, match="cannot be read"):
        missing_from("<View>", CONFIG)
