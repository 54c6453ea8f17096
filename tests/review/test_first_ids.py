"""Ids of claims as the first versions wrote them, a hash without a letter: databases, exports and commands go on working."""

import json
from dataclasses import replace

import pytest
from tests.review.people import CLAIMS, DOCUMENT, changed, without
from tests.review.simulate import exported
from typer.testing import CliRunner

from claimtable.cli import app
from claimtable.review import annotations, regions
from claimtable.schema import claim_id_from, first_claim_id, new_claim_id
from claimtable.store import Extraction, Store, database

FIRST, SECOND = "12e4567890123456", "aaaa567890123456"
OLD = (
    replace(CLAIMS[0], claim_id=FIRST, section="body"),
    replace(CLAIMS[1], claim_id=SECOND, section="body"),
)


def run(*arguments, code=0):
    result = CliRunner().invoke(app, [*map(str, arguments)])
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture(params=["article", "claim"])
def old(request, tmp_path, monkeypatch):
    """A database of an earlier version with one review, its tasks as they were sent, and the export of that review."""
    path, sent, export = tmp_path / "claims.db", tmp_path / "tasks.json", tmp_path / "export.json"
    # Columns that came later are none of the matter.
    known = {name: sql for name, sql in database.migrations().items() if name != "0005_claim_ids"}
    with monkeypatch.context() as earlier:
        earlier.setattr(database, "migrations", lambda: known)
        for module in (annotations, regions):
            earlier.setattr(module, "claim_id_from", lambda claim_id: claim_id)
        with Store.open(path) as store:
            store.add_document(DOCUMENT)
            store.save_extraction(DOCUMENT, Extraction(OLD), pipeline="test")
        run("review", "export-tasks", "--db", path, "-o", sent, "--by", request.param)
        tasks = json.loads(sent.read_text())
        items = list(tasks[0]["predictions"][0]["result"])
        if request.param == "article":
            items = changed(items, FIRST, "unit", "textarea", {"text": ["RUB"]})
        else:
            items.append(
                {
                    "id": "d",
                    "from_name": "decision",
                    "to_name": "text",
                    "type": "choices",
                    "value": {"choices": ["right"]},
                }
            )
        export.write_text(json.dumps([exported(tasks[0], items, 1)]))
        run("review", "import-annotations", "--db", path, export)
        with Store.open(path) as store:
            assert {claim.claim_id for claim in store.claims()} == {FIRST, SECOND}
    return path, tasks, export


def test_a_database_keeps_what_was_said(old):
    path, tasks, _ = old
    with Store.open(path) as store:
        rows = {claim.claim_id: claim for claim in store.claims()}
        assert set(rows) == {"c" + FIRST, "c" + SECOND}
        assert rows["c" + FIRST].reviewer == "user 1"
        assert next(review.claim_id for review in store.reviews("d1")) == "c" + FIRST
        task = store.task(tasks[0]["data"]["task_key"])
        assert task.claims[0].claim_id == "c" + FIRST
        assert store.extracted_claims("d1").__next__().claim_id == "c" + FIRST
        for annotation in store.annotations():
            assert annotation.shown is not None and {*annotation.shown} <= set(rows)
        # Extracted again, the row is the one that was reviewed.
        again = tuple(replace(claim, claim_id="c" + claim.claim_id, predicate="be") for claim in OLD)
        store.save_extraction(DOCUMENT, Extraction(again), pipeline="newer")
        (kept,) = [claim for claim in store.claims() if claim.claim_id == "c" + FIRST]
        assert (kept.reviewer, kept.status) == ("user 1", rows["c" + FIRST].status)


def test_the_same_export_is_nothing_new(old):
    path, _, export = old
    said = run("review", "import-annotations", "--db", path, export)
    assert "0 new annotations, 0 changed, 1 known already" in said


def test_a_task_that_was_out_comes_back(old, tmp_path):
    path, tasks, _ = old
    items = list(tasks[0]["predictions"][0]["result"])
    one_claim = "claim_id" in tasks[0]["data"]
    items = (
        [
            *items,
            {
                "id": "d",
                "from_name": "decision",
                "to_name": "text",
                "type": "choices",
                "value": {"choices": ["wrong"]},
            },
        ]
        if one_claim
        else without(items, SECOND)
    )
    export = tmp_path / "second.json"
    export.write_text(json.dumps([exported(tasks[0], items, 2)]))
    run("review", "import-annotations", "--db", path, export)
    with Store.open(path) as store:
        said = {
            review.claim_id: review.decision for review in store.reviews("d1") if review.reviewer == "user 2"
        }
    assert said["c" + (FIRST if one_claim else SECOND)] == "rejected"


def test_tasks_keep_their_keys_and_marks(old, tmp_path):
    path, tasks, _ = old
    out = tmp_path / "again.json"
    run(
        "review",
        "export-tasks",
        "--db",
        path,
        "-o",
        out,
        "--by",
        "claim" if "claim_id" in tasks[0]["data"] else "article",
    )
    again = json.loads(out.read_text())
    assert {task["data"]["task_key"] for task in again} == {task["data"]["task_key"] for task in tasks}
    marks = [
        {
            item["id"]
            for task in some
            for item in task["predictions"][0]["result"]
            if item.get("type") == "labels"
        }
        for some in (tasks, again)
    ]
    assert marks[0] == marks[1]


@pytest.mark.parametrize("given", [SECOND, "c" + SECOND, SECOND[:6], "c" + SECOND[:6]])
def test_commands_take_both(old, given):
    path = old[0]
    assert f"c{SECOND}: supported" in run("resolve", given, "true", "--reviewer", "bo", "--db", path)
    assert "already" in run("resolve", SECOND, "true", "--reviewer", "bo", "--db", path)
    run("documents", "show", given, "--db", path)


def test_an_id_is_read_as_no_number():
    made = new_claim_id("a", 1)
    assert made[0] == "c" and claim_id_from(first_claim_id(made)) == made and len(made) == 17
    assert claim_id_from("by-hand") == first_claim_id("by-hand") == "by-hand"
