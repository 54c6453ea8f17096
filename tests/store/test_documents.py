"""Which document a file is, and documents that are taken out and brought back."""

from dataclasses import replace

import pytest

from claimtable.errors import StoreError
from claimtable.schema import Document
from claimtable.store import Extraction


@pytest.fixture
def ingest(store, tmp_path, claims_of):
    """Returns a function: writes a file, and puts it into the store as `claimtable ingest` does; returns its id."""

    def ingest(name, text, doc_id=""):
        path = tmp_path / name
        path.write_text(text)
        plain = Document(id=doc_id, text=text, source=str(path))
        document = store.identify(replace(plain, id=doc_id or plain.sha256[:16]), path)
        change = store.add_document(document)
        if change.kind in ("added", "changed"):
            store.save_extraction(document, Extraction(claims_of(document)), pipeline="test@1")
        return document.id, change.kind

    return ingest


def test_a_mended_typo_is_another_text_of_the_same_document(ingest, store, document, submission):
    first, _ = ingest("a.txt", document.text)
    (claim, _) = store.claims()
    stored = store.document(first)
    store.add_annotations([submission(stored, {"claim": claim, "verdict": "refuted"})])
    again, kind = ingest("a.txt", document.text.replace("Nobody", "No one"))
    assert (again, kind) == (first, "changed")
    rows = list(store.claims())
    assert [(row.status, row.verdict) for row in rows] == [("accepted", "refuted"), ("extracted", None)]


def test_a_file_that_is_moved_stays_the_same_document(ingest, tmp_path, document):
    first, _ = ingest("a.txt", document.text)
    (tmp_path / "a.txt").unlink()
    assert ingest("b.txt", document.text) == (first, "unchanged")
    assert ingest("b.txt", document.text + " More.") == (first, "changed")


def test_a_copy_is_the_same_document_until_one_of_the_two_changes(ingest, document):
    first, _ = ingest("a.txt", document.text)
    assert ingest("b.txt", document.text) == (first, "unchanged")
    other, kind = ingest("b.txt", document.text + " More.")
    assert (other != first, kind) == (True, "added")
    assert ingest("a.txt", document.text) == (first, "unchanged")
    assert ingest("b.txt", document.text + " Much more.") == (other, "changed")


def test_a_new_file_with_the_first_text_of_a_changed_one_is_another_document(ingest, document):
    first, _ = ingest("a.txt", document.text)
    ingest("a.txt", document.text + " More.")
    other, kind = ingest("b.txt", document.text)
    assert (other != first, kind) == (True, "added")
    assert ingest("b.txt", document.text) == (other, "unchanged")


def test_an_id_that_was_given_stays(ingest, document):
    assert ingest("a.txt", document.text, doc_id="mine") == ("mine", "added")
    assert ingest("a.txt", document.text + " More.", doc_id="mine") == ("mine", "changed")


def test_removed_and_restored(ingest, store, document, submission):
    doc_id, _ = ingest("a.txt", document.text)
    stored = store.document(doc_id)
    (claim, _) = store.claims()
    store.add_annotations([submission(stored, {"claim": claim, "decision": "rejected"})])
    before = list(store.claims())
    store.remove_document(doc_id)
    assert not list(store.claims()) and not list(store.documents())
    assert [entry.doc_id for entry in store.document_list(removed=True)] == [doc_id]
    assert len(list(store.reviews())) == 1
    with pytest.raises(StoreError, match="restore"):
        store.document(doc_id)
    assert ingest("a.txt", document.text) == (doc_id, "removed")
    assert ingest("a.txt", document.text + " More.") == (doc_id, "removed")
    # What comes in meanwhile waits for it.
    store.add_annotations(
        [submission(stored, {"claim": claim}, reviewer="ben@example.org", at="2024-06-01T12:00:00Z")]
    )
    store.restore_document(doc_id)
    assert [row.claim_id for row in store.claims()] == [row.claim_id for row in before]
    assert {row.status for row in store.claims()} == {"accepted", "extracted"}
    with pytest.raises(StoreError, match="no document"):
        store.restore_document(doc_id)
