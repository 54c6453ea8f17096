"""Sentence starts at line breaks, set before the parser so that no sentence runs over a paragraph border.

A dump of a page has headings, list items and captions without final punctuation; the parser would
join them with what follows. What runs on without an end, as a list of figures does, is cut too: every layer looks
from one part of a sentence to the others, which takes the square of its length.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

LONGEST = 300
"""Tokens without final punctuation. Sentences of laws and lists in news reach two hundred."""
_CLOSE = 40
"""Tokens before the end of so many in which a comma is looked for, to cut there."""
_SHORTEST = 4
"""Tokens that a sentence has in the mean. "1. 1. 1." are none, and parsers take them for one."""
_FINAL = frozenset(".!?…")
_PAUSE = frozenset(",;:")


class LineBreaks:
    """Sets `is_sent_start` on the first token after white space that holds a line break, and in what has no end."""

    def __call__(self, doc: Doc) -> Doc:
        space = doc.to_array("IS_SPACE")
        after_break = False
        for i in np.flatnonzero(space).tolist():
            after_break = after_break or "\n" in doc[i].text or "\r" in doc[i].text
            if after_break and i + 1 < len(doc) and not space[i + 1]:
                doc[i + 1].is_sent_start = True
                after_break = False
        if len(doc) > LONGEST:
            _cut(doc)
        return doc


def _cut(doc: Doc) -> None:
    """Set a start in each run of more than `LONGEST` tokens without one, or with as much final punctuation as words."""
    columns: Any = doc.to_array(["SENT_START", "ORTH"])
    strings = doc.vocab.strings
    pauses = {strings[mark] for mark in _PAUSE}
    orths = columns[:, 1].tolist()
    starts = (columns[:, 0] == 1).tolist()
    final = np.isin(columns[:, 1], np.array([strings[mark] for mark in _FINAL], dtype="uint64")).tolist()
    begin = finals = 0
    for i, (starts_here, is_final) in enumerate(zip(starts, final, strict=True)):
        if starts_here:
            begin, finals = i, 0
        elif is_final:
            finals += 1
        elif i - begin >= LONGEST:
            if not finals or finals * _SHORTEST > i - begin:
                pause = next((k for k in range(i - 1, i - _CLOSE, -1) if orths[k] in pauses), i - 1)
                doc[pause + 1].is_sent_start = True
                begin = pause + 1
            else:
                begin = i
            finals = 0


@Language.factory("claimtable_line_breaks", assigns=["token.is_sent_start"])
def make_line_breaks(nlp: Language, name: str) -> LineBreaks:
    """Create the component."""
    return LineBreaks()
