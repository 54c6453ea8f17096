"""The same claim in several documents, and who said it first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from claimtable.check.conflicts import LEAST_WORDS_ACROSS, in_order
from claimtable.check.figures import figures, interval_of
from claimtable.check.findings import finding
from claimtable.check.groups import Groups, alike, join_agreeing
from claimtable.check.measures import denies, measure_of
from claimtable.check.subjects import SAME_SUBJECT, SAME_WORDS, content_words
from claimtable.schema import Claim, Finding

LEAST_WORDS = 5
"""Fewest content words of a statement that is recognised by its words alone."""


def repeats(claims: Iterable[Claim]) -> Iterator[Finding]:
    """Yield groups of rows from several documents that say the same, in order of publication.

    The same by their words, of which there are enough, with the same figures; or by subject, unit, relation, period and
    place, with values that agree within their rounding.
    """
    usable = [c for c in claims if c.status != "rejected"]
    values = [interval_of(claim) for claim in usable]
    groups = Groups()
    for members in chain(_by_words(usable), _by_values(usable)):
        join_agreeing(groups, [(values[place], usable[place].doc_id, place) for place in members])
    for group in groups.found():
        rows = in_order(usable[place] for place in group)
        yield finding("repeats", _reason(rows), rows)


def _by_words(claims: Sequence[Claim]) -> Iterator[list[int]]:
    blocks: dict[object, dict[int, frozenset[str]]] = defaultdict(dict)
    for place, claim in enumerate(claims):
        wording = content_words(claim.text)
        if len(wording) >= LEAST_WORDS:
            blocks[_stated(claim), _written(claim), denies(claim.text)][place] = wording
    for block in blocks.values():
        yield from alike(block, SAME_WORDS)


def _by_values(claims: Sequence[Claim]) -> Iterator[list[int]]:
    blocks: dict[object, dict[int, frozenset[str]]] = defaultdict(dict)
    for place, claim in enumerate(claims):
        measure, subject = measure_of(claim), content_words(claim.subject)
        # A bound alone ("more than 5") agrees with too much.
        single = claim.value is not None and claim.bound in (None, "=", "~")
        if measure is not None and single and len(subject) >= LEAST_WORDS_ACROSS:
            blocks[measure, _stated(claim)][place] = subject
    for block in blocks.values():
        yield from alike(block, SAME_SUBJECT)


def _stated(claim: Claim) -> tuple[object, ...]:
    """Return what rows that say the same have in common beside words and values."""
    has_value = not (claim.value is None and claim.value_low is None and claim.value_high is None)
    return claim.kind, claim.polarity, has_value, *((claim.unit, claim.bound) if has_value else ())


def _written(claim: Claim) -> frozenset[float]:
    return frozenset(figure.value for figure in figures(claim.text))


def _reason(rows: Sequence[Claim]) -> str:
    documents = len({row.doc_id for row in rows})
    first = rows[0]
    who = first.speaker or "the author"
    if first.published is None or any(row.published is None for row in rows):
        return f"the same in {documents} documents; not all have a date, so who said it first is open"
    if any(row.published == first.published and row.doc_id != first.doc_id for row in rows):
        return f"the same in {documents} documents; first on {first.published}, in more than one of them"
    return f"the same in {documents} documents; first by {who}, {first.published}"
