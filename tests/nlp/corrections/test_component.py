"""The corrections stand in the `Doc` itself, so that every reader sees the same tree."""

from __future__ import annotations

import pytest
from spacy.lang.en import English
from spacy.tokens import Doc

from claimtable.nlp.corrections import ParseCorrections
from claimtable.nlp.tokens import Tokens

VOCAB = English().vocab
WORDS = ["Its", "roof", "was", "accounted", "for"]


def parsed(**columns) -> Doc:
    return Doc(
        VOCAB,
        words=WORDS,
        tags=["PRP$", "NN", "VBD", "VBN", "IN"],
        pos=["PRON", "NOUN", "AUX", "VERB", "ADP"],
        lemmas=["its", "roof", "be", "accounte", "for"],
        deps=["nsubj", "nsubj:pass", "aux:pass", "root", "obl"],
        heads=[3, 3, 3, 3, 3],
        **columns,
    )


def test_what_is_corrected_stands_in_the_doc():
    doc = ParseCorrections()(parsed())
    assert (doc[0].dep_, doc[0].head.i) == ("nmod:poss", 1)
    assert doc[3].lemma_ == "account"
    assert [t.text for t in doc[1].children] == ["Its"]
    columns = Tokens(doc)
    assert (columns.dep[0], columns.head[0], columns.lemma[3]) == ("nmod:poss", 1, "account")


def test_sentences_and_entities_stay():
    doc = ParseCorrections()(parsed(ents=["O", "B-ORG", "O", "O", "O"]))
    assert [(s.start, s.end) for s in doc.sents] == [(0, 5)]
    assert [e.text for e in doc.ents] == ["roof"]


def test_a_second_time_changes_nothing():
    once = ParseCorrections()(parsed()).to_bytes()
    assert ParseCorrections()(Doc(VOCAB).from_bytes(once)).to_bytes() == once


@pytest.mark.parametrize("missing", ["tags", "parse", "all"])
def test_what_is_not_annotated_is_left_alone(missing):
    doc = Doc(
        VOCAB, words=WORDS, tags=None if missing in ("tags", "all") else ["PRP$", "NN", "VBD", "VBN", "IN"]
    )
    before = doc.to_bytes()
    assert ParseCorrections()(doc).text == doc.text
    if missing != "parse":
        assert doc.to_bytes() == before


@pytest.mark.pipeline
def test_the_pipeline_corrects_right_behind_the_parser(nlp):
    names = nlp.pipe_names
    assert names.index("claimtable_parse_corrections") == names.index("ner") + 1
