"""A proxy in front of a server that does, once or some times, what networks and servers do on a bad day."""

from __future__ import annotations

import contextlib
import http.client
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Fault:
    """What happens to the requests whose method and path begin so, `times` times, after the first `after` of them."""

    kind: str
    """`reply lost`: carried out, unanswered; `cut`: not carried out; `slow`: answered too late; `500`, `401`, ...: the
    answer, not carried out; `500 after`: the answer, carried out; or `call`: `action` is called first."""
    method: str = ""
    path: str = ""
    times: int = 1
    after: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    action: Callable[[], object] | None = None
    then: Fault | None = None
    """What comes after it."""
    met: int = 0


class Proxy:
    """Forwards to `port` on the loopback interface, with one fault at a time."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.fault: Fault | None = None
        self.lock = threading.Lock()
        self.requests: list[str] = []
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def forward(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                fault = proxy.meet(self.command, self.path)
                kind = fault.kind if fault else ""
                if fault is not None and fault.action is not None:
                    fault.action()
                if kind == "cut":
                    return self.hang_up()
                if kind.isdigit():
                    return self.answer(int(kind), b'{"detail": "injected"}', fault.headers)
                connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=120)
                try:
                    headers = {
                        name: value for name, value in self.headers.items() if name.lower() != "connection"
                    }
                    connection.request(self.command, self.path, body, headers)
                    reply = connection.getresponse()
                    content = reply.read()
                except OSError:
                    return self.hang_up()
                finally:
                    connection.close()
                if kind == "reply lost":
                    return self.hang_up()
                if kind == "slow":
                    time.sleep(fault.seconds)
                    return self.hang_up()
                if kind.endswith(" after"):
                    return self.answer(int(kind.split()[0]), b"<html>injected</html>", {})
                return self.answer(
                    reply.status, content, {"Content-Type": reply.headers.get("Content-Type", "")}
                )

            do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = forward

            def answer(self, status: int, content: bytes, headers: dict[str, str]) -> None:
                with contextlib.suppress(OSError):
                    self.send_response(status)
                    for name, value in headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)

            def hang_up(self) -> None:
                self.close_connection = True

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def meet(self, method: str, path: str) -> Fault | None:
        """Returns the fault that this request meets."""
        with self.lock:
            self.requests.append(f"{method} {path}")
            fault = self.fault
            if fault is None or not method.startswith(fault.method) or not path.startswith(fault.path):
                return None
            fault.met += 1
            if fault.then is not None and fault.met == fault.after + fault.times:
                self.fault = fault.then
            return fault if fault.after < fault.met <= fault.after + fault.times else None


@contextlib.contextmanager
def proxying(port: int) -> Iterator[Proxy]:
    """Yields a running proxy."""
    proxy = Proxy(port)
    threading.Thread(target=proxy._server.serve_forever, daemon=True).start()
    try:
        yield proxy
    finally:
        proxy._server.shutdown()
        proxy._server.server_close()
