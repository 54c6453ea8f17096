"""Lay out the development corpus of ``en_claimtable_fast``, and write down what it is made of.

Writes ``dev.spacy``, and ``corpus.json``, which names every file of the training and the development data, its
SHA-256, documents, tokens and entities.
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
    """Write both files into ``output`` and return what is in the second."""
    output.mkdir(parents=True, exist_ok=True)
    read = {
        f"{folder}/{file}": list(
            DocBin().from_disk(data / folder / f"{file}.spacy").get_docs(spacy.blank("en").vocab)
        )
        for folder, files in (("train", dict.fromkeys((*SYNTAX, *ENTITIES))), ("dev", DEV))
        for file in files
    }
    sources = {name: describe(data / f"{name}.spacy", docs) for name, docs in read.items()}
    dev = [doc for file in DEV for doc in read[f"dev/{file}"]]
    DocBin(docs=dev, store_user_data=False).to_disk(output / "dev.spacy")
    (output / "corpus.json").write_text(json.dumps(sources, indent=2) + "\n", encoding="utf8")
    return sources


def describe(path: Path, docs: list[Doc]) -> dict[str, object]:
    """Return hash and size of one corpus file; entities are counted by label."""
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
