"""`claimtable resolve`: what came of a prediction, as a review in the database."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from claimtable.cli.ids import claim_of
from claimtable.cli.options import DEFAULT_DB, Database, Debug
from claimtable.cli.run import running
from claimtable.errors import CheckError

if TYPE_CHECKING:
    from claimtable.schema import Claim, Verdict
    from claimtable.store import Store


@dataclass(frozen=True, slots=True)
class Said:
    """What the user says of a prediction."""

    outcome: str
    """`true`, `false`, or the value that came about."""
    reviewer: str
    evidence_url: str | None = None
    note: str | None = None


def resolve_command(
    claim_id: Annotated[
        str,
        typer.Argument(
            metavar="CLAIM_ID", help="The prediction: its id, or how it begins.", show_default=False
        ),
    ],
    outcome: Annotated[
        str,
        typer.Argument(
            metavar="true|false|VALUE",
            help="Whether it was right, or the value that came about, in the unit of the row.",
            show_default=False,
        ),
    ],
    evidence: Annotated[
        str | None, typer.Option(metavar="URL", help="Where one can see it.", show_default=False)
    ] = None,
    note: Annotated[str | None, typer.Option(metavar="TEXT", show_default=False)] = None,
    reviewer: Annotated[
        str | None, typer.Option(metavar="NAME", help="Default: the user's name.", show_default=False)
    ] = None,
    db: Database = DEFAULT_DB,
    debug: Debug = False,
) -> None:
    """Record what came of a prediction: true if it was right as it was said.

    "Unlikely to exceed 5" is true when 5 was not exceeded. Saying the same again changes nothing; saying something else
    replaces what this reviewer said before, which stays in the history.
    """
    with running(debug=debug) as run:
        said = Said(outcome, reviewer or getpass.getuser(), evidence, note)
        run.say(resolve(claim_id, said, db=db))


def resolve(claim_id: str, said: Said, *, db: Path) -> str:
    """Store the outcome, and return what was done in words.

    Raises:
        CheckError: there is no such prediction, or the outcome is none for it.
        StoreError: the database cannot be written.
    """
    from claimtable.check.outcomes import Outcome, annotation_id, resolution, same_outcome
    from claimtable.store import Store

    with Store.open(db, create=False) as store:
        shown = _prediction(store, claim_id)
        claim_id = shown.claim_id
        verdict, note = _verdict(shown, said)
        key = annotation_id(shown, said.reviewer)
        earlier = next((a for a in store.annotations(shown.doc_id) if a.annotation_id == key), None)
        submission = resolution(
            shown,
            next((c for c in store.extracted_claims(shown.doc_id) if c.claim_id == claim_id), None),
            store.document(shown.doc_id),
            Outcome(
                verdict,
                said.reviewer,
                datetime.now(UTC).isoformat(timespec="microseconds"),
                said.evidence_url,
                note,
            ),
            created_at=earlier.created_at if earlier else None,
        )
        (review,) = submission.reviews
        before = (r for r in store.reviews(shown.doc_id, claim_id=claim_id) if r.annotation_id == key)
        if any(same_outcome(review, other) for other in before):
            return f"{claim_id}: {verdict}, as {said.reviewer} had recorded already"
        store.add_annotations([submission])
        words = f"{claim_id}: {verdict} ({said.reviewer})"
        shows = _prediction(store, claim_id).verdict
        if shows != verdict:
            words += f"; the table shows {shows or 'no verdict'}, by the rule {store.adjudication!r}"
    return words


def _prediction(store: Store, claim_id: str) -> Claim:
    row = claim_of(store, claim_id)
    if row.kind != "prediction":
        raise CheckError(f"claim {row.claim_id} is no prediction: give it a verdict in review")
    if row.status == "rejected":
        raise CheckError(f"claim {row.claim_id} was rejected by {row.reviewer}: it is no claim to resolve")
    return row


def _verdict(claim: Claim, said: Said) -> tuple[Verdict, str | None]:
    from claimtable.check.outcomes import value_note, verdict_of_value

    word = said.outcome.casefold()
    if word in ("true", "false"):
        return "supported" if word == "true" else "refuted", said.note
    try:
        value = float(said.outcome.replace(",", ""))
    except ValueError as error:
        raise CheckError(f"{said.outcome!r} is no outcome: say true, false, or a number") from error
    return verdict_of_value(claim, value), value_note(claim, value, said.note)
