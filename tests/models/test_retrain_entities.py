"""The recipe that retrains the recogniser on confirmed names."""

import importlib.util
import re
from pathlib import Path

import pytest
import spacy

from claimtable.docbin import to_bytes
from claimtable.nlp.pipeline import FAST_MODEL, model_path
from claimtable.schema import Document, ReviewedSpan
from claimtable.training import make_doc

SCRIPT = Path(__file__).parents[2] / "models" / "scripts" / "retrain_entities.py"
# Lower-case brands, which the shipped recogniser does not take for names, in sentences that do not name them twice.
BRANDS = ["zorbix", "quimlo", "taldora", "fenwick-9", "ultrano", "brenlo", "karvexa", "dolmira"]
SENTENCES = [
    "Shares of {} rose 5 percent on Monday.",
    "The maker {} said it will build two plants in Norway.",
    "Profits at {} fell last year, analysts said.",
    "Customers of {} paid $3 million in fines.",
]


@pytest.fixture
def script():
    spec = importlib.util.spec_from_file_location("models_retrain_entities", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def gold(number, brand, sentence):
    text = sentence.format(brand)
    start = text.index(brand)
    span = ReviewedSpan("a", "r", "Actor", start, start + len(brand), brand, attributes={"actor_type": "ORG"})
    return make_doc(Document(f"d{number}", text), 0, len(text), [span]).doc


@pytest.fixture
def data(tmp_path):
    """Training and development texts, which share no name."""
    docs = [gold(n, b, s) for n, (b, s) in enumerate((b, s) for b in BRANDS for s in SENTENCES)]
    border = 6 * len(SENTENCES)
    (tmp_path / "train.spacy").write_bytes(to_bytes(docs[:border]))
    (tmp_path / "dev.spacy").write_bytes(to_bytes(docs[border:]))
    return tmp_path


@pytest.mark.pipeline
@pytest.mark.slow
def test_the_recogniser_learns_confirmed_names_and_keeps_the_others(script, data, capsys):
    path = model_path(FAST_MODEL)
    scores = script.main([str(path), str(data), str(data / "out"), "--steps", "20"])
    before, after = scores["before"]["confirmed names"], scores["after"]["confirmed names"]
    assert after["r"] > before["r"] + 0.3
    assert "before" in capsys.readouterr().out
    text = "Angela Merkel met Barack Obama in Berlin."
    names = [[(e.text, e.label_) for e in spacy.load(p)(text).ents] for p in (path, data / "out")]
    assert names[0] == names[1]


@pytest.mark.pipeline
@pytest.mark.slow
def test_names_and_claims_before_and_after(script, data, capsys):
    texts = data / "texts"
    texts.mkdir()
    (texts / "a.txt").write_text("Angela Merkel praised Norway.\n\nBerlin has 12 harbours.")
    output = data / "work" / "retrained"
    steps = ["--steps", "1", "--mix", str(texts)]
    scores = script.main([str(model_path(FAST_MODEL)), str(data), str(output), *steps])
    assert {*scores["before"]} == {*scores["after"]} == {"confirmed names", "claims"}
    assert (output / "meta.json").is_file()
    # Nobody marked a claim in these texts: what is found there is none.
    assert scores["after"]["claims"] == {"p": 0.0, "r": 0.0, "f": 0.0}
    assert "24 texts with confirmed names to learn from, 8 kept apart" in capsys.readouterr().out


@pytest.mark.pipeline
def test_what_is_missing_is_said(script, data, capsys):
    (data / "dev.spacy").write_bytes(to_bytes([]))
    script.main([str(model_path(FAST_MODEL)), str(data), str(data / "out"), "--steps", "1"])
    assert "dev.spacy holds no text" in capsys.readouterr().err
    unnamed = make_doc(Document("d", "Trade rose 5 percent."), 0, 21, []).doc
    (data / "train.spacy").write_bytes(to_bytes([unnamed]))
    with pytest.raises(SystemExit, match="no confirmed name"):
        script.main([str(model_path(FAST_MODEL)), str(data), str(data / "out")])
    with pytest.raises(SystemExit, match="claimtable train-data -o"):
        script.main([str(model_path(FAST_MODEL)), str(data / "nowhere"), str(data / "out")])


def test_the_recipe_needs_nothing_that_a_checkout_lacks():
    text = (SCRIPT.parents[1] / "project.yml").read_text(encoding="utf-8")
    command = text.partition("- name: retrain-entities")[2].partition("- name:")[0]
    assert "retrain_mix" in command
    assert "vars.data" not in command and "vars.raw" not in command
    (mix,) = re.findall(r'retrain_mix: "(.*)"', text)
    assert list((SCRIPT.parents[1] / mix).rglob("*.txt"))


@pytest.mark.pipeline
def test_what_was_not_confirmed_is_learnt_as_it_was(script):
    nlp = spacy.load(model_path(FAST_MODEL))
    doc = script.with_own_names(nlp, gold(1, "zorbix", "Angela Merkel praised {} in Berlin."))
    found = {(ent.text, ent.label_) for ent in doc.ents}
    assert {("zorbix", "ORG"), ("Angela Merkel", "PERSON"), ("Berlin", "LOC")} <= found
