"""Sentence starts at line breaks, set before the parser so that no sentence runs over a paragraph border.

A dump of a page has headings, list items and captions without final punctuation; the parser would
join them with what follows.
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc


class LineBreaks:
    """Sets `is_sent_start` on the first token after white space that holds a line break."""

    def __call__(self, doc: Doc) -> Doc:
        after_break = False
        for token in doc:
            if token.is_space:
                after_break = after_break or "\n" in token.text or "\r" in token.text
            elif after_break:
                token.is_sent_start = True
                after_break = False
        return doc


@Language.factory("claimtable_line_breaks", assigns=["token.is_sent_start"])
def make_line_breaks(nlp: Language, name: str) -> LineBreaks:
    """Creates the component."""
    return LineBreaks()
