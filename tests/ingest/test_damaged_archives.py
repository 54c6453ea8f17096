"""Web archives that are cut off or damaged: what is whole is read, the rest is named, and nothing is half an article."""

from __future__ import annotations

import gzip
import io
import re
import sys
import zlib

import pytest
from tests.ingest.test_pdf_warc import make_warc
from tests.timing import assert_within

from claimtable.ingest import read_warc
from claimtable.ingest.gunzip import gunzip
from claimtable.schema import Document

LINES = "".join(
    f"<p>Terminal {k} handled {k * 7 + 400},000 containers last year, the port said.</p>" for k in range(40)
)


def page(name: str) -> bytes:
    head = f"<html><head><title>Report {name}</title></head><body><article><h1>Report {name}</h1>"
    return f"{head}{LINES}<p>The end of {name}.</p></article></body></html>".encode()


PAGES = [(f"https://example.org/{name}", "text/html", page(name)) for name in "abcd"]


def one(name: str, *, compressed: bool) -> bytes:
    return make_warc([p for p in PAGES if p[0].endswith(name)], compressed=compressed)


def found(data: bytes) -> tuple[list[str], list[str]]:
    """Returns the last letters of the addresses that were read, whole, and the errors."""
    names, errors = [], []
    for item in read_warc(io.BytesIO(data)):
        if isinstance(item, Document):
            assert item.text.endswith(f"The end of {item.url[-1]}."), "half an article"
            names.append(item.url[-1])
        else:
            errors.append(str(item))
    return names, errors


@pytest.mark.parametrize("compressed", [True, False])
@pytest.mark.parametrize("share", [0.1, 0.3, 0.45, 0.6, 0.8, 0.95])
def test_an_archive_that_is_cut_off_gives_what_is_whole_and_says_so(compressed, share):
    parts = [one(name, compressed=compressed) for name in "abc"]
    data = b"".join(parts)
    names, errors = found(data[: int(len(data) * share)])
    assert names == [name for name, end in zip("abc", _ends(parts), strict=True) if end <= len(data) * share]
    assert len(errors) == 1
    assert re.search("record .*(incomplete|damaged)", errors[0])


def _ends(parts):
    total = 0
    for part in parts:
        total += len(part)
        yield total


@pytest.mark.parametrize("compressed", [True, False])
@pytest.mark.parametrize("damage", ["bytes lost", "bytes changed", "head lost", "length wrong", "zeros"])
def test_what_stands_behind_a_damaged_record_is_read(compressed, damage):
    bad = one("b", compressed=compressed)
    middle = len(bad) // 2
    if damage == "bytes lost":
        bad = bad[:middle] + bad[middle + 40 :]
    elif damage == "bytes changed" and compressed:
        bad = bad[:middle] + bytes(255 - byte for byte in bad[middle : middle + 40]) + bad[middle + 40 :]
    elif damage == "head lost":
        bad = bad[30:]
    elif damage == "length wrong":
        plain = gzip.decompress(bad) if compressed else bad
        plain = re.sub(rb"Content-Length: \d+", b"Content-Length: 100000", plain, count=1)
        bad = gzip.compress(plain) if compressed else plain
    elif damage == "zeros":
        bad = bad[:middle] + bytes(len(bad) - middle)
    data = (
        one("a", compressed=compressed)
        + bad
        + one("c", compressed=compressed)
        + one("d", compressed=compressed)
    )
    names, errors = found(data)
    if damage == "bytes changed" and not compressed:
        assert (names, errors) == (list("abcd"), [])
    elif damage == "zeros" and not compressed:
        assert names in (list("acd"), list("abcd")), "within the page it is a matter of its text"
    else:
        assert names == list("acd")
        assert len(errors) == 1
        assert "record" in errors[0]


