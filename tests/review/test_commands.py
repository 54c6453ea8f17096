"""The commands of `claimtable review` from the command line, with a real Label Studio."""

from __future__ import annotations

import pytest
from tests.review.conftest import fill
from tests.review.exchange import remote_tasks, submit
from typer.testing import CliRunner

from claimtable.cli import app
from claimtable.review.exchange import titles
from claimtable.store import Store

pytestmark = pytest.mark.label_studio


@pytest.fixture
def db(tmp_path):
    return fill(tmp_path / "claims.db", articles=3, sentences=1)


@pytest.fixture
def run(db, title, label_studio, monkeypatch):
    monkeypatch.setenv("LABEL_STUDIO_URL", label_studio.url)
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", label_studio.token)

    def run(verb, *options, code=0):
        project = () if verb == "status" else ("--project", title)
        result = CliRunner().invoke(app, ["review", verb, "--db", str(db), *project, *map(str, options)])
        assert result.exit_code == code, result.output
        assert label_studio.token not in result.output
        return result.output

    return run


def on_server(db, connect, title):
    with Store.open(db) as store:
        return {task["data"]["doc_id"]: task for task in remote_tasks(store, connect(), title).values()}


def test_there_and_back(run, db, connect, title):
    assert "run claimtable review setup" in run("push", code=1)
    assert "is ready" in run("setup", "--by", "article")
    assert "1 tasks sent" in run("push", "--top", 1)
    assert "1 tasks sent" in run("push", "--documents", "d0")
    assert "1 tasks sent, 0 were there" in run("push", "--query", "value = 1e9")
    assert "0 tasks sent, 3 were there" in run("push")
    tasks = on_server(db, connect, title)
    submit(connect(), tasks["d0"])
    submit(connect(), tasks["d1"], was_cancelled=True)
    assert "3 tasks: 3 not reviewed; last pull never" in run("status")
    assert "2 annotations new" in run("pull")
    assert "0 annotations new, 0 changed, 2 known" in run("pull", "--all")
    assert "1 not reviewed, 1 skipped, 1 submitted" in run("status")
    with Store.open(db) as store:
        assert {claim.doc_id: claim.status for claim in store.claims()} == {
            "d0": "accepted",
            "d1": "extracted",
            "d2": "extracted",
        }
        assert "0123456789abcdef0123456789abcdef01234567" not in "\n".join(store._db.connection.iterdump())


def test_since(run, db, connect, title):
    run("setup")
    run("push")
    submit(connect(), on_server(db, connect, title)["d0"])
    assert "0 annotations new" in run("pull", "--since", "2999-01-01")
    assert "no ISO 8601 time" in run("pull", "--since", "yesterday", code=1)
    # What --since left out is not lost to the next pull.
    assert "1 annotations new" in run("pull")
    assert "1 known" in run("pull", "--since", "2020-01-01T00:00:00Z")


def test_blind_annotation_by_two(run, db, connect, title):
    run("setup", "--annotators", 2)
    run("push", "--annotators", 2)
    for name, _ in titles(title, 2):
        tasks = on_server(db, connect, name)
        submit(connect(), tasks["d0"], lambda items, name=name: items if name.endswith("1") else [])
    assert run("pull").count("1 annotations new") == 2
    assert "disputed claims: 0" in run("status"), "one person did both"
    assert "0 tasks sent, 3 were there" in run("sync", "--annotators", 2)


def test_a_wrong_key(run, monkeypatch):
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "f" * 40)
    output = run("setup", code=1)
    assert "does not accept the key" in output
    assert "f" * 40 not in output


def test_no_credentials(run, monkeypatch, tmp_path):
    monkeypatch.delenv("LABEL_STUDIO_API_KEY")
    monkeypatch.setenv("CLAIMTABLE_LABEL_STUDIO_CONFIG", str(tmp_path / "none.toml"))
    assert "set LABEL_STUDIO_API_KEY" in run("setup", code=1)
