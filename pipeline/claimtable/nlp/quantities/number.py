"""The record of a number."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Number:
    """A number over the tokens `first`..`last` (exclusive)."""

    first: int
    last: int
    value: float
    words: bool = False
    """Written in words."""
    scaled: bool = False
    """Bears a scale word or suffix (million, bn, k)."""
    mantissa: float = 0.0
    """The value before the scale."""
    fraction: bool = False
    """A fraction of a whole: "two-thirds", "half", "one in five", ¾."""
    vague: bool = False
    """A bare plural scale: "millions of"; `high` is the end of its range."""
    high: float = 0.0
    scale: float = 1.0
    plural_scale: bool = False
    """The scale is a plural, behind which "of" leads to the unit: "30 millions of dollars"."""
    signed: str = ""
    plain: bool = False
    """Digits only, no separator, sign or scale: the shape of a year or an identifier."""
