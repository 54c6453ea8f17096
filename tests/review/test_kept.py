"""Nothing that a person said is lost, changed or invented: what annotators met, with a real Label Studio."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest
from tests.review.conftest import article
from tests.review.exchange import receive, remote_tasks, send, submit

from claimtable.errors import ReviewError
from claimtable.review import files, pull
from claimtable.review.exchange import open_project, setup
from claimtable.review.fields import labelling_config
from claimtable.review.tasks import ADJUDICATION, claim_region
from claimtable.schema import Document, Quantity, Section
from claimtable.store import Extraction

pytestmark = pytest.mark.label_studio

FIRST, SECOND, THIRD = (f"c{0:08x}{n:08x}" for n in range(3))


@pytest.fixture
def project(store, connect, title):
    """A project with the tasks of the first two documents."""
    client = connect()
    setup(store, client, title)
    send(store, client, title, documents=["d0", "d1"])
    return client, title


def task_of(store, client, title, doc_id="d0"):
    tasks = remote_tasks(store, client, title).values()
    return max((t for t in tasks if t["data"]["doc_id"] == doc_id), key=lambda task: task["id"])


def put(items, claim_id, name, **content):
    """Items after a field of a claim was set."""
    region = claim_region(claim_id)
    place = next(i["value"] for i in items if i.get("id") == region)
    kept = [i for i in items if (i.get("id"), i.get("from_name")) != (region, name)]
    (kind,) = content
    value = {"start": place["start"], "end": place["end"], kind: content[kind]}
    kind = {"text": "textarea"}.get(kind, kind)
    return [*kept, {"id": region, "from_name": name, "to_name": "text", "type": kind, "value": value}]


def without(items, claim_id):
    region = claim_region(claim_id)
    return [i for i in items if region not in (i.get("id"), i.get("from_id"))]


def judged(items):
    """Ann corrects one claim and finds it refuted, and rejects another."""
    items = put(items, FIRST, "value", number=13e9)
    items = put(items, FIRST, "verdict", choices=["refuted"])
    return without(put(items, FIRST, "note", text=["table 3"]), SECOND)


def states(store, doc_id="d0"):
    rows = store.claims(doc_ids=[doc_id])
    return [(claim.value, claim.status, claim.verdict, claim.note) for claim in rows]


JUDGED = [
    (13e9, "corrected", "refuted", "table 3"),
    (1e9, "rejected", None, None),
    (2e9, "accepted", None, None),
]


def change_text(store, number=0):
    """The article changes; its claims are extracted again, under other ids."""
    document, extraction = article(number)
    text = "New! " + document.text
    document = replace(document, text=text, sections=(Section(0, len(text), "body"),))
    claims = [
        replace(c, claim_id=f"c{c.claim_id[2:-1]}f{n}", start=c.start + 5, end=c.end + 5)
        for n, c in enumerate(extraction.claims)
    ]
    claims = [
        replace(c, prefix=text[max(0, c.start - 32) : c.start], suffix=text[c.end : c.end + 32])
        for c in claims
    ]
    store.add_document(document)
    store.save_extraction(document, Extraction(tuple(claims)), pipeline="test@2")


@pytest.mark.parametrize("kind", ["article", "claim"])
def test_what_was_said_is_shown_again_and_stays_when_the_article_changed(store, connect, title, kind):
    client = connect()
    setup(store, client, title, by=kind)
    send(store, client, title, documents=["d0"])
    if kind == "article":
        submit(client, task_of(store, client, title), judged)
    else:
        answer_claims(store, client, title)
    receive(store, client, title)
    assert states(store) == JUDGED
    change_text(store)
    assert states(store) == JUDGED
    counts = send(store, client, title, documents=["d0"])
    assert counts.sent == (1 if kind == "article" else 3)
    new = [t for t in remote_tasks(store, client, title).values() if not t["annotations"]]
    for task in new:
        submit(client, task, with_cells(task))
    counts = receive(store, client, title)
    assert counts.new == len(new)
    assert states(store) == JUDGED
    assert store.status().disagreements == 0


def with_cells(task):
    """The items as the screen sends them: with the cells as they were filled in, where the task is about one claim."""

    def change(items):
        if "claim_id" not in task["data"]:
            return items
        names = (
            "kind",
            "subject",
            "bound",
            "value",
            "unit",
            "change",
            "time",
            "deadline",
            "speaker",
            "evidence_url",
        )
        cells = {name: task["data"][name] for name in (*names, "modality", "polarity", "note")}
        return [*items, *(cell(name, words) for name, words in cells.items() if words)]

    return change


def cell(name, words):
    return {
        "id": f"{name}-1",
        "from_name": name,
        "to_name": "text",
        "type": "textarea",
        "value": {"text": [words]},
    }


def choice(name, word):
    return {
        "id": f"{name}-1",
        "from_name": name,
        "to_name": "text",
        "type": "choices",
        "value": {"choices": [word]},
    }


def answer_claims(store, client, title):
    """The same as `judged`, claim by claim."""
    for task in remote_tasks(store, client, title).values():
        claim_id = task["data"]["claim_id"]
        more = [choice("decision", "wrong" if claim_id == SECOND else "right")]
        filled = with_cells(task)

        def change(items, filled=filled, more=more, claim_id=claim_id):
            items = filled(items)
            if claim_id == FIRST:
                items = [i for i in items if i["from_name"] != "value"]
                items += [cell("value", "13 billion"), choice("verdict", "refuted"), cell("note", "table 3")]
            return [*items, *more]

        submit(client, task, change)


def test_the_adjudicator_sees_what_stands_and_untouched_it_stays(store, project):
    client, title = project
    submit(client, task_of(store, client, title), judged)
    receive(store, client, title)
    name = f"{title} – adjudication"
    setup(store, client, name, ADJUDICATION, by="article")
    send(store, client, name, annotator=ADJUDICATION, documents=["d0"])
    submit(client, task_of(store, client, name))
    receive(store, client, name)
    assert states(store) == JUDGED


def test_a_bare_page_judges_what_is_marked_on_it_alone(store, project):
    client, title = project
    task = task_of(store, client, title)
    (mark,) = [
        i
        for i in task["predictions"][0]["result"]
        if i.get("id") == claim_region(FIRST) and "labels" in i["value"]
    ]
    by_hand = {name: value for name, value in mark.items() if name not in ("meta", "score", "id")} | {
        "id": "by hand"
    }
    client._sdk.annotations.create(task["id"], result=[by_hand])
    receive(store, client, title)
    statuses = [claim.status for claim in store.claims(doc_ids=["d0"])]
    assert sorted(statuses) == ["added", "extracted", "extracted", "extracted"]


def delete_predictions(client, store, title):
    """Deletes them in bulk; a busy server answers before all are gone, and at times leaves some."""
    project = open_project(store, client, title).remote_id
    body = {"selectedItems": {"all": True, "excluded": []}}
    for _ in range(20):
        client._ask("POST", "api/dm/actions", {"id": "delete_tasks_predictions", "project": project}, body)
        tasks = remote_tasks(store, client, title)
        kept = [key for key, task in tasks.items() if task["predictions"]]
        found = [one for several in client.find_tasks(project, [*tasks]).values() for one in several]
        counted = [one for one in found if one.predicted]
        if not kept and not counted:
            return
        time.sleep(1)
    raise AssertionError(f"the server keeps the predictions of {kept}, and counts {counted}")


def test_predictions_that_were_deleted_are_put_back_and_their_absence_judges_nothing(store, project):
    client, title = project
    submit(client, task_of(store, client, title, "d1"), lambda items: without(items, f"c{1:08x}{0:08x}"))
    receive(store, client, title)
    before = states(store, "d1")
    assert [status for _, status, *_ in before] == ["rejected", "accepted", "accepted"]
    delete_predictions(client, store, title)
    client._sdk.annotations.create(task_of(store, client, title)["id"], result=[])
    receive(store, client, title, everything=True)
    # What was known to be shown is remembered, and what is not known says nothing.
    assert states(store, "d1") == before
    assert {claim.status for claim in store.claims(doc_ids=["d0"])} == {"extracted"}
    send(store, client, title, documents=["d0", "d1"])
    assert all(len(task["predictions"]) == 1 for task in remote_tasks(store, client, title).values())


def test_a_claim_stays_as_it_was_judged_when_predictions_are_deleted_later(store, connect, title):
    client = connect()
    setup(store, client, title, by="claim")
    send(store, client, title, documents=["d0"])
    for task in remote_tasks(store, client, title).values():
        filled = with_cells(task)
        submit(client, task, lambda items, filled=filled: [*filled(items), choice("decision", "right")])
    receive(store, client, title)
    delete_predictions(client, store, title)
    # The words of the speaker, read again, are no longer known to be Russia.
    document, extraction = article(0)
    store.save_extraction(document, Extraction(extraction.claims), pipeline="test@2")
    receive(store, client, title, everything=True)
    assert {(c.status, c.speaker) for c in store.claims(doc_ids=["d0"])} == {("accepted", "Russia")}


@pytest.mark.parametrize(("order", "first"), [("worth", 3), ("uncertain", 0), ("mixed", 2)])
def test_the_next_task_is_the_first_in_the_order_of_the_project(store, connect, title, order, first):
    worth, sure = (0.0, 0.1, 0.5, 0.6), (0.2, 0.9, 0.3, 0.8)
    for number in range(4):
        document, extraction = article(number)
        claim = extraction.claims[0]
        claim = replace(claim, check_worthiness=worth[number], confidence=sure[number])
        store.save_extraction(document, replace(extraction, claims=(claim,)), pipeline="test@1")
    client = connect()
    setup(store, client, title, by="claim", order=order)
    send(store, client, title, documents=[f"d{number}" for number in range(4)])
    project = open_project(store, client, title).remote_id
    task = client._ask("GET", f"api/projects/{project}/next", {}, None)
    assert task["data"]["doc_id"] == f"d{first}"


def relabelled(items):
    region = claim_region(FIRST)
    kept = [i for i in items if i.get("id") != region or "labels" in i["value"]]
    for item in kept:
        if item.get("id") == region:
            item["value"] = item["value"] | {"labels": ["Subject"]}
    return kept


def test_what_cannot_be_read_is_said_listed_and_tried_again(store, project):
    client, title = project
    made = submit(client, task_of(store, client, title), relabelled)
    errors = []
    assert receive(store, client, title, on_error=errors.append).unread == 1
    assert "has the label Subject" in str(errors[0])
    assert [status for _, status, *_ in states(store)] == ["extracted", "accepted", "accepted"]
    errors.clear()
    # Tried again by each pull, whenever the task last changed.
    store.set_sync_value(client.url, title, "pulled_until", "2099-01-01T00:00:00Z")
    assert receive(store, client, title, on_error=errors.append).unread == 1
    assert [one.annotation for one in store.unread()] == [str(made.id)]
    client._sdk.annotations.update(made.id, result=task_of(store, client, title)["predictions"][0]["result"])
    assert receive(store, client, title).unread == 0
    assert [status for _, status, *_ in states(store)] == ["accepted"] * 3
    assert not store.unread()


def test_a_value_of_another_configuration_stays_where_it_is_and_is_said(store, project):
    client, title = project
    remote = open_project(store, client, title).remote_id
    config = labelling_config().replace(
        '<Choice value="refuted" hotkey="8"/>',
        '<Choice value="refuted" hotkey="8"/><Choice value="pants on fire"/>',
    )
    client.update_project(remote, label_config=config)
    submit(
        client,
        task_of(store, client, title),
        lambda items: put(items, FIRST, "verdict", choices=["pants on fire"]),
    )
    errors = []
    receive(store, client, title, on_error=errors.append)
    assert "verdict cannot be 'pants on fire'" in str(errors[0])
    (annotation,) = store.annotations("d0")
    assert "pants on fire" in json.dumps(annotation.result)
    assert {verdict for _, _, verdict, _ in states(store)} == {None}
    said = []
    setup(store, client, title, say=said.append)
    assert "verdict 'pants on fire'" in said[0]
    # A label renamed: push refuses, pull says so and goes on.
    client.update_project(remote, label_config=labelling_config().replace('value="Cue"', 'value="Verb"'))
    with pytest.raises(ReviewError, match="label 'Cue'"):
        open_project(store, client, title, for_push=True)
    errors.clear()
    open_project(store, client, title, on_problem=errors.append)
    assert "label 'Cue'" in str(errors[0])
    setup(store, client, title)


@pytest.mark.parametrize("way", ["pull", "import"])
def test_a_label_that_was_renamed_takes_nothing_away(store, project, tmp_path, way):
    client, title = project
    remote = open_project(store, client, title).remote_id
    task = task_of(store, client, title)
    before = {claim.claim_id: claim.cue for claim in store.claims(doc_ids=["d0"])}
    assert set(before.values()) == {"hopes"}
    client.update_project(remote, label_config=labelling_config().replace('value="Cue"', 'value="Verb"'))

    def renamed(items):
        """The mark of one cue has the new label, those of the others are gone."""
        cues = [i["id"] for i in items if i.get("value", {}).get("labels") == ["Cue"]]
        kept = [i for i in items if i.get("id") not in cues and i.get("to_id") not in cues]
        mark = next(i for i in items if i.get("id") == cues[0])
        return [*kept, mark | {"value": mark["value"] | {"labels": ["Verb"]}}]

    made = submit(client, task, renamed)
    errors = []
    if way == "pull":
        changed = open_project(store, client, title, on_problem=errors.append)
        pull.pull(store, client, changed, on_error=errors.append)
    else:
        path = tmp_path / "export.json"
        path.write_text(json.dumps(client._sdk.projects.exports.as_json(int(remote)), default=str))
        store.add_annotations(files.read_annotations(path, store, reviewers={}, on_error=errors.append))
    assert "label 'Cue'" in str(errors[0])
    assert "its label is Verb" in str(errors[-1])
    rows = list(store.claims(doc_ids=["d0"]))
    assert {claim.claim_id: claim.cue for claim in rows} == before
    assert {claim.status for claim in rows} == {"accepted"}
    assert "Verb" in json.dumps(next(iter(store.annotations("d0"))).result)
    client._sdk.annotations.delete(made.id)


def colleague(client, server, title):
    """Returns a client with the key of another person."""
    from tests.review.label_studio_server import colleague

    from claimtable.review.client import Client
    from claimtable.review.credentials import Credentials

    return Client(Credentials(client.url, colleague(server)))


def test_a_colleagues_edit_is_the_colleagues(store, project, label_studio):
    client, title = project
    made = submit(client, task_of(store, client, title), judged)
    receive(store, client, title)
    other = colleague(client, label_studio, title)
    items = task_of(store, client, title)["annotations"][0]["result"]
    other._sdk.annotations.update(made.id, result=put(items, FIRST, "verdict", choices=["supported"]))
    receive(store, client, title)
    said = {(r.reviewer, r.claim_id): (r.decision, r.verdict) for r in store.reviews("d0")}
    assert said["admin@localhost.local", FIRST] == ("corrected", "refuted")
    assert said["ben@localhost.local", FIRST] == ("corrected", "supported")
    # A star set by an administrator says nothing.
    mine = submit(client, task_of(store, client, title, "d1"))
    receive(store, client, title)
    other._sdk.annotations.update(mine.id, ground_truth=True)
    receive(store, client, title)
    assert {r.reviewer for r in store.reviews("d1")} == {"admin@localhost.local"}
    # Deleted, it is withdrawn for both.
    client._sdk.annotations.delete(made.id)
    assert receive(store, client, title).withdrawn == 2


def test_an_export_of_what_was_pulled_is_nothing_new(store, project, tmp_path):
    client, title = project
    made = submit(client, task_of(store, client, title), judged)
    submit(client, task_of(store, client, title, "d1"))
    receive(store, client, title)
    remote = open_project(store, client, title).remote_id
    path = tmp_path / "export.json"
    tasks = client._sdk.projects.exports.as_json(int(remote))
    path.write_text(json.dumps(tasks, default=str))
    read = list(files.read_annotations(path, store, reviewers={}, on_error=pytest.fail))
    counts = store.add_annotations(read)
    assert (counts.new, counts.changed, counts.unchanged) == (0, 0, 2)
    assert {r.reviewer for r in store.reviews()} == {"admin@localhost.local"}
    client._sdk.annotations.delete(made.id)
    assert receive(store, client, title).withdrawn == 1
    assert {status for _, status, *_ in states(store)} == {"extracted"}


def test_imported_first_and_pulled_then_it_is_one_persons_and_its_end_is_seen(store, project, tmp_path):
    client, title = project
    made = submit(client, task_of(store, client, title), judged)
    remote = open_project(store, client, title).remote_id
    path = tmp_path / "export.json"
    path.write_text(json.dumps(client._sdk.projects.exports.as_json(int(remote)), default=str))
    store.add_annotations(files.read_annotations(path, store, reviewers={}, on_error=pytest.fail))
    receive(store, client, title)
    assert {r.reviewer for r in store.reviews()} == {"admin@localhost.local"}
    client._sdk.annotations.delete(made.id)
    assert receive(store, client, title).withdrawn == 1


def test_a_text_that_was_edited_on_the_server_moves_nothing(store, project):
    client, title = project
    task = task_of(store, client, title)
    client.update_task(task["id"], task["data"] | {"text": "Look: " + task["data"]["text"]})
    submit(client, task)
    errors = []
    receive(store, client, title, on_error=errors.append)
    assert "other words there" in str(errors[0])
    assert {status for _, status, *_ in states(store)} == {"extracted"}


def test_one_bad_task_does_not_end_the_pull(store, project):
    client, title = project
    bad = task_of(store, client, title)
    client.update_task(bad["id"], bad["data"] | {"start": "soon"})
    submit(client, bad)
    submit(client, task_of(store, client, title, "d1"))
    errors = []
    counts = receive(store, client, title, everything=True, on_error=errors.append)
    assert (counts.new, len(errors)) == (1, 1)
    assert {status for _, status, *_ in states(store, "d1")} == {"accepted"}


def test_a_part_that_was_moved_corrects_the_claim(store, connect, title):
    client = connect()
    text = "Trade was worth $34 million in 2018, up from $12 million."
    document = Document("parts", text, sections=(Section(0, len(text), "body"),))
    figures = tuple(
        Quantity(text.index(words), text.index(words) + len(words), words, value=value, unit="USD")
        for words, value in {"$34 million": 34e6, "$12 million": 12e6}.items()
    )
    _, extraction = article(0)
    claim = replace(
        extraction.claims[0],
        **{"doc_id": "parts", "text": text[:35], "start": 0, "end": 35, "value": 34e6, "subject": "Trade"},
    )
    claim = replace(claim, time_text=None, speaker_text=None, cue=None, prefix="", suffix=text[35:67])
    store.add_document(document)
    store.save_extraction(document, Extraction((claim,), (), figures), pipeline="test@1")
    setup(store, client, title)
    send(store, client, title, documents=["parts"])

    def change(items):
        place = {"start": text.index("$12"), "end": text.index("$12") + 11, "text": "$12 million"}
        for item in items:
            if item["type"] == "labels" and item["value"]["labels"] == ["Quantity"]:
                item["value"] = item["value"] | place
        return items

    submit(client, task_of(store, client, title, "parts"), change)
    receive(store, client, title)
    ((value, status, *_),) = states(store, "parts")
    assert (value, status) == (12e6, "corrected")


def test_a_copied_claim_is_another_one(store, project):
    """Ctrl+C and Ctrl+V keep what a mark was sent with, the id of its claim among it."""
    client, title = project

    def change(items):
        first, second = (
            next(i for i in items if i.get("id") == claim_region(claim_id) and "labels" in i["value"])
            for claim_id in (FIRST, SECOND)
        )
        place = {name: second["value"][name] + 6 for name in ("start", "end")}
        return [first | {"id": "copy", "value": first["value"] | place}, *items]

    submit(client, task_of(store, client, title), change)
    receive(store, client, title)
    rows = {claim.claim_id: claim for claim in store.claims(doc_ids=["d0"])}
    before = article(0)[1].claims
    assert [(rows[c.claim_id].status, rows[c.claim_id].start) for c in before] == [
        ("accepted", claim.start) for claim in before
    ]
    (copy,) = [claim for claim in rows.values() if claim.status == "added"]
    assert copy.start == before[1].start + 6


def test_strings_for_lists_and_numbers_as_other_tools_write_them(store, project):
    client, title = project

    def change(items):
        items = put(json.loads(json.dumps(items)), FIRST, "value", number=13e9)
        items = put(items, FIRST, "note", text=["hello"])
        for item in items:
            for name, value in (item.get("value") or {}).items():
                if name in ("labels", "choices", "text") and isinstance(value, list):
                    (item["value"][name],) = value
                elif name == "number":
                    item["value"][name] = str(value)
        return items

    submit(client, task_of(store, client, title), change)
    assert receive(store, client, title, on_error=pytest.fail).new == 1
    assert states(store) == [
        (13e9, "corrected", None, "hello"),
        (1e9, "accepted", None, None),
        (2e9, "accepted", None, None),
    ]


def test_an_unsure_person_judges_nothing_and_a_second_one_is_asked(store, connect, title, label_studio):
    client = connect()
    setup(store, client, title, by="claim")
    send(store, client, title, documents=["d0"])
    tasks = list(remote_tasks(store, client, title).values())
    for task in tasks:
        filled = with_cells(task)
        submit(client, task, lambda items, filled=filled: [*filled(items), choice("decision", "unsure")])
    receive(store, client, title)
    assert {(claim.status, claim.reviewer) for claim in store.claims(doc_ids=["d0"])} == {
        ("extracted", "admin@localhost.local")
    }
    assert {r.decision for r in store.reviews()} == {"unsure"}
    assert send(store, client, title, documents=["d0"]).again == 3
    remote = open_project(store, client, title).remote_id
    other = colleague(client, label_studio, title)
    offered = other._ask("GET", f"api/projects/{remote}/next", {})
    assert offered["data"]["doc_id"] == "d0"
    assert not offered["annotations"]
