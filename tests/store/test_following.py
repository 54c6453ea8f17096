"""Reviews when the text changes or the rules do: they follow their claim, stay with their words, or are listed."""

from dataclasses import replace

import pytest

from claimtable.schema import Section, Task
from claimtable.store import Extraction

EXPORTS = "Exports rose to 14 million dollars in 2008"


@pytest.fixture
def reviewed(store, document, claims, submission):
    """The first claim is corrected, with a verdict."""
    review = {
        "claim": claims[0],
        "decision": "corrected",
        "fields": {"subject": "exports"},
        "verdict": "refuted",
    }
    store.add_annotations([submission(document, review)])
    return claims[0]


def edit(store, document, claims_of, text):
    """Stores another text of the document, and extracts from it."""
    changed = replace(document, text=text, sections=(Section(0, len(text), "body"),))
    store.add_document(changed)
    store.save_extraction(changed, Extraction(claims_of(changed)), pipeline="test@1")
    return changed


EDITS = {
    "words before it": lambda text: "Corrected on Monday.\n\n" + text,
    "words after it": lambda text: text + " Nobody at all.",
    "words around it": lambda text: text.replace("Trade rises", "Trade goes up").replace(
        "Imports", "All imports"
    ),
}


@pytest.mark.parametrize("case", EDITS)
def test_a_review_follows_its_claim_into_a_changed_text(store, document, claims_of, reviewed, case):
    changed = edit(store, document, claims_of, EDITS[case](document.text))
    (row,) = store.claims(where="status <> 'extracted'")
    assert row.claim_id != reviewed.claim_id, "the id is made from the text"
    assert row.claim_id in {claim.claim_id for claim in store.extracted_claims("d")}
    assert (row.text, changed.text[row.start : row.end]) == (EXPORTS, EXPORTS)
    assert (row.subject, row.verdict) == ("exports", "refuted")
    assert len(list(store.claims(where="value = 14e6"))) == 1, "nothing is doubled"
    assert store.unanchored_reviews() == []


def test_a_review_stays_with_its_words_where_nothing_is_extracted_any_more(store, document, reviewed):
    text = "A new lead. " + document.text
    changed = replace(document, text=text)
    store.add_document(changed)
    store.save_extraction(changed, Extraction(), pipeline="test@1")
    (row,) = store.claims()
    assert (row.claim_id, row.text, text[row.start : row.end]) == (reviewed.claim_id, EXPORTS, EXPORTS)
    assert row.verdict == "refuted"


def test_a_review_whose_words_are_gone_is_listed_and_comes_back_with_them(
    store, document, claims_of, reviewed
):
    edit(store, document, claims_of, document.text.replace("14 million", "41 million"))
    assert list(store.claims(where="status <> 'extracted'")) == []
    (lost,) = store.unanchored_reviews()
    assert (lost.claim_id, lost.exact, lost.doc_sha256) == (reviewed.claim_id, EXPORTS, document.sha256)
    assert store.status().unanchored == 1
    edit(store, document, claims_of, document.text)
    assert store.unanchored_reviews() == []
    assert [row.claim_id for row in store.claims(where="verdict = 'refuted'")] == [reviewed.claim_id]


def test_words_that_stand_twice_alike_are_not_guessed(store, document, claims_of, reviewed):
    edit(store, document, claims_of, f"{EXPORTS}. Then {EXPORTS}.")
    assert len(store.unanchored_reviews()) == 1


def test_what_a_person_accepted_stays_when_the_rules_see_it_otherwise(store, document, claims, submission):
    store.add_annotations([submission(document, {"claim": claims[0]})])
    now = (replace(claims[0], speaker="the ministry", unit_text="dollars"), claims[1])
    store.save_extraction(document, Extraction(now), pipeline="test@2")
    shown = next(store.claims())
    assert (shown.status, shown.speaker) == ("accepted", None)
    assert next(store.extracted_claims("d")).speaker == "the ministry"


def test_new_rules_that_find_what_the_person_said_join_its_row(store, document, claims, claim_of, submission):
    store.add_annotations(
        [submission(document, {"claim": claims[0], "decision": "corrected", "fields": {"value": 15e6}})]
    )
    better = claim_of(document, EXPORTS, value=15e6, unit="USD")
    assert better.claim_id != claims[0].claim_id
    store.save_extraction(document, Extraction((better, claims[1])), pipeline="test@2")
    rows = list(store.claims())
    assert [(row.claim_id, row.status) for row in rows] == [
        (better.claim_id, "corrected"),
        (claims[1].claim_id, "extracted"),
    ]


def test_a_vanished_claim_nobody_touched_goes_and_one_that_is_out_waits(store, document, claims, submission):
    first, second = claims
    end = first.end
    store.put_tasks([Task("k", "d", document.sha256, 0, end, "s", "1", "h", state="pushed", claims=(first,))])
    store.save_extraction(document, Extraction(), pipeline="test@2")
    assert list(store.claims()) == []
    # The annotation of the task comes in after the claim vanished.
    late = submission(document, {"claim": first, "decision": "accepted"}, task_key="k")
    assert store.add_annotations([late]).new == 1
    assert [(row.claim_id, row.status) for row in store.claims()] == [(first.claim_id, "accepted")]
    store.save_extraction(document, Extraction((second,)), pipeline="test@3")
    assert [row.status for row in store.claims()] == ["accepted", "extracted"]


