"""JSONL: one document a line, with `text` and optionally `id`, `title`, `author`, `published`, `url`, `sections`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO

from claimtable.errors import DocumentTimeout, IngestError
from claimtable.ingest.encoding import decode
from claimtable.ingest.metadata import load_json, parse_metadata
from claimtable.ingest.problems import MAX_DOCUMENT_BYTES, problem, too_large
from claimtable.ingest.text import read_text
from claimtable.limits import TIME_LIMIT, limited
from claimtable.schema import Document


def read_jsonl(
    stream: BinaryIO,
    *,
    source: str = "jsonl",
    today: date | None = None,
    time_limit: float | None = TIME_LIMIT,
    part: bool = False,
) -> Iterator[Document | IngestError]:
    """Read documents from a binary stream, one line at a time, so that memory holds one line.

    Each line has `time_limit` seconds; waiting for it does not count.

    Args:
        stream: the lines.
        source: what errors call it.
        today: no later date is taken for that of a publication; None: the present day.
        time_limit: seconds; None: as long as it takes.
        part: it is a part of a file, of which it is no error to hold no document.

    Yields:
        For each line that is not blank, in order, its document, or the error that made it unreadable;
        the lines after a bad one are read all the same. Sections that a line gives are kept, otherwise
        its text is analysed like a plain text. A line with no text is an error.
    """
    number = 0
    found = False
    while line := stream.readline(MAX_DOCUMENT_BYTES + 1):
        number += 1
        place = f"line {number}"
        if len(line) > MAX_DOCUMENT_BYTES and not line.endswith(b"\n"):
            found = True
            yield too_large(source, place=place)
            try:
                limited(time_limit, f"{source}, {place}", _skip_line, stream)
            except DocumentTimeout as error:
                yield error
                return
            continue
        try:
            text = decode(line, source, place=place)
            if not text.strip():
                continue
            found = True
            yield limited(
                time_limit, f"{source}, {place}", _read_line, text.rstrip("\r\n"), source, place, today
            )
        except IngestError as error:
            found = True
            yield error
    if not found and not part:
        yield problem(source, "there is no document in it", "remove it from the inputs or give it a text")


def is_row(data: Any) -> bool:
    """Return whether an object is a row that claimtable wrote: of the claims table or another layer."""
    return (
        isinstance(data, dict)
        and "id" not in data
        and "doc_id" in data
        and ("start" in data or "actor_id" in data)
    )


def _skip_line(stream: BinaryIO) -> None:
    """Go to the end of a line, which may expand without end."""
    while (rest := stream.readline(MAX_DOCUMENT_BYTES)) and not rest.endswith(b"\n"):
        pass


def _read_line(line: str, source: str, place: str, today: date | None) -> Document:
    return read_record(load_json(line, source, place=place), source=source, place=place, today=today)


def read_record(
    data: dict[str, Any], *, source: str, place: str | None = None, today: date | None = None
) -> Document:
    """Return the document of an object with `text` and, if known, `id`, `title` and so on.

    Raises:
        IngestError: it has no text, or something else in it is not what it should be.
    """
    if is_row(data):
        raise problem(
            source,
            "this is a row that claimtable wrote, and no document",
            "give the articles themselves",
            place=place,
        )
    metadata = parse_metadata(data, source, place=place)
    text = data.get("text")
    if not isinstance(text, str):
        raise problem(source, "no `text`", 'give each line {"text": "…"}', place=place)
    return read_text(text, source=source, metadata=metadata, today=today, place=place)
