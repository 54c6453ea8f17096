"""Rounds of pull and push: one, or one after another, a webhook of the server beginning the next at once.

A webhook is sent once and never again, so it is a hint only: a round comes after `every` seconds at the latest.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from claimtable.errors import ReviewError

SETTLE_SECONDS = 1.0
"""Waited after a webhook: it is sent before the change is committed, and several come at once."""


class Bell:
    """Rings when the server says that something changed."""

    def __init__(self, url: str | None) -> None:
        self.url = url
        """Where webhooks are taken; None: nowhere."""
        self.rung = threading.Event()

    def wait(self, seconds: float) -> None:
        """Returns after so many seconds, or soon after it rang."""
        if self.rung.wait(seconds):
            threading.Event().wait(SETTLE_SECONDS)
            self.rung.clear()


@contextmanager
def hooks(listen: str | None) -> Iterator[Bell]:
    """Takes webhooks at `HOST:PORT` while the block runs; None takes none.

    Raises:
        ReviewError: that is no place to listen at.
    """
    if listen is None:
        yield Bell(None)
        return
    host, _, port = listen.rpartition(":")
    if not host or not port.isdigit():
        raise ReviewError(f"--listen {listen} is no HOST:PORT, such as 127.0.0.1:8765")
    bell = Bell(f"http://{listen}/")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            # What it says is not read: the pull asks the server itself.
            bell.rung.set()
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            return

    try:
        server = ThreadingHTTPServer((host, int(port)), Handler)
    except (OSError, OverflowError) as error:
        raise ReviewError(f"cannot listen at {listen} ({error}): choose another port") from None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield bell
    finally:
        server.shutdown()
        server.server_close()


def rounds(one: Callable[[], None], bell: Bell, *, every: float | None, say: Callable[[str], None]) -> None:
    """Runs a round, and with `every` one after another until interrupted.

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
