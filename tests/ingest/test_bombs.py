"""Inputs that are small and become large, or are large: refused in words, in bounded time and memory.

Each runs in a process of its own whose address space is limited, so that what is not bounded shows as an error.
"""

from __future__ import annotations

import gzip
import io
import multiprocessing
import resource
import sys
import time
import zlib
from pathlib import Path

import pytest
from tests.fuzz.targets import page, pdf

from claimtable import ingest

MEGABYTE = 2**20
SPARE = 700 * MEGABYTE
"""Memory that reading may take beside what the process has already: several copies of the largest document."""
SECONDS = 60


def _read(path: str, answers: multiprocessing.SimpleQueue) -> None:
    ingest.read_html(page())  # What is imported on first use is there now.
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + SPARE, used + SPARE))
    errors: list[str] = []
    begun = time.process_time()
    documents = list(ingest.read([path], on_error=lambda error: errors.append(str(error))))
    answers.put((len(documents), errors, time.process_time() - begun))


def outcome(path: Path) -> tuple[int, list[str], float]:
    context = multiprocessing.get_context("spawn")
    answers = context.SimpleQueue()
    process = context.Process(target=_read, args=(str(path), answers))
    process.start()
    process.join(5 * SECONDS)
    assert process.exitcode == 0, "it needed more memory, or did not end"
    return answers.get()


def of_zeros(size: int) -> bytes:
    """Returns gzip data that expand to so many bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    chunk = b"a " * (MEGABYTE // 2)
    return b"".join(packer.compress(chunk) for _ in range(size // MEGABYTE)) + packer.flush()


def inflating_pdf(times: int) -> bytes:
    stream = b"(" + b"a " * (times * MEGABYTE // 2) + b") Tj"
    return pdf(b"BT /F1 12 Tf 72 720 Td " + stream + b" ET")


def warc_with(payload: bytes, *extra: bytes) -> bytes:
    http = b"\r\n".join([b"HTTP/1.1 200 OK", b"Content-Type: text/html", *extra]) + b"\r\n\r\n" + payload
    return (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2014-05-03T00:00:00Z\r\n"
        b"WARC-Target-URI: http://example.org/\r\nContent-Type: application/http; msgtype=response\r\n"
        b"Content-Length: %d\r\n\r\n%s\r\n\r\n" % (len(http), http)
    )


BOMBS = {
    "a.txt.gz": lambda: of_zeros(300 * MEGABYTE),
    "b.html.gz": lambda: of_zeros(300 * MEGABYTE),
    "c.jsonl.gz": lambda: of_zeros(300 * MEGABYTE),
    "d.jsonl": lambda: b'{"text": "' + b"a " * (30 * MEGABYTE) + b'"}\n',
    "e.warc.gz": lambda: gzip.compress(warc_with(b"<p>a " * (60 * MEGABYTE))),
    "f.warc": lambda: warc_with(of_zeros(300 * MEGABYTE), b"Content-Encoding: gzip"),
    "g.pdf": lambda: inflating_pdf(300),
    "h.txt.meta.json": lambda: b'{"title": "' + b"a" * (60 * MEGABYTE) + b'"}',
}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="address space is not limited elsewhere")
@pytest.mark.parametrize("name", BOMBS)
def test_what_expands_is_refused(name, tmp_path):
    path = tmp_path / name
    path.write_bytes(BOMBS[name]())
    if name.endswith(".meta.json"):
        path = tmp_path / name.removesuffix(".meta.json")
        path.write_bytes(b"One.")
    documents, errors, seconds = outcome(path)
    assert documents == 0
    assert len(errors) == 1
    assert name.partition(".")[0] in errors[0]
    assert any(
        word in errors[0] for word in ("larger than", "over ", "expands", "limit", "cannot be read")
    ), errors
    assert seconds < SECONDS


DEEP = {
    "a.html": lambda: b"<html><body>" + b"<div>" * 200_000 + b"Exports rose.",
    "b.html": lambda: b"<p>" + b"<b><i>" * 100_000 + b"Exports rose.",
    "c.html": lambda: b"<ul><li>" * 100_000 + b"Exports rose.",
    "d.html": lambda: b"<table><tr><td>" * 50_000 + b"Exports rose.",
    "e.jsonl": lambda: b'{"text": "One.", "sections": ' + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}",
    "f.md": lambda: b"> " * 200_000 + b"Exports rose.",
    "g.txt": lambda: b"a " * (400_000) + b"b",
    "h.txt": lambda: b"<" * 500_000,
    "i.html": lambda: b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY a%d "%s">' % (i, b"&a%s;" % (str(i - 1).encode() if i else b"") * 10) for i in range(12)
    ) + b"]><p>&a11; Exports rose to 5 million in the year.</p>",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="address space is not limited elsewhere")
@pytest.mark.parametrize("name", DEEP)
def test_what_is_nested_or_endless_is_read_or_refused(name, tmp_path):
    path = tmp_path / name
    path.write_bytes(DEEP[name]())
    documents, errors, seconds = outcome(path)
    assert documents + len(errors) == 1
    assert seconds < SECONDS


class Endless(io.RawIOBase):
    """A line, or a record, that never ends."""

    def __init__(self, start: bytes) -> None:
        self.start = start

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        piece = self.start[: len(buffer)] or b"a" * len(buffer)
        self.start = self.start[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)


RECORD = (
    b"WARC/1.0\r\nWARC-Type: resource\r\nContent-Type: text/plain\r\nContent-Length: 99999999999999\r\n\r\n"
)


@pytest.mark.parametrize(("read", "start"), [(ingest.read_jsonl, b'{"text": "'), (ingest.read_warc, RECORD)])
def test_what_never_ends_is_given_up(read, start):
    found = list(read(io.BufferedReader(Endless(start)), time_limit=0.5))
    assert "not done after 0.5 seconds" in str(found[-1])


def test_an_entity_is_not_expanded(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret word")
    markup = (
        f'<!DOCTYPE a [<!ENTITY b SYSTEM "file://{secret}">]><p>Exports rose to 5 million: &b; and more.</p>'
    )
    assert "the secret word" not in ingest.read_html(markup).text
