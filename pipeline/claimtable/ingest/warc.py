"""WARC (ISO 28500), the format of web archives such as Common Crawl news. Needs the extra `warc`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from claimtable.errors import DocumentTimeout, IngestError
from claimtable.ingest.html import MAX_HTML_BYTES, read_html
from claimtable.ingest.metadata import Metadata
from claimtable.ingest.problems import problem, too_large
from claimtable.limits import TIME_LIMIT, limited
from claimtable.schema import Document


def read_warc(
    stream: BinaryIO,
    *,
    source: str = "warc",
    time_limit: float | None = TIME_LIMIT,
    part: bool = False,
) -> Iterator[Document | IngestError]:
    """Reads the HTML pages of a web archive, plain or compressed, one record at a time.

    Responses with a status other than 200 and those that are no HTML are passed over. The address of
    a page is its target URI, its `source` the record id, and no later date than that of the
    capture is taken for its publication.

    Args:
        stream: the archive.
        source: what errors call it.
        time_limit: seconds for each record; None: as long as it takes.
        part: it is a part of a file, of which it is no error to hold no page.

    Yields:
        For each page its document, or the error that made it unreadable.
    """
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError:
        yield problem(source, "WARC needs the extra `warc`", "pip install 'claimtable[warc]'")
        return
    found = False
    number = 0
    try:
        records = iter(ArchiveIterator(stream))
        # To come to the next record is to go through the rest of the last one, which may expand without end.
        while (
            record := limited(time_limit, f"{source}, record {number + 1}", _quietly, next, records, None)
        ) is not None:
            number += 1
            if record.rec_type == "response" and _is_page(record):
                found = True
                name = record.rec_headers.get_header("WARC-Record-ID") or source
                try:
                    yield limited(
                        time_limit, f"{source}, record {name}", _quietly, _read_record, record, source
                    )
                except DocumentTimeout as error:
                    yield error
    except DocumentTimeout as error:
        yield error
        return
    except (ArchiveLoadFailed, OSError, EOFError, ValueError, KeyError, AttributeError, IndexError) as error:
        yield problem(
            source,
            f"damaged web archive ({' '.join(str(error).split()):.80})",
            "download it again; the records before this one were read",
            place=f"record {number + 1}",
        )
        return
    if not found and not part:
        yield problem(source, "no HTML page in this web archive", "give one with response records")


def _quietly(work: Callable[..., Any], *arguments: Any) -> Any:
    """Returns what `work` returns. warcio writes what it stumbles over, pieces of the archive, on stderr."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stderr(nowhere):
        return work(*arguments)


def _is_page(record: Any) -> bool:
    headers = record.http_headers
    if headers is None or headers.get_statuscode() != "200":
        return False
    kind = (headers.get_header("Content-Type") or "").lower()
    return "html" in kind


def _read_record(record: Any, source: str) -> Document | IngestError:
    name = record.rec_headers.get_header("WARC-Record-ID") or source
    url = record.rec_headers.get_header("WARC-Target-URI")
    place = f"record {name}"
    try:
        data = record.content_stream().read(MAX_HTML_BYTES + 1)
    except (OSError, EOFError, ValueError) as error:
        return problem(source, f"damaged record ({error!s:.80})", "download the archive again", place=place)
    if len(data) > MAX_HTML_BYTES:
        return too_large(source, place=place, limit=MAX_HTML_BYTES)
    try:
        captured = date.fromisoformat((record.rec_headers.get_header("WARC-Date") or "")[:10])
    except ValueError:
        captured = None
    try:
        return read_html(data, source=name, metadata=Metadata(url=url), today=captured)
    except IngestError as error:
        return error
