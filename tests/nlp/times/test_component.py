"""`claimtable_times` in a pipeline: with a parse, without one, and through serialisation."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import spacy
from spacy.tokens import Doc

from claimtable.nlp import extensions
from claimtable.nlp.times import make_times
from claimtable.schema import Document

if TYPE_CHECKING:
    from spacy.language import Language

MONDAY = date(2004, 5, 3)


@pytest.fixture(scope="module")
def blank() -> Language:
    return spacy.blank("en")


def _doc(
    blank: Language, words: str, pos: str, tags: str, heads: list[int], deps: str, document: Document
) -> Doc:
    doc = Doc(
        blank.vocab,
        words=words.split(),
        pos=pos.split(),
        tags=tags.split(),
        heads=heads,
        deps=deps.split(),
        spaces=[True] * (len(words.split()) - 1) + [False],
    )
    doc._.claimtable_document = document
    return doc


def test_an_unparsed_doc_has_times(blank: Language, make_document: Callable[..., Document]) -> None:
    component = make_times(blank, "claimtable_times")
    text = "It ended in 2003, two days before Christmas."
    doc = blank(text)
    doc._.claimtable_document = make_document(text, published=MONDAY)
    times = component(doc)._.claimtable_times
    assert [t.value for t in times] == ["2003", "2003-12-23"]
    assert [span.label_ for span in doc.spans["claimtable_times"]] == ["DATE", "DATE"]


def test_a_doc_without_document_has_no_days_for_relative_times(blank: Language) -> None:
    component = make_times(blank, "claimtable_times")
    (found,) = component(blank("It ended yesterday."))._.claimtable_times
    assert (found.value, found.time_start) == ("XXXX-XX-XX", None)


@pytest.mark.parametrize(
    ("words", "pos", "tags", "heads", "deps", "expected"),
    [
        (
            "The vote , which he lost , will be Friday",
            "DET NOUN PUNCT PRON PRON VERB PUNCT AUX AUX PROPN",
            "DT NN , WDT PRP VBD , MD VB NNP",
            [1, 9, 1, 5, 5, 1, 1, 9, 9, 9],
            "det nsubj punct obj nsubj acl:relcl punct aux cop ROOT",
            "2004-05-07",
        ),
        (
            "They met Friday and will meet again",
            "PRON VERB PROPN CCONJ AUX VERB ADV",
            "PRP VBD NNP CC MD VB RB",
            [1, 1, 1, 5, 5, 1, 5],
            "nsubj ROOT obl cc aux conj advmod",
            "2004-04-30",
        ),
        (
            "The talks scheduled for Friday failed",
            "DET NOUN VERB ADP PROPN VERB",
            "DT NNS VBN IN NNP VBD",
            [1, 5, 1, 4, 2, 5],
            "det nsubj acl case obl ROOT",
            "2004-05-07",
        ),
    ],
    ids=["future", "past", "planned"],
)
def test_the_clause_settles_a_weekday(
    blank: Language,
    make_document: Callable[..., Document],
    words: str,
    pos: str,
    tags: str,
    heads: list[int],
    deps: str,
    expected: str,
) -> None:
    component = make_times(blank, "claimtable_times")
    doc = _doc(blank, words, pos, tags, heads, deps, make_document(words, published=MONDAY))
    (found,) = component(doc)._.claimtable_times
    assert (found.text, found.value) == ("Friday", expected)


def test_a_verb_is_no_month_and_a_newspaper_no_day(
    blank: Language, make_document: Callable[..., Document]
) -> None:
    component = make_times(blank, "claimtable_times")
    text = "the Sunday Times said so"
    doc = _doc(
        blank,
        text,
        "DET PROPN PROPN VERB ADV",
        "DT NNP NNP VBD RB",
        [2, 2, 3, 3, 3],
        "det compound nsubj ROOT advmod",
        make_document(text, published=MONDAY),
    )
    assert component(doc)._.claimtable_times == ()


def test_the_layer_survives_serialisation(blank: Language, make_document: Callable[..., Document]) -> None:
    component = make_times(blank, "claimtable_times")
    text = "Sales grew from 2001 to 2003."
    doc = blank(text)
    doc._.claimtable_document = make_document(text, published=MONDAY)
    doc = component(doc)
    again = Doc(blank.vocab).from_bytes(doc.to_bytes())
    assert tuple(again._.claimtable_times) == doc._.claimtable_times
    assert again._.claimtable_times[0].range_end == date(2003, 12, 31)


def test_the_extension_is_registered() -> None:
    extensions.register()
    assert Doc.has_extension("claimtable_times")


@pytest.mark.pipeline
@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Negotiations for a new protocol will start in December.", ["2004-12"]),
        ("Sales fell in December.", ["2003-12"]),
        ("They may march in May.", ["2004-05"]),
        ("He said Friday that the plant will open on Monday.", ["2004-04-30", "2004-05-03"]),
        ("She plans to leave on Tuesday.", ["2004-05-04"]),
        ("The two sides agreed Friday to meet again on Tuesday.", ["2004-04-30", "2004-05-04"]),
        ("He managed to finish on Tuesday.", ["2004-04-27"]),
        ("They have been nervous since April 5.", ["2004-04-05"]),
        ("The law takes effect Jan. 1.", ["2005-01-01"]),
    ],
)
def test_with_the_trained_pipeline(
    nlp: Language, make_document: Callable[..., Document], text: str, values: list[str]
) -> None:
    from claimtable.nlp import pipeline

    (doc,) = pipeline.annotate([make_document(text, published=MONDAY)], nlp)
    assert [t.value for t in doc._.claimtable_times] == values


CLAUSES = Path(__file__).parents[2] / "cases" / "clause_times.jsonl"


def _clause_cases() -> list[Any]:
    rows = [json.loads(line) for line in CLAUSES.read_text(encoding="utf-8").splitlines()]
    assert len({row["id"] for row in rows}) == len(rows), "an id occurs twice"
    return [pytest.param(row, id=row["id"]) for row in rows]


@pytest.mark.pipeline
@pytest.mark.parametrize("case", _clause_cases())
def test_the_clause_around_a_time_dates_it(
    nlp: Language, make_document: Callable[..., Document], case: dict[str, Any]
) -> None:
    """A case: text, day of publication, and the times that are found with their values, in text order."""
    from claimtable.nlp import pipeline

    document = make_document(case["text"], published=date.fromisoformat(case["published"]))
    (doc,) = pipeline.annotate([document], nlp)
    assert [[t.text, t.value] for t in doc._.claimtable_times] == case["expected"]
