"""Rows that cannot both be right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from claimtable.check.figures import disjoint, interval_of
from claimtable.check.findings import finding
from claimtable.check.lexicon import words
from claimtable.check.measures import Measure, measure_of, relation_of
from claimtable.check.subjects import (
    SAME_SUBJECT,
    SAME_WORDS,
    content_words,
    joined,
    similar_pairs,
    similarity,
)
from claimtable.schema import Claim, Finding

LEAST_WORDS_ACROSS = 2
"""Fewest content words of a subject that is taken for the same in another document: "prices" may be of anything."""


def conflicts(claims: Iterable[Claim]) -> Iterator[Finding]:
    """Yields groups of rows about one thing whose values cannot all be right, and contradictions of one speaker.

    The same subject (see `subjects`), unit, relation, period, place and names, each stated in the row's own words, with values
    whose bounds and roundings leave nothing in common. Forecasts conflict only with the same speaker's.
    """
    usable = [
        c for c in claims if c.status != "rejected" and c.condition is None and content_words(c.subject)
    ]
    yield from _of_values([c for c in usable if c.polarity == "affirmed"])
    yield from _of_words([c for c in usable if c.kind == "prediction" and c.speaker and c.value is None])


def _of_values(claims: Sequence[Claim]) -> Iterator[Finding]:
    blocks: dict[tuple[Measure, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        measure = measure_of(claim)
        if measure is not None and interval_of(claim) is not None:
            blocks[measure, claim.speaker or "" if claim.kind == "prediction" else ""].append(claim)
    for block in blocks.values():
        pairs = list(similar_pairs([content_words(c.subject) for c in block], SAME_SUBJECT))
        # Two values in one sentence are of two things, which the rows do not tell apart.
        unclear = {place for i, j in pairs if _overlap(block[i], block[j]) for place in (i, j)}
        for group in joined(
            (i, j) for i, j in pairs if not unclear & {i, j} and _conflict(block[i], block[j])
        ):
            yield _finding(in_order([block[place] for place in group]))


def _conflict(one: Claim, other: Claim) -> bool:
    fewest = min(len(content_words(c.subject)) for c in (one, other))
    if one.doc_id != other.doc_id and fewest < LEAST_WORDS_ACROSS:
        return False
    mine, others = interval_of(one), interval_of(other)
    return mine is not None and others is not None and disjoint(mine, others)


def _overlap(one: Claim, other: Claim) -> bool:
    return one.doc_id == other.doc_id and one.start < other.end and other.start < one.end


def _finding(claims: Sequence[Claim]) -> Finding:
    first = claims[0]
    said = "; ".join(dict.fromkeys(f"{c.speaker or 'the author'}: {value_text(c)}" for c in claims))
    shared = min(similarity(content_words(first.subject), content_words(c.subject)) for c in claims[1:])
    reason = (
        f"{said}, of “{first.subject}”, time “{first.time_text}” (subjects share {shared:.0%} of their words)"
    )
    if first.speaker and all(c.speaker == first.speaker for c in claims):
        reason = f"the same speaker says different things: {reason}"
    return finding("conflicts", reason, claims)


def _of_words(claims: Sequence[Claim]) -> Iterator[Finding]:
    blocks: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
    for claim in claims:
        blocks[claim.speaker, claim.predicate, claim.time_start, claim.time_end].append(claim)
    for block in blocks.values():
        for i, j in similar_pairs([_said(c) for c in block], SAME_WORDS):
            one, other = in_order([block[i], block[j]])
            subjects = similarity(content_words(one.subject), content_words(other.subject))
            if one.polarity != other.polarity and subjects >= SAME_SUBJECT and relation_of(one):
                yield finding(
                    "conflicts",
                    f"{one.speaker} said that this will be so, and that it will not be (“{one.subject}”, “{one.predicate}”)",
                    [one, other],
                )


def _said(claim: Claim) -> frozenset[str]:
    return content_words(claim.text) - words().denial


def in_order(claims: Iterable[Claim]) -> list[Claim]:
    """Returns rows by date of publication, those without one last, then by place."""
    return sorted(claims, key=lambda c: (c.published or date.max, c.doc_id, c.start, c.claim_id))


def value_text(claim: Claim) -> str:
    """Returns a value with its bound and unit."""
    number = (
        f"{claim.value:,.10g}"
        if claim.value is not None
        else "–".join("…" if end is None else f"{end:,.10g}" for end in (claim.value_low, claim.value_high))
    )
    bound = f"{claim.bound} " if claim.bound not in (None, "=") else ""
    return f"{bound}{number}{f' {claim.unit}' if claim.unit and claim.unit != '1' else ''}"
