"""Lexicons: every one loads, and classes are those that the code asks for."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import pytest

from claimtable import rules
from claimtable.check.lexicon import words as check_words
from claimtable.errors import RuleError
from claimtable.nlp.claims.lexicon import nouns
from claimtable.nlp.predictions.lexicon import words

NAMES = sorted(path.stem for path in (Path(rules.__file__).parent / "data").glob("*.tsv"))


@pytest.mark.parametrize("name", NAMES)
def test_every_lexicon_loads(name):
    assert rules.table(name)


@pytest.mark.parametrize(
    "classes", [nouns, words, check_words], ids=["claim_nouns", "prediction_words", "check_words"]
)
def test_every_class_has_words(classes):
    record = classes()
    assert all(getattr(record, field.name) for field in fields(record))


def test_a_word_may_be_in_several_classes():
    assert "pledge" in nouns().spend and "growth" in nouns().change
    assert "total" in nouns().anaphor & nouns().measure & nouns().mean


@dataclass
class TooFew:
    change: frozenset[str]


def test_other_classes_than_asked_for_are_an_error():
    with pytest.raises(RuleError, match=r"claim_nouns\.tsv: classes are missing or unknown"):
        rules.classes("claim_nouns", TooFew)


def test_a_lexicon_that_is_not_utf8_is_an_error(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "odd.tsv").write_bytes(b"id\tword\na-1\tcaf\xe9\n")
    monkeypatch.setattr(rules.resources, "files", lambda _: tmp_path)
    with pytest.raises(RuleError, match=r"odd\.tsv is not UTF-8"):
        rules.table("odd", "word")
