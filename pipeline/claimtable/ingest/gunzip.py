"""gzip (RFC 1952): members one after the other, with an end to what costs time and gives nothing.

The module `gzip` reads a name in a header, and padding between members, byte by byte in Python; here zlib takes both.
"""

from __future__ import annotations

import io
import re
import zlib
from gzip import BadGzipFile
from typing import Any, BinaryIO

MAGIC = b"\x1f\x8b\x08"
MAX_EMPTY_MEMBERS = 1_000
"""So many in a row that hold nothing are no longer an accident. Hand-set."""
_CHUNK = 64 * 1024
_KEPT = 8 * 1024 * 1024
"""Packed bytes of a member that are kept, to look in them for the next one where it turns out to be damaged."""
_HEAD = 4 * 1024
"""Packed bytes that suffice to see how the content of a member begins."""


class Members:
    """The members of a gzip file; `advance` goes to the next, `read` takes from it."""

    def __init__(self, stream: BinaryIO, start: bytes = b"") -> None:
        """`start` has been read from the stream already."""
        self._stream = stream
        self._packed = start
        self._kept = bytearray()
        self._unzip = zlib.decompressobj(wbits=31)

    def advance(self) -> bool:
        """Go to the next member; False where there is none.

        Raises:
            BadGzipFile: what follows is no member.
        """
        while not (rest := self._packed.lstrip(b"\x00")):
            self._packed = self._stream.read(_CHUNK)
            if not self._packed:
                return False
        while len(rest) < len(MAGIC) and (more := self._stream.read(_CHUNK)):
            rest += more
        self._begin(rest)
        if not rest.startswith(MAGIC):
            raise BadGzipFile(f"not a gzip member ({rest[:2].hex(' ')})")
        return True

    def read(self, size: int) -> bytes:
        """Return at most `size` bytes of the member; b"" at its end.

        Raises:
            BadGzipFile: the member is damaged or cut off.
        """
        while not self._unzip.eof:
            if not self._packed:
                self._packed = self._stream.read(_CHUNK)
                self._keep(self._packed)
            ended = not self._packed
            try:
                data = self._unzip.decompress(self._packed, size)
            except zlib.error as error:
                raise BadGzipFile(str(error)) from error
            self._packed = self._unzip.unused_data if self._unzip.eof else self._unzip.unconsumed_tail
            if data:
                return data
            if ended and not self._unzip.eof:
                raise BadGzipFile("it ends in the middle")
        return b""

    def resume(self, begins: bytes) -> bool:
        """Go to the first member behind the beginning of this one whose content begins so; False where there is none."""
        data = bytes(self._kept[1:])
        more = b"?"
        while more:
            more = self._stream.read(_CHUNK)
            data += more
            last = len(data) - (_HEAD if more else 0)
            for match in re.finditer(re.escape(MAGIC), data):
                if match.start() < last and content_begins(data[match.start() :][:_HEAD], begins):
                    self._begin(data[match.start() :])
                    return True
            data = data[max(0, last) :]
        self._begin(b"")
        return False

    def _begin(self, packed: bytes) -> None:
        self._packed = packed
        self._kept = bytearray(packed)
        self._unzip = zlib.decompressobj(wbits=31)

    def _keep(self, packed: bytes) -> None:
        self._kept += packed
        if len(self._kept) > _KEPT:
            del self._kept[: len(self._kept) - _KEPT // 2]


def content_begins(packed: bytes, begins: bytes) -> bool:
    """Return whether these are the first bytes of a member, and its content begins so."""
    try:
        return zlib.decompressobj(wbits=31).decompress(packed, len(begins)) == begins
    except zlib.error:
        return False


class _Unpacked(io.RawIOBase):
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._members = Members(stream)
        self._inside = False
        self._found = False
        self._empty = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        while True:
            if self._inside and (data := self._members.read(len(view))):
                view[: len(data)] = data
                self._empty = 0
                return len(data)
            if not self._members.advance():
                if not self._found:
                    raise BadGzipFile("there is nothing in it")
                return 0
            self._inside = self._found = True
            self._empty += 1
            if self._empty > MAX_EMPTY_MEMBERS:
                raise BadGzipFile(f"over {MAX_EMPTY_MEMBERS:,} empty members in a row")

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()


def gunzip(stream: BinaryIO) -> BinaryIO:
    """Return a stream of what a gzip stream holds. Reading from it raises BadGzipFile where that is damaged or cut off."""
    return io.BufferedReader(_Unpacked(stream), buffer_size=_CHUNK)
