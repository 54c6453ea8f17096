"""Label raw texts with a teacher pipeline, for the fast one to learn from.

Writes two training folders beside the gold corpora of ``prepare_data.py``:

- ``syntax/``: the treebanks, and the teacher's parse of the raw texts (with
  ``--parse-corpora`` also of the entity corpora, which have no parse of their own);
- ``entities/``: the entity corpora, and the teacher's entities in the raw texts.

``spacy train`` reads every ``.spacy`` file of a folder as one corpus.
"""

import argparse
import json
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import spacy
from prepare_data import ENTITIES, SYNTAX
from spacy.language import Language
from spacy.tokens import Doc, DocBin

BATCH_SIZE = 256
"""Paragraphs per batch of the teacher."""

MIN_WORDS = 4
"""Words (separated by whitespace) of the shortest paragraph that is labelled:
below are bylines, datelines and the leavings of page furniture."""

MAX_WORDS = 400
"""Words of the longest paragraph that is labelled: beyond are tables and lists."""

TEXT_FIELDS = ("text", "original_text")
"""Where a line of JSONL has its text; the first one present is taken."""

SYNTAX_ATTRS = ("TAG", "POS", "MORPH", "LEMMA", "HEAD", "DEP", "SENT_START", "SPACY")
ENTITY_ATTRS = ("ENT_IOB", "ENT_TYPE", "SPACY")


def distil(
    teacher: str, corpus: Path, texts: list[Path], output: Path, *, words: int | None, corpora: Path | None
) -> dict[str, int]:
    """Write both training folders; return the tokens of each file written.

    A file holds one layer only, so that the other is missing there, not empty.
    ``words`` bounds what is taken of each file of ``texts`` (None: all of it);
    ``corpora`` is the folder of the entity corpora to parse (None: none of them).
    """
    nlp = spacy.load(teacher)
    for folder in ("syntax", "entities"):
        (output / folder).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(corpus / f"{folder}_train.spacy", output / folder / "gold.spacy")
    raw = [
        doc
        for path in texts
        for doc in nlp.pipe(first_words(read_paragraphs(path), words), batch_size=BATCH_SIZE)
    ]
    layers = [("syntax/silver_raw", raw, SYNTAX_ATTRS), ("entities/silver_raw", raw, ENTITY_ATTRS)]
    if corpora:
        parsed = [
            doc
            for name in ENTITIES
            if name not in SYNTAX
            for doc in nlp.pipe(read_docbin(nlp, corpora / f"{name}.spacy"), batch_size=BATCH_SIZE)
        ]
        layers.append(("syntax/silver_parsed", parsed, SYNTAX_ATTRS))
    tokens = {}
    for name, docs, attrs in layers:
        DocBin(attrs=attrs, docs=docs).to_disk(output / f"{name}.spacy")
        tokens[name] = sum(len(doc) for doc in docs)
    return tokens


def read_paragraphs(path: Path) -> Iterator[str]:
    """The paragraphs of every text of a JSONL file, each once over all texts."""
    seen = set()
    with path.open(encoding="utf8") as lines:
        for line in lines:
            record = json.loads(line)
            text = next((record[field] for field in TEXT_FIELDS if field in record), "")
            for paragraph in text.splitlines():
                words = len(paragraph.split())
                if MIN_WORDS <= words <= MAX_WORDS and paragraph not in seen:
                    seen.add(paragraph)
                    yield paragraph.strip()


def first_words(texts: Iterable[str], words: int | None) -> Iterator[str]:
    """The texts up to so many words (separated by whitespace); None: all."""
    taken = 0
    for text in texts:
        if words is not None and taken >= words:
            return
        taken += len(text.split())
        yield text


def read_docbin(nlp: Language, path: Path) -> Iterable[Doc]:
    """The texts of a corpus, tokenized by the pipeline and without their annotation."""
    return (nlp.make_doc(doc.text.strip()) for doc in DocBin().from_disk(path).get_docs(nlp.vocab))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("teacher", help="folder of a trained pipeline with the same labels")
    parser.add_argument("corpus", type=Path, help="what prepare_data.py wrote")
    parser.add_argument("output", type=Path, help="folder to write, with syntax/ and entities/")
    parser.add_argument("texts", type=Path, nargs="+", help="JSONL files of raw text")
    parser.add_argument("--words", type=int, help="words to take of each file (default: all)")
    parser.add_argument("--parse-corpora", type=Path, help="folder of the entity corpora, to parse them too")
    args = parser.parse_args()
    tokens_of = distil(
        args.teacher, args.corpus, args.texts, args.output, words=args.words, corpora=args.parse_corpora
    )
    for name, tokens in tokens_of.items():
        print(f"{name}: {tokens} tokens")


if __name__ == "__main__":
    main()
