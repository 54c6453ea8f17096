import spacy
from spacy.tokens import DocBin
from tests.review.people import CLAIMS, DOCUMENT, shown, task, without, works
from typer.testing import CliRunner

from claimtable.cli import app
from claimtable.store import Extraction, Store


def run(*arguments, code=0):
    result = CliRunner().invoke(app, ["train-data", *map(str, arguments)])
    assert result.exit_code == code, result.stderr
    return result.stderr


def read(path):
    return list(DocBin().from_disk(path).get_docs(spacy.blank("en").vocab))


def test_reviewed_texts_become_training_data(tmp_path):
    db, folder = tmp_path / "claims.db", tmp_path / "out" / "data"
    with Store.open(db) as store:
        store.add_document(DOCUMENT)
        store.save_extraction(DOCUMENT, Extraction(CLAIMS), pipeline="test")
        assert "no reviewed text" in run("--db", db, "-o", folder, code=1)
        store.add_annotations(work.submission for work in works(without(shown(task()), "c2")))
    assert "dev.spacy: 1 texts, 2 spans, 0 names" in run("--db", db, "-o", folder, "--dev-share", "1")
    assert read(folder / "train.spacy") == []
    (doc,) = read(folder / "dev.spacy")
    assert [(span.label_, span.text) for span in doc.spans["sc"]] == [
        ("Claim", CLAIMS[0].text),
        ("Speaker", "Russia"),
    ]
    assert doc.user_data["doc_id"] == "d1"
    run("--db", db, "-o", folder, code=2)
    run("--db", db, "-o", folder, "--dev-share", "0", "--force")
    assert len(read(folder / "train.spacy")) == 1
