"""A web site on this machine: pages by path, each with status, fields and body."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = tuple[int, dict[str, str], bytes]
ARTICLE = (
    b"<html><head><title>Exports</title></head><body><article><h1>Exports rise</h1>"
    b"<p>Exports rose to 12 million dollars in 2013, the ministry of trade said on Monday in a report.</p>"
    b"</article></body></html>"
)


class Site:
    """What a site answers, and what it was asked."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.address = ""

    def put(
        self, path: str, body: bytes = ARTICLE, kind: str = "text/html", status: int = 200, **fields: str
    ) -> str:
        """Set what is answered, and return the address."""
        self.pages[path] = (status, {"Content-Type": kind, **fields}, body)
        return self.address + path


@contextlib.contextmanager
def serving() -> Iterator[Site]:
    """Yield a site that is served until the block ends."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            status, fields, body = site.pages.get(self.path, (404, {"Content-Type": "text/plain"}, b"none"))
            self.send_response(status)
            for name, value in fields.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
