"""`claimtable explain`: why a row is in the table: for each cell the line that won, what it beat, and what spoke for each."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from claimtable.cli.ids import begins, claim_of, only
from claimtable.cli.ingest import loaded
from claimtable.cli.options import (
    DEFAULT_DB,
    Database,
    Debug,
    Fast,
    InputFormat,
    Model,
    WeightsFile,
    check_inputs,
    check_model,
)
from claimtable.cli.run import Run, running
from claimtable.errors import ClaimTableError

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    from claimtable.nlp.lines import Candidate, Trace
    from claimtable.schema import Claim, Document

T = TypeVar("T")
WORDS_SHOWN = 8
"""Words of the sentence model that are listed, those with the largest effect."""
_ROUNDED = 0.02
"""Log-odds that rounding the score of a sentence may cost."""
LOSERS_SHOWN = 5
"""Beaten candidates that are listed for a cell, the best of them."""
_DATABASES = (".db", ".sqlite", ".sqlite3")


def explain_command(
    claim_id: Annotated[
        str,
        typer.Argument(metavar="CLAIM_ID", help="The row's claim_id, or how it begins.", show_default=False),
    ],
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[INPUT]",
            help="The files, folders or database that it stands in; default: --db.",
            show_default=False,
        ),
    ] = None,
    db: Database = DEFAULT_DB,
    input_format: InputFormat = None,
    model: Model = None,
    fast: Fast = False,
    weights: WeightsFile = None,
    debug: Debug = False,
) -> None:
    """Explain one row: for each cell the line that won, those that it beat, and the parts of its score."""
    check_model(model, fast=fast)
    databases = [x for x in inputs or () if x.lower().endswith(_DATABASES)]
    if databases and len(inputs or ()) > 1:
        raise typer.BadParameter("give one database, or files and folders")
    if inputs and not databases:
        check_inputs(inputs)
    with running(debug=debug) as run:
        if inputs and not databases:
            lines = explain(
                claim_id,
                inputs,
                input_format=input_format,
                model=model,
                fast=fast,
                weights=weights,
                run=run,
            )
        else:
            lines = explain_stored(
                claim_id,
                Path(databases[0]) if databases else db,
                model=model,
                fast=fast,
                weights=weights,
                run=run,
            )
        for line in lines:
            typer.echo(line)


def explain(
    claim_id: str,
    inputs: Sequence[str],
    *,
    input_format: str | None = None,
    model: str | None = None,
    fast: bool = False,
    weights: Path | None = None,
    run: Run,
) -> Iterator[str]:
    """Yield the lines of the explanation of one claim.

    Args:
        claim_id: its id, or the beginning of it.
        inputs: files and folders.

    Raises:
        ClaimTableError: no claim of the inputs has such an id, or several do.
    """
    from claimtable import ingest

    documents = ingest.read(inputs, input_format=input_format, on_error=run.fail, on_notice=run.say)
    found = list(_found(claim_id, documents, loaded(model, fast=fast, weights=weights), run))
    doc, claim, trace = _one(claim_id, [claim.claim_id for _, claim, _ in found], found)
    yield from _lines(doc, claim, trace)
    yield (
        "Not right? Correct it in review: claimtable ingest, extract --db and review push put it before a reviewer, whose word "
        "counts. Or report it: this page and the text show others what went wrong."
    )


def explain_stored(
    claim_id: str,
    db: Path,
    *,
    model: str | None = None,
    fast: bool = False,
    weights: Path | None = None,
    run: Run,
) -> Iterator[str]:
    """Yield the lines of the explanation of one claim of a database.

    Raises:
        ClaimTableError: no row of the database has such an id, or several do.
    """
    from claimtable.store import Store

    with Store.open(db, create=False, read_only=True) as store:
        row = claim_of(store, claim_id)
        document = store.document(row.doc_id)
    found = list(_found(row.claim_id, [document], loaded(model, fast=fast, weights=weights), run))
    if found:
        doc, claim, trace = found[0]
        yield from _lines(doc, claim, trace)
        if claim.subject != row.subject or claim.rule != row.rule:
            yield f"The table has {row.subject!r} ({row.status}), by {row.rule or 'a person'}"
    else:
        yield f"{row.claim_id}  {row.kind}  {row.doc_id}, {row.section}, code points {row.start}-{row.end}"
        yield f"  [{_one_line(row.text)}]"
        yield f"  {row.status}; this version does not extract it: its rule was {row.rule or 'none, a person added it'}"
    yield (
        f"Not right? Correct it in review: claimtable review push --db {db} --query \"claim_id = '{row.claim_id}'\" puts it before "
        "a reviewer, whose word counts. Or report it: this page and the text show others what went wrong."
    )


def _found(
    claim_id: str, documents: Iterable[Document], nlp: Language, run: Run
) -> Iterator[tuple[Doc, Claim, Trace]]:
    """Yield the claims whose id begins so, with their document and the choices made in it."""
    from claimtable.nlp import pipeline
    from claimtable.nlp.lines import tracing

    run.survive(nlp)
    for document in documents:
        with tracing() as trace:
            docs = list(pipeline.annotate([document], nlp, on_error=run.fail))
        for doc in docs:
            for claim in doc._.claimtable_claims:
                if begins(claim.claim_id, claim_id):
                    yield doc, claim, trace


def _one(claim_id: str, ids: list[str], found: Sequence[T]) -> T:
    """Return the one that was found; other numbers are an error."""
    if not found:
        raise ClaimTableError(
            f"no claim {claim_id} in these inputs: take the id from a table that this version and pipeline made of them"
        )
    return found[ids.index(only(claim_id, ids, "claims of these inputs"))]


def _lines(doc: Doc, claim: Claim, trace: Trace) -> Iterator[str]:
    yield f"{claim.claim_id}  {claim.kind}  {claim.doc_id}, {claim.section}, code points {claim.start}-{claim.end}"
    yield f"  …{_one_line(claim.prefix)}[{_one_line(claim.text)}]{_one_line(claim.suffix)}…"
    yield from _cells(claim, trace)
    yield f"Confidence {claim.confidence}: how probable it is that every cell of the row is right"
    yield f"Check-worthiness {claim.check_worthiness}"
    yield from _score(doc, claim)


def _cells(claim: Claim, trace: Trace) -> Iterator[str]:
    """Yield for each cell its value, the line that won, and what that beat."""
    from claimtable.nlp.lines import cell_ids

    values = {
        "figure": _figure(claim),
        "subject": claim.subject,
        "time": claim.time_text and f"{claim.time_text} → {claim.time_start} to {claim.time_end}",
        "speaker": claim.speaker and f"{claim.speaker} ({claim.speaker_text or 'nobody quoted'})",
        "kind": claim.kind,
        "deadline": claim.deadline and str(claim.deadline),
    }
    at = trace.rows.get(claim.claim_id, -1)
    for cell, line in cell_ids(claim.rule).items():
        yield f"{cell:<10}{_one_line(values.get(cell) or '–')}   by {line}"
        choice = trace.of(cell, at)
        if choice is None:
            continue
        if math.isfinite(choice.margin):
            yield f"            {_reasons(choice.winner)}, margin {choice.margin:.2f}"
        else:
            yield f"            {_reasons(choice.winner)}, undisputed"
        for loser in choice.losers[:LOSERS_SHOWN]:
            yield f"            beat {loser.line}: {_value(loser.value)!r}  {_reasons(loser)}"
        if len(choice.losers) > LOSERS_SHOWN:
            yield f"            and {len(choice.losers) - LOSERS_SHOWN} more"


def _figure(claim: Claim) -> str | None:
    if claim.value is None and claim.value_low is None and claim.value_high is None:
        return None
    value = claim.value if claim.value is not None else f"{claim.value_low} to {claim.value_high}"
    return f"{claim.bound or ''} {value} {claim.unit or ''}".strip()


def _reasons(candidate: Candidate[Any]) -> str:
    parts = [f"score {candidate.score:.2f}"]
    if candidate.features:
        parts.append(f"line {candidate.weight:+.2f}")
        parts.extend(f"{name} {weight:+.2f}" for name, weight in candidate.features)
    return ", ".join(parts)


def _value(value: object) -> str:
    """Return what a candidate would have put into the cell."""
    for name in ("text", "name"):
        text = getattr(value, name, None)
        if text:
            return _one_line(str(text))
    return "nothing" if value is None or not isinstance(value, str | int | float) else str(value)


def _score(doc: Doc, claim: Claim) -> Iterator[str]:
    from claimtable.nlp.check_worthiness import REASONS, SENTENCE_WEIGHT, reasons
    from claimtable.nlp.check_worthiness.model import contributions, features, log_odds, log_odds_of
    from claimtable.nlp.check_worthiness.states import read_states

    sentence = next((s for s in doc._.claimtable_sentences if s.start <= claim.start < s.end), None)
    if sentence is not None:
        known = features(sentence.text)
        odds, model = log_odds(known), read_states()
        total = log_odds_of(sentence.check_worthiness)
        if abs(total - odds) < _ROUNDED:  # A pipeline without the states that the second model reads.
            yield f"  {SENTENCE_WEIGHT * odds:+.2f}  its sentence (word model {odds:+.2f} × {SENTENCE_WEIGHT}), mostly by"
        else:
            rest = total - model.words * odds
            yield (
                f"  {SENTENCE_WEIGHT * total:+.2f}  its sentence ({total:+.2f} × {SENTENCE_WEIGHT}): the encoder's reading {rest:+.2f}, "
                f"the word model {model.words * odds:+.2f} ({odds:+.2f} × {model.words:.2f}), mostly by"
            )
        words = contributions(known)[:WORDS_SHOWN]
        yield "         " + ", ".join(f"{word} {weight:+.2f}" for word, weight in words)
    for reason in reasons(claim):
        yield f"  {REASONS[reason]:+.2f}  {reason}"


def _one_line(text: str) -> str:
    return text.replace("\n", "⏎")
