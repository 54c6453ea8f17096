"""The entities of the whole pipeline against the recogniser's own, on texts that people annotated."""

from __future__ import annotations

import pytest
from spacy.tokens import Doc, DocBin

from claimtable.evaluate.measures import Counts

pytestmark = [pytest.mark.pipeline, pytest.mark.shared]


def spans(doc: Doc) -> set[tuple[int, int, str]]:
    """Returns start, end and label of each entity; the gold knows no GPE."""
    return {(e.start_char, e.end_char, "LOC" if e.label_ == "GPE" else e.label_) for e in doc.ents}


def test_what_is_repaired_is_better_than_what_the_recogniser_said(nlp, shared_dir):
    ours = [name for name in nlp.pipe_names if name.startswith("claimtable")]
    repaired, recognised = Counts(), Counts()
    for name in ("ewt_test", "gum_open_test"):
        gold = list(DocBin().from_disk(shared_dir / f"data/language/dev/{name}.spacy").get_docs(nlp.vocab))[
            :250
        ]
        with nlp.select_pipes(disable=ours):
            bare = [spans(nlp(doc.text)) for doc in gold]
        for doc, before in zip(gold, bare, strict=True):
            expected, after = spans(doc), spans(nlp(doc.text))
            repaired += Counts(len(expected & after), len(after), len(expected))
            recognised += Counts(len(expected & before), len(before), len(expected))
    assert repaired.f1 > recognised.f1, (repaired, recognised)
