"""What is fuzzed: for each reader of outside data, inputs to start from, and a call that may only fail in words.

A target takes bytes and returns, or raises `ClaimTableError`. Anything else that it raises is a finding, and so is one
that takes longer than `SECONDS` or more memory than the run allows.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import sqlite3
import tempfile
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from claimtable import ingest, rules
from claimtable.check.fact_checks import read_fact_checks
from claimtable.errors import ClaimTableError, DocumentTimeout
from claimtable.evaluate.gold import find_gold
from claimtable.export.tabular import read_table, write_table
from claimtable.ingest.metadata import SIDECAR_ENDING, read_sidecar
from claimtable.limits import limited
from claimtable.nlp.quantities import find_quantities
from claimtable.nlp.times import find_times
from claimtable.review.credentials import read_credentials
from claimtable.review.files import read_annotations
from claimtable.schema import COLUMNS, Document, Section
from claimtable.store import Store

SECONDS = 20.0
"""Longest that one input of `MAX_BYTES` may take: a hundred times what it should."""
MAX_BYTES = 60_000

TEXT = (
    "Trade grows\nBy Jane Doe\n3 May 2014\n\nExports rose to $12.5 million in 2013, up 3 percent, the ministry said. "
    '"They will fall by 2020," said Kim. Between 10 and 20 km, half of 1,500 people.\n\nComments\nSarah says:\nNo.\n'
)
DOCUMENT = Document(id="d", text=TEXT, sections=(Section(0, len(TEXT), "body"),))
TOKENS = [
    *(
        b"\x00",
        b"\xff",
        b"\xfe\xff",
        b"\xef\xbb\xbf",
        b"\n",
        b"\r\n",
        b"\r\n\r\n",
        b"\t",
        b" " * 40,
        b'"',
        b"'",
        b"\\",
    ),
    *(
        b"{",
        b"}",
        b"[",
        b"]",
        b"[" * 500,
        b'{"a":' * 300,
        b"<",
        b">",
        b"<div>" * 300,
        b"</",
        b"<!--",
        b"&amp;",
        b"&#x0;",
    ),
    *(b"<script>", b"<table><tr><td>", b'<!DOCTYPE a [<!ENTITY b "c">]>', b"&b;", b"<![CDATA[", b"<?xml?>"),
    *(b"NaN", b"Infinity", b"-0", b"1e999", b"9" * 400, b"-1", b"null", b"true", b"\\ud800", b"\xed\xa0\x80"),
    *(
        b"obj",
        b"endobj",
        b"stream",
        b"endstream",
        b"/Length",
        b"/Filter",
        b"/FlateDecode",
        b"/Kids [1 0 R]",
        b"<<",
        b">>",
    ),
    *(
        b"$1",
        b"1/0",
        b"-",
        b"\xe2\x80\x94" * 50,
        b"million " * 40,
        b"and " * 60,
        b"3 May 2014 ",
        b"1,",
        b"99999999-99-99",
    ),
    *(
        "\u202e\u0301\u200b".encode(),
        "１２".encode(),
        "½".encode(),
        b"Content-Length: -1",
        b"WARC/1.0",
        b"---\n",
    ),
]


def pdf(
    text: bytes = b"BT /F1 12 Tf 72 720 Td (Exports rose to 12 million.) Tj ET", *, packed: bool = True
) -> bytes:
    """Returns a PDF of one page."""
    stream = zlib.compress(text) if packed else text
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d%s >>\nstream\n%s\nendstream"
        % (len(stream), b" /Filter /FlateDecode" if packed else b"", stream),
        b"<< /Title (A title) /Author (Jane Doe) >>",
    ]
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        len(out),
    )
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table) + end


def page() -> bytes:
    """Returns a web page with the parts that the reader knows."""
    body = "".join(f"<p>{line}</p>" for line in TEXT.splitlines() if line)
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Trade grows</title>'
        '<meta name="author" content="Jane Doe"><script type="application/ld+json">'
        '{"@type": "NewsArticle", "headline": "Trade grows", "datePublished": "2014-05-03"}</script></head><body>'
        f'<h1>Trade grows</h1><p class="standfirst">How exports came to rise so much.</p><article>{body}'
        "<ul><li>Item with 5 things</li></ul><table><tr><td>1</td></tr></table></article>"
        '<div class="comment"><b class="comment-author">Sarah</b><p>They will not.</p></div></body></html>'
    ).encode()


def warc() -> bytes:
    """Returns a web archive of two pages."""
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page()
    record = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2014-05-03T00:00:00Z\r\n"
        b"WARC-Target-URI: http://example.org/\r\nContent-Type: application/http; msgtype=response\r\n"
        b"Content-Length: %d\r\n\r\n%s\r\n\r\n" % (len(http), http)
    )
    return record * 2


def export_of_label_studio() -> bytes:
    """Returns an export with one task of `DOCUMENT`."""
    place = {"from_name": "label", "to_name": "text", "type": "labels", "id": "r1"}
    value = {"start": 0, "end": 5, "text": TEXT[:5], "labels": ["Claim"]}
    data = {
        "doc_id": "d", "doc_sha256": DOCUMENT.sha256, "start": 0, "end": len(TEXT), "text": TEXT, "task_key": "k"
    }  # fmt: skip
    annotation = {
        "id": 5, "completed_by": 1, "created_at": "2024-05-01T12:00:00Z", "updated_at": "2024-05-01T12:00:00Z",
        "was_cancelled": False, "lead_time": 3.5, "result": [{**place, "value": value}],
    }  # fmt: skip
    return json.dumps([{"id": 1, "data": data, "annotations": [annotation], "predictions": []}]).encode()


def database() -> bytes:
    """Returns a claims database with `DOCUMENT` in it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "claims.db"
        with Store.open(path) as store:
            store.add_document(DOCUMENT)
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        return path.read_bytes()


