"""`claimtable learn` on a simulated review: people accept, correct or reject what was extracted, as gold has it.

The desk keeps no predictions, whatever gold says: a custom of the house that confidence can learn.
CLAIMTABLE_REVIEW_ROWS rows are reviewed (default 60; 200 take a minute).
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from claimtable.cli import app
from claimtable.cli.evaluate import read_sources
from claimtable.cli.run import Run
from claimtable.evaluate.claims import ATTRIBUTES, GoldClaim, is_right, match
from claimtable.evaluate.gold import find_gold
from claimtable.learning import LEAST, learn
from claimtable.nlp import pipeline
from claimtable.nlp.lines import Weights, read_weights
from claimtable.schema import Annotation, Review, Submission
from claimtable.store import Extraction, Store

ROWS = int(os.environ.get("CLAIMTABLE_REVIEW_ROWS", "60"))
GOLD = Path(__file__).parents[2] / "annotations" / "gold"
TIME = "2026-03-02T10:00:00Z"


def corrections(gold, row):
    """What a reviewer who knows the gold changes of a row."""
    wrong = [name for name in ATTRIBUTES if not is_right(name, gold, row)]
    fields = {name: getattr(gold, name) for name in wrong if name not in ("time", "value")}
    return fields | ({"time_start": gold.time_start, "time_end": gold.time_end} if "time" in wrong else {})


def reviews_of(document, gold, claims):
    """Yields claim, decision and fields for each row of a document that gold judges."""
    by_id = {claim.claim_id: claim for claim in claims}
    matching = match(document.text, gold, [claim.to_dict() for claim in claims])
    for g, row in matching.pairs:
        if row is not None and not g.optional:
            fields = corrections(g, row)
            decision = "rejected" if row["kind"] == "prediction" else "corrected" if fields else "accepted"
            yield by_id[row["claim_id"]], decision, fields if decision == "corrected" else {}
    for row in matching.spurious:
        yield by_id[row["claim_id"]], "rejected", {}


def review(store, document, judged):
    """Puts the reviews of a document into the store, as one annotation."""
    key = f"a-{document.id}"
    reviews = tuple(
        Review(
            review_id=f"{key}-{claim.claim_id}",
            annotation_id=key,
            doc_id=document.id,
            doc_sha256=document.sha256,
            claim_id=claim.claim_id,
            decision=decision,
            start=claim.start,
            end=claim.end,
            exact=document.text[claim.start : claim.end],
            reviewer="ann@example.org",
            reviewed_at=TIME,
            origin="test",
            fields=fields,
        )
        for claim, decision, fields in judged
    )
    annotation = Annotation(key, document.id, document.sha256, "ann@example.org", TIME, TIME, "test")
    store.add_annotations([Submission(annotation, reviews)])


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory):
    """A database in which `ROWS` rows were reviewed, or all that gold judges, and the language pipeline."""
    nlp = pipeline.load(os.environ.get("CLAIMTABLE_MODEL"))
    db = tmp_path_factory.mktemp("learn") / "claims.db"
    rows = 0
    with Store.open(db) as store:
        for found in (x for x in find_gold([GOLD]) if x.task == "claims"):
            for source, lines in zip(found.sources, found.gold, strict=True):
                if rows >= ROWS:
                    break
                (document,) = read_sources([source], Run())
                (doc,) = pipeline.annotate([document], nlp)
                claims = tuple(doc._.claimtable_claims)
                store.add_document(document)
                store.save_extraction(document, Extraction(claims), pipeline="test")
                judged = list(reviews_of(document, [GoldClaim.from_dict(x) for x in lines], claims))
                rows += len(judged)
                review(store, document, judged)
    return db, nlp


def run(*arguments, code=0):
    result = CliRunner().invoke(app, list(map(str, arguments)))
    assert result.exit_code == code, result.output + str(result.stderr)
    return result


@pytest.mark.pipeline
@pytest.mark.slow
def test_reviews_become_weights_that_extract_takes(reviewed, tmp_path, monkeypatch):
    db, nlp = reviewed
    monkeypatch.setattr(pipeline, "load", lambda *_, weights=None, **__: with_weights(nlp, weights))
    output = tmp_path / "house.tsv"
    said = run("learn", "--db", db, "-o", output).stderr
    assert (
        "reviewed rows in" in said and "choices right before" in said and "calibration error before" in said
    )
    assert str(output) in said
    weights = read_weights(output)
    assert weights.tag and min(add for name, add in weights.confidence.items() if name[:4] == "kind") < -0.5
    run("learn", "--db", db, "-o", output, code=2)
    run("learn", "--db", db, "-o", output, "--force")
    article = tmp_path / "a.txt"
    article.write_text("Exports rose to 14 million dollars in 2008, the ministry said.\n", encoding="utf-8")
    rows = run("extract", article, "--weights", output, "--format", "jsonl").stdout
    assert f"+{weights.tag}" in rows
    assert f"+{weights.tag}" not in run("extract", article, "--format", "jsonl").stdout


def with_weights(nlp, path):
    pipeline.take_weights(nlp, Weights() if path is None else read_weights(path))
    return nlp


@pytest.mark.pipeline
@pytest.mark.slow
def test_what_is_learned_is_no_worse_on_documents_kept_apart(reviewed):
    db, nlp = reviewed
    with Store.open(db, create=False, read_only=True) as store:
        documents = list(store.documents())
        rows = {x.id: list(store.claims(doc_ids=[x.id])) for x in documents}
    lesson = learn(lambda: ((x, rows[x.id]) for x in documents), nlp)
    assert lesson.rows >= LEAST and lesson.gone == 0
    assert not lesson.weights.subject_lines or lesson.subjects.after >= lesson.subjects.before
    assert bool(lesson.weights.confidence) == lesson.keeps_confidence
    assert not lesson.keeps_confidence or lesson.error.after <= lesson.error.before
    assert nlp.get_pipe("claimtable_claims").weights.is_empty


def test_too_few_reviews_are_refused(tmp_path):
    from tests.review.people import CLAIMS, DOCUMENT

    with Store.open(tmp_path / "claims.db") as store:
        store.add_document(DOCUMENT)
        store.save_extraction(DOCUMENT, Extraction(CLAIMS), pipeline="test")
    result = run("learn", "--db", tmp_path / "claims.db", "-o", tmp_path / "w.tsv", code=1)
    assert "too few to learn from" in result.stderr and not (tmp_path / "w.tsv").exists()


def test_a_file_that_is_no_weights_is_wrong_usage(tmp_path):
    (tmp_path / "a.txt").write_text("Nothing.", encoding="utf-8")
    result = run("extract", tmp_path / "a.txt", "--weights", tmp_path / "a.txt", code=2)
    assert "claimtable learn" in " ".join(result.stderr.split())
