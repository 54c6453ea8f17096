"""A labelling configuration that somebody changed: what its screen could not show is no answer, what it has more is said."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.review.people import CLAIMS, DOCUMENT, NAMES, changed, exported, shown, task, without
from typer.testing import CliRunner

from claimtable.cli import app
from claimtable.review.annotations import Context, read_task
from claimtable.review.checks import missing_from
from claimtable.review.configuration import Lacking, lacking_in
from claimtable.review.fields import labelling_config
from claimtable.store import Extraction, Store

OURS = labelling_config()
SHOWN = (
    replace(CLAIMS[0], change="flat", cue="said", verdict="refuted", status="corrected", speaker="Kremlin"),
    replace(CLAIMS[1], status="rejected"),
)
"""As two claims stand after a first reviewer, of what was extracted."""


def dropped(items, lacking):
    """What a screen sends back that knows nothing of these."""

    def is_there(item):
        value = item.get("value", {})
        words = (*value.get("labels", ()), *value.get("choices", ()))
        names = {f"control {item.get('from_name')}", *(f"{item.get('from_name')} {word!r}" for word in words)}
        return not names & lacking

    kept = [item for item in items if is_there(item)]
    there = {item["id"] for item in kept if "labels" in item.get("value", {})}
    return [
        item
        for item in kept
        if item["type"] != "relation" or {item["from_id"], item["to_id"]} <= there
        if item["type"] == "relation" or item["id"] in there
    ]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ('<Number name="value" ', '<Number name="figure" '),
        ('name="subject"', 'name="about"'),
        ('<Choice value="flat" hotkey="alt+shift+k"/>', ""),
        ('name="verdict"', 'name="finding"'),
        ('name="decision"', 'name="judgement"'),
        ('<Choice value="wrong" hotkey="2"/>', '<Choice value="false" hotkey="2"/>'),
        ('<Label value="Cue"', '<Label value="Verb"'),
        ('<Label value="Claim"', '<Label value="Statement"'),
        ('<Relation value="cue"/>', ""),
    ],
)
def test_what_the_screen_lacked_stands_as_it_was_sent(ours, theirs):
    lacking = frozenset(missing_from(OURS.replace(ours, theirs), OURS))
    assert lacking
    from claimtable.review.tasks import make_tasks

    (made,) = make_tasks(
        DOCUMENT, SHOWN, before={c.claim_id: replace(c, cue="said") for c in CLAIMS}, extractor="v1"
    )
    submissions = [
        next(
            iter(
                read_task(
                    exported(made, items),
                    DOCUMENT,
                    Context(
                        "file:x", NAMES, claims=made.claims, lacking=Lacking(known), on_problem=pytest.fail
                    ),
                )
            )
        )
        for items, known in ((shown(made), frozenset()), (dropped(shown(made), lacking), lacking))
    ]
    full, less = ({r.claim_id: (r.decision, r.fields, r.verdict) for r in one.reviews} for one in submissions)
    assert full["c1"][0] == "corrected" and full["c1"][2] == "refuted"
    assert full["c2"][0] == "rejected"
    # Without the marks of claims nothing is said; else the same as by a screen that has all.
    assert less == ({} if "label 'Claim'" in lacking else full)


@pytest.fixture
def db(tmp_path):
    path = tmp_path / "claims.db"
    with Store.open(path) as store:
        store.add_document(DOCUMENT)
        store.save_extraction(DOCUMENT, Extraction(CLAIMS), pipeline="test")
    return path


def take(db, *results, code):
    path = db.with_name("export.json")
    path.write_text(json.dumps([exported(task(), *results)]))
    result = CliRunner().invoke(app, ["review", "import-annotations", str(path), "--db", str(db)])
    assert result.exit_code == code, result.output
    with Store.open(db) as store:
        states = {c.claim_id: (c.status, c.value, c.verdict) for c in store.claims()}
        return " ".join(result.output.split()), states, list(store.annotations())


def test_an_import_says_what_the_configuration_has_more_and_takes_the_rest(db):
    items = changed(shown(task()), "c1", "verdict", "choices", {"choices": ["pants on fire"]})
    items = changed(items, "c2", "topic", "choices", {"choices": ["trade"]})
    words, states, (annotation,) = take(db, items, code=1)
    assert "the labelling configuration of the project was changed" in words
    assert "has control topic, verdict 'pants on fire', which are kept as they came and not read" in words
    assert states == {"c1": ("accepted", 34e6, None), "c2": ("accepted", 1e9, None)}
    # Kept as it came, and nowhere outside the documented values.
    assert "pants on fire" in json.dumps(annotation.result)


def test_an_import_takes_no_missing_control_for_an_emptied_one(db):
    without_values = [i for i in shown(task()) if i.get("from_name") != "value"]
    words, states, _ = take(db, without_values, without_values, code=1)
    assert "seems to lack control value, which stay as they were" in words
    assert states == {"c1": ("accepted", 34e6, None), "c2": ("accepted", 1e9, None)}


def test_what_one_person_emptied_is_emptied(db):
    items = [i for i in shown(task()) if i.get("from_name") != "value"]
    _, states, _ = take(db, items, code=0)
    assert states == {"c1": ("corrected", None, None), "c2": ("corrected", None, None)}


def test_claims_that_all_were_deleted_are_rejected_unless_their_label_was_renamed(db):
    none = without(without(shown(task()), "c1"), "c2")
    _, states, _ = take(db, none, none, code=0)
    assert {state for state, *_ in states.values()} == {"rejected"}
    place = {"start": 0, "end": 10, "labels": ["Statement"]}
    other = {"id": "n", "from_name": "label", "to_name": "text", "type": "labels", "value": place}
    raw = exported(task(), [*none, other], [*none, other])
    assert lacking_in([raw]).label("Claim")
