"""Parts of inputs: whatever the borders, each document is in one of them, and in order."""

import gzip
import json
from datetime import date

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.ingest.test_pdf_warc import ARTICLE, make_warc

from claimtable.errors import IngestError
from claimtable.ingest import read as read_whole
from claimtable.scale import partitions
from claimtable.scale.partitions import plan, read
from claimtable.schema import Document


def in_parts(monkeypatch, size, *inputs, **options):
    """Reads the inputs in parts of about this size."""
    for name in partitions.PART_BYTES:
        monkeypatch.setitem(partitions.PART_BYTES, name, size)
    errors = []
    parts = list(plan(map(str, inputs), on_error=errors.append, **options))
    assert [part.number for part in parts] == list(range(len(parts)))
    return parts, [item for part in parts for item in read(part)], errors


def documents(found):
    return [(d.id, d.text, d.title, d.published) for d in found if isinstance(d, Document)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lengths=st.lists(st.integers(0, 40), max_size=12),
    size=st.integers(1, 120),
    ends=st.booleans(),
)
def test_lines_are_each_in_one_part(monkeypatch, tmp_path, lengths, size, ends):
    lines = [
        json.dumps({"id": str(i), "text": "é" * n}, ensure_ascii=False) if n else ""
        for i, n in enumerate(lengths)
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(lines) + ("\n" if ends else ""))
    parts, found, _ = in_parts(monkeypatch, size, path)
    assert documents(found) == documents(read_whole([path], on_error=lambda error: None))
    assert len(parts) == max(1, round(path.stat().st_size / size))
    if any(lengths):
        assert not [item for item in found if isinstance(item, IngestError)]


def test_a_line_longer_than_parts_is_in_the_first_of_them(monkeypatch, tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"id": i, "text": "x" * 5000}) + "\n" for i in "abc"))
    monkeypatch.setattr(partitions, "_WINDOW", 100)
    _, found, _ = in_parts(monkeypatch, 700, path)
    assert [d.id for d in found] == ["a", "b", "c"]


@pytest.mark.parametrize("compressed", [True, False])
@pytest.mark.parametrize("size", [100, 400, 1000, 10**6])
def test_records_are_each_in_one_part(monkeypatch, tmp_path, compressed, size):
    pages = [
        (f"https://example.org/{i}", "text/html", ARTICLE.format(date="2018-06-30").encode() + b"<!-- x" * i)
        for i in range(12)
    ]
    pages.insert(3, ("https://example.org/logo", "image/png", b"\x89PNG\x1f\x8b\x08 WARC/1.0\r\n"))
    path = tmp_path / ("a.warc.gz" if compressed else "a.warc")
    path.write_bytes(make_warc(pages, compressed=compressed))
    monkeypatch.setattr(partitions, "_WINDOW", 300)
    parts, found, _ = in_parts(monkeypatch, size, path)
    assert [d.url for d in found] == [d.url for d in read_whole([path])]
    assert len(parts) > 1 or size == 10**6


def test_an_archive_that_is_one_stream_is_one_part(monkeypatch, tmp_path):
    path = tmp_path / "a.warc.gz"
    page = ("https://example.org/a", "text/html", ARTICLE.format(date="2018-06-30").encode())
    path.write_bytes(gzip.compress(make_warc([page] * 30, compressed=False)))
    errors = []
    whole = list(read_whole([path], on_error=errors.append))
    _, found, _ = in_parts(monkeypatch, 50, path)
    assert documents(found) == documents(whole)
    assert len(found) == len(whole) + len(errors), "the library refuses it, and that is said once"


def test_rows_of_parquet(monkeypatch, tmp_path):
    path = tmp_path / "a.parquet"
    rows = [
        {"id": f"d{i}", "text": f"Text {i}." if i != 7 else None, "published": date(2020, 1, 1), "other": i}
        for i in range(20)
    ]
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=3)
    parts, found, _ = in_parts(monkeypatch, 1, path)
    assert len(parts) == 7
    assert [(d.id, str(d.published)) for d in found if isinstance(d, Document)] == [
        (f"d{i}", "2020-01-01") for i in range(20) if i != 7
    ]
    (error,) = [item for item in found if isinstance(item, IngestError)]
    assert "a.parquet, part from 2, row 2" in str(error)
    assert len(in_parts(monkeypatch, 10**6, path)[0]) == 1


def test_a_table_without_text(monkeypatch, tmp_path):
    pq.write_table(pa.table({"body": ["x"]}), tmp_path / "a.parquet")
    _, (error,), _ = in_parts(monkeypatch, 100, tmp_path)
    assert "no column `text`" in str(error)


def test_folders_patterns_and_urls(monkeypatch, tmp_path):
    line = json.dumps({"text": "One."}) + "\n"
    for name in ("b.jsonl", "a.jsonl", "note.txt"):
        (tmp_path / name).write_text(line)
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress(line.encode()))
    parts, _, errors = in_parts(monkeypatch, 100, tmp_path, tmp_path / "*.jsonl")
    assert [part.source.rpartition("/")[2] for part in parts] == [
        *("a.jsonl", "b.jsonl", "c.jsonl.gz"),
        *("a.jsonl", "b.jsonl"),
    ]
    assert not errors
    fsspec.filesystem("memory").pipe("/news/a.ndjson", line.encode())
    parts, found, _ = in_parts(monkeypatch, 100, "memory://news")
    assert [part.source for part in parts] == ["memory:///news/a.ndjson"]
    assert [d.text for d in found] == ["One."]
    parts, found, _ = in_parts(monkeypatch, 100, tmp_path / "note.txt", input_format="jsonl")
    assert [d.text for d in found] == ["One."]


def test_what_cannot_be_read_is_named(monkeypatch, tmp_path):
    (tmp_path / "a.txt").write_text("Text.")
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    (tmp_path / "empty").mkdir()
    inputs = [tmp_path / name for name in ("a.txt", "a.parquet", "none.jsonl", "empty")]
    parts, _, errors = in_parts(monkeypatch, 100, *inputs, "nosuch://x/a.jsonl")
    assert parts == []
    said = [str(error) for error in errors]
    for words, line in zip(
        ("an engine reads JSON lines", "cannot be read", "no such file", "nothing in it", "cannot be found"),
        said,
        strict=True,
    ):
        assert words in line


def test_a_changed_file_is_another_part(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "One."}\n')
    (before,) = plan([str(path)], on_error=pytest.fail)
    path.write_text('{"text": "Two."}\n\n')
    (after,) = plan([str(path)], on_error=pytest.fail)
    assert before.version != after.version


def test_a_damaged_archive_gives_what_was_before(monkeypatch, tmp_path):
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"text": "One."}\n' * 10_000)[:-20])
    _, found, _ = in_parts(monkeypatch, 100, path)
    assert isinstance(found[-1], IngestError)
    assert "run the job again" in str(found[-1])
    assert isinstance(next(iter(found)), Document) or len(found) == 1


def test_the_whole_is_read_as_ever(tmp_path):
    (tmp_path / "a.jsonl").write_text("\n")
    (part,) = plan([str(tmp_path / "a.jsonl")], on_error=pytest.fail)
    (error,) = read(part)
    assert "no document" in str(error)
