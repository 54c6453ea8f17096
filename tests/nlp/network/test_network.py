"""The component: what a random network says is written as spaCy wants it, the same whatever runs beside it."""

import dataclasses
import hashlib
import json
import pickle
import random
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_all_start_methods

import numpy as np
import pytest
import spacy
import srsly
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc
from spacy.training import Example
from tiny_network import LABELS, make_pipeline, make_weights

from claimtable.errors import ModelError
from claimtable.nlp.network import FACTORY, Network, NetworkWeights
from claimtable.nlp.network.features import lemma, read_at, rows, word_shape

WORDS = [
    "the",
    "rate",
    "rose",
    "to",
    "3.5",
    "%",
    ",",
    "Mr.",
    "Zed",
    "said",
    ".",
    "It",
    "fell",
    ";",
    "“we”",
    "don't",
    "know",
    "…",
]


def make_texts(count=40):
    draw = random.Random(1)
    return [" ".join(draw.choices([*WORDS, "\n", " "], k=draw.randint(1, 160))) for _ in range(count)]


def annotations(docs):
    return [
        hashlib.sha256(
            (json.dumps(d.to_json(), sort_keys=True) + str(d.tensor.tolist())).encode()
        ).hexdigest()
        for d in docs
    ]


@pytest.fixture(scope="module")
def alone(nlp):
    return annotations(nlp(text) for text in make_texts())


@pytest.mark.parametrize("batch_size", [1, 7, 1000])
def test_batches_do_not_matter(nlp, alone, batch_size):
    assert annotations(nlp.pipe(make_texts()[::-1], batch_size=batch_size))[::-1] == alone


def test_threads_do_not_matter(nlp, alone):
    with ThreadPoolExecutor(4) as pool:
        assert annotations(pool.map(nlp, make_texts())) == alone


@pytest.mark.skipif("fork" not in get_all_start_methods(), reason="no processes that share memory here")
def test_processes_do_not_matter(nlp, alone):
    assert annotations(nlp.pipe(make_texts(), batch_size=10, n_process=2)) == alone


def test_copies_do_not_matter(nlp, alone, tmp_path):
    nlp.to_disk(tmp_path / "saved")
    empty = spacy.blank("en")
    empty.add_pipe(FACTORY)
    for other in (
        pickle.loads(pickle.dumps(nlp)),
        spacy.load(tmp_path / "saved"),
        empty.from_bytes(nlp.to_bytes()),
    ):
        assert annotations(other.pipe(make_texts())) == alone


def test_the_memory_of_words_starts_again(monkeypatch, alone):
    monkeypatch.setattr("claimtable.nlp.network.component.MAX_CACHED", 3)
    assert annotations(make_pipeline().pipe(make_texts())) == alone


def test_strings_of_a_memory_zone_are_not_kept(nlp):
    nlp = make_pipeline()
    for _ in range(2):
        with nlp.memory_zone():
            assert [t.lemma_ for t in nlp("zyxxes qwvved zyxxes")]


PARTS = ("the ", "rose", "Zed ", ". ", "\n", " ", "\u200b", "é", "\ud7ff", "3", "'s ")


@settings(deadline=None, max_examples=80)
@given(st.lists(st.sampled_from(PARTS), max_size=60).map("".join))
def test_any_text_gets_whole_annotations(text):
    nlp = SHARED
    doc = nlp(text)
    assert doc.text == text
    if not len(doc):
        return
    for name in ("TAG", "DEP", "ENT_IOB", "SENT_START"):
        assert doc.has_annotation(name, require_complete=name != "TAG")
    for sentence in doc.sents:
        roots = [t for t in sentence if t.head.i == t.i]
        assert len(roots) == 1
        assert all(t.head in sentence for t in sentence)
        assert all(e.start >= sentence.start and e.end <= sentence.end for e in sentence.ents)
    for token in doc:
        assert not (token.is_space and (token.ent_iob_ == "B" or token.dep_ == "nsubj"))


SHARED = make_pipeline()


def test_white_space_hangs_on_the_word_before(nlp):
    doc = nlp(" \n the rate \n rose")
    spaces = [t for t in doc if t.is_space]
    assert [t.head.i for t in spaces] == [1, 2]
    assert {(t.tag_, t.pos_, t.dep_, t.ent_iob_) for t in spaces} == {("_SP", "SPACE", "dep", "O")}
    assert [t.lemma_ for t in spaces] == [t.text for t in spaces]


def test_sentences_begin_where_they_are_told_to(nlp):
    words = ["the", "rate", "rose", "it", "fell", "again", "we", "know"]
    free, told = Doc(nlp.vocab, words=words), Doc(nlp.vocab, words=words)
    told[3].is_sent_start = told[6].is_sent_start = True
    assert [s.start for s in nlp(free).sents] == [0]
    assert [s.start for s in nlp(told).sents] == [0, 3, 6]


