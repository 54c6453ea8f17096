"""Lemmas of verbs: what the lemmatizer made up is replaced, what it may have right stays."""

import pytest

from claimtable.nlp.corrections.lemmas import verb_lemma


@pytest.mark.parametrize(
    ("form", "guess", "tag", "lemma"),
    [
        ("accounted", "accounte", "VBD", "account"),
        ("prepared", "prepar", "VBN", "prepare"),
        ("running", "runn", "VBG", "run"),
        ("falling", "fal", "VBG", "fall"),
        ("closing", "clos", "VBG", "close"),
        ("refusing", "refus", "VBG", "refuse"),
        ("expressed", "expresse", "VBD", "express"),
        ("cared", "car", "VBD", "care"),
        ("supplied", "supplie", "VBD", "supply"),
        ("rose", "roose", "VBD", "rise"),
        ("hoping", "hoping", "VBG", "hope"),
        ("managing", "managing", "VBG", "manage"),
    ],
)
def test_made_up_lemmas(form, guess, tag, lemma):
    assert verb_lemma(form, guess, tag) == lemma


@pytest.mark.parametrize(
    ("form", "guess", "tag"),
    [
        ("hopping", "hop", "VBG"),
        ("planed", "plan", "VBD"),
        ("bathing", "bath", "VBG"),
        ("blorfed", "blorf", "VBD"),  # no verb that is known
        ("s", "s", "VBZ"),
        ("'s", "be", "VBZ"),
    ],
)
def test_lemmas_that_stay(form, guess, tag):
    assert verb_lemma(form, guess, tag) == guess
