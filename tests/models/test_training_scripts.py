"""What the training scripts do to texts and to the model card."""

import importlib.util
import json
from pathlib import Path

import numpy
import pytest
import spacy
from spacy.tokens import Doc
from spacy.training import Example

SCRIPTS = Path(__file__).parents[2] / "models" / "scripts"


def load_script(name):
    spec = importlib.util.spec_from_file_location(f"models_{name}", SCRIPTS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def functions():
    return load_script("functions")


@pytest.fixture(scope="module")
def blank():
    return spacy.blank("en")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said "no" to it.', "He said “no” to it."),
        ("They don't know Putin's plan.", "They don’t know Putin’s plan."),
        ('("Yes," she said.)', "(“Yes,” she said.)"),
        ("The 'deal' is off.", "The ‘deal’ is off."),
        ("a well-known fact", "a well-known fact"),
    ],
)
def test_curly_words(functions, blank, text, expected):
    doc = blank.make_doc(text)
    spaces = [bool(token.whitespace_) for token in doc]
    assert Doc(blank.vocab, words=functions.curly_words(doc), spaces=spaces).text == expected


def test_augmented_example_keeps_annotations(functions, blank):
    words = ["Trade", '"', "fell", '"', "in", "Seoul"]
    reference = Doc(
        blank.vocab,
        words=words,
        spaces=[True, False, False, True, True, False],
        tags=["NN", "``", "VBD", "''", "IN", "NNP"],
        heads=[2, 2, 2, 2, 5, 2],
        deps=["nsubj", "punct", "ROOT", "punct", "case", "obl"],
        ents=["O", "O", "O", "O", "O", "B-LOC"],
    )
    example = Example(blank.make_doc(reference.text), reference)
    shares = {"curly_share": 1, "lower_share": 0, "upper_share": 0, "whitespace_share": 1, "unknown_words": 0}
    (augmented,) = functions.augment_typography(blank, example, whitespace_per_token=0.2, **shares)
    kept = [token for token in augmented.reference if not token.is_space]
    assert [token.text for token in kept] == ["Trade", "“", "fell", "”", "in", "Seoul"]
    assert [token.dep_ for token in kept] == [token.dep_ for token in reference]
    assert [ent.text for ent in augmented.reference.ents] == ["Seoul"]
    assert len(augmented.reference) == len(words) + 1


def test_missing_layers_stay_missing(functions, blank):
    """A corpus with entities alone must not teach the parser that nothing has a head."""
    reference = Doc(blank.vocab, words=["In", "Seoul"], ents=["O", "B-LOC"])
    example = Example(blank.make_doc(reference.text), reference)
    shares = {"curly_share": 1, "lower_share": 0, "upper_share": 0, "whitespace_share": 0, "unknown_words": 0}
    (augmented,) = functions.augment_typography(blank, example, whitespace_per_token=0, **shares)
    assert not augmented.reference.has_annotation("DEP")
    assert not augmented.reference.has_annotation("TAG")


@pytest.mark.parametrize("word", ["Zimbabwe", "UNICEF", "McDonald"])
def test_an_unknown_word_looks_like_the_known_one(functions, word):
    made = functions.unknown_word(word)
    assert (made[0], made[-3:], len(made)) == (word[0], word[-3:], len(word))
    assert [letter.isupper() for letter in made] == [letter.isupper() for letter in word]


@pytest.mark.parametrize("word", ["IMF", "Bush", "G-20", "x"])
def test_nothing_to_change_in_a_short_word(functions, word):
    assert functions.unknown_word(word) == word


def test_names_and_a_few_other_words_become_unknown(functions, blank, monkeypatch):
    monkeypatch.setattr(functions.random, "random", lambda: 0.5)
    reference = Doc(
        blank.vocab,
        words=["Zimbabwe", "exported", "Gallagher", "records"],
        tags=["NNP", "VBD", "NNP", "NNS"],
        lemmas=["Zimbabwe", "export", "gallagher", "record"],
        ents=["B-LOC", "O", "B-PERSON", "O"],
    )
    example = Example(blank.make_doc(reference.text), reference)
    changed = functions.with_unknown_words(blank, example, 1.0)
    words = [token.text for token in changed.reference]
    assert words[0] != "Zimbabwe"
    assert words[1:] == ["exported", "Gallagher", "records"]
    assert changed.reference[0].lemma_ == words[0] == changed.predicted[0].text
    assert [ent.label_ for ent in changed.reference.ents] == ["LOC", "PERSON"]
    changed = functions.with_unknown_words(blank, example, 3.0)
    words = [token.text for token in changed.reference]
    assert words[1] != "exported"
    assert words[1].endswith("ted")
    assert changed.reference[1].lemma_ == words[1][:5] + "t"
    assert words[3] != "records"
    assert changed.reference[3].lemma_ == words[3][:-1]


