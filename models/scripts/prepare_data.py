"""Lay out the training and development corpora of ``en_claimtable_fast``.

Reads the DocBin files of the data folder and writes ``syntax_train``,
``entities_train`` and ``dev`` (``.spacy``), with a ``corpus.json`` that names
every file that went in, its SHA-256, documents, tokens and entities.
"""

import argparse
import hashlib
import json
from collections import Counter
from pathlib import Path

import spacy
from spacy.tokens import Doc, DocBin

SYNTAX = ("ewt_parse_ner", "gum_open_parse_ner")
"""Treebanks: parse, tags, morphology, lemmas."""

ENTITIES = (
    "ewt_parse_ner",
    "gum_open_parse_ner",
    "ner_wikigold",
    "ner_redocred_devtest",
    "ner_crossner",
    "ner_gmb_part_train",
    "ner_re3d_open_train",
)
"""Edited text with PERSON, ORG, LOC, NORP. The social media corpora are left out:
their entities are annotated by looser rules, and the texts look like no article."""

DEV = ("ewt_dev", "gum_open_dev")
"""Scored during training; what is reported comes from the test files."""


def prepare_data(data: Path, output: Path) -> dict[str, dict[str, object]]:
    """Write the three corpora into ``output`` and return what went in."""
    output.mkdir(parents=True, exist_ok=True)
    sources: dict[str, dict[str, object]] = {}
    for name, folder, files in (
        ("syntax_train", "train", SYNTAX),
        ("entities_train", "train", ENTITIES),
        ("dev", "dev", DEV),
    ):
        docs: list[Doc] = []
        for file in files:
            path = data / folder / f"{file}.spacy"
            read = list(DocBin().from_disk(path).get_docs(spacy.blank("en").vocab))
            sources[f"{folder}/{file}"] = describe(path, read)
            docs.extend(read)
        DocBin(docs=docs, store_user_data=False).to_disk(output / f"{name}.spacy")
    (output / "corpus.json").write_text(json.dumps(sources, indent=2) + "\n", encoding="utf8")
    return sources


def describe(path: Path, docs: list[Doc]) -> dict[str, object]:
    """Hash and size of one corpus file; entities are counted by label."""
    entities = Counter(ent.label_ for doc in docs for ent in doc.ents)
    return {
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "documents": len(docs),
        "tokens": sum(len(doc) for doc in docs),
        "parsed": all(doc.has_annotation("DEP") for doc in docs),
        "entities": dict(sorted(entities.items())),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="folder with train/ and dev/ DocBin files")
    parser.add_argument("output", type=Path, help="folder to write, e.g. corpus")
    args = parser.parse_args()
    for name, source in prepare_data(args.data, args.output).items():
        print(f"{name}: {source['documents']} documents, {source['tokens']} tokens")


if __name__ == "__main__":
    main()
