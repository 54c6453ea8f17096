"""PDF: the text layer, with page headers and line breaks taken out. Needs the extra `pdf`."""

from __future__ import annotations

import io
import logging
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import accumulate
from typing import Any

from claimtable.errors import IngestError
from claimtable.ingest.blocks import split_blocks
from claimtable.ingest.columns import LEAST_LINES, down_columns
from claimtable.ingest.encoding import storable
from claimtable.ingest.metadata import Metadata, make_document
from claimtable.ingest.page import analyse
from claimtable.ingest.problems import MAX_DOCUMENT_BYTES, problem, too_large
from claimtable.schema import Document

MAX_TEXT_CHARS = 20_000_000
"""Most text that one file may expand to, in code points; a 1,000-page book has some 3 million."""

MAX_ASCII85_BYTES = 10 * 1024 * 1024
"""Largest file that has parts in ASCII85, whose decoding takes 50 times their size: 2.4 GB for 50 MB."""

_EDGE_LINES = 2  # how many lines at the top and bottom of a page may be running headers
_MIN_REPEATS = 3  # on how many pages a line must stand to be one, in a file that has so many
_ACROSS_CHARS = 70
"""Lines of two columns that are stored across both are at least that long."""
_NUMBERS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"(?:page\s+)?[–—-]?\s*\d{1,4}\s*[–—-]?(?:\s*(?:/|of)\s*\d{1,4})?", re.I)
_HYPHEN = re.compile(r"(?<=[a-zà-ÿ])[-\xad]$")
_LIGATURES = {ord(one): unicodedata.normalize("NFKC", one) for one in "ﬀﬁﬂﬃﬄﬅﬆ"}
"""Browsers store "oﬃce" as it is drawn; no word list has it so."""
_HEADING_LINE = 0.6
_FULL_LINE = 0.8  # a line of this share of the widest does not end its paragraph by being short


def read_pdf(
    data: bytes,
    *,
    source: str = "pdf",
    metadata: Metadata | None = None,
    today: date | None = None,
) -> Document:
    """Read the text layer of one PDF.

    Lines are joined to paragraphs, words divided at a line end put together, and lines that
    repeat at the edge of pages (running headers, page numbers) left out. Title, author and
    language of the file are taken where not given; its dates are not, because they are those of the file.

    Raises:
        IngestError: the extra `pdf` is not installed; the file is damaged, encrypted, too large, or
            holds pictures of text only.
    """
    try:
        import pypdf
    except ImportError as error:
        raise problem(source, "PDF needs the extra `pdf`", "pip install 'claimtable[pdf]'") from error
    if len(data) > MAX_DOCUMENT_BYTES:
        raise too_large(source)
    if len(data) > MAX_ASCII85_BYTES and (b"ASCII85Decode" in data or b"/A85" in data):
        raise too_large(source, limit=MAX_ASCII85_BYTES)
    if not data.strip():
        raise problem(source, "there is no text in it", "remove it from the inputs or give it a text")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise problem(source, "the PDF is encrypted", "save it without a password first")
        pages = _pages(reader, source)
        info: Any = reader.metadata or {}
        stated = Metadata(title=_info(info, "/Title"), author=_info(info, "/Author"))
    except IngestError:
        raise
    except Exception as error:  # damaged files fail in the reader in every way there is
        raise problem(
            source, f"the PDF cannot be read ({error!s:.80})", "repair or export it again"
        ) from error
    paragraphs, begins = _paragraphs(_without_headers(pages))
    text = "\n\n".join(paragraphs)
    if not text:
        raise problem(source, "there is no text in this PDF", "run text recognition (OCR) on it first")
    given = (metadata or Metadata()).over(stated)
    found = analyse(text, split_blocks(text), given, today=today)
    return make_document(
        text, replace(found, pages=_page_starts(len(pages), paragraphs, begins)), source=source
    )


def _pages(reader: Any, source: str) -> list[list[str]]:
    pages: list[list[str]] = []
    size = 0
    for number, page in enumerate(reader.pages, 1):
        lines = [line.translate(_LIGATURES) for line in _lines(page)]
        size += sum(map(len, lines))
        if size > MAX_TEXT_CHARS:
            raise problem(
                source, f"over {MAX_TEXT_CHARS:,} characters", "split the PDF", place=f"page {number}"
            )
        pages.append(lines)
    return pages


