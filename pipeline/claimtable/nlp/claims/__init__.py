"""Claims: one row per value or prediction, put together from the layers below.

For each sentence of a section the quantities that are claims become drafts; predictions take in the
quantities of their own clause; what is left is a quantitative claim. Each row then gets its subject, time,
place, speaker and provenance. The contract is in the documentation of the claims table (`COLUMNS`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from claimtable.nlp import extensions, syntax
from claimtable.nlp.claims.context import Context, Sentence
from claimtable.nlp.claims.degrees import document_scale, in_scale
from claimtable.nlp.claims.discourse import Discourse
from claimtable.nlp.claims.figures import (
    Figure,
    align_series,
    document_currency,
    in_currency,
    in_tables,
    is_claim,
    last_currency,
    parts,
)
from claimtable.nlp.claims.rows import Scope, make_rows
from claimtable.nlp.claims.subjects import (
    Memory,
    Place,
    Subject,
    find_subject,
    in_unit_of_total,
    place_of,
    remember,
)
from claimtable.nlp.claims.subjects.lists import as_share
from claimtable.nlp.lines import Weights, parse_weights, read_weights, weights_text
from claimtable.schema import Claim, Prediction, Quantity

NAME = "claimtable_claims"
_LAYERS = ("quantities", "times", "actor_mentions", "attributions", "predictions")
_WEIGHTS = "weights.tsv"


class Claims:
    """Writes `doc._.claimtable_claims`."""

    def __init__(self, weights: Weights | None = None) -> None:
        self.weights = weights or Weights()
        """What reviews taught, on top of the tables."""

    def __call__(self, doc: Doc) -> Doc:
        extensions.require(doc, NAME, layers=_LAYERS)
        extensions.set_layer(doc, "claims", build_claims(doc, self.weights))
        return doc

    def to_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> None:
        """Save the learned weights."""
        path.mkdir(parents=True, exist_ok=True)
        (path / _WEIGHTS).write_text(weights_text(self.weights), encoding="utf-8")

    def from_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> Claims:
        """Take the learned weights that were saved, if any were."""
        if (path / _WEIGHTS).is_file():
            self.weights = read_weights(path / _WEIGHTS)
        return self

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Return the learned weights."""
        return weights_text(self.weights).encode()

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Claims:
        """Take learned weights."""
        self.weights = parse_weights(data.decode(), "the saved pipeline")
        return self


def build_claims(doc: Doc, weights: Weights | None = None) -> list[Claim]:
    """Return the claims of a document with all other layers, in text order.

    Args:
        doc: the document.
        weights: what reviews taught, on top of the tables.
    """
    ctx = Context(doc, weights)
    claims: list[Claim] = []
    memory = Memory()
    by_sentence = _by_sentence(ctx, ctx.quantities)
    predictions = _by_sentence(ctx, ctx.predictions)
    currency, scale = document_currency(ctx.quantities), document_scale(ctx)
    discourse = Discourse(ctx)
    section = None
    for sentence in ctx.sentences:
        if sentence.section is not section:
            memory, section = Memory(paragraph=sentence.paragraph), sentence.section
            discourse.enter_section()
        elif sentence.paragraph != memory.paragraph:
            memory.enter(sentence.paragraph)
            discourse.enter_line(sentence)
        if sentence.section.role == "title" and not _has_finite_verb(ctx, sentence):
            continue
        figures: list[Figure] = []
        here: list[tuple[Place, Subject]] = []
        figures.extend(in_tables(ctx, sentence, parts(by_sentence.get(sentence.index, ()))))
        for part in parts(by_sentence.get(sentence.index, ())):
            if ctx.tables.holds(part.start):
                continue
            part = as_share(ctx, part, figures[-1].quantity if figures else None)
            part = in_scale(ctx, part, sentence, scale)
            place = place_of(ctx, in_currency(ctx, part, last_currency(figures) or currency))
            if is_claim(ctx, place, sentence):
                subject = find_subject(ctx, place, sentence, memory, here)
                here.append((place, subject))
                figure = Figure(in_unit_of_total(place, subject), subject)
                figures.append(figure)
                memory.current.extend(figure.measured(ctx, sentence.paragraph))
        align_series(ctx, sentence, figures, memory)
        own = predictions.get(sentence.index, ())
        framed = discourse.time_of_cell(ctx.t.start[sentence.start])
        claims.extend(make_rows(Scope(ctx, sentence, figures, discourse.time(sentence), framed, memory), own))
        remember(ctx, sentence, memory)
        discourse.follow(sentence, own)
    return _unique(claims)


def _by_sentence(ctx: Context, records: Sequence[Quantity] | Sequence[Prediction]) -> dict[int, list]:  # type: ignore[type-arg]
    out: dict[int, list] = {}  # type: ignore[type-arg]
    for record in records:
        offset = (
            record.event_start
            if isinstance(record, Prediction) and record.event_start is not None
            else record.start
        )
        out.setdefault(ctx.t.sent[ctx.t.at(offset)], []).append(record)
    return out


def _has_finite_verb(ctx: Context, sentence: Sentence) -> bool:
    return any(
        syntax.is_finite(ctx.t, i)
        for i in range(sentence.start, sentence.end)
        if ctx.t.pos[i] in ("VERB", "AUX")
    )


def _unique(claims: list[Claim]) -> list[Claim]:
    seen: set[str] = set()
    out = []
    for claim in claims:
        if claim.claim_id not in seen:
            seen.add(claim.claim_id)
            out.append(claim)
    return out


@Language.factory(
    NAME,
    assigns=["doc._.claimtable_claims", "doc.spans"],
    requires=["token.dep", *(f"doc._.claimtable_{layer}" for layer in _LAYERS)],
)
def make_claims(nlp: Language, name: str) -> Claims:
    """Create the component."""
    extensions.register()
    extensions.announce(nlp, NAME)
    return Claims()
