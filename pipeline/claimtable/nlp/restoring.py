"""From the reading of a document back to its text: the `Doc` over every character of it, the layers with its offsets."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from typing import Any

import numpy as np
from spacy.tokens import Doc

from claimtable.nlp import extensions
from claimtable.nlp.lines import rename_row
from claimtable.reading import Reading
from claimtable.schema import CONTEXT_CHARS, Claim, Record, first_claim_id, new_claim_id

_COLUMNS: list[int | str] = [
    "TAG",
    "POS",
    "MORPH",
    "LEMMA",
    "DEP",
    "HEAD",
    "ENT_IOB",
    "ENT_TYPE",
    "SENT_START",
]
_HEAD, _SENT_START = _COLUMNS.index("HEAD"), _COLUMNS.index("SENT_START")

_PAIRS = frozenset(["start", "number_start", "trigger_start"])
_POINTS = frozenset(["event_start", "subject_start", "chance_start"])
_RANGES = frozenset(["source", "cue", "content", "mentions"])


def restore(doc: Doc, reading: Reading) -> Doc:
    """Return the annotated reading as a `Doc` over the text of the document.

    Tokens, parse and names are those of the reading; what it leaves out becomes tokens of its own, and the offsets of
    all records are those of the text.
    """
    if reading.same:
        return doc
    whole = _with_text(doc, reading)
    whole._.claimtable_document = reading.source
    for layer in extensions.LAYERS:
        records = doc._.get(f"claimtable_{layer}")
        extensions.set_layer(whole, layer, [restored(record, reading) for record in records])
    return whole


def _with_text(doc: Doc, reading: Reading) -> Doc:
    text = reading.source.text
    words: list[str] = []
    spaces: list[bool] = []
    own: list[int] = []
    """Index of each token of the reading among those of the text."""
    at = 0
    for token in doc:
        start, end = reading.place(token.idx, token.idx + len(token))
        start, end = max(start, at), max(end, at)
        gap = text[at:start]
        if gap.startswith(" ") and spaces and not spaces[-1]:
            spaces[-1], gap = True, gap[1:]
        if gap:
            words.append(gap)
            spaces.append(False)
        if start == end:  # it stands for nothing
            own.append(max(0, len(words) - 1))
            continue
        own.append(len(words))
        words.append(text[start:end])
        spaces.append(False)
        at = end
    if text[at:]:
        words.append(text[at:])
        spaces.append(False)
    return _annotated(doc, Doc(doc.vocab, words=words, spaces=spaces), own)


def _annotated(doc: Doc, whole: Doc, own: list[int]) -> Doc:
    """Return `whole` with what `doc` says of its tokens; the others hang on the token before them."""
    values = doc.to_array(_COLUMNS)
    out = np.zeros((len(whole), len(_COLUMNS)), dtype=values.dtype)
    signed = out.view("int64")
    filled = np.zeros(len(whole), dtype=bool)
    heads = values[:, _HEAD].astype("int64")
    for i, k in enumerate(own):
        if not filled[k]:
            out[k] = values[i]
            signed[k, _HEAD] = own[i + int(heads[i])] - k
            filled[k] = True
    strings = doc.vocab.strings
    space, punct = strings.add("SPACE"), strings.add("PUNCT")
    first = int(np.argmax(filled)) if filled.any() else 0
    for k in np.flatnonzero(~filled).tolist():
        out[k, _COLUMNS.index("POS")] = space if whole[k].is_space else punct
        out[k, _COLUMNS.index("DEP")] = strings.add("punct")
        out[k, _COLUMNS.index("ENT_IOB")] = 2
        signed[k, _HEAD] = (first if k < first else max(0, k - 1)) - k
        signed[k, _SENT_START] = -1
    columns = _COLUMNS[:_SENT_START]
    whole.from_array(columns, out[:, :_SENT_START])  # type: ignore[arg-type]  # the stub knows none of 64 bits
    return whole


@cache
def _names(record: type[Record]) -> frozenset[str]:
    return frozenset(f.name for f in fields(record))


def restored(record: Any, reading: Reading) -> Any:
    """Return a record of the reading with the offsets, and the words at them, of the text."""
    if reading.same or not isinstance(record, Record):
        return record
    names = _names(type(record))  # type: ignore[arg-type]  # a class is hashable, whatever its records are
    new: dict[str, Any] = {}
    for name in _PAIRS & names:
        end = name.replace("start", "end")
        start, stop = getattr(record, name), getattr(record, end, None)
        if isinstance(start, int) and isinstance(stop, int) and end in names:
            new[name], new[end] = reading.place(start, stop)
    for name in _POINTS & names:
        if getattr(record, name) is not None:
            new[name] = reading.place(getattr(record, name), getattr(record, name) + 1)[0]
    for name in _RANGES & names:
        value = getattr(record, name)
        if isinstance(value, tuple):
            new[name] = tuple(reading.place(*part) for part in value)
    if "parts" in names:
        new["parts"] = tuple(restored(part, reading) for part in getattr(record, "parts"))  # noqa: B009
    if "text" in names and "start" in new:
        new["text"] = reading.source.text[new["start"] : new["end"]]
    if isinstance(record, Claim):
        new |= _of_claim(record, reading, new["start"], new["end"])
    return replace(record, **new)


def _of_claim(claim: Claim, reading: Reading, start: int, end: int) -> dict[str, Any]:
    text = reading.source.text
    claim_id = new_claim_id(reading.source.sha256, first_claim_id(claim.claim_id))
    rename_row(claim.claim_id, claim_id)
    return {
        "claim_id": claim_id,
        "page": reading.source.page_at(start),
        "prefix": text[max(0, start - CONTEXT_CHARS) : start],
        "suffix": text[end : end + CONTEXT_CHARS],
    }
