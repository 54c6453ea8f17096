"""Names by the word that governs them, and organisations that go by one word."""

from __future__ import annotations

import pytest

from claimtable.nlp import pipeline

pytestmark = pytest.mark.pipeline


@pytest.mark.parametrize(
    ("text", "name", "label"),
    [
        ("The quake struck Coachella on Monday.", "Coachella", "GPE"),
        ("The storm hit Molenbeek and Vorst.", "Molenbeek", "GPE"),
        ("Floods devastated Karanda in May.", "Karanda", "GPE"),
        ("Ada Brenner runs Lumora.", "Lumora", "ORG"),
        ("Ada Brenner wants to take over Chirpr.", "Chirpr", "ORG"),
        ("She has shares in Kwill.", "Kwill", "ORG"),
        ("Facebook is the best payer in town.", "Facebook", "ORG"),
        ("Oxfam said 60 people own half of the wealth.", "Oxfam", "ORG"),
        ("Unilever raised prices by 4 percent.", "Unilever", "ORG"),
        ("Nobody asks about Elsbeth's plan.", "Elsbeth", "PERSON"),
        ("Police arrested Dan Merrow.", "Dan Merrow", "PERSON"),
    ],
)
def test_entity(text, name, label, nlp, make_document):
    (doc,) = pipeline.annotate([make_document(text)], nlp)
    assert (name, label) in [(e.text, e.label_) for e in doc.ents]
