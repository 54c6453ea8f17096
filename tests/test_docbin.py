"""What `docbin` writes is read here as others would: with spaCy alone."""

from dataclasses import replace
from io import BytesIO

import spacy
from spacy.tokens import DocBin

from claimtable.docbin import write_docbin
from claimtable.schema import Document

TEXT = "Trade\u00a0will reach $1 billion, by 2020. It fell 5 % in 2014."


def read(data):
    return list(DocBin().from_bytes(data).get_docs(spacy.blank("en").vocab))


def written(*documents):
    file = BytesIO()
    count = write_docbin(documents, file)
    return count, read(file.getvalue())


def test_claims_are_spans_with_their_rows(claim):
    second = TEXT.index("It fell")
    first = replace(claim, claim_id="c1", text=TEXT[:37], start=0, end=37)
    last = replace(
        claim, claim_id="c2", kind="quantitative", text=TEXT[second:-1], start=second, end=len(TEXT) - 1
    )
    rows = [first.to_dict(), last.to_dict()]
    count, (doc, empty) = written(
        (Document("d1", TEXT, title="Trade"), rows), (Document("d2", "Nothing."), [])
    )
    assert count == 2
    assert doc.text == TEXT.replace("\u00a0", " ")
    assert [(s.id_, s.label_, s.start_char, s.end_char) for s in doc.spans["sc"]] == [
        ("c1", "prediction", 0, 37),
        ("c2", "quantitative", second, len(TEXT) - 1),
    ]
    assert doc.user_data["claims"] == {"c1": rows[0], "c2": rows[1]}
    assert (doc.user_data["doc_id"], doc.user_data["title"]) == ("d1", "Trade")
    assert list(empty.spans["sc"]) == []


def test_a_claim_that_ends_inside_a_token_covers_it_and_keeps_its_offsets(claim):
    row = replace(claim, text=TEXT[9:16], start=9, end=16).to_dict()
    _, (doc,) = written((Document("d", TEXT), [row]))
    (span,) = doc.spans["sc"]
    assert span.text == "will reach"
    assert (doc.user_data["claims"]["c1"]["start"], doc.user_data["claims"]["c1"]["end"]) == (9, 16)


def test_claims_with_the_same_words_stay_two(claim):
    rows = [replace(claim, claim_id=i, text=TEXT[:17], start=0, end=17).to_dict() for i in ("a", "b")]
    _, (doc,) = written((Document("d", TEXT), rows))
    assert [span.id_ for span in doc.spans["sc"]] == ["a", "b"]
