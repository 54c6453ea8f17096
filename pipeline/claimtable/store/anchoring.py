"""Finding a quote again in a changed text, by its words and what stands around them.

After the W3C Web Annotation Data Model's TextQuoteSelector (https://www.w3.org/TR/annotation-model/#text-quote-selector):
the exact words must be there; of several places the one whose surroundings fit best, if it alone fits best.
"""

from __future__ import annotations

from collections.abc import Iterator

from claimtable.schema import Offsets


def find_quote(text: str, exact: str, prefix: str, suffix: str) -> Offsets | None:
    """Return where the quote stands in the text; None where its words are gone or two places fit equally well."""
    if not exact:
        return None
    scored = [
        (
            _shared(prefix[::-1], text[max(0, start - len(prefix)) : start][::-1])
            + _shared(suffix, text[start + len(exact) : start + len(exact) + len(suffix)]),
            start,
        )
        for start in _occurrences(text, exact)
    ]
    if not scored:
        return None
    best = max(score for score, _ in scored)
    places = [start for score, start in scored if score == best]
    if len(places) > 1:
        return None
    return places[0], places[0] + len(exact)


def _occurrences(text: str, exact: str) -> Iterator[int]:
    start = text.find(exact)
    while start >= 0:
        yield start
        start = text.find(exact, start + 1)


def _shared(one: str, other: str) -> int:
    """Return how many characters both begin with."""
    return next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
