"""Files, folders and standard input, good and bad: each bad one a clear message, the others done."""

from __future__ import annotations

import gzip
import io
import json
import os

import pytest

from claimtable.errors import IngestError
from claimtable.ingest import MAX_DOCUMENT_BYTES, read, read_jsonl, read_text
from claimtable.ingest import inputs as inputs_module

GOOD = "Exports rose to $12 million in 2013. They will fall by 2020."


@pytest.fixture
def collect():
    def run(paths, **options):
        errors: list[str] = []
        documents = list(read(paths, on_error=lambda error: errors.append(str(error)), **options))
        return documents, errors

    return run


BAD = [
    ("empty.txt", b"", "there is no text in it"),
    ("bom.txt", b"\xef\xbb\xbf", "there is no text in it"),
    ("blank.txt", b" \n\t\n", "there is no text in it"),
    ("binary.txt", bytes(range(256)) * 8, "binary data"),
    ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(64), "PNG image"),
    ("really.txt", b"%PDF-1.4 \xe2\xe3", "PDF file"),
    (
        "latin.txt",
        "Le chômage a baissé de 5 % à Genève, où l'été était chaud.".encode("cp1252"),
        "windows-1252",
    ),
    ("wide.txt", GOOD.encode("utf-16-le"), "UTF-16 without a byte order mark"),
    ("empty.html", b"", "there is no text in it"),
    (
        "scripts.html",
        b"<html><head><title>App</title></head><body><script>run()</script></body></html>",
        "no text in this HTML",
    ),
    ("nothing.html", b"<html></html>", "no text in this HTML"),
    ("empty.md", b"---\ntitle: A\n---\n", "there is no text in it"),
    ("empty.jsonl", b"\n\n", "no document in it"),
    ("broken.pdf", b"%PDF-1.4 nothing", "PDF"),
    ("broken.warc", b"WARC/1.0\r\nnothing", "web archive"),
    ("broken.warc.gz", b"\x1f\x8bnothing", "web archive"),
    ("broken.txt.gz", b"\x1f\x8b\x08\x00nothing at all", "damaged gzip"),
    ("nogzip.txt.gz", b"plain", "damaged gzip"),
    ("table.pptx", b"PK\x03\x04", "ending '.pptx' is not known"),
]


@pytest.mark.parametrize(("name", "data", "message"), BAD, ids=[name for name, _, _ in BAD])
def test_bad_file_is_reported_and_the_rest_read(tmp_path, collect, name, data, message):
    bad, good = tmp_path / name, tmp_path / "good.txt"
    bad.write_bytes(data)
    good.write_text(GOOD)
    documents, errors = collect([bad, good])
    assert [d.text for d in documents] == [GOOD]
    assert len(errors) == 1
    assert str(bad) in errors[0]
    assert message in errors[0]
    with pytest.raises(IngestError, match=r"."):
        list(read([bad]))


def test_wrong_encoding_names_the_byte(tmp_path, collect):
    path = tmp_path / "a.txt"
    path.write_bytes(b"line one\ncaf\xe9 au lait\n")
    _, (error,) = collect([path])
    assert "byte 12" in error
    assert "0xE9" in error
    assert "utf-8" in error


def test_missing_file_and_folder(tmp_path, collect):
    good = tmp_path / "good.txt"
    good.write_text(GOOD)
    documents, errors = collect([tmp_path / "none.txt", tmp_path / "none", good])
    assert len(documents) == 1
    assert all("no such file or folder" in error and "check the path" in error for error in errors)
    assert len(errors) == 2


