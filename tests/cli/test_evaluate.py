import json

import pytest


@pytest.fixture
def gold(tmp_path):
    folder = tmp_path / "one"
    folder.mkdir()
    (folder / "document.txt").write_text("Exports rose to 14 million dollars.")
    lines = [
        {
            "kind": "quantitative",
            "quote": "Exports rose to 14 million dollars",
            "subject": "exports",
            "value": 35,
            "unit": "letter",
        },
        {"kind": "prediction", "quote": "dollars", "subject": "dollars"},
    ]
    (folder / "claims.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder


def test_text(claimtable, gold):
    result = claimtable("evaluate", gold)
    assert result.exit_code == 0, result.output
    assert "quantitative  100.0 100.0 100.0       1      1      1" in result.stdout
    assert "-- missed: 1\none: dollars" in result.stdout
    assert "-- wrong subject: 1" in result.stdout
    assert "-- " not in claimtable("evaluate", gold, "--errors", 0).stdout


def test_json(claimtable, gold):
    (data,) = json.loads(claimtable("evaluate", gold, "--format", "json").stdout)
    assert data["counts"]["all"] == {"p": 100.0, "r": 50.0, "f1": 66.7, "hits": 1, "extracted": 1, "gold": 2}
    assert data["attributes"]["value"] == 100.0
    assert {m["kind"] for m in data["mistakes"]} == {"missed", "wrong"}


@pytest.mark.parametrize(
    ("arguments", "message"), [([], "no gold for the layer times"), (["x"], "is not there")]
)
def test_no_gold(claimtable, gold, arguments, message):
    result = claimtable("evaluate", *(arguments or [gold]), "--layer", "times")
    assert result.exit_code == 1
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1
