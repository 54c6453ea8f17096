"""A plugin of Datasette: it answers by the names of this machine alone, so that no page of the web can read through one of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from datasette import hookimpl

NAMES = frozenset((b"127.0.0.1", b"localhost", b"[::1]"))
App = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
    """Return what wraps the application."""

    def wrap(app: App) -> App:
        async def checked(scope: dict[str, Any], receive: Any, send: Any) -> None:
            hosts = [value for name, value in scope.get("headers") or () if name == b"host"]
            if scope["type"] == "http" and [_name(host) for host in hosts] not in [[name] for name in NAMES]:
                headers = [(b"content-type", b"text/plain")]
                await send({"type": "http.response.start", "status": 421, "headers": headers})
                await send(
                    {
                        "type": "http.response.body",
                        "body": b"This is not known by that name: open http://127.0.0.1",
                    }
                )
                return
            await app(scope, receive, send)

        return checked

    return wrap


def _name(host: bytes) -> bytes:
    name, colon, port = host.rpartition(b":")
    return (name if colon and port.isdigit() else host).lower()
