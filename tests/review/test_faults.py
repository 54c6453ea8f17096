"""What networks, servers and people do at the wrong moment: at the end nothing is lost and nothing is doubled."""

from __future__ import annotations

import copy
import multiprocessing
import os
import random
import signal
import time

import pytest
from tests.review.conftest import fill
from tests.review.exchange import receive, remote_tasks, same_project, send, submit
from tests.review.proxy import Fault

from claimtable.errors import ReviewError
from claimtable.review import client as review_client
from claimtable.review import pull, push
from claimtable.review.exchange import open_project, setup
from claimtable.review.fields import labelling_config
from claimtable.store import Store

pytestmark = [pytest.mark.label_studio, pytest.mark.slow]

IMPORT = "/api/projects/"
TIMEOUT = 2.0
DOCUMENTS = [f"d{n}" for n in range(6)]

PUSH_FAULTS = {
    "reply lost after commit": Fault("reply lost", "POST", IMPORT),
    "reply lost twice": Fault("reply lost", "POST", IMPORT, times=2),
    "connection cut": Fault("cut", "POST", IMPORT),
    "500": Fault("500", "POST", IMPORT),
    "500 after commit": Fault("500 after", "POST", IMPORT),
    "502": Fault("502", "POST", IMPORT, times=2),
    "502 after commit": Fault("502 after", "POST", IMPORT),
    "429": Fault("429", "POST", IMPORT, headers={"Retry-After": "1"}),
    "timeout after commit": Fault("slow", "POST", IMPORT, seconds=TIMEOUT + 1),
    "look-up cut": Fault("cut", "GET", "/api/tasks"),
    "look-up after a lost reply fails": Fault(
        "reply lost", "POST", IMPORT, then=Fault("503", "GET", "/api/tasks", times=2)
    ),
    "look-up times out": Fault("slow", "GET", "/api/tasks", seconds=TIMEOUT + 1),
}


@pytest.mark.parametrize("name", PUSH_FAULTS)
def test_a_push_gets_over_it(name, store, proxy, connect, title, impatient):
    client, proxied = connect(), connect(proxy.url, timeout=TIMEOUT)
    same_project(store, client, proxied, title)
    fault = copy.deepcopy(PUSH_FAULTS[name])
    proxy.fault = fault
    counts = send(store, proxied, title)
    assert fault.met > fault.after
    assert fault.then is None or fault.then.met > fault.then.after
    assert counts.sent == 6
    tasks = remote_tasks(store, client, title)
    assert sorted(task["data"]["doc_id"] for task in tasks.values()) == DOCUMENTS
    assert {t.task_key: (t.remote_id, t.state) for t in store.tasks()} == {
        key: (str(task["id"]), "pushed") for key, task in tasks.items()
    }


PULL_FAULTS = {
    "reply lost": Fault("reply lost", "GET", "/api/tasks", times=2),
    "connection cut": Fault("cut", "GET", "/api/tasks"),
    "500": Fault("500", "GET", "/api/tasks"),
    "502": Fault("502", "GET", "/api/tasks", after=1),
    "429": Fault("429", "GET", "/api/tasks", headers={"Retry-After": "1"}),
    "timeout": Fault("slow", "GET", "/api/tasks", seconds=TIMEOUT + 1),
    "users fail": Fault("503", "GET", "/api/users"),
}


@pytest.mark.parametrize("name", PULL_FAULTS)
def test_a_pull_gets_over_it(name, store, proxy, connect, title, impatient):
    client, proxied = connect(), connect(proxy.url, timeout=TIMEOUT)
    same_project(store, client, proxied, title)
    send(store, client, title)
    for task in remote_tasks(store, client, title).values():
        submit(client, task)
    fault = copy.deepcopy(PULL_FAULTS[name])
    proxy.fault = fault
    assert receive(store, proxied, title).new == 6
    assert fault.met > fault.after
    assert receive(store, client, title).new == 0
    assert [review.decision for review in store.reviews()] == ["accepted"] * 18


