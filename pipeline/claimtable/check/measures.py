"""What a row measures: the thing, whether its level or its movement, when and where."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal, NamedTuple

from claimtable.check.figures import figure_of
from claimtable.check.lexicon import words
from claimtable.check.subjects import content_words
from claimtable.schema import Claim, Kind

Mode = Literal["level", "movement"]

_TO = re.compile(r"\b(?:to|at)(?:\s+[^\W\d_]+){0,2}\s+(?:[A-Z]{0,3}[$£€¥₩]\s?)?$")
_BY = re.compile(r"\bby(?:\s+[^\W\d_]+){0,2}\s+(?:[A-Z]{0,3}[$£€¥₩]\s?)?$")
_NAME = re.compile(r"(?<=[^.!?]\s)[A-Z][^\W\d_]+")


class Measure(NamedTuple):
    """Rows with the same measure can be held against one another, if their subjects are one."""

    kind: Kind
    unit: str
    mode: Mode
    relation: str
    """The verb; "" for those that only say that there is, was or will be so much."""
    start: date
    end: date
    place: str
    names: frozenset[str]
    """Proper names in the row's words, beside those of speaker and time: they may say of where or of whom it is."""


def measure_of(claim: Claim) -> Measure | None:
    """Return what a row measures; None where its own words do not say it in full.

    The time has to stand in the words of the row: one that was taken over from a sentence before may be another's.
    """
    mode = _mode(claim)
    if claim.unit in (None, "1") or mode is None or claim.time_start is None or claim.time_end is None:
        return None
    if not claim.time_text or claim.time_text not in claim.text:
        return None
    return Measure(
        claim.kind,
        claim.unit or "",
        mode,
        relation_of(claim),
        claim.time_start,
        claim.time_end,
        (claim.place or "").casefold(),
        names_of(claim),
    )


def relation_of(claim: Claim) -> str:
    """Return the verb or noun that relates subject and value, "" where it says no more than that there is a value."""
    predicate = (claim.predicate or "").casefold()
    if not predicate.isalpha() or predicate in words().level:
        return ""
    named = content_words(claim.subject) | content_words(claim.unit_text) | content_words(claim.unit)
    return "" if predicate in named else predicate


def names_of(claim: Claim) -> frozenset[str]:
    """Return the capitalised words of a row, but for the first of a sentence and those of speaker and time."""
    known = content_words(claim.speaker) | content_words(claim.speaker_text) | content_words(claim.time_text)
    known |= content_words(claim.subject) | content_words(claim.unit_text)
    return frozenset(content_words(" ".join(_NAME.findall(claim.text)))) - known


def denies(text: str) -> bool:
    """Return whether words deny something."""
    return bool(set(re.findall(r"[^\W\d_]+", text.casefold())) & words().denial)


def _mode(claim: Claim) -> Mode | None:
    if claim.change is None:
        return "level"
    figure = figure_of(claim)
    if figure is None:
        return None
    before = claim.text[: figure.start]
    if _TO.search(before):
        return "level"
    if _BY.search(before) or claim.unit == "%":
        return "movement"
    return None
