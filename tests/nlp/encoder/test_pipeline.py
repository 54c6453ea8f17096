"""The trained default pipeline: the same text gives the same annotations whatever runs beside it."""

import hashlib
import json
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import spacy

from claimtable.errors import ModelError
from claimtable.nlp.encoder import check_checksums, find_encoder_layer

PIPELINE = Path(__file__).parents[3] / "models" / "en_claimtable"
CASES = json.loads(Path(__file__).with_name("published_pieces.json").read_text("utf-8"))

SENTENCES = 2000
NAMES = (
    "Russia",
    "North Korea",
    "Kim Jong Un",
    "the ministry",
    "Pyongyang",
    "Gazprom",
    "the World Bank",
    "Café Nord",
)
VERBS = (
    "exported",
    "said it would buy",
    "lost",
    "expects",
    "did not deliver",
    "sold off",
    "has doubled",
    "counted",
)
THINGS = (
    "coal worth $97 million",
    "1,948 workers",
    "about 4.2% of its debt",
    "nothing",
    "“new” machines",
    "6 ships",
)
ENDS = (" in 2013.", ".", " by 2020, officials said.", "?", "…", " – so far\n", "; others waited!", "")

pytestmark = [
    pytest.mark.pipeline,
    pytest.mark.skipif(
        not (PIPELINE / "config.cfg").is_file(), reason="models/en_claimtable is not trained here"
    ),
]


def make_texts():
    """Texts of one to twelve sentences, 2,000 sentences in all, so that windows of every length occur."""
    sentences = [
        f"{NAMES[i % 8]} {VERBS[i // 8 % 8]} {THINGS[i // 64 % 6]}{ENDS[(i * 5 + i // 7) % 8]}"
        for i in range(SENTENCES)
    ]
    texts = []
    while sentences:
        count = 1 + len(texts) * 7 % 12
        texts.append(" ".join(sentences[:count]))
        del sentences[:count]
    return texts


def annotations(docs):
    """A hash per text of everything that the pipeline writes."""
    return [hashlib.sha256(json.dumps(doc.to_json(), sort_keys=True).encode()).hexdigest() for doc in docs]


@pytest.fixture(scope="module")
def nlp():
    return spacy.load(PIPELINE)


@pytest.fixture(scope="module")
def alone(nlp):
    return annotations(nlp(text) for text in make_texts())


@pytest.mark.parametrize("batch_size", [7, 64, 1000])
def test_batch_size_does_not_matter(nlp, alone, batch_size):
    assert annotations(nlp.pipe(make_texts(), batch_size=batch_size)) == alone


def test_order_does_not_matter(nlp, alone):
    assert annotations(nlp.pipe(make_texts()[::-1], batch_size=50))[::-1] == alone


@pytest.mark.parametrize("n_process", [2, 3])
def test_number_of_processes_does_not_matter(nlp, alone, n_process):
    assert annotations(nlp.pipe(make_texts(), batch_size=40, n_process=n_process)) == alone


def test_copies_do_not_matter(nlp, alone, tmp_path):
    texts = make_texts()[:40]
    nlp.to_disk(tmp_path / "saved")
    for other in (pickle.loads(pickle.dumps(nlp)), spacy.load(tmp_path / "saved")):
        assert annotations(other.pipe(texts)) == alone[:40]


def test_runs_where_torch_is_not_installed():
    code = (
        "import sys; sys.modules.update(torch=None, transformers=None)\n"
        "import claimtable.nlp.encoder, spacy\n"
        f"print([token.tag_ for token in spacy.load({str(PIPELINE)!r})('Exports fell.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "['NNS', 'VBD', '.']\n"), done.stderr


def test_components_and_labels(nlp):
    assert nlp.pipe_names == ["tok2vec", "tagger", "morphologizer", "trainable_lemmatizer", "parser", "ner"]
    assert set(nlp.get_pipe("ner").labels) == {"PERSON", "ORG", "LOC", "NORP"}
    assert {"nsubj", "nsubj:pass", "obj", "obl", "ccomp", "nummod", "conj"} <= set(
        nlp.get_pipe("parser").labels
    )


def test_the_tokenizer_is_that_of_blank_english(nlp):
    text = "Mr. O’Neill's $1.5bn didn't (quite) reach 3,000 km/h—e.g. in the U.S.\n\nNo."
    assert [token.text for token in nlp.make_doc(text)] == [token.text for token in spacy.blank("en")(text)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_pieces_of_the_published_vocabulary(nlp, case):
    tokenizer = find_encoder_layer(nlp.get_pipe("tok2vec").model).attrs["encoder"].tokenizer
    assert [tokenizer.vocabulary.pieces[index] for index in tokenizer.tokenize(case["text"])] == case[
        "pieces"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n" * 100_000,
        "\n \n" * 1000,
        "word " * 5000,
        "x" * 50_000,
        "😀🇰🇵" * 500,
        "שלום عليكم " * 200,
        "𐎀𐎁 ꙮ ᚠᚢ" * 100,
    ],
    ids=[
        "empty",
        "space",
        "100,000 line breaks",
        "blank lines",
        "5,000 words",
        "one token",
        "emoji",
        "right to left",
        "rare",
    ],
)
def test_extreme_texts(nlp, text):
    doc = nlp(text)
    assert doc.text == text


def test_every_file_has_its_checksum():
    check_checksums(PIPELINE)


@pytest.mark.parametrize("keep", [0.5, 0.999])
def test_truncated_model_file(tmp_path, keep):
    folder = tmp_path / "damaged"
    shutil.copytree(PIPELINE, folder)
    path = folder / "tok2vec" / "model"
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    with pytest.raises(ModelError, match="truncated or altered"):
        check_checksums(folder)
    with pytest.raises((ModelError, ValueError)):
        spacy.load(folder)


def test_altered_graph_is_noticed_without_checksums(tmp_path):
    folder = tmp_path / "damaged"
    shutil.copytree(PIPELINE, folder)
    path = folder / "tok2vec" / "model"
    data = bytearray(path.read_bytes())
    data[5_000_000] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(ModelError, match="SHA-256"):
        spacy.load(folder)