@pytest.mark.parametrize(
    ("kind", "words"),
    [("401", "does not accept the key"), ("502", "failed"), ("429", "asks to wait"), ("cut", "broke")],
)
@pytest.mark.parametrize("verb", [send, receive])
def test_what_does_not_pass_is_said_and_the_next_run_finishes(
    verb, kind, words, store, proxy, connect, title, impatient
):
    client, proxied = connect(), connect(proxy.url, timeout=TIMEOUT)
    same_project(store, client, proxied, title)
    headers = {"Retry-After": "3600"} if kind == "429" else {}
    method, path = ("POST", IMPORT) if verb is send else ("GET", "/api/tasks")
    proxy.fault = Fault(kind, method, path, times=1000, headers=headers)
    with pytest.raises(ReviewError, match=words):
        verb(store, proxied, title)
    proxy.fault = None
    send(store, proxied, title)
    tasks = remote_tasks(store, client, title)
    assert sorted(task["data"]["doc_id"] for task in tasks.values()) == DOCUMENTS
    for task in tasks.values():
        submit(client, task)
    assert receive(store, proxied, title).new == 6


def test_a_server_that_drops_predictions_is_given_them_again(store, connect, title, monkeypatch):
    """Label Studio does so at times while it creates other projects: it answers 201, with fewer predictions."""
    client = connect()
    setup(store, client, title, by="claim")
    ask, dropped = client._ask, []

    def forgetful(method, path, parameters, body=None, **options):
        if path.endswith("/import"):
            dropped.extend(body[1::2])
            body = [{**task, "predictions": []} if task in dropped else task for task in body]
        return ask(method, path, parameters, body, **options)

    monkeypatch.setattr(client, "_ask", forgetful)
    assert send(store, client, title).sent == 18
    assert len(dropped) == 9
    tasks = remote_tasks(store, client, title)
    assert {task["data"]["task_key"]: len(task["predictions"]) for task in tasks.values()} == dict.fromkeys(
        tasks, 1
    )


def test_a_copy_that_arrived_late_is_deleted(store, proxy, connect, title, impatient):
    """The server carries out an import after it was given up as lost and sent again."""
    client, proxied = connect(), connect(proxy.url, timeout=TIMEOUT)
    same_project(store, client, proxied, title)
    project = open_project(store, client, title)
    late = []

    def hold():
        # The first import is kept back, and reaches the server with the second one.
        late.append(time.monotonic())

    original = proxied.import_tasks

    def import_twice(remote, tasks):
        client.import_tasks(remote, tasks)
        original(remote, tasks)

    proxied.import_tasks = import_twice
    proxy.fault = Fault("reply lost", "POST", IMPORT, action=hold)
    send(store, proxied, title)
    assert late
    assert len(list(client.changed_tasks(project.remote_id, None))) == 6
    remote_tasks(store, client, title)


def test_the_server_is_restarted_in_mid_push(store, proxy, connect, title, label_studio):
    client, proxied = connect(), connect(proxy.url)
    same_project(store, client, proxied, title)

    def restart():
        label_studio.stop()
        label_studio.start()

    proxy.fault = Fault("", "POST", IMPORT, action=restart)
    assert send(store, proxied, title).sent == 6
    assert len(remote_tasks(store, client, title)) == 6


def test_the_project_is_deleted(store, connect, title):
    client = connect()
    project = setup(store, client, title)
    send(store, client, title)
    for task in remote_tasks(store, client, title).values():
        submit(client, task)
    receive(store, client, title)
    client._sdk.projects.delete(int(project.remote_id))
    for verb in (send, receive):
        with pytest.raises(ReviewError, match=r"is gone from .* run claimtable review setup"):
            verb(store, client, title)
    assert setup(store, client, title).remote_id != project.remote_id
    assert {task.state for task in store.tasks()} == {"gone"}
    assert send(store, client, title).sent == 6
    for task in remote_tasks(store, client, title).values():
        submit(client, task)
    assert receive(store, client, title).new == 6
    assert len(list(store.reviews())) == 36


def test_the_project_is_deleted_in_mid_pull(store, proxy, connect, title, impatient):
    client, proxied = connect(), connect(proxy.url)
    same_project(store, client, proxied, title)
    send(store, client, title)
    project = open_project(store, client, title)
    proxy.fault = Fault(
        "", "GET", "/api/tasks", after=1, action=lambda: client._sdk.projects.delete(int(project.remote_id))
    )
    with pytest.raises(ReviewError):
        receive(store, proxied, title)


def test_a_task_is_deleted(store, connect, title):
    client = connect()
    setup(store, client, title)
    send(store, client, title)
    tasks = list(remote_tasks(store, client, title).values())
    client.delete_task(tasks[0]["id"])
    client.delete_task(tasks[0]["id"])
    for task in tasks[1:]:
        submit(client, task)
    assert receive(store, client, title).new == 5
    assert send(store, client, title).sent == 1
    assert len(remote_tasks(store, client, title)) == 6