@pytest.mark.parametrize("at_top", [True, False])
def test_unreadable_folder(tmp_path, collect, monkeypatch, at_top):
    (tmp_path / "closed").mkdir()
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "good.txt").write_text(GOOD)
    real = os.scandir

    def scandir(path):
        if os.fspath(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    documents, errors = collect([tmp_path / "closed", tmp_path / "open"] if at_top else [tmp_path])
    assert len(documents) == 1
    assert any("closed" in error and "Permission denied" in error for error in errors)


def test_unreadable_file(tmp_path, collect, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text(GOOD)

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(inputs_module, "_open", refuse)
    _, (error,) = collect([path])
    assert "Permission denied" in error


def test_folder_is_walked_in_order(tmp_path, collect):
    for name in (
        "b/2.txt",
        "a/z.md",
        "a/a.txt",
        "c.html",
        ".hidden/x.txt",
        "a/.x.txt",
        "notes.pptx",
        "a/a.meta.json",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        text = (
            '{"title": "From the sidecar"}'
            if name.endswith("json")
            else f"<p>This is the text of {name}, long enough to be read.</p>"
        )
        path.write_text(text)
    documents, errors = collect([tmp_path])
    assert errors == []
    assert [os.path.relpath(d.source, tmp_path) for d in documents] == [
        "c.html",
        "a/a.txt",
        "a/z.md",
        "b/2.txt",
    ]
    assert documents[1].title == "From the sidecar"


def test_folder_without_a_readable_file(tmp_path, collect):
    (tmp_path / "a.pptx").write_bytes(b"x")
    documents, errors = collect([tmp_path])
    assert documents == []
    assert "no readable file" in errors[0]


def test_broken_lines_of_jsonl(tmp_path, collect):
    path = tmp_path / "a.jsonl"
    lines = [
        json.dumps(
            {
                "id": 7,
                "text": GOOD,
                "title": "T",
                "author": ["A B", "C D"],
                "published": "2014-04-15T10:00:00Z",
            }
        ),
        '{"id": "x", "text": ',
        json.dumps({"id": "y"}),
        "[1]",
        json.dumps({"id": "z", "text": ""}),
        json.dumps({"id": "s", "text": GOOD, "sections": [{"start": 5, "end": 2, "role": "body"}]}),
        json.dumps({"id": "r", "text": GOOD, "sections": [{"start": 0, "end": 2, "role": "nose"}]}),
        json.dumps({"id": "d", "text": GOOD, "published": "soon"}),
        "[" * 100_000,
        "",
        json.dumps(
            {
                "id": "ok",
                "text": GOOD,
                "sections": [{"start": 0, "end": 36, "role": "comment", "speaker": "S"}],
            }
        ),
    ]
    path.write_text("\n".join(lines))
    documents, errors = collect([path])
    assert [d.id for d in documents] == ["7", "ok"]
    assert documents[0].author == "A B and C D"
    assert str(documents[0].published) == "2014-04-15"
    assert [s.role for s in documents[1].sections] == ["comment"]
    assert len(errors) == 8
    for number, error in enumerate(errors, 2):
        assert f"line {number}" in error
    assert "column 21" in errors[0]


def test_jsonl_line_in_a_wrong_encoding(collect, tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text": "caf\xe9"}\n' + json.dumps({"text": GOOD}).encode())
    documents, errors = collect([path])
    assert len(documents) == 1
    assert "line 1" in errors[0]


def test_unstorable_characters_keep_offsets():
    line = b'{"text": "a\\ud800b\\u0000c \\ud83d\\ude00 costs $5."}'
    (document,) = read_jsonl(io.BytesIO(line))
    assert document.text == "a\ufffdb\ufffdc \U0001f600 costs $5."


def test_standard_input_is_text_by_default(monkeypatch):
    class Stdin:
        buffer = io.BytesIO(GOOD.encode())

    monkeypatch.setattr("sys.stdin", Stdin)
    (document,) = read(["-"])
    assert (document.text, document.source) == (GOOD, "-")
    with pytest.raises(IngestError, match="'spam' is not known"):
        list(read(["-"], input_format="spam"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_encodings(tmp_path, collect, encoding):
    path = tmp_path / "a.txt"
    path.write_bytes("Zürich: 5 % mehr – 🚀\r\nzweite Zeile.\r\n".encode(encoding))
    (document,), errors = collect([path])
    assert document.text == "Zürich: 5 % mehr – 🚀\r\nzweite Zeile.\r\n"
    assert errors == []


def test_id_is_given_or_the_digest_of_the_text(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(GOOD)
    (document,) = read([path])
    assert document.id == document.sha256[:16]
    (tmp_path / "a.txt.meta.json").write_text(
        '{"id": "mine", "published": "2014-01-02", "url": "https://example.org"}'
    )
    (document,) = read([path])
    assert (document.id, str(document.published), document.url) == (
        "mine",
        "2014-01-02",
        "https://example.org",
    )


@pytest.mark.parametrize(
    "content", ["{", '{"id": []}', "[]", '{"published": "yesterday"}', '{"sections": 3}']
)
def test_bad_sidecar_costs_its_document_alone(tmp_path, collect, content):
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(GOOD)
    (tmp_path / "a.meta.json").write_text(content)
    documents, errors = collect([tmp_path])
    assert len(documents) == 1
    assert "a.meta.json" in errors[0]


def test_size_limit(tmp_path, collect, monkeypatch):
    bomb = tmp_path / "bomb.txt.gz"
    with gzip.open(bomb, "wb", compresslevel=9) as stream:
        for _ in range(MAX_DOCUMENT_BYTES // 1_000_000 + 2):
            stream.write(b"a" * 1_000_000)
    (tmp_path / "good.txt.gz").write_bytes(gzip.compress(GOOD.encode()))
    documents, errors = collect([bomb, tmp_path / "good.txt.gz"])
    assert [d.text for d in documents] == [GOOD]
    assert "50 MB" in errors[0]


def test_one_line_of_5_mb(tmp_path, collect):
    path = tmp_path / "long.txt"
    path.write_text("Exports rose to $12 million in 2013. " * 140_000)
    (document,), errors = collect([path])
    assert errors == []
    assert [(s.role, s.start, s.end) for s in document.sections] == [("body", 0, len(document.text) - 1)]


@pytest.mark.parametrize(
    "text",
    [
        "🚀🔥 📈 +12% 🎉\n👍🏽👍🏽\n🇨🇭",
        "ارتفعت الصادرات إلى 12 مليون دولار في عام 2013.\n\nقال الوزير إنها ستنخفض بحلول عام 2020.",
        "出口额在2013年升至1200万美元。\n\n部长说到2020年将下降。",
        "GDP rose 3 percent in 2013",
        "a\n" * 5000,
    ],
    ids=["emoji", "right to left", "no spaces", "no full stop", "many short lines"],
)
def test_unusual_text_is_body(text):
    document = read_text(text)
    assert document.text == text
    assert document.sections
    assert {s.role for s in document.sections} <= {"body", "title"}


def test_reading_is_lazy(tmp_path):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(GOOD)
    documents = read([tmp_path / "a.txt", tmp_path / "b.txt", tmp_path / "none.txt"])
    assert next(documents).source.endswith("a.txt")
    (tmp_path / "b.txt").write_text("Changed meanwhile, before it was read.")
    assert next(documents).text.startswith("Changed")
    with pytest.raises(IngestError):
        next(documents)
