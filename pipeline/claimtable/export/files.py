"""Output files that are there whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from claimtable.errors import ExportError


@contextmanager
def replace_file(path: Path, *, overwrite: bool = False) -> Iterator[BinaryIO]:
    """Opens a file beside `path` for writing, and moves it there when the block ends without an exception.

    On any exception, an interrupt included, the new file is removed and what stood at `path` stays.
    A device or pipe at `path` is written to directly.

    Raises:
        ExportError: `path` exists and `overwrite` is not set, or cannot be written.
    """
    check_free(path, overwrite=overwrite)
    direct = path.exists() and not path.is_file()
    # A link stays a link: what it points to is replaced.
    target = path if direct else path.resolve()
    beside = target if direct else target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    flags = os.O_WRONLY if direct else os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        file = os.fdopen(os.open(beside, flags, 0o666), "wb")
    except OSError as error:
        raise _unwritable(path, error) from error
    if direct:
        with file:
            yield file
        return
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except OSError as error:
        _discard(beside)
        raise _unwritable(path, error) from error
    except BaseException:
        _discard(beside)
        raise


def check_free(path: Path, *, overwrite: bool = False) -> None:
    """Raises ExportError when `path` is a folder, or a file that may not be overwritten."""
    if path.is_dir():
        raise ExportError(f"{path} is a folder: name a file")
    if path.is_file() and not overwrite:
        raise ExportError(f"{path} exists: choose another name, or overwrite it with --force")
    if not path.parent.is_dir():
        raise ExportError(f"{path.parent} is not a folder: create it first")


def _discard(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _unwritable(path: Path, error: OSError) -> ExportError:
    return ExportError(f"{path} cannot be written ({error.strerror or error}): choose another place")
