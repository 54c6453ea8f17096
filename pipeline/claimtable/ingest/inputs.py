"""Inputs to documents: files, folders and standard input, one document at a time."""

from __future__ import annotations

import json
import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from gzip import BadGzipFile
from pathlib import Path
from typing import BinaryIO

from claimtable.errors import IngestError
from claimtable.ingest.apart import read_within
from claimtable.ingest.gunzip import gunzip
from claimtable.ingest.jsonl import is_row, read_jsonl
from claimtable.ingest.language import check_english
from claimtable.ingest.mail import split_mbox
from claimtable.ingest.metadata import SIDECAR_ENDING, Metadata, read_sidecar
from claimtable.ingest.problems import MAX_DOCUMENT_BYTES, problem, too_large
from claimtable.ingest.warc import read_warc
from claimtable.ingest.web import TYPES, Fetched, Fetcher, is_address
from claimtable.limits import TIME_LIMIT
from claimtable.schema import Document

FORMATS: dict[str, tuple[str, ...]] = {
    "text": (".txt", ".text"),
    "html": (".html", ".htm", ".xhtml"),
    "markdown": (".md", ".markdown"),
    "jsonl": (".jsonl", ".ndjson"),
    "pdf": (".pdf",),
    "warc": (".warc",),
    "docx": (".docx",),
    "odt": (".odt",),
    "rtf": (".rtf",),
    "epub": (".epub",),
    "eml": (".eml",),
    "mbox": (".mbox",),
    "subtitles": (".srt", ".vtt"),
}
"""Input formats with the endings of their files. Each may be followed by `.gz`."""

_BY_ENDING = {ending: name for name, endings in FORMATS.items() for ending in endings}
_ALIASES = {
    "txt": "text",
    "md": "markdown",
    "htm": "html",
    "ndjson": "jsonl",
    "warc.gz": "warc",
    "srt": "subtitles",
    "vtt": "subtitles",
}
_SEVERAL = ("jsonl", "warc", "mbox")
"""Formats of which a file holds several documents."""
MAX_ROW_BYTES = 1024 * 1024
"""Of the first line of a file, to tell whether it is a row of ours, which is a sentence with its cells."""
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.I)
_HANDED_OVER = ("/dev/fd/", "/dev/stdin", "/proc/self/fd/")
_KNOWN = ", ".join(_BY_ENDING)

OnError = Callable[[IngestError], None]


class LeftOut(str):
    """What lies among the inputs and is none, in words."""


Result = Document | IngestError | LeftOut


def read(
    inputs: str | Path | Iterable[str | Path],
    *,
    input_format: str | None = None,
    time_limit: float | None = TIME_LIMIT,
    on_error: OnError | None = None,
    on_notice: Callable[[str], None] | None = None,
) -> Iterator[Document]:
    """Read documents from files, folders and standard input, lazily and in order.

    Args:
        inputs: one path or several; a folder stands for all files below it with a known ending, in
            sorted order, hidden ones and sidecars (`NAME.meta.json`) left out; `-` is standard input;
            an address (`https://…`) is fetched.
        input_format: one of `FORMATS`, for all inputs, whatever they are called. None: by the
            ending of each name; standard input then is text.
        time_limit: seconds that reading one document may take; None or 0 sets no limit.
        on_error: called with each input (for JSONL each line, for WARC each record) that cannot be
            read, while the rest goes on. None: the first one is raised.
        on_notice: called with words on what is left out of a folder: the tables that claimtable wrote there.

    Yields:
        Each document as soon as it is read; memory holds one at a time.

    Raises:
        IngestError: an input cannot be read and there is no `on_error`; or `input_format` is unknown.
    """
    chosen = None if input_format is None else _format_name(input_format)
    for item in [inputs] if isinstance(inputs, str | Path) else inputs:
        for result in _read_input(str(item), chosen, time_limit):
            if isinstance(result, Document):
                yield result
            elif isinstance(result, LeftOut):
                if on_notice is not None:
                    on_notice(result)
            elif on_error is None:
                raise result
            else:
                on_error(result)


