"""quantities."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from claimtable.nlp import extensions


class Quantities:
    """quantities."""

    def __call__(self, doc: Doc) -> Doc:
        return doc


@Language.factory("claimtable_quantities")
def make_quantities(nlp: Language, name: str) -> Quantities:
    """Creates the component."""
    extensions.register()
    return Quantities()
