"""Rows that cannot both be right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from claimtable.check.figures import Interval, interval_of
from claimtable.check.findings import finding
from claimtable.check.groups import Groups, alike, join_disjoint, overlapping
from claimtable.check.lexicon import words
from claimtable.check.measures import Measure, measure_of, relation_of
from claimtable.check.subjects import SAME_SUBJECT, SAME_WORDS, content_words, similarity
from claimtable.schema import Claim, Finding

LEAST_WORDS_ACROSS = 2
"""Fewest content words of a subject that is taken for the same in another document: "prices" may be of anything."""

MOST_NAMED = 10
"""Values that the reason names; the rows show all."""


def conflicts(claims: Iterable[Claim]) -> Iterator[Finding]:
    """Yield groups of rows about one thing whose values cannot all be right, and contradictions of one speaker.

    The same subject (see `subjects`), unit, relation, period, place and names, each stated in the row's own words, with values
    whose bounds and roundings leave nothing in common. Forecasts conflict only with the same speaker's.
    """
    usable = [
        c for c in claims if c.status != "rejected" and c.condition is None and content_words(c.subject)
    ]
    yield from _of_values([c for c in usable if c.polarity == "affirmed"])
    yield from _of_words([c for c in usable if c.kind == "prediction" and c.speaker and c.value is None])


def _of_values(claims: Sequence[Claim]) -> Iterator[Finding]:
    blocks: dict[tuple[Measure, str, frozenset[str]], dict[int, Interval]] = defaultdict(dict)
    for place, claim in enumerate(claims):
        measure, interval = measure_of(claim), interval_of(claim)
        if measure is not None and interval is not None:
            foreseen_by = claim.speaker or "" if claim.kind == "prediction" else ""
            # Of "adjusted net income" and "net income" nearly all words may be the same, but not the thing.
            qualified = content_words(claim.subject) & words().qualifier
            blocks[measure, foreseen_by, qualified][place] = interval
    groups = Groups()
    for block in blocks.values():
        sets = list(alike({place: content_words(claims[place].subject) for place in block}, SAME_SUBJECT))
        # Two values in one sentence are of two things, which the rows do not tell apart.
        unclear = {place for members in sets for place in overlapping(_spans(claims, members))}
        for members in sets:
            clear = [place for place in members if place not in unclear]
            for part in _comparable(claims, clear):
                join_disjoint(groups, [(block[place], place) for place in part])
    for group in groups.found():
        yield _finding(in_order(claims[place] for place in group))


def _spans(claims: Sequence[Claim], places: Iterable[int]) -> Iterator[tuple[str, int, int, int]]:
    for place in places:
        yield claims[place].doc_id, claims[place].start, claims[place].end, place


def _comparable(claims: Sequence[Claim], places: Sequence[int]) -> Iterable[list[int]]:
    """Return the rows in sets that may be held against one another: those with a short subject document by document."""
    if all(len(content_words(claims[place].subject)) >= LEAST_WORDS_ACROSS for place in places):
        return [list(places)]
    parts: dict[str, list[int]] = defaultdict(list)
    for place in places:
        parts[claims[place].doc_id].append(place)
    return parts.values()


def _finding(claims: Sequence[Claim]) -> Finding:
    first = claims[0]
    values = list(dict.fromkeys(f"{c.speaker or 'the author'}: {value_text(c)}" for c in claims))
    said = "; ".join(
        [*values[:MOST_NAMED], *([f"{len(values) - MOST_NAMED} more"] if len(values) > MOST_NAMED else [])]
    )
    shared = min(similarity(content_words(first.subject), content_words(c.subject)) for c in claims[1:])
    reason = (
        f"{said}, of “{first.subject}”, time “{first.time_text}” (subjects share {shared:.0%} of their words)"
    )
    if first.speaker and all(c.speaker == first.speaker for c in claims):
        reason = f"the same speaker says different things: {reason}"
    return finding("conflicts", reason, claims)


def _of_words(claims: Sequence[Claim]) -> Iterator[Finding]:
    blocks: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for place, claim in enumerate(claims):
        if relation_of(claim):
            blocks[claim.speaker, claim.predicate, claim.time_start, claim.time_end].append(place)
    groups = Groups()
    for block in blocks.values():
        for members in alike({place: _said(claims[place]) for place in block}, SAME_WORDS):
            for same in alike(
                {place: content_words(claims[place].subject) for place in members}, SAME_SUBJECT
            ):
                if len({claims[place].polarity for place in same}) > 1:
                    groups.join(same)
    for group in groups.found():
        rows = in_order(claims[place] for place in group)
        yield finding(
            "conflicts",
            f"{rows[0].speaker} said that this will be so, and that it will not be (“{rows[0].subject}”, “{rows[0].predicate}”)",
            rows,
        )


def _said(claim: Claim) -> frozenset[str]:
    return content_words(claim.text) - words().denial


def in_order(claims: Iterable[Claim]) -> list[Claim]:
    """Return rows by date of publication, those without one last, then by place."""
    return sorted(claims, key=lambda c: (c.published or date.max, c.doc_id, c.start, c.claim_id))


def value_text(claim: Claim) -> str:
    """Return a value with its bound and unit."""
    number = (
        f"{claim.value:,.10g}"
        if claim.value is not None
        else "–".join("…" if end is None else f"{end:,.10g}" for end in (claim.value_low, claim.value_high))
    )
    bound = f"{claim.bound} " if claim.bound not in (None, "=") else ""
    return f"{bound}{number}{f' {claim.unit}' if claim.unit and claim.unit != '1' else ''}"
