"""Stored parses: what a test of rules reads instead of a model. One JSON object a line in `tests/parses/NAME.jsonl`.

`text`, and of each token `words`, `spaces` (1 where a blank follows), `tags`, `pos`, `lemmas`, `heads` (token indices), `deps`,
`starts` (token indices where sentences start), `ents` (IOB). `tools/store_parses.py` makes them from the shipped pipeline.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

from claimtable.nlp import extensions
from claimtable.nlp.corrections import ParseCorrections
from claimtable.nlp.pipeline import COMPONENTS

FOLDER = Path(__file__).parent / "parses"


def to_record(doc: Doc) -> dict[str, Any]:
    """Return the parse of a document as what is stored."""
    return {
        "text": doc.text,
        "words": [x.text for x in doc],
        "spaces": "".join(str(int(bool(x.whitespace_))) for x in doc),
        "tags": [x.tag_ for x in doc],
        "pos": [x.pos_ for x in doc],
        "lemmas": [x.lemma_ for x in doc],
        "heads": [x.head.i for x in doc],
        "deps": [x.dep_ for x in doc],
        "starts": [x.i for x in doc if x.is_sent_start],
        "ents": [f"{x.ent_iob_}-{x.ent_type_}" if x.ent_type_ else "O" for x in doc],
    }


def to_doc(record: Mapping[str, Any], vocab: Vocab | None = None) -> Doc:
    """Return the document of a stored parse, corrected as the pipeline corrects it."""
    extensions.register()
    doc = Doc(
        vocab or _vocab(),
        words=record["words"],
        spaces=[x == "1" for x in record["spaces"]],
        tags=record["tags"],
        pos=record["pos"],
        lemmas=record["lemmas"],
        heads=record["heads"],
        deps=record["deps"],
        ents=record["ents"],
    )
    starts = set(record["starts"])
    if starts != {x.i for x in doc if x.is_sent_start}:  # a root for each sentence, as parsers leave it
        raise ValueError(f"sentences of {record['text']!r} are not those of its tree: store it again")
    return ParseCorrections()(doc)


@functools.cache
def _vocab() -> Vocab:
    return spacy.blank("en").vocab


@functools.cache
def parses(name: str) -> Mapping[str, Mapping[str, Any]]:
    """Return the stored parses of `tests/parses/NAME.jsonl`, by text."""
    path = FOLDER / f"{name}.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {record["text"]: record for record in map(json.loads, lines)}


def doc_of(name: str, text: str) -> Doc:
    """Return the stored parse of a text.

    Raises:
        LookupError: it is not stored; the message says how to store it.
    """
    record = parses(name).get(text)
    if record is None:
        raise LookupError(
            f"no parse of {text!r}: run `python tools/store_parses.py {name}`, and commit what it writes"
        )
    return to_doc(record)


def annotated(doc: Doc) -> Doc:
    """Return a stored parse with all layers; the components need no model."""
    for _, component in _components().pipeline:
        doc = component(doc)
    return doc


@functools.cache
def _components() -> Language:
    nlp = spacy.blank("en")
    for name in COMPONENTS:
        nlp.add_pipe(name)
    return nlp


def write(name: str, docs: Iterable[Doc]) -> None:
    """Write `tests/parses/NAME.jsonl` anew, in the order of the texts."""
    records = sorted((to_record(doc) for doc in docs), key=lambda record: record["text"])
    FOLDER.mkdir(exist_ok=True)
    lines = [json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n" for record in records]
    (FOLDER / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
