"""The folder of a job, here or in an object store: finished parts, what failed, and which parts are done.

| in the folder | what |
|---|---|
| `claims/part-*.parquet` (or another layer) | the rows of a part of the input |
| `errors/part-*.parquet` | what of the part failed, and why |
| `manifest/*.json` | a part that is done: of which input, with which settings, how much |
| `begun/*.json` | while a job runs on a cluster: that a part was begun, once for each time |

A file is there whole or not at all, and a part counts as done when its manifest is there, which is written last. Files of a
part have its key in their names, so that a part which is done twice replaces itself.
"""

from __future__ import annotations

import json
import os
import platform
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import fsspec
from fsspec.implementations.local import LocalFileSystem

from claimtable.errors import ExportError


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder by its path or URL."""

    url: str

    def entries(self) -> Iterator[dict[str, Any]]:
        """Yield the manifests of the parts that are done."""
        filesystem, root = self._open()
        for path in self._names(filesystem, f"{root}/manifest"):
            try:
                entry = json.loads(filesystem.cat_file(path))
            except ValueError as error:
                raise ExportError(
                    f"{path} is no manifest of a part ({error}): remove it, and run again"
                ) from error
            yield entry

    def remove_unfinished(self, done: set[str], layer: str) -> None:
        """Remove the files of parts that were never done: of a job that was killed, or of other inputs or settings."""
        filesystem, root = self._open()
        for kind in (layer, "errors"):
            for path in self._names(filesystem, f"{root}/{kind}"):
                if path.rpartition("-")[2].partition(".")[0] not in done:
                    filesystem.rm_file(path)
        if isinstance(filesystem, LocalFileSystem):
            for kind in (layer, "errors", "manifest"):
                for beside in Path(root, kind).glob(".*"):
                    beside.unlink()

    def begin(self, key: str, most: int) -> bool:
        """Note that a part is begun; False, and no note, where it was begun `most` times and never ended."""
        filesystem, root = self._open()
        before = sum(
            path.rpartition("/")[2].startswith(f"{key}-") for path in self._names(filesystem, f"{root}/begun")
        )
        if before >= most:
            return False
        with self.writing(f"begun/{key}-{before}.json") as file:
            file.write(json.dumps({"host": platform.node(), "process": os.getpid()}).encode())
        return True

    def end(self, key: str) -> None:
        """Take back the notes of `begin` of a part that has come to its end."""
        filesystem, root = self._open()
        for path in self._names(filesystem, f"{root}/begun"):
            if path.rpartition("/")[2].startswith(f"{key}-"):
                filesystem.rm_file(path)

    def forget_begun(self) -> None:
        """Take back all notes of `begin`."""
        filesystem, root = self._open()
        if filesystem.isdir(f"{root}/begun"):
            filesystem.rm(f"{root}/begun", recursive=True)

    @contextmanager
    def writing(self, name: str) -> Iterator[BinaryIO]:
        """Open a file below the folder for writing; it appears when the block ends without an exception.

        Raises:
            ExportError: it cannot be written.
        """
        filesystem, root = self._open()
        target = f"{root}/{name}"
        try:
            filesystem.makedirs(target.rpartition("/")[0], exist_ok=True)
            if isinstance(filesystem, LocalFileSystem):
                beside = Path(target).with_name(f".{Path(target).name}.{secrets.token_hex(4)}")
                try:
                    with beside.open("wb") as file:
                        yield file
                        file.flush()
                        os.fsync(file.fileno())
                    beside.replace(target)
                finally:
                    beside.unlink(missing_ok=True)
            else:
                # An object appears whole; what is written to it is not to wait in memory.
                with tempfile.NamedTemporaryFile() as file:
                    yield file  # type: ignore[misc]
                    file.flush()
                    filesystem.put_file(file.name, target)
        except OSError as error:
            raise ExportError(
                f"{target} cannot be written ({error}): make room or choose another place"
            ) from error

    def _open(self) -> tuple[Any, str]:
        filesystem, root = fsspec.core.url_to_fs(self.url)
        return filesystem, root.rstrip("/")

    def _names(self, filesystem: Any, path: str) -> list[str]:
        filesystem.invalidate_cache()
        if not filesystem.isdir(path):
            return []
        names = filesystem.ls(path, detail=False)
        return sorted(name for name in names if name.endswith((".json", ".parquet")))
