"""The component on documents with and without a parse."""

from __future__ import annotations

import pytest
import spacy
from spacy.tokens import Doc

from claimtable.nlp import extensions
from claimtable.nlp.quantities import make_quantities
from claimtable.nlp.quantities.component import quantities


def parsed(words, heads, deps, pos, spaces=None):
    nlp = spacy.blank("en")
    return Doc(nlp.vocab, words=words, spaces=spaces, heads=heads, deps=deps, pos=pos)


def test_blank_pipeline_writes_layer_and_spans():
    nlp = spacy.blank("en")
    component = make_quantities(nlp, "claimtable_quantities")
    doc = component(nlp("Exports fell 3 % to $14 million."))
    layer = doc._.claimtable_quantities
    assert [(q.value, q.unit, q.change) for q in layer] == [(3.0, "%", "down"), (14e6, "USD", None)]
    assert [span.text for span in doc.spans["claimtable_quantities"]] == ["3 %", "$14 million"]
    assert all(q.subject is None for q in layer)


def test_document_without_quantities():
    extensions.register()
    assert quantities(spacy.blank("en")("Nothing here.")) == []


def test_counted_noun_is_the_head_of_the_number():
    doc = parsed(
        ["Wagner", "identifies", "350", "potential", "infrastructure", "projects", "."],
        [1, 1, 5, 5, 5, 1, 1],
        ["nsubj", "ROOT", "nummod", "amod", "compound", "obj", "punct"],
        ["PROPN", "VERB", "NUM", "ADJ", "NOUN", "NOUN", "PUNCT"],
    )
    (quantity,) = quantities(doc)
    assert (quantity.value, quantity.unit, quantity.subject) == (350.0, "infrastructure project", "Wagner")


@pytest.mark.parametrize(
    ("spaces", "unit"),
    [([True, True, True, False, True, True, False], "5G maker"), ([True] * 6 + [False], "g maker")],
    ids=["one word", "two words"],
)
def test_a_word_of_digits_and_letters_stays_whole(spaces, unit):
    doc = parsed(
        ["one", "of", "the", "5", "G", "makers", "."],
        [0, 5, 5, 4, 5, 0, 0],
        ["ROOT", "case", "det", "nummod", "compound", "nmod", "punct"],
        ["NUM", "ADP", "DET", "NUM", "NOUN", "NOUN", "PUNCT"],
        spaces,
    )
    assert next((quantity.value, quantity.unit) for quantity in quantities(doc)) == (1.0, unit)


def test_subject_of_money_is_the_subject_of_its_verb():
    doc = parsed(
        ["Trade", "with", "Russia", "totalled", "$", "97", "million", "."],
        [3, 2, 0, 3, 3, 4, 4, 3],
        ["nsubj", "case", "nmod", "ROOT", "obj", "nummod", "nummod", "punct"],
        ["NOUN", "ADP", "PROPN", "VERB", "SYM", "NUM", "NUM", "PUNCT"],
    )
    (quantity,) = quantities(doc)
    assert (quantity.value, quantity.unit, quantity.subject) == (97e6, "USD", "Trade with Russia")


def test_share_is_about_its_whole():
    doc = parsed(
        ["80", "%", "of", "Russian", "citizens", "agree", "."],
        [1, 5, 4, 4, 1, 5, 5],
        ["nummod", "nsubj", "case", "amod", "nmod", "ROOT", "punct"],
        ["NUM", "SYM", "ADP", "ADJ", "NOUN", "VERB", "PUNCT"],
    )
    (quantity,) = quantities(doc)
    assert (quantity.unit, quantity.subject) == ("%", "Russian citizens")
