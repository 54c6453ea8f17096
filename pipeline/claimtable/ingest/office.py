"""Documents of word processors: Word (`.docx`), OpenDocument (`.odt`), Rich Text (`.rtf`)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from claimtable.ingest.blocks import Hint
from claimtable.ingest.metadata import Metadata
from claimtable.ingest.packed import Packed, local_name
from claimtable.ingest.pieces import Piece, from_pieces
from claimtable.ingest.problems import MAX_DOCUMENT_BYTES, problem, too_large
from claimtable.ingest.text import read_text
from claimtable.schema import Document

if TYPE_CHECKING:
    from docx.document import Document as Word
    from lxml import etree

_TOOLS = re.compile(r"python-docx|Microsoft|Windows|user|admin|unknown|author", re.I)
"""What programs put where the author's name belongs."""


def read_docx(
    data: bytes, *, source: str = "docx", metadata: Metadata | None = None, today: date | None = None
) -> Document:
    """Read a Word document: paragraphs, headings by their styles, and tables row by row.

    Title and author are those of the file where the text has none; its dates are those of the file, so not taken.

    Raises:
        IngestError: the extra `office` is not installed; the file is damaged, locked, too large, or has no text.
    """
    try:
        import docx
    except ImportError as error:
        raise _extra(source, "Word documents need") from error
    if len(data) > MAX_DOCUMENT_BYTES:
        raise too_large(source)
    packed = Packed(data, source)
    packed.check()
    try:
        word = docx.Document(io.BytesIO(data))
        pieces = list(_of_word(word))
        core = word.core_properties
        stated = Metadata(title=core.title.strip() or None, author=_person(core.author))
    except (KeyError, ValueError, AttributeError, OSError, SyntaxError, TypeError, IndexError) as error:
        raise packed.damaged from error
    return from_pieces(pieces, source=source, metadata=metadata, stated=stated, today=today)


def _of_word(word: Word) -> Iterator[Piece]:
    from docx.table import Table

    for item in word.iter_inner_content():
        if isinstance(item, Table):
            yield from (("text", " | ".join(_cells(row))) for row in item.rows)
            continue
        style = (item.style.name if item.style is not None else None) or ""
        hint: Hint = "text"
        if style in ("Title", "Heading 1"):
            hint = "title"
        elif style.startswith("Heading"):
            hint = "heading"
        yield hint, item.text


def _cells(row: object) -> Iterator[str]:
    seen = None
    for cell in row.cells:  # type: ignore[attr-defined]
        # A cell that spans columns stands there once for each.
        if cell._tc is not seen:
            seen = cell._tc
            yield " ".join(cell.text.split())


def read_odt(
    data: bytes, *, source: str = "odt", metadata: Metadata | None = None, today: date | None = None
) -> Document:
    """Read an OpenDocument text: paragraphs, headings, and tables row by row.

    Raises:
        IngestError: the file is damaged, locked, too large, or has no text.
    """
    if len(data) > MAX_DOCUMENT_BYTES:
        raise too_large(source)
    packed = Packed(data, source)
    body = packed.xml("content.xml")
    facts = {local_name(x): (x.text or "").strip() for x in packed.xml("meta.xml").iter()}
    stated = Metadata(
        title=facts.get("title") or None, author=_person(facts.get("initial-creator") or facts.get("creator"))
    )
    return from_pieces(_of_open(body), source=source, metadata=metadata, stated=stated, today=today)


_UNSEEN = frozenset(("annotation", "tracked-changes", "note", "sequence-decls"))


def _of_open(root: etree._Element) -> Iterator[Piece]:
    waiting = [root]
    while waiting:
        element = waiting.pop()
        name = local_name(element)
        if name == "table-row":
            cells = [" ".join(_seen(x).split()) for x in element if local_name(x) == "table-cell"]
            yield "text", " | ".join(filter(None, cells))
        elif name in ("h", "p"):
            level = next((v for k, v in element.attrib.items() if str(k).endswith("outline-level")), "1")
            style = next((str(v) for k, v in element.attrib.items() if str(k).endswith("style-name")), "")
            titled = style == "Title" or (name == "h" and level == "1")
            yield ("title" if titled else "heading" if name == "h" else "text"), _seen(element)
        elif name not in _UNSEEN:
            waiting.extend(reversed(element))


def _seen(element: etree._Element) -> str:
    """Return the words of a paragraph as a reader sees them, without notes and comments."""
    parts = [element.text or ""]
    for child in element:
        name = local_name(child)
        if name in ("s", "tab", "line-break"):
            parts.append(" ")
        elif name and name not in _UNSEEN:
            parts.append(_seen(child) if name != "p" else f" {_seen(child)} ")
        parts.append(child.tail or "")
    return "".join(parts)


def read_rtf(
    data: bytes, *, source: str = "rtf", metadata: Metadata | None = None, today: date | None = None
) -> Document:
    """Read a text in Rich Text Format.

    Raises:
        IngestError: the extra `office` is not installed; the file is no RTF, too large, or has no text.
    """
    try:
        from striprtf.striprtf import rtf_to_text
    except ImportError as error:
        raise _extra(source, "Rich Text needs") from error
    if len(data) > MAX_DOCUMENT_BYTES:
        raise too_large(source)
    if not data.lstrip().startswith(b"{\\rtf"):
        raise problem(source, "this is no Rich Text", "save it again, or as text")
    try:
        text: str = rtf_to_text(data.decode("latin-1"), errors="replace")  # type: ignore[no-untyped-call]
    except (ValueError, LookupError, IndexError, RecursionError) as error:
        raise problem(source, "damaged Rich Text", "save it again, or as text") from error
    paragraphs = (line.strip() for line in text.splitlines())
    return read_text("\n\n".join(filter(None, paragraphs)), source=source, metadata=metadata, today=today)


def _person(name: str | None) -> str | None:
    name = (name or "").strip()
    return None if not name or _TOOLS.search(name) else name


def _extra(source: str, what: str) -> Exception:
    return problem(source, f"{what} the extra `office`", "pip install 'claimtable[office]'")
