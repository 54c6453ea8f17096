"""Figures of one sentence that do not fit one another, or the words beside them."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from claimtable import rules
from claimtable.check.changes import Levels, is_plain, levels, one_clause, percentages, together
from claimtable.check.figures import Interval, disjoint, figures, interval_of
from claimtable.check.findings import finding
from claimtable.check.lexicon import words
from claimtable.check.sentences import Sentence, Stated, sentences
from claimtable.schema import Claim, Finding

_PART_OF = re.compile(
    r"(?P<unit>(?:\s+[^\W\d_]+){0,2})\s+(?:out\s+of|of)\s+(?:all\s+)?(?:the|its|their|his|her|our|those|these)\s+(?:total\s+)?"
    r"(?P<sign>(?:[A-Z]{0,3}[$£€¥₩]|[A-Z]{3}\s)?)"
)
_SIGN = re.compile(r"(?:[A-Z]{0,3}[$£€¥₩]|\b[A-Z]{3}\s)$")
_NOUN = re.compile(r"\s+([^\W\d_]+)")
_YEARS = range(1900, 2101)
"""Numbers that, after "of the", may be years."""


def arithmetic(claims: Iterable[Claim]) -> Iterator[Finding]:
    """Yield the sentences whose figures do not compute, in text order.

    A change in percent that the two levels beside it do not give; a part that is more than its whole; a word such as
    "slightly" beside a change that is not. Figures are as exact as their digits, and bounds are respected.
    """
    for sentence in sentences(claims):
        both = levels(sentence)
        moved = list(percentages(sentence))
        if both is not None and len(moved) == 1:
            yield from _change(sentence, both, moved[0])
        yield from _parts(sentence)
        yield from _sizes(sentence, both, moved)


def _change(sentence: Sentence, both: Levels, moved: Stated) -> Iterator[Finding]:
    stated = interval_of(moved.claim)
    three = [item.figure for item in (both.before, both.after, moved) if item.figure is not None]
    if stated is None or len(three) < 3 or not together(sentence, three) or not is_plain(sentence):
        return
    if moved.claim.change == "down":
        stated = (-stated[1], -stated[0])
    if disjoint(stated, both.percent):
        before, after = _written(sentence, both.before), _written(sentence, both.after)
        yield finding(
            "arithmetic",
            f"from {before} to {after} is {_percent(both.percent)}, not "
            f"{'up' if moved.claim.change == 'up' else 'down'} {_written(sentence, moved)} percent",
            [both.before.claim, both.after.claim, moved.claim],
        )


def _parts(sentence: Sentence) -> Iterator[Finding]:
    for item in sentence.stated:
        part, possible = item.figure, interval_of(item.claim)
        if part is None or possible is None or item.claim.dimension not in ("money", "count", None):
            continue
        whole = next((f for f in figures(sentence.text) if f.start > part.end), None)
        if whole is None or possible[0] < (whole.value + whole.half_width) * (1 - 1e-9):
            continue
        between = _PART_OF.fullmatch(sentence.text[part.end : whole.start])
        if between is None or not _same_things(sentence.text, part.start, between, whole.end):
            continue
        if whole.value in _YEARS and "," not in sentence.text[whole.start : whole.end]:
            continue
        rows = [item.claim, *(s.claim for s in sentence.stated if s.figure == whole)]
        yield finding(
            "arithmetic",
            f"a part cannot be more than the whole: {_written(sentence, item)} of {between['sign']}"
            f"{sentence.text[whole.start : whole.end]}",
            rows,
        )


def _same_things(text: str, part_start: int, between: re.Match[str], whole_end: int) -> bool:
    sign = _SIGN.search(text[:part_start])
    if (sign[0] if sign else "") != between["sign"]:
        return False
    if text[whole_end : whole_end + 1] in ("-", "%"):
        return False
    unit = between["unit"].split()
    if sign or not unit:
        return True
    noun = _NOUN.match(text, whole_end)
    return noun is not None and noun[1].casefold() == unit[-1].casefold()


def _sizes(sentence: Sentence, both: Levels | None, moved: list[Stated]) -> Iterator[Finding]:
    """Yield the finding that a word and the one change of the sentence do not fit."""
    if len(moved) == 1:
        stated = interval_of(moved[0].claim)
        if stated is None or not one_clause(sentence):
            return
        change, rows = stated, [moved[0].claim]
        figure = f"{_written(sentence, moved[0])} percent"
    elif not moved and both is not None and one_clause(sentence):
        change, rows = both.percent, [both.before.claim, both.after.claim]
        figure = (
            f"from {_written(sentence, both.before)} to {_written(sentence, both.after)}, {_percent(change)}"
        )
    else:
        return
    size = _absolute(change)
    for match in re.finditer(r"[^\W\d_]+", sentence.text):
        meant = change_sizes().get(match[0].casefold())
        follows = _NOUN.match(sentence.text, match.end())
        if meant is None or (follows and follows[1].casefold() in words().comparative):
            continue
        if disjoint(size, (meant.low, meant.high)):
            yield finding("arithmetic", f"“{match[0]}” does not fit the change beside it: {figure}", rows)
            return


def _absolute(change: Interval) -> Interval:
    low, high = sorted((abs(change[0]), abs(change[1])))
    return (0.0 if change[0] < 0 < change[1] else low), high


def _percent(change: Interval) -> str:
    low, high = change
    if high <= 0:
        return f"down {_range(-high, -low)} percent"
    if low >= 0:
        return f"up {_range(low, high)} percent"
    return f"between {low:+.1f} and {high:+.1f} percent"


def _range(low: float, high: float) -> str:
    if math.isinf(high):
        return f"at least {low:.1f}"
    return f"{low:.1f}" if f"{low:.1f}" == f"{high:.1f}" else f"{low:.1f} to {high:.1f}"


def _written(sentence: Sentence, item: Stated) -> str:
    if item.figure is None:
        return f"{item.claim.value:.3g}"
    sign = _SIGN.search(sentence.text[: item.figure.start])
    return (sign[0] if sign else "") + sentence.text[item.figure.start : item.figure.end]


@dataclass(frozen=True, slots=True)
class ChangeSize:
    """What a word says of the size of a change: its least and greatest, in percent either way."""

    low: float
    high: float


@functools.cache
def change_sizes() -> dict[str, ChangeSize]:
    """Return the words that say how large a change is, from `rules/data/change_sizes.tsv`."""
    return {
        row["word"]: ChangeSize(float(row["low"] or 0), float(row["high"] or math.inf))
        for row in rules.table("change_sizes", "word")
    }
