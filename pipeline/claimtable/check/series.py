"""One figure's history over all documents: what was said of a measure, for which time, by whom and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from claimtable.check.subjects import content_words
from claimtable.schema import Claim


@dataclass(frozen=True, slots=True)
class Measure:
    """What makes two figures comparable: the same words of the subject, whatever their order, the unit and the place."""

    subject: frozenset[str]
    unit: str | None
    place: str | None


@dataclass(frozen=True, slots=True)
class History:
    """The figures of a measure by the time that they are of, and for the same time by when they were published."""

    measure: Measure
    subject: str
    """As most of the rows word it."""
    claims: tuple[Claim, ...]


def histories(claims: Iterable[Claim], wanted: str, *, unit: str | None = None) -> list[History]:
    """Return the histories of the measures whose subjects have all the wanted words, the longest first.

    Levels and amounts of change are not told apart, as the table does not; rejected and denied figures are left out, and
    those without a time.

    Args:
        claims: rows of the table.
        wanted: words of the subject, in any order and number ("exports China").
        unit: as in the table; None takes all.
    """
    words = content_words(wanted)
    found: defaultdict[Measure, list[Claim]] = defaultdict(list)
    for claim in claims:
        subject = content_words(claim.subject)
        if not words or not words <= subject or not _dated(claim) or unit not in (None, claim.unit):
            continue
        found[Measure(subject, claim.unit, claim.place)].append(claim)
    made = [
        History(measure, _wording(rows), tuple(sorted(rows, key=_by_time))) for measure, rows in found.items()
    ]
    return sorted(
        made, key=lambda h: (-len(h.claims), h.subject, h.measure.unit or "", h.measure.place or "")
    )


def middle(claim: Claim) -> float | None:
    """Return the value, or the middle of a range; an end alone stands for itself."""
    ends = [end for end in (claim.value_low, claim.value_high) if end is not None]
    return claim.value if claim.value is not None else sum(ends) / len(ends) if ends else None


def _dated(claim: Claim) -> bool:
    usable = claim.status != "rejected" and claim.polarity == "affirmed" and middle(claim) is not None
    return usable and (claim.time_start or claim.deadline) is not None


def _by_time(claim: Claim) -> tuple[str, str, str, int]:
    first = claim.time_start or claim.deadline
    return str(first), str(claim.published or ""), claim.doc_id, claim.start


def _wording(rows: list[Claim]) -> str:
    counts: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        counts[row.subject or ""] += 1
    return max(counts, key=lambda wording: (counts[wording], -len(wording), wording))