def file_of(document: Document, input_format: str | None = None) -> Path | None:
    """Return the file that is this document as a whole; None for one of several in a file, and for a stream."""
    if document.source in (None, "-"):
        return None
    path = Path(document.source)
    name = _format_of(path) if input_format is None else _format_name(input_format)
    return path if name is not None and name not in _SEVERAL and path.is_file() else None


def is_known_name(name: str) -> bool:
    """Return whether a name ends as those of files do that can be read."""
    return _format_of(Path(name)) is not None


def _format_name(name: str) -> str:
    wanted = name.lower().lstrip(".")
    wanted = _ALIASES.get(wanted, wanted)
    if wanted not in FORMATS:
        raise problem("input format", f"{name!r} is not known", f"give one of {', '.join(FORMATS)}")
    return wanted


def _read_input(name: str, chosen: str | None, seconds: float | None) -> Iterator[Result]:
    if name == "-":
        yield from _read_stream(sys.stdin.buffer, "-", chosen or "text", Metadata(), seconds)
        return
    if is_address(name):
        yield _fetched(name, chosen, seconds)
        return
    if _ADDRESS.match(name):
        yield problem(
            name,
            "it is an address, and nothing but http and https is fetched",
            "save the page, and give the file or its folder",
        )
        return
    path = Path(name)
    try:
        if stat.S_ISDIR(path.stat().st_mode):
            yield from _read_folder(path, chosen, seconds)
            return
    except (OSError, ValueError):
        pass  # What is wrong with it shows when it is read.
    yield from _read_file(path, chosen, seconds)


def _read_folder(folder: Path, chosen: str | None, seconds: float | None) -> Iterator[Result]:
    found = False
    # Not `os.walk`, which calls itself for each folder in a folder.
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        try:
            with os.scandir(place) as entries:
                listed = sorted(
                    (entry for entry in entries if not entry.name.startswith(".")), key=lambda e: e.name
                )
            below = [entry for entry in listed if entry.is_dir(follow_symlinks=False)]
            files = [Path(entry.path) for entry in listed if entry.is_file()]
        except OSError as error:
            found = True
            what = f"the folder cannot be read ({error.strerror})"
            yield problem(
                str(place),
                what,
                "check its permissions, and that its path is no longer than the system allows",
            )
            continue
        waiting += [Path(entry.path) for entry in reversed(below)]
        for path in files:
            if not path.name.endswith(SIDECAR_ENDING) and (chosen or _format_of(path)):
                found = True
                if _format_of(path) == "jsonl" and holds_rows(path):
                    yield LeftOut(f"{path}: it holds rows that claimtable wrote, and no documents: left out")
                else:
                    yield from _read_file(path, chosen, seconds)
    if not found:
        yield problem(str(folder), "no readable file in this folder", f"give one that holds {_KNOWN}")


def _format_of(path: Path) -> str | None:
    name = path.name.lower().removesuffix(".gz")
    return _BY_ENDING.get(Path(name).suffix)


def _read_file(path: Path, chosen: str | None, seconds: float | None) -> Iterator[Result]:
    source = str(path)
    name = chosen or _format_of(path)
    try:
        if name is None:
            if not path.exists():
                raise FileNotFoundError(2, "No such file or directory", source)
            yield problem(
                source,
                f"the ending {path.suffix!r} is not known",
                f"name it {_KNOWN}, or give --input-format",
            )
            return
        if (kind := _no_file(path)) is not None:
            yield problem(
                source, f"this is {kind}, not a file", "give - and --input-format to read from a pipe"
            )
            return
        with _open(path, name) as stream:
            try:
                metadata = read_sidecar(path) if name not in _SEVERAL else Metadata()
            except IngestError as error:
                yield error
                return
            yield from _read_stream(stream, source, name, metadata, seconds)
    except FileNotFoundError:
        yield problem(source, "there is no such file or folder", "check the path")
    except BadGzipFile as error:
        yield problem(source, f"damaged gzip data ({error})", "download or compress it again")
    except OSError as error:
        yield problem(
            source, f"cannot be read ({error.strerror or error})", "check the file and its permissions"
        )
    except ValueError as error:  # a NUL in the name
        yield problem(repr(source), f"not a possible path ({error})", "check the path")


