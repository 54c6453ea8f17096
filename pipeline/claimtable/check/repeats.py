"""The same claim in several documents, and who said it first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from claimtable.check.conflicts import LEAST_WORDS_ACROSS, in_order
from claimtable.check.figures import disjoint, figures, interval_of
from claimtable.check.findings import finding
from claimtable.check.measures import denies, measure_of
from claimtable.check.subjects import SAME_SUBJECT, SAME_WORDS, content_words, joined, similar_pairs
from claimtable.schema import Claim, Finding

LEAST_WORDS = 5
"""Fewest content words of a statement that is recognised by its words alone."""


def repeats(claims: Iterable[Claim]) -> Iterator[Finding]:
    """Yields groups of rows from several documents that say the same, in order of publication.

    The same by their words, of which there are enough, with the same figures; or by subject, unit, relation, period and
    place, with values that agree within their rounding.
    """
    usable = [c for c in claims if c.status != "rejected"]
    pairs = chain(_by_words(usable), _by_values(usable))
    for group in joined(pair for pair in pairs if _same(usable[pair[0]], usable[pair[1]])):
        rows = in_order(usable[place] for place in group)
        yield finding("repeats", _reason(rows), rows)


def _by_words(claims: Sequence[Claim]) -> Iterator[tuple[int, int]]:
    wordings = [content_words(claim.text) for claim in claims]
    long = [place for place, wording in enumerate(wordings) if len(wording) >= LEAST_WORDS]
    for i, j in similar_pairs([wordings[place] for place in long], SAME_WORDS):
        one, other = claims[long[i]], claims[long[j]]
        if _written(one) == _written(other) and denies(one.text) == denies(other.text):
            yield long[i], long[j]


def _by_values(claims: Sequence[Claim]) -> Iterator[tuple[int, int]]:
    blocks: dict[object, list[int]] = defaultdict(list)
    for place, claim in enumerate(claims):
        measure = measure_of(claim)
        # A bound alone ("more than 5") agrees with too much.
        if measure is not None and claim.value is not None and claim.bound in (None, "=", "~"):
            blocks[measure].append(place)
    for block in blocks.values():
        for i, j in similar_pairs([content_words(claims[place].subject) for place in block], SAME_SUBJECT):
            if len(content_words(claims[block[i]].subject)) >= LEAST_WORDS_ACROSS:
                yield block[i], block[j]


def _same(one: Claim, other: Claim) -> bool:
    if one.doc_id == other.doc_id or (one.kind, one.polarity) != (other.kind, other.polarity):
        return False
    mine, others = interval_of(one), interval_of(other)
    if mine is None or others is None:
        return mine is others
    return one.unit == other.unit and one.bound == other.bound and not disjoint(mine, others)


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
