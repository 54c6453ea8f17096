"""Rows of the table, sentence by sentence, and what holds for all of them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from spacy.language import Language

from claimtable.nlp import pipeline
from claimtable.schema import CONTEXT_CHARS, Document, Section

CASES = [
    pytest.param(
        case,
        id=case["id"],
        marks=[pytest.mark.xfail(strict=True, reason=case["known_failure"])]
        if "known_failure" in case
        else [],
    )
    for case in map(
        json.loads,
        (Path(__file__).parents[1] / "cases/claims.jsonl").read_text(encoding="utf-8").splitlines(),
    )
]

pytestmark = pytest.mark.pipeline


@pytest.mark.parametrize("case", CASES)
def test_claim(case, nlp, make_document):
    rows = [c.to_dict() for c in pipeline.extract([make_document(case["text"])], nlp)]
    assert len(rows) == len(case["expected"]), rows
    for row, expected in zip(
        sorted(rows, key=lambda r: (r["start"], r["value"] or 0)), case["expected"], strict=True
    ):
        assert {key: row[key] for key in expected} == expected


TEXT = "Exports fell by 12 percent in 2013. Trade will reach $3 billion by 2020."


def test_ids_are_stable_and_distinct(nlp, make_document):
    first = [c.claim_id for c in pipeline.extract([make_document(TEXT)], nlp)]
    again = [c.claim_id for c in pipeline.extract([make_document(TEXT)], nlp)]
    other = [c.claim_id for c in pipeline.extract([make_document(TEXT + " Nothing more.")], nlp)]
    assert first == again
    assert len(set(first)) == len(first) == 2
    assert not set(first) & set(other), "another text is another document"


def test_context_lets_the_claim_be_found_again(nlp, make_document):
    claims = list(pipeline.extract([make_document(TEXT)], nlp))
    assert len(claims) == 2
    for claim in claims:
        assert TEXT[claim.start : claim.end] == claim.text
        assert claim.prefix == TEXT[max(0, claim.start - CONTEXT_CHARS) : claim.start]
        assert claim.suffix == TEXT[claim.end : claim.end + CONTEXT_CHARS]


def test_furniture_gives_no_row_and_each_section_has_its_own_speaker(nlp):
    body, furniture, comment = (
        "Sales rose 5 percent in 2013.\n",
        "Log in to see 20 offers.\n",
        "I lost 300 euros in 2012.",
    )
    text = body + furniture + comment
    sections = (
        Section(0, len(body), "body", speaker="Ann Author"),
        Section(len(body) + len(furniture), len(text), "comment", speaker="Bob"),
    )
    rows = list(pipeline.extract([Document(id="d", text=text, author="Ann Author", sections=sections)], nlp))
    assert [(r.section, r.speaker, r.speaker_type, r.value) for r in rows] == [
        ("body", "Ann Author", "author", 5.0),
        ("comment", "Bob", "author", 300.0),
    ]


def test_same_rows_whatever_shares_the_batch(nlp, make_document):
    documents = [make_document(TEXT, id=str(i)) for i in range(5)] + [make_document("Nothing here.", id="x")]
    together = [c.to_dict() for c in pipeline.extract(documents, nlp)]
    alone = [c.to_dict() for d in documents for c in pipeline.extract([d], nlp, batch_chars=1_000)]
    assert together == alone


def test_a_long_document_is_parsed_in_pieces_and_comes_out_whole(nlp, make_document):
    text = "\n\n".join(f"Exports of firm {i} fell by {i + 3} percent in 2013." for i in range(60))
    whole = list(pipeline.extract([make_document(text)], nlp))
    pieces = list(pipeline.extract([make_document(text)], nlp, batch_chars=400))
    assert len(whole) >= 60
    # the parser sees less context in a piece, so clauses may end elsewhere; what is found is the same
    assert [(c.value, c.unit) for c in pieces] == [(c.value, c.unit) for c in whole]
    assert all(text[c.start : c.end] == c.text for c in pieces)


def test_pieces_may_carry_what_a_component_of_ones_own_keeps(nlp, make_document, recwarn):
    @Language.component("keeps_a_claim")
    def keep(doc):
        doc._.claimtable_claims = ("not ours",)
        return doc

    text = "\n\n".join(f"Exports of firm {i} fell by {i + 3} percent in 2013." for i in range(20))
    before = list(pipeline.extract([make_document(text)], nlp, batch_chars=400))
    nlp.add_pipe("keeps_a_claim", before="claimtable_times")
    try:
        rows = list(pipeline.extract([make_document(text)], nlp, batch_chars=400))
    finally:
        nlp.remove_pipe("keeps_a_claim")
    assert rows == before
    assert not [str(w.message) for w in recwarn if "W101" in str(w.message)]


def test_too_long_a_document_costs_itself_alone(nlp, make_document):
    errors = []
    documents = [
        make_document("a " * (pipeline.MAX_CHARS // 2 + 1), id="huge"),
        make_document(TEXT, id="good"),
    ]
    rows = list(pipeline.extract(documents, nlp, on_error=errors.append))
    assert {row.doc_id for row in rows} == {"good"}
    (error,) = errors
    assert "huge" in str(error) and "split it" in str(error)


def test_a_deadline_is_not_the_time_of_what_was_before(nlp, make_document):
    document = make_document(
        "The firm expects 5 orders by 2027. In all 5,000 jobs were lost. In 2020 sales fell by 3 percent. Prices fell by 4 percent.",
        published=None,
    )
    times = {claim.value: claim.time_start for claim in pipeline.extract([document], nlp)}
    assert times == {5: date(2027, 1, 1), 5000: None, 3: date(2020, 1, 1), 4: date(2020, 1, 1)}
