"""The shipped CNN pipeline: what it must carry, and what it must have scored."""

import json
from pathlib import Path

import pytest
import spacy

MODELS = Path(__file__).parents[2] / "models"
PIPELINE = MODELS / "en_claimtable_fast"
REPORT = MODELS / "logs" / "en_claimtable_fast.json"
CASES = json.loads((Path(__file__).parent / "fast_pipeline_cases.json").read_text(encoding="utf8"))
FLOORS = [
    pytest.param(
        floor,
        id=floor["id"],
        marks=[pytest.mark.xfail(strict=True, reason=floor["known_failure"])]
        if "known_failure" in floor
        else [],
    )
    for floor in CASES["floors"]
]

pytestmark = pytest.mark.pipeline


@pytest.fixture(scope="module")
def nlp():
    return spacy.load(PIPELINE)


@pytest.fixture(scope="module")
def meta():
    return json.loads((PIPELINE / "meta.json").read_text(encoding="utf8"))


def test_only_spacy_components(nlp):
    """It must load wherever spaCy is: claimtable adds its own components at run time."""
    assert nlp.pipe_names == ["tok2vec", "tagger", "morphologizer", "trainable_lemmatizer", "parser", "ner"]
    config = (PIPELINE / "config.cfg").read_text(encoding="utf8")
    assert "claimtable" not in config


def test_labels(nlp):
    assert set(nlp.get_pipe("ner").labels) == {"PERSON", "ORG", "LOC", "NORP"}
    assert {"nsubj", "nsubj:pass", "obj", "obl", "ccomp", "advcl", "nummod", "nmod", "conj", "ROOT"} <= set(
        nlp.get_pipe("parser").labels
    )
    assert {"NNP", "CD", "$", "VBD", "MD"} <= set(nlp.get_pipe("tagger").labels)


@pytest.mark.parametrize("case", CASES["parses"], ids=lambda case: case["id"])
def test_parse(nlp, case):
    doc = nlp(case["text"])
    for word, dep, head in case["arcs"]:
        token = next(token for token in doc if token.text == word)
        assert (token.dep_, token.head.text) == (dep, head)
    for word, lemma in case["lemmas"]:
        assert next(token for token in doc if token.text == word).lemma_ == lemma


@pytest.mark.parametrize("case", CASES["entities"], ids=lambda case: case["id"])
def test_entities(nlp, case):
    assert [[ent.text, ent.label_] for ent in nlp(case["text"]).ents] == case["expected"]


def test_output_does_not_depend_on_batching(nlp):
    texts = [case["text"] for case in CASES["parses"] + CASES["entities"]]
    together = [doc.to_json() for doc in nlp.pipe(texts, batch_size=len(texts))]
    assert together == [nlp(text).to_json() for text in texts]


def test_size():
    assert sum(file.stat().st_size for file in PIPELINE.rglob("*") if file.is_file()) <= 26e6


def test_licence_and_sources(meta):
    assert meta["license"] == "CC BY-SA 4.0"
    assert all(source["name"] and source["url"] and source["license"] for source in meta["sources"])


def test_card_is_up_to_date():
    card = (MODELS / "MODEL_CARD.md").read_text(encoding="utf8")
    report = json.loads(REPORT.read_text(encoding="utf8"))
    assert f"| UD EWT test | 25094 | {report['scores']['ewt_test']['las']:.1f} |" in card


def test_report_is_of_this_version(meta):
    report = json.loads(REPORT.read_text(encoding="utf8"))
    assert report["version"] == meta["version"]


@pytest.mark.parametrize("floor", FLOORS)
def test_recorded_scores(floor):
    value = json.loads(REPORT.read_text(encoding="utf8"))
    for key in floor["path"]:
        value = value[key]
    assert value >= floor["at_least"]
