import copy
import multiprocessing
import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc
from spacy.vocab import Vocab
from tiny import make_encoder, make_tok2vec

from claimtable.errors import ModelError
from claimtable.nlp.encoder.architecture import ARCHITECTURE, encode_doc, find_encoder_layer

BLANK = spacy.blank("en")
TEXT = "The trade of North Korea in Russia was 13 million . Debt ! The trades and trading … unaffable"


def make_docs(*texts):
    vocab = BLANK.vocab  # with the functions that make the shape, prefix and suffix
    return [Doc(vocab, words=text.split(" ") if text else []) for text in texts]


def predict(model, *texts):
    return model.predict(make_docs(*texts))


@pytest.fixture
def model():
    model = make_tok2vec()
    model.initialize(make_docs(TEXT))
    return model


def test_registered():
    assert spacy.registry.architectures.get(ARCHITECTURE) is not None


def test_mean_over_pieces():
    encoder = make_encoder()
    (doc,) = make_docs("the trades")
    vectors = encode_doc(doc, encoder, width=8, max_pieces=12)
    the, trades = (list(encoder.tokenizer.tokenize(word)) for word in ("the", "trades"))
    output = encoder.run(the + trades)
    assert numpy.allclose(vectors[0], output[0])
    assert numpy.allclose(vectors[1], output[1:].mean(axis=0), atol=1e-6)


def test_tokens_without_pieces_are_zero():
    doc = Doc(Vocab(), words=["the", "\n\n", "trade"], spaces=[False, False, False])
    vectors = encode_doc(doc, make_encoder(), width=8, max_pieces=12)
    assert not vectors[1].any()
    assert vectors[0].any()
    assert vectors[2].any()


def test_shape_dtype_and_empty_docs(model):
    outputs = predict(model, TEXT, "", "the")
    assert [output.shape for output in outputs] == [(len(TEXT.split()), 6), (0, 6), (1, 6)]
    assert all(output.dtype == numpy.float32 for output in outputs)


def test_case_reaches_the_output(model):
    assert not numpy.array_equal(predict(model, "russia")[0], predict(model, "RUSSIA")[0])


def test_neighbours_in_the_batch_do_not_matter(model):
    texts = [TEXT, "", "the debt .", TEXT * 3, "Привет 中国"]
    together = predict(model, *texts)
    for text, expected in zip(texts, together, strict=True):
        assert numpy.array_equal(predict(model, text)[0], expected)


@settings(max_examples=50)
@given(st.text(max_size=200))
def test_any_text(text):
    doc = BLANK(text)
    vectors = encode_doc(doc, make_encoder(), width=8, max_pieces=12)
    assert vectors.shape == (len(doc), 8)
    assert numpy.isfinite(vectors).all()


@pytest.mark.parametrize(
    "words",
    [["trade"] * 5000, ["\n" * 100_000], ["\n", "the"] * 50_000, ["𐎀𐎁"] * 300, ["-" * 100_000], ["😀"] * 300],
    ids=["5,000 words", "100,000 line breaks", "100,000 lines", "cuneiform", "one long token", "emoji"],
)
def test_extreme_documents(words):
    doc = Doc(Vocab(), words=words, spaces=[False] * len(words))
    vectors = encode_doc(doc, make_encoder(), width=8, max_pieces=126)
    assert vectors.shape == (len(words), 8)
    assert numpy.isfinite(vectors).all()


def test_bytes_round_trip(model):
    again = make_tok2vec(filled=False).from_bytes(model.to_bytes())
    assert numpy.array_equal(predict(again, TEXT)[0], predict(model, TEXT)[0])
    assert (
        find_encoder_layer(again).attrs["encoder"].weights
        == find_encoder_layer(model).attrs["encoder"].weights
    )


@pytest.mark.parametrize("make_copy", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
@pytest.mark.parametrize("used", [False, True], ids=["unused", "used"])
def test_encoder_copies(make_copy, used):
    encoder = make_encoder()
    (doc,) = make_docs(TEXT)
    if used:
        encode_doc(doc, encoder, width=8, max_pieces=12)
    again = make_copy(encoder)
    expected = encode_doc(doc, encoder, width=8, max_pieces=12)
    assert numpy.array_equal(encode_doc(doc, again, width=8, max_pieces=12), expected)


def test_without_weights():
    model = make_tok2vec(filled=False)
    with pytest.raises(ModelError, match="no weights"):
        model.predict(make_docs(TEXT))


def test_threads_share_an_encoder(model):
    expected = predict(model, TEXT)[0]
    with ThreadPoolExecutor(8) as pool:
        for result in pool.map(lambda _: predict(model, TEXT)[0], range(64)):
            assert numpy.array_equal(result, expected)


def child(encoder):
    (doc,) = make_docs(TEXT)
    return encode_doc(doc, encoder, width=8, max_pieces=12)


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_other_processes(method):
    encoder = make_encoder()
    expected = child(encoder)  # the session exists before the fork
    with multiprocessing.get_context(method).Pool(2) as pool:
        for result in pool.map(child, [encoder] * 4):
            assert numpy.array_equal(result, expected)


def test_layers_after_the_encoder_can_learn(model):
    docs = make_docs(TEXT)
    outputs, backprop = model.begin_update(docs)
    backprop([numpy.ones_like(output) for output in outputs])
    assert any(node.has_grad(name) for node in model.walk() for name in node.grad_names)
