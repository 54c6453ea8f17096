"""Books in EPUB: the chapters in their order, as one document."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from datetime import date
from urllib.parse import unquote

from lxml import etree, html

from claimtable.ingest.blocks import Hint
from claimtable.ingest.metadata import Metadata, join_names
from claimtable.ingest.packed import Packed, local_name
from claimtable.ingest.pieces import Piece, from_pieces
from claimtable.ingest.problems import MAX_DOCUMENT_BYTES, too_large
from claimtable.schema import Document

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = frozenset((*_HEADINGS, "p", "li", "td", "th", "dd", "dt", "blockquote", "pre", "div", "figcaption"))
_UNSEEN = frozenset(("script", "style", "nav", "head", "svg", "math"))


def read_epub(
    data: bytes, *, source: str = "epub", metadata: Metadata | None = None, today: date | None = None
) -> Document:
    """Read a book: title, authors and date as it states them, chapters in reading order.

    Raises:
        IngestError: the file is damaged, protected, too large, or has no text.
    """
    # Not EbookLib, whose licence (AGPL) does not go with ours.
    if len(data) > MAX_DOCUMENT_BYTES:
        raise too_large(source)
    packed = Packed(data, source)
    roots = [
        x.get("full-path") for x in packed.xml("META-INF/container.xml").iter() if local_name(x) == "rootfile"
    ]
    if not roots or not roots[0]:
        raise packed.damaged
    package = packed.xml(roots[0])
    files: dict[str, str] = {}
    order: list[str] = []
    facts: dict[str, list[str]] = {}
    for element in package.iter():
        name = local_name(element)
        if name == "item" and "html" in element.get("media-type", ""):
            files[element.get("id", "")] = element.get("href", "")
        elif name == "itemref" and element.get("linear") != "no":
            order.append(element.get("idref", ""))
        elif name in ("title", "creator", "date") and (element.text or "").strip():
            facts.setdefault(name, []).append((element.text or "").strip())
    stated = Metadata(
        title=next(iter(facts.get("title", ())), None),
        author=join_names(facts.get("creator", ())),
        published=_day(facts.get("date", ())),
    )
    folder = posixpath.dirname(roots[0])
    chapters = [posixpath.normpath(posixpath.join(folder, unquote(files[x]))) for x in order if x in files]
    pieces = (piece for name in chapters for piece in _chapter(packed, name))
    return from_pieces(pieces, source=source, metadata=metadata, stated=stated, today=today)


def _day(dates: list[str] | tuple[str, ...]) -> date | None:
    for stated in dates:
        try:
            return date.fromisoformat(stated[:10])
        except ValueError:
            continue
    return None


def _chapter(packed: Packed, name: str) -> Iterator[Piece]:
    try:
        root = html.document_fromstring(packed.read(name))
    except (etree.ParserError, ValueError):
        return  # an empty page
    for element in list(root.iter(*_UNSEEN)):
        element.drop_tree()
    for element in root.iter(*_BLOCKS):
        if any(child.tag in _BLOCKS for child in element.iterdescendants()):
            continue
        hint: Hint = "heading" if element.tag in _HEADINGS else "text"
        yield hint, element.text_content()
