"""Push, annotate, pull, with a real Label Studio."""

from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from tests.review import strategies
from tests.review.conftest import article
from tests.review.exchange import receive, remote_tasks, send, submit

from claimtable.errors import ReviewError
from claimtable.review import push
from claimtable.review.exchange import known_projects, setup
from claimtable.review.tasks import claim_region
from claimtable.store import Extraction, Store

pytestmark = pytest.mark.label_studio
UNTOUCHED = ("status", "reviewer", "reviewed_at")


def rows(store, **blank):
    return [replace(claim, **dict.fromkeys(UNTOUCHED)) for claim in store.claims()]


def test_submitted_unchanged_every_claim_is_accepted_and_equal(store, connect, title):
    client = connect()
    setup(store, client, title)
    before = rows(store)
    assert send(store, client, title).sent == 6
    tasks = remote_tasks(store, client, title)
    for task in tasks.values():
        submit(client, task)
    assert receive(store, client, title).new == 6
    assert rows(store) == before
    assert {claim.status for claim in store.claims()} == {"accepted"}
    assert {claim.reviewer for claim in store.claims()} == {"admin@localhost.local"}
    assert all(not review.fields for review in store.reviews())
    assert {task.remote_id for task in store.tasks()} == {str(task["id"]) for task in tasks.values()}
    for task in store.tasks():
        assert task.remote_id == str(tasks[task.task_key]["id"])


def test_again_is_safe(store, connect, title):
    client = connect()
    assert setup(store, client, title) == setup(store, client, title)
    send(store, client, title)
    again = send(store, client, title)
    assert (again.sent, again.unchanged) == (0, 6)
    for task in remote_tasks(store, client, title).values():
        submit(client, task)
    assert receive(store, client, title).new == 6
    again = receive(store, client, title)
    assert (again.new, again.changed) == (0, 0)
    again = receive(store, client, title, everything=True)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 6)


def test_the_most_check_worthy_come_first(store, connect, title):
    client = connect()
    setup(store, client, title)
    send(store, client, title, top=6)
    tasks = sorted(remote_tasks(store, client, title).values(), key=lambda task: task["id"])
    assert [task["data"]["doc_id"] for task in tasks] == ["d5", "d4"]
    send(store, client, title, query="value = 1e9")
    assert {task["data"]["doc_id"] for task in remote_tasks(store, client, title).values()} == {
        "d5",
        "d4",
        "d0",
    }
    send(store, client, title, documents=["d2"])
    assert len(remote_tasks(store, client, title)) == 4


def change_field(items, name, content):
    for item in items:
        if item.get("from_name") == name and item["id"] == claim_region(f"c{0:08x}{1:08x}"):
            item["value"] |= content
    return items


def without(items, region):
    return [i for i in items if region not in (i.get("id"), i.get("from_id"))]


def test_edits_come_back_as_these_edits(store, connect, title):
    client = connect()
    setup(store, client, title)
    send(store, client, title, documents=["d0"])
    (task,) = remote_tasks(store, client, title).values()
    first = claim_region(f"c{0:08x}{0:08x}")

    def change(items):
        return change_field(without(items, first), "unit", {"text": ["EUR"]})

    submit(client, task, change)
    receive(store, client, title)
    reviews = {review.claim_id: review for review in store.reviews("d0")}
    assert [(reviews[f"c{0:08x}{n:08x}"].decision, reviews[f"c{0:08x}{n:08x}"].fields) for n in range(3)] == [
        ("rejected", {}),
        ("corrected", {"unit": "EUR"}),
        ("accepted", {}),
    ]


def test_skipped_empty_draft_and_not_reviewed_are_four_things(store, connect, title):
    client = connect()
    setup(store, client, title)
    send(store, client, title)
    tasks = sorted(remote_tasks(store, client, title).values(), key=lambda task: task["id"])
    submit(client, tasks[0], was_cancelled=True)
    submit(client, tasks[1], lambda items: [])
    wrapper = client._sdk._client_wrapper.httpx_client
    wrapper.request(f"api/tasks/{tasks[2]['id']}/drafts", method="POST", json={"result": [], "lead_time": 1})
    receive(store, client, title)
    assert {a.doc_id: a.outcome for a in store.annotations()} == {"d5": "skipped", "d4": "submitted"}
    assert not list(store.reviews("d5"))
    statuses = {claim.doc_id: claim.status for claim in store.claims()}
    assert statuses == {"d5": "extracted", "d4": "rejected"} | dict.fromkeys(
        ("d0", "d1", "d2", "d3"), "extracted"
    )


