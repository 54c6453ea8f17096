"""What a document settles for all its times: day or month first, month figures or a span of years, the financial year."""

from __future__ import annotations

from claimtable import rules
from claimtable.nlp.times.grammar import Chunks
from claimtable.nlp.times.meaning import Meaning


def is_day_first(chunks: Chunks) -> bool:
    """Return whether the document writes figures as day/month: one figure above 12 in the first place settles it."""
    for meaning in chunks.meanings:
        if meaning is not None and meaning.kind == "numeric" and meaning.code == "/":
            first, second = meaning.month or 0, meaning.day or 0
            if first > 12 >= second:
                return True
            if second > 12 >= first:
                return False
    return False


def mark_months_in_figures(chunks: Chunks, where: list[int]) -> None:
    """Make "2009-10" a month in a document that writes "2012-07", which can be nothing else."""
    if not any((m := chunks.meanings[i]) is not None and m.code == "figures" for i in where):
        return
    for i in where:
        meaning = chunks.meanings[i]
        if meaning is None or meaning.kind != "span" or meaning.code != "figures?":
            continue
        first, last = meaning.of, meaning.to
        assert first is not None
        assert last is not None
        month = (last.year or 0) % 100
        if 1 <= month <= 12:
            chunks.meanings[i] = Meaning("month", year=first.year, month=month)


def mark_financial_years(chunks: Chunks, where: list[int]) -> None:
    """Mark "2012–13" in a text about budgets as a financial year, for a year is seldom written so otherwise."""
    about_budgets = bool({"budget", "fiscal", "financial"} & set(chunks.tokens.words))
    for i in where:
        meaning = chunks.meanings[i]
        if meaning is None or meaning.kind != "span" or meaning.of is None or meaning.to is None:
            continue
        first, last = meaning.of, meaning.to
        if first.kind == last.kind == "year":
            meaning.fiscal = about_budgets and (last.year or 0) - (first.year or 0) == 1


def fiscal_start(chunks: Chunks) -> int:
    """Return the first month of the financial year of the state that the document most often names; 1 if none is known."""
    if not any(m is not None and m.fiscal for m in chunks.meanings):
        return 1
    words = chunks.tokens.words
    best, start = 0, 1
    for row in rules.table("times_fiscal", "words", "start"):
        names = set(row["words"].split("|"))
        count = sum(1 for word in words if word in names)
        if count > best:
            best, start = count, int(row["start"])
    return start


OPENING_WORDS = 40
"""Words at the head of a text among which the period stands that an undated report is about (set by hand)."""

_NAMING = frozenset(["in", "for", "during", "ending", "ended", "to"])
_REPORTED = frozenset(["month", "quarter", "day"])


def reported_period(chunks: Chunks, where: list[int]) -> int | None:
    """Return the chunk of the month, quarter or closing day, with its year, that a report opens with.

    "In October 2025, the index rose", "For the week ending July 17, 2026". In a text without a date of publication
    the times that leave out their year are counted from it.
    """
    words = chunks.tokens.words
    for i in where:
        if i > OPENING_WORDS:
            return None
        meaning = chunks.meanings[i]
        if meaning is None or meaning.kind not in _REPORTED or (meaning.year is None and meaning.of is None):
            continue
        before = words[i - 1] if i else ""
        if before in _NAMING and (meaning.kind != "day" or before in ("ending", "ended", "to")):
            return i
    return None
