"""The ML backend as a real Label Studio asks it."""

import json
import socket
import threading
import time
import urllib.request

import pytest
import uvicorn
from tests.review.people import CLAIMS, DOCUMENT

from claimtable.cli.review.push import EXTRACTOR
from claimtable.cli.serve import Predictor
from claimtable.review.backend import make_app
from claimtable.review.fields import labelling_config
from claimtable.review.tasks import stored_tasks
from claimtable.store import Extraction, Store

pytestmark = pytest.mark.label_studio


@pytest.fixture
def backend(tmp_path):
    """Address of a backend on a database with one document, and the task that push would send of it."""
    db = tmp_path / "claims.db"
    with Store.open(db) as store:
        store.add_document(DOCUMENT)
        store.save_extraction(DOCUMENT, Extraction(CLAIMS), pipeline="test")
        (task,) = stored_tasks(store, "d1", extractor=EXTRACTOR)
    app = make_app(Predictor(None, db), version=EXTRACTOR, on_error=print)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}", task
    server.should_exit = True
    thread.join(20)
    listener.close()


def call(server, method, path, data=None):
    headers = {"Authorization": f"Token {server.token}", "Content-Type": "application/json"}
    body = None if data is None else json.dumps(data).encode()
    request = urllib.request.Request(f"{server.url}{path}", body, headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def test_a_task_without_a_prediction_has_one_when_it_is_opened(backend, label_studio):
    address, sent = backend
    server = label_studio
    settings = {
        "title": "claims",
        "label_config": labelling_config(),
        "evaluate_predictions_automatically": True,
    }
    project = call(server, "POST", "/api/projects/", settings)["id"]
    call(server, "POST", "/api/ml/", {"project": project, "url": address, "title": "claimtable"})
    call(server, "POST", f"/api/projects/{project}/import", [{"data": sent.data}])
    number = call(server, "GET", f"/api/tasks/?project={project}&fields=all")["tasks"][0]["id"]
    deadline = time.monotonic() + 180
    predictions = []
    while not predictions and time.monotonic() < deadline:
        predictions = call(server, "GET", f"/api/tasks/{number}/?project={project}")["predictions"]
    assert [p["model_version"] for p in predictions] == [EXTRACTOR]
    assert predictions[0]["result"] == json.loads(json.dumps(sent.prediction()["result"]))
