"""The encoder's share of check-worthiness: there with the encoder it was trained for, and else the words alone."""

from __future__ import annotations

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc

from claimtable.nlp import pipeline
from claimtable.nlp.check_worthiness.model import features, log_odds, log_odds_of, probability
from claimtable.nlp.check_worthiness.states import attach, combined, read_states
from claimtable.nlp.encoder.architecture import PROBED

DOC = Doc(spacy.blank("en").vocab, words=["Prices", "rose", "\n", "Hello", "."])


def test_a_sentence_takes_the_mean_of_its_words():
    model = read_states()
    DOC.user_data[PROBED] = np.array([1.0, 3.0, 0.0, 5.0, 7.0], dtype=np.float32)
    found = combined(DOC, [(0, 3), (3, 5)], [0.5, -1.0])
    assert found == pytest.approx(
        [model.intercept + model.words * 0.5 + 2.0, model.intercept - model.words + 6.0]
    )
    assert PROBED not in DOC.user_data


def test_without_states_the_words_decide():
    assert combined(DOC, [(0, 3)], [0.5]) == [0.5]


def test_another_pipeline_gets_no_states():
    nlp = spacy.blank("en")
    attach(nlp)
    nlp.add_pipe("tok2vec")
    attach(nlp)
    assert all(n.attrs.get("probe") is None for n in nlp.get_pipe("tok2vec").model.walk())


@pytest.mark.parametrize("p", [0.0, 0.01, 0.5, 0.99, 1.0])
def test_log_odds_of_a_probability(p):
    assert probability(log_odds_of(p)) == pytest.approx(p, abs=1e-4)


@pytest.mark.pipeline
def test_scores_are_the_same_in_batches_and_pieces(nlp, make_document):
    text = "Unemployment fell to 3.5 percent in 2019. Thank you all for coming.\n\n" * 6
    documents = [make_document(text, id="a"), make_document("He lost.", id="b"), make_document(text, id="c")]

    def scores(**options):
        docs = pipeline.annotate(documents, nlp, **options)
        return [[s.check_worthiness for s in d._.claimtable_sentences] for d in docs]

    together = scores()
    assert together[0] == together[2]
    # Parsed in pieces: other windows, so other vectors, but never the words alone.
    (doc, *_) = pipeline.annotate(documents, nlp, batch_chars=80)
    words = [round(probability(log_odds(features(s.text))), 4) for s in doc._.claimtable_sentences]
    assert all(s.check_worthiness != w for s, w in zip(doc._.claimtable_sentences, words, strict=True))
    first, second = (s.text for s in next(pipeline.annotate(documents[:1], nlp))._.claimtable_sentences[:2])
    assert together[0][0] > 0.5 > together[0][1]
    assert together[0][0] != round(probability(log_odds(features(first))), 4)
    assert together[0][1] != round(probability(log_odds(features(second))), 4)


@pytest.mark.pipeline
def test_nothing_of_the_states_is_left(nlp, make_document):
    (doc,) = pipeline.annotate([make_document("Prices rose 5 percent.")], nlp)
    assert PROBED not in doc.user_data
