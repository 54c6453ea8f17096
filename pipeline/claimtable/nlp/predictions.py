"""predictions."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from claimtable.nlp import extensions


class Predictions:
    """predictions."""

    def __call__(self, doc: Doc) -> Doc:
        return doc


@Language.factory("claimtable_predictions")
def make_predictions(nlp: Language, name: str) -> Predictions:
    """Creates the component."""
    extensions.register()
    return Predictions()
