"""WARC (ISO 28500), the format of web archives such as Common Crawl news."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

from claimtable.errors import DocumentTimeout, IngestError
from claimtable.ingest.apart import read_within
from claimtable.ingest.html import MAX_HTML_BYTES
from claimtable.ingest.metadata import Metadata
from claimtable.ingest.problems import problem, too_large
from claimtable.ingest.records import ArchiveRecord, archive_records
from claimtable.ingest.responses import MAX_HEAD_BYTES, BadResponse, Response, parse_response, unpacked
from claimtable.limits import TIME_LIMIT, limited
from claimtable.schema import Document

_MOST_BYTES = MAX_HEAD_BYTES + MAX_HTML_BYTES + 1


def read_warc(
    stream: BinaryIO,
    *,
    source: str = "warc",
    time_limit: float | None = TIME_LIMIT,
    part: bool = False,
) -> Iterator[Document | IngestError]:
    """Read the HTML pages of a web archive, plain or compressed, one record at a time.

    Responses with a status other than 200 and those that are no HTML are passed over. The address of
    a page is its target URI, its `source` the record id, and no later date than that of the
    capture is taken for its publication. A page that is not whole is an error, never a part of an article.

    Args:
        stream: the archive.
        source: what errors call it.
        time_limit: seconds for each record; None: as long as it takes.
        part: it is a part of a file, of which it is no error to hold no page.

    Yields:
        For each page its document, or the error that made it unreadable; for each other record that is damaged an error.
    """
    found = False
    number = 1
    records = archive_records(stream, _MOST_BYTES)
    try:
        # To come to the next record is to go through the rest of the last one, which may expand without end.
        while record := limited(time_limit, f"{source}, record {number}", next, records, None):
            number = record.number + 1
            place = f"record {record.name}"
            if record.flaw is not None:
                found = True
                yield _cut_off(source, place, record.flaw)
            elif (page := _page(record)) is not None:
                found = True
                yield _read_page(record, page, source, place, time_limit)
    except DocumentTimeout as error:
        yield error
        return
    except OSError as error:
        yield _cut_off(source, f"record {number}", f"cannot be read ({error!s:.80})")
        return
    if not found and not part:
        yield problem(source, "no HTML page in this web archive", "give one with response records")


def _cut_off(source: str, place: str, what: str) -> IngestError:
    return problem(source, what, "download the archive again; what is whole in it was read", place=place)


def _page(record: ArchiveRecord) -> Response | None:
    """Return the answer of the server that holds an HTML page; None for another record."""
    if record.fields.get("warc-type", "").lower() != "response":
        return None
    response = parse_response(record.body)
    if response is None or response.status != 200:
        return None
    return response if "html" in response.fields.get("content-type", "").lower() else None


def _read_page(
    record: ArchiveRecord, response: Response, source: str, place: str, seconds: float | None
) -> Document | IngestError:
    if record.long:
        return too_large(source, place=place, limit=MAX_HTML_BYTES)
    if reason := record.fields.get("warc-truncated"):
        return _cut_off(source, place, f"incomplete, the crawler cut it off ({reason:.20})")
    try:
        data = limited(seconds, f"{source}, {place}", unpacked, response, MAX_HTML_BYTES)
    except BadResponse as error:
        return _cut_off(source, place, str(error))
    except DocumentTimeout as error:
        return error
    if len(data) > MAX_HTML_BYTES:
        return too_large(source, place=place, limit=MAX_HTML_BYTES)
    try:
        captured = date.fromisoformat(record.fields.get("warc-date", "")[:10])
    except ValueError:
        captured = None
    # wget wrote addresses in angle brackets for a while.
    url = record.fields.get("warc-target-uri", "").removeprefix("<").removesuffix(">") or None
    name = record.fields.get("warc-record-id") or source
    try:
        return read_within(
            seconds,
            "html",
            data,
            source=name,
            metadata=Metadata(url=url),
            today=captured,
            called=f"{source}, {place}",
        )
    except IngestError as error:
        return error