def test_the_person_judged_what_the_task_showed(store, document, claims, submission):
    shown = replace(claims[0], speaker="as pushed")
    store.put_tasks([Task("k", "d", document.sha256, 0, 99, "s", "1", "h", state="pushed", claims=(shown,))])
    store.add_annotations([submission(document, {"claim": claims[0]}, task_key="k")])
    assert next(store.claims()).speaker == "as pushed"


def test_search_finds_what_is_shown(store, document, claims_of, reviewed):
    def found(words):
        return store._db.one("SELECT count(*) FROM claims_fts WHERE claims_fts MATCH ?", (words,))[0]

    assert (found("exports"), found("imports")) == (1, 1)
    edit(store, document, claims_of, document.text.replace("Imports", "Deliveries"))
    assert (found("exports"), found("imports")) == (1, 0)
    in_texts = "SELECT count(*) FROM documents_fts WHERE documents_fts MATCH ?"
    assert store._db.one(in_texts, ("imports",)) == (0,)
    assert store._db.one(in_texts, ("deliveries",)) == (1,)


NOBODY = "Nobody knows"


def add(store, document, claim_of, submission, reviewer="ann@example.org", words=NOBODY, **fields):
    """A person adds a claim by hand."""
    marked = claim_of(document, words, claim_id=f"by-{reviewer}")
    review = {"claim": marked, "decision": "added", "fields": {"kind": "prediction", **fields}}
    store.add_annotations([submission(document, review, reviewer=reviewer)])
    return marked


def extract_too(store, document, claims, claim_of, words=NOBODY, **fields):
    found = claim_of(document, words, **{"kind": "prediction", "predicate": "know", **fields})
    store.save_extraction(document, Extraction((*claims, found)), pipeline="test@2")
    return found


def rows_at(store, words=NOBODY):
    return [row for row in store.claims() if words in row.text]


def test_what_a_person_added_and_is_extracted_later_is_one_row(store, document, claims, claim_of, submission):
    marked = add(store, document, claim_of, submission, subject="nobody")
    found = extract_too(store, document, claims, claim_of)
    (row,) = rows_at(store)
    assert (row.claim_id, row.status, row.subject, row.predicate) == (
        found.claim_id,
        "added",
        "nobody",
        "know",
    )
    store.save_extraction(document, Extraction(claims), pipeline="test@3")
    (row,) = rows_at(store)
    assert (row.claim_id, row.status, row.subject) == (marked.claim_id, "added", "nobody")


@pytest.mark.parametrize(
    ("added", "extracted"),
    [
        ({"value": 5.0}, {"value": 6.0}),
        ({"unit": "%"}, {"value": 6.0, "unit": "person"}),
        ({}, {"kind": "quantitative"}),
        ({}, {"words": "Trade rises"}),
    ],
)
def test_another_claim_stays_another_row(store, document, claims, claim_of, submission, added, extracted):
    add(store, document, claim_of, submission, **added)
    extract_too(store, document, claims, claim_of, **extracted)
    assert len(list(store.claims())) == len(claims) + 2


def test_a_claim_added_beside_one_that_was_shown_is_another(store, document, claims, claim_of, submission):
    """Whoever sees a claim and marks its words again means something else by it."""
    beside = claim_of(document, claims[0].text, claim_id="beside")
    store.add_annotations(
        [
            submission(
                document,
                {"claim": claims[0], "decision": "rejected"},
                {"claim": beside, "decision": "added", "fields": {"kind": "quantitative"}},
            )
        ]
    )
    assert sorted(row.status for row in rows_at(store, EXPORTS)) == ["added", "rejected"]


def test_what_two_people_added_in_one_place_is_one_row(store, document, claims, claim_of, submission):
    add(store, document, claim_of, submission, value=5.0)
    add(store, document, claim_of, submission, reviewer="ben@example.org", value=6.0)
    (row,) = rows_at(store)
    assert row.value == 6.0
    (dispute,) = store.disagreements()
    assert [one.value for one in dispute.fields["value"]] == [5.0, 6.0]


def test_two_values_of_one_clause_that_two_people_added_are_two_rows(
    store, document, claims, claim_of, submission
):
    for reviewer, order in (("ann@example.org", (5.0, 6.0)), ("ben@example.org", (6.0, 5.0))):
        marked = [
            {
                "claim": claim_of(document, NOBODY, claim_id=f"{reviewer} {number}"),
                "decision": "added",
                "fields": {"kind": "prediction", "value": value},
            }
            for number, value in enumerate(order)
        ]
        store.add_annotations([submission(document, *marked, reviewer=reviewer)])
    assert sorted(row.value for row in rows_at(store)) == [5.0, 6.0]
    assert list(store.disagreements()) == []
