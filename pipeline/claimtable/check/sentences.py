"""Rows of one sentence, with the figures in it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from claimtable.check.figures import Figure, figures
from claimtable.schema import Claim


@dataclass(frozen=True, slots=True)
class Stated:
    """A value in a sentence."""

    claim: Claim
    figure: Figure | None
    """Where it stands in the sentence; None: not in digits."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Rows whose words overlap, and so stand in one sentence."""

    text: str
    """The words that the rows cover."""
    stated: tuple[Stated, ...]
    """Rows with a single value, in text order."""


def sentences(claims: Iterable[Claim]) -> Iterator[Sentence]:
    """Yield the sentences in which values are stated; rejected and denied rows are left out."""
    usable = [c for c in claims if c.status != "rejected" and c.polarity == "affirmed"]
    usable.sort(key=lambda claim: (claim.doc_id, claim.start, -claim.end))
    for _, of_document in groupby(usable, key=lambda claim: claim.doc_id):
        group: list[Claim] = []
        text, end = "", -1
        for claim in of_document:
            if claim.start >= end:
                if group:
                    yield _sentence(text, group)
                group, text, end = [], claim.text, claim.end
            elif claim.end > end:
                text += claim.text[end - claim.start :]
                end = claim.end
            group.append(claim)
        if group:
            yield _sentence(text, group)


def _sentence(text: str, claims: list[Claim]) -> Sentence:
    begin = claims[0].start
    free = list(figures(text))
    stated = []
    for claim in claims:
        if claim.value is None:
            continue
        figure = next(
            (
                figure
                for figure in free
                if math.isclose(figure.value, claim.value, rel_tol=1e-9)
                and claim.start - begin <= figure.start
                and figure.end <= claim.end - begin
            ),
            None,
        )
        if figure is not None:
            free.remove(figure)
        stated.append(Stated(claim, figure))
    stated.sort(key=lambda item: len(text) if item.figure is None else item.figure.start)
    return Sentence(text, tuple(stated))
