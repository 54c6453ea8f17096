"""Pages of the web, fetched only where somebody named the address, and within limits.

No address of a private network is asked, whatever name or redirect leads there: each name is looked up once, and the
connection goes to the address that was looked at. What robots.txt forbids (RFC 9309) is not fetched.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from claimtable._version import __version__
from claimtable.errors import IngestError
from claimtable.ingest.html import MAX_HTML_BYTES
from claimtable.ingest.problems import MAX_DOCUMENT_BYTES, problem

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

AGENT = "claimtable"
"""By which robots.txt knows us."""
MOST_REDIRECTS = 5
"""Browsers follow 20; more than a few is a loop or a tracker."""
CONNECT_SECONDS = 10.0
READ_SECONDS = 20.0
"""Longest wait for the next bytes."""
PAGE_SECONDS = 60.0
"""For a whole page with its redirects: a page of the largest size over a slow line."""
PAUSE_SECONDS = 1.0
"""Between two requests to one host."""
MAX_ROBOTS_BYTES = 500 * 1024
"""Of robots.txt, as RFC 9309 asks for at least."""
_CHUNK = 64 * 1024
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_ADDRESS = re.compile(r"https?://", re.I)

TYPES = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "text",
    "text/markdown": "markdown",
    "application/pdf": "pdf",
}
"""Content types that are articles, with their input format."""
FEEDS = frozenset(
    ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml", "text/xml")
)
"""Content types that feeds have."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came from an address."""

    address: str
    """Where it was in the end, after redirects."""
    type: str
    """Its content type, without parameters."""
    data: bytes


def is_address(name: str) -> bool:
    """Return whether an input is an address of the web."""
    return _ADDRESS.match(name) is not None


