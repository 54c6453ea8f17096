"""Several people on one claim: which row the table shows, by each rule, and what counts as a disagreement."""

import pytest

from claimtable.errors import StoreError

ANN, BEN, CAM = "ann", "ben", "cam"

# Reviews in the order of time → (status, value, verdict) that each rule shows. 14e6 is what was extracted.
CASES = {
    "one accepts": (
        [(ANN, "accepted", {}, "supported")],
        {"latest": ("accepted", 14e6, "supported"), "majority": ("accepted", 14e6, "supported")},
    ),
    "the last one rejects": (
        [(ANN, "accepted", {}, None), (BEN, "corrected", {"value": 15.0}, None), (CAM, "rejected", {}, None)],
        {
            "latest": ("rejected", 14e6, None),
            "majority": ("corrected", 15.0, None),
            "adjudicator:ann": ("accepted", 14e6, None),
        },
    ),
    "two of three correct it": (
        [
            (ANN, "corrected", {"value": 15.0}, None),
            (BEN, "corrected", {"value": 15.0, "unit": "EUR"}, None),
            (CAM, "accepted", {}, None),
        ],
        {"latest": ("accepted", 14e6, None), "majority": ("corrected", 15.0, None)},
    ),
    "most reject": (
        [(ANN, "rejected", {}, None), (BEN, "rejected", {}, None), (CAM, "accepted", {}, None)],
        {"latest": ("accepted", 14e6, None), "majority": ("rejected", 14e6, None)},
    ),
    "who gives no verdict takes none away": (
        [(ANN, "accepted", {}, "refuted"), (BEN, "accepted", {}, None)],
        {"latest": ("accepted", 14e6, "refuted"), "majority": ("accepted", 14e6, "refuted")},
    ),
    "the adjudicator has not come yet": (
        [(ANN, "accepted", {}, None), (BEN, "rejected", {}, None)],
        {"adjudicator:zoe": ("rejected", 14e6, None)},
    ),
    "emptied": (
        [(ANN, "corrected", {"value": None}, None)],
        {"latest": ("corrected", None, None), "majority": ("corrected", None, None)},
    ),
}


@pytest.mark.parametrize(("case", "rule"), [(case, rule) for case in CASES for rule in CASES[case][1]])
def test_rules(store, document, claims, submission, case, rule):
    said, expected = CASES[case]
    for hour, (reviewer, decision, fields, verdict) in enumerate(said):
        review = {"claim": claims[0], "decision": decision, "fields": fields, "verdict": verdict}
        store.add_annotations(
            [submission(document, review, reviewer=reviewer, at=f"2024-05-01T{hour:02}:00:00Z")]
        )
    store.set_adjudication(rule)
    assert store.adjudication == rule
    shown = next(store.claims())
    assert (shown.status, shown.value, shown.verdict) == expected[rule]
    assert len(list(store.reviews())) == len(said), "every review stays"


def test_times_of_other_zones_are_compared_as_times(store, document, claims, submission):
    early = {"claim": claims[0], "decision": "rejected"}
    late = {"claim": claims[0], "decision": "accepted"}
    store.add_annotations(
        [
            submission(document, late, reviewer=ANN, at="2024-05-01T10:00:00-05:00"),
            submission(document, early, reviewer=BEN, at="2024-05-01T12:00:00Z"),
        ]
    )
    assert next(store.claims()).status == "accepted"


@pytest.mark.parametrize("rule", ["", "oldest", "adjudicator:", "adjudicator: "])
def test_no_such_rule(store, rule):
    with pytest.raises(StoreError, match="adjudication rule"):
        store.set_adjudication(rule)


DISPUTES = {
    "the same": ([(ANN, "accepted", {}, None), (BEN, "accepted", {}, None)], False),
    "one verdict, one without": ([(ANN, "accepted", {}, "refuted"), (BEN, "accepted", {}, None)], False),
    "two verdicts": ([(ANN, "accepted", {}, "refuted"), (BEN, "accepted", {}, "mixed")], True),
    "one rejects": ([(ANN, "accepted", {}, None), (BEN, "rejected", {}, None)], True),
    "two values": ([(ANN, "corrected", {"value": 1}, None), (BEN, "corrected", {"value": 2}, None)], True),
    "the same by two ways": (
        [(ANN, "corrected", {"unit": "USD"}, None), (BEN, "accepted", {}, None)],
        False,
    ),
    "one alone": ([(ANN, "rejected", {}, "mixed")], False),
}


@pytest.mark.parametrize("case", DISPUTES)
def test_disagreements(store, document, claims, submission, case):
    said, disputed = DISPUTES[case]
    for reviewer, decision, fields, verdict in said:
        review = {"claim": claims[0], "decision": decision, "fields": fields, "verdict": verdict}
        store.add_annotations([submission(document, review, reviewer=reviewer)])
    found = list(store.disagreements())
    assert [len(next(iter(one.fields.values()))) for one in found] == ([len(said)] if disputed else [])
    assert store.status().disagreements == int(disputed)


def test_who_comes_to_agree_no_longer_disagrees(store, document, claims, submission):
    yes, no = {"claim": claims[0]}, {"claim": claims[0], "decision": "rejected"}
    store.add_annotations(
        [submission(document, dict(yes), reviewer=ANN), submission(document, no, reviewer=BEN)]
    )
    assert len(list(store.disagreements())) == 1
    store.add_annotations([submission(document, dict(yes), reviewer=BEN, at="2024-05-02T12:00:00Z")])
    assert list(store.disagreements()) == []


def test_a_withdrawn_annotation_no_longer_counts_and_may_come_again(store, document, claims, submission):
    sent = submission(document, {"claim": claims[0], "decision": "rejected"})
    store.add_annotations([sent])
    assert store.withdraw_annotations([sent.annotation.annotation_id, "unknown"]) == 1
    assert next(store.claims()).status == "extracted"
    assert list(store.annotations()) == []
    assert len(list(store.reviews(all_revisions=True))) == 1
    assert store.add_annotations([sent]).changed == 1
    assert next(store.claims()).status == "rejected"
