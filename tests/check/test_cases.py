"""What each check finds, and on what it keeps silent."""

import json
from datetime import date
from pathlib import Path

import pytest

from claimtable.check.arithmetic import arithmetic
from claimtable.check.conflicts import conflicts
from claimtable.check.due import due_predictions
from claimtable.check.fact_checks import fact_checked, read_fact_checks
from claimtable.check.repeats import repeats
from claimtable.schema import Claim

TODAY = date(2021, 6, 1)
CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases" / "checks.jsonl").read_text().splitlines()
]
CHECKS = {
    "due": lambda claims: due_predictions(claims, TODAY),
    "arithmetic": arithmetic,
    "conflicts": conflicts,
    "repeats": repeats,
}


def claims_of(case):
    """Returns the claims; those of one text stand in one place, others one behind the other."""
    places = {}
    claims = []
    for row in case["claims"]:
        doc_id = row.get("doc_id", "d")
        start = places.setdefault((doc_id, row["text"]), 1000 * len(places))
        place = {"doc_id": doc_id, "start": start, "end": start + len(row["text"])}
        claims.append(Claim.from_dict({**place, **row}))
    return claims


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_case(case, tmp_path):
    if case["check"] == "fact-checks":
        path = tmp_path / "published.jsonl"
        path.write_text("\n".join(map(json.dumps, case["fact_checks"])))
        found = list(fact_checked(claims_of(case), list(read_fact_checks(path, pytest.fail))))
    else:
        found = list(CHECKS[case["check"]](claims_of(case)))
    assert [[row.claim_id for row in finding.rows] for finding in found] == case["expected"], case["note"]
    for finding in found:
        assert finding.check == case["check"]
        assert all(words in finding.reason for words in case.get("says", ()))


def test_every_check_has_positive_and_silent_cases():
    for name in (*CHECKS, "fact-checks"):
        outcomes = [bool(case["expected"]) for case in CASES if case["check"] == name]
        assert outcomes.count(True) >= 2 and outcomes.count(False) >= 2, name
