"""The records of a web archive (ISO 28500), plain or gzipped, one at a time, with what is missing of each.

A record that is damaged costs itself: reading goes on at the next thing that begins like one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from gzip import BadGzipFile
from typing import BinaryIO, Protocol

from claimtable.ingest.gunzip import MAGIC, MAX_EMPTY_MEMBERS, Members

MAX_HEAD_BYTES = 1024 * 1024
"""Most that the header fields of one record may take; some addresses are long."""
MAX_DAMAGED = 200
"""So many damaged records in a row end the reading. Hand-set: each may cost the time of a long one."""
BEGINS = b"WARC/"
_VERSION = re.compile(rb"WARC/[01]\.\d{1,2}[ \t]*\r?\n")
_NEXT = re.compile(rb"WARC/[01]\.\d{1,2}[ \t]*\r?\n[A-Za-z-]+:")
_CHUNK = 64 * 1024
_LONGEST_MATCH = 128
"""No match of `_NEXT` needs more bytes to be seen."""


@dataclass(frozen=True, slots=True)
class ArchiveRecord:
    """A record as far as it is there."""

    number: int
    """Place in the archive, from 1."""
    fields: dict[str, str] = field(default_factory=dict)
    """Header fields by their names in lower case."""
    body: bytes = b""
    """At most as much as was asked for."""
    long: bool = False
    """The body is longer than was asked for."""
    flaw: str | None = None
    """What is wrong with it: it is not to be used. None: it is whole."""

    @property
    def name(self) -> str:
        """Its id, or else its place."""
        return self.fields.get("warc-record-id") or str(self.number)


class _Source(Protocol):
    def read(self, size: int) -> bytes: ...
    def advance(self) -> bool: ...
    def resume(self, behind: bytes) -> bytes | None: ...


class _Plain:
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def read(self, size: int) -> bytes:
        return self._stream.read(size)

    def advance(self) -> bool:
        return False

    def resume(self, behind: bytes) -> bytes | None:
        """Return what begins like a record in these bytes or behind them; None where nothing does."""
        data, more = behind, b"?"
        while more:
            more = self._stream.read(_CHUNK)
            data += more
            if found := _NEXT.search(data):
                return data[found.start() :]
            data = data[-_LONGEST_MATCH:]
        return None


class _Packed:
    def __init__(self, stream: BinaryIO, start: bytes) -> None:
        self._members = Members(stream, start)
        self._begun = False

    def read(self, size: int) -> bytes:
        return self._members.read(size) if self._begun else b""

    def advance(self) -> bool:
        self._begun = True
        return self._members.advance()

    def resume(self, behind: bytes) -> bytes | None:
        if found := _NEXT.search(behind):
            return behind[found.start() :]
        return b"" if self._members.resume(BEGINS) else None


class _Tape:
    """The bytes of the archive, as if it were not packed; a gzip member that begins a record is a border."""

    def __init__(self, stream: BinaryIO) -> None:
        start = stream.read(len(MAGIC))
        self._source: _Source = _Packed(stream, start) if start == MAGIC else _Plain(stream)
        self._held = b"" if start == MAGIC else start
        self._at = 0
        self._border = False

    def read(self, size: int, *, across: bool = True) -> bytes:
        """Return at most `size` bytes; b"" at the end, and not `across` a border also there."""
        if self._at == len(self._held):
            self._fill()
        if self._border and not across:
            return b""
        self._border = False
        data = self._held[self._at : self._at + size]
        self._at += len(data)
        return data

    def line(self, most: int) -> bytes:
        """Return the next line, or so much of it."""
        parts: list[bytes] = []
        while most > 0 and (self._at < len(self._held) or self._fill()):
            end = self._held.find(b"\n", self._at) + 1
            part = self.read(min((end or len(self._held)) - self._at, most))
            parts.append(part)
            most -= len(part)
            if part.endswith(b"\n"):
                break
        return b"".join(parts)

    def unread(self, data: bytes) -> None:
        """Put bytes back."""
        if self._held.endswith(data, 0, self._at):
            self._at -= len(data)
        else:
            self._held, self._at = data + self._held[self._at :], 0

    def resume(self, behind: bytes) -> bool:
        """Go to what begins like a record in these bytes, which were read last, or after them; False where nothing does."""
        found = self._source.resume(behind + self._held[self._at :])
        self._held, self._at = found or b"", 0
        self._border = False
        return found is not None

    def _fill(self) -> bool:
        self._held, self._at = self._source.read(_CHUNK), 0
        empty = 0
        while not self._held and self._source.advance():
            self._held = self._source.read(_CHUNK)
            self._border = self._held.startswith(BEGINS)
            empty += 1
            if empty > MAX_EMPTY_MEMBERS:
                raise BadGzipFile(f"over {MAX_EMPTY_MEMBERS:,} empty members in a row")
        return bool(self._held)


def archive_records(stream: BinaryIO, most: int) -> Iterator[ArchiveRecord]:
    """Yield the records of an archive in order, each with at most `most` bytes of its body.

    A damaged one comes with its `flaw`, and what can be told of it.
    """
    tape = _Tape(stream)
    number = damaged = 0
    while damaged < MAX_DAMAGED:
        number += 1
        fields: dict[str, str] = {}
        behind = b""
        try:
            if not _past_blank_lines(tape):
                return
            fields = _fields(_head(tape))
            record, behind = _body(tape, number, fields, most)
        except (BadGzipFile, ValueError) as error:
            record = ArchiveRecord(number, fields, flaw=f"damaged web archive ({error!s:.80})")
        yield record
        damaged = 0 if record.flaw is None else damaged + 1
        if damaged and not _resume(tape, behind):
            return
    yield ArchiveRecord(number + 1, flaw=f"the {MAX_DAMAGED} before are all damaged, so the rest is not read")


def _resume(tape: _Tape, behind: bytes) -> bool:
    try:
        return tape.resume(behind)
    except BadGzipFile:
        return False


def _past_blank_lines(tape: _Tape) -> bool:
    while data := tape.read(_CHUNK):
        if rest := data.lstrip(b"\r\n"):
            tape.unread(rest)
            return True
    return False


def _head(tape: _Tape) -> bytes:
    """Return a record's head: its first line and its fields."""
    head = tape.line(_CHUNK)
    if not _VERSION.fullmatch(head):
        tape.unread(head[1:])
        raise ValueError(f"no record begins here, but {head[:20]!r}")
    size = len(head)
    lines = [head]
    while (line := tape.line(MAX_HEAD_BYTES - size)) not in (b"\r\n", b"\n"):
        if begun := _VERSION.search(line):
            tape.unread(line[begun.start() :])
            raise ValueError("its head is cut off")
        if not line.endswith(b"\n"):
            raise ValueError("its head has no end")
        size += len(line)
        lines.append(line)
    return b"".join(lines)


