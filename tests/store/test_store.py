"""Documents, extraction and reviews through the store's own methods."""

import re
from dataclasses import replace

import pytest

from claimtable.errors import StoreError
from claimtable.schema import (
    Actor,
    ActorMention,
    Quantity,
    ReviewedRelation,
    ReviewedSpan,
    Task,
)
from claimtable.store import Extraction, Store


def test_a_document_comes_back(store, document):
    change = store.add_document(document)
    assert (change.kind, change.version, change.pipeline) == ("added", 1, None)
    assert store.document("d") == document
    assert list(store.documents()) == [document]
    assert store.add_document(document).kind == "unchanged"


def test_a_changed_text_is_a_new_version(store, document):
    store.add_document(document)
    changed = replace(document, text=document.text + " More.")
    assert (change := store.add_document(changed)).kind == "changed"
    assert change.version == 2
    assert store.document("d") == changed
    assert store.document("d", sha256=document.sha256) == document
    assert store.add_document(document).version == 1, "a text that comes back is the version it was"
    assert store.document("d") == document


def test_other_metadata_ask_for_extraction(store, document, claims):
    assert store.add_document(document).pipeline == "test@1"
    assert store.add_document(replace(document, source="elsewhere")).kind == "unchanged"
    change = store.add_document(replace(document, author="Ann"))
    assert (change.kind, change.version, change.pipeline) == ("updated", 1, None)
    assert next(store.claims()).author == "Ann"


def test_extraction_comes_back(store, document, claims):
    actor = Actor("a1", "Russia", "GPE", ("Moscow",), ((0, 5),), ("d",))
    mentions = (ActorMention(0, 5, "Trade", "GPE", "a1"), Quantity(29, 47, "14 million dollars", value=14e6))
    extracted = Extraction(claims, (actor,), mentions)
    assert store.save_extraction(document, extracted, pipeline="test@2")
    assert not store.save_extraction(document, extracted, pipeline="test@2")
    assert tuple(store.claims()) == tuple(store.extracted_claims("d")) == claims
    assert store.actors("d") == [actor]
    assert tuple(store.mentions("d")) == mentions
    assert store.mentions("d", layer="quantities") == [mentions[1]]


def test_rows_by_condition_order_and_number(store, claims):
    assert [c.kind for c in store.claims(where="value < 1e7 AND doc_id = 'd'")] == ["prediction"]
    assert list(store.claims(doc_ids=["other"])) == []
    assert len(list(store.claims(limit=1, order="check_worthiness"))) == 1


@pytest.mark.parametrize(
    "where", ["no_such_column = 1", "1; DROP TABLE tasks", "value <", "value = ?", "1) --"]
)
def test_a_wrong_condition_is_refused(store, claims, where):
    with pytest.raises(StoreError, match=rf"claims\.db: cannot find the claims with {re.escape(where)} \("):
        list(store.claims(where=where))
    assert len(list(store.claims())) == 2


def test_accepted_corrected_rejected(store, document, claims, submission):
    first, second = claims
    store.add_annotations(
        [
            submission(
                document,
                {
                    "claim": first,
                    "decision": "corrected",
                    "fields": {"value": 15e6, "unit": None},
                    "verdict": "mixed",
                },
                {"claim": second, "decision": "rejected"},
            )
        ]
    )
    corrected, rejected = store.claims()
    assert (corrected.status, corrected.value, corrected.unit, corrected.verdict) == (
        "corrected",
        15e6,
        None,
        "mixed",
    )
    assert (corrected.reviewer, corrected.reviewed_at) == ("ann@example.org", "2024-05-01T12:00:00Z")
    assert rejected == replace(
        second, status="rejected", reviewer=corrected.reviewer, reviewed_at=corrected.reviewed_at
    )
    assert tuple(store.extracted_claims("d")) == claims, "what was extracted stays"


def test_an_added_claim_is_a_row(store, document, claims, claim_of, submission):
    words = "Nobody knows 🤷 why"
    by_hand = claim_of(document, words, claim_id="by-hand")
    fields = {"kind": "prediction", "deadline": "2030-12-31", "value": 1}
    store.add_annotations([submission(document, {"claim": by_hand, "decision": "added", "fields": fields})])
    added = list(store.claims())[-1]
    assert (added.claim_id, added.status, added.text, added.kind) == ("by-hand", "added", words, "prediction")
    assert (added.deadline.year, added.value, added.title) == (2030, 1.0, document.title)


