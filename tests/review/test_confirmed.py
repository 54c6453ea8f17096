from dataclasses import replace

import pytest
from tests.review.people import NAMES, marked, shown, task, without, works

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
