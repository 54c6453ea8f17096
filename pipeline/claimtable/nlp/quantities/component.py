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
    taken = {i for r in found for i in range(r.start, r.end)}
    kept = [q for q in records if taken.isdisjoint(range(q.start, q.end))]
    return sorted([*kept, *found], key=lambda q: (q.start, -q.end)) if found else records


def _with_zeros(records: list[Quantity], none: list[Quantity]) -> list[Quantity]:
    """Return the records with the statements of zero among them; the 40 of "none of the 40 schools" is a definite count."""
    if not none:
        return records
    at = {i: z for z in none for i in range(z.start, z.end)}
    kept = []
    for q in records:
        zero = next((at[i] for i in range(q.start, q.end) if i in at), None)
        if zero is None or q.text.lower() not in ("single", "one"):
            within = zero is not None and zero.start < q.start and q.end <= zero.end
            kept.append(replace(q, role="definite") if within else q)
    taken = {i for q in kept for i in range(q.start, q.end)}
    return sorted([*kept, *(z for z in none if z.start not in taken)], key=lambda q: (q.start, -q.end))


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
