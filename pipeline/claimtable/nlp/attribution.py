"""attribution."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from claimtable.nlp import extensions


class AttributionFinder:
    """attribution."""

    def __call__(self, doc: Doc) -> Doc:
        return doc


@Language.factory("claimtable_attribution")
def make_attribution(nlp: Language, name: str) -> AttributionFinder:
    """Creates the component."""
    extensions.register()
    return AttributionFinder()
