"""Give a trained fast pipeline other word vectors, its CNN reading them as it read its own.

    python scripts/swap_vectors.py en_claimtable_fast work/vectors work/swapped

What ``word_vectors.py`` makes of the same texts and other lists of words lies along other axes. A linear map from the
new vectors to the old, fitted by least squares on the frequent words, is multiplied into the layer that reads them, so
that a training can go on where it was. What it writes is for ``paths.start`` of ``configs/fast.cfg``.
"""

import argparse
from pathlib import Path
from typing import Any

import numpy
import spacy
from spacy.vectors import Vectors

FITTED_ON = 12_000
"""Rows of the new table to fit on: the words that have a row of their own."""


def fit_map(old: Vectors, new: Vectors) -> numpy.ndarray[Any, Any]:
    """Return the matrix that takes a new vector to the old one of the same word."""
    words = [word for word, row in new.key2row.items() if row < FITTED_ON and word in old.key2row]
    inputs = new.data[[new.key2row[word] for word in words]]
    outputs = old.data[[old.key2row[word] for word in words]]
    matrix, *_ = numpy.linalg.lstsq(inputs, outputs, rcond=None)
    explained = 1 - numpy.square(outputs - inputs @ matrix).sum() / numpy.square(outputs).sum()
    print(f"the map explains {explained:.3f} of the old vectors of {len(words)} words")
    return matrix


def swap_vectors(start: Path, vectors: Path, output: Path) -> None:
    """Write the pipeline with the new vectors."""
    nlp, source = spacy.load(start), spacy.load(vectors).vocab
    matrix = fit_map(nlp.vocab.vectors, source.vectors)
    for node in nlp.get_pipe("tok2vec").model.walk():
        if node.name == "static_vectors":
            node.set_param("W", numpy.ascontiguousarray(node.get_param("W") @ matrix.T, dtype="float32"))
    for word in source.vectors:
        nlp.vocab.strings.add(source.strings[word])
    nlp.vocab.vectors = source.vectors
    nlp.to_disk(output)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("start", type=Path, help="folder of a trained fast pipeline")
    parser.add_argument("vectors", type=Path, help="what word_vectors.py wrote")
    parser.add_argument("output", type=Path, help="pipeline folder to write")
    args = parser.parse_args()
    swap_vectors(args.start, args.vectors, args.output)


if __name__ == "__main__":
    main()
