"""Output files are there whole or not at all, and what a killed writer left beside them goes with the next."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time

import pytest

from claimtable.errors import ExportError
from claimtable.export.files import replace_file

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no file locks there")


def write_slowly(path):
    with replace_file(path) as file:
        file.write(b"half")
        file.flush()
        time.sleep(120)


def beside(path):
    return list(path.parent.glob(".*.part"))


@pytest.fixture
def writer(tmp_path):
    """A process that is in the middle of writing."""
    path = tmp_path / "claims[1].csv"
    process = multiprocessing.get_context("fork").Process(target=write_slowly, args=(path,))
    process.start()
    give_up = time.monotonic() + 60
    while not any(file.stat().st_size for file in beside(path)):
        assert time.monotonic() < give_up
        time.sleep(0.01)
    yield path, process
    process.kill()
    process.join()


def write(path, data=b"whole"):
    with replace_file(path) as file:
        file.write(data)


def test_what_a_killed_writer_left_is_removed_by_the_next(writer):
    path, process = writer
    process.kill()
    process.join()
    other = path.with_name(".claims.csv.0011aabb.part")
    other.write_bytes(b"of another file")
    assert len(beside(path)) == 2 and not path.exists()
    write(path)
    assert path.read_bytes() == b"whole"
    assert beside(path) == [other]


def test_a_writer_at_work_keeps_its_file(writer):
    path, process = writer
    mine = beside(path)
    write(path)
    assert beside(path) == mine
    assert process.is_alive()


def test_an_error_of_the_writer_leaves_nothing(tmp_path):
    path = tmp_path / "claims.csv"
    with pytest.raises(RuntimeError), replace_file(path) as file:
        file.write(b"half")
        raise RuntimeError
    assert not list(tmp_path.iterdir())
    with pytest.raises(ExportError, match="cannot be written"), replace_file(path):
        raise OSError("disk full")
    assert not list(tmp_path.iterdir())


def test_a_pipe_is_written_to_as_it_is(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    write(path, b"row")
    assert os.read(reader, 10) == b"row"
    os.close(reader)
    assert path.is_fifo()