def is_public(ip: str) -> bool:
    """Return whether an IP address is one of the open internet."""
    address = ipaddress.ip_address(ip.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        address = mapped
    return address.is_global and not address.is_multicast


@dataclass(slots=True)
class Fetcher:
    """Fetches pages, and remembers what robots.txt of each host says."""

    allowed: Callable[[str], bool] = is_public
    """Which IP addresses may be asked."""
    pause: float = PAUSE_SECONDS
    _robots: dict[str, RobotFileParser | None] = field(default_factory=dict)
    _asked: dict[str, float] = field(default_factory=dict)

    def fetch(self, address: str, types: frozenset[str] = frozenset(TYPES)) -> Fetched:
        """Return what stands at an address, after redirects.

        Args:
            address: begins with `http://` or `https://`.
            types: content types that are wanted.

        Raises:
            IngestError: it names the address, what is wrong, and what to do.
        """
        until = time.monotonic() + PAGE_SECONDS
        place = address
        for _ in range(MOST_REDIRECTS + 1):
            self._check_robots(place, until)
            with self._open(place, until) as response:
                target = response.headers.get("location")
                if response.status in _REDIRECTS and target:
                    place = _joined(place, target)
                    continue
                if response.status != 200:
                    raise problem(address, f"the server answers {response.status}", _remedy(response.status))
                kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
                if kind not in types:
                    raise problem(
                        address,
                        f"it is {kind or 'of no type'}, no article",
                        "give the address of a page, a text or a PDF",
                    )
                most = MAX_HTML_BYTES if TYPES.get(kind) == "html" else MAX_DOCUMENT_BYTES
                return Fetched(place, kind, _body(response, address, most, until))
        raise problem(address, f"over {MOST_REDIRECTS} redirects", "give the address at which they end")

    def _open(self, address: str, until: float) -> BaseHTTPResponse:
        import urllib3

        parts = _parts(address)
        if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
            raise problem(address, "this is no address of the web", "give one that begins with https://")
        if parts.username or parts.password:
            raise problem(
                parts.hostname, "an address with a name or password in it", "save the page, and give the file"
            )
        secure = parts.scheme.lower() == "https"
        try:
            port = parts.port or (443 if secure else 80)
        except ValueError as error:
            raise problem(address, f"no possible address ({error})", "correct it") from error
        ip = self._look_up(address, parts.hostname, port)
        self._wait(parts.hostname)
        limits = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
        pool: urllib3.HTTPConnectionPool
        if secure:
            name = parts.hostname
            pool = urllib3.HTTPSConnectionPool(
                ip, port, timeout=limits, server_hostname=name, assert_hostname=name
            )
        else:
            pool = urllib3.HTTPConnectionPool(ip, port, timeout=limits)
        headers = {
            "Host": parts.netloc,
            "User-Agent": f"{AGENT}/{__version__}",
            "Accept": ", ".join((*TYPES, *sorted(FEEDS))),
            "Accept-Encoding": "gzip, deflate",
        }
        wanted = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if time.monotonic() > until:
            raise _too_slow(address)
        try:
            return pool.urlopen(
                "GET", wanted, headers=headers, redirect=False, retries=False, preload_content=False
            )
        except urllib3.exceptions.SSLError as error:
            raise problem(
                address, f"its certificate does not hold ({error!s:.80})", "give another address"
            ) from error
        except urllib3.exceptions.HTTPError as error:
            raise problem(
                address, f"it cannot be reached ({type(error).__name__})", "try again later"
            ) from error

    def _look_up(self, address: str, host: str, port: int) -> str:
        """Return an IP address of the host, of which all must be allowed."""
        try:
            found = {str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
        except (OSError, UnicodeError) as error:
            raise problem(
                address, f"there is no host {host}", "check the address, and the connection"
            ) from error
        if not all(map(self.allowed, found)):
            raise problem(
                address, "it is in a private network", "save the page, and give the file or its folder"
            )
        return sorted(found, key=lambda ip: (":" in ip, ip))[0]

    def _wait(self, host: str) -> None:
        since = time.monotonic() - self._asked.get(host, -self.pause)
        if since < self.pause:
            time.sleep(self.pause - since)
        self._asked[host] = time.monotonic()

    def _check_robots(self, address: str, until: float) -> None:
        parts = _parts(address)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            self._robots[origin] = self._read_robots(origin, until)
        rules = self._robots[origin]
        if rules is None or not rules.can_fetch(AGENT, address):
            why = "cannot be read" if rules is None else "forbids it"
            raise problem(
                address, f"robots.txt of the site {why}", "save the page in a browser, and give the file"
            )

    def _read_robots(self, origin: str, until: float) -> RobotFileParser | None:
        """Return what robots.txt allows: everything where there is none; None where the server fails."""
        place = f"{origin}/robots.txt"
        for _ in range(MOST_REDIRECTS + 1):
            with self._open(place, until) as response:
                target = response.headers.get("location")
                if response.status in _REDIRECTS and target:
                    place = _joined(place, target)
                    continue
                if response.status >= 500:
                    return None
                rules = RobotFileParser()
                data = _body(response, place, MAX_ROBOTS_BYTES, until) if response.status == 200 else b""
                rules.parse(data.decode("utf-8", "replace").splitlines())
                return rules
        return None


def _body(response: BaseHTTPResponse, address: str, most: int, until: float) -> bytes:
    """Return the whole body, unpacked."""
    import urllib3

    parts: list[bytes] = []
    size = 0
    try:
        for part in response.stream(_CHUNK, decode_content=True):
            size += len(part)
            if size > most:
                raise problem(
                    address, f"larger than {most // (1024 * 1024) or 1} MB", "save what is wanted of it"
                )
            if time.monotonic() > until:
                raise _too_slow(address)
            parts.append(part)
    except urllib3.exceptions.HTTPError as error:
        raise problem(address, f"it broke off ({type(error).__name__})", "try again later") from error
    return b"".join(parts)


def _parts(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError as error:
        raise problem(address, f"no possible address ({error})", "correct it") from error


def _joined(place: str, target: str) -> str:
    try:
        return urljoin(place, target)
    except ValueError as error:
        raise problem(place, f"it leads to no possible address ({error})", "give another one") from error


def _too_slow(address: str) -> IngestError:
    return problem(address, f"not there after {PAGE_SECONDS:g} seconds", "try again later, or save the page")


def _remedy(status: int) -> str:
    if status in (401, 402, 403, 407, 451):
        return "save the page in a browser that may see it, and give the file"
    return "check the address" if status in (404, 410) else "try again later"
