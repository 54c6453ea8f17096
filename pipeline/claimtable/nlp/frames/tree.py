"""The tree of frames of a document, made once and kept with its `Doc`."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from spacy.tokens import Doc

from claimtable.nlp import extensions
from claimtable.nlp.frames.records import Frame, Frames
from claimtable.reading.turns import find_turns
from claimtable.schema import Document

_LAST = threading.local()


def frames_of(doc: Doc) -> Frames:
    """Return the frames of `doc`, made once while the components work on it one after the other."""
    last: tuple[Document, Frames] | None = getattr(_LAST, "item", None)
    document = extensions.document_of(doc)
    if last is None or last[0] is not document:
        last = (document, Frames([*_outer(document), *_turns(document)]))
        _LAST.item = last
    return last[1]


def _outer(document: Document) -> Iterator[Frame]:
    yield Frame(
        "document", 0, len(document.text), "frame.document", speaker=document.author, topic=document.title
    )
    for section in document.sections:
        yield Frame(
            "section",
            section.start,
            section.end,
            "frame.section",
            speaker=section.speaker,
            topic=section.heading,
        )


def _turns(document: Document) -> Iterator[Frame]:
    for turn in find_turns(document.text, title=document.title, author=document.author):
        yield Frame(
            "turn",
            turn.label_start,
            turn.end,
            turn.rule,
            speaker=turn.speaker,
            label=(turn.label_start, turn.label_end),
            asks=turn.asks,
        )
