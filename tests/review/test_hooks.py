"""The port that takes webhooks: what strangers send rings nothing and stops nobody."""

import contextlib
import socket
import time

import pytest

from claimtable.errors import ReviewError
from claimtable.review import sync


@pytest.fixture
def listen():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"127.0.0.1:{free.getsockname()[1]}"


def post(listen, path, *, body=b"{}"):
    host, _, port = listen.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(
            f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        )
        return int(connection.recv(1000).split(None, 2)[1])


def test_only_its_own_path_rings(listen):
    with sync.hooks(listen, "secret") as bell:
        assert "secret" not in bell.url
        path = bell.url.removeprefix(f"http://{listen}")
        for wrong in ("/", "/secret", path[:-1], path + "x", "/" + "a" * 60_000):
            assert post(listen, wrong) in (404, 414)
            assert not bell.rung.is_set()
        assert post(listen, path) == 204
        assert bell.rung.is_set()


@pytest.mark.parametrize("host", ["0.0.0.0:0", "192.168.1.5:8765", "example.org:1"])
def test_others_reach_it_with_a_token_only(host):
    with pytest.raises(ReviewError, match="CLAIMTABLE_SERVE_TOKEN"), sync.hooks(host):
        pass


def test_idle_and_slow_connections_stop_nobody(listen, monkeypatch):
    monkeypatch.setattr(sync, "REQUEST_SECONDS", 0.5)
    host, _, port = listen.rpartition(":")
    with sync.hooks(listen) as bell, contextlib.ExitStack() as stack:
        for _ in range(sync.MAX_CONNECTIONS * 3):
            one = stack.enter_context(socket.create_connection((host, int(port)), timeout=10))
            one.sendall(b"POST / HT")
        assert post(listen, "/") == 204
        assert bell.rung.is_set()
        slow = stack.enter_context(socket.create_connection((host, int(port)), timeout=10))
        begun = time.monotonic()
        with contextlib.suppress(OSError):
            while time.monotonic() - begun < 60:
                slow.sendall(b"a")
                time.sleep(0.1)
        assert time.monotonic() - begun < 60
