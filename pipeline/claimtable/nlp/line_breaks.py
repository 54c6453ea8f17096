"""Sentence starts at line breaks, set before the parser so that no sentence runs over a paragraph border.

A dump of a page has headings, list items and captions without final punctuation; the parser would
join them with what follows.
"""

from __future__ import annotations

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc


class LineBreaks:
    """Sets `is_sent_start` on the first token after white space that holds a line break."""

    def __call__(self, doc: Doc) -> Doc:
        space = doc.to_array("IS_SPACE")
        after_break = False
        for i in np.flatnonzero(space).tolist():
            after_break = after_break or "\n" in doc[i].text or "\r" in doc[i].text
            if after_break and i + 1 < len(doc) and not space[i + 1]:
                doc[i + 1].is_sent_start = True
                after_break = False
        return doc


@Language.factory("claimtable_line_breaks", assigns=["token.is_sent_start"])
def make_line_breaks(nlp: Language, name: str) -> LineBreaks:
    """Creates the component."""
    return LineBreaks()
