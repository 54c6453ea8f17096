"""Write the trained fast pipeline as the folder that is shipped, and make it small.

The strings of the training texts, which spaCy saves with a vocabulary, are left
out: only those that the components need to name their labels and to build
lemmas stay. The saved pipeline must annotate the development texts exactly as
the one in memory does, or nothing is written.
"""

import argparse
import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import spacy
import srsly
from spacy.language import Language
from spacy.pipeline._edit_tree_internals.edit_trees import EditTrees
from spacy.tokens import Doc, DocBin

PROOF_TEXTS = 60
"""Development texts on which the saved pipeline is compared with the original."""


def assemble_pipeline(trained: Path, meta: dict[str, Any], dev: Path, output: Path) -> None:
    """Write the pipeline to ``output``, replacing what is there."""
    nlp = spacy.load(trained)
    nlp.meta.update(meta)
    nlp.meta["performance"] = {}
    clear_training_paths(nlp)
    drop_unused_trees(nlp)
    texts = [doc.text for doc in DocBin().from_disk(dev).get_docs(nlp.vocab)][:PROOF_TEXTS]
    with tempfile.TemporaryDirectory(dir=output.parent) as folder:
        saved = Path(folder) / output.name
        nlp.to_disk(saved)
        strings = sorted(set(needed_strings(nlp)))
        (saved / "vocab" / "strings.json").write_text(
            json.dumps(strings, ensure_ascii=False, indent=0), encoding="utf8"
        )
        check_same(list(nlp.pipe(texts)), list(spacy.load(saved).pipe(texts)))
        if output.exists():
            shutil.rmtree(output)
        saved.rename(output)


def clear_training_paths(nlp: Language) -> None:
    """Drop from the saved config what is of training: corpora, their paths, callbacks."""
    config = nlp.config
    for name in config["paths"]:
        config["paths"][name] = None
    for section in ("corpora", "training"):
        config[section] = {}
    config["initialize"]["vectors"] = None
    config["initialize"]["after_init"] = None
    nlp.config = config


def drop_unused_trees(nlp: Language) -> None:
    """Leave out the edit trees that training looked at and no label names: six MB after a second training.

    Trees are numbered in the order in which they came, a tree after its parts.
    """
    lemmatizer: Any = nlp.get_pipe("trainable_lemmatizer")
    saved = srsly.msgpack_loads(lemmatizer.trees.to_bytes())
    saved["trees"] = saved["trees"][: max(lemmatizer.cfg["labels"]) + 1]
    kept = EditTrees(nlp.vocab.strings)  # from_bytes adds to what a store has
    kept.from_bytes(srsly.msgpack_dumps(saved))
    lemmatizer.trees = kept


def needed_strings(nlp: Language) -> Iterator[str]:
    """Return strings that the components look up by hash: labels, lemma edits, tokenizer norms."""
    for name, component in nlp.pipeline:
        for label in getattr(component, "labels", ()):
            yield str(label)
            yield from str(label).replace("=", "|").split("|")
        for move in getattr(component, "move_names", ()):
            yield move
            yield move.partition("-")[2]
        if hasattr(component, "trees"):
            yield from edit_strings(nlp, component)
        yield name
    for special, tokens in nlp.tokenizer.rules.items():
        yield special
        for token in tokens:
            yield from (value for value in token.values() if isinstance(value, str))


def edit_strings(nlp: Language, lemmatizer: Any) -> Iterator[str]:
    """Return the pieces that the edit trees replace and put in their place."""
    for tree in srsly.msgpack_loads(lemmatizer.trees.to_bytes())["trees"]:
        for field in ("orig", "subst"):
            if field in tree:
                yield nlp.vocab.strings[tree[field]]


def check_same(before: list[Doc], after: list[Doc]) -> None:
    """Raise ValueError unless both lists carry the same annotations."""
    for one, other in zip(before, after, strict=True):
        if one.to_json() != other.to_json():
            raise ValueError(f"The saved pipeline annotates differently: {one.text[:80]!r}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("trained", type=Path, help="what spacy train wrote")
    parser.add_argument("meta", type=Path, help="JSON with name, version, licence, sources")
    parser.add_argument("dev", type=Path, help="DocBin whose texts prove the saved pipeline")
    parser.add_argument("output", type=Path)
    args = parser.parse_args()
    meta = json.loads(args.meta.read_text(encoding="utf8"))
    assemble_pipeline(args.trained, meta, args.dev, args.output)


if __name__ == "__main__":
    main()
