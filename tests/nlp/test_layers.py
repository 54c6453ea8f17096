"""A layer alone gives the rows that the whole pipeline gives."""

import pytest

from claimtable import ingest
from claimtable.nlp import pipeline
from claimtable.nlp.layers import LAYERS, restrict


@pytest.fixture(scope="module")
def documents(root):
    return list(
        ingest.read([root / "corpus" / "tumen-crossing.txt", root / "corpus" / "rhine-low-water.txt"])
    )


@pytest.fixture(scope="module")
def whole(nlp, documents):
    docs = list(pipeline.annotate(documents, nlp))
    return {name: [row for doc in docs for row in layer.rows(doc)] for name, layer in LAYERS.items()}


@pytest.mark.pipeline
@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_alone(nlp, documents, whole, name):
    before = nlp.pipe_names
    with restrict(nlp, name):
        alone = [row for doc in pipeline.annotate(documents, nlp) for row in LAYERS[name].rows(doc)]
        steps = nlp.pipe_names
    assert alone == whole[name]
    assert alone
    assert nlp.pipe_names == before
    if name in ("quantities", "times", "entities"):
        assert "claimtable_claims" not in steps
        assert "claimtable_attribution" not in steps


@pytest.mark.pipeline
@pytest.mark.parametrize("name", [name for name in LAYERS if name != "actors"])
def test_offsets_are_those_of_the_text(documents, whole, name):
    texts = {document.id: document.text for document in documents}
    columns = [column.name for column in LAYERS[name].columns]
    assert whole[name]
    for row in whole[name]:
        assert list(row) == columns
        assert texts[row["doc_id"]][row["start"] : row["end"]] == row["text"]
        assert row["text"].strip()