def test_long_texts_are_read_in_windows(nlp):
    text = "the rate rose . " * 200
    doc = nlp(text)
    assert len(list(doc.sents)) > 1
    assert max(len(s) for s in doc.sents) <= 126
    assert doc.tensor.shape == (len(doc), 2)


def test_no_words_at_all(nlp):
    assert len(nlp("")) == 0
    assert [t.tag_ for t in nlp(" \n ")] == ["_SP"]


def test_what_it_assigns_is_declared(nlp):
    meta = nlp.get_pipe_meta(FACTORY)
    assert {"token.tag", "token.dep", "token.lemma", "doc.ents", "doc.sents"} <= set(meta.assigns)
    assert set(nlp.pipe_labels[FACTORY]) == {*LABELS["deps"], "ORG"}


def test_its_scores_are_those_of_spacy(nlp):
    doc = nlp("the rate rose to 3.5 .")
    found = nlp.evaluate([Example(nlp.make_doc(doc.text), doc)])
    for name in ("tag_acc", "pos_acc", "morph_acc", "lemma_acc", "dep_las", "sents_f"):
        assert found[name] == 1.0


@pytest.mark.parametrize(
    ("form", "edit", "keep_case", "expected"),
    [
        ("Ministries", "3/y", False, "ministry"),
        ("Obama", "0/", True, "Obama"),
        ("is", "9/be", False, "is"),
        ("were", "3/as", False, "was"),
        ("3/4", "0/", False, "3/4"),
    ],
)
def test_lemmas(form, edit, keep_case, expected):
    assert lemma(form, edit, keep_case=keep_case) == expected


@pytest.mark.parametrize(
    ("pieces", "piece"),
    [
        (["-", "2", ".", "3"], 1),
        (["+", "1", ",", "500"], 1),
        (["\u2212", "##0", ".", "4"], 1),
        (["[UNK]", "1", ".", "4"], 1),
        (["2", ".", "3"], 0),
        (["'", "s"], 0),
        (["re", "##fin", "##ance"], 0),
        (["2010", "-", "12"], 0),
        (["-"], 0),
    ],
)
def test_a_number_with_a_sign_is_read_at_its_digits(pieces, piece):
    assert read_at(pieces) == piece


@pytest.mark.parametrize("sign", ["-", "+", "\u2011", "\u2212", "\u00b1"])
def test_a_sign_is_no_part_of_the_features(sign):
    assert rows(f"{sign}2.3") == rows("2.3")
    assert rows(f"{sign}x") != rows("x")


def test_shapes():
    assert [word_shape(x) for x in ("McDonald", "1,948", "AAAAAA", "don't")] == [
        "XxXxxx",
        "d,ddd",
        "XXX",
        "xxx'x",
    ]


def altered(**changes):
    record = srsly.msgpack_loads(make_weights().to_bytes())
    record.update(changes)
    return srsly.msgpack_dumps({k: v for k, v in record.items() if v is not None})


DATA = make_weights().to_bytes()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (DATA[:-100], "truncated or altered"),
        (b"\x00\x01", "format|truncated"),
        (altered(format="claimtable.network.9"), "claimtable.network.9"),
        (altered(relations=None), "lacks its relations"),
        (altered(labels={}), "lacks its labels"),
        (altered(vocabulary=make_weights().vocabulary.to_text() + "more\n"), "SHA-256"),
        (DATA.replace(b"entities", b"entitles"), "labels"),
    ],
)
def test_damaged_weights(data, message):
    with pytest.raises(ModelError, match=message):
        NetworkWeights.from_bytes(data)


def test_weights_round_trip():
    assert NetworkWeights.from_bytes(DATA) == make_weights()


def test_a_network_without_weights_says_so():
    nlp = spacy.blank("en")
    component = nlp.add_pipe(FACTORY)
    assert component.labels == ()
    with pytest.raises(ModelError, match="no weights"):
        nlp("The rate rose.")


def test_a_graph_that_onnxruntime_refuses():
    broken = Network(spacy.blank("en").vocab)
    broken.load(dataclasses.replace(make_weights(), graph=b"this is no graph"))
    with pytest.raises(ModelError, match="cannot load"):
        broken(Doc(broken.vocab, words=["the"]))


def test_log_odds_of_a_sentence_are_on_each_of_its_words(nlp):
    words = ["the", "rate", "rose", "it", "fell"]
    doc = Doc(nlp.vocab, words=words)
    nlp(doc)
    assert np.isfinite(doc.tensor).all()


def test_the_lexicon_comes_before_the_edits(nlp):
    component = nlp.get_pipe(FACTORY)
    strings = nlp.vocab.strings
    tag, form = strings.add("NN"), strings.add("People")
    number = int(np.uint64(tag).astype(np.int64))
    assert component._lemma(form, 1, number, False) == "person"
    assert component._lemma(form, 1, number, True) == "Peopl"
