"""What a user is told when the server cannot be used as it is named, soon and in words."""

from __future__ import annotations

import base64
import json
import ssl
import subprocess
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from claimtable.errors import ReviewError
from claimtable.review.client import Client
from claimtable.review.credentials import Credentials, server_address

SECONDS = 5.0


def personal_token():
    """A refresh token, as Label Studio makes them; nobody checks its signature here."""

    def part(data):
        return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")

    return (
        f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part({'exp': 4e9, 'token_type': 'refresh'})}.c2lnbmF0dXJl"
    )


@contextmanager
def serving(answer, *, certificate=None):
    """A server that answers each request with what `answer(path)` returns: status and body."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append(self.path)
            status, body = answer(self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST

        def log_message(self, *_):
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    scheme = "http"
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme = "https"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"{scheme}://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def refused(words):
    begun = time.monotonic()
    with pytest.raises(ReviewError, match=words):
        yield
    assert time.monotonic() - begun < SECONDS


def test_a_personal_token_behind_a_path_prefix_is_exchanged_there():
    with serving(lambda _: (200, json.dumps({"access": personal_token()}).encode())) as (url, asked):
        client = Client(Credentials(f"{url}/studio", personal_token()))
    assert asked == ["/studio/api/token/refresh/"]
    assert client.is_personal_token


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (502, b"<html>Bad Gateway</html>", "exchanging the personal access token"),
        (503, b"{}", "exchanging the personal access token, 503"),
        (401, b"{}", "does not accept the key"),
    ],
)
def test_a_token_that_cannot_be_exchanged(status, body, words):
    with serving(lambda _: (status, body)) as (url, _), refused(words):
        Client(Credentials(url, personal_token()))


def test_an_address_of_a_page():
    with refused("the address of a page: give that of the server, http://host:8080$"):
        server_address("http://host:8080/projects/3/data?tab=1")
    with refused("https://host/studio$"):
        server_address("https://host/studio/user/account/")
    assert server_address("https://host/studio") == "https://host/studio"


def test_a_socks_proxy(monkeypatch):
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")
    monkeypatch.setitem(__import__("sys").modules, "socksio", None)
    with refused("SOCKS"):
        Client(Credentials("http://127.0.0.1:9", "0" * 40))


def test_a_certificate_that_is_not_trusted(tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=127.0.0.1",
        "-days",
        "1",
    ]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    with (
        serving(lambda _: (200, b"[]"), certificate=(certificate, key)) as (url, _),
        refused("SSL_CERT_FILE"),
    ):
        Client(Credentials(url, "0" * 40)).reviewers()
