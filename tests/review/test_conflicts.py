"""Who disagrees with whom, from what people submitted to what `review conflicts` lists."""

import pytest
from tests.review.people import CLAIMS, DOCUMENT, NAMES, changed, marked, shown, task, without, works

from claimtable.review.units import FIELDS
from claimtable.store import Extraction, Store

ANN, BOB, CYD = NAMES[1], NAMES[2], NAMES[3]
NEW = (84, 88)
"""Words that are no claim to the extractor."""


@pytest.fixture
def found(tmp_path):
    """Returns a function: results of several people, one each → the disagreements."""

    def found(*results, rule="latest", claims=CLAIMS):
        path = tmp_path / "claims.db"
        path.unlink(missing_ok=True)
        with Store.open(path) as store:
            store.add_document(DOCUMENT)
            store.save_extraction(DOCUMENT, Extraction(claims), pipeline="test")
            store.set_adjudication(rule)
            store.add_annotations(work.submission for work in works(*results))
            disputes = list(store.disagreements())
            assert store.status().disagreements == len(disputes)
            return disputes

    return found


def said(dispute, name):
    return {one.reviewer: one.value for one in dispute.fields[name]}


def test_who_agrees_is_in_no_conflict(found):
    items = shown(task())
    assert found(items, items) == []
    assert found(items) == []


CHANGES = {
    "kind": ("choices", {"choices": ["prediction"]}, "prediction"),
    "subject": ("textarea", {"text": ["trade"]}, "trade"),
    "bound": ("choices", {"choices": ["at least"]}, ">="),
    "value": ("number", {"number": 35e6}, 35e6),
    "unit": ("textarea", {"text": ["RUB"]}, "RUB"),
    "polarity": ("choices", {"choices": ["negated"]}, "negated"),
    "time_start": ("datetime", {"datetime": "2018-01-01"}, "2018-01-01"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_field_with_both_values_who_and_when(found, name):
    kind, content, value = CHANGES[name]
    items = shown(task())
    (dispute,) = found(items, changed(items, "c1", name, kind, content))
    assert (dispute.doc_id, dispute.claim_id, list(dispute.fields)) == ("d1", "c1", [name])
    assert said(dispute, name) == {ANN: CLAIMS[0].to_dict()[name], BOB: value}
    assert [one.at[:10] for one in dispute.fields[name]] == ["2024-05-01", "2024-05-02"]
    assert found(*[changed(items, "c1", name, kind, content)] * 2) == []


def test_every_field_that_is_compared_can_be_in_dispute(tmp_path):
    sql = Store.open(tmp_path / "claims.db")._db.one(
        "SELECT sql FROM sqlite_master WHERE name = 'disagreements'"
    )[0]
    names = sql[sql.index("VALUES") : sql.index("cells AS")]
    assert [name for name in FIELDS if f"'{name}'" not in names] == []
    assert names.count("(") == len(FIELDS)


def test_a_rejected_claim_and_one_that_a_single_reviewer_added(found):
    items = shown(task())
    first, second = found(items, marked(without(items, "c1"), *NEW))
    assert said(first, "claim") == {ANN: "accepted", BOB: "rejected"}
    assert said(second, "claim") == {BOB: "added", ANN: "not marked"}


def test_what_two_added_in_one_place_is_one_claim(found):
    items = shown(task())
    assert found(marked(items, *NEW), marked(items, *NEW, number=2)) == []
    (dispute,) = found(marked(items, *NEW), marked(items, NEW[0], NEW[1] - 1, number=2))
    assert said(dispute, "text") == {ANN: "Fine", BOB: "Fin"}


def test_a_verdict_that_one_gave_contradicts_nobody(found):
    items = shown(task())
    supported = changed(items, "c1", "verdict", "choices", {"choices": ["supported"]})
    refuted = changed(items, "c1", "verdict", "choices", {"choices": ["refuted"]})
    assert found(items, supported) == []
    (dispute,) = found(items, supported, refuted)
    assert said(dispute, "verdict") == {BOB: "supported", CYD: "refuted"}


def test_an_adjudicator_ends_a_conflict_by_reviewing(found):
    items = shown(task())
    other = changed(items, "c1", "unit", "textarea", {"text": ["RUB"]})
    assert len(found(items, other, rule=f"adjudicator:{CYD}")) == 1
    assert found(items, other, items, rule=f"adjudicator:{CYD}") == []
    assert found(marked(items, *NEW), items, rule=f"adjudicator:{BOB}") == []
