"""What one has at hand in Python (a text, a path, a document, or several of them) to claims."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from claimtable import ingest
from claimtable.errors import ClaimTableError, IngestError
from claimtable.limits import TIME_LIMIT
from claimtable.nlp import pipeline
from claimtable.schema import Claim, Document

if TYPE_CHECKING:
    from spacy.language import Language

Given: TypeAlias = Document | str | Path
"""A document; a text; or a file or folder, as a `Path` or as its name."""

MAX_NAME_CHARS = 4096
"""Longest path that Linux takes; what is longer is no name."""
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.I)


def extract(
    documents: Given | Iterable[Given],
    nlp: Language | None = None,
    *,
    batch_chars: int = pipeline.BATCH_CHARS,
    time_limit: float | None = TIME_LIMIT,
    on_error: Callable[[ClaimTableError], None] | None = None,
) -> Iterator[Claim]:
    """Yield the claims of texts, files and documents, one after the other, in text order.

    Args:
        documents: one of these, or any iterable of them, which is consumed in batches: a `Document`; a `Path`
            of a file or folder; a `str`, which is the name of a file or folder if there is such a one, else a
            text. What comes from strangers goes in as `Document(text=…)`, which is never taken for a name.
        nlp: a pipeline from `claimtable.load`; None takes the shipped one, loaded once per process.
        batch_chars: code points that are parsed at a time, which bounds the memory.
        time_limit: seconds that one document may take to read, and to extract from; None or 0 sets no limit.
        on_error: called for what cannot be read or takes too long, while the rest goes on; None raises.

    Raises:
        ClaimTableError: a document cannot be read, is too long or takes too long, and there is no `on_error`.
    """
    found = as_documents(documents, time_limit=time_limit, on_error=on_error)
    return pipeline.extract(found, nlp, batch_chars=batch_chars, time_limit=time_limit, on_error=on_error)


def as_documents(
    given: Given | Iterable[Given],
    *,
    time_limit: float | None = TIME_LIMIT,
    on_error: Callable[[ClaimTableError], None] | None = None,
) -> Iterator[Document]:
    """Yield the documents of what is given, as `extract` takes it.

    A document that was made by hand, without sections, is read as a plain text is: title and body are found.

    Raises:
        IngestError: something cannot be read, and there is no `on_error`.
    """
    several = [given] if isinstance(given, Document | str | Path | bytes) else given
    for item in several:
        try:
            yield from _documents(item, time_limit, on_error)
        except IngestError as error:
            if on_error is None:
                raise
            on_error(error)


def _documents(
    item: Given, time_limit: float | None, on_error: Callable[[ClaimTableError], None] | None
) -> Iterator[Document]:
    if isinstance(item, Document):
        yield item if item.sections or item.source is not None else _english(_with_sections(item))
    elif isinstance(item, Path) or (isinstance(item, str) and _is_name(item)):
        yield from ingest.read([item], time_limit=time_limit, on_error=on_error)
    elif isinstance(item, str):
        yield _english(replace(ingest.read_text(item), source=None))
    else:
        raise IngestError(
            f"{item!r:.60} is {type(item).__name__}: give a text, a path or a claimtable.Document, "
            "or several of them"
        )


def _english(document: Document) -> Document:
    ingest.check_english(document, stated=True)
    return document


def _is_name(text: str) -> bool:
    """Return whether a string names a file or folder that is there.

    Raises:
        IngestError: it is plainly meant as a name, and there is no such file.
    """
    if len(text) > MAX_NAME_CHARS or "\n" in text or "\0" in text:
        return False
    if _ADDRESS.fullmatch(text):
        raise IngestError(f"{text:.80}: extract fetches nothing: give claimtable.read([address]) to it")
    try:
        if Path(text).exists():
            return bool(text)
    except OSError:
        return False
    if not re.search(r"\s", text) and ingest.is_known_name(text):
        raise IngestError(f"{text}: there is no such file: check the path; a text is more than one word")
    return False


def _with_sections(document: Document) -> Document:
    given = ingest.Metadata(
        id=document.id,
        title=document.title,
        author=document.author,
        published=document.published,
        url=document.url,
        language=document.language,
    )
    return replace(ingest.read_text(document.text, source=document.id, metadata=given), source=None)
