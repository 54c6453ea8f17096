"""Check-worthiness: the word model adds up, and the reasons of a row move its score as they say."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.lang.en import English
from spacy.tokens import Doc

from claimtable.errors import RuleError
from claimtable.nlp import pipeline
from claimtable.nlp.check_worthiness import REASONS, future, model, reasons
from claimtable.nlp.check_worthiness.columns import models
from claimtable.nlp.check_worthiness.model import contributions, features, log_odds, probability


def test_figures_and_years_are_one_feature_each():
    assert features("In 2008 it was 97.5") == features("In 1999 it was 12,000")
    assert features("a 2008").count("<year>") == 1
    assert features("a 97").count("<number>") == 1


@settings(deadline=None)
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


VOCAB = English().vocab
WORDS = (
    "The",
    "cost",
    "cost",
    "of",
    "living",
    "rose",
    "2.5",
    "%",
    "in",
    "2019",
    "qx’s",
    "next",
    "year",
    "\n",
)
TAGS = ("DT", "NN", "IN", "VBD", "CD", "JJ", "unheard-of")


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(TAGS)), min_size=1, max_size=30),
            st.lists(
                st.sampled_from(["prediction.modal.will@1", "prediction.verb.expect@1", None]), max_size=2
            ),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_all_sentences_at_once_score_as_one_by_one(sentences):
    words, tags = zip(*(pair for sentence, _ in sentences for pair in sentence), strict=True)
    lemmas = [word.lower() for word in words]
    doc = Doc(VOCAB, words=words, tags=tags, lemmas=lemmas, deps=["dep"] * len(words), heads=[0] * len(words))
    ranges, end = [], 0
    for sentence, _ in sentences:
        ranges.append((end, end := end + len(sentence)))
    texts = [doc[a:b].text for a, b in ranges]
    rules = [rules for _, rules in sentences]
    checked, ahead = models().log_odds(doc, ranges, texts, rules)
    assert checked == pytest.approx([log_odds(features(text)) for text in texts])
    blocks = [
        future.features(
            features(text),
            [lemmas[i] for i in range(a, b) if not words[i].isspace()],
            [tags[i] for i in range(a, b) if not words[i].isspace()],
            found,
        )
        for (a, b), text, found in zip(ranges, texts, rules, strict=True)
    ]
    assert ahead == pytest.approx([future.log_odds(block) for block in blocks])


def test_a_long_sentence_is_judged_by_its_beginning():
    def odds(end):
        words = [*["whatever"] * future.MAX_TOKENS, "\n", *end]
        doc = Doc(VOCAB, words=words, tags=["NN"] * len(words), lemmas=words)
        return models().log_odds(doc, [(0, len(words))], [doc.text], [[]])

    assert odds(["will", "rise"]) == odds(["fell", "off"])


def test_a_damaged_line_of_the_weights_is_named(monkeypatch, tmp_path):
    (tmp_path / "some.tsv").write_text("# words\n<intercept>\t1\t0.5\nrise\t2\n\nfall\t2\t3\t4\n", "utf-8")
    monkeypatch.setattr(model.resources, "files", lambda _: tmp_path)
    with pytest.raises(RuleError, match=r"some\.tsv line 3 is damaged"):
        model.read_weights("some.tsv")


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
