"""What a text itself says of its abbreviations: "viral haemorrhagic fever (VHF)" is a thing, whatever VHF looks like."""

from __future__ import annotations

from collections.abc import Iterable

from claimtable.nlp.actors.spans import Found
from claimtable.nlp.actors.view import View

MAX_LETTERS = 7
"""Longest abbreviation that is looked at."""
_SMALL = frozenset({"of", "for", "and", "the", "on", "in", "to", "a", "an", "with", "or", "&", "-", "–"})


def things(view: View) -> frozenset[str]:
    """Return the abbreviations that stand in brackets behind common nouns whose initials they are."""
    out: set[str] = set()
    for i in range(2, view.n - 1):
        word = view.text[i]
        if view.text[i - 1] == "(" and view.text[i + 1] == ")" and is_abbreviation(word):
            letters = word.rstrip("s")
            if not view.is_capital(i - 2) and _are_initials(view, i - 2, letters.lower()):
                out.update((letters, word))
    return frozenset(out)


def is_abbreviation(word: str) -> bool:
    """Return whether a word is written as an abbreviation is: two to seven letters, most of them capitals."""
    letters = word.rstrip("s")
    return (
        2 <= len(letters) <= MAX_LETTERS
        and letters.isalnum()
        and sum(c.isupper() for c in letters) * 2 > len(letters)
    )


def _are_initials(view: View, last: int, letters: str) -> bool:
    """Return whether the letters are the initials of the words up to `last`; small words may be left out."""
    k, left = last, letters
    while left and k >= 0 and last - k < 3 * MAX_LETTERS:
        word = view.lower(k)
        if word[:1] == left[-1]:
            left = left[:-1]
        elif word not in _SMALL:
            return False
        k -= 1
    return not left


def without_things(view: View, spans: Iterable[Found]) -> list[Found]:
    """Return the names without the abbreviations of things."""
    known = things(view)
    return [f for f in spans if f.hit is not None or f.end - f.start > 1 or view.text[f.start] not in known]
