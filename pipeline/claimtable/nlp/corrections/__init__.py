"""One tree: corrections of the parse, written into the `Doc` once, so that every reader sees the same.

    attachments   heads and relations that word order rules out
    lemmas        lemmas of verbs that do not exist

The component runs right after the language pipeline, whichever that is; components and spaCy's own tools read what it leaves.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from claimtable.nlp.corrections.attachments import put_right
from claimtable.nlp.corrections.lemmas import verb_lemma

NAME = "claimtable_parse_corrections"
_COLUMNS: list[int | str] = ["TAG", "POS", "DEP", "HEAD"]


class ParseCorrections:
    """Correct lemmas, tags, heads and relations of a parsed `Doc` in place."""

    def __call__(self, doc: Doc) -> Doc:
        """Return `doc`, corrected; one without tags or parse stays as it is."""
        if doc.has_annotation("TAG"):
            _correct_lemmas(doc)
        if doc.has_annotation("DEP"):
            _correct_tree(doc)
        return doc


def _correct_lemmas(doc: Doc) -> None:
    tags: Any = doc.to_array("TAG")
    verbal = [key for key in set(tags.tolist()) if doc.vocab.strings[key].startswith("VB")]
    for i in np.flatnonzero(np.isin(tags, verbal)).tolist():
        token = doc[i]
        guess = token.lemma_.lower() or token.lower_
        lemma = verb_lemma(token.lower_, guess, token.tag_)
        if lemma != guess:
            token.lemma_ = lemma


def _correct_tree(doc: Doc) -> None:
    columns: Any = doc.to_array(_COLUMNS)
    strings = doc.vocab.strings
    places = np.arange(len(doc))
    tag, pos = ([strings[k] for k in columns[:, c].tolist()] for c in (0, 1))
    dep = [strings[k].lower() for k in columns[:, 2].tolist()]
    head = (places + columns[:, 3].astype("int64")).tolist()
    before = (list(tag), list(pos), list(dep), list(head))
    put_right(tag, pos, dep, head)
    if (tag, pos, dep, head) == before:
        return
    for c, now, old in ((0, tag, before[0]), (1, pos, before[1]), (2, dep, before[2])):
        for i, (new, was) in enumerate(zip(now, old, strict=True)):
            if new != was:
                columns[i, c] = strings.add(new)
    columns[:, 3] = (np.array(head, dtype="int64") - places).astype("uint64")
    # Token by token the tree could have a circle in between, which spaCy would walk for ever.
    doc.from_array(_COLUMNS, columns)


@Language.factory(
    NAME,
    assigns=["token.lemma", "token.tag", "token.pos", "token.dep", "token.head"],
    requires=["token.tag", "token.pos", "token.dep", "token.head", "token.lemma"],
)
def make_parse_corrections(nlp: Language, name: str) -> ParseCorrections:
    """Create the component."""
    return ParseCorrections()
