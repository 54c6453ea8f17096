"""Paths that block, end nowhere, or are too long: they cost themselves, not the run."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from tests.fuzz.targets import pdf

from claimtable import ingest
from claimtable.errors import IngestError

GOOD = "Exports rose to 5 million in 2013."
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="has no such files")


def found(*inputs, **options):
    errors = []
    documents = list(ingest.read(inputs, on_error=lambda error: errors.append(str(error)), **options))
    return [document.text for document in documents], errors


@pytest.fixture
def good(tmp_path):
    path = tmp_path / "z.txt"
    path.write_text(GOOD)
    return path


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.jsonl", "a.warc", "a.pdf", "a.txt.gz"])
@pytest.mark.parametrize("kind", ["pipe", "device", "socket"])
def test_what_is_no_file_is_refused_at_once(tmp_path, good, name, kind):
    path = tmp_path / name
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as listener:
            listener.bind(str(path))
    else:
        path.symlink_to("/dev/zero")
    texts, errors = found(path, good)
    assert texts == [GOOD]
    assert len(errors) == 1
    assert f"this is a {kind}, not a file" in errors[0]
    assert found(tmp_path) == ([GOOD], []), "in a folder it is passed over"


def test_what_a_shell_hands_over_is_read():
    reading, writing = os.pipe()
    os.write(writing, GOOD.encode())
    os.close(writing)
    try:
        assert found(f"/dev/fd/{reading}", input_format="text") == ([GOOD], [])
    finally:
        os.close(reading)


def test_a_sidecar_that_is_a_pipe(tmp_path, good):
    os.mkfifo(tmp_path / "z.txt.meta.json")
    texts, errors = found(good)
    assert texts == []
    assert "z.txt.meta.json: this is no file" in errors[0]


@pytest.mark.parametrize(
    "name", ["a" * 5000, "b/" * 2500 + "a.txt", "c" * 300 + ".txt", "a\0b", "\udcff.txt"]
)
def test_a_path_that_cannot_be(good, name):
    texts, errors = found(name, good)
    assert texts == [GOOD]
    assert len(errors) == 1


def test_folders_in_folders_without_end(tmp_path, good):
    before = Path.cwd()
    try:
        os.chdir(tmp_path)
        for depth in range(2500):
            Path("d").mkdir()
            os.chdir("d")
            if depth in (0, 1500, 2400):
                Path(f"{depth}.txt").write_text(GOOD)
    finally:
        os.chdir(before)
    texts, errors = found(tmp_path)
    assert texts == [GOOD] * 3, "all but what lies too deep"
    assert len(errors) == 1
    assert "no longer than the system allows" in errors[0]
    # pytest would fail to remove it.
    subprocess.run(["rm", "-rf", tmp_path / "d"], check=True)


@contextlib.contextmanager
def as_nobody():
    """Root may read anything: the block runs as nobody."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_a_folder_that_may_not_be_read():
    # Not in `tmp_path`, which lies in a folder that is its owner's alone.
    with tempfile.TemporaryDirectory() as name:
        folder, closed = Path(name), Path(name, "closed")
        closed.mkdir()
        for path in (closed / "a.txt", folder / "z.txt"):
            path.write_text(GOOD)
        closed.chmod(0)
        folder.chmod(0o755)
        with as_nobody():
            texts, errors = found(folder)
        closed.chmod(0o755)
    assert texts == [GOOD]
    assert len(errors) == 1
    assert "the folder cannot be read" in errors[0]


def test_a_large_pdf_in_ascii85():
    data = pdf(b"/Filter /ASCII85Decode " + b"z" * 11_000_000, packed=False)
    with pytest.raises(IngestError, match="larger than 10 MB"):
        ingest.read_pdf(data)
