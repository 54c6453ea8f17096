"""Make the static vectors of the fast pipeline: Brown clusters beside what the teacher knows of a word.

    python scripts/word_vectors.py ../../shared/data/language/brown64 en_claimtable work/distil/texts work/vectors

The teacher's half of a word's vector is the mean of its tok2vec vectors over the labelled texts (``distil.py``),
drawn towards what a linear map predicts from the word encoded alone, which is all there is for a word that the
texts lack. Principal components make it narrow. Frequent words have a row of their own; the others share rows, found
by k-means over both halves, so that a vocabulary of many times the rows fits.

The words are those of spacy-lookups-data that have a Brown cluster, its most frequent capitalised ones besides, and
of the texts those that occur twice. A word that occurs once and stands in no list has no vector, as many a name in a new
text: so the training sees what such words look like.
"""

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy
import spacy
from sklearn.cluster import MiniBatchKMeans
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.util import minibatch
from spacy.vectors import Vectors

WIDTH = 64
"""Of the teacher's half."""

PRIOR = 4.0
"""Occurrences that the prediction from the word alone counts for, against the mean over the texts."""

MAPPED_FROM = 8
"""Occurrences of the words from which the map is learned."""

RIDGE = 10.0
"""Penalty of the map, in words."""

SCALE = 0.25
"""Root mean square of the teacher's half; that of the Brown half is the same."""

NAMES = 100_000
"""Capitalised words without a Brown cluster."""

CAPITALISED = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

MIN_COUNT = 2
"""Occurrences in the texts of a word that stands in no list and yet has a vector."""

BATCH_SIZE = 512
"""Words per call of the teacher."""

Matrix = numpy.ndarray[Any, numpy.dtype[numpy.float32]]


def read_lookups(name: str) -> dict[str, float]:
    """Return a table of spacy-lookups-data: a number for each word."""
    path = files("spacy_lookups_data") / "data" / f"en_lexeme_{name}.json.gz"
    table: dict[str, float] = json.loads(gzip.decompress(path.read_bytes()))
    return table


def known_words() -> list[str]:
    """Return the words of spacy-lookups-data that have a Brown cluster, and the most frequent capitalised ones besides."""
    clustered = {word for word, cluster in read_lookups("cluster").items() if cluster}
    names = [
        (-probability, word)
        for word, probability in read_lookups("prob").items()
        if word[:1].isupper() and word not in clustered and CAPITALISED.fullmatch(word)
    ]
    return [*sorted(clustered), *(word for _, word in sorted(names)[:NAMES])]


def read_texts(nlp: Language, folder: Path) -> Iterator[tuple[list[str], Matrix]]:
    """Return the words of each source and the teacher's vectors of them."""
    for path in sorted(folder.glob("*.spacy")):
        words = [token.text for doc in DocBin().from_disk(path).get_docs(nlp.vocab) for token in doc]
        yield words, numpy.load(path.with_suffix(".npy"))


def mean_vectors(nlp: Language, folder: Path) -> tuple[Counter[str], dict[str, int], Matrix]:
    """Return occurrences of each word, its row, and the rows: means over the texts."""
    counts: Counter[str] = Counter()
    rows: dict[str, int] = {}
    width = nlp.get_pipe("tok2vec").model.get_dim("nO")
    sums = numpy.zeros((0, width), dtype="float32")
    for words, vectors in read_texts(nlp, folder):
        counts.update(words)
        places = numpy.array([rows.setdefault(word, len(rows)) for word in words])
        sums = numpy.pad(sums, ((0, len(rows) - len(sums)), (0, 0)))
        order = numpy.argsort(places, kind="stable")
        found, starts = numpy.unique(places[order], return_index=True)
        sums[found] += numpy.add.reduceat(vectors[order].astype("float32"), starts, axis=0)
    numbers = numpy.array([counts[word] for word in rows], dtype="float32")
    return counts, rows, sums / numbers[:, None]


def encode_alone(nlp: Language, words: list[str]) -> Matrix:
    """Return the teacher's vector of each word as a text of its own."""
    tok2vec = nlp.get_pipe("tok2vec")
    parts = [
        numpy.concatenate(tok2vec.predict([Doc(nlp.vocab, words=[word]) for word in batch]))
        for batch in minibatch(words, BATCH_SIZE)
    ]
    return numpy.concatenate(parts).astype("float32")