def test_one_gzip_member_around_all_records_is_read():
    data = gzip.compress(b"".join(one(name, compressed=False) for name in "abc"))
    assert found(data) == (list("abc"), [])
    names, errors = found(data[: len(data) // 2])
    assert len(errors) == 1
    assert "b" not in names or "c" not in names


def answer(body: bytes, *fields: bytes, record: bytes = b"") -> bytes:
    """Returns an archive of one answer of a server, and a whole one behind it."""
    http = (
        b"\r\n".join([b"HTTP/1.1 200 OK", b"Content-Type: text/html; charset=utf-8", *fields])
        + b"\r\n\r\n"
        + body
    )
    return (
        b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:first>\r\nWARC-Date: 2018-07-01T00:00:00Z\r\n"
        b"WARC-Target-URI: https://example.org/a\r\n"
        + record
        + b"Content-Type: application/http; msgtype=response\r\n"
        b"Content-Length: %d\r\n\r\n%s\r\n\r\n" % (len(http), http)
    ) + one("b", compressed=False)


def chunked(body: bytes, size: int = 700) -> bytes:
    parts = [body[k : k + size] for k in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def brotli(body: bytes) -> bytes:
    return pytest.importorskip("brotli").compress(body)


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


WHOLE = {
    "chunked": (chunked, b"Transfer-Encoding: chunked"),
    "chunked, stored joined": (bytes, b"Transfer-Encoding: chunked"),
    "gzip": (gzip.compress, b"Content-Encoding: gzip"),
    "gzip, chunked": (
        lambda body: chunked(gzip.compress(body)),
        b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked",
    ),
    "gzip, stored unpacked": (bytes, b"Content-Encoding: gzip\r\nContent-Length: 321"),
    "deflate": (zlib.compress, b"Content-Encoding: deflate"),
    "deflate, bare": (raw_deflate, b"Content-Encoding: deflate"),
    "brotli": (brotli, b"Content-Encoding: br"),
    "length": (bytes, b"Content-Length: %d" % len(page("a"))),
    "no length": (bytes, b"Server: x"),
}


@pytest.mark.parametrize("how", WHOLE)
def test_pages_are_read_as_the_server_meant_them(how):
    pack, fields = WHOLE[how]
    assert found(answer(pack(page("a")), fields)) == (["a", "b"], [])


@pytest.mark.parametrize(
    "how", [name for name in WHOLE if "stored" not in name and name not in ("no length", "length")]
)
@pytest.mark.parametrize("share", [0.2, 0.7, 0.99])
def test_a_page_that_is_cut_off_in_its_packing_is_incomplete(how, share):
    pack, fields = WHOLE[how]
    body = pack(page("a"))
    names, errors = found(answer(body[: int(len(body) * share)], fields))
    assert names == ["b"]
    assert len(errors) == 1
    assert "<urn:uuid:first>: incomplete" in errors[0]


def test_a_page_that_is_shorter_than_its_server_said_is_incomplete():
    names, errors = found(answer(page("a")[:900], b"Content-Length: 3000"))
    assert names == ["b"]
    assert "record <urn:uuid:first>: incomplete, 900 of 3,000 bytes are there" in errors[0]


def test_what_the_crawler_cut_off_is_incomplete():
    names, errors = found(answer(page("a"), record=b"WARC-Truncated: length\r\n"))
    assert names == ["b"]
    assert "incomplete" in errors[0]


def test_an_unknown_packing_is_named():
    names, errors = found(answer(b"\x28\xb5\x2f\xfd" * 90, b"Content-Encoding: zst\xff"))
    assert names == ["b"]
    assert "packed as" in errors[0]


@pytest.mark.parametrize(
    "junk", [b"garbage\r\n\r\n", b"\r\n" * 50, b"WARC/1.0\r\nWARC-Type: response\r\n\r\n", b"\x00" * 99]
)
def test_junk_between_records_costs_no_record(junk):
    names, errors = found(one("a", compressed=False) + junk + one("b", compressed=False))
    assert names == ["a", "b"]
    assert len(errors) == (0 if not junk.strip() else 1)


def test_gzip_that_costs_time_and_gives_nothing_is_given_up():
    empty = gzip.compress(b"", mtime=0)
    with pytest.raises(gzip.BadGzipFile, match="empty members"):
        gunzip(io.BytesIO(empty * 100_000)).read()
    assert gunzip(io.BytesIO(gzip.compress(b"a") + bytes(5_000_000) + gzip.compress(b"b"))).read() == b"ab"
    named = b"\x1f\x8b\x08\x08" + bytes(6) + b"n" * 5_000_000 + b"\x00" + gzip.compress(b"a", mtime=0)[10:]
    assert gunzip(io.BytesIO(named)).read() == b"a"


def test_a_missing_extra_is_named(monkeypatch):
    body = brotli(page("a"))
    monkeypatch.setitem(sys.modules, "brotli", None)
    _, errors = found(answer(body, b"Content-Encoding: br"))
    assert "claimtable[warc]" in errors[0]


HEAD = b"WARC/1.0\r\nWARC-Type: response\r\n"
COSTLY = {
    "heads that never end": lambda: HEAD * 200_000,
    "lengths that are not there": lambda: (HEAD + b"Content-Length: 9000000\r\n\r\nabc\r\n") * 100_000,
    "fields without end": lambda: HEAD + b"a: b\r\n" * 3_000_000,
    "one line": lambda: HEAD + b"a" * 20_000_000,
    "magic": lambda: gzip.compress(b"WARC/1.0\r\n")[:-9] + b"\x1f\x8b\x08" * 300_000,
    "empty members": lambda: gzip.compress(b"", mtime=0) * 300_000,
    "blank lines": lambda: gzip.compress(b"\r\n" * 50_000_000),
    "members of a blank line": lambda: gzip.compress(b"\r\n", mtime=0) * 100_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", COSTLY)
def test_damage_takes_no_more_time_than_the_archive_is_long(name):
    data = COSTLY[name]()
    assert_within(10, lambda: found(data))
