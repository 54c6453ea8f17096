"""A full disk, a read-only folder, a locked database: one line that says what to do, and nothing half written."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from claimtable.cli import app
from claimtable.store import database

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="needs fork, /dev/full and limits of Linux"),
]

ROOM = 300_000
"""Bytes on the small disk: an empty database fits, the results do not."""
DOCUMENTS = 200
LEFT = 8_000
"""What is left of it for a table."""
NOBODY = 65534


def run(*arguments, limit=None, user=None):
    """Runs a command in a child process with the stand-in pipeline; returns exit code, stdout and stderr."""

    def child(answers) -> None:
        if limit is not None:
            # As for a shell's `ulimit -f`: Python is told by an error, not killed.
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        if user is not None:
            os.setgroups([])
            os.setgid(user)
            os.setuid(user)
        result = CliRunner().invoke(app, [str(x) for x in arguments])
        answers.put((result.exit_code, result.stdout, result.stderr))

    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()
    process = context.Process(target=child, args=(answers,))
    process.start()
    process.join(120)
    assert process.exitcode == 0
    return answers.get()


def check_message(stderr: str, *, lines: int = 1) -> None:
    assert "Traceback" not in stderr
    assert "unexpected" not in stderr, stderr
    assert len(stderr.strip().splitlines()) <= lines, stderr


@pytest.fixture
def many(tmp_path):
    """Articles whose rows are larger than the small disk."""
    path = tmp_path / "many.jsonl"
    documents = ({"id": f"d{i}", "text": f"Number {i} of {'x' * 3000}."} for i in range(DOCUMENTS))
    path.write_text("".join(json.dumps(document) + "\n" for document in documents))
    return path


@pytest.fixture
def full(claimtable, many, tmp_path):
    """A database that is too large to be written on the small disk again."""
    path = tmp_path / "full.db"
    assert claimtable("ingest", many, "--db", path).exit_code == 0
    return path


@pytest.fixture(params=["small disk", "small files"])
def place(request, tmp_path):
    """A folder in which there is not room for much, and the limit to run with."""
    folder = tmp_path / "place"
    folder.mkdir()
    if request.param == "small files":
        yield folder, ROOM
        return
    mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a file system may not be mounted here")
    yield folder, None
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.parquet"])
def test_extract_to_a_full_disk(claimtable, many, place, name):
    folder, limit = place
    (folder / f"old-{name}").write_text("precious")
    (folder / "ballast").write_bytes(b"x" * (ROOM - LEFT))
    for path, force in ((folder / name, ()), (folder / f"old-{name}", ("--force",))):
        code, _, stderr = run("extract", many, "-o", path, *force, limit=limit and LEFT)
        assert code == 1
        check_message(stderr)
        assert path.name in stderr
    assert {path.name for path in folder.iterdir()} == {f"old-{name}", "ballast"}
    assert (folder / f"old-{name}").read_text() == "precious"


@pytest.mark.parametrize(
    "name", ["a.csv", "a.jsonl", "a.parquet", "a.xlsx", "a.sqlite", "a.brat", "a.report"]
)
def test_export_to_a_full_disk(full, place, name):
    folder, limit = place
    (folder / "ballast").write_bytes(b"x" * (ROOM - LEFT))
    path = folder / name
    verb = ("report",) if name == "a.report" else ("export", *(("--to", "brat") if name == "a.brat" else ()))
    code, _, stderr = run(*verb, "--db", full, "-o", path, limit=limit and LEFT)
    assert code == 1
    check_message(stderr)
    assert [item.name for item in folder.iterdir()] == ["ballast"]


def test_ingest_to_a_full_disk(claimtable, many, place):
    folder, limit = place
    db = folder / "claims.db"
    code, _, stderr = run("ingest", many, "--db", db, limit=limit)
    assert code == 1
    check_message(stderr)
    assert "claims.db" in stderr
    # What was committed is there, and with more room the same command goes on.
    roomy = folder.parent / "roomy.db"
    if db.exists():
        for file in folder.glob("claims.db*"):
            shutil.copy(file, roomy.parent / file.name.replace("claims.db", "roomy.db"))
    code, _, stderr = run("ingest", many, "--db", roomy)
    assert code == 0, stderr
    with contextlib.closing(sqlite3.connect(roomy)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("SELECT count(*) FROM claims").fetchone() == (DOCUMENTS,)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["extract", "{articles}"],
        ["extract", "{articles}", "--format", "jsonl", "-o", "/dev/full"],
    ],
)
def test_standard_output_is_full(articles, arguments):
    command = [argument.format(articles=articles) for argument in arguments]
    with Path("/dev/full").open("w") as nowhere:
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "claimtable",
                *command,
                *(["--layer", "quantities", "--no-subject"] * (len(command) > 1)),
            ],
            stdout=nowhere,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 1
    assert "the disk is full" in done.stderr
    check_message(done.stderr)


def test_a_read_only_folder(claimtable, articles):
    if os.geteuid() != 0:
        pytest.skip("runs the command as another user, which root alone may do")
    # Not in `tmp_path`, which lies in a folder that is its owner's alone.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        article = folder / "a.txt"
        article.write_text("Exports rose to 14 million dollars.")
        folder.chmod(0o555)
        for command in (
            ["extract", article, "-o", folder / "out.csv"],
            ["ingest", article, "--db", folder / "claims.db"],
        ):
            code, _, stderr = run(*command, user=NOBODY)
            assert code == 1
            check_message(stderr)
            assert str(command[-1]) in stderr
        assert [path.name for path in folder.iterdir()] == ["a.txt"]
        folder.chmod(0o755)


def test_a_locked_database(full, articles, monkeypatch):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    other = sqlite3.connect(full, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    code, _, stderr = run("ingest", articles, "--db", full)
    assert code == 1
    check_message(stderr)
    assert "another process is writing" in stderr
    code, stdout, _ = run("status", "--db", full)
    assert code == 0 and str(DOCUMENTS) in stdout, "reading goes on"
    other.execute("ROLLBACK")
    other.close()
    assert run("ingest", articles, "--db", full)[0] == 0