def teacher_vectors(nlp: Language, folder: Path, extra: list[str]) -> tuple[list[str], Counter[str], Matrix]:
    """Return every word, its occurrences in the texts, and the teacher's vectors, in full width."""
    counts, rows, means = mean_vectors(nlp, folder)
    listed = set(extra)
    words = [word for word in rows if counts[word] >= MIN_COUNT or word in listed]
    words += [word for word in dict.fromkeys(extra) if word not in rows]
    words = [word for word in words if word.strip()]
    numbers = numpy.array([counts[word] for word in words], dtype="float32")
    alone = encode_alone(nlp, words)
    often = numbers >= MAPPED_FROM
    inputs = numpy.hstack([alone, numpy.ones((len(alone), 1), dtype="float32")])
    targets = numpy.zeros_like(alone)
    seen = numbers > 0
    targets[seen] = means[[rows[word] for word, count in zip(words, numbers, strict=True) if count]]
    known = inputs[often]
    penalty = RIDGE * numpy.eye(known.shape[1], dtype="float32")
    slopes = numpy.linalg.solve(known.T @ known + penalty, known.T @ targets[often])
    predicted = inputs @ slopes
    residue = numpy.square(predicted[often] - targets[often]).sum()
    total = numpy.square(targets[often] - targets[often].mean(axis=0)).sum()
    print(f"{len(words)} words, {seen.sum()} in the texts; the map explains {1 - residue / total:.3f}")
    vectors = (numbers[:, None] * targets + PRIOR * predicted) / (numbers[:, None] + PRIOR)
    return words, counts, vectors.astype("float32")


def narrow(vectors: Matrix, weights: Matrix, width: int) -> Matrix:
    """Return the first principal components, on the scale of the Brown half."""
    centred = vectors - numpy.average(vectors, axis=0, weights=weights)
    _, axes = numpy.linalg.eigh((centred * weights[:, None]).T @ centred)
    result = centred @ axes[:, ::-1][:, :width]
    print(f"{width} components keep {numpy.square(result).sum() / numpy.square(centred).sum():.3f}")
    return (SCALE * result / numpy.sqrt(numpy.square(result).mean())).astype("float32")


def make_table(
    words: list[str], counts: Counter[str], vectors: Matrix, *, own: int, shared: int, seed: int
) -> tuple[Matrix, list[int]]:
    """Return the rows, and the row of each word: ``own`` rows for the most frequent words, ``shared`` for the others."""
    order = sorted(range(len(words)), key=lambda index: -counts[words[index]])
    first, rest = order[:own], order[own:]
    kmeans = MiniBatchKMeans(
        shared,
        random_state=seed,
        batch_size=8192,
        init="random",
        n_init=1,
        max_iter=12,
        max_no_improvement=None,
    )
    labels = kmeans.fit_predict(vectors[rest])
    rows = [0] * len(words)
    for row, index in enumerate(first):
        rows[index] = row
    for label, index in zip(labels, rest, strict=True):
        rows[index] = own + int(label)
    return numpy.concatenate([vectors[first], kmeans.cluster_centers_.astype("float32")]), rows


def make_vectors(
    brown: Path, teacher: str, texts: Path, output: Path, *, own: int, shared: int, seed: int
) -> None:
    """Write a pipeline without components whose vocabulary has the vectors."""
    nlp = spacy.load(teacher)
    words, counts, vectors = teacher_vectors(nlp, texts, known_words())
    numbers = numpy.array([counts[word] for word in words], dtype="float32")
    vectors = narrow(vectors, numpy.log1p(numbers) + 0.1, WIDTH)
    blank = spacy.load(brown)
    clusters = blank.vocab.vectors
    places = clusters.find(keys=[blank.vocab.strings.add(word) for word in words])
    halves = numpy.where(places[:, None] >= 0, clusters.data[places], 0).astype("float32")
    table, rows = make_table(
        words, counts, numpy.hstack([halves, vectors]), own=own, shared=shared, seed=seed
    )
    made = Vectors(strings=blank.vocab.strings, data=table, name="claimtable_words")
    for word, row in zip(words, rows, strict=True):
        made.add(word, row=row)
    blank.vocab.vectors = made
    blank.to_disk(output)
    print(f"{len(words)} words share {len(table)} rows of {table.shape[1]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("brown", type=Path, help="pipeline folder with the vectors of the Brown clusters")
    parser.add_argument("teacher", help="folder of a trained pipeline")
    parser.add_argument("texts", type=Path, help="texts/ of what distil.py wrote")
    parser.add_argument("output", type=Path, help="pipeline folder to write")
    parser.add_argument("--own", type=int, default=12_000, help="rows for the most frequent words")
    parser.add_argument("--shared", type=int, default=8_000, help="rows for the others")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    make_vectors(
        args.brown, args.teacher, args.texts, args.output, own=args.own, shared=args.shared, seed=args.seed
    )


if __name__ == "__main__":
    main()
