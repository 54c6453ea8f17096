"""Time expressions (TIMEX3) with their days: `find_times` on plain text, `claimtable_times` in a pipeline."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from claimtable.nlp import extensions
from claimtable.nlp.times.find import find_times
from claimtable.nlp.times.tense import is_time, tense_of, without_verb

__all__ = ["Times", "find_times", "make_times"]


class Times:
    """Finds the times of a document and stores them as its layer `times`."""

    def __call__(self, doc: Doc) -> Doc:
        """Adds the layer; the tense of a parsed document settles weekdays and months without a year."""
        document = extensions.document_of(doc)
        tense = tense_of(doc)
        found = find_times(document.text, document.published, tense=tense)
        if tense is not None:
            found = [without_verb(record, doc) for record in found if is_time(record, doc)]
        extensions.set_layer(doc, "times", found)
        return doc


@Language.factory("claimtable_times", assigns=["doc.spans", "doc._.claimtable_times"])
def make_times(nlp: Language, name: str) -> Times:
    """Creates the component."""
    extensions.register()
    return Times()
