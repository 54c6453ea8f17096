"""A Label Studio of one's own: started on this machine alone, with its data beside the database. Nothing is installed."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from claimtable.errors import ReviewError
from claimtable.review.credentials import Credentials

COMMAND_VARIABLE = "CLAIMTABLE_LABEL_STUDIO_COMMAND"
"""Names the command, where it is not on the path."""
START_SECONDS = 300.0
"""An empty data folder takes half a minute of migrations on an idle machine."""
STOP_SECONDS = 20.0
USER = "reviewer@localhost.local"
_ACCOUNT = "claimtable.json"


@dataclass(frozen=True, slots=True)
class Account:
    """How to log in; kept in the data folder, for its owner alone."""

    user: str
    password: str = field(repr=False)
    token: str = field(repr=False)


def find_command() -> str:
    """Return the command that starts Label Studio.

    Raises:
        ReviewError: there is none.
    """
    beside = Path(sys.executable).with_name("label-studio")
    for candidate in (os.environ.get(COMMAND_VARIABLE), shutil.which("label-studio"), str(beside)):
        if candidate and shutil.which(candidate):
            return candidate
    raise ReviewError(
        "Label Studio is not installed (about 1 GB): pip install label-studio, best in an environment of its own, and "
        f'name its command in {COMMAND_VARIABLE}; or pip install "claimtable[label-studio]"'
    )


def data_folder(db: Path) -> Path:
    """Return the folder that holds the data of the server of a database."""
    return db.with_name(f"{db.name}.label-studio")


def account(folder: Path) -> Account:
    """Return the account of a data folder, which is made where there is none yet.

    Raises:
        ReviewError: the folder cannot be written, or its account not be read.
    """
    path = folder / _ACCOUNT
    try:
        if path.exists():
            return Account(**json.loads(path.read_text("utf-8")))
        folder.mkdir(parents=True, exist_ok=True)
        made = Account(USER, secrets.token_urlsafe(9), secrets.token_hex(20))
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(asdict(made), file)
    except (OSError, ValueError, TypeError) as error:
        raise ReviewError(
            f"{path} cannot be used ({error}): check the folder, or remove it to begin anew"
        ) from None
    return made


@contextlib.contextmanager
def serving(folder: Path, *, port: int = 0, say: Callable[[str], object]) -> Iterator[Credentials]:
    """Run a Label Studio while the block runs; yield its address and key.

    Args:
        folder: holds its data, and what it prints in `server.log`.
        port: 0 takes a free one.
        say: told what is being waited for.

    Raises:
        ReviewError: it is not installed, or does not start.
    """
    command, person = find_command(), account(folder)
    port = port or _free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LABEL_STUDIO")}
    environment |= {
        "LABEL_STUDIO_BASE_DATA_DIR": str(folder.absolute()),
        "LABEL_STUDIO_USERNAME": person.user,
        "LABEL_STUDIO_PASSWORD": person.password,
        "LABEL_STUDIO_USER_TOKEN": person.token,
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        # `claimtable serve` and `sync --listen` run on this machine.
        "SSRF_PROTECTION_ENABLED": "false",
        "ML_BLOCK_LOCAL_IP": "false",
        "COLLECT_ANALYTICS": "false",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
        "LATEST_VERSION_CHECK": "false",
        "LOG_LEVEL": "WARNING",
    }
    say("starting Label Studio; the first time this takes about half a minute ...")
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [command, "start", "--no-browser", "--internal-host", "127.0.0.1", "--port", str(port)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # Ctrl-C is ours: what was submitted last is pulled before the server ends.
            start_new_session=True,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(process, url, folder / "server.log")
        yield Credentials(url, person.token)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(f"{url}/health", timeout=5)
            return
        time.sleep(0.2)
    raise ReviewError(f"Label Studio did not start on {url}: see {log}")


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port