def test_card_is_filled_between_markers(tmp_path):
    write_card = load_script("write_card")
    card = tmp_path / "CARD.md"
    card.write_text(
        "before\n<!-- sources x -->\nold\n<!-- /sources x -->\n<!-- scores y -->\nkept\n<!-- /scores y -->\n",
        encoding="utf8",
    )
    (tmp_path / "x").mkdir()
    source = {"name": "EWT", "url": "https://example.org", "license": "CC BY-SA 4.0", "author": "them"}
    (tmp_path / "x" / "meta.json").write_text(json.dumps({"sources": [source]}), encoding="utf8")
    filled = write_card.write_card(card, tmp_path)
    assert "| [EWT](https://example.org) | CC BY-SA 4.0 | them |" in filled
    assert "old" not in filled
    assert "kept" in filled


@pytest.fixture
def distil(monkeypatch):
    monkeypatch.syspath_prepend(str(SCRIPTS))
    return load_script("distil")


def made_doc(vocab, words, **layers):
    return Doc(vocab, words=words, spaces=[True] * (len(words) - 1) + [False], **layers)


def test_pieces_to_train_on_are_whole_sentences(distil, blank, monkeypatch):
    monkeypatch.setattr(distil, "PART_TOKENS", 4)
    words = ["Prices", "rose", ".", "Wages", ".", "He", "said", "in", "May", "that", "they", "fell", "."]
    starts = [i in (0, 3, 5) for i in range(len(words))]
    deps = ["dep" if not start else "ROOT" for start in starts]
    heads = [0, 0, 0, 3, 3, *[5] * 8]
    ents = ["O"] * 8 + ["B-LOC"] + ["O"] * 4
    doc = made_doc(blank.vocab, words, sent_starts=starts, deps=deps, heads=heads, ents=ents)
    pieces = list(distil.parts([doc]))
    assert [[token.text for token in piece] for piece in pieces] == [words[:3], words[3:5], words[5:]]
    assert [ent.text for ent in pieces[2].ents] == ["May"]


def test_a_short_document_is_one_piece(distil, blank):
    doc = made_doc(blank.vocab, ["Prices", "rose"], sent_starts=[True, False])
    assert list(distil.parts([doc])) == [doc]


def test_gold_entities_replace_the_teachers(distil, blank):
    doc = made_doc(blank.vocab, ["Acme", "left", "South-", "Korea", "."], ents=["O", "B-ORG", "O", "O", "O"])
    gold = made_doc(
        blank.vocab, ["Acme", "left", "South-", "Korea", "."], ents=["B-ORG", "O", "B-LOC", "I-LOC", "O"]
    )
    named = distil.with_entities(doc, gold)
    assert [(ent.text, ent.label_) for ent in named.ents] == [("Acme", "ORG"), ("South- Korea", "LOC")]
    assert [token.ent_iob_ for token in named] == ["B", "O", "B", "I", "O"]


def test_an_entity_that_the_tokenizer_cuts_otherwise_is_missing(distil, blank):
    doc = made_doc(blank.vocab, ["pro-Paris", "vote"])
    gold = Doc(
        blank.vocab, words=["pro-", "Paris", "vote"], spaces=[False, True, False], ents=["O", "B-LOC", "O"]
    )
    named = distil.with_entities(doc, gold)
    assert [token.ent_iob_ for token in named] == ["", "O"]


def test_thinc_layers_compute_what_pytorch_does(monkeypatch, blank):
    """The weights that distil_tok2vec.py learns go into spaCy's layers."""
    torch = pytest.importorskip("torch")
    monkeypatch.syspath_prepend(str(SCRIPTS))
    script = load_script("distil_tok2vec")
    nlp = spacy.blank("en")
    nlp.vocab.vectors = spacy.vectors.Vectors(shape=(4, 8))
    for row, word in enumerate(("Prices", "rose", "in", "May")):
        nlp.vocab.vectors.add(word, vector=numpy.full(8, row, dtype="float32"))
    config = spacy.util.load_config(SCRIPTS.parent / "configs" / "fast_cnn.cfg")
    model = nlp.add_pipe("tok2vec", config={"model": config["components"]["tok2vec"]["model"]}).model
    docs = [nlp.make_doc("Prices rose in May."), nlp.make_doc("They fell.")]
    model.initialize(X=docs)
    inputs = script.Inputs(config["components"]["tok2vec"]["model"]["embed"]["attrs"])
    rows = [torch.from_numpy(inputs.add(doc)).long() for doc in docs]
    with torch.no_grad():
        computed = script.TorchCnn(model, inputs.table(), nlp)(rows).numpy()
    assert numpy.abs(computed - numpy.concatenate(model.predict(docs))).max() < script.TOLERANCE