def _no_file(path: Path) -> str | None:
    """Return what a path is that may have no end, or wait for ever; None for a file, and for what a shell hands over (`<(…)`)."""
    mode = path.stat().st_mode
    if stat.S_ISFIFO(mode) and str(path).startswith(_HANDED_OVER):
        return None
    kinds = {
        stat.S_IFIFO: "a pipe",
        stat.S_IFCHR: "a device",
        stat.S_IFBLK: "a device",
        stat.S_IFSOCK: "a socket",
    }
    return kinds.get(stat.S_IFMT(mode))


def _open(path: Path, name: str) -> BinaryIO:
    if path.name.lower().endswith(".gz") and name != "warc":
        # It reads as the consumer asks, so that a bomb never expands beyond the document limit.
        return gunzip(path.open("rb"))
    return path.open("rb")


def _fetched(address: str, chosen: str | None, seconds: float | None) -> Document | IngestError:
    try:
        return read_page(_fetcher().fetch(address), chosen, seconds)
    except IngestError as error:
        return error


def read_page(
    page: Fetched,
    chosen: str | None = None,
    seconds: float | None = TIME_LIMIT,
    *,
    metadata: Metadata | None = None,
) -> Document:
    """Return the document that came from an address; what is known of it wins over what the page says.

    Raises:
        IngestError: it cannot be read, or is not in English.
    """
    input_format = chosen or TYPES[page.type]
    document = read_within(
        seconds, input_format, page.data, source=page.address, metadata=metadata or Metadata()
    )
    check_english(document)
    return document if document.url else replace(document, url=page.address)


@cache
def _fetcher() -> Fetcher:
    """Return the one fetcher of this process, which remembers what each site allows."""
    return Fetcher()


def holds_rows(path: Path) -> bool:
    """Return whether a file of JSON lines begins with a row that `claimtable extract` or `export` wrote."""
    try:
        with _open(path, "jsonl") as stream:
            line = stream.readline(MAX_ROW_BYTES)
        return is_row(json.loads(line))
    except (OSError, EOFError, ValueError, RecursionError):
        return False  # What is wrong with it shows when it is read.


def _read_stream(
    stream: BinaryIO, source: str, name: str, metadata: Metadata, seconds: float | None
) -> Iterator[Result]:
    if name in ("jsonl", "warc"):
        read_records = read_jsonl if name == "jsonl" else read_warc
        for result in read_records(stream, source=source, time_limit=seconds):
            yield _english(result, stated=name == "jsonl") if isinstance(result, Document) else result
        return
    if name == "mbox":
        for number, message in enumerate(split_mbox(stream, source), 1):
            yield message if isinstance(message, IngestError) else _mail(message, source, number, seconds)
        return
    data = stream.read(MAX_DOCUMENT_BYTES + 1)
    try:
        if len(data) > MAX_DOCUMENT_BYTES:
            raise too_large(source)
        document = read_within(seconds, name, data, source=source, metadata=metadata)
        yield _english(document, stated=name in ("text", "markdown") or metadata.language is not None)
    except IngestError as error:
        yield error


def _mail(message: bytes, source: str, number: int, seconds: float | None) -> Document | IngestError:
    name = f"{source}, message {number}"
    try:
        return _english(read_within(seconds, "eml", message, source=name, metadata=Metadata()), stated=False)
    except IngestError as error:
        return error


def _english(document: Document, *, stated: bool) -> Document | IngestError:
    try:
        check_english(document, stated=stated)
    except IngestError as error:
        return error
    return document
