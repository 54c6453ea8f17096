"""A document that takes too long is stopped, on any thread, and costs itself alone."""

from __future__ import annotations

import io
import json
import re
import signal
import threading
import time

import pytest
import spacy
from spacy.language import Language

from claimtable import ingest
from claimtable.errors import DocumentTimeout
from claimtable.ingest import apart, jsonl, text
from claimtable.limits import limited
from claimtable.nlp import extensions, pipeline
from claimtable.schema import Document, Section

SHORT = 0.5
"""Seconds; enough for what is no trouble, on a busy machine too."""


def forever():
    while True:
        try:
            time.sleep(0.01)
        except Exception:  # noqa: BLE001 - as libraries do that go on whatever happens
            continue


def backtracking():
    re.fullmatch(r"(a|aa)+b", "a" * 60)


def test_what_is_in_time_is_returned():
    assert limited(SHORT, "d", int, 5) == 5
    assert limited(None, "d", int, 5) == 5
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


@pytest.mark.parametrize("work", [forever, backtracking])
def test_the_main_thread_is_interrupted(work):
    before = signal.getsignal(signal.SIGALRM)
    with pytest.raises(DocumentTimeout, match=r"article\.txt: not done after 0\.5 seconds: .*--time-limit"):
        limited(SHORT, "article.txt", work)
    assert signal.getsignal(signal.SIGALRM) is before
    time.sleep(SHORT)


def test_another_thread_is_interrupted():
    outcome = []

    def work():
        try:
            limited(SHORT, "d", forever)
        except DocumentTimeout as error:
            outcome.append(str(error))
        outcome.append(limited(SHORT, "d", int, 5))
        time.sleep(2 * SHORT)
        outcome.append("went on")

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(10)
    assert outcome == [outcome[0], 5, "went on"]
    assert "not done after" in outcome[0]


def stuck(read):
    """Returns a reader that never comes back from documents with STUCK."""

    def reader(data, **options):
        if "STUCK" in str(data):
            forever()
        return read(data, **options)

    return reader


def test_a_line_that_takes_too_long_costs_itself(monkeypatch):
    monkeypatch.setattr(jsonl, "read_text", stuck(text.read_text))
    text.read_text("What is read on first use.")
    lines = "".join(json.dumps({"text": word}) + "\n" for word in ("One.", "STUCK", "Two."))
    first, second, third = ingest.read_jsonl(io.BytesIO(lines.encode()), source="lines", time_limit=SHORT)
    assert (first.text, third.text) == ("One.", "Two.")
    assert "lines, line 2: not done" in str(second)


def test_a_file_that_takes_too_long_costs_itself(monkeypatch, tmp_path):
    monkeypatch.setitem(apart._READERS, "text", stuck(text.read_text))
    text.read_text("What is read on first use.")
    for name, words in (("a", "One."), ("b", "STUCK"), ("c", "Two.")):
        (tmp_path / f"{name}.txt").write_text(words)
    errors = []
    found = list(ingest.read([tmp_path], time_limit=SHORT, on_error=errors.append))
    assert [document.text for document in found] == ["One.", "Two."]
    assert "b.txt: not done" in str(*errors)


def test_waiting_for_input_does_not_count():
    class Slow(io.BytesIO):
        def readline(self, size=-1):
            time.sleep(2 * SHORT)
            return super().readline(size)

    text.read_text("What is read on first use.")
    (found,) = ingest.read_jsonl(Slow(b'{"text": "One."}\n'), time_limit=SHORT)
    assert found.text == "One."


@Language.component("stuck_now_and_then")
def stuck_now_and_then(doc):
    if "STUCK" in doc.text:
        forever()
    return doc


@pytest.mark.parametrize("batch_chars", [6, 1000])
def test_a_document_that_is_stuck_costs_itself(batch_chars):
    extensions.register()
    nlp = spacy.blank("en")
    nlp.add_pipe("stuck_now_and_then")
    # As the command line has it: an ordinary error costs a document, and no library may take this one for such.
    nlp.default_error_handler = lambda *_: None
    words = ("One.", "STUCK", "Two.", "Three.")
    documents = [Document(id=w, text=w, sections=(Section(0, len(w), "body"),)) for w in words]
    errors = []
    found = list(
        pipeline.annotate(documents, nlp, batch_chars=batch_chars, time_limit=SHORT, on_error=errors.append)
    )
    assert [doc.text for doc in found] == ["One.", "Two.", "Three."]
    assert [str(error).partition(":")[0] for error in errors] == ["STUCK"]
    with pytest.raises(DocumentTimeout, match="STUCK"):
        list(pipeline.annotate(documents, nlp, batch_chars=batch_chars, time_limit=SHORT))
