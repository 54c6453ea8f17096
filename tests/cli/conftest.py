"""The command with a stand-in for the language pipeline: one claim per document, made from its first words."""

import os
import subprocess
import sys

import pytest
import spacy
from spacy.language import Language
from typer.testing import CliRunner

from claimtable.cli import app
from claimtable.nlp import extensions, pipeline
from claimtable.schema import Claim


@Language.component("stand_in", assigns=["doc._.claimtable_claims"])
def stand_in(doc):
    document = extensions.document_of(doc)
    if "BOOM" in document.text:
        raise RuntimeError("something nobody thought of")
    claim = Claim(
        claim_id="c",
        kind="quantitative",
        text=document.text[:40],
        start=0,
        end=len(document.text[:40]),
        bound="=",
        value=float(len(document.text)),
        unit="letter",
        dimension="count",
        speaker=document.author,
        doc_id=document.id,
        check_worthiness=min(1.0, len(document.text) / 100),
        confidence=0.9 if len(document.text) > 40 else 0.4,
    )
    extensions.set_layer(doc, "claims", [claim])
    return doc


@pytest.fixture
def claimtable(monkeypatch):
    """Returns a function that runs the command in this process and returns its result."""

    def load(model=None, *, fast=False):
        nlp = spacy.blank("en")
        extensions.register()
        nlp.add_pipe("stand_in")
        return nlp

    monkeypatch.setattr(pipeline, "load", load)

    def run(*args, stdin=None):
        return CliRunner().invoke(app, [str(arg) for arg in args], input=stdin)

    return run


@pytest.fixture
def process():
    """Returns a function that starts the real command."""

    def start(*args, **kwargs):
        options = {
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "text": True,
        }
        env = os.environ | kwargs.pop("env", {})
        command = [sys.executable, "-c", "from claimtable.cli import main; main()", *map(str, args)]
        return subprocess.Popen(command, env=env, **(options | kwargs))

    return start


@pytest.fixture
def articles(tmp_path):
    """A folder with two articles."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text("Exports rose to 14 million dollars in 2008, the ministry said.\n")
    (folder / "b.txt").write_text("Nobody will come.\n")
    return folder
