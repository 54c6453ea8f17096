"""The spaCy component `claimtable_quantities`."""

from __future__ import annotations

from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from claimtable.nlp import extensions
from claimtable.nlp.quantities.find import scan, to_record
from claimtable.nlp.quantities.parsed import Parse, refine
from claimtable.nlp.quantities.zero import zeros
from claimtable.nlp.ranks import DIMENSION, UNIT, ranks
from claimtable.nlp.tokens import Tokens
from claimtable.schema import Quantity


def quantities(doc: Doc) -> list[Quantity]:
    """Return the quantities of `doc`, from its text and, where it is parsed, its dependencies.

    `subject` is None throughout for a document without a parse.
    """
    lex, found = scan(extensions.text_of(doc))
    if not doc.has_annotation("DEP"):
        return [to_record(lex, mention) for mention in found if not mention.named]
    subjects = refine(Parse(doc), lex, found) if found else ()
    records = [
        to_record(lex, mention, subject)
        for mention, subject in zip(found, subjects, strict=True)
        if not mention.named
    ]
    t = Tokens.of(doc)
    return _with_zeros(_with_ranks(records, t, lex.text), list(zeros(t, lex.text)))


def _with_ranks(records: list[Quantity], t: Tokens, text: str) -> list[Quantity]:
    """Return the records with the ranks among them; one that names a thing is definite, no value that is stated."""
    found = [
        Quantity(
            start=t.start[rank.ordinal],
            end=t.end[rank.end - 1],
            text=text[t.start[rank.ordinal] : t.end[rank.end - 1]],
            value=rank.value,
            unit=UNIT,
            dimension=DIMENSION,
            number_start=t.start[rank.ordinal],
            number_end=t.end[rank.ordinal],
            role="quantity" if rank.holder is not None else "definite",
            rule="rank",
        )
        for rank in ranks(t)
    ]
    kept = [q for q in records if not any(q.start < r.end and r.start < q.end for r in found)]
    return sorted([*kept, *found], key=lambda q: (q.start, -q.end)) if found else records


def _with_zeros(records: list[Quantity], none: list[Quantity]) -> list[Quantity]:
    """Return the records with the statements of zero among them; the 40 of "none of the 40 schools" is a definite count."""
    if not none:
        return records
    kept = [
        replace(q, role="definite") if any(z.start < q.start and q.end <= z.end for z in none) else q
        for q in records
        if not any(q.start < z.end and z.start < q.end and q.text.lower() in ("single", "one") for z in none)
    ]
    free = [z for z in none if not any(q.start <= z.start < q.end for q in kept)]
    return sorted([*kept, *free], key=lambda q: (q.start, -q.end))


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
    """Create the component."""
    extensions.register()
    return Quantities()
