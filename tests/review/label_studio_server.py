"""A real Label Studio for the tests: installed into an environment of its own, started with a fresh data folder.

    python tests/review/label_studio_server.py        installs it and prepares the data folder (make label-studio)

What it installs (about 1 GB) and the prepared folder lie in `.cache/label-studio`, or where
CLAIMTABLE_LABEL_STUDIO says. CLAIMTABLE_LABEL_STUDIO_VERSION takes another version than the one that all tests run with.
"""

from __future__ import annotations

import contextlib
import http.cookiejar
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import venv
from collections.abc import Iterator
from pathlib import Path

VERSION = os.environ.get("CLAIMTABLE_LABEL_STUDIO_VERSION", "1.23.2")
TOKEN = "0123456789abcdef0123456789abcdef01234567"
"""A legacy token that the server is started with: it never leaves the loopback interface."""
USER = "admin@localhost.local"
COLLEAGUE = "ben@localhost.local"
PASSWORD = "secret12345"
START_SECONDS = 600.0
"""An empty data folder takes 30-40 s of migrations on an idle machine, a prepared one five."""
STOP_SECONDS = 20.0


def cache() -> Path:
    """Returns the folder with the environment and the prepared data folder."""
    default = Path(__file__).parents[2] / ".cache" / "label-studio"
    return Path(os.environ.get("CLAIMTABLE_LABEL_STUDIO", default))


def install() -> None:
    """Makes the environment and the prepared data folder, where they are not there yet."""
    folder = cache() / f"venv-{VERSION}"
    if not (folder / "complete").exists():
        print(f"Installing Label Studio {VERSION} into {folder} (about 1 GB) ...", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        command = [
            folder / "bin" / "python",
            "-m",
            "pip",
            "--disable-pip-version-check",
            "--quiet",
            "install",
        ]
        subprocess.run([*command, f"label-studio=={VERSION}"], check=True)
        (folder / "complete").touch()
    data = cache() / f"data-{VERSION}"
    if not data.exists():
        print(f"Preparing its data folder {data} ...", file=sys.stderr)
        scratch = cache() / f"data-{VERSION}.{os.getpid()}"
        server = Server(scratch)
        server.start()
        server.stop()
        scratch.rename(data)


def installed() -> bool:
    """Tells whether `install` has been run to its end."""
    return (cache() / f"venv-{VERSION}" / "complete").exists() and (cache() / f"data-{VERSION}").exists()


class Server:
    """One Label Studio process on a loopback port."""

    def __init__(self, data: Path, *, as_it_comes: bool = False) -> None:
        self.data = data
        self._as_it_comes = as_it_comes
        self.port = _free_port()
        self.token = TOKEN
        self.keys: dict[str, str] = {}
        """Address → legacy token of further people."""
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What it printed."""
        return self.data / "server.log"

    def start(self) -> None:
        """Starts it, on the same port each time, and waits until it answers."""
        self.data.mkdir(parents=True, exist_ok=True)
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("LABEL_STUDIO")
        }
        environment |= {
            "LABEL_STUDIO_BASE_DATA_DIR": str(self.data),
            "LABEL_STUDIO_USERNAME": USER,
            "LABEL_STUDIO_PASSWORD": PASSWORD,
            "LABEL_STUDIO_USER_TOKEN": TOKEN,
            "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
            "COLLECT_ANALYTICS": "false",
            "SENTRY_DSN": "",
            "FRONTEND_SENTRY_DSN": "",
            "LATEST_VERSION_CHECK": "false",
            "LOG_LEVEL": "WARNING",
        }
        if not self._as_it_comes:
            # Backends and webhooks on the loopback interface are refused otherwise.
            environment |= {"SSRF_PROTECTION_ENABLED": "false", "ML_BLOCK_LOCAL_IP": "false"}
        command = [cache() / f"venv-{VERSION}" / "bin" / "label-studio", "start", "--no-browser"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*map(str, command), "--internal-host", "127.0.0.1", "--port", str(self.port)],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._wait()

    def _wait(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            with contextlib.suppress(urllib.error.URLError, OSError):
                urllib.request.urlopen(f"{self.url}/health", timeout=5)
                return
            time.sleep(0.2)
        tail = self.log.read_text(errors="replace")[-2000:]
        self.stop()
        raise RuntimeError(f"Label Studio did not start on {self.url}:\n{tail}")

    def cpu_seconds(self) -> float:
        """Returns the processor time that it has used; 0 where the system doesn't say."""
        assert self._process is not None
        stat = Path(f"/proc/{self._process.pid}/stat")
        if not stat.exists():
            return 0.0
        user, system = stat.read_text().rsplit(")", 1)[1].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        """Ends it; the data folder stays."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


def colleague(server: Server, address: str = COLLEAGUE) -> str:
    """Makes a second person, where there is none yet, and returns their key."""
    if address in server.keys:
        return server.keys[address]
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def cookie(name: str) -> str:
        return next((each.value or "" for each in jar if each.name == name), "")

    def post(path: str, fields: dict[str, str]) -> None:
        body = urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": cookie("csrftoken")}).encode()
        opener.open(urllib.request.Request(f"{server.url}{path}", body, {"Referer": server.url}), timeout=60)

    opener.open(f"{server.url}/user/signup/", timeout=60)
    person = {"email": address, "password": PASSWORD}
    post("/user/signup/", person)
    headers = {"X-CSRFToken": cookie("csrftoken"), "Referer": server.url}
    reply = opener.open(
        urllib.request.Request(f"{server.url}/api/current-user/token", headers=headers), timeout=60
    )
    server.keys[address] = json.loads(reply.read())["token"]
    return server.keys[address]


@contextlib.contextmanager
def running(*, as_it_comes: bool = False) -> Iterator[Server]:
    """Yields a started server with a fresh copy of the prepared data folder, which is removed afterwards.

    Args:
        as_it_comes: with the settings that Label Studio has by itself, which refuse addresses of its own machine.
    """
    with tempfile.TemporaryDirectory(prefix="label-studio-") as folder:
        data = Path(folder) / "data"
        shutil.copytree(cache() / f"data-{VERSION}", data)
        server = Server(data, as_it_comes=as_it_comes)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


if __name__ == "__main__":
    install()
