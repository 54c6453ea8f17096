"""The commands of the tutorials run, one after the other, as they stand there."""

import re
import shlex
import shutil

import pytest
from typer.testing import CliRunner

from claimtable.cli import app
from claimtable.nlp import pipeline
from claimtable.store import Store

COMMAND = re.compile(r"^ {4}claimtable (.*)$", re.M)


@pytest.fixture(scope="module")
def fast():
    return pipeline.load(fast=True)


def an_id(folder, extracted):
    """The short id of a prediction: of the database, or of what was extracted."""
    if not (folder / "claims.db").exists():
        return re.search(r"^[ ?]  ([0-9a-z]{7,})  ", extracted, re.M)[1]
    with Store.open(folder / "claims.db", read_only=True) as store:
        return next(store.claims(where="kind = 'prediction' AND deadline < '2026-01-01'")).claim_id[:9]


@pytest.mark.pipeline
@pytest.mark.parametrize("page", ["newcomer", "fact-checker", "analyst"])
def test_the_commands_run(page, root, fast, tmp_path, monkeypatch):
    articles = tmp_path / "articles"
    articles.mkdir()
    for path in sorted((root / "corpus").iterdir()):
        if path.name.startswith(("tumen", "norrvik", "budget")):
            shutil.copy(path, articles)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr(pipeline, "load", lambda *_, **__: fast)
    commands = COMMAND.findall((root / f"docs/{page}.md").read_text(encoding="utf-8"))
    assert len(commands) >= 5
    shown = ""
    for line in commands:
        words = shlex.split(line)
        if words[0] == "extract" and "-o" not in words:
            words += ["--format", "table"]
        if "ID" in words:
            words[words.index("ID")] = an_id(tmp_path, shown)
        result = CliRunner().invoke(app, words)
        assert result.exit_code == 0, f"claimtable {line}\n{result.output}"
        if "-o" in words:
            written = tmp_path / words[words.index("-o") + 1]
            assert written.stat().st_size > 500, line
        else:
            assert result.output.strip(), line
        shown = result.stdout if words[0] == "extract" else shown
