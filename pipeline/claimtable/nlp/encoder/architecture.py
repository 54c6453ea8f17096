"""The spaCy tok2vec architecture over the encoder.

    encoder (mean over a token's pieces) ┐
                                         ├ concatenate → maxout + layer norm → window of one token on each side
    hashed SHAPE, PREFIX, SUFFIX         ┘

The encoder is uncased; the hashed features bring the case back.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy
from numpy.typing import NDArray
from spacy.ml.models.tok2vec import MaxoutWindowEncoder, MultiHashEmbed
from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import Maxout, Model, chain, concatenate, list2ragged, ragged2list, with_array
from thinc.model import deserialize_attr, serialize_attr

from claimtable.nlp.encoder.chunks import Chunk, cut_chunks
from claimtable.nlp.encoder.session import EncoderWeights, OnnxEncoder, import_onnxruntime

ARCHITECTURE = "claimtable.OnnxEncoder.v1"
"""Its name in a pipeline's config."""

PROBED = "claimtable_probed"
"""Key of `Doc.user_data` under which the encoder leaves a number per token, if its attribute `probe` (a vector) is set."""

FEATURES = ("SHAPE", "PREFIX", "SUFFIX")


class Trainable(Protocol):
    """What stands in the encoder's place during training: the same vectors with a way back."""

    def encode(
        self, docs: Sequence[Doc], is_train: bool
    ) -> tuple[NDArray[numpy.float32], Callable[[Any], None]]:
        """Return vectors of all tokens (tokens × width) and a function that takes their gradient."""


def token_chunks(
    doc: Doc, encoder: OnnxEncoder, max_pieces: int
) -> tuple[list[tuple[int, ...]], list[Chunk]]:
    """Return the piece ids per token of a document, and its windows."""
    # Annotated, as releases of numpy disagree on what `tolist` gives.
    orths: Any = doc.to_array("ORTH").tolist()
    pieces = encoder.tokenizer.tokenize_all(orths, doc.vocab.strings)
    words = [token.text for token in doc]
    return pieces, cut_chunks(words, [len(ids) for ids in pieces], max_pieces)


def encode_doc(doc: Doc, encoder: OnnxEncoder, *, width: int, max_pieces: int) -> NDArray[numpy.float32]:
    """Return vectors of a document's tokens, tokens × width: the mean over each token's pieces, zero where it has none."""
    vectors = numpy.zeros((len(doc), width), dtype=numpy.float32)
    if not len(doc):
        return vectors
    pieces, chunks = token_chunks(doc, encoder, max_pieces)
    for chunk in chunks:
        ids: list[int] = []
        rows: list[int] = []
        starts: list[int] = []
        lengths: list[int] = []
        for index in range(chunk.start, chunk.end):
            own = pieces[index]
            if own:
                rows.append(index)
                starts.append(len(ids))
                lengths.append(len(own))
                ids.extend(own)
        if not ids:
            continue
        output = encoder.run(ids)
        if len(rows) == len(ids):
            vectors[rows] = output
        else:
            sums = numpy.add.reduceat(output, starts, axis=0)
            vectors[rows] = sums / numpy.asarray(lengths, dtype=numpy.float32)[:, None]
    return vectors


def forward(
    model: Model[Any, Any], docs: list[Doc], is_train: bool
) -> tuple[Any, Callable[[Any], list[Doc]]]:
    """Return vectors of each document (tokens × width), and the way back, which ends here."""
    trainable: Trainable | None = model.attrs.get("trainable")
    if trainable is not None:
        return forward_trainable(trainable, docs, is_train)
    encoder: OnnxEncoder = model.attrs["encoder"]
    width = model.get_dim("nO")
    max_pieces: int = model.attrs["max_pieces"]

    def backprop(gradients: Any) -> list[Doc]:
        # An exported encoder is fixed; the layers after it may still be trained.
        return docs

    vectors = [encode_doc(doc, encoder, width=width, max_pieces=max_pieces) for doc in docs]
    probe = model.attrs.get("probe")
    if probe is not None:
        for doc, own in zip(docs, vectors, strict=True):
            # Row by row the same whatever the number of rows: a product of matrices would not be.
            doc.user_data[PROBED] = numpy.einsum("ij,j->i", own, probe)
    return vectors, backprop


