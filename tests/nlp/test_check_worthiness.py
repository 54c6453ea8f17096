"""Check-worthiness: the word model adds up, and the reasons of a row move its score as they say."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtable.nlp import pipeline
from claimtable.nlp.check_worthiness import REASONS, future, reasons
from claimtable.nlp.check_worthiness.model import contributions, features, log_odds, probability


def test_figures_and_years_are_one_feature_each():
    assert features("In 2008 it was 97.5") == features("In 1999 it was 12,000")
    assert features("a 2008").count("<year>") == 1
    assert features("a 97").count("<number>") == 1


@given(
    st.lists(st.sampled_from(["a", "the", "unemployment fell", "3", "percent", "last year", "qx"])).map(
        " ".join
    )
)
def test_contributions_add_up(sentence):
    words = features(sentence)
    total = log_odds([]) + sum(weight for _, weight in contributions(words))
    assert math.isclose(total, log_odds(words), abs_tol=1e-9)


@pytest.mark.parametrize(
    ("checkable", "chatter"),
    [
        ("We have lost 2.6 million jobs since he took office.", "Thank you all very much for coming."),
        ("The deficit doubled between 2008 and 2010.", "I think we should love our neighbours."),
        ("He voted against the bill three times.", "Good evening and welcome."),
    ],
)
def test_checkable_sentences_come_first(checkable, chatter):
    assert probability(log_odds(features(checkable))) > 0.5 > probability(log_odds(features(chatter)))


def test_reasons_of_a_row(claim):
    assert "states a figure with a unit" in reasons(claim)
    assert "can be checked only later" in reasons(claim)
    bare = replace(
        claim, kind="quantitative", value=None, value_low=None, change=None, deadline=None, time_start=None
    )
    assert "states a figure with a unit" not in reasons(bare)
    assert set(reasons(claim)) <= set(REASONS)


@pytest.mark.pipeline
def test_sentences_layer_covers_the_sections(nlp, make_document):
    (doc,) = pipeline.annotate(
        [make_document("Prices rose 5 percent.\n\nThey will fall next year. Hello.")], nlp
    )
    rows = doc._.claimtable_sentences
    assert [r.text for r in rows] == ["Prices rose 5 percent.", "They will fall next year.", "Hello."]
    assert [r.prediction for r in rows] == [False, True, False]
    assert rows[0].check_worthiness > rows[2].check_worthiness


def test_rules_decide_where_words_are_unknown():
    found = future.features(
        features("Zyx qwv."), ["zyx", "qwv", "."], ["NN", "NN", "."], ["prediction.modal.will@1"]
    )
    none = future.features(features("Zyx qwv."), ["zyx", "qwv", "."], ["NN", "NN", "."], [])
    assert future.log_odds(found) > future.log_odds(none)


def test_the_version_of_a_rule_and_its_repetition_do_not_matter():
    once = future.features(
        features("It will."), ["it", "will", "."], ["PRP", "MD", "."], ["prediction.modal.will@1"]
    )
    twice = future.features(
        features("It will."),
        ["it", "will", "."],
        ["PRP", "MD", "."],
        ["prediction.modal.will@2", "prediction.modal.will@1"],
    )
    assert once == twice


@pytest.mark.pipeline
@pytest.mark.parametrize(
    ("text", "ahead"),
    [
        ("By 2040, we will have developed new ways to grow food.", True),
        ("Inflation is expected to fall to 2 percent next year.", True),
        ("The minister is looking to cut spending in the next budget.", True),
        ("The company was founded in 1998 and moved to Leeds in 2004.", False),
        ("She won the race because she had trained every day.", False),
    ],
)
def test_sentences_that_speak_of_the_future(nlp, make_document, text, ahead):
    (doc,) = pipeline.annotate([make_document(text)], nlp)
    assert [row.prediction for row in doc._.claimtable_sentences] == [ahead]
