import json
import os
import re
import signal
import subprocess
import sys
import urllib.request

import pytest
from tests.review.people import CLAIMS, DOCUMENT, shown, task
from typer.testing import CliRunner

from claimtable.cli import app
from claimtable.cli.review.push import EXTRACTOR
from claimtable.cli.serve import Predictor
from claimtable.review.tasks import stored_tasks
from claimtable.store import Extraction, Store

ARTICLE = "Trade was worth $34 million in 2018, Russia said. It will reach $1 billion by 2020."


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.org", "::"])
def test_another_address_needs_a_token(host, monkeypatch):
    monkeypatch.delenv("CLAIMTABLE_SERVE_TOKEN", raising=False)
    result = CliRunner().invoke(app, ["serve", "--host", host])
    assert result.exit_code == 2
    assert "CLAIMTABLE_SERVE_TOKEN" in result.stderr


def test_a_document_of_the_database_gets_what_push_would_send(tmp_path):
    db = tmp_path / "claims.db"
    with Store.open(db) as store:
        store.add_document(DOCUMENT)
        store.save_extraction(DOCUMENT, Extraction(CLAIMS), pipeline="test")
        (sent,) = stored_tasks(store, "d1", extractor=EXTRACTOR)
    prediction = Predictor(None, db)(sent.data)
    assert prediction == sent.prediction()
    assert prediction["result"] == shown(task())


@pytest.mark.pipeline
def test_a_text_from_elsewhere_is_extracted_from(nlp, tmp_path):
    prediction = Predictor(nlp, tmp_path / "none.db")({"text": ARTICLE, "published": "2019-01-01"})
    labels = {
        (item["value"]["labels"][0], item["value"]["text"])
        for item in prediction["result"]
        if item["type"] == "labels"
    }
    assert ("Quantity", "$34 million") in labels
    assert sum(label == "Claim" for label, _ in labels) == 2
    assert prediction["model_version"] == EXTRACTOR
    assert 0 < prediction["score"] <= 1


@pytest.mark.pipeline
@pytest.mark.slow
def test_it_starts_answers_and_stops(tmp_path):
    environment = {**os.environ, "CLAIMTABLE_SERVE_TOKEN": ""}
    process = subprocess.Popen(
        [sys.executable, "-c", "from claimtable.cli import main; main()", "serve", "--port", "0", "--fast"],
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=environment,
    )
    try:
        url = re.search(r"http://127\.0\.0\.1:\d+", process.stderr.readline().decode())[0]
        body = json.dumps({"tasks": [{"id": 1, "data": {"text": ARTICLE}}]}).encode()
        request = urllib.request.Request(f"{url}/predict", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert json.load(answer)["results"][0]["result"]
        taken = CliRunner().invoke(app, ["serve", "--fast", "--port", url.rpartition(":")[2]])
        assert (taken.exit_code, "choose another --port" in taken.stderr) == (1, True)
    finally:
        process.send_signal(signal.SIGTERM)
        rest = process.stderr.read().decode()
        process.stderr.close()
    assert process.wait(20) == 0
    assert "Traceback" not in rest
