"""The answer of a web server as an archive keeps it (RFC 9112): status, fields, and the page unpacked."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from gzip import BadGzipFile

from claimtable.ingest.gunzip import MAGIC, gunzip

MAX_HEAD_BYTES = 256 * 1024
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})\b")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")


class BadResponse(ValueError):
    """The answer is cut off, or packed in a way that cannot be undone. Says how."""


@dataclass(frozen=True, slots=True)
class Response:
    """An answer whose body is still as it came over the line."""

    status: int
    fields: dict[str, str]
    """Header fields by their names in lower case; of those given twice the first."""
    body: bytes


def parse_response(data: bytes) -> Response | None:
    """Return the answer; None where the bytes are none."""
    status = _STATUS.match(data)
    end = _HEAD_END.search(data, 0, MAX_HEAD_BYTES)
    if status is None or end is None:
        return None
    fields: dict[str, str] = {}
    for line in data[: end.start()].splitlines()[1:]:
        name, colon, value = line.decode("latin-1").partition(":")
        if colon:
            fields.setdefault(name.strip().lower(), value.strip())
    return Response(int(status[1]), fields, data[end.end() :])


def unpacked(response: Response, most: int) -> bytes:
    """Return the body as the server meant it, at most `most` + 1 bytes of it.

    Many archives keep the body unpacked and the fields as they were; such a body stays as it is.

    Raises:
        BadResponse: it is cut off or damaged, or packed in an unknown way.
    """
    body = response.body
    if "chunked" in response.fields.get("transfer-encoding", "").lower():
        if _CHUNK_SIZE.match(body):
            body = _joined_chunks(body)
    else:
        stated = response.fields.get("content-length", "")
        if stated.isascii() and stated.isdigit() and len(body) < int(stated[:15]):
            raise BadResponse(f"incomplete, {len(body):,} of {int(stated[:15]):,} bytes are there")
    for name in reversed(response.fields.get("content-encoding", "").lower().split(",")):
        body = _unpacked(body, name.strip(), most)
    return body[: most + 1]


def _joined_chunks(body: bytes) -> bytes:
    parts: list[bytes] = []
    place = 0
    while head := _CHUNK_SIZE.match(body, place):
        size = int(head[1], 16)
        part = body[head.end() : head.end() + size]
        if len(part) < size:
            break
        if not size:
            return b"".join(parts)
        parts.append(part)
        place = head.end() + size
        place += 2 if body[place : place + 2] == b"\r\n" else body[place : place + 1] == b"\n"
    raise BadResponse(f"incomplete, cut off after {sum(map(len, parts)):,} bytes of its chunks")


def _unpacked(body: bytes, name: str, most: int) -> bytes:
    if name in ("", "identity") or not body:
        return body
    if name in ("gzip", "x-gzip"):
        if not body.startswith(MAGIC):
            return body
        try:
            return gunzip(io.BytesIO(body)).read(most + 1)
        except BadGzipFile as error:
            raise BadResponse(f"incomplete or damaged ({error!s:.80})") from error
    if name == "deflate":
        return _inflated(body, most)
    if name == "br":
        return _from_brotli(body, most)
    # A page that was stored unpacked begins like one.
    if body.lstrip()[:1] == b"<":
        return body
    raise BadResponse(f"packed as {name!r:.20}, which is not known")


def _inflated(body: bytes, most: int) -> bytes:
    """Undo zlib as the standard says, or bare deflate as many servers send."""
    for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        unpack = zlib.decompressobj(bits)
        try:
            data = unpack.decompress(body, most + 1)
        except zlib.error:
            continue
        if not unpack.eof and len(data) <= most:
            raise BadResponse("incomplete, its packed text is cut off")
        return data
    return body


def _from_brotli(body: bytes, most: int) -> bytes:
    if body.lstrip()[:1] == b"<":
        return body
    try:
        import brotli
    except ImportError as error:
        raise BadResponse(
            "packed with Brotli, which needs the extra `warc` (pip install 'claimtable[warc]')"
        ) from error
    unpack = brotli.Decompressor()
    process: Callable[..., bytes] = unpack.process
    try:
        data = process(body, output_buffer_limit=most + 1)
        while not unpack.is_finished() and len(data) <= most and not unpack.can_accept_more_data():
            data += process(b"", output_buffer_limit=most + 1)
    except brotli.error as error:
        raise BadResponse("incomplete or damaged") from error
    if not unpack.is_finished() and len(data) <= most:
        raise BadResponse("incomplete, its packed text is cut off")
    return data
