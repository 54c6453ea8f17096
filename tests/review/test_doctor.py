"""What `claimtable review doctor` finds on a real Label Studio, and on one that is set up as it comes."""

import pytest
from tests.review import label_studio_server
from tests.review.exchange import send

from claimtable.errors import ReviewError
from claimtable.review.client import Client
from claimtable.review.credentials import Credentials
from claimtable.review.doctor import LOOPBACK, examine
from claimtable.review.exchange import setup
from claimtable.review.fields import labelling_config

pytestmark = pytest.mark.label_studio


def found(connect, store, title):
    return {check.name: (check.state, check.words) for check in examine(connect, store, title)}


def test_what_is_well_and_what_is_not(store, connect, title):
    client = connect()
    missing = found(connect, store, title)
    assert missing["connection"][0] == missing["version"][0] == "well"
    assert "a legacy token) as that of admin@localhost.local" in missing["connection"][1]
    assert "run claimtable review setup" in missing["project"][1]
    project = setup(store, client, title)
    send(store, client, title, documents=["d0"])
    checks = found(connect, store, title)
    assert {name: state for name, (state, _) in checks.items()} == {
        **dict.fromkeys(("connection", "version", "project", "configuration"), "well"),
        **dict.fromkeys(("backend", "webhook"), "note"),
    }
    client.update_project(
        project.remote_id, label_config=labelling_config().replace('value="Cue"', 'value="Verb"')
    )
    client.ensure_webhook(project.remote_id, "http://127.0.0.1:9/")
    checks = found(connect, store, title)
    assert checks["configuration"] == ("wrong", "it lacks label 'Cue': run claimtable review setup")
    assert checks["webhook"] == ("well", "http://127.0.0.1:9/ is called at each change")
    assert client.takes_webhook(project.remote_id, LOOPBACK)
    assert len(client.webhooks(project.remote_id)) == 1


def test_a_key_that_is_none(store, connect, title):
    checks = found(lambda: connect(key="f" * 40), store, title)
    assert list(checks) == ["connection"]
    assert "does not accept the key" in checks["connection"][1]


@pytest.mark.slow
def test_addresses_of_its_own_machine_are_refused_as_it_comes(store, title):
    """By a Label Studio with the settings that it has by itself, which is what most people have."""
    if not label_studio_server.installed():
        pytest.skip("Label Studio is not installed: run make label-studio")
    with label_studio_server.running(as_it_comes=True) as server:
        client = Client(Credentials(server.url, server.token))
        project = setup(store, client, title).remote_id
        checks = found(lambda: client, store, title)
        assert [checks[name][0] for name in ("connection", "version", "project", "configuration")] == [
            "well"
        ] * 4
        for name in ("backend", "webhook"):
            assert "SSRF_PROTECTION_ENABLED=false ML_BLOCK_LOCAL_IP=false" in checks[name][1]
        # `sync --listen` asks for a webhook, and people for a backend, on this machine.
        with pytest.raises(ReviewError, match="SSRF_PROTECTION_ENABLED=false and ML_BLOCK_LOCAL_IP=false"):
            client.ensure_webhook(project, "http://127.0.0.1:9/hook")
        body = {"project": int(project), "url": "http://127.0.0.1:9", "title": "claimtable"}
        with pytest.raises(ReviewError, match="calls no addresses of its own network"):
            client._once("adding a backend", lambda: client._ask("POST", "api/ml/", {}, body))
        assert list(client._ask("GET", "api/ml/", {"project": project}, None, many=True)) == []
        # All else works without.
        assert send(store, client, title, documents=["d0"]).sent == 1
