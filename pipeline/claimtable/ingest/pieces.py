"""Documents made of pieces whose markup says what they are: a title, headings, paragraphs, rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from claimtable.ingest.blocks import Block, Hint
from claimtable.ingest.encoding import storable
from claimtable.ingest.metadata import Metadata, make_document
from claimtable.ingest.page import analyse
from claimtable.ingest.problems import problem
from claimtable.schema import Document

Piece = tuple[Hint, str]
"""What it is, and its words."""


def join_pieces(pieces: Iterable[Piece], source: str) -> tuple[str, list[Block]]:
    """Return the text of pieces, a blank line between two, and where each lies in it.

    Of several titles the first is one, the others are headings.

    Raises:
        IngestError: there is no text in them.
    """
    texts: list[str] = []
    blocks: list[Block] = []
    length = 0
    titled = False
    for hint, content in pieces:
        if hint == "title":
            hint = "heading" if titled else "title"
            titled = True
        texts.append(content)
        blocks.append(Block(length, length + len(content), hint))
        length += len(content) + 2
    text = "\n\n".join(texts)
    if not text:
        raise problem(source, "there is no text in it", "remove it from the inputs or give it a text")
    return text, blocks


def from_pieces(
    pieces: Iterable[Piece],
    *,
    source: str,
    metadata: Metadata | None,
    stated: Metadata | None = None,
    today: date | None = None,
) -> Document:
    """Return the document of these pieces, each on a line of its own with a blank line between.

    Args:
        pieces: in the order of the text; of several titles the first is one, the others are headings.
        source: how the document and its errors call the input.
        metadata: what is known; it wins over what the text says.
        stated: what the file says of itself; the text wins over it.
        today: no later date is taken for that of the publication.

    Raises:
        IngestError: there is no text in it.
    """
    cleaned = ((hint, storable(" ".join(words.split()))) for hint, words in pieces)
    text, blocks = join_pieces((piece for piece in cleaned if piece[1]), source)
    given = metadata or Metadata()
    found = analyse(text, blocks, given, today=today)
    if stated is not None and found.author is None and stated.author is not None:
        # The author speaks where nobody else does, so sections have to know.
        found = analyse(text, blocks, given.over(Metadata(author=stated.author)), today=today)
    if stated is not None:
        found = replace(found.over(stated), sections=found.sections)
    return make_document(text, found, source=source)
