"""Plain text: an article, or the dump of a web page with everything that stood around it."""

from __future__ import annotations

from datetime import date

from claimtable.ingest.blocks import split_blocks
from claimtable.ingest.encoding import decode, storable
from claimtable.ingest.metadata import Metadata, make_document
from claimtable.ingest.page import analyse
from claimtable.ingest.problems import MAX_DOCUMENT_BYTES, problem, too_large
from claimtable.schema import Document


def read_text(
    data: bytes | str,
    *,
    source: str = "text",
    metadata: Metadata | None = None,
    today: date | None = None,
    place: str | None = None,
) -> Document:
    """Read one plain text.

    Args:
        data: the text, or its bytes in UTF-8 or (with a byte order mark) UTF-16.
        source: how messages and the document name the input.
        metadata: what is known; it wins over what the text says.
        today: no later date is taken for the publication date; the current day if None.
        place: where in the source the text stands, for messages.

    Returns:
        A document whose text is the input, character for character, without a leading byte order mark;
        NUL and lone surrogates, which no file format can carry on, become U+FFFD one for one.

    Raises:
        IngestError: empty, too large, binary, or in an encoding that is not Unicode.
    """
    if len(data) > MAX_DOCUMENT_BYTES:
        raise too_large(source, place=place)
    text = (
        decode(data, source, place=place)
        if isinstance(data, bytes)
        else storable(data.removeprefix("\ufeff"))
    )
    if not text or text.isspace():
        raise problem(
            source, "there is no text in it", "remove it from the inputs or give it a text", place=place
        )
    given = metadata or Metadata()
    return make_document(
        text, analyse(text, split_blocks(text), given, today=today), source=source, place=place
    )
