"""`review sync --watch` with a real Label Studio that sends webhooks, killed at any time."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import socket
import time

import httpx
import pytest
from tests.review import label_studio_server
from tests.review.conftest import fill
from tests.review.exchange import receive, remote_tasks, send, submit
from tests.review.proxy import Fault

from claimtable.errors import ReviewError
from claimtable.review.exchange import setup
from claimtable.store import Store

pytestmark = [pytest.mark.label_studio, pytest.mark.slow]

WAIT_SECONDS = 240
NEVER = 10_000.0
"""Seconds between two rounds that no test waits for."""


def sync(path, title, server, every, listen):
    from claimtable.cli.review.sync import sync_command

    os.environ |= {"LABEL_STUDIO_URL": server.url, "LABEL_STUDIO_API_KEY": server.token}
    sync_command(db=path, watch=True, every=every, listen=listen, project=title)


@pytest.fixture
def start(label_studio, title):
    """Returns a function that starts `sync --watch`; what still runs at the end is killed."""
    started = []

    def start(path, *, every, listen=None):
        arguments = (path, title, label_studio, every, listen)
        process = multiprocessing.get_context("fork").Process(target=sync, args=arguments)
        process.start()
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.join()


@pytest.fixture
def listen():
    """A free address."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{sock.getsockname()[1]}"


def wait(condition):
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it does not happen"
        time.sleep(0.2)


def decisions(path):
    with Store.open(path) as store:
        return sorted(review.decision for review in store.reviews())


def test_a_webhook_wakes_it(tmp_path, connect, title, start, listen):
    path = fill(tmp_path / "claims.db", articles=2, sentences=1)
    client = connect()
    with Store.open(path) as store:
        setup(store, client, title)
        start(path, every=NEVER, listen=listen)
        wait(lambda: len(remote_tasks(store, client, title)) == 2)
        wait(lambda: {task.state for task in store.tasks()} == {"pushed"})
        first, second = remote_tasks(store, client, title).values()
        made = submit(client, first)
        wait(lambda: decisions(path) == ["accepted"])
        client._sdk.annotations.update(made.id, result=[])
        wait(lambda: decisions(path) == ["rejected"])
        submit(client, second)
        wait(lambda: decisions(path) == ["accepted", "rejected"])
        client._sdk.annotations.delete(made.id)
        wait(lambda: decisions(path) == ["accepted"])


def test_a_webhook_that_says_nothing_true_does_no_harm(tmp_path, connect, title, start, listen):
    path = fill(tmp_path / "claims.db", articles=1, sentences=1)
    client = connect()
    with Store.open(path) as store:
        setup(store, client, title)
        process = start(path, every=NEVER, listen=listen)
        wait(lambda: {task.state for task in store.tasks()} == {"pushed"})
        for body in (b"", b'{"action": "PROJECT_DELETED"}', b"\xff" * 1000):
            assert httpx.post(f"http://{listen}/", content=body).status_code == 204
        (task,) = remote_tasks(store, client, title).values()
        submit(client, task)
        wait(lambda: decisions(path) == ["accepted"])
        assert process.is_alive()


def test_without_webhooks_it_comes_by_itself(tmp_path, connect, title, start):
    path = fill(tmp_path / "claims.db", articles=1, sentences=1)
    client = connect()
    with Store.open(path) as store:
        setup(store, client, title)
        start(path, every=1.0)
        wait(lambda: {task.state for task in store.tasks()} == {"pushed"})
        (task,) = remote_tasks(store, client, title).values()
        submit(client, task)
        wait(lambda: decisions(path) == ["accepted"])


def test_killed_at_any_time_it_goes_on_where_it_was(tmp_path, connect, title, start, listen):
    articles, moments = 30, random.Random(2)
    path = fill(tmp_path / "claims.db", articles=articles, sentences=2)
    client = connect()
    submitted = set()
    with Store.open(path) as store:
        setup(store, client, title)
        for _ in range(10):
            process = start(path, every=1.0, listen=listen)
            process.join(moments.uniform(0.1, 3.0))
            for key, task in remote_tasks(store, client, title).items():
                if key not in submitted and len(submitted) < articles and moments.random() < 0.2:
                    submit(client, task)
                    submitted.add(key)
            os.kill(process.pid, signal.SIGKILL)
            process.join()
        start(path, every=1.0, listen=listen)
        wait(lambda: len(remote_tasks(store, client, title)) == articles)
        for key, task in remote_tasks(store, client, title).items():
            if key not in submitted:
                submit(client, task)
        wait(lambda: len(list(store.annotations())) == articles)
        assert len(list(store.annotations(all_revisions=True))) == articles
        assert {review.decision for review in store.reviews()} == {"accepted"}
        assert len(list(store.reviews())) == 2 * articles


@pytest.fixture(scope="module")
def personal_token(label_studio):
    """A personal access token, had as a person has it."""
    with httpx.Client(base_url=label_studio.url, follow_redirects=True) as browser:
        browser.get("/user/login/")
        form = {"email": label_studio_server.USER, "password": label_studio_server.PASSWORD}
        browser.post("/user/login/", data=form | {"csrfmiddlewaretoken": browser.cookies["csrftoken"]})
        reply = browser.post("/api/token/", headers={"X-CSRFToken": browser.cookies["csrftoken"]})
        reply.raise_for_status()
        return reply.json()["token"]


def refreshes(proxy):
    return sum(request.startswith("POST /api/token/refresh") for request in proxy.requests)


def test_a_personal_access_token(store, proxy, connect, title, personal_token):
    client = connect(proxy.url, key=personal_token)
    setup(store, client, title)
    assert send(store, client, title).sent == 6
    for task in remote_tasks(store, client, title).values():
        submit(client, task)
    assert receive(store, client, title).new == 6
    assert refreshes(proxy) == 1, "an access token lasts for some minutes"
    # After these the SDK takes it for expired.
    client._sdk._client_wrapper._tokens_client._access_token = personal_token.rsplit(".", 1)[0] + ".expired"
    client._sdk._client_wrapper._tokens_client._access_token = None
    assert receive(store, client, title, everything=True).unchanged == 6
    assert refreshes(proxy) == 2
    with Store.open(store.path, read_only=True) as other:
        assert personal_token not in "".join(map(str, other._db.all("SELECT * FROM sync")))


def test_a_personal_access_token_that_the_server_does_not_know(store, connect, title, personal_token):
    wrong = personal_token[:-4] + ("AAAA" if personal_token[-4:] != "AAAA" else "BBBB")
    with pytest.raises(ReviewError, match="does not accept the key") as error:
        setup(store, connect(key=wrong), title)
    assert wrong not in str(error.value)


def test_the_exchange_of_the_token_is_cut(store, proxy, connect, title, personal_token, impatient):
    client = connect(proxy.url, key=personal_token)
    proxy.fault = Fault("cut", "POST", "/api/token/refresh", times=2)
    setup(store, client, title)
    assert send(store, client, title).sent == 6
