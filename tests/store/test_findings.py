"""What checks found: stored once, closed when it is found no more, opened when it is found again."""

from dataclasses import replace

import pytest

from claimtable.schema import Finding, FoundRow
from claimtable.store import Extraction


@pytest.fixture
def finding(claims):
    return Finding("f1", "conflicts", "both cannot be", tuple(FoundRow.of(claim) for claim in claims))


def test_a_finding_comes_back(store, finding):
    store.save_findings([finding], checks=["conflicts"])
    store.save_findings([replace(finding, reason="said anew")], checks=["conflicts"])
    assert store.findings() == [replace(finding, reason="said anew")]
    assert store.status().findings == {"conflicts": 1}


def test_what_is_found_no_more_is_closed_and_may_come_again(store, finding):
    other = replace(finding, finding_id="f2", check="repeats")
    store.save_findings([finding, other], checks=["conflicts", "repeats"])
    store.save_findings([], checks=["conflicts"])
    assert store.findings() == [other], "a check that did not run closes nothing"
    store.save_findings([finding], checks=["conflicts"])
    assert store.findings() == [finding, other]


def test_a_finding_on_a_row_that_is_gone_waits_for_the_next_check(store, document, claims, finding):
    store.save_findings([finding], checks=["conflicts"])
    store.save_extraction(document, Extraction(claims[:1]), pipeline="test@2")
    assert store.findings() == []
    store.save_extraction(document, Extraction(claims), pipeline="test@1")
    assert store.findings() == [finding]


def test_nothing_is_written_when_the_process_fails_in_between(store, finding):
    def broken():
        yield finding
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.save_findings(broken(), checks=["conflicts"])
    assert store.findings() == []
