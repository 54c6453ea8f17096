"""What `claimtable review doctor` finds on a real Label Studio, and on one that is set up as it comes."""

import pytest
from tests.review.exchange import send

from claimtable.errors import ReviewError
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


def test_addresses_of_its_own_machine_are_refused_as_it_comes(store, connect, title, monkeypatch):
    client = connect()
    project = setup(store, client, title)
    ask = client._ask

    def as_it_comes(method, path, *arguments, **options):
        if method == "POST" and path == "api/webhooks/":
            from label_studio_sdk.core.api_error import ApiError

            body = {"detail": "URL resolves to a reserved network address (block: 127.0.0.0/8)"}
            raise ApiError(status_code=403, body=body)
        return ask(method, path, *arguments, **options)

    monkeypatch.setattr(client, "_ask", as_it_comes)
    checks = found(lambda: client, store, title)
    for name in ("backend", "webhook"):
        assert "SSRF_PROTECTION_ENABLED=false ML_BLOCK_LOCAL_IP=false" in checks[name][1]
    with pytest.raises(ReviewError, match="SSRF_PROTECTION_ENABLED"):
        client._once(
            "trying", lambda: client._ask("POST", "api/webhooks/", {}, {"project": project.remote_id})
        )
