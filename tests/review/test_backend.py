import base64
import json
import threading

import anyio
import pytest
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient
from tests.review.people import TEXT, shown, task

from claimtable.errors import ReviewError
from claimtable.review import backend
from claimtable.review.backend import joined, make_app
from claimtable.review.tasks import make_tasks
from claimtable.schema import Actor, Document


def predict(data):
    if "broken" in data["text"]:
        raise ValueError("oh")
    return {"result": [{"text": data["text"]}], "score": 0.5, "model_version": "v1"}


@pytest.fixture
def errors():
    return []


@pytest.fixture
def client(errors):
    return TestClient(make_app(predict, version="v1", on_error=errors.append))


def ask(client, *texts, **headers):
    tasks = [{"id": n, "data": {"text": text}} for n, text in enumerate(texts, 1)]
    return client.post("/predict", json={"tasks": tasks, "label_config": "<View/>", "params": {}}, **headers)


def test_the_protocol(client):
    assert client.get("/health").json() == {"status": "UP", "model_class": "claimtable"}
    setup = client.post("/setup", json={"project": "1.2", "schema": "<View/>", "access_token": "s"})
    assert setup.json() == {"model_version": "v1"}
    assert client.get("/versions").json() == {"versions": ["v1"]}
    assert client.post("/webhook", json={"action": "ANNOTATION_CREATED"}).status_code == 201
    (result,) = ask(client, "One.").json()["results"]
    assert result == {"result": [{"text": "One."}], "score": 0.5, "model_version": "v1"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("broken", "ValueError"),
        ("", "no text"),
        (3, "no text"),
        ("https://example.org/article.txt", "an address"),
        ("x" * (backend.MAX_TEXT_CHARS + 1), "split it"),
    ],
)
def test_a_task_without_a_prediction_costs_the_others_nothing(client, errors, text, words):
    results = ask(client, text, "Good.").json()["results"]
    # Label Studio takes an empty list for "no prediction", where an empty result would say "no claims".
    assert results[0] == []
    assert results[1]["score"] == 0.5
    assert [words in str(error) and "task 1" in str(error) for error in errors] == [True]


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"tasks": 3}', b"\xff"])
def test_a_bad_request_is_answered_as_one(client, body):
    assert client.post("/predict", content=body).status_code == 400


def test_a_body_is_bounded(client, monkeypatch):
    monkeypatch.setattr(backend, "MAX_BODY_BYTES", 1000)
    assert ask(client, "x" * 1000).status_code == 413
    assert ask(client, "x").status_code == 200


@pytest.mark.parametrize(
    ("name", "limit", "expected"),
    [("MAX_WAITING", 2, [200, 200, 429, 429]), ("MAX_WAITING_BYTES", 100, [200, 429, 429, 429])],
)
def test_one_at_a_time_and_not_too_many_wait(monkeypatch, name, limit, expected):
    monkeypatch.setattr(backend, name, limit)
    inside, most, release = [], [], threading.Event()

    def slow(data):
        inside.append(1)
        most.append(len(inside))
        release.wait(20)
        inside.pop()
        return {"result": []}

    app = make_app(slow, version="v1", on_error=lambda _: None)
    codes = []
    with TestClient(app) as client:
        threads = [
            threading.Thread(target=lambda: codes.append(ask(client, "x").status_code)) for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        while len(codes) < expected.count(429):
            assert client.get("/health").status_code == 200
        release.set()
        for thread in threads:
            thread.join()
    assert sorted(codes) == expected
    assert max(most) == 1


def test_bodies_are_not_held_without_end(client, monkeypatch):
    monkeypatch.setattr(backend, "MAX_HELD_BYTES", 500)
    refused = ask(client, "x" * 1000)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "10")
    # What was refused is no longer held.
    assert [ask(client, "x" * 200).status_code for _ in range(5)] == [200] * 5


def test_a_body_that_does_not_come_in_is_given_up(monkeypatch):
    monkeypatch.setattr(backend, "BODY_SECONDS", 0.05)

    class Slow:
        async def stream(self):
            yield b"{"
            await anyio.sleep(60)

    held = backend._Held()

    async def attempt():
        async with held.body(Slow()):
            pass

    with pytest.raises(HTTPException) as caught:
        anyio.run(attempt)
    assert (caught.value.status_code, held.size) == (408, 0)


def basic(token):
    return "Basic " + base64.b64encode(f"user:{token}".encode()).decode()


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Bearer secret", 200),
        (basic("secret"), 200),
        ("Bearer other", 401),
        (basic("other"), 401),
        ("Basic %%%", 401),
        ("Token secret", 401),
        ("", 401),
    ],
)
def test_a_token_is_wanted_where_one_is_set(header, code):
    client = TestClient(make_app(predict, version="v1", token="secret", on_error=lambda _: None))
    headers = {"Authorization": header}
    assert ask(client, "One.", headers=headers).status_code == code
    assert client.post("/setup", json={}, headers=headers).status_code == code
    assert client.get("/health").status_code == 200
    assert client.post("/webhook", json={}).status_code == 201


def test_without_starlette_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "starlette.applications", None)
    with pytest.raises(ReviewError, match=r"claimtable\[serve\]"):
        make_app(predict, version="v1", on_error=lambda _: None)


def test_parts_of_a_long_text_become_one():
    one = task()
    assert joined({0: one.result}) == shown(one)
    line = "Kim said trade rose.\n\n"
    document = Document("d", line * 1000)
    places = tuple((n * len(line), n * len(line) + 3) for n in range(1000))
    parts = make_tasks(document, (), [Actor("a", "Kim", "PERSON", mentions=places)], extractor="v")
    assert len(parts) > 1
    items = joined({part.start: part.result for part in parts})
    assert {(item["value"]["start"], item["value"]["end"]) for item in items} == {(0, 3)}
    assert json.dumps(items) and TEXT
