"""Conflicts on their way to an adjudicator, with a real Label Studio."""

import pytest
from tests.cli.test_review import db, run

from claimtable.store import Store

__all__ = ["db"]


@pytest.mark.label_studio
def test_conflicts_go_to_an_adjudicator_once(db, connect, monkeypatch):
    client = connect()
    monkeypatch.setattr("claimtable.cli.review.conflicts.connect", lambda: client)
    first = run("conflicts", "--db", db, "--push", "--project", "disputed").stderr
    again = run("conflicts", "--db", db, "--push", "--project", "disputed").stderr
    assert "1 tasks sent" in first
    assert "0 tasks sent, 1 were there" in again
    with Store.open(db) as store:
        assert [one.annotator for one in store.tasks(server=client.url)] == ["adjudication"]
