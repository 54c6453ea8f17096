"""Where the components keep what they find: `doc.spans["claimtable_x"]` and `doc._.claimtable_x`.

The records are the frozen dataclasses of `claimtable.schema`, in text order. They are plain values
with code-point offsets, never `Span` objects, so `Doc.to_bytes`, `DocBin(store_user_data=True)`,
pickle and `n_process` carry them (srsly encoders for them are registered here). Two spans of the
same offsets would share `Span._`, hence the tuples.
"""

from __future__ import annotations

import re
import warnings
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, Protocol, TypeVar

from spacy.language import Language
from spacy.tokens import Doc, SpanGroup
from srsly.msgpack import msgpack_decoders, msgpack_encoders

from claimtable import schema
from claimtable.errors import ClaimTableError

LAYERS = (
    "quantities",
    "times",
    "actors",
    "actor_mentions",
    "attributions",
    "predictions",
    "claims",
    "sentences",
)
"""Each layer `x` is the tuple `doc._.claimtable_x`."""

_RECORDS: dict[str, type[schema.Record]] = {
    cls.__name__: cls
    for cls in (
        schema.Document,
        schema.Section,
        schema.Quantity,
        schema.TimeExpression,
        schema.Actor,
        schema.ActorMention,
        schema.Attribution,
        schema.Prediction,
        schema.SentenceScore,
        schema.Claim,
    )
}
REMEDY = (
    "Take claimtable.load(), which has every component in its order; or add it behind a tagger, "
    "a lemmatizer, a parser with Universal Dependencies labels, a recogniser of names, and the components "
    "that it reads"
)
"""What to do where a component lacks something."""
_KEY = "__claimtable__"
_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
"""Replaced one code point for one, so that offsets do not move."""


class _HasStart(Protocol):
    @property
    def start(self) -> int: ...


_Placed = TypeVar("_Placed", bound=_HasStart)


def _encode(obj: Any, chain: Callable[[Any], Any] | None = None) -> Any:
    if isinstance(obj, schema.Record):
        return {_KEY: type(obj).__name__, **obj.to_dict()}
    if isinstance(obj, date):
        return {_KEY: "date", "iso": obj.isoformat()}
    return obj if chain is None else chain(obj)


def _decode(obj: Any, chain: Callable[[Any], Any] | None = None) -> Any:
    if isinstance(obj, dict) and _KEY in obj:
        if obj[_KEY] == "date":
            return date.fromisoformat(obj["iso"])
        return _RECORDS[obj[_KEY]].from_dict(obj)
    return obj if chain is None else chain(obj)


def register() -> None:
    """Register the extension attributes and the serialisers. Every component factory calls it; calling again is safe."""
    if not Doc.has_extension("claimtable_document"):
        Doc.set_extension("claimtable_document", default=None)
        for layer in LAYERS:
            Doc.set_extension(f"claimtable_{layer}", default=())
        msgpack_encoders.register("claimtable", func=_encode)
        msgpack_decoders.register("claimtable", func=_decode)


def document_of(doc: Doc) -> schema.Document:
    """Return the document that `doc` was made from; for a bare `nlp(text)` one whose whole text is body."""
    document: schema.Document | None = doc._.claimtable_document
    if document is None:
        text = doc.text
        document = schema.Document(text=text, sections=(schema.Section(0, len(text), "body"),))
        doc._.claimtable_document = document
    return document


def announce(nlp: Language, factory: str) -> None:
    """Warn of what a component that is being added requires, and no component before it assigns.

    Warns:
        UserWarning: it names what is missing, and what to do.
    """
    assigned = {a for name in nlp.component_names for a in nlp.get_pipe_meta(name).assigns}
    missing = [x for x in Language.get_factory_meta(factory).requires if x not in assigned]
    if missing:
        warnings.warn(f"{_lacks(factory, missing)}. {REMEDY}", stacklevel=2)


def require(doc: Doc, factory: str, *, annotation: str = "dep", layers: Sequence[str] = ()) -> None:
    """Check that a document has the annotation of its tokens and the layers that a component reads.

    Raises:
        ClaimTableError: it names what is missing, and what to do.
    """
    keys: dict[Any, Any] = doc.user_data  # its stub says that keys are text
    missing = [] if doc.has_annotation(annotation) else [f"token.{annotation}"]
    missing += [
        f"doc._.claimtable_{layer}"
        for layer in layers
        if ("._.", f"claimtable_{layer}", None, None) not in keys
    ]
    if missing:
        raise ClaimTableError(f"{_lacks(factory, missing)}. {REMEDY}")


def _lacks(factory: str, missing: Sequence[str]) -> str:
    return f"{factory} finds no {', no '.join(missing)} in the pipeline before it"


def spaced(text: str) -> str:
    """Return the text with exotic spaces as U+0020: the tokenizer would make tokens of their own of them."""
    return text if text.isascii() else _SPACE.sub(" ", text)


def text_of(doc: Doc) -> str:
    """Return `doc.text`, which spaCy joins from all tokens at every access, from the document where there is one."""
    document: schema.Document | None = doc._.claimtable_document
    length = doc[-1].idx + len(doc[-1].text_with_ws) if len(doc) else 0
    if document is None or len(document.text) != length:
        return doc.text
    return spaced(document.text)


def set_layer(doc: Doc, layer: str, records: Iterable[schema.Record]) -> None:
    """Store `records` as `doc._.claimtable_<layer>`; those with offsets also as `doc.spans["claimtable_<layer>"]`.

    Spans cover the tokens that the offsets touch; `span.label_` is the unit, type, label or kind,
    and the n-th span of the group belongs to the n-th record.
    """
    items = tuple(records)
    doc._.set(f"claimtable_{layer}", items)
    if items and hasattr(items[0], "start"):
        spans = [
            doc.char_span(r.start, r.end, label=_label(r), alignment_mode="expand")  # type: ignore[attr-defined]
            for r in items
        ]
        doc.spans[f"claimtable_{layer}"] = SpanGroup(doc, spans=[s for s in spans if s is not None])


def starting_in(records: Sequence[_Placed], start: int, end: int) -> Sequence[_Placed]:
    """Return the records of a layer that start in the code points `start`..`end`; they must be in text order."""
    first = bisect_left(records, start, key=_start)
    return records[first : bisect_left(records, end, lo=first, key=_start)] if start < end else ()


def _start(record: _HasStart) -> int:
    return record.start


def _label(record: Any) -> str:
    for name in ("label", "type", "kind", "dimension"):
        value = getattr(record, name, None)
        if value:
            return str(value)
    return ""
