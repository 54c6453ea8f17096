"""Time expressions (TIMEX3) with their days: `find_times` on plain text, `claimtable_times` in a pipeline."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from spacy.language import Language
from spacy.tokens import Doc

from claimtable.nlp import extensions
from claimtable.nlp.times.find import find_times
from claimtable.nlp.times.tense import is_time, tense_of, without_verb
from claimtable.schema import TimeExpression

__all__ = ["Times", "find_times", "make_times"]


class Times:
    """Finds the times of a document and stores them as its layer `times`."""

    def __call__(self, doc: Doc) -> Doc:
        """Add the layer; the tense of a parsed document settles weekdays and months without a year."""
        document = extensions.document_of(doc)
        tense = tense_of(doc)
        found = find_times(document.text, document.published, tense=tense)
        if tense is not None:
            found = [
                kept
                for record in found
                if is_time(record, doc)
                for kept in _without_season_verb(without_verb(record, doc), doc, document.published)
            ]
        extensions.set_layer(doc, "times", found)
        return doc


_SEASON_VERBS = frozenset({"fall", "spring", "march", "may"})


def _without_season_verb(record: TimeExpression, doc: Doc, published: date | None) -> list[TimeExpression]:
    """Return the time after a verb that looks like a season or month ("taxes would fall next year"), else the record."""
    word, space, rest = record.text.partition(" ")
    if not space or word.lower() not in _SEASON_VERBS:
        return [record]
    span = doc.char_span(record.start, record.start + len(word))
    if span is None or span[0].pos_ not in ("VERB", "AUX"):
        return [record]
    offset = record.start + len(word) + 1
    return [replace(x, start=x.start + offset, end=x.end + offset) for x in find_times(rest, published)]


@Language.factory("claimtable_times", assigns=["doc.spans", "doc._.claimtable_times"])
def make_times(nlp: Language, name: str) -> Times:
    """Create the component."""
    extensions.register()
    return Times()
