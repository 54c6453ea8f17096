"""claims."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from claimtable.nlp import extensions


class Claims:
    """claims."""

    def __call__(self, doc: Doc) -> Doc:
        return doc


@Language.factory("claimtable_claims")
def make_claims(nlp: Language, name: str) -> Claims:
    """Creates the component."""
    extensions.register()
    return Claims()
