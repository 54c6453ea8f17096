"""Connections of a server that ask nothing: each has little time, and the oldest goes when there are too many.

Whoever asks at once is served, however many others only hold a connection; uvicorn by itself counts those too, and has no
limit on the time until a request has come.
"""

from __future__ import annotations

import asyncio
import os
import threading
from typing import TYPE_CHECKING, Any

from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from types import FrameType

HEAD_SECONDS = 10.0
"""From the opening of a connection, or the last answer on it, until the head of a request has come. Hand-set."""
MAX_IDLE = 256
"""Connections that have no request under way. Hand-set."""


def bounded_protocol() -> type[asyncio.Protocol]:
    """Return a protocol for uvicorn, whose connections know of one another."""
    idle: dict[Any, None] = {}

    class Bounded(H11Protocol):
        _timer: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._wait()
            if len(idle) > MAX_IDLE:
                next(iter(idle))._leave()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self.cycle is not None and not self.cycle.response_complete:
                self._forget()

        def on_response_complete(self) -> None:
            super().on_response_complete()
            if not self.transport.is_closing() and (self.cycle is None or self.cycle.response_complete):
                self._wait()

        def connection_lost(self, exc: Exception | None) -> None:
            self._forget()
            super().connection_lost(exc)

        def _wait(self) -> None:
            self._forget()
            idle[self] = None
            self._timer = self.loop.call_later(HEAD_SECONDS, self._leave)

        def _leave(self) -> None:
            self._forget()
            self.transport.abort()

        def _forget(self) -> None:
            idle.pop(self, None)
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    return Bounded


class PromptServer(Server):
    """Ends within `seconds` after it is told to, whatever is under way."""

    def __init__(self, config: Config, seconds: float) -> None:
        super().__init__(config)
        self._seconds = seconds

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        # A thread that is extracting cannot be stopped; nothing that it does has to be kept.
        timer = threading.Timer(self._seconds, os._exit, (0,))
        timer.daemon = True
        timer.start()
