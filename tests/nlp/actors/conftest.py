"""Documents built by hand, in a notation short enough to read in a case file."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from typing import Any

import pytest
import spacy
from spacy.tokens import Doc, Span

from claimtable.nlp import extensions

NLP = spacy.blank("en")


def build_doc(tokens: str, ents: list[list[Any]]) -> Doc:
    """Builds a parsed document from `word/POS/dep/head/lemma`; `^` in a word means: no space around it on that side; `NOUN^NNS` adds the tag."""
    extensions.register()
    rows = [token.split("/") for token in tokens.split(" ")]
    glue = [row[0].endswith("^") for row in rows]
    # A mark "-^" is glued to both neighbours; a word "Nam^" to the one before it.
    spaces = [
        not (i + 1 < len(rows) and glue[i + 1]) and not (glue[i] and not row[0][0].isalnum())
        for i, row in enumerate(rows)
    ]
    words = [row[0].replace("^", "") for row in rows]
    default = [("PUNCT" if not w[0].isalnum() else "PROPN" if w[0].isupper() else "NOUN") for w in words]
    # A token without a head hangs on the first of its sentence, so that the sentence stays whole.
    firsts = list(accumulate(range(len(words)), lambda first, i: i if words[i - 1] == "." else first))
    roots = {int(row[3]) for i, row in enumerate(rows) if len(row) > 3 and int(row[3]) == i}
    firsts = [next((r for r in roots if firsts[r] == first), first) for first in firsts]
    doc = Doc(
        NLP.vocab,
        words=words,
        spaces=spaces,
        pos=[row[1].partition("^")[0] if len(row) > 1 else p for row, p in zip(rows, default, strict=True)],
        tags=[row[1].partition("^")[2] if len(row) > 1 else "" for row in rows],
        deps=[row[2] if len(row) > 2 else "dep" for row in rows],
        heads=[int(row[3]) if len(row) > 3 else firsts[i] for i, row in enumerate(rows)],
        lemmas=[row[4] if len(row) > 4 else w.lower() for row, w in zip(rows, words, strict=True)],
    )
    doc.ents = [Span(doc, start, end, label=label) for start, end, label in ents]
    return doc


@pytest.fixture(scope="session")
def build() -> Callable[[str, list[list[Any]]], Doc]:
    """The function that builds a document from the notation of the case files."""
    return build_doc
