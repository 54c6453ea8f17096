"""How often each speaker's predictions came true, and how well their words of certainty fit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from claimtable.check.outcomes import EVEN, midpoint
from claimtable.schema import Claim, Record

MINIMUM = 5
"""Fewest outcomes from which a record is shown, unless the user says otherwise. Fewer say more about chance."""


@dataclass(frozen=True, slots=True)
class SpeakerScore(Record):
    """The record of one speaker."""

    speaker: str
    resolved: int
    """Predictions with the verdict `supported` or `refuted`."""
    came_true: int
    share: float
    """`came_true` of `resolved`."""
    with_probability: int
    """Those of them whose words of certainty are on a probability scale."""
    brier: float | None
    """Mean of (probability - outcome)² over those, outcome 1 or 0, the probability being the middle of its range:
    0 is perfect, 0.25 what "fifty-fifty" always gets, 1 the worst. None: they are fewer than the minimum."""
    undecided: int
    """Predictions whose verdict is `mixed` or `unverifiable`, which count nowhere else."""


def scores(claims: Iterable[Claim], minimum: int = MINIMUM) -> list[SpeakerScore]:
    """Return the records of the speakers with at least `minimum` outcomes, those with most outcomes first."""
    by_speaker: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.kind == "prediction" and claim.status != "rejected" and claim.verdict and claim.speaker:
            by_speaker[claim.speaker].append(claim)
    records = (_score(speaker, said, minimum) for speaker, said in by_speaker.items())
    return sorted(
        (record for record in records if record.resolved >= max(minimum, 1)),
        key=lambda record: (-record.resolved, record.speaker),
    )


def _score(speaker: str, said: list[Claim], minimum: int) -> SpeakerScore:
    resolved = [claim for claim in said if claim.verdict in ("supported", "refuted")]
    came_true = sum(claim.verdict == "supported" for claim in resolved)
    errors = [(p - _happened(claim, p)) ** 2 for claim in resolved if (p := midpoint(claim)) is not None]
    return SpeakerScore(
        speaker=speaker,
        resolved=len(resolved),
        came_true=came_true,
        share=came_true / len(resolved) if resolved else 0.0,
        with_probability=len(errors),
        brier=sum(errors) / len(errors) if errors and len(errors) >= minimum else None,
        undecided=len(said) - len(resolved),
    )


def _happened(claim: Claim, probability: float) -> float:
    # Who calls a thing unlikely is right when it does not happen; the probability is that of the thing.
    right = claim.verdict == "supported"
    return float(right if probability >= EVEN else not right)
