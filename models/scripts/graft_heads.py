"""Put the teacher's heads on the CNN that was taught to see as the teacher does.

    python scripts/graft_heads.py work/tok2vec en_claimtable work/distil/texts work/grafted

What the CNN's vectors (``distil_tok2vec.py``) lack to be the teacher's is, as far as a linear map goes, fitted by
least squares on some of the labelled texts, and multiplied into the first linear layer of each head. Parser and
recogniser are made narrower, which makes them faster: what goes into their hidden layer is replaced by its principal
components, and the hidden units with the smallest weights are dropped. So the training that follows starts with heads
that can read, and needs a fraction of the texts.
"""

import argparse
from itertools import islice
from pathlib import Path
from typing import Any

import numpy
import spacy
from spacy.language import Language
from spacy.tokens import DocBin
from spacy.training import Example
from thinc.api import Model

SAMPLE = 400
"""Texts of each source to fit the map and the components on."""

HIDDEN_WIDTH = 64
"""Of parser and recogniser; the teacher's is 96."""

Matrix = numpy.ndarray[Any, numpy.dtype[numpy.float32]]
Layer = Model[Any, Any]


def sample_vectors(nlp: Language, folder: Path) -> tuple[Matrix, Matrix]:
    """Return the CNN's vectors of some tokens, and the teacher's."""
    own, teachers = [], []
    for path in sorted(folder.glob("*.spacy")):
        vectors = numpy.load(path.with_suffix(".npy"), mmap_mode="r")
        start = 0
        for doc in islice(DocBin().from_disk(path).get_docs(nlp.vocab), SAMPLE):
            wanted = vectors[start : start + len(doc)]
            start += len(doc)
            made = nlp.make_doc(doc.text)
            if len(made) == len(wanted):
                own.append(nlp.get_pipe("tok2vec").predict([made])[0])
                teachers.append(wanted.astype("float32"))
    return numpy.concatenate(own), numpy.concatenate(teachers)


def fit_map(own: Matrix, teachers: Matrix) -> tuple[Matrix, Matrix]:
    """Return the matrix and the offset that take the CNN's vectors to the teacher's."""
    padded = numpy.pad(own, ((0, 0), (0, 1)), constant_values=1)
    solution, *_ = numpy.linalg.lstsq(padded, teachers, rcond=None)
    residue = numpy.square(teachers - padded @ solution).sum()
    total = numpy.square(teachers - teachers.mean(axis=0)).sum()
    print(f"the map explains {1 - residue / total:.3f} of the teacher's vectors, on {len(own)} tokens")
    return solution[:-1].T, solution[-1]


def graft_heads(nlp: Language, teacher: Language, own: Matrix, teachers: Matrix) -> None:
    """Add every component of the teacher that reads its vectors, with the map in its first layer."""
    matrix, offset = fit_map(own, teachers)
    for name in teacher.pipe_names:
        if name == "tok2vec":
            continue
        head = teacher.get_pipe(name).model
        first = head.get_ref("softmax") if head.has_ref("softmax") else projection(head)
        weight, bias = first.get_param("W"), first.get_param("b")
        set_params(first, W=weight @ matrix, b=bias + weight @ offset)
        if head.has_ref("lower"):
            add_narrow(nlp, teacher, name, own)
        else:
            nlp.add_pipe(name, source=teacher)


def projection(head: Layer) -> Layer:
    """Return the linear layer between the tok2vec and the hidden layer of a transition-based head."""
    return next(node for node in head.get_ref("tok2vec").walk() if node.name == "linear")


def add_narrow(nlp: Language, teacher: Language, name: str, own: Matrix) -> None:
    """Add a parser or recogniser of ``HIDDEN_WIDTH`` with what of the teacher's weights fits in."""
    old = teacher.get_pipe(name)
    config = teacher.get_pipe_config(name)
    config["model"]["hidden_width"] = HIDDEN_WIDTH
    new = nlp.add_pipe(config.pop("factory"), name=name, config=config)
    sample = Example(nlp.make_doc("A first text."), nlp.make_doc("A first text."))
    new.initialize(lambda: [sample], nlp=nlp, labels=old.label_data)
    if new.move_names != old.move_names:
        raise ValueError(f"The {name}'s transitions come in another order")
    first, lower, upper = projection(old.model), old.model.get_ref("lower"), old.model.get_ref("upper")
    hidden = own @ first.get_param("W").T + first.get_param("b")
    mean = hidden.mean(axis=0)
    _, axes = numpy.linalg.eigh((hidden - mean).T @ (hidden - mean))
    axes = axes[:, ::-1][:, :HIDDEN_WIDTH]
    set_params(
        projection(new.model), W=axes.T @ first.get_param("W"), b=axes.T @ (first.get_param("b") - mean)
    )
    weights, out = (
        lower.get_param("W"),
        upper.get_param("W"),
    )  # features × units × pieces × inputs; classes × units
    size = numpy.linalg.norm(out - out.mean(axis=0), axis=0) * numpy.sqrt(
        numpy.square(weights).sum((0, 2, 3))
    )
    kept = numpy.sort(numpy.argsort(size)[::-1][:HIDDEN_WIDTH])
    # What the mean contributed is a constant, but not where a feature has no token and the padding stands for it.
    constant = weights @ mean
    set_params(
        new.model.get_ref("lower"),
        W=(weights @ axes)[:, kept],
        b=(lower.get_param("b") + constant.sum(axis=0))[kept],
        pad=(lower.get_param("pad") - constant[None])[:, :, kept],
    )
    set_params(new.model.get_ref("upper"), W=out[:, kept], b=upper.get_param("b"))


def set_params(layer: Layer, **values: Matrix) -> None:
    for name, value in values.items():
        if layer.get_param(name).shape != value.shape and layer.name == "precomputable_affine":
            raise ValueError(f"{name} of {layer.name} is {value.shape}, not {layer.get_param(name).shape}")
        layer.set_param(name, numpy.ascontiguousarray(value, dtype="float32"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("student", type=Path, help="what distil_tok2vec.py wrote")
    parser.add_argument("teacher", help="folder of a trained pipeline")
    parser.add_argument("texts", type=Path, help="texts/ of what distil.py wrote")
    parser.add_argument("output", type=Path, help="pipeline folder to write")
    args = parser.parse_args()
    nlp = spacy.load(args.student)
    graft_heads(nlp, spacy.load(args.teacher), *sample_vectors(nlp, args.texts))
    nlp.to_disk(args.output)


if __name__ == "__main__":
    main()
