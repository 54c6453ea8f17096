"""What the pipeline keeps of the documents that went through it."""

import pytest

from claimtable.nlp import pipeline

pytestmark = pytest.mark.pipeline


@pytest.fixture(scope="module")
def fast():
    return pipeline.load(fast=True)


def articles(make_document, first):
    for i in range(first, first + 12):
        name = f"Karitosen{i}ov"
        text = f"Exports of {name} rose to ${i},{i:03}.25 million in 2013, said Ann {name}. They will fall by 2020."
        yield make_document(text, id=f"d{i}")


def rows(nlp, documents, **options):
    return [
        (
            doc._.claimtable_claims,
            doc._.claimtable_actors,
            doc._.claimtable_quantities,
            doc._.claimtable_times,
        )
        for doc in pipeline.annotate(documents, nlp, batch_chars=300, **options)
    ]


def test_words_of_documents_that_are_not_kept_are_forgotten(fast, make_document):
    rows(fast, articles(make_document, 0), keep=False)
    before = len(fast.vocab.strings)
    found = rows(fast, articles(make_document, 100), keep=False)
    assert len(fast.vocab.strings) < before + len(found), "a lemma or two that it keeps for good"
    assert "Karitosen100ov" not in fast.vocab.strings
    assert rows(fast, articles(make_document, 100)) == found, "and the rows are the same"
    assert "Karitosen100ov" in fast.vocab.strings
    assert rows(fast, articles(make_document, 100), keep=False) == found


def test_a_reader_who_stops_in_the_middle_does_no_harm(fast, make_document):
    stream = pipeline.annotate(articles(make_document, 200), fast, batch_chars=300, keep=False)
    next(stream)
    stream.close()
    assert len(rows(fast, articles(make_document, 200))) == 12
