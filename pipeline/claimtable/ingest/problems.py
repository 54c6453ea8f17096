"""How ingest says what is wrong: the input, the place, and what to do about it."""

from __future__ import annotations

from claimtable.errors import IngestError

MAX_DOCUMENT_BYTES = 50 * 1024 * 1024
"""Largest single document in bytes, after decompression. An article is some 10 kB and a book about
1 MB, so more is a data file or a decompression bomb. For JSONL it holds for a line, for WARC for a record."""


def problem(source: str, what: str, remedy: str, *, place: str | None = None) -> IngestError:
    """Return the error "INPUT, PLACE: WHAT: REMEDY"; `place` is a line, byte offset, page or record."""
    where = f"{source}, {place}" if place else source
    return IngestError(f"{where}: {what}: {remedy}")


def too_large(source: str, *, place: str | None = None, limit: int = MAX_DOCUMENT_BYTES) -> IngestError:
    """Return the error for a document over `limit` bytes."""
    return problem(
        source,
        f"larger than {limit // (1024 * 1024)} MB, the limit for one document",
        "split it into separate documents",
        place=place,
    )
