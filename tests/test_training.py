import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import DocBin

from claimtable.docbin import to_bytes
from claimtable.schema import Document, ReviewedSpan
from claimtable.training import is_dev, make_doc

TEXT = "Unseen part.\n\nKim\u00a0Jong said US-led trade rose 5 %. Kim left."
PART = TEXT.index("Kim")


def span(words, label, after=0, **attributes):
    start = TEXT.index(words, after)
    return ReviewedSpan(
        "a", f"{label}{start}", label, start, start + len(words), words, attributes=attributes
    )


def gold(*spans):
    return make_doc(Document("d", TEXT), PART, len(TEXT), spans)


def test_names_are_entities_and_all_else_is_missing():
    doc = gold(span("Kim\u00a0Jong", "Actor", actor_type="PERSON"), span("5 %", "Quantity")).doc
    assert [(ent.text, ent.label_) for ent in doc.ents] == [("Kim Jong", "PERSON")]
    assert {token.ent_iob_ for token in doc if not token.ent_type_} == {""}
    assert "Unseen" not in doc.text


def test_states_and_cities_are_places_to_the_recogniser():
    assert [ent.label_ for ent in gold(span("Kim\u00a0Jong", "Actor", actor_type="GPE")).doc.ents] == ["LOC"]
    assert gold(span("Kim\u00a0Jong", "Actor")).doc.ents == ()


def test_a_name_inside_a_token_is_missing_and_counted():
    found = gold(span("S-led", "Actor", actor_type="ORG"))
    assert (found.doc.ents, found.unaligned) == ((), 1)


def test_overlapping_spans_and_entities():
    claim = span("US-led trade rose 5 %", "Claim")
    doc = gold(
        claim,
        span("5 %", "Quantity"),
        span("Kim\u00a0Jong", "Actor", actor_type="PERSON"),
        span("Kim", "Actor", actor_type="ORG"),
    ).doc
    assert {(s.label_, s.text) for s in doc.spans["sc"]} == {("Claim", claim.text), ("Quantity", "5 %")}
    assert [ent.text for ent in doc.ents] == ["Kim Jong"]


def test_it_survives_the_file():
    doc = gold(span("Kim\u00a0Jong", "Actor", actor_type="PERSON"), span("5 %", "Quantity")).doc
    (read,) = DocBin().from_bytes(to_bytes([doc])).get_docs(spacy.blank("en").vocab)
    assert [token.ent_iob for token in read] == [token.ent_iob for token in doc]
    assert [(s.label_, s.start, s.end) for s in read.spans["sc"]] == [("Quantity", 8, 10)]
    assert read.user_data == {
        "doc_id": "d",
        "doc_sha256": Document("d", TEXT).sha256,
        "start": PART,
        "end": len(TEXT),
    }
    assert not read.has_annotation("DEP")


@given(st.text(), st.floats(0, 1), st.floats(0, 1))
def test_a_document_is_held_back_for_good(doc_id, one, other):
    low, high = sorted((one, other))
    assert is_dev(doc_id, 1) and not is_dev(doc_id, 0)
    assert is_dev(doc_id, high) or not is_dev(doc_id, low)