def test_weights_of_an_exported_encoder_come_back(monkeypatch, tmp_path):
    """What was quantised is near what it was; what was not is the same; a graph that lacks a layer is refused."""
    torch = pytest.importorskip("torch")
    pytest.importorskip("onnx")
    monkeypatch.syspath_prepend(str(SCRIPTS))
    bert_script, script = load_script("encoder_bert"), load_script("encoder_weights")
    torch.manual_seed(0)
    bert = bert_script.Bert(1)
    for weight in bert.parameters():
        torch.nn.init.normal_(weight, std=0.05)
    graph = load_script("export_onnx").export_graph(bert, tmp_path)
    again = bert_script.Bert(1)
    again.words.load_state_dict(bert.words.state_dict())
    script.load_exported(again, graph)
    for (name, old), new in zip(bert.state_dict().items(), again.state_dict().values(), strict=True):
        assert torch.allclose(old, new, atol=0.0 if name.endswith("bias") else 0.004), name
    with pytest.raises(ValueError, match=r"layers\.1"):
        script.load_exported(bert_script.Bert(2), graph)


def test_new_vectors_are_read_as_the_old_ones():
    """Along other axes, with a word more: the map is found, and a word that is new goes through it."""
    script = load_script("swap_vectors")
    random = numpy.random.default_rng(0)
    words = [f"word{number}" for number in range(40)]
    old = spacy.vectors.Vectors(data=random.normal(size=(40, 4)).astype("float32"), keys=words)
    axes = numpy.linalg.qr(random.normal(size=(4, 4)))[0]
    table = numpy.vstack([old.data, random.normal(size=(1, 4))]) @ axes
    new = spacy.vectors.Vectors(data=table.astype("float32"), keys=[*words, "added"])
    matrix = script.fit_map(old, new)
    assert numpy.allclose(new.data[:40] @ matrix, old.data, atol=1e-4)


def test_only_edit_trees_of_labels_are_kept(monkeypatch, blank):
    """What training looked at besides goes; the lemmas stay."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    script = load_script("assemble")
    nlp = spacy.blank("en")
    lemmatizer = nlp.add_pipe("trainable_lemmatizer", config={"min_tree_freq": 1})
    doc = Doc(nlp.vocab, words=["prices", "rose"], lemmas=["price", "rise"])
    nlp.initialize(lambda: [Example(nlp.make_doc("prices rose"), doc)])
    labelled = len(lemmatizer.trees)
    lemmatizer.trees.add("went", "go")
    script.drop_unused_trees(nlp)
    assert len(lemmatizer.trees) == labelled
    lemmas = [lemmatizer.trees.apply(tree, "prices") for tree in lemmatizer.cfg["labels"]]
    assert "price" in lemmas


@pytest.fixture
def average():
    return load_script("average_pipelines")


def test_the_mean_of_weights_counts_shares(average):
    place = ("parser", 0, "W")
    parts = [({place: numpy.array([1.0, 3.0])}, 1.0), ({place: numpy.array([4.0, 6.0])}, 2.0)]
    assert average.mean(parts)[place].tolist() == [3.0, 5.0]


@pytest.mark.parametrize("other", [{("ner", 0, "W"): numpy.zeros(2)}, {("parser", 0, "W"): numpy.zeros(3)}])
def test_what_did_not_begin_as_one_is_not_averaged(average, other):
    with pytest.raises(ValueError, match="began as one"):
        average.mean([({("parser", 0, "W"): numpy.zeros(2)}, 1.0), (other, 1.0)])


def test_averaged_weights_are_set_in_their_places(average):
    pipelines = [spacy.blank("en") for _ in range(2)]
    for nlp in pipelines:
        tagger = nlp.add_pipe("tagger")
        for label in ("A", "B"):
            tagger.add_label(label)
        nlp.initialize()
    weights = [average.weights_by_place(nlp) for nlp in pipelines]
    (place,) = [p for p in weights[0] if p[2] == "W" and weights[0][p].shape[0] == 2]
    wanted = {place: numpy.ones_like(weights[0][place])}
    average.set_weights(pipelines[0], average.mean([(wanted, 1.0)]))
    assert (average.weights_by_place(pipelines[0])[place] == 1).all()


def test_the_card_has_a_row_for_each_seed_and_the_shipped_pipeline(tmp_path):
    write_card = load_script("write_card")
    card = tmp_path / "CARD.md"
    card.write_text("<!-- seeds x -->\nold\n<!-- /seeds x -->\n", encoding="utf8")
    for name, las in (("x", 90.04), ("x-seed-1", 88.0), ("x-seed-2", 89.0)):
        scores = {"ewt_dev": {"las": las, "ner": {"f": las - 10}}}
        (tmp_path / f"{name}.json").write_text(json.dumps({"scores": scores}), encoding="utf8")
    filled = write_card.write_card(card, tmp_path)
    assert "|  | LAS, UD EWT dev | entities F, UD EWT dev |" in filled
    assert [line for line in filled.splitlines() if line.startswith(("| seed", "| shipped"))] == [
        "| seed 1 | 88.0 | 78.0 |",
        "| seed 2 | 89.0 | 79.0 |",
        "| shipped | 90.0 | 80.0 |",
    ]
