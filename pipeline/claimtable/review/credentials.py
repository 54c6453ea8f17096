"""Where Label Studio is, and the key to it: from the environment or a private file, and from nowhere else."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from claimtable.errors import ReviewError

URL_VARIABLE = "LABEL_STUDIO_URL"
KEY_VARIABLE = "LABEL_STUDIO_API_KEY"
FILE_VARIABLE = "CLAIMTABLE_LABEL_STUDIO_CONFIG"
"""Names another file than the one in the user's configuration folder."""


_PAGE = re.compile(r"/(?:projects|user|tasks|organization|data|api)(?:/|$)")


@dataclass(frozen=True, slots=True)
class Credentials:
    """An address without a slash at the end, and a key that is shown nowhere."""

    url: str
    api_key: str = field(repr=False)


def read_credentials(environment: Mapping[str, str] = os.environ) -> Credentials:
    """Return address and key from the environment; what is not there comes from the file.

    Raises:
        ReviewError: one is missing or malformed, or others than its owner can read the file.
    """
    path = _file(environment)
    stored = _read(path) if path.exists() else {}
    url = environment.get(URL_VARIABLE) or stored.get("url", "")
    key = environment.get(KEY_VARIABLE) or stored.get("api_key", "")
    for value, variable, name in ((url, URL_VARIABLE, "url"), (key, KEY_VARIABLE, "api_key")):
        if not value.strip():
            raise ReviewError(
                f'the {name} of Label Studio is not known: set {variable}, or write {name} = "..." into {path}, with mode 0600'
            )
    if not key.strip().isascii() or any(c.isspace() for c in key.strip()):
        raise ReviewError(f"{KEY_VARIABLE} is no key: copy it anew from Account & Settings in Label Studio")
    return Credentials(server_address(url.strip()), key.strip())


def server_address(url: str) -> str:
    """Return the address as it is kept and shown.

    Raises:
        ReviewError: it is none, or holds a password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ReviewError(
            f"{URL_VARIABLE} is no address ({error}): give one such as http://localhost:8080"
        ) from None
    if parts.username or parts.password:
        raise ReviewError(
            f"{URL_VARIABLE} holds a name or password: take it out, the key is all that is needed"
        )
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ReviewError(f"{URL_VARIABLE} is no address: give one such as http://localhost:8080")
    if page := _PAGE.search(parts.path):
        start = url[: url.index(parts.path)] + parts.path[: page.start()]
        raise ReviewError(f"{URL_VARIABLE} is the address of a page: give that of the server, {start}")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{parts.path.rstrip('/')}"


def _file(environment: Mapping[str, str]) -> Path:
    if named := environment.get(FILE_VARIABLE):
        return Path(named)
    folder = environment.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(folder) / "claimtable" / "label-studio.toml"


def _read(path: Path) -> dict[str, str]:
    try:
        # Windows has other permissions, which these bits say nothing about.
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise ReviewError(f"{path} holds a key and others can read it: run chmod 600 {path}")
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (
        OSError,
        ValueError,
        RecursionError,
    ):  # not UTF-8, no TOML, a number of thousands of digits, nested without end
        # Without the cause: it may quote the line that holds the key.
        raise ReviewError(
            f'{path} cannot be read: it holds the lines url = "..." and api_key = "..."'
        ) from None
    return {name: value for name in ("url", "api_key") if isinstance(value := content.get(name), str)}