def test_a_label_is_removed_from_the_configuration(store, connect, title):
    client = connect()
    project = setup(store, client, title)
    send(store, client, title, documents=["d0"])
    (task,) = remote_tasks(store, client, title).values()
    submit(client, task)
    lacking = labelling_config().replace('<Label value="Cue" background="#ef6c00" hotkey="e"/>', "")
    client.update_project(project.remote_id, label_config=lacking)
    with pytest.raises(ReviewError, match="lacks label 'Cue': run claimtable review setup"):
        send(store, client, title)
    errors = []
    project = open_project(store, client, title, on_problem=errors.append)
    assert pull.pull(store, client, project, on_error=errors.append).new == 1
    assert ["lacks label 'Cue'" in str(error) for error in errors] == [True]
    assert [review.decision for review in store.reviews()] == ["accepted"] * 3
    setup(store, client, title)
    assert send(store, client, title).sent == 5


def test_an_annotation_is_edited_during_a_pull(store, proxy, connect, title):
    client, proxied = connect(), connect(proxy.url)
    same_project(store, client, proxied, title)
    send(store, client, title)
    made = [submit(client, task) for task in remote_tasks(store, client, title).values()]
    proxy.fault = Fault(
        "", "GET", "/api/users", action=lambda: client._sdk.annotations.update(made[0].id, result=[])
    )
    assert receive(store, proxied, title).new == 6
    assert receive(store, proxied, title).changed == 1
    assert sorted(r.decision for r in store.reviews()) == ["accepted"] * 15 + ["rejected"] * 3


def _push(path, connect, title):
    with Store.open(path) as store:
        send(store, connect(), title)


def _pull(path, connect, title):
    with Store.open(path) as store:
        receive(store, connect(), title)


def _start(work, *arguments):
    process = multiprocessing.get_context("fork").Process(target=work, args=arguments)
    process.start()
    return process


KILLS = 20


@pytest.mark.parametrize("work", [_push, _pull])
def test_killed_at_random_moments(work, tmp_path, connect, title, monkeypatch):
    # Small, so that there are many moments between two requests.
    for module, size in ((push, "BATCH_TASKS"), (pull, "BATCH"), (review_client, "PAGE")):
        monkeypatch.setattr(module, size, 5)
    path = fill(tmp_path / "claims.db", articles=60, sentences=2)
    client = connect()
    with Store.open(path) as store:
        setup(store, client, title)
        if work is _pull:
            send(store, client, title)
            for task in remote_tasks(store, client, title).values():
                submit(client, task)
    moments = random.Random(1)
    killed = 0
    while killed < KILLS:
        process = _start(work, path, connect, title)
        process.join(moments.uniform(0.02, 1.5))
        if process.is_alive():
            os.kill(process.pid, signal.SIGKILL)
            killed += 1
        process.join()
        with Store.open(path) as store:
            keys = {annotation.annotation_id for annotation in store.annotations()}
            assert len(list(store.reviews())) == 2 * len(keys)
    # What was sent last may still be on its way into the server: until it stands still.
    with Store.open(path) as store:
        project, seen = open_project(store, client, title).remote_id, -1
        while (now := len(list(client.changed_tasks(project, None)))) != seen:
            seen = now
            time.sleep(3)
    work(path, connect, title)
    with Store.open(path) as store:
        tasks = remote_tasks(store, client, title)
        assert len(tasks) == 60
        assert {t.task_key: t.remote_id for t in store.tasks()} == {k: str(t["id"]) for k, t in tasks.items()}
        if work is _pull:
            assert len(list(store.annotations())) == 60
            assert {review.decision for review in store.reviews()} == {"accepted"}


@pytest.mark.parametrize("work", [_push, _pull])
def test_two_at_once(work, tmp_path, connect, title):
    path = fill(tmp_path / "claims.db", articles=30)
    client = connect()
    with Store.open(path) as store:
        setup(store, client, title)
        if work is _pull:
            send(store, client, title)
            for task in remote_tasks(store, client, title).values():
                submit(client, task)
    processes = [_start(work, path, connect, title) for _ in range(2)]
    for process in processes:
        process.join(120)
        assert process.exitcode == 0
    with Store.open(path) as store:
        assert len(remote_tasks(store, client, title)) == 30
        if work is _pull:
            assert len(list(store.annotations(all_revisions=True))) == 30
