"""A whole network small enough for unit tests. Its graphs are random: made by `make_tiny_graphs.py`, never trained."""

from pathlib import Path

import spacy

from claimtable.nlp.encoder.wordpiece import Vocabulary
from claimtable.nlp.network import FACTORY, NetworkWeights

FOLDER = Path(__file__).parent
PIECES = (
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    *"abcdefghijklmnopqrstuvwxyz.,0123456789'",
    "the",
    "##s",
    "##ed",
    "rose",
)
LABELS = {
    "tags": ("NN", "VBD", "DT", "CD", "."),
    "morphs": ("NOUN|Number=Sing", "VERB|Tense=Past", "PROPN|", "PUNCT|"),
    "lemmas": ("0/", "1/", "2/", "9/"),
    "deps": ("ROOT", "nsubj", "obj", "det", "punct"),
    "entities": ("B-ORG", "I-ORG", "L-ORG", "O", "U-ORG"),
}


def make_weights() -> NetworkWeights:
    graph, relations = ((FOLDER / f"{x}.onnx").read_bytes() for x in ("tiny", "tiny_relations"))
    return NetworkWeights(
        graph, relations, Vocabulary(PIECES), LABELS, {"NN people": "person"}, "made for tests"
    )


def make_pipeline():
    nlp = spacy.blank("en")
    nlp.add_pipe(FACTORY).load(make_weights())
    return nlp
