"""What has no end is cut before it is parsed, as each layer looks from one part of a sentence to all others."""

import itertools

import pytest
import spacy

from claimtable.nlp.line_breaks import LONGEST, LineBreaks


def starts(text):
    doc = LineBreaks()(spacy.blank("en")(text))
    return [i for i, token in enumerate(doc) if i and token.is_sent_start], doc


def longest(text):
    found, doc = starts(text)
    edges = [0, *found, len(doc)]
    return max(b - a for a, b in itertools.pairwise(edges))


@pytest.mark.parametrize("fragment", ["a ", "5 km ", "no, ", "1. ", "x ! ", "he said: ", "— "])
def test_what_runs_on_is_cut(fragment):
    assert longest(fragment * 1_000) <= LONGEST + 1


def test_it_is_cut_behind_a_comma_where_there_is_one():
    words = ["word"] * 600
    words[280] = "word,"
    found, doc = starts(" ".join(words))
    assert doc[found[0] - 1].text == ","


@pytest.mark.parametrize(
    "text",
    [
        "word " * (LONGEST - 1) + "end.",
        "Exports rose by five percent in the year before. " * 200,
        "Exports of steel, coal and oil rose; the ministry said so. " * 200,
    ],
)
def test_prose_is_left_to_the_parser(text):
    assert starts(text)[0] == []
