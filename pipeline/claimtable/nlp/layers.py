"""The layers that a user can ask for: their columns, their rows, and the components that make them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from spacy.language import DisabledPipes, Language
from spacy.tokens import Doc

from claimtable.errors import ClaimTableError
from claimtable.nlp import extensions
from claimtable.nlp.quantities.conversion import (
    SI,
    Converted,
    check_target,
    convert_claim,
    convert_quantity,
)
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
    """Return the layer of the records `doc._.claimtable_<name>`.

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
    Column("wikidata", "string", "Its item in Wikidata (`Q142`), where it is known."),
    Column("code", "string", "ISO 3166-1 code of a state (`FR`), symbol of a company on its exchange."),
)


def _actors(doc: Doc) -> Iterator[Row]:
    document = extensions.document_of(doc)
    for actor in doc._.claimtable_actors:
        if not actor.mentions and not any(name in document.text for name in actor.aliases):
            continue  # an author whom the text does not name speaks, but is none of its actors
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
                Column(
                    "prediction",
                    "boolean",
                    "Whether it speaks of the future; it may do so without a claim of kind `prediction`.",
                ),
                Column("section", "string", "Role of the section that it stands in."),
            ),
        ),
    )
}
"""The layers by name, `claims` first."""


def with_conversion(layer: Layer, target: str, on_foreign: Callable[[str], None] | None = None) -> Layer:
    """Return `claims` or `quantities` with the columns `value_x`, `value_low_x`, `value_high_x`, `unit_x`.

    Args:
        layer: the layer, whose other columns stay as they are.
        target: `SI`, or the ISO 4217 code of a currency; in lower case it is the x of the columns.
        on_foreign: called with the currency of each amount that needs an exchange rate, and so stays empty.

    Raises:
        ClaimTableError: another layer, or no such unit to convert to.
    """
    if layer.name not in ("claims", "quantities"):
        raise ClaimTableError(f"the layer {layer.name} has no values to convert: take claims or quantities")
    wanted = check_target(target)
    ending = wanted.lower()
    names = [f"{name}_{ending}" for name in ("value", "value_low", "value_high", "unit")]
    meanings = (
        f"`value` in {wanted}; empty where there is no conversion, or an exchange rate would be needed.",
        f"`value_low` in {wanted}.",
        f"`value_high` in {wanted}.",
        f"The unit of the columns in {wanted}.",
    )
    columns = (
        *(Column(n, "Float64", m) for n, m in zip(names[:3], meanings[:3], strict=True)),
        Column(names[3], "string", meanings[3]),
    )

    def rows(doc: Doc) -> Iterator[Row]:
        text = extensions.document_of(doc).text
        quantities = doc._.claimtable_quantities
        records = doc._.claimtable_claims if layer.name == "claims" else quantities
        for row, record in zip(layer.rows(doc), records, strict=True):
            done: Converted = (
                convert_claim(record, wanted, text, quantities)
                if layer.name == "claims"
                else convert_quantity(record, wanted, text)
            )
            stated = row["value"] is not None or row["value_low"] is not None
            if on_foreign and wanted != SI and row["dimension"] == "money" and stated and done.unit is None:
                unit = getattr(record, "table_unit", None) or record.unit
                on_foreign(unit.partition("/")[0])
            cells = (done.value, done.value_low, done.value_high, done.unit)
            yield row | dict(zip(names, cells, strict=True))

    return replace(layer, columns=layer.columns + columns, rows=rows)


_SHARED = {"doc.spans"}
"""Assigned by every component, each under a name of its own."""


def restrict(nlp: Language, *names: str) -> DisabledPipes:
    """Disable the components that the layers do not need, so that a part costs less than the whole.

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
