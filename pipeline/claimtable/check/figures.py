"""Figures as written: where they stand, and how exact they are."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from claimtable import rules
from claimtable.schema import Claim

Interval = tuple[float, float]
"""Least and greatest value that a figure can stand for, both inclusive."""

ROUNDED_SHARE = 0.025
"""Most that trailing zeros are taken for rounding, as a share of the value: 200 may be 195 to 205, not 150 to 250.
Chosen by judgement."""
ABOUT_SHARE = 0.1
"""How far "about" reaches, as a share of the value. Chosen by judgement."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in digits."""

    start: int
    end: int
    """End of digits and scale word ("1.9 million")."""
    value: float
    half_width: float
    """How far the true value may lie from it, by its rounding: "1.9 million" is exact to 0.05 million."""


def figures(text: str) -> Iterator[Figure]:
    """Yield the numbers in digits, in text order, with their scale words."""
    for match in _pattern().finditer(text):
        whole, fraction, scale = match["whole"], match["fraction"] or "", match["scale"] or ""
        digits = re.sub(r"\D", "", whole)
        factor = _scales()[scale.casefold()] if scale else 1.0
        unit = factor * 10.0 ** -max(len(fraction) - 1, 0)
        value = float(digits + fraction) * factor
        zeros = len(digits) - len(digits.rstrip("0")) if not fraction else 0
        half = max(unit / 2, min(unit * 10**zeros / 2, ROUNDED_SHARE * value))
        yield Figure(match.start(), match.end(), value, half)


def figure_of(claim: Claim, value: float | None = None) -> Figure | None:
    """Return the figure of a claim's value (or of another one of it), by place in `claim.text`; None: not in digits."""
    wanted = claim.value if value is None else value
    if wanted is None:
        return None
    return next((f for f in figures(claim.text) if math.isclose(f.value, wanted, rel_tol=1e-9)), None)


def interval_of(claim: Claim) -> Interval | None:
    """Return what a claim's value can be, by its bound and the digits that are written; None: no value."""
    if claim.value is None:
        if claim.value_low is None and claim.value_high is None:
            return None
        low = -math.inf if claim.value_low is None else claim.value_low - _slack(claim, claim.value_low)
        high = math.inf if claim.value_high is None else claim.value_high + _slack(claim, claim.value_high)
        return low, high
    slack = _slack(claim, claim.value)
    if claim.bound == "~":
        slack = max(slack, ABOUT_SHARE * abs(claim.value))
    low = -math.inf if claim.bound in ("<", "<=") else claim.value - slack
    high = math.inf if claim.bound in (">", ">=") else claim.value + slack
    return low, high


def disjoint(one: Interval, other: Interval) -> bool:
    """Return whether no value is in both, by more than the noise of the arithmetic."""
    gap = max(one[0], other[0]) - min(one[1], other[1])
    return gap > 1e-9 * max((1.0, *(abs(end) for end in (*one, *other) if math.isfinite(end))))


def _slack(claim: Claim, value: float) -> float:
    figure = figure_of(claim, value)
    if figure is not None:
        return figure.half_width
    # In words: "six" is exact enough, "a third" is not.
    return abs(value) * (ABOUT_SHARE if claim.dimension == "share" else ROUNDED_SHARE)


@functools.cache
def _scales() -> dict[str, float]:
    rows = rules.table("number_words", "form", "kind", "value")
    return {row["form"]: float(row["value"]) for row in rows if row["kind"] in ("scale", "suffix")}


@functools.cache
def _pattern() -> re.Pattern[str]:
    kinds: dict[str, list[str]] = {"scale": [], "suffix": []}
    for row in rules.table("number_words", "form", "kind", "value"):
        if row["kind"] in kinds:
            kinds[row["kind"]].append(re.escape(row["form"]))
    words, letters = ("|".join(sorted(forms, key=len, reverse=True)) for forms in kinds.values())
    return re.compile(
        r"(?<![\w.,])(?P<whole>\d{1,3}(?:[,\u00a0\u202f]\d{3})+(?!\d)|\d+)(?P<fraction>\.\d+)?"
        rf"(?:(?:[\s-](?=(?:{words})\b)|(?=(?:{words}|{letters})\b))(?P<scale>{words}|{letters}))?(?!\w|[.,]\d)",
        re.IGNORECASE,
    )
