"""The spaCy component `claimtable_quantities`."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from claimtable.nlp import extensions
from claimtable.nlp.quantities.find import scan, to_record
from claimtable.nlp.quantities.parsed import Parse, refine
from claimtable.schema import Quantity


def quantities(doc: Doc) -> list[Quantity]:
    """Returns the quantities of `doc`, from its text and, where it is parsed, its dependencies.

    `subject` is None throughout for a document without a parse.
    """
    lex, found = scan(extensions.text_of(doc))
    if not found:
        return []
    if not doc.has_annotation("DEP"):
        return [to_record(lex, mention) for mention in found if not mention.named]
    subjects = refine(Parse(doc), lex, found)
    return [
        to_record(lex, mention, subject)
        for mention, subject in zip(found, subjects, strict=True)
        if not mention.named
    ]


class Quantities:
    """Finds the quantities of a document and refines them by its parse, where it has one."""

    def __call__(self, doc: Doc) -> Doc:
        extensions.set_layer(doc, "quantities", quantities(doc))
        return doc


@Language.factory(
    "claimtable_quantities",
    assigns=["doc._.claimtable_quantities", "doc.spans"],
)
def make_quantities(nlp: Language, name: str) -> Quantities:
    """Creates the component."""
    extensions.register()
    return Quantities()