def test_nothing_is_doubled_and_every_revision_stays(store, document, claims, submission):
    one = submission(document, {"claim": claims[0], "decision": "accepted"})
    two = submission(document, {"claim": claims[0], "decision": "rejected"}, at="2024-05-02T12:00:00Z")
    assert store.add_annotations([one]).new == 1
    assert store.add_annotations([one]).unchanged == 1
    assert store.add_annotations([two]).changed == 1
    assert store.add_annotations([one]).unchanged == 1, "the older state came last"
    assert [r.decision for r in store.reviews("d")] == ["rejected"]
    assert [r.decision for r in store.reviews("d", all_revisions=True)] == ["accepted", "rejected"]
    assert list(store.annotations()) == [two.annotation]
    assert next(store.claims()).status == "rejected"


def test_an_older_state_that_comes_late_does_not_hold(store, document, claims, submission):
    one = submission(document, {"claim": claims[0], "decision": "accepted"})
    two = submission(document, {"claim": claims[0], "decision": "rejected"}, at="2024-05-02T12:00:00.5Z")
    store.add_annotations([two])
    store.add_annotations([one])
    assert [r.decision for r in store.reviews("d")] == ["rejected"]
    assert len(list(store.annotations(all_revisions=True))) == 2


def test_empty_skipped_and_not_reviewed_differ(store, document, claims, submission):
    store.add_annotations(
        [submission(document, reviewer="empty"), submission(document, reviewer="skips", outcome="skipped")]
    )
    assert store.status().annotations == {"empty": 1, "skipped": 1}
    assert store.status().reviews == {}


def test_spans_and_relations_come_back(store, document, claims, submission):
    given = submission(document)
    key = given.annotation.annotation_id
    spans = (
        ReviewedSpan(key, "r1", "Claim", 13, 20, document.text[13:20], "manual", {"kind": ["x"]}),
        ReviewedSpan(key, "r2", "Subject", 13, 14, document.text[13:14], "prediction"),
    )
    relations = (ReviewedRelation(key, "r1", "r2", "subject"),)
    store.add_annotations([replace(given, spans=spans, relations=relations)])
    assert tuple(store.reviewed_spans("d")) == spans
    assert tuple(store.reviewed_relations(annotation_id=key)) == relations


BAD = {
    "offsets beyond the text": {"start": 0, "end": 10_000},
    "words of another place": {"exact": "something else"},
    "no such column": {"fields": {"colour": "red"}},
    "a word for a number": {"fields": {"value": "many"}},
    "no date": {"fields": {"deadline": "soon"}},
    "a kind emptied": {"fields": {"kind": None}},
    "a time without zone": {"reviewed_at": "2024-05-01T12:00:00"},
    "another document": {"doc_id": "e"},
    "a claim that is not there": {"claim_id": "nowhere"},
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_annotation_costs_itself(store, document, claims, submission, case):
    bad = submission(document, {"claim": claims[0], **BAD[case]}, reviewer="bob")
    good = submission(document, {"claim": claims[1]})
    with pytest.raises(StoreError):
        store.add_annotations([good, bad])
    assert list(store.reviews()) == []
    errors = []
    counts = store.add_annotations([bad, good], on_error=errors.append)
    assert (counts.new, counts.failed, len(errors)) == (1, 1, 1)
    assert [r.reviewer for r in store.reviews()] == ["ann@example.org"]


def test_tasks_and_sync_state(store, document, claims):
    task = Task("k", "d", document.sha256, 0, 40, "http://ls", "3", "hash", claims=claims)
    store.put_tasks([task])
    store.put_tasks([task])
    assert list(store.tasks(server="http://ls", project="3")) == [task]
    store.set_remote("k", "17", pushed_at="2024-05-01T12:00:00Z")
    assert store.task("k") == replace(task, remote_id="17", state="pushed", pushed_at="2024-05-01T12:00:00Z")
    assert list(store.tasks(state="pending")) == []
    assert store.status().tasks_waiting == 1
    with pytest.raises(StoreError, match="no task"):
        store.set_remote("other", "1")
    assert store.sync_value("http://ls", "3", "cursor") is None
    store.set_sync_value("http://ls", "3", "cursor", "x")
    assert store.sync_value("http://ls", "3", "cursor") == "x"
    store.set_sync_value("http://ls", "3", "cursor", None)
    assert store.sync_value("http://ls", "3", "cursor") is None


def test_a_transaction_is_whole_or_nothing(store, document):
    with pytest.raises(ZeroDivisionError), store.transaction():
        store.add_document(document)
        1 / 0  # noqa: B018
    assert list(store.documents()) == []


def test_two_open_stores_see_each_other(store, path, document):
    with Store.open(path) as other:
        store.add_document(document)
        assert other.document("d") == document
    with Store.open(path, read_only=True) as reader:
        assert reader.document("d") == document
        with pytest.raises(StoreError, match="permissions"):
            reader.add_document(replace(document, id="e"))