def test_an_edited_annotation_is_another_revision(store, connect, title):
    client = connect()
    setup(store, client, title)
    send(store, client, title, documents=["d0"])
    (task,) = remote_tasks(store, client, title).values()
    made = submit(client, task)
    receive(store, client, title)
    client._sdk.annotations.update(made.id, result=[])
    assert receive(store, client, title).changed == 1
    assert {review.decision for review in store.reviews()} == {"rejected"}
    assert len(list(store.reviews(all_revisions=True))) == 6


def test_a_deleted_annotation_is_withdrawn_and_stays_in_the_history(store, connect, title):
    client = connect()
    setup(store, client, title)
    send(store, client, title, documents=["d0", "d1"])
    made = {}
    for task in remote_tasks(store, client, title).values():
        made[task["data"]["doc_id"]] = submit(client, task), submit(client, task, lambda items: [])
    assert receive(store, client, title).withdrawn == 0
    assert {c.status for c in store.claims(doc_ids=["d0", "d1"])} == {"rejected"}
    client._sdk.annotations.delete(made["d0"][1].id)
    for each in made["d1"]:
        client._sdk.annotations.delete(each.id)
    counts = receive(store, client, title)
    assert (counts.withdrawn, counts.changed) == (3, 0)
    assert {c.status for c in store.claims(doc_ids=["d0"])} == {"accepted"}
    assert {c.status for c in store.claims(doc_ids=["d1"])} == {"extracted"}
    assert len(list(store.reviews())) == 3
    assert len(list(store.reviews(all_revisions=True))) == 12
    assert store.status().tasks_waiting == 1
    assert receive(store, client, title, everything=True).withdrawn == 0


def test_tidying_up_withdraws_nothing(store, connect, title):
    client = connect()
    setup(store, client, title)
    send(store, client, title)
    tasks = list(remote_tasks(store, client, title).values())
    for task in tasks:
        submit(client, task)
    receive(store, client, title)
    client.delete_task(tasks[0]["id"])
    assert receive(store, client, title, everything=True).withdrawn == 0
    assert {claim.status for claim in store.claims()} == {"accepted"}


def test_two_people_stay_two(store, connect, title):
    client = connect()
    setup(store, client, title)
    send(store, client, title, documents=["d0"])
    (task,) = remote_tasks(store, client, title).values()
    submit(client, task)
    submit(client, task, lambda items: [])
    receive(store, client, title)
    assert sorted(review.decision for review in store.reviews()) == ["accepted"] * 3 + ["rejected"] * 3


def test_blind_annotators_have_projects_of_their_own(store, connect, title):
    from claimtable.review.exchange import titles

    client = connect()
    names = titles(title, 2)
    for name, annotator in names:
        setup(store, client, name, annotator)
        send(store, client, name, annotator=annotator)
    keys = [set(remote_tasks(store, client, name)) for name, _ in names]
    assert len(keys[0]) == len(keys[1]) == 6
    assert not keys[0] & keys[1]
    assert [project.annotator for project in known_projects(store, client, title)] == ["1", "2"]

    def what_the_second_sees():
        tasks = remote_tasks(store, client, names[1][0])
        assert not any(task["annotations"] for task in tasks.values())
        return {key: [p["result"] for p in task["predictions"]] for key, task in tasks.items()}

    before = what_the_second_sees()
    first = next(iter(remote_tasks(store, client, names[0][0]).values()))
    submit(client, first, lambda items: without(items, items[0]["id"]))
    assert receive(store, client, names[0][0]).new == 1
    assert receive(store, client, names[1][0]).new == 0
    assert "rejected" in {claim.status for claim in store.claims()}
    assert send(store, client, names[1][0], annotator="2").unchanged == 6
    assert what_the_second_sees() == before


def extract_again(store, number, **fields):
    document, extraction = article(number)
    claims = (replace(extraction.claims[0], **fields), *extraction.claims[1:])
    store.save_extraction(
        document, Extraction(claims, extraction.actors, extraction.mentions), pipeline="test@2"
    )


def test_new_pre_annotations_replace_the_old_until_somebody_began(store, connect, title):
    client = connect()
    setup(store, client, title)
    send(store, client, title)
    extract_again(store, 0, unit="EUR")
    extract_again(store, 1, unit="EUR")
    begun = next(t for t in remote_tasks(store, client, title).values() if t["data"]["doc_id"] == "d1")
    submit(client, begun)
    counts = send(store, client, title)
    assert (counts.sent, counts.updated, counts.in_work, counts.unchanged) == (0, 1, 1, 4)
    assert send(store, client, title).unchanged == 5
    for task in remote_tasks(store, client, title).values():
        (prediction,) = task["predictions"]
        units = [i["value"]["text"] for i in prediction["result"] if i.get("from_name") == "unit"]
        assert (["EUR"] in units) == (task["data"]["doc_id"] == "d0")


