"""Parts of inputs: files on this machine or in an object store, cut where that is possible without reading them.

JSON lines and WARC are cut into ranges of bytes, Parquet into row groups. A document belongs to the part in which its
first byte stands; a part reads beyond its end to finish it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, BinaryIO, Literal

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq

from claimtable import ingest
from claimtable.errors import IngestError
from claimtable.ingest.gunzip import MAGIC as GZIP_MAGIC
from claimtable.ingest.gunzip import content_begins, gunzip
from claimtable.ingest.jsonl import read_record
from claimtable.ingest.problems import problem
from claimtable.ingest.records import BEGINS
from claimtable.limits import TIME_LIMIT
from claimtable.schema import Document, Record

PART_BYTES = {"jsonl": 4_000_000, "warc": 16_000_000, "parquet": 4_000_000}
"""Size of a part, in bytes as stored (Parquet: uncompressed): about a thousand articles, some minutes of one core. What a
killed worker has to do again is at most a part; what a finished one costs is two small files."""
BATCH_ROWS = 64
"""Rows of a Parquet file that are held in memory."""

Format = Literal["jsonl", "warc", "parquet"]
ENDINGS: dict[str, Format] = {".jsonl": "jsonl", ".ndjson": "jsonl", ".warc": "warc", ".parquet": "parquet"}
_PLAIN_RECORD = re.compile(rb"(?<=\r\n\r\n)WARC/1\.\d\r\n")
_WINDOW = 1_000_000
"""Bytes that are searched at a time for the beginning of a record."""
_HEAD = 4_096
"""Bytes of a record that suffice to see what it is."""


@dataclass(frozen=True, slots=True)
class Partition(Record):
    """A part of an input."""

    source: str
    """Absolute path or URL of the file."""
    format: Format
    start: int
    """First byte, or row group."""
    stop: int
    """The byte, or row group, after the last."""
    whole: bool
    """It is all of the file."""
    version: str
    """What the file was like when the parts were made: another one after it was changed."""
    number: int
    """Place among the parts of all inputs, so that their order is that of the inputs."""


def plan(
    inputs: Iterable[str], *, input_format: str | None = None, on_error: Callable[[IngestError], None]
) -> Iterator[Partition]:
    """Yield the parts of the inputs, in order.

    Args:
        inputs: paths or URLs of files, folders and patterns (`s3://bucket/news/*.jsonl`); of a folder all files below
            it with a known ending.
        input_format: `jsonl`, `warc` or `parquet`, for all inputs; None: by the ending of each.
        on_error: called with each input that cannot be found or is of no such format.
    """
    number = 0
    for item in inputs:
        for filesystem, path, format_ in _files(item, input_format, on_error):
            source = filesystem.unstrip_protocol(path).removeprefix("file://")
            try:
                version = str(filesystem.checksum(path))
                ranges = list(_ranges(filesystem, path, format_))
            except (OSError, pa.ArrowException) as error:
                on_error(problem(source, f"cannot be read ({error})", "check the file and its permissions"))
                continue
            for start, stop in ranges:
                yield Partition(source, format_, start, stop, len(ranges) == 1, version, number)
                number += 1


def read(partition: Partition, *, time_limit: float = TIME_LIMIT) -> Iterator[Document | IngestError]:
    """Yield the documents of a part, and the errors of what cannot be read in `time_limit` seconds each."""
    filesystem, path = fsspec.core.url_to_fs(partition.source)
    place = partition.source if partition.whole else f"{partition.source}, part from {partition.start:,}"
    try:
        with filesystem.open(path, "rb") as file:
            if partition.format == "parquet":
                yield from _read_parquet(file, partition, place)
            elif partition.format == "warc":
                yield from _read_warc(file, partition, place, time_limit)
            elif partition.source.endswith(".gz"):
                with gunzip(file) as lines:
                    yield from ingest.read_jsonl(lines, source=place, time_limit=time_limit)
            else:
                lines_of_part = _Lines(file, partition.start, partition.stop)
                yield from ingest.read_jsonl(
                    lines_of_part,  # type: ignore[arg-type]
                    source=place,
                    time_limit=time_limit,
                    part=not partition.whole,
                )
    except (OSError, pa.ArrowException) as error:
        yield problem(place, f"cannot be read to its end ({error})", "check the file, and run the job again")


def _files(
    item: str, asked: str | None, on_error: Callable[[IngestError], None]
) -> Iterator[tuple[Any, str, Format]]:
    try:
        filesystem, path = fsspec.core.url_to_fs(item)
        if filesystem.isdir(path):
            found = [name for name in sorted(filesystem.find(path)) if asked or _format_of(name)]
        else:
            found = sorted(filesystem.glob(path)) if any(sign in path for sign in "*?[") else [path]
            found = [name for name in found if filesystem.isfile(name)]
    except (OSError, ValueError, ImportError) as error:
        on_error(problem(item, f"cannot be found ({error})", "check the name, and what the storage needs"))
        return
    if not found:
        on_error(problem(item, "no such file, or nothing in it to read", "check the name"))
    for name in found:
        format_ = _format_of(f"x.{asked}" if asked else name)
        if format_ is None:
            known = ", ".join(ENDINGS)
            on_error(
                problem(name, "an engine reads JSON lines, WARC and Parquet", f"give files with {known}")
            )
        else:
            yield filesystem, name, format_


def _format_of(path: str) -> Format | None:
    name = path.rpartition("/")[2].lower().removesuffix(".gz")
    return next((format_ for ending, format_ in ENDINGS.items() if name.endswith(ending)), None)


def _ranges(filesystem: Any, path: str, format_: Format) -> Iterator[tuple[int, int]]:
    size = PART_BYTES[format_]
    if format_ == "parquet":
        with filesystem.open(path, "rb") as file:
            metadata = pq.ParquetFile(file).metadata
            start, held = 0, 0
            for group in range(metadata.num_row_groups):
                held += metadata.row_group(group).total_byte_size
                if held >= size or group == metadata.num_row_groups - 1:
                    yield start, group + 1
                    start, held = group + 1, 0
        return
    length = filesystem.size(path)
    if format_ == "jsonl" and path.endswith(".gz"):
        # One stream, which nobody can enter in the middle.
        yield 0, length
        return
    count = max(1, round(length / size))
    borders = [length * place // count for place in range(count + 1)]
    yield from pairwise(borders)


class _Lines:
    """The lines of a file that begin in a range of bytes."""

    def __init__(self, file: BinaryIO, start: int, stop: int) -> None:
        self.file = file
        self.left = stop - start
        self.at_start = True
        if start:
            file.seek(start - 1)
            # The rest of the line in which the range begins belongs to the part before; a line break alone ends one.
            while (rest := file.readline(_WINDOW)) and not rest.endswith(b"\n"):
                self.left -= len(rest)
            self.left -= len(rest) - 1

    def readline(self, size: int = -1) -> bytes:
        """Return the next line, or the next piece of it; b"" after the last that begins in the range."""
        if self.at_start and self.left <= 0:
            return b""
        line = self.file.readline(size)
        self.left -= len(line)
        self.at_start = line.endswith(b"\n")
        return line


def _read_warc(
    file: BinaryIO, partition: Partition, place: str, time_limit: float
) -> Iterator[Document | IngestError]:
    start, stop = (_record_start(file, offset) for offset in (partition.start, partition.stop))
    if start < stop:
        records = _Range(file, start, stop)
        whole = partition.whole
        yield from ingest.read_warc(records, source=place, time_limit=time_limit, part=not whole)  # type: ignore[arg-type]


def _record_start(file: BinaryIO, offset: int) -> int:
    """Return where the first record at or after an offset begins, or the size of the file.

    Each record of a compressed archive is a gzip member of its own (ISO 28500, annex D).
    """
    size = file.seek(0, 2)
    if offset == 0 or offset >= size:
        return min(offset, size)
    file.seek(0)
    compressed = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    # From a little before, to see the empty lines that end the record before.
    begin = offset if compressed else max(0, offset - 4)
    while begin < size:
        file.seek(begin)
        window = file.read(_WINDOW + _HEAD)
        found = re.finditer(re.escape(GZIP_MAGIC), window) if compressed else _PLAIN_RECORD.finditer(window)
        for match in found:
            if match.start() >= _WINDOW:
                break
            if begin + match.start() >= offset and (
                not compressed or content_begins(window[match.start() :][:_HEAD], BEGINS)
            ):
                return begin + match.start()
        begin += _WINDOW - 4
    return size


class _Range:
    """The bytes of a file from an offset to another, to read from front to back."""

    def __init__(self, file: BinaryIO, start: int, stop: int) -> None:
        self.file = file
        self.left = stop - start
        file.seek(start)

    def read(self, size: int = -1) -> bytes:
        """Return at most `size` bytes."""
        data = self.file.read(self.left if size < 0 else min(size, self.left))
        self.left -= len(data)
        return data


def _read_parquet(file: BinaryIO, partition: Partition, place: str) -> Iterator[Document | IngestError]:
    table = pq.ParquetFile(file)
    names = ("id", "text", "title", "author", "published", "url", "sections")
    present = [name for name in names if name in table.schema_arrow.names]
    if "text" not in present:
        yield problem(
            place, "no column `text`", "give a table with the columns `text` and, if known, `id`, ..."
        )
        return
    number = 0
    groups = range(partition.start, partition.stop)
    for batch in table.iter_batches(batch_size=BATCH_ROWS, row_groups=list(groups), columns=present):
        for row in batch.to_pylist():
            number += 1
            data = {name: value for name, value in row.items() if value is not None}
            if isinstance(data.get("published"), date):
                data["published"] = data["published"].isoformat()[:10]
            try:
                yield read_record(data, source=place, place=f"row {number}")
            except IngestError as error:
                yield error
