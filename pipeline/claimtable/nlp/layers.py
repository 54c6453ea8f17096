"""The layers that a user can ask for: their columns, their rows, and the components that make them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from spacy.language import DisabledPipes, Language
from spacy.tokens import Doc

from claimtable.nlp import extensions
from claimtable.schema import COLUMNS, Column, Record

Row = dict[str, Any]
"""One row of a layer: column name → JSON-ready value, dates as ISO 8601 strings."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of extraction."""

    name: str
    attributes: tuple[str, ...]
    """What the pipeline has to assign for it, in the terms of `nlp.analyze_pipes`."""
    columns: tuple[Column, ...]
    rows: Callable[[Doc], Iterator[Row]]
    """Yields the rows of one document in text order."""


_PLACE = (
    Column("doc_id", "string", "Id of the document."),
    Column("start", "Int64", "Offset of the first code point of `text` in the document text."),
    Column("end", "Int64", "Offset after the last code point of `text`."),
    Column("text", "string", "The words as written."),
)


_SYNTAX = ("token.tag", "token.pos", "token.lemma", "token.dep")
"""For the subject of a quantity, and the tense that tells last spring from next spring."""


def _records(doc: Doc, layer: str, fields: Iterable[str]) -> Iterator[Row]:
    document = extensions.document_of(doc)
    records: tuple[Record, ...] = doc._.get(f"claimtable_{layer}")
    for record in records:
        data = record.to_dict()
        start, end = getattr(record, "start"), getattr(record, "end")  # noqa: B009
        place = {"doc_id": document.id, "start": start, "end": end, "text": document.text[start:end]}
        yield place | {name: data[name] for name in fields}


def _record_layer(name: str, columns: tuple[Column, ...], *also: str) -> Layer:
    """Returns the layer of the records `doc._.claimtable_<name>`.

    `also` names what the component can do without, but then finds less.
    """
    fields = [column.name for column in columns]
    return Layer(
        name, (f"doc._.claimtable_{name}", *also), _PLACE + columns, lambda doc: _records(doc, name, fields)
    )


def _claims(doc: Doc) -> Iterator[Row]:
    for claim in doc._.claimtable_claims:
        yield claim.to_dict()


def _entities(doc: Doc) -> Iterator[Row]:
    document = extensions.document_of(doc)
    for ent in doc.ents:
        start, end = ent.start_char, ent.end_char
        # A recogniser may take the line break after a byline with it.
        text = document.text[start:end]
        start, end = start + len(text) - len(text.lstrip()), end - len(text) + len(text.rstrip())
        if document.section_at(start) is not None:
            yield {
                "doc_id": document.id,
                "start": start,
                "end": end,
                "text": document.text[start:end],
                "label": ent.label_,
            }


_ACTOR_COLUMNS = (
    Column("doc_id", "string", "Id of the document."),
    Column("actor_id", "string", "Id of the actor."),
    Column("name", "string", "Canonical name: the fullest form in the document, or the gazetteer's."),
    Column("type", "string", "`PERSON`, `ORG`, `GPE`, `LOC` or `NORP`."),
    Column("aliases", "list", "All names that the document uses for it."),
    Column("mentions", "list", "`[start, end]` of each mention."),
)


def _actors(doc: Doc) -> Iterator[Row]:
    document = extensions.document_of(doc)
    for actor in doc._.claimtable_actors:
        data = actor.to_dict()
        yield {"doc_id": document.id} | {c.name: data[c.name] for c in _ACTOR_COLUMNS[1:]}


LAYERS: dict[str, Layer] = {
    layer.name: layer
    for layer in (
        Layer("claims", ("doc._.claimtable_claims",), COLUMNS, _claims),
        _record_layer(
            "quantities",
            (
                Column("value", "Float64", "The number in `unit`; empty for a range."),
                Column("value_low", "Float64", "Lower end of a range."),
                Column("value_high", "Float64", "Upper end of a range."),
                Column("bound", "string", "`=`, `~` (about), `<`, `<=` (at most), `>`, `>=` (at least)."),
                Column("change", "string", "`up`, `down` or `flat` where the value is a movement."),
                Column("unit", "string", "ISO 4217 code, UCUM code, or singular counted noun."),
                Column("unit_text", "string", "The unit as written."),
                Column("dimension", "string", "`money`, `share`, `count`, `length`, ..."),
                Column("subject", "string", "What is measured."),
            ),
            *_SYNTAX,
        ),
        _record_layer(
            "times",
            (
                Column("type", "string", "TIMEX3 type: `DATE`, `TIME`, `DURATION` or `SET`."),
                Column("value", "string", "TIMEX3 value."),
                Column("mod", "string", "TIMEX3 modifier, such as `APPROX` or `START`."),
                Column("time_start", "date", "First day."),
                Column("time_end", "date", "Last day, inclusive."),
            ),
            *_SYNTAX,
        ),
        Layer(
            "entities",
            # An entity never crosses a sentence border, so the borders decide with the recogniser.
            ("doc.ents", "token.is_sent_start"),
            (*_PLACE, Column("label", "string", "Entity type.")),
            _entities,
        ),
        _record_layer(
            "attributions",
            (
                Column("source", "list", "`[start, end]` of each part of the source."),
                Column("cue", "list", "`[start, end]` of each part of the attributing words."),
                Column("content", "list", "`[start, end]` of each part of what is conveyed."),
                Column("speaker", "string", "Canonical name of the source."),
            ),
        ),
        Layer("actors", ("doc._.claimtable_actors",), _ACTOR_COLUMNS, _actors),
        _record_layer(
            "sentences",
            (
                Column("check_worthiness", "Float64", "0-1: how much to look at it first."),
                Column("prediction", "boolean", "Whether it holds a prediction."),
                Column("section", "string", "Role of the section that it stands in."),
            ),
        ),
    )
}
"""The layers by name, `claims` first."""


_SHARED = {"doc.spans"}
"""Assigned by every component, each under a name of its own."""


def restrict(nlp: Language, *names: str) -> DisabledPipes:
    """Disables the components that the layers do not need, so that a part costs less than the whole.

    A component is needed when it assigns a layer, or what a needed component after it requires or
    completes, as their factories declare; and when a needed component listens to its vectors.

    Returns:
        A context manager that enables them again.
    """
    wanted = {attribute for name in names for attribute in LAYERS[name].attributes}
    needed: set[str] = set()
    for name in reversed(nlp.pipe_names):
        meta = nlp.get_pipe_meta(name)
        if wanted.intersection(meta.assigns) or needed.intersection(_listeners(nlp, name)):
            needed.add(name)
            wanted.update({*meta.requires, *meta.assigns} - _SHARED)
    return nlp.select_pipes(disable=[name for name in nlp.pipe_names if name not in needed])


def _listeners(nlp: Language, name: str) -> list[str]:
    listening: list[str] = getattr(nlp.get_pipe(name), "listening_components", [])
    return listening
