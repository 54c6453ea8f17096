"""What always holds for actors: any text passes, offsets slice back, time grows with the length of the text."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, Span
from tests.timing import assert_growth

from claimtable.nlp import extensions, mentions
from claimtable.nlp.actors import Actors
from claimtable.nlp.actors.gazetteer import fold, gazetteer
from claimtable.nlp.actors.linking import actor_id, split_authors

NLP = spacy.blank("en")
WORDS = st.one_of(
    st.sampled_from(
        [
            "Kim",
            "Jong",
            "Moscow",
            "the",
            "The",
            "of",
            "U.S.",
            "Bank",
            "Mr",
            "-",
            "(",
            ")",
            "'s",
            "\n\n",
            "GAO",
            "Inc.",
            "Russian",
            "government",
            "President",
            "and",
            ",",
            "West",
            "North",
            "he",
            "it",
            "report",
            "Party",
            "—",
            "$",
        ]
    ),
    # A tokenizer leaves no white space inside a word.
    st.text(min_size=1, max_size=8).map(lambda text: "".join(text.split()) or "\n"),
)
TAGS = st.sampled_from(["PROPN", "NOUN", "ADJ", "VERB", "ADP", "DET", "PUNCT", "SPACE", "PRON"])
DEPS = st.sampled_from(
    ["nsubj", "obj", "obl", "nmod", "compound", "flat", "appos", "case", "det", "conj", "nmod:poss"]
)


@st.composite
def parsed(draw: st.DrawFn) -> Doc:
    """A document of any words with any tree and any entities."""
    extensions.register()
    words = draw(st.lists(WORDS, max_size=30))
    n = len(words)
    heads = [draw(st.integers(0, max(0, i - 1))) for i in range(n)]
    doc = Doc(
        NLP.vocab,
        words=words,
        pos=[draw(TAGS) for _ in words],
        deps=["ROOT" if h == i else draw(DEPS) for i, h in enumerate(heads)],
        heads=heads,
    )
    ents, i = [], 0
    while i < n:
        length = draw(st.integers(1, 4))
        if draw(st.booleans()):
            label = draw(st.sampled_from(["PERSON", "ORG", "LOC", "GPE", "NORP", "DATE"]))
            ents.append(Span(doc, i, min(n, i + length), label=label))
        i += length
    doc.ents = ents
    return doc


@settings(max_examples=150)
@given(parsed())
def test_any_document_passes(doc: Doc) -> None:
    Actors(gazetteer())(doc)
    actors = {a.actor_id: a for a in doc._.claimtable_actors}
    assert len(actors) == len(doc._.claimtable_actors)
    last = -1
    for m in doc._.claimtable_actor_mentions:
        assert doc.text[m.start : m.end] == m.text
        assert m.text.strip() == m.text != ""
        assert m.start >= last
        assert (m.start, m.end) in actors[m.actor_id].mentions
        last = m.start
    for a in actors.values():
        assert a.name and a.actor_id == actor_id(a.type, a.name)
    for token in doc:
        mentions.resolve_pronoun(doc, token.i)
        name, _ = mentions.canonical_speaker(doc, token.idx, token.idx + len(token))
        assert name is None or name


@pytest.mark.slow
def test_time_is_linear() -> None:
    """Thirty times the text takes at most sixty times as long."""
    component = Actors(gazetteer())
    words = [
        "On",
        "Monday",
        "Gerard",
        "Nelson",
        "met",
        "Kim",
        "of",
        "the",
        "Andean",
        "Community",
        "(",
        "AC",
        ")",
        "in",
        "Moscow",
        ".",
        "The",
        "GAO",
        "said",
        "he",
        "left",
        ".",
    ]

    def made(copies: int) -> Doc:
        doc = Doc(
            NLP.vocab,
            words=words * copies,
            pos=["PROPN" if w[0].isupper() else "NOUN" for w in words] * copies,
        )
        doc.ents = [Span(doc, i + 2, i + 4, label="PERSON") for i in range(0, len(doc), len(words))]
        return doc

    extensions.register()
    assert_growth(40, made, component, 150, 1_500)


@given(st.text(max_size=30))
def test_fold_is_idempotent(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ann Lee and Bob Ray", ["Ann Lee", "Bob Ray"]),
        ("Ann Lee, Bob Ray & Cy Oz", ["Ann Lee", "Bob Ray", "Cy Oz"]),
        ("Alexandra Anders", ["Alexandra Anders"]),
        ("", []),
        (None, []),
    ],
)
def test_split_authors(byline: str | None, names: list[str]) -> None:
    assert split_authors(byline) == names