def tables(form: str) -> bytes:
    """Returns a table with one row, in a format that reads back."""
    row = {column.name: None for column in COLUMNS} | {
        "claim_id": "c", "kind": "prediction", "text": "'=It", "bound": "=", "value": 1.5, "deadline": "2020-01-01", "start": 1
    }  # fmt: skip
    out = io.BytesIO()
    write_table([row], out, form)  # type: ignore[arg-type]
    return out.getvalue()


@dataclass(frozen=True)
class Target:
    """A reader under test."""

    name: str
    seeds: Callable[[], list[bytes]]
    run: Callable[[bytes, Path], object]
    """Takes the data, and a folder for files."""


def _use(result: object) -> None:
    """Goes through what a lazy reader gives."""
    for item in result:  # type: ignore[attr-defined]
        assert isinstance(item, Document | ClaimTableError), item


def _file(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def _annotations(data: bytes, folder: Path) -> None:
    store_path = folder / "reviews.db"
    new = not store_path.exists()
    with Store.open(store_path) as store:
        if new:
            store.add_document(DOCUMENT)
        for _ in read_annotations(
            _file(folder, "export.json", data), store, reviewers={1: "jane"}, on_error=lambda error: None
        ):
            pass


def _gold(data: bytes, folder: Path) -> None:
    articles = folder / "gold" / "a"
    articles.mkdir(parents=True, exist_ok=True)
    _file(articles, "document.txt", TEXT.encode())
    _file(articles, "claims.jsonl", data)
    find_gold([folder / "gold"])


def _rules(data: bytes, folder: Path) -> None:
    (folder / "data").mkdir(exist_ok=True)
    _file(folder / "data", "any.tsv", data)
    with mock.patch.object(rules.resources, "files", lambda _: folder):
        rules.table.__wrapped__("any", "word")


def _credentials(data: bytes, folder: Path) -> None:
    (folder / "claimtable").mkdir(exist_ok=True)
    _file(folder / "claimtable", "label-studio.toml", data).chmod(0o600)
    read_credentials({"XDG_CONFIG_HOME": str(folder)})


def _database(data: bytes, folder: Path) -> None:
    for old in folder.glob("claims.db*"):
        old.unlink()
    with Store.open(_file(folder, "claims.db", data)) as store:
        list(store.documents())
        list(store.claims())
        store.status()


def _mixed(data: bytes, folder: Path) -> None:
    """What a user does: a folder of files with sidecars."""
    inputs = folder / "inputs"
    inputs.mkdir(exist_ok=True)
    for name in ("a.txt", "a.txt.meta.json", "b.html", "c.md", "d.jsonl", "e.warc.gz", "f.pdf", "g.txt.gz"):
        _file(inputs, name, data)
    for document in ingest.read([inputs], on_error=lambda error: None):
        assert document.text


TARGETS = {
    target.name: target
    for target in (
        Target(
            "text", lambda: [TEXT.encode(), TEXT.encode("utf-16")], lambda data, _: ingest.read_text(data)
        ),
        Target(
            "markdown",
            lambda: [
                b"---\ntitle: A\nauthor: [B, C]\n---\n# T\n\n* a\n\n> b\n\n```\nc\n```\n" + TEXT.encode()
            ],
            lambda data, _: ingest.read_markdown(data),
        ),
        Target("html", lambda: [page()], lambda data, _: ingest.read_html(data)),
        Target(
            "jsonl",
            lambda: [
                json.dumps(
                    {"id": "x", "text": TEXT, "published": "2014-05-03", "author": ["A", "B"]}
                ).encode()
                + b'\n{"text": "One.", "sections": [{"start": 0, "end": 4, "role": "body"}]}\n'
            ],
            lambda data, _: _use(ingest.read_jsonl(io.BytesIO(data))),
        ),
        Target(
            "warc",
            lambda: [warc(), gzip.compress(warc())],
            lambda data, _: _use(ingest.read_warc(io.BytesIO(data))),
        ),
        Target("pdf", lambda: [pdf(), pdf(packed=False)], lambda data, _: ingest.read_pdf(data)),
        Target(
            "sidecar",
            lambda: [b'{"id": 5, "title": "A", "published": "2014-05-03", "sections": []}'],
            lambda data, folder: read_sidecar(_file(folder, f"a{SIDECAR_ENDING}", data).with_name("a.txt")),
        ),
        Target("inputs", lambda: [TEXT.encode(), page(), warc(), pdf(), gzip.compress(page())], _mixed),
        Target("label studio", lambda: [export_of_label_studio()], _annotations),
        Target(
            "gold",
            lambda: [
                b'{"text": "Exports rose", "kind": "quantitative", "start": 0, "end": 5, "value": 12.5, "unit": "USD"}\n',
                b'{"text": "5 km", "quantities": [{"start": 0, "end": 4, "value": 5}]}\n',
            ],
            _gold,
        ),
        Target("rules", lambda: [b"# words\nid\tword\tsource\na-1\trise\tus\na-2\tfall|drop\tus\n"], _rules),
        Target("credentials", lambda: [b'url = "http://localhost:8080"\napi_key = "abc"\n'], _credentials),
        Target(
            "fact-checks",
            lambda: [
                b'{"@type": "ClaimReview", "claimReviewed": "It rose", "reviewRating": {"alternateName": "No"}}\n'
            ],
            lambda data, folder: list(read_fact_checks(_file(folder, "f.json", data), lambda error: None)),
        ),
        *(
            Target(
                f"table {form}",
                lambda form=form: [tables(form)],  # type: ignore[misc]
                lambda data, folder, form=form: read_table(_file(folder, f"t.{form}", data)),  # type: ignore[misc]
            )
            for form in ("csv", "jsonl", "parquet")
        ),
        Target("database", lambda: [database()], _database),
        Target(
            "quantities",
            lambda: [TEXT.encode()],
            lambda data, _: find_quantities(data.decode("utf-8", "replace")),
        ),
        Target("times", lambda: [TEXT.encode()], lambda data, _: find_times(data.decode("utf-8", "replace"))),
    )
}


def attempt(target: Target, data: bytes, folder: Path) -> None:
    """Runs a target on one input. Raises whatever is a finding."""
    begun = time.process_time()
    try:
        limited(SECONDS, target.name, target.run, data, folder)
    except DocumentTimeout:
        # Not where the machine was busy with something else.
        if time.process_time() - begun > SECONDS / 2:
            raise AssertionError(f"{target.name}: not done after {SECONDS:g} seconds") from None
    except ClaimTableError as error:
        assert str(error), "an error without words"


def mutated(seeds: list[bytes], rng: random.Random) -> bytes:
    """Returns an input made from the seeds: some bytes, tokens or pieces changed, doubled, moved or left out."""
    data = bytearray(rng.choice(seeds))
    for _ in range(rng.choice((1, 1, 2, 4, 8, 30))):
        size = len(data)
        i = rng.randrange(size + 1)
        j = min(size, i + rng.choice((1, 2, 8, 60, 500, size)))
        match rng.randrange(9):
            case 0:
                data[i:i] = rng.choice(TOKENS)
            case 1:
                data[i:j] = rng.choice(TOKENS)
            case 2 if size:
                data[i % size] = rng.randrange(256)
            case 3:
                del data[i:j]
            case 4:
                data[i:i] = data[i:j] * rng.choice((1, 2, 30))
            case 5:
                other = rng.choice(seeds)
                k = rng.randrange(len(other) + 1)
                data[i:j] = other[k : k + rng.choice((4, 40, 400))]
            case 6:
                data[i:i] = rng.choice(TOKENS) * rng.choice((2, 20, 400))
            case 7 if size:
                data[i % size] ^= 1 << rng.randrange(8)
            case _:
                data[i:i] = rng.randbytes(rng.choice((1, 4, 30)))
        del data[MAX_BYTES:]
    made = bytes(data)
    # A change inside packed data only damages it: now and then the packing is redone around the change.
    if made.startswith(b"WARC") and rng.random() < 0.3:
        return gzip.compress(made)
    return made
