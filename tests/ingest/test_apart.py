"""Large pages are read in a process of their own, which ends when the time is up, also in the middle of C."""

import multiprocessing
import sys
from datetime import date

import pytest

from claimtable import ingest
from claimtable.ingest import apart
from claimtable.ingest.metadata import Metadata

SENTENCE = "Exports rose to 5 million in 2013."
LARGE = f"<html lang=en><h1>Trade grows</h1><p>{SENTENCE}" + "<p>It rained, and they said so." * 50
ENDLESS = "<b>" * 200 + "<p>x" * 1_000_000
"""Each mark is opened again in each paragraph: some hundred million elements, made in one call."""


@pytest.fixture(autouse=True)
def _new_process(monkeypatch):
    monkeypatch.setattr(apart, "_WORKERS", [])
    monkeypatch.setattr(apart, "LARGE", 1_000)
    yield
    for worker in apart._WORKERS:
        worker.end()


def program(monkeypatch, lines):
    """Lets the process do this first."""
    monkeypatch.setattr(apart, "_PROGRAM", apart._PROGRAM.replace("answer()", f"{lines}; answer()"))


def found(*paths, **options):
    errors = []
    documents = list(ingest.read(paths, on_error=lambda error: errors.append(str(error)), **options))
    return documents, errors


def file(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_document_is_the_same(tmp_path):
    facts = Metadata(id="a", author="Jane Doe", published=date(2014, 5, 3), url="http://example.org/é\ud800")
    here = ingest.read_html(LARGE.encode(), source="s", metadata=facts)
    there = apart.read_within(60, "html", LARGE.encode(), source="s", metadata=facts)
    assert there == here
    assert there.sections
    assert apart._WORKERS[0]._process.poll() is None, "it waits for the next page"


def test_a_small_page_starts_no_process(tmp_path):
    documents, _ = found(file(tmp_path, "a.html", f"<p>{SENTENCE}"))
    assert documents[0].text == SENTENCE
    assert apart._WORKERS == []


def test_what_takes_too_long_in_c_is_ended_and_the_rest_is_read(tmp_path):
    endless = file(tmp_path, "a.html", ENDLESS)
    documents, errors = found(endless, tmp_path / "b.txt", time_limit=2)
    assert documents == []
    assert [error.partition(": split")[0] for error in errors] == [
        f"{endless}: not done after 2 seconds",
        f"{tmp_path / 'b.txt'}: there is no such file or folder: check the path",
    ]
    assert len(found(file(tmp_path, "c.html", LARGE))[0]) == 1, "another process reads the next one"


def test_a_page_of_an_archive_is_ended_by_its_record(tmp_path):
    page = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{ENDLESS}"
    head = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:7>\r\nContent-Type: application/http"
    archive = file(tmp_path, "a.warc", "")
    archive.write_bytes(f"{head}\r\nContent-Length: {len(page)}\r\n\r\n{page}\r\n\r\n".encode())
    documents, errors = found(archive, time_limit=2)
    assert documents == []
    assert len(errors) == 1
    assert str(archive) in errors[0]
    assert "urn:uuid:7" in errors[0]
    assert "not done after 2 seconds" in errors[0]


def test_what_brings_the_reader_down_costs_itself(tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        program(
            patch,
            "apart = sys.modules['claimtable.ingest.apart']; apart._answer = lambda *_: apart.os._exit(3)",
        )
        _, errors = found(file(tmp_path, "a.html", LARGE))
    assert "a.html: it brought the reader down" in errors[0]
    assert len(found(tmp_path / "a.html")[0]) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="address space is not limited elsewhere")
def test_what_takes_too_much_memory_costs_itself(tmp_path, monkeypatch):
    program(
        monkeypatch,
        "apart = sys.modules['claimtable.ingest.apart']; "
        "apart._READERS['html'] = lambda *_, **__: bytearray(apart.MEMORY)",
    )
    _, errors = found(file(tmp_path, "a.html", LARGE))
    assert "a.html: reading it takes more than 4 GB of memory" in errors[0]


def test_an_error_is_the_same(tmp_path):
    empty = file(tmp_path, "a.html", "<div>" * 1_000)
    _, errors = found(empty)
    assert "there is no text in this HTML" in errors[0]


def _asked(answers):
    answers.put(len(found("large.html")[0]))


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="no forks here")
def test_a_fork_has_a_process_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file(tmp_path, "large.html", LARGE)
    assert len(found("large.html")[0]) == 1
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()
    process = context.Process(target=_asked, args=(answers,))
    process.start()
    process.join()
    assert answers.get() == 1
    assert len(found("large.html")[0]) == 1


def test_modules_of_the_working_folder_are_not_taken(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file(tmp_path, "json.py", "raise SystemExit(1)")
    assert len(found(file(tmp_path, "a.html", LARGE))[0]) == 1
