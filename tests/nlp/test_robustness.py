"""What the whole pipeline must bear: any text, sentences without end, deep nesting, books. Run with the CNN pipeline."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.timing import assert_growth

from claimtable.nlp import pipeline
from claimtable.nlp.layers import LAYERS
from claimtable.schema import Document

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

pytestmark = pytest.mark.pipeline

MakeDocument = Callable[..., Document]

MOST_GROWTH = 3.5
"""Times as long that twice the text may take: 2 is linear, 4 is quadratic."""

HARD = (
    "“", "”", '"', "'", "‘", "’", "(", ")", "[", "—", "\n", "\n\n", "\u00a0", "\u200b", "\ufeff", "\x00", "\r", "🙂", "e\u0301",
    "%", "$", "-", "1,2,3", "1e999", "0/0", "¼", "32 February", "in 0000", "99999 BC", "9" * 40, "said", "according to",
    "he", "who", "will", "by", "than", "Smith", "Russia", "rose", "to", ".", "?", ",", ";",
)  # fmt: skip
TEXTS = st.text(max_size=60) | st.lists(st.sampled_from(HARD), max_size=30).map(" ".join)


@pytest.fixture(scope="module")
def fast() -> Language:
    """The shipped CNN pipeline."""
    return pipeline.load(fast=True)


def _annotate(nlp: Language, document: Document, **options: int) -> Doc:
    (doc,) = pipeline.annotate([document], nlp, **options)
    return doc


def _assert_linear(nlp: Language, make_document: MakeDocument, text: Callable[[int], str], n: int) -> None:
    assert_growth(
        MOST_GROWTH,
        lambda size: make_document(text(size)),
        lambda document: _annotate(nlp, document),
        n,
        2 * n,
    )


@given(text=TEXTS)
@settings(max_examples=40)
def test_any_text_passes_through_all_layers(fast: Language, make_document: MakeDocument, text: str) -> None:
    doc = _annotate(fast, make_document(text))
    for layer in LAYERS.values():
        for row in layer.rows(doc):
            assert set(row) == {column.name for column in layer.columns}
            if "start" in row:
                assert 0 <= row["start"] < row["end"] <= len(text)
                assert row["text"] == text[row["start"] : row["end"]]


LONG_SENTENCES = {
    "clauses": (
        "Exports of steel rose by 12 percent to 3 million tons in 2013 and Maria Keller said that ",
        "prices will fall.",
    ),
    "list": ("12 tons of steel from Russia, ", "and 3 cars were sold in 2013."),
    "words": ("word ", "fell."),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", LONG_SENTENCES)
def test_a_sentence_of_3000_tokens_takes_linear_time(
    fast: Language, make_document: MakeDocument, kind: str
) -> None:
    part, end = LONG_SENTENCES[kind]
    tokens = len(fast.tokenizer(part))
    _assert_linear(fast, make_document, lambda n: part * (n // tokens) + end, 1_500)


NESTED = {
    "open": ("Keller said “", ""),
    "closed": ("Keller said “", "”"),
    "two kinds": ("Keller said “he said ‘", "’”"),
    "straight": ('Keller said "', '"'),
    "marks alone": ("“‘", "’”"),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", NESTED)
def test_500_nested_quotation_marks_take_linear_time(
    fast: Language, make_document: MakeDocument, kind: str
) -> None:
    opening, closing = NESTED[kind]
    _assert_linear(
        fast,
        make_document,
        lambda n: opening * n + "prices rose by 3 percent in 2013" + closing * n + ".",
        250 // len([c for c in opening if c in '“‘"']),
    )


@pytest.mark.parametrize("mark", ['"', "“", "„", "«", "‘"])
def test_an_unclosed_quotation_loses_no_later_attribution(
    fast: Language, make_document: MakeDocument, mark: str
) -> None:
    text = (
        f"Keller said: {mark}Prices rose in 2013 and they will not fall.\n\n"
        "The minister, John Barnes, said that exports fell by 12 percent in 2013.\n\n"
        "“We sold 300 cars,” said Anna Brook.\n\n"
        "According to the World Bank, imports rose by 4 percent in 2013.\n"
    )
    doc = _annotate(fast, make_document(text))
    found = {(a.speaker, "".join(text[s:e] for s, e in a.content)) for a in doc._.claimtable_attributions}
    later = {speaker for speaker, content in found if "\n" not in content}
    assert {"John Barnes", "Anna Brook", "World Bank"} <= later, found


FILLER = "The port of the old town handled more ships than in the year before.\n\n"


def test_pieces_of_a_long_document_share_their_actors(fast: Language, make_document: MakeDocument) -> None:
    text = (
        "John Smith, the finance minister, said exports fell by 12 percent in 2013.\n\n"
        + FILLER * 60
        + "Smith said that imports will rise by 5 percent in 2015.\n"
    )
    size = 1_000
    assert len(text) > 3 * size
    doc = _annotate(fast, make_document(text), batch_chars=size)
    people = [a for a in doc._.claimtable_actors if a.type == "PERSON"]
    assert [a.name for a in people] == ["John Smith"]
    mentioned = {text[start:end] for start, end in people[0].mentions}
    assert {"John Smith", "Smith"} <= mentioned
    assert [(c.value, c.speaker) for c in doc._.claimtable_claims if c.unit == "%"] == [
        (12.0, "John Smith"),
        (5.0, "John Smith"),
    ]


def test_memory_is_that_of_a_piece_not_of_the_document(fast: Language, make_document: MakeDocument) -> None:
    document = make_document(FILLER * 150)

    def peak(batch_chars: int) -> int:
        tracemalloc.start()
        try:
            _annotate(fast, document, batch_chars=batch_chars)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(2_000)
    whole, pieces = peak(len(document.text)), peak(2_000)
    assert pieces < whole / 2
