"""The spaCy component `claimtable_quantities`."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from claimtable.nlp import extensions
from claimtable.nlp.quantities.find import find_quantities


class Quantities:
    """Finds the quantities of a document and refines them by its parse, where it has one."""

    def __call__(self, doc: Doc) -> Doc:
        extensions.set_layer(doc, "quantities", find_quantities(doc.text))
        return doc


@Language.factory(
    "claimtable_quantities",
    assigns=["doc._.claimtable_quantities", "doc.spans"],
)
def make_quantities(nlp: Language, name: str) -> Quantities:
    """Creates the component."""
    extensions.register()
    return Quantities()