def _fields(head: bytes) -> dict[str, str]:
    fields: dict[str, str] = {}
    for line in re.sub(rb"\r?\n[ \t]+", b" ", head).splitlines()[1:]:
        name, colon, value = line.decode("utf-8", "replace").partition(":")
        if colon:
            fields.setdefault(name.strip().lower(), value.strip())
    return fields


def _body(tape: _Tape, number: int, fields: dict[str, str], most: int) -> tuple[ArchiveRecord, bytes]:
    """Return the record, and what of it may hold the beginning of another one if it is incomplete."""
    stated = fields.get("content-length", "")
    if not re.fullmatch(r"[0-9]{1,15}", stated):
        raise ValueError(f"no length, but {stated[:20]!r}")
    length = left = int(stated)
    parts: list[bytes] = []
    held = 0
    while left and (data := tape.read(min(left, _CHUNK), across=False)):
        left -= len(data)
        if held < most:
            parts.append(data[: most - held])
            held += len(parts[-1])
    body = b"".join(parts)
    record = ArchiveRecord(number, fields, body, long=length > most)
    # Where bytes are lost, the next record stands in what was taken for this one.
    kept = b"" if record.long else body
    if left:
        there = f"incomplete, {length - left:,} of {length:,} bytes are there"
        return ArchiveRecord(number, fields, body, record.long, there), kept
    end = tape.read(4, across=False)
    while len(end) < 4 and (more := tape.read(4 - len(end), across=False)):
        end += more
    if end.strip(b"\r\n"):
        there = f"incomplete, or not as long as the {length:,} bytes that it states"
        return ArchiveRecord(number, fields, body, record.long, there), kept + end
    tape.unread(end.lstrip(b"\r\n"))
    return record, b""
