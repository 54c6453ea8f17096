"""The bound on runs of punctuation: linear time, and no other text is tokenized otherwise."""

import pytest
import spacy
from tests.timing import assert_within

from claimtable.nlp import pipeline
from claimtable.nlp.tokenizer import RUN, bound_runs, split_citations


@pytest.fixture(scope="module")
def bounded():
    nlp = spacy.blank("en")
    bound_runs(nlp)
    return nlp


@pytest.mark.parametrize("sign", ["(", '"', "'", "()", "a(", ")a"])
def test_a_run_of_punctuation_takes_no_quadratic_time(bounded, sign):
    # The plain tokenizer would take minutes.
    assert_within(10, lambda: bounded.make_doc(sign * 40_000))


def test_a_run_is_one_token(bounded):
    assert [t.text for t in bounded("he left " + "*" * RUN + " at once")] == [
        "he",
        "left",
        "*" * RUN,
        "at",
        "once",
    ]
    assert [t.text for t in bounded("left" + "!" * RUN)] == ["left", "!" * RUN]


@pytest.mark.parametrize(
    "text",
    ["“(He) said: ‘no’ …”", "$5m–$6m (up 3%)...", "well?!?!?!", "-" * (RUN - 1) + " end", "it's 5'11\"!"],
)
def test_other_text_is_as_before(bounded, text):
    assert [t.text for t in bounded(text)] == [t.text for t in spacy.blank("en")(text)]


def test_doing_it_twice_changes_nothing_and_it_is_kept_on_disk(bounded, tmp_path):
    before = bounded.tokenizer.prefix_search.__self__.pattern
    bound_runs(bounded)
    assert bounded.tokenizer.prefix_search.__self__.pattern == before
    bounded.to_disk(tmp_path / "nlp")
    assert len(spacy.load(tmp_path / "nlp")("(" * 100)) == 1


@pytest.mark.pipeline
def test_the_shipped_pipelines_have_the_tokenizer_that_they_were_saved_with():
    path = pipeline.model_path(pipeline.FAST_MODEL)
    plain = spacy.load(path)
    bound_runs(plain)
    split_citations(plain)
    nlp = pipeline.load(fast=True)
    assert nlp.tokenizer.to_bytes() == plain.tokenizer.to_bytes()
    assert nlp.config["nlp"]["tokenizer"] == plain.config["nlp"]["tokenizer"]
    text = "They don't in the U.S. — :-) 5% (8°C) of $2.5bn, e.g. in St. Louis/Mo. ..."
    assert [token.text for token in nlp.make_doc(text)] == [token.text for token in plain.make_doc(text)]


def test_the_number_of_a_note_is_no_part_of_a_word():
    nlp = spacy.blank("en")
    split_citations(nlp)
    assert [t.text for t in nlp("4,000 people.[5] In 2016,[6, 7] 30 schools[12] closed.")] == [
        *["4,000", "people", ".", "[", "5", "]", "In", "2016", ",", "[", "6", ",", "7", "]"],
        *["30", "schools", "[", "12", "]", "closed", "."],
    ]
    for text in ("a list[i] of them", "see [5] there", "[sic]"):
        assert [t.text for t in nlp(text)] == [t.text for t in spacy.blank("en")(text)]
