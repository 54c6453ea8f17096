"""Output files that are there whole or not at all."""

from __future__ import annotations

import glob
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from claimtable.errors import ExportError

if sys.platform != "win32":  # which has none: what is left behind stays there
    import fcntl

_ENDING = ".part"


@contextmanager
def replace_file(path: Path, *, overwrite: bool = False) -> Iterator[BinaryIO]:
    """Open a file beside `path` for writing, and moves it there when the block ends without an exception.

    On any exception, an interrupt included, the new file is removed and what stood at `path` stays.
    A device or pipe at `path` is written to directly.

    Raises:
        ExportError: `path` exists and `overwrite` is not set, or cannot be written.
    """
    check_free(path, overwrite=overwrite)
    direct = path.exists() and not path.is_file()
    # A link stays a link: what it points to is replaced.
    target = path if direct else path.resolve()
    beside = target
    try:
        if direct:
            file = _open(target, os.O_WRONLY)
        else:
            _remove_abandoned(target)
            beside, file = _open_beside(target)
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
    """Raise ExportError when `path` is a folder, or a file that may not be overwritten."""
    if path.is_dir():
        raise ExportError(f"{path} is a folder: name a file")
    if path.is_file() and not overwrite:
        raise ExportError(f"{path} exists: choose another name, or overwrite it with --force")
    if not path.parent.is_dir():
        raise ExportError(f"{path.parent} is not a folder: create it first")


def _open(path: Path, flags: int) -> BinaryIO:
    return os.fdopen(os.open(path, flags, 0o666), "wb")


def _open_beside(target: Path) -> tuple[Path, BinaryIO]:
    """Open a new file beside `target`, locked for as long as it is open."""
    while True:
        beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}{_ENDING}")
        file = _open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        if sys.platform != "win32":
            with suppress(OSError):  # a file system without locks
                fcntl.flock(file, fcntl.LOCK_EX)
        if beside.exists():
            return beside, file
        # Another process found it before it was locked, and took it for abandoned.
        file.close()


def _remove_abandoned(target: Path) -> None:
    """Remove the files that writers of `target` left beside it when they were killed: those that nobody holds the lock of."""
    if sys.platform == "win32":
        return
    for beside in target.parent.glob(f".{glob.escape(target.name)}.*{_ENDING}"):
        with suppress(OSError), beside.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            beside.unlink()


def _discard(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _unwritable(path: Path, error: OSError) -> ExportError:
    return ExportError(f"{path} cannot be written ({error.strerror or error}): choose another place")
