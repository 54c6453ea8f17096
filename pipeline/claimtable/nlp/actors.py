"""actors."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from claimtable.nlp import extensions


class Actors:
    """actors."""

    def __call__(self, doc: Doc) -> Doc:
        return doc


@Language.factory("claimtable_actors")
def make_actors(nlp: Language, name: str) -> Actors:
    """Creates the component."""
    extensions.register()
    return Actors()
