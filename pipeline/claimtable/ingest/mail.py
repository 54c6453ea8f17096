"""E-mail: one message (`.eml`), or a mailbox of them (`.mbox`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime
from typing import BinaryIO

from claimtable.errors import IngestError
from claimtable.ingest.html import read_html
from claimtable.ingest.metadata import Metadata
from claimtable.ingest.problems import MAX_DOCUMENT_BYTES, problem, too_large
from claimtable.ingest.text import read_text
from claimtable.schema import Document

_SUBJECT_MARK = re.compile(r"^(?:(?:re|fwd?|aw|wg)\s*:\s*)+", re.I)
_QUOTED = re.compile(r"^(?:>.*|On .{5,100} wrote:)$")
_SIGNATURE = "-- "


def read_eml(
    data: bytes, *, source: str = "eml", metadata: Metadata | None = None, today: date | None = None
) -> Document:
    """Read a message: subject, sender and date, and its text, without what it quotes of others and its signature.

    Raises:
        IngestError: it is too large, or has no text.
    """
    if len(data) > MAX_DOCUMENT_BYTES:
        raise too_large(source)
    try:
        message = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(data)
        facts = _facts(message)
        body = message.get_body(("plain", "html"))
        content = "" if body is None else body.get_content()
        is_html = body is not None and body.get_content_type() == "text/html"
    except (LookupError, ValueError, AttributeError, TypeError, RecursionError) as error:
        raise problem(
            source, f"damaged e-mail ({type(error).__name__})", "save it again, or as text"
        ) from error
    if not isinstance(content, str) or not content.strip():
        raise problem(source, "there is no text in this message", "save its attachment, and give that")
    known = (metadata or Metadata()).over(facts)
    if is_html:
        return read_html(content, source=source, metadata=known, today=today)
    return read_text(_own_words(content) or content, source=source, metadata=known, today=today)


def _facts(message: EmailMessage) -> Metadata:
    name, address = parseaddr(str(message.get("from", "")))
    try:
        day = parsedate_to_datetime(str(message.get("date", ""))).date()
    except (ValueError, TypeError, IndexError):
        day = None
    subject = _SUBJECT_MARK.sub("", " ".join(str(message.get("subject", "")).split()))
    return Metadata(title=subject or None, author=name.strip() or address or None, published=day)


def _own_words(content: str) -> str:
    kept: list[str] = []
    for line in content.splitlines():
        if line == _SIGNATURE:
            break
        if not _QUOTED.match(line):
            kept.append(line)
    return "\n".join(kept).strip()


def split_mbox(stream: BinaryIO, source: str) -> Iterator[bytes | IngestError]:
    """Yield the messages of a mailbox, one at a time (RFC 4155), or an error for one that is too large."""
    lines: list[bytes] = []
    size = 0
    number = 0
    blank = True
    while line := stream.readline(MAX_DOCUMENT_BYTES):
        if blank and line.startswith(b"From "):
            if number:
                yield _message(lines, size, source, number)
            lines, size, number = [], 0, number + 1
        else:
            size += len(line)
            if size <= MAX_DOCUMENT_BYTES:
                # "From " at the start of a line is escaped.
                lines.append(line[1:] if re.match(rb">+From ", line) else line)
        blank = not line.strip()
    if number:
        yield _message(lines, size, source, number)
    else:
        yield problem(source, "there is no message in it", "give a mailbox in the mbox format")


def _message(lines: list[bytes], size: int, source: str, number: int) -> bytes | IngestError:
    if size > MAX_DOCUMENT_BYTES:
        return too_large(source, place=f"message {number}")
    return b"".join(lines)
