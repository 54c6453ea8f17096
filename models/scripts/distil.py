"""Label raw texts with a teacher pipeline, for the fast one to learn from.

Writes, below one folder, what the later steps of the fast pipeline read:

- ``texts/NAME.spacy`` with ``texts/NAME.npy``: the texts of each source, and the teacher's vector of each token
  (the output of its tok2vec, half precision, one row a token in the order of the documents), for
  ``word_vectors.py`` and ``distil_tok2vec.py``;
- ``train/NAME.spacy``: the treebanks, twice (``NAME_2.spacy``); the entity corpora with the teacher's parse; the raw
  texts with the teacher's parse and entities;
- ``last/NAME.spacy``: the same with a quarter of the raw texts.

``spacy train`` reads every ``.spacy`` file below a folder as one corpus. A source whose vectors are there is not
labelled again, so that a run that was stopped goes on.
"""

import argparse
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy
import spacy
from prepare_data import ENTITIES, SYNTAX
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span

BATCH_SIZE = 256
"""Paragraphs per batch of the teacher."""

MIN_WORDS = 4
"""Words (separated by whitespace) of the shortest paragraph that is labelled:
below are bylines, datelines and the leavings of page furniture."""

MAX_WORDS = 400
"""Words of the longest paragraph that is labelled: beyond are tables and lists."""

TEXT_FIELDS = ("text", "original_text")
"""Where a line of JSONL has its text; the first one present is taken."""

ATTRS = ("TAG", "POS", "MORPH", "LEMMA", "HEAD", "DEP", "SENT_START", "ENT_IOB", "ENT_TYPE", "SPACY")

PART_TOKENS = 120
"""Tokens of the longest piece of whole sentences that is trained on at once. With pieces of about one length the
parser need not cut its batches itself, which takes it a fifth of the training time."""

RAW_OF = 4
"""One in so many pieces of the raw texts is trained on at last, when what people annotated is to count most."""

TREEBANK_COPIES = 2
"""With one, the trees that people made would be a seventh of what is trained on."""


def distil(teacher: str, data: Path, texts: list[Path], output: Path, *, words: int | None) -> dict[str, int]:
    """Write the folders; return the tokens of each source.

    ``data`` is the folder of the gold corpora; ``words`` bounds what is taken of each file of ``texts`` (None: all).
    """
    nlp = spacy.load(teacher)
    for folder in ("texts", "train", "last"):
        (output / folder).mkdir(parents=True, exist_ok=True)
    tokens = {}
    seen: set[str] = set()
    for path in texts:
        paragraphs = first_words(read_paragraphs(path, seen), words)
        docs = label(nlp, (nlp.make_doc(text) for text in paragraphs), output / "texts" / path.stem)
        write_docs(output / "train" / f"{path.stem}.spacy", parts(docs))
        write_docs(output / "last" / f"{path.stem}.spacy", islice(parts(docs), 0, None, RAW_OF))
        tokens[path.stem] = sum(map(len, docs))
    for name in dict.fromkeys((*SYNTAX, *ENTITIES)):
        golds = read_gold(nlp, data / "train" / f"{name}.spacy")
        docs = label(nlp, (nlp.make_doc(gold.text) for gold in golds), output / "texts" / name)
        tokens[name] = sum(map(len, docs))
        if name not in SYNTAX:
            golds = [with_entities(doc, gold) for doc, gold in zip(docs, golds, strict=True)]
        for copy in range(1, 1 + (TREEBANK_COPIES if name in SYNTAX else 1)):
            suffix = f"_{copy}" if copy > 1 else ""
            for folder in ("train", "last"):
                write_docs(output / folder / f"{name}{suffix}.spacy", parts(golds))
    return tokens


def label(nlp: Language, texts: Iterable[Doc], path: Path) -> list[Doc]:
    """Return the texts with the teacher's annotation, which is kept beside ``path``."""
    saved, vectors = path.with_suffix(".spacy"), path.with_suffix(".npy")
    if not vectors.exists():
        docs = list(nlp.pipe(texts, batch_size=BATCH_SIZE))
        write_docs(saved, docs)
        numpy.save(vectors, numpy.concatenate([doc.tensor for doc in docs]).astype("float16"))
    return list(DocBin().from_disk(saved).get_docs(nlp.vocab))


def with_entities(doc: Doc, gold: Doc) -> Doc:
    """Return the text with the entities of ``gold``; the tokens of one that the tokenizer cuts otherwise are missing values."""
    named: list[Span] = []
    unclear: list[Span] = []
    for ent in gold.ents:
        span = doc.char_span(ent.start_char, ent.end_char, ent.label_)
        if span is not None:
            named.append(span)
        else:
            around = doc.char_span(ent.start_char, ent.end_char, alignment_mode="expand")
            unclear.extend([around] if around is not None else [])
    taken = {token.i for span in named for token in span}
    missing = [doc[token.i : token.i + 1] for span in unclear for token in span if token.i not in taken]
    doc.set_ents(named, missing=list(dict.fromkeys(missing)), default="outside")
    return doc


def parts(docs: Iterable[Doc]) -> Iterator[Doc]:
    """Return the documents, long ones in pieces of whole sentences."""
    for doc in docs:
        start = 0
        for sentence in doc.sents:
            if sentence.end - start > PART_TOKENS and sentence.start > start:
                yield doc[start : sentence.start].as_doc()
                start = sentence.start
        yield doc[start:].as_doc() if start else doc


def write_docs(path: Path, docs: Iterable[Doc]) -> None:
    DocBin(attrs=ATTRS, docs=docs).to_disk(path)


def read_paragraphs(path: Path, seen: set[str]) -> Iterator[str]:
    """Return the paragraphs of every text of a JSONL file, but those ``seen``, to which they are added."""
    with path.open(encoding="utf8") as lines:
        for line in lines:
            record = json.loads(line)
            text = next((record[field] for field in TEXT_FIELDS if field in record), "")
            for paragraph in text.splitlines():
                words = len(paragraph.split())
                if MIN_WORDS <= words <= MAX_WORDS and paragraph not in seen and not paragraph.isupper():
                    seen.add(paragraph)
                    yield paragraph.strip()


def first_words(texts: Iterable[str], words: int | None) -> Iterator[str]:
    """Return the texts up to so many words (separated by whitespace); None: all."""
    taken = 0
    for text in texts:
        if words is not None and taken >= words:
            return
        taken += len(text.split())
        yield text


def read_gold(nlp: Language, path: Path) -> list[Doc]:
    return [doc for doc in DocBin().from_disk(path).get_docs(nlp.vocab) if doc.text.strip()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("teacher", help="folder of a trained pipeline with the same labels")
    parser.add_argument("data", type=Path, help="folder of the gold corpora, with train/")
    parser.add_argument("output", type=Path, help="folder to write, with texts/, train/ and last/")
    parser.add_argument("texts", type=Path, nargs="+", help="JSONL files of raw text")
    parser.add_argument("--words", type=int, help="words to take of each file (default: all)")
    args = parser.parse_args()
    tokens = distil(args.teacher, args.data, args.texts, args.output, words=args.words)
    for name, count in tokens.items():
        print(f"{name}: {count} tokens")


if __name__ == "__main__":
    main()
