"""Rounds of pull and push: one, or one after another, a webhook of the server beginning the next at once.

A webhook is sent once and never again, so it is a hint only: a round comes after `every` seconds at the latest.
"""

from __future__ import annotations

import hashlib
import hmac
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from claimtable.errors import ReviewError

SETTLE_SECONDS = 1.0
"""Waited after a webhook: it is sent before the change is committed, and several come at once."""


_LOOPBACK = ("127.0.0.1", "localhost", "::1")
TOKEN_VARIABLE = "CLAIMTABLE_SERVE_TOKEN"
"""Where the token is read from, as for `claimtable serve`."""
REQUEST_SECONDS = 10
"""How long a request may take to come in. Hand-set."""
MAX_CONNECTIONS = 32
"""Of more at a time the oldest is closed: a webhook is sent at once. Hand-set."""


class _FewAtATime(ThreadingHTTPServer):
    """Closes the oldest connection when there are too many, and each when its time is up, however slowly it sends."""

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self._open: dict[Any, threading.Timer] = {}
        self._lock = threading.Lock()
        super().__init__(address, handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        timer = threading.Timer(REQUEST_SECONDS, self._cut, (request,))
        timer.daemon = True
        with self._lock:
            self._open[request] = timer
            oldest = next(iter(self._open)) if len(self._open) > MAX_CONNECTIONS else None
        timer.start()
        if oldest is not None:
            self._cut(oldest)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._forget(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Return a stranger who goes away is no error of ours."""

    def _forget(self, request: Any) -> None:
        with self._lock:
            timer = self._open.pop(request, None)
        if timer is not None:
            timer.cancel()

    def _cut(self, request: Any) -> None:
        self._forget(request)
        with suppress(OSError):
            request.shutdown(socket.SHUT_RDWR)


class Bell:
    """Rings when the server says that something changed."""

    def __init__(self, url: str | None) -> None:
        self.url = url
        """Where webhooks are taken; None: nowhere."""
        self.rung = threading.Event()

    def wait(self, seconds: float) -> None:
        """Return after so many seconds, or soon after it rang."""
        if self.rung.wait(seconds):
            threading.Event().wait(SETTLE_SECONDS)
            self.rung.clear()


@contextmanager
def hooks(listen: str | None, token: str | None = None) -> Iterator[Bell]:
    """Take webhooks at `HOST:PORT` while the block runs; None takes none.

    Args:
        listen: where.
        token: a path made of it is the only one that rings; None, which is for this machine alone: any.

    Raises:
        ReviewError: that is no place to listen at, or one that others reach, and there is no token.
    """
    if listen is None:
        yield Bell(None)
        return
    host, _, port = listen.rpartition(":")
    if not host or not port.isdigit():
        raise ReviewError(f"--listen {listen} is no HOST:PORT, such as 127.0.0.1:8765")
    if token is None and host not in _LOOPBACK:
        raise ReviewError(
            f"--listen {listen} can be reached from other machines: set {TOKEN_VARIABLE} to a token"
        )
    # Not the token itself: Label Studio keeps and shows the address.
    path = "/" if token is None else f"/{hashlib.sha256(token.encode()).hexdigest()[:32]}"
    bell = Bell(f"http://{listen}{path}")

    class Handler(BaseHTTPRequestHandler):
        timeout = REQUEST_SECONDS
        server_version = "claimtable"
        sys_version = ""

        def do_POST(self) -> None:
            # What it says is not read: the pull asks the server itself.
            known = hmac.compare_digest(self.path.encode(), path.encode())
            if known:
                bell.rung.set()
            self.send_response(204 if known else 404)
            self.send_header("Connection", "close")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            return

    try:
        server = _FewAtATime((host, int(port)), Handler)
    except (OSError, OverflowError) as error:
        raise ReviewError(f"cannot listen at {listen} ({error}): choose another port") from None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield bell
    finally:
        server.shutdown()
        server.server_close()


def rounds(one: Callable[[], None], bell: Bell, *, every: float | None, say: Callable[[str], None]) -> None:
    """Run a round, and with `every` one after another until interrupted.

    Raises:
        ReviewError: the only round failed. In a series the error is said, and the next round is tried.
    """
    while True:
        try:
            one()
        except ReviewError as error:
            if every is None:
                raise
            say(str(error))
        if every is None:
            return
        try:
            bell.wait(every)
        except KeyboardInterrupt:
            return