def forward_trainable(
    trainable: Trainable, docs: list[Doc], is_train: bool
) -> tuple[Any, Callable[[Any], list[Doc]]]:
    """As `forward`, with an encoder that learns."""
    flat, take_gradient = trainable.encode(docs, is_train)
    ends = numpy.cumsum([len(doc) for doc in docs])[:-1]

    def backprop(gradients: Any) -> list[Doc]:
        take_gradient(numpy.concatenate(gradients))
        return docs

    return [numpy.ascontiguousarray(part) for part in numpy.split(flat, ends)], backprop


def encoder_layer(*, width: int, max_pieces: int, threads: int) -> Model[Any, Any]:
    """Return the encoder as a thinc layer. Its attribute `encoder` holds the weights, which are saved with the model."""
    return Model(
        "claimtable_encoder",
        forward,
        dims={"nO": width},
        attrs={"encoder": OnnxEncoder(threads), "max_pieces": max_pieces},
    )


def onnx_encoder_tok2vec(
    *,
    width: int,
    encoder_width: int,
    embed_width: int,
    embed_rows: list[int],
    maxout_pieces: int,
    window_size: int,
    max_pieces: int,
    threads: int,
) -> Model[Any, Any]:
    """Build the tok2vec layer: a list of documents to a list of arrays, tokens × `width`.

    `width` is that of the output, `encoder_width` that of the encoder (384 for MiniLM), `embed_width` that of the
    hashed features (0: none), whose tables have `embed_rows` rows (SHAPE, PREFIX, SUFFIX). Both are mixed by a
    maxout layer of `maxout_pieces` pieces; then each token sees `window_size` neighbours on either side (0: none).
    `max_pieces` is the longest window of the encoder in pieces without its two marks, `threads` the number of
    threads of one onnxruntime session.
    """
    encoder = encoder_layer(width=encoder_width, max_pieces=max_pieces, threads=threads)
    source: Model[Any, Any] = encoder
    if embed_width:
        features = MultiHashEmbed(
            width=embed_width, attrs=list(FEATURES), rows=embed_rows, include_static_vectors=False
        )
        source = concatenate(encoder, features)
    mix: Model[Any, Any] = Maxout(
        nO=width, nI=encoder_width + embed_width, nP=maxout_pieces, dropout=0.0, normalize=True
    )
    embed: Model[Any, Any] = chain(source, list2ragged(), with_array(mix), ragged2list())
    tok2vec, encode = embed, embed
    if window_size:
        window: Model[Any, Any] = MaxoutWindowEncoder(
            width=width, window_size=window_size, maxout_pieces=maxout_pieces, depth=1
        )
        # Padded, or the first token of a document would see the last one of its neighbour in the batch. (Whether
        # spaCy's layer pads by itself depends on its release.)
        tok2vec, encode = chain(embed, with_array(window, pad=window_size)), window
    tok2vec.set_dim("nO", width)
    tok2vec.set_ref("embed", embed)
    tok2vec.set_ref("encode", encode)
    return tok2vec


# Also an entry point (`spacy_architectures`), so that a saved pipeline loads without importing this package.
registry.architectures.register(ARCHITECTURE, func=onnx_encoder_tok2vec)


def find_encoder_layer(model: Model[Any, Any]) -> Model[Any, Any]:
    """Return the layer with the encoder inside a tok2vec model built by `onnx_encoder_tok2vec`."""
    for node in model.walk():
        if node.name == "claimtable_encoder":
            return node
    raise ValueError(f"the model {model.name!r} holds no claimtable encoder")


@serialize_attr.register(OnnxEncoder)
def serialize_encoder(_: OnnxEncoder, value: OnnxEncoder, name: str, model: Model[Any, Any]) -> bytes:
    return b"" if value.weights is None else value.weights.to_bytes()


@deserialize_attr.register(OnnxEncoder)
def deserialize_encoder(default: OnnxEncoder, value: bytes, name: str, model: Model[Any, Any]) -> OnnxEncoder:
    encoder = OnnxEncoder(default.threads)
    if value:
        # Checked here and not at the first text: a pipeline that cannot run should say so when it is loaded.
        import_onnxruntime()
        encoder.load(EncoderWeights.from_bytes(value))
    return encoder
