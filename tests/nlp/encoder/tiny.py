"""A whole encoder and tok2vec layer small enough for unit tests."""

import hashlib
from pathlib import Path

from claimtable.nlp.encoder.architecture import find_encoder_layer, onnx_encoder_tok2vec
from claimtable.nlp.encoder.session import EncoderWeights, OnnxEncoder
from claimtable.nlp.encoder.wordpiece import Vocabulary

PIECES = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "the",
    "a",
    "of",
    "trade",
    "trad",
    "token",
    "##e",
    "##s",
    "##ing",
    "##ization",
    "russia",
    "north",
    "korea",
    "cafe",
    ".",
    ",",
    "!",
    "$",
    "-",
    "'",
    '"',
    "’",
    "“",
    "”",
    "1",
    "##1",
    "##3",
    ".",
    "…",
    "un",
    "##aff",
    "##able",
    "中",
    "##国",
    "and",
    "in",
    "was",
    "million",
    "said",
    "debt",
]
GRAPH = Path(__file__).with_name("tiny.onnx").read_bytes()
WIDTH = 8


def make_vocabulary() -> Vocabulary:
    return Vocabulary(tuple(dict.fromkeys(PIECES)))


def make_weights() -> EncoderWeights:
    return EncoderWeights(
        GRAPH, make_vocabulary(), WIDTH, hashlib.sha256(GRAPH).hexdigest(), "made for tests"
    )


def make_encoder() -> OnnxEncoder:
    encoder = OnnxEncoder()
    encoder.load(make_weights())
    return encoder


def make_tok2vec(*, filled=True):
    """The architecture in small; `filled` with the tiny encoder."""
    model = onnx_encoder_tok2vec(
        width=6,
        encoder_width=WIDTH,
        embed_width=4,
        embed_rows=[50, 50, 50],
        maxout_pieces=3,
        window_size=1,
        max_pieces=12,
        threads=1,
    )
    if filled:
        find_encoder_layer(model).attrs["encoder"].load(make_weights())
    return model