def test_another_database_has_to_take_a_project_of_its_own(store, connect, title, tmp_path):
    from tests.review.conftest import fill

    client = connect()
    setup(store, client, title)
    send(store, client, title)
    before = {key: task["predictions"] for key, task in remote_tasks(store, client, title).items()}
    with Store.open(fill(tmp_path / "other.db")) as other:
        extract_again(other, 0, unit="EUR")
        with pytest.raises(ReviewError, match=r"another database.*--project"):
            setup(other, client, title)
        setup(other, client, f"{title} 2")
        assert send(other, client, f"{title} 2").sent == 6
    assert {key: task["predictions"] for key, task in remote_tasks(store, client, title).items()} == before


def test_a_project_whose_database_is_lost_can_be_taken_over(store, connect, title, tmp_path):
    from tests.review.conftest import fill

    client = connect()
    setup(store, client, title)
    send(store, client, title)
    with Store.open(fill(tmp_path / "other.db")) as other:
        setup(other, client, title, take_over=True)
        assert send(other, client, title).sent == 0
        for task in remote_tasks(other, client, title).values():
            submit(client, task)
        assert receive(other, client, title).new == 6
    with pytest.raises(ReviewError, match="another database"):
        send(store, client, title)


def test_a_task_that_is_not_ours_is_left_alone(store, connect, title):
    client = connect()
    project = setup(store, client, title)
    client.import_tasks(project.remote_id, [{"data": {"text": "Of somebody else", "title": "", "about": ""}}])
    (task,) = client.changed_tasks(project.remote_id, None)
    client._sdk.annotations.create(task["id"], result=[])
    assert receive(store, client, title).foreign == 1


def test_a_document_that_cannot_be_shown_costs_itself(store, connect, title, monkeypatch):
    client = connect()
    setup(store, client, title)
    check = push.check_task
    monkeypatch.setattr(
        push, "check_task", lambda task, config: ["broken"] if task.doc_id == "d3" else check(task, config)
    )
    errors = []
    counts = send(store, client, title, on_error=errors.append)
    assert (counts.sent, counts.failed) == (5, 1)
    assert "d3" in str(errors[0])


def test_a_wrong_key_says_so_and_is_not_shown(store, connect, title):
    key = "f" * 40
    with pytest.raises(ReviewError, match="does not accept the key") as error:
        setup(store, connect(key=key), title)
    assert key not in str(error.value)


def test_no_server(store, connect, title, impatient):
    with pytest.raises(ReviewError, match="does not answer"):
        setup(store, connect("http://127.0.0.1:9"), title)


@pytest.fixture(scope="module")
def generated_project(label_studio, tmp_path_factory):
    from claimtable.review.client import Client
    from claimtable.review.credentials import Credentials

    client = Client(Credentials(label_studio.url, label_studio.token))
    with Store.open(tmp_path_factory.mktemp("generated") / "claims.db") as store:
        setup(store, client, "generated")
        yield store, client


@given(strategies.cases())
@settings(
    max_examples=15,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_generated_documents_come_back_equal(generated_project, case):
    store, client = generated_project
    document, claims, actors, quantities = case
    # Generated ids repeat, and the database lasts for all cases.
    document = replace(document, id=uuid4().hex)
    claims = [replace(c, doc_id=document.id, claim_id=f"{document.id}{n}") for n, c in enumerate(claims)]
    store.add_document(document)
    store.save_extraction(
        document, Extraction(tuple(claims), tuple(actors), tuple(quantities)), pipeline="test@1"
    )
    before = [replace(claim, **dict.fromkeys(UNTOUCHED)) for claim in store.claims(doc_ids=[document.id])]
    send(store, client, "generated", documents=[document.id])
    (key,) = [task.task_key for task in store.tasks(doc_id=document.id)]
    (remote,) = client.find_tasks(known_projects(store, client, "generated")[0].remote_id, [key])[key]
    submit(client, client.task(remote.task_id))
    receive(store, client, "generated")
    after = list(store.claims(doc_ids=[document.id]))
    for old, new in zip(before, after, strict=True):
        changed = {n: (v, new.to_dict()[n]) for n, v in old.to_dict().items() if v != new.to_dict()[n]}
        assert set(changed) <= set(UNTOUCHED), changed
    assert all(claim.status == "accepted" for claim in after)
    assert all(not review.fields for review in store.reviews(document.id))
    for span in store.reviewed_spans(document.id):
        assert span.text == document.text[span.start : span.end]