def _lines(page: Any) -> list[str]:
    """Return the lines of a page in the order in which they are read, in single spaces."""
    lines = [" ".join(line.split()) for line in storable(page.extract_text() or "").splitlines()]
    # To see the columns takes the time of a second reading, so only where lines are long enough to go across two.
    if sum(len(line) >= _ACROSS_CHARS for line in lines) < LEAST_LINES:
        return lines
    laid_out = page.extract_text(extraction_mode="layout", layout_mode_space_vertically=False)
    return down_columns(storable(laid_out).splitlines()) or lines


def _info(info: Any, key: str) -> str | None:
    value = info.get(key)
    text = storable(" ".join(str(value).split())) if value else ""
    # Word processors leave their file name there.
    return None if not text or text.lower().startswith(("microsoft word", "untitled")) else text


def _without_headers(pages: Sequence[Sequence[str]]) -> list[tuple[int, str]]:
    """Return the lines, each with the number of its page from 0."""
    edges: Counter[str] = Counter()
    for page in pages:
        filled = [line for line in page if line]
        edges.update({_NUMBERS.sub("0", line) for line in (*filled[:_EDGE_LINES], *filled[-_EDGE_LINES:])})
    # On both pages of a file of two, too.
    least = min(_MIN_REPEATS, max(2, len(pages)))
    lines: list[tuple[int, str]] = []
    for at, page in enumerate(pages):
        numbers = [number for number, line in enumerate(page) if line]
        outer = {*numbers[:_EDGE_LINES], *numbers[-_EDGE_LINES:]}
        for number, line in enumerate(page):
            running = edges[_NUMBERS.sub("0", line)] >= least or _PAGE_NUMBER.fullmatch(line)
            if not (number in outer and running):
                lines.append((at, line))
    return lines


def _paragraphs(lines: Sequence[tuple[int, str]]) -> tuple[list[str], dict[int, tuple[int, int]]]:
    """Return the paragraphs, and for each page that has words the paragraph that it begins in, and where in it."""
    width = sorted(len(line) for _, line in lines)[int(len(lines) * 0.9)] if lines else 0
    paragraphs: list[str] = []
    begins: dict[int, tuple[int, int]] = {}
    current = last = ""
    for page, line in lines:
        if not line:
            # Blank lines come between paragraphs, but also where a page breaks a sentence.
            if current and current[-1] in '.!?:"”’)':
                paragraphs.append(current)
                current = ""
            continue
        if current and _starts_paragraph(line, last, current, width):
            paragraphs.append(current)
            current = ""
        if current and _HYPHEN.search(current) and line[0].islower():
            current = current[:-1]
        elif current:
            current += " "
        begins.setdefault(page, (len(paragraphs), len(current)))
        current += line
        last = line
    return ([*paragraphs, current] if current else paragraphs), begins


def _starts_paragraph(line: str, last: str, current: str, width: int) -> bool:
    """Return whether a line begins a paragraph below the line `last`, with which `current` ends."""
    short = len(last) < _FULL_LINE * width
    starts_new = line[0].isupper() or line[0].isdigit() or line[0] in '•*–—-"“'
    # A line far from full that ends without a full stop, below one with, is a heading.
    is_heading = len(line) < _HEADING_LINE * width and line[-1].isalnum() and current[-1] in ".!?"
    return starts_new and (short or is_heading)


def _page_starts(
    count: int, paragraphs: Sequence[str], begins: Mapping[int, tuple[int, int]]
) -> tuple[int, ...]:
    """Return the offsets at which the pages begin; one without words begins where the next does."""
    offsets = [0, *accumulate(len(paragraph) + 2 for paragraph in paragraphs)]
    starts: list[int] = []
    following = offsets[-1]
    for page in reversed(range(count)):
        if page in begins:
            paragraph, inside = begins[page]
            following = offsets[paragraph] + inside
        starts.append(following)
    return tuple(reversed(starts))
