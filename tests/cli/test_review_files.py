"""Tasks out and annotations in as files."""

import json

import pytest
from tests.review.people import CLAIMS, DOCUMENT, changed, shown, without
from tests.review.simulate import exported
from typer.testing import CliRunner

from claimtable.cli import app
from claimtable.schema import Document
from claimtable.store import Extraction, Store


def run(*arguments, code=0):
    result = CliRunner().invoke(app, ["review", *map(str, arguments)])
    assert result.exit_code == code, result.stderr
    return result.stderr


@pytest.fixture
def db(tmp_path):
    path = tmp_path / "claims.db"
    with Store.open(path) as store:
        for document in (DOCUMENT, Document("d2", "Nothing is claimed here.")):
            store.add_document(document)
            claims = CLAIMS if document is DOCUMENT else ()
            store.save_extraction(document, Extraction(claims), pipeline="test")
    return path


@pytest.fixture
def tasks(db, tmp_path):
    out = tmp_path / "tasks.json"
    run("export-tasks", "--db", db, "-o", out)
    return json.loads(out.read_text())


class Sent:
    """As much of a `ReviewTask` as `shown` looks at."""

    def __init__(self, task):
        self.result = task["predictions"][0]["result"]


def write(path, data):
    path.write_text(json.dumps(data))
    return path


def rows(db):
    with Store.open(db) as store:
        return {claim.claim_id: claim for claim in store.claims()}


def test_tasks_go_out_the_most_check_worthy_first_and_are_noted(db, tasks, tmp_path):
    assert [task["data"]["doc_id"] for task in tasks] == ["d1", "d2"]
    assert tasks[0]["predictions"][0]["result"]
    with Store.open(db) as store:
        assert {task.state for task in store.tasks(server="file:")} == {"pushed"}
    out = tmp_path / "one.json"
    run("export-tasks", "--db", db, "-o", out, "--query", "kind = 'prediction'", "--annotator", "ann")
    (one,) = json.loads(out.read_text())
    assert one["data"]["task_key"] != tasks[0]["data"]["task_key"]
    run("export-tasks", "--db", db, "-o", out, code=2)
    assert "unknown" in run(
        "export-tasks", "--db", db, "-o", out, "--force", "--documents", "unknown", code=1
    )


def test_annotations_come_in_once(db, tasks, tmp_path):
    items = shown(Sent(tasks[0]))
    edited = changed(without(items, "c2"), "c1", "unit", "textarea", {"text": ["RUB"]})
    one = write(tmp_path / "one.json", [exported(tasks[0], edited)])
    two = write(tmp_path / "two.json", [exported(tasks[0], items, number=2), exported(tasks[1], [])])
    said = run("import-annotations", "--db", db, one, two, "--reviewer", "1=ann@example.org")
    assert "1 new" in said and "2 new" in said
    before = rows(db)
    again = run("import-annotations", "--db", db, one, two, "--reviewer", "1=ann@example.org")
    assert "new" not in again.replace("0 new", "")
    assert rows(db) == before
    with Store.open(db) as store:
        assert {a.reviewer for a in store.annotations()} == {"ann@example.org", "user 2"}
        decisions = {(r.reviewer, r.claim_id): r.decision for r in store.reviews("d1")}
    assert decisions == {
        ("ann@example.org", "c1"): "corrected",
        ("ann@example.org", "c2"): "rejected",
        ("user 2", "c1"): "accepted",
        ("user 2", "c2"): "accepted",
    }


def test_without_the_prediction_silence_judges_nothing(db, tasks, tmp_path):
    items = without(shown(Sent(tasks[0])), "c2")
    path = write(tmp_path / "a.json", [exported(tasks[0], items, prediction=None)])
    run("import-annotations", "--db", db, path)
    assert {claim_id: row.status for claim_id, row in rows(db).items()} == {
        "c1": "accepted",
        "c2": "extracted",
    }


def test_skipped_is_not_reviewed(db, tasks, tmp_path):
    path = write(tmp_path / "a.json", [exported(tasks[0], [], was_cancelled=True)])
    run("import-annotations", "--db", db, path)
    assert {claim.status for claim in rows(db).values()} == {"extracted"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "is not JSON"),
        ('{"tasks": []}', "no list of tasks"),
        ('[{"id": 1, "annotator": 1, "annotation_id": 3, "text": "x"}]', "JSON-MIN"),
        ('[{"id": 1, "data": {"text": "x"}, "annotations": []}]', "not made by claimtable"),
        ('[{"id": 1, "data": {"text": "x"}}]', "no annotations"),
        ("[3]", "task 1"),
    ],
)
def test_a_broken_file_costs_itself_alone(db, tasks, tmp_path, content, words):
    broken = tmp_path / "broken.json"
    broken.write_text(content)
    good = write(tmp_path / "good.json", [exported(tasks[0], shown(Sent(tasks[0])))])
    said = run("import-annotations", "--db", db, broken, tmp_path / "none.json", good, code=1)
    assert words in said and str(broken) in said
    assert "none.json cannot be read" in said
    assert rows(db)["c1"].status == "accepted"


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (
            {"from_name": "label", "type": "labels", "value": {"start": 0, "end": 5, "labels": ["CLAIM"]}},
            "'CLAIM'",
        ),
        ({"from_name": "stance", "type": "choices", "value": {"choices": ["pro"]}}, "control stance"),
        (
            {"from_name": "verdict", "type": "choices", "value": {"choices": ["true"]}},
            "verdict 'true'",
        ),
        ({"type": "relation", "from_id": "a", "to_id": "b", "labels": ["of"]}, "relation of"),
        ({"from_name": "label", "type": "labels"}, "has no place in the text"),
    ],
)
def test_what_another_configuration_added_is_named_and_the_rest_is_read(db, tasks, tmp_path, item, words):
    result = [*shown(Sent(tasks[0])), {"id": "x", **item}]
    path = write(tmp_path / "a.json", [exported(tasks[0], result), exported(tasks[1], [])])
    said = run("import-annotations", "--db", db, path, code=1)
    assert words in said
    assert "2 new annotations" in said, "they are kept as they came"
    assert {claim.status for claim in rows(db).values()} == {"accepted"}


def test_a_text_that_is_not_here(db, tasks, tmp_path):
    task = exported(tasks[0], [])
    task["data"] = {**task["data"], "doc_sha256": "0" * 64}
    said = run("import-annotations", "--db", db, write(tmp_path / "a.json", [task]), code=1)
    assert "ingest the text that is meant" in said


@pytest.mark.parametrize("name", ["ann", "x=ann", "3="])
def test_a_reviewer_is_given_as_id_and_name(db, tmp_path, name):
    run("import-annotations", "--db", db, tmp_path / "a.json", "--reviewer", name, code=2)
