"""Claims with what each reviewer made of them: the units of agreement, of conflicts and of the extractor's scores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from claimtable.review.fields import CLAIM_CONTROLS, TEXT_COLUMNS, plain
from claimtable.review.work import Work
from claimtable.schema import SAME_PLACE, Claim, Decision, Offsets, overlap

FIELDS = (
    *(name for name in CLAIM_CONTROLS if name not in ("evidence_url", "note")),
    *TEXT_COLUMNS.values(),
)
"""Columns on which reviewers can agree or not; evidence and notes are each reviewer's own."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one reviewer said about one claim."""

    reviewer: str
    at: str
    """ISO 8601 in UTC."""
    decision: Decision
    start: int
    end: int
    columns: dict[str, Any] = field(default_factory=dict)
    """Column → plain value as the reviewer left it; what is empty is left out. Empty for a rejected claim."""

    @property
    def kept(self) -> bool:
        """Whether it is a claim to the reviewer."""
        return self.decision != "rejected"


@dataclass(slots=True)
class Unit:
    """One claim, extracted or added by hand, with the opinions of all who saw its place."""

    doc_id: str
    claim_id: str
    text: str
    opinions: dict[str, Opinion]
    """Reviewer → opinion."""
    silent: dict[str, str]
    """Reviewers who read the place and marked nothing there, with the time: only where others added the claim."""

    @property
    def added(self) -> bool:
        """Whether reviewers added it by hand."""
        return any(opinion.decision == "added" for opinion in self.opinions.values())


def find_units(works: Sequence[Work]) -> list[Unit]:
    """Return the claims of one version of a document with what each reviewer made of them, in text order.

    An extracted claim is known by its id; claims that two reviewers added are one where they share their place.
    """
    extracted: dict[str, Unit] = {}
    added: list[Unit] = []
    for work in sorted(works, key=lambda w: (w.place, w.reviewer)):
        for claim_id, opinion in opinions(work):
            if opinion.decision != "added":
                unit = extracted.setdefault(claim_id, _unit(work, claim_id, opinion))
            else:
                unit = _same(added, opinion) or _unit(work, claim_id, opinion)
                if not unit.opinions:
                    added.append(unit)
            unit.opinions[work.reviewer] = opinion
    for unit in added:
        place = _place(unit)
        for work in works:
            # Who was asked about one claim, or began with an empty page, said nothing of the others.
            if not work.is_whole:
                continue
            if work.reviewer not in unit.opinions and work.start <= place[0] < place[1] <= work.end:
                unit.silent[work.reviewer] = work.submission.annotation.updated_at
    return sorted([*extracted.values(), *added], key=_place)


def opinions(work: Work) -> Iterator[tuple[str, Opinion]]:
    """Yield (claim id, opinion) for each claim of one person's work; who is unsure has none."""
    shown = {claim.claim_id: claim for claim in work.shown}
    for review in work.submission.reviews:
        if review.decision == "unsure":
            continue
        columns: dict[str, Any] = {}
        if review.decision != "rejected":
            if review.decision != "added" and review.claim_id in shown:
                columns = columns_of(shown[review.claim_id])
            columns |= {name: plain(name, value) for name, value in review.fields.items() if name in FIELDS}
            columns = {name: value for name, value in columns.items() if value is not None}
            if review.verdict is not None:
                columns["verdict"] = review.verdict
        yield (
            review.claim_id,
            Opinion(review.reviewer, review.reviewed_at, review.decision, review.start, review.end, columns),
        )


def columns_of(claim: Claim) -> dict[str, Any]:
    """Return the columns of a claim on which reviewers can agree or not: column → plain value, empty ones left out."""
    values = {name: plain(name, getattr(claim, name)) for name in FIELDS if name != "verdict"}
    return {name: value for name, value in values.items() if value is not None}


def _unit(work: Work, claim_id: str, opinion: Opinion) -> Unit:
    text = work.document.text[opinion.start : opinion.end]
    return Unit(work.document.id, claim_id, text, {}, {})


def _same(units: Iterable[Unit], opinion: Opinion) -> Unit | None:
    """Return the unit that the opinion's place fits best and that its reviewer has no other opinion on."""
    free = [unit for unit in units if opinion.reviewer not in unit.opinions]
    place = (opinion.start, opinion.end)
    best = max(free, key=lambda unit: overlap(_place(unit), place), default=None)
    return best if best is not None and overlap(_place(best), place) >= SAME_PLACE else None


def _place(unit: Unit) -> Offsets:
    return min((opinion.start, opinion.end) for opinion in unit.opinions.values())
