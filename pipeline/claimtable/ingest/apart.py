"""Large pages and PDFs are read in a process of their own, which can be ended whatever its libraries do in C.

An interruption waits until C returns to Python: `limited` cannot stop a parser that compares each part with
all others. A page below `LARGE` is done before that matters, and read here: to start the process takes as
long as some such pages. It is started for the first large one and reads all of a run; when one takes too
long, or brings it down, the next one starts another.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from claimtable.errors import IngestError
from claimtable.ingest.books import read_epub
from claimtable.ingest.html import read_html
from claimtable.ingest.mail import read_eml
from claimtable.ingest.markdown import read_markdown
from claimtable.ingest.metadata import Metadata
from claimtable.ingest.office import read_docx, read_odt, read_rtf
from claimtable.ingest.pdf import read_pdf
from claimtable.ingest.problems import problem
from claimtable.ingest.subtitles import read_subtitles
from claimtable.ingest.text import read_text
from claimtable.limits import limited, timed_out
from claimtable.schema import Document, Section

LARGE = 256 * 1024
"""Bytes. What is smaller takes some seconds at most, whatever is in it. 95 of 100 pages are."""
MEMORY = 4 * 2**30
"""Address space of the process. A page of the largest size takes a tenth of it."""

_READERS: dict[str, Callable[..., Document]] = {
    "text": read_text,
    "html": read_html,
    "markdown": read_markdown,
    "pdf": read_pdf,
    "docx": read_docx,
    "odt": read_odt,
    "rtf": read_rtf,
    "epub": read_epub,
    "eml": read_eml,
    "subtitles": read_subtitles,
}
IN_C = frozenset(("html", "pdf", "docx", "odt", "epub", "eml"))
"""What is read by libraries in C, which nothing interrupts."""
# Not `-m`, which looks for modules in the working folder first.
_PROGRAM = "import sys; sys.path.append(sys.argv[1]); from claimtable.ingest.apart import answer; answer()"


def read_within(
    seconds: float | None,
    input_format: str,
    data: bytes,
    *,
    source: str,
    metadata: Metadata,
    today: date | None = None,
    called: str | None = None,
) -> Document:
    """Return the document that these bytes are, here or in a process of its own.

    Args:
        seconds: by the clock; None or 0 sets no limit.
        input_format: `text`, `html`, `markdown` or `pdf`.
        data: the whole document.
        source: what the document and its errors call it.
        metadata: what is known of it.
        today: no later date is taken for that of its publication; None: the present day.
        called: what an error that the time is up calls it, if not `source`.

    Raises:
        DocumentTimeout: the time was up.
        IngestError: it cannot be read, or wants too much memory.
    """
    name = called or source
    keywords: dict[str, Any] = {"source": source, "metadata": metadata, "today": today}
    if input_format in IN_C and len(data) > LARGE:
        return _worker().read(seconds, name, input_format, data, keywords)
    return limited(seconds, name, _READERS[input_format], data, **keywords)


class _Worker:
    """The other process; it answers one question at a time."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def read(
        self, seconds: float | None, name: str, kind: str, data: bytes, keywords: dict[str, Any]
    ) -> Document:
        with self._lock:
            answer = self._ask(seconds or 0, name, kind, data, keywords)
        if "error" in answer:
            raise IngestError(answer["error"])
        return Document.from_dict(answer["document"])

    def end(self) -> None:
        """End the process; the next question starts another."""
        if (process := self._process) is not None:
            self._process = None
            process.kill()
            with suppress(OSError):
                process.communicate()

    def _ask(
        self, seconds: float, name: str, kind: str, data: bytes, keywords: dict[str, Any]
    ) -> dict[str, Any]:
        process = self._started()
        given = asdict(keywords["metadata"])
        head = {
            "kind": kind,
            "size": len(data),
            "seconds": seconds,
            "metadata": given,
            "source": keywords["source"],
        }
        line = json.dumps(head | {"today": keywords["today"]}, default=str)
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(seconds, stop) if seconds else None
        try:
            if timer is not None:
                timer.daemon = True
                timer.start()
            with suppress(BrokenPipeError):
                process.stdin.write(f"{line}\n".encode())  # type: ignore[union-attr]
                process.stdin.write(data)  # type: ignore[union-attr]
                process.stdin.flush()  # type: ignore[union-attr]
            answer = process.stdout.readline()  # type: ignore[union-attr]
        except BaseException:
            self.end()
            raise
        finally:
            if timer is not None:
                timer.cancel()
        if answer.endswith(b"\n"):
            found: dict[str, Any] = json.loads(answer)
            if late.is_set():
                self.end()
            return found
        self.end()
        if late.is_set():
            raise timed_out(name, seconds)
        raise problem(name, "it brought the reader down", "mend or split it, or save it in another format")

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            root = str(Path(__file__).parents[2])
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _PROGRAM, root], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        return self._process


_WORKERS: list[_Worker] = []


def _worker() -> _Worker:
    """Return the worker of this process, not that of the one it was forked from."""
    if not _WORKERS or _WORKERS[0].owner != os.getpid():
        _WORKERS[:] = [_Worker()]
        atexit.register(_WORKERS[0].end)
    return _WORKERS[0]


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


# In the other process


def answer() -> None:
    """Read what standard input asks for, until it ends."""
    questions = sys.stdin.buffer
    # What a library prints is no answer.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    _limit()
    while line := questions.readline():
        head = json.loads(line)
        _alarm(head["seconds"])
        found = _answer(head, questions)
        _alarm(0)
        answers.write(json.dumps(found, default=str).encode() + b"\n")
        answers.flush()


def _answer(head: dict[str, Any], questions: BinaryIO) -> dict[str, Any]:
    given = head["metadata"]
    sections = given["sections"]
    given["sections"] = None if sections is None else tuple(Section(**section) for section in sections)
    given["published"] = _day(given["published"])
    source = head["source"]
    try:
        document = _READERS[head["kind"]](
            questions.read(head["size"]), source=source, metadata=Metadata(**given), today=_day(head["today"])
        )
        return {"document": asdict(document)}
    except IngestError as error:
        return {"error": str(error)}
    except MemoryError:
        what = f"reading it takes more than {MEMORY // 2**30} GB of memory"
        return {"error": str(problem(source, what, "split it, or save it in another format"))}


def _limit() -> None:
    """Bound the memory, and leave interruptions to the process that asks; where the system can."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        import resource
    except ImportError:
        return
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _alarm(seconds: float) -> None:
    """Have the system end this process when the time is long up: nobody may be there any more to do it."""
    import signal

    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds + 5 if seconds else 0)
