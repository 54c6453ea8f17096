"""check_worthiness."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from claimtable.nlp import extensions


class CheckWorthiness:
    """check_worthiness."""

    def __call__(self, doc: Doc) -> Doc:
        return doc


@Language.factory("claimtable_check_worthiness")
def make_check_worthiness(nlp: Language, name: str) -> CheckWorthiness:
    """Creates the component."""
    extensions.register()
    return CheckWorthiness()
