"""What strangers may send to `claimtable serve`: it costs them their connection, and nobody else an answer."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest
import uvicorn

from claimtable.cli import connections
from claimtable.cli.connections import PromptServer, bounded_protocol
from claimtable.review.backend import make_app

LOCAL = ("localhost", "127.0.0.1", "::1")
BODY = json.dumps({"tasks": [{"id": 1, "data": {"text": "One."}}]}).encode()


HURRY = threading.Event()


def predict(data):
    HURRY.wait(float(data.get("seconds", 0)))
    return {"result": [], "score": 0.5}


@contextlib.contextmanager
def serving(token=None, hosts=LOCAL, said=None):
    app = make_app(
        predict, version="v", token=token, hosts=hosts, on_error=[].append if said is None else said
    )
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, log_level="critical", access_log=False, http=bounded_protocol(), server_header=False
    )
    server = PromptServer(config, 60)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(20)


@pytest.fixture(scope="module")
def port():
    with serving() as port:
        yield port


@pytest.fixture(scope="module")
def guarded():
    with serving(token="secret", hosts=None) as port:
        yield port


def send(port, data, *, wait=2.0):
    """Sends bytes, and returns all that comes back until the server closes or says nothing for `wait` seconds."""
    with socket.create_connection(("127.0.0.1", port), timeout=wait) as connection:
        answer = b""
        with contextlib.suppress(OSError):
            connection.sendall(data)
            while piece := connection.recv(65536):
                answer += piece
                if b"\r\n\r\n" in answer and b"}" in answer:
                    break
        return answer


def request(method="POST", path="/predict", body=BODY, host="127.0.0.1", **fields):
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def status(answer):
    return int(answer.split(None, 2)[1]) if answer.startswith(b"HTTP/") else 0


def check_alive(port, **fields):
    assert status(send(port, request(**fields), wait=20)) == 200


TRICKS = {
    **{f"host {name!r}": (request(host=name), {421, 400}) for name in (
        "evil.example", "evil.example:9090", "127.0.0.1.evil.example", "localhost.evil.example", "169.254.169.254", "", "[::2]",
        "127.0.0.1@evil.example", "evil.example#127.0.0.1", "LOCALHOST.", "0.0.0.0", "127.1", "[", "]:1", "a" * 5000,
    )},
    **{f"origin {name!r}": (request(Origin=name), {421}) for name in ("https://evil.example", "null", "http://127.0.0.1:8080")},
    **{f"path {path!r}": (request("GET", path, b""), {404, 405, 400}) for path in (
        "/predict/", "//evil.example/", "//evil.example/predict/", "/../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/health/", "/setup", "/predict",
        "/\x01", "/" + "a" * 9000, "/%00", "/static/x", "/docs", "/openapi.json", "http://evil.example/", "*", "/versions/../health/x",
    )},
    **{f"method {method!r}": (request(method), {400, 405, 501}) for method in ("PUT", "DELETE", "TRACE", "CONNECT", "PATCH", "PRI", "X" * 500, "GET\t")},
    **{f"body {body[:12]!r}": (request(body=body), {400, 200}) for body in (
        b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"tasks": {}}', b'{"tasks": [1, null, [], "x"]}', b'{"tasks": [{}]}', b"[" * 100_000,
        b'{"tasks": [{"data": {"text": 1}}]}', b'{"tasks": [{"data": {"text": "\\ud800"}}]}', b'{"tasks": [{"id": "\\u001b[2J", "data": {}}]}',
        b"9" * 100_000, b'{"a":' * 50_000, b'{"tasks": []}', b"\x00" * 50, b'{"tasks": [NaN]}', b'{"tasks": [{"data": "x"}]}',
    )},
    **{f"head {number}": (data, {0, 100, 400, 403, 404, 405, 413, 421, 431, 501}) for number, data in enumerate((
        b"\x00\x01\x02\x03" * 100, b"GET\r\n\r\n", b"\r\n\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"SSH-2.0-x\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
        b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
        b"POST /predict HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 20_000 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nA: " + b"b" * 200_000 + b"\r\n\r\n", b"GET / HTTP/1.1\nHost: localhost\n X: y\n\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nA\x00: b\r\n\r\n", b"GET / HTTP/1.1\r\nHost: localhost\r\n: b\r\n\r\n", b"G" * 100_000,
        b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n{",
        b"POST /predict HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 999999999\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: evil\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
    ))},
}  # fmt: skip


@pytest.mark.parametrize("name", TRICKS, ids=ascii)
def test_a_trick_is_refused_and_the_server_stays(port, name):
    data, expected = TRICKS[name]
    answer = send(port, data)
    assert status(answer) in expected | {0 if name.startswith("head") else 400}, answer[:300]
    assert b"location:" not in answer.lower()
    assert b"Traceback" not in answer
    check_alive(port)


WITHOUT = {
    f"{method} {path} {value!r}": request(method, path, Authorization=value)
    for method, path in (("POST", "/predict"), ("POST", "/setup"), ("GET", "/versions"), ("GET", "/"))
    for value in ("", "Bearer", "Bearer x", "Basic", "Basic !!!", "Basic OnNlY3JldHg=", "secret", "Bearer secret\tx", "Negotiate secret")
}  # fmt: skip


@pytest.mark.parametrize("name", WITHOUT, ids=ascii)
def test_without_the_token_nothing_is_told(guarded, name):
    assert status(send(guarded, WITHOUT[name])) in (400, 401)


def test_with_the_token(guarded):
    check_alive(guarded, Authorization="Bearer secret", host="any.example")
    check_alive(guarded, Authorization="Basic dXNlcjpzZWNyZXQ=")


@pytest.mark.parametrize(
    "start",
    [b"", b"POST /predict HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nA: b", request("GET", "/", b"") + b"GET"],
)
def test_idle_connections_lock_nobody_out(guarded, start):
    with contextlib.ExitStack() as stack:
        for _ in range(connections.MAX_IDLE + 60):
            one = stack.enter_context(socket.create_connection(("127.0.0.1", guarded)))
            with contextlib.suppress(OSError):
                one.sendall(start)
        check_alive(guarded, Authorization="Bearer secret")


def test_an_idle_connection_is_closed(monkeypatch):
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.3)
    with serving() as port:
        for start in (b"", b"GET / HT", request("GET", "/health", b"") + b"GET / HT"):
            with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
                connection.sendall(start)
                with contextlib.suppress(ConnectionError):
                    while connection.recv(65536):
                        pass
        # Who waits for an answer is not idle.
        slow = json.dumps({"tasks": [{"data": {"text": "One.", "seconds": 0.9}}]}).encode()
        assert status(send(port, request(body=slow), wait=20)) == 200


def test_a_body_of_a_stranger_holds_nothing(guarded):
    with contextlib.ExitStack() as stack:
        for path in ("/webhook", "/predict", "/setup"):
            for _ in range(20):
                one = stack.enter_context(socket.create_connection(("127.0.0.1", guarded)))
                one.sendall(
                    f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 19000000\r\n\r\n".encode()
                    + b"x" * 60_000
                )
        check_alive(guarded, Authorization="Bearer secret")


def test_a_long_request_does_not_hold_up_a_short_one(port):
    many = json.dumps({"tasks": [{"data": {"text": "One.", "seconds": 0.2}}] * 300}).encode()
    long = threading.Thread(target=send, args=(port, request(body=many)), kwargs={"wait": 120})
    long.start()
    time.sleep(0.5)
    try:
        check_alive(port)
        assert long.is_alive(), "it takes a minute, the other one was answered meanwhile"
    finally:
        HURRY.set()
        long.join()
        HURRY.clear()


HOLDS = """
import sys, time
from pathlib import Path
from claimtable.cli import serve
from claimtable.cli.run import Run
class Slow:
    def __init__(self, nlp, db): pass
    def __call__(self, data): time.sleep(600)
serve.Predictor = Slow
from claimtable.nlp import pipeline
pipeline.load = lambda *a, **b: None
serve.serve("127.0.0.1", 0, db=Path("none.db"), run=Run())
"""


def test_it_ends_soon_whatever_is_under_way(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS], stderr=subprocess.PIPE, cwd=tmp_path, env=os.environ
    )
    port = int(process.stderr.readline().split(b"127.0.0.1:")[1].split(b":")[0])
    asking = threading.Thread(target=send, args=(port, request()), kwargs={"wait": 30})
    asking.start()
    time.sleep(1)
    process.send_signal(signal.SIGTERM)
    # Ten seconds, it says; a busy machine adds to them, but not the ten minutes of what is under way.
    assert process.wait(60) == 0
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    asking.join()


def test_control_characters_reach_no_log(capsys):
    from claimtable.cli.run import Run

    Run().say("task \x1b]0;x\x07\x9b2J\u202e\nclaimtable: all is well")
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert not set(line) & set("\x1b\x07\x9b\u202e")
