"""How much a sentence says that something changed: by its percentage, and by its two levels."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from claimtable.check.figures import Figure, Interval, interval_of
from claimtable.check.lexicon import words
from claimtable.check.sentences import Sentence, Stated

_FROM = re.compile(r"\bfrom(?:\s+(?!to\b)[^\W\d_]+){0,2}\s+(?:[A-Z]{0,3}[$£€¥₩]\s?)?$")
_LEVEL_WORD = re.compile(r"\b(?:to|at|from)(?:\s+[^\W\d_]+){0,2}\s+$")
_PER_PERIOD = re.compile(
    r"\b(?:an?|per|each|every)\s+(?:year|quarter|month|week|day)\b(?!\s+(?:earlier|ago|before|later))"
)


@dataclass(frozen=True, slots=True)
class Levels:
    """Two levels of one thing, of which one was before the other."""

    before: Stated
    after: Stated
    percent: Interval
    """What the change from one to the other can be in percent, by the digits that are written."""


def percentages(sentence: Sentence) -> Iterator[Stated]:
    """Yield the rows that say by what share something moved; not those that say what share it reached."""
    for item in sentence.stated:
        if item.claim.unit != "%" or item.claim.change not in ("up", "down"):
            continue
        if item.figure is None:
            # Written out ("by a third"): where it stands is not known, so that any "to" may be its own.
            if not re.search(r"\b(?:to|at|from)\b", sentence.text):
                yield item
        elif not _LEVEL_WORD.search(sentence.text[: item.figure.start]):
            yield item


def levels(sentence: Sentence) -> Levels | None:
    """Return the two levels of a sentence of which one follows "from"; None where they are not two alone."""
    found = [
        item
        for item in sentence.stated
        if item.figure is not None and item.claim.unit not in (None, "1", "%", "[pp]", "[bp]")
    ]
    if len(found) != 2 or _base_unit(found[0]) != _base_unit(found[1]):
        return None
    marked = [item for item in found if item.figure and _FROM.search(sentence.text[: item.figure.start])]
    if len(marked) != 1:
        return None
    before = marked[0]
    after = found[1] if found[0] is before else found[0]
    old, new = interval_of(before.claim), interval_of(after.claim)
    if old is None or new is None or old[0] <= 0 or new[0] < 0 or not math.isfinite(old[1]):
        return None
    return Levels(before, after, (100 * (new[0] / old[1] - 1), 100 * (new[1] / old[0] - 1)))


def together(sentence: Sentence, figures: list[Figure]) -> bool:
    """Return whether figures stand in one clause: nothing between them begins another."""
    first, last = min(f.start for f in figures), max(f.end for f in figures)
    return not _begins_clause(sentence.text[first:last])


def one_clause(sentence: Sentence) -> bool:
    """Return whether a sentence is one clause, as far as its words tell."""
    return not _begins_clause(sentence.text)


def is_plain(sentence: Sentence) -> bool:
    """Return whether its change is neither one of each year nor one after adjustment, which two levels do not show."""
    found = set(re.findall(r"[^\W\d_]+", sentence.text.casefold()))
    return not (found & words().adjusted) and not _PER_PERIOD.search(sentence.text)


def _begins_clause(text: str) -> bool:
    return bool(set(re.findall(r"[^\W\d_]+|[;:]", text.casefold())) & words().clause)


def _base_unit(item: Stated) -> str:
    return (item.claim.unit or "").split("/")[0]
