"""Parsed documents made by hand: from the parses in the case files, and with trees drawn at random."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
import spacy
from spacy.tokens import Doc
from spacy.vocab import Vocab

from claimtable.nlp import extensions
from claimtable.schema import Document, Section

LABELS = (
    "nsubj",
    "obj",
    "ccomp",
    "xcomp",
    "obl",
    "parataxis",
    "conj",
    "advcl",
    "acl",
    "case",
    "mark",
    "punct",
    "nmod:poss",
)
POS = ("VERB", "NOUN", "PROPN", "PRON", "ADP", "PUNCT", "AUX")


@pytest.fixture(scope="session")
def vocab() -> Vocab:
    """One vocabulary for all."""
    extensions.register()
    return spacy.blank("en").vocab


def _finish(doc: Doc, text: str) -> Doc:
    sections = (Section(0, len(text), "body", speaker="The Author"),)
    doc._.claimtable_document = Document(id="d", text=text, sections=sections)
    return doc


@pytest.fixture(scope="session")
def parsed(vocab: Vocab) -> Callable[[dict], Doc]:
    """Returns a function from a case with `text` and `parse` to a document."""

    def make(case: dict) -> Doc:
        words, spaces, lemmas, pos, tags, deps, heads = (list(x) for x in zip(*case["parse"], strict=True))
        doc = Doc(
            vocab, words=words, spaces=spaces, lemmas=lemmas, pos=pos, tags=tags, deps=deps, heads=heads
        )
        return _finish(doc, case["text"])

    return make


@pytest.fixture(scope="session")
def random_tree(vocab: Vocab) -> Callable[..., Doc]:
    """Returns a function from a text to a document with a random tree: deep, flat or mixed."""

    def make(
        text: str, *, seed: int = 0, lemma: str | None = None, shape: str = "mixed", sentence: int = 40
    ) -> Doc:
        rng = random.Random(seed)
        words, spaces = _tokens(text)
        n = len(words)
        heads, deps = [], []
        for i in range(n):
            start = i - i % sentence
            if i == start:
                heads.append(i)
                deps.append("ROOT")
                continue
            heads.append({"deep": i - 1, "flat": start}.get(shape, rng.randrange(start, i)))
            deps.append(rng.choice(LABELS))
        pos = [rng.choice(POS) if w.isalnum() else "PUNCT" for w in words]
        lemmas = [lemma or rng.choice(("say", "claim", "according", "report", w)) for w in words]
        doc = Doc(
            vocab, words=words, spaces=spaces, pos=pos, tags=["NN"] * n, deps=deps, heads=heads, lemmas=lemmas
        )
        return _finish(doc, text)

    return make


def _tokens(text: str) -> tuple[list[str], list[bool]]:
    words: list[str] = []
    spaces: list[bool] = []
    word = ""
    for c in text:
        if c == " " and (word or (words and not spaces[-1])):
            if word:
                words.append(word)
                spaces.append(True)
                word = ""
            else:
                spaces[-1] = True
        elif c.isalnum():
            word += c
        else:
            if word:
                words.append(word)
                spaces.append(False)
                word = ""
            words.append(c)
            spaces.append(False)
    if word:
        words.append(word)
        spaces.append(False)
    return words, spaces
