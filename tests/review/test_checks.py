import copy
from dataclasses import replace
from xml.etree import ElementTree

import pytest
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
    "other words": (lambda items: set_value(items, text="nonsense"), "other words"),
    "label": (lambda items: set_value(items, labels=["Irony"]), "Irony"),
    "id": (lambda items: [*items, items[0]], "two items label with the id"),
    "orphan": (lambda items: items[1:], "belongs to no label"),
    "dangling": (lambda items: [*items, relation("x", items[0]["id"])], "not there"),
    "relation": (lambda items: [*items, relation(items[0]["id"], items[-1]["to_id"], "irony")], "irony"),
    "doubled": (lambda items: [*items, items[-1]], "two relations"),
}


def relation(start, end, label="cue"):
    return {"type": "relation", "from_id": start, "to_id": end, "direction": "right", "labels": [label]}


@pytest.mark.parametrize("case", CASES)
def test_what_the_server_would_take_without_a_word(case):
    change, words = CASES[case]
    assert any(words in problem for problem in check_task(broken(change), CONFIG)), check_task(
        broken(change), CONFIG
    )


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
