"""times."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from claimtable.nlp import extensions


class Times:
    """times."""

    def __call__(self, doc: Doc) -> Doc:
        return doc


@Language.factory("claimtable_times")
def make_times(nlp: Language, name: str) -> Times:
    """Creates the component."""
    extensions.register()
    return Times()
