"""`claimtable explain`: why a row is in the table, by which rule, from which words, and what its score is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from claimtable.cli.options import Debug, Fast, InputFormat, Model, check_inputs, check_model
from claimtable.cli.run import Run, running
from claimtable.errors import ClaimTableError

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from claimtable.schema import Claim

WORDS_SHOWN = 8
"""Words of the sentence model that are listed, those with the largest effect."""


def explain_command(
    claim_id: Annotated[
        str, typer.Argument(metavar="CLAIM_ID", help="The row's claim_id.", show_default=False)
    ],
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT", help="The files or folders it was extracted from.", show_default=False
        ),
    ],
    input_format: InputFormat = None,
    model: Model = None,
    fast: Fast = False,
    debug: Debug = False,
) -> None:
    """Explain one row: its rules, the words they rest on, and the parts of its score."""
    check_inputs(inputs, input_format)
    check_model(model, fast=fast)
    with running(debug=debug) as run:
        for line in explain(claim_id, inputs, input_format=input_format, model=model, fast=fast, run=run):
            typer.echo(line)


def explain(
    claim_id: str,
    inputs: Sequence[str],
    *,
    input_format: str | None = None,
    model: str | None = None,
    fast: bool = False,
    run: Run,
) -> Iterator[str]:
    """Yields the lines of the explanation of one claim.

    Raises:
        ClaimTableError: no claim of the inputs has this id.
    """
    from claimtable import ingest
    from claimtable.nlp import pipeline

    nlp = pipeline.load(model, fast=fast)
    run.survive(nlp)
    for doc in pipeline.annotate(ingest.read(inputs, input_format=input_format, on_error=run.fail), nlp):
        for claim in doc._.claimtable_claims:
            if claim.claim_id == claim_id:
                yield from _lines(doc, claim)
                return
    raise ClaimTableError(
        f"no claim {claim_id} in these inputs: take the id from a table that this version and pipeline made of them"
    )


def _lines(doc: Doc, claim: Claim) -> Iterator[str]:
    yield f"{claim.claim_id}  {claim.kind}  {claim.doc_id}, {claim.section}, code points {claim.start}-{claim.end}"
    yield f"  …{_one_line(claim.prefix)}[{_one_line(claim.text)}]{_one_line(claim.suffix)}…"
    yield "What it rests on"
    for name, words in _evidence(doc, claim):
        yield f"  {name:<14}{words}"
    yield "Rules"
    for rule in (claim.rule or "").split():
        yield f"  {rule}"
    yield f"  confidence {claim.confidence}"
    yield f"Check-worthiness {claim.check_worthiness}"
    yield from _score(doc, claim)


def _evidence(doc: Doc, claim: Claim) -> Iterator[tuple[str, str]]:
    def within(record: object) -> bool:
        start: int = getattr(record, "start", -1)
        return claim.start <= start < claim.end

    for q in filter(within, doc._.claimtable_quantities):
        yield (
            "quantity",
            f"{q.text!r} → {q.value if q.value is not None else (q.value_low, q.value_high)} {q.unit or ''} ({q.rule})",
        )
    for x in filter(within, doc._.claimtable_times):
        yield "time", f"{x.text!r} → {x.value} ({x.rule})"
    for p in filter(within, doc._.claimtable_predictions):
        yield (
            "prediction",
            f"{claim.text[max(0, p.trigger_start - claim.start) : p.trigger_end - claim.start]!r} ({p.rule})",
        )
    if claim.speaker_text or claim.cue:
        yield "attribution", f"{claim.speaker_text!r} {claim.cue!r} → {claim.speaker} ({claim.speaker_type})"
    elif claim.speaker:
        yield "speaker", f"{claim.speaker}, as author of the section"


def _score(doc: Doc, claim: Claim) -> Iterator[str]:
    from claimtable.nlp.check_worthiness import REASONS, SENTENCE_WEIGHT, reasons
    from claimtable.nlp.check_worthiness.model import contributions, features, log_odds

    sentence = next((s for s in doc._.claimtable_sentences if s.start <= claim.start < s.end), None)
    if sentence is not None:
        known = features(sentence.text)
        odds = log_odds(known)
        yield f"  {SENTENCE_WEIGHT * odds:+.2f}  its sentence (word model {odds:+.2f} × {SENTENCE_WEIGHT}), mostly by"
        words = contributions(known)[:WORDS_SHOWN]
        yield "         " + ", ".join(f"{word} {weight:+.2f}" for word, weight in words)
    for reason in reasons(claim):
        yield f"  {REASONS[reason]:+.2f}  {reason}"


def _one_line(text: str) -> str:
    return text.replace("\n", "⏎")
