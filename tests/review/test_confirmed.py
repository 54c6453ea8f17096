from dataclasses import replace

import pytest
from tests.review.people import CLAIMS, DOCUMENT, NAMES, marked, region_of, shown, task, without, works

from claimtable.review.claim_tasks import make_claim_task
from claimtable.review.confirmed import confirmed
from claimtable.review.work import latest


def labels(rule, *results):
    (part,) = confirmed(works(*results), rule)
    return sorted((span.label, span.start) for span in part.spans)


ITEMS = shown(task())
EMPTY: list = []
BOTH = [("Claim", 0), ("Claim", 50), ("Speaker", 37)]
ONE = [("Claim", 0), ("Speaker", 37)]


@pytest.mark.parametrize(
    ("rule", "results", "expected"),
    [
        ("latest", (ITEMS, without(ITEMS, "c2")), ONE),
        ("latest", (without(ITEMS, "c2"), ITEMS), BOTH),
        ("latest", (EMPTY,), []),
        ("majority", (ITEMS, without(ITEMS, "c2"), without(ITEMS, "c2")), ONE),
        ("majority", (ITEMS, EMPTY), []),
        ("majority", (ITEMS, ITEMS, marked([], 84, 88)), BOTH),
        (f"adjudicator:{NAMES[1]}", (ITEMS, EMPTY), BOTH),
        ("adjudicator:nobody", (ITEMS, without(ITEMS, "c2")), ONE),
    ],
)
def test_which_spans_hold(rule, results, expected):
    assert labels(rule, *results) == expected


def test_of_one_person_the_latest_work_counts():
    first, second = works(ITEMS, EMPTY)
    annotation = replace(second.submission.annotation, reviewer=first.reviewer)
    second = replace(second, submission=replace(second.submission, annotation=annotation))
    assert latest([second, first]) == [second]


def test_what_was_rejected_by_a_word_is_none_nor_are_its_parts():
    region = region_of(ITEMS, "c1")
    value = {"start": 0, "end": 49, "choices": ["wrong"]}
    word = {"id": region, "from_name": "decision", "to_name": "text", "type": "choices", "value": value}
    assert labels("latest", [*ITEMS, word]) == [("Claim", 50)]


def test_a_claim_whose_mark_is_gone_takes_its_parts_along():
    assert labels("latest", without(ITEMS, "c1")) == [("Claim", 50)]


def one_by_one(claim, word):
    """One person's word on one claim."""
    one = make_claim_task(DOCUMENT, claim, claim, extractor="v1")
    choice = {
        "id": "d",
        "from_name": "decision",
        "to_name": "text",
        "type": "choices",
        "value": {"choices": [word]},
    }
    (work,) = works([*shown(one), choice], one=one)
    return replace(work, claim_id=claim.claim_id)


def test_claims_that_were_judged_one_by_one_make_a_paragraph():
    yes, no = one_by_one(CLAIMS[0], "right"), one_by_one(CLAIMS[1], "wrong")
    (part,) = confirmed([yes, no], "latest", CLAIMS)
    assert [(span.label, span.start) for span in part.spans] == ONE
    assert list(confirmed([yes], "latest", CLAIMS)) == []
    assert list(confirmed([yes, one_by_one(CLAIMS[1], "unsure")], "latest", CLAIMS)) == []
