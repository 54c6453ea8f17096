"""`claimtable.extract` of what one has at hand, single components, and plain mistakes."""

import warnings
from pathlib import Path

import pytest
import spacy

import claimtable
from claimtable.texts import as_documents

SENTENCE = "Unemployment in Spain rose to 8.1 percent in May 2012, Eurostat said."


def test_the_namespace_shows_what_there_is():
    assert set(dir(claimtable)) == set(claimtable.__all__)


def test_an_id_is_made_from_the_text():
    made = claimtable.Document(text=SENTENCE)
    assert made.id == claimtable.Document(text=SENTENCE, author="Jane Doe").id == made.sha256[:16]
    assert claimtable.Document(id="a", text=SENTENCE).id == "a"
    assert claimtable.Document.from_dict(made.to_dict()) == made


def test_texts_paths_and_documents(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(SENTENCE)
    ways = [SENTENCE, path, str(path), claimtable.Document(text=SENTENCE)]
    found = list(as_documents(ways))
    assert [d.text for d in found] == [SENTENCE] * 4
    assert len({d.id for d in found}) == 1
    assert all(d.sections for d in found)
    for way in ways:
        assert [d.text for d in as_documents(way)] == [SENTENCE]


def test_a_document_that_was_read_stays_as_it_is(make_document):
    read = make_document(SENTENCE)
    bare = claimtable.Document(text=SENTENCE, source="a.pdf")
    assert list(as_documents([read, bare])) == [read, bare]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("no-such-article.txt", "there is no such file"),
        ("https://example.org/a", "fetches nothing"),
        (Path("no-such-folder"), "there is no such file or folder"),
        (b"bytes", "bytes: give a text"),
        ([3], "3 is int: give a text"),
        ("", "there is no text in it"),
    ],
)
def test_plain_mistakes(given, message):
    with pytest.raises(claimtable.ClaimTableError, match=message):
        list(as_documents(given))
    errors = []
    assert list(as_documents(given, on_error=errors.append)) == []
    assert len(errors) == 1


def test_a_word_is_a_text():
    assert [d.text for d in as_documents(["Inflation.", "x" * 5000])] == ["Inflation.", "x" * 5000]


def test_read_takes_one_path(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(SENTENCE)
    assert (
        [d.text for d in claimtable.read(path)] == [d.text for d in claimtable.read(str(path))] == [SENTENCE]
    )


@pytest.mark.parametrize(
    ("name", "lacks"), [("actors", "pos"), ("attribution", "dep"), ("predictions", "dep"), ("claims", "dep")]
)
def test_a_component_without_what_it_reads_says_so(name, lacks):
    nlp = spacy.blank("en")
    with pytest.warns(UserWarning, match=r"finds no .*token\.dep.*claimtable\.load"):
        nlp.add_pipe(f"claimtable_{name}")
    with pytest.raises(claimtable.ClaimTableError, match=rf"finds no token\.{lacks}.*claimtable\.load"):
        nlp(SENTENCE)


@pytest.mark.pipeline
def test_extract(nlp):
    (claim,) = claimtable.extract(SENTENCE, nlp)
    assert (claim.value, claim.unit, claim.speaker, claim.doc_id) == (
        8.1,
        "%",
        "Eurostat",
        claimtable.Document(text=SENTENCE).id,
    )


@pytest.mark.pipeline
def test_some_components_alone():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        nlp = claimtable.load(fast=True, components=["claimtable_actors"])
    doc = nlp("Angela Merkel met Barack Obama. Merkel said Washington would follow.")
    assert {"Angela Merkel", "Barack Obama"} <= {actor.name for actor in doc._.claimtable_actors}
    with pytest.warns(UserWarning, match="claimtable_quantities"):
        nlp.add_pipe("claimtable_claims")
    with pytest.raises(claimtable.ClaimTableError, match=r"no doc\._\.claimtable_quantities"):
        nlp(SENTENCE)


def test_an_unknown_component():
    with pytest.raises(claimtable.ClaimTableError, match="there is no component actors"):
        claimtable.load(components=["actors"])
