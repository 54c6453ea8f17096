from tests.review.people import NAMES, changed, marked, shown, task, without, works

from claimtable.review.conflicts import NOT_MARKED, find_conflicts

ANN, BOB, CYD = NAMES[1], NAMES[2], NAMES[3]


def found(*results, **options):
    return list(find_conflicts([works(*results)], **options))


def said(conflict, name):
    return {one.reviewer: one.value for one in conflict.fields[name]}


def test_who_agrees_is_in_no_conflict():
    items = shown(task())
    assert found(items, items) == []
    assert found(items) == []


def test_a_field_with_both_values_who_and_when():
    items = shown(task())
    (conflict,) = found(items, changed(items, "c1", "unit", "textarea", {"text": ["RUB"]}))
    assert (conflict.doc_id, conflict.claim_id, list(conflict.fields)) == ("d1", "c1", ["unit"])
    assert said(conflict, "unit") == {ANN: "USD", BOB: "RUB"}
    assert [one.at[:10] for one in conflict.fields["unit"]] == ["2024-05-01", "2024-05-02"]


def test_a_rejected_claim_and_one_that_a_single_reviewer_added():
    items = shown(task())
    first, second = found(items, marked(without(items, "c1"), 84, 88))
    assert said(first, "claim") == {ANN: "accepted", BOB: "rejected"}
    assert said(second, "claim") == {BOB: "added", ANN: NOT_MARKED}


def test_a_verdict_that_one_gave_contradicts_nobody():
    items = shown(task())
    supported = changed(items, "c1", "verdict", "choices", {"choices": ["supported"]})
    refuted = changed(items, "c1", "verdict", "choices", {"choices": ["refuted"]})
    assert found(items, supported) == []
    (conflict,) = found(items, supported, refuted)
    assert said(conflict, "verdict") == {BOB: "supported", CYD: "refuted"}


def test_an_adjudicator_ends_a_conflict_by_reviewing():
    items = shown(task())
    other = changed(items, "c1", "unit", "textarea", {"text": ["RUB"]})
    assert len(found(items, other, adjudicator=CYD)) == 1
    assert found(items, other, items, adjudicator=CYD) == []
