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
    out = set()
    for i in range(2, view.n - 1):
        word = view.text[i]
        if view.text[i - 1] == "(" and view.text[i + 1] == ")" and is_abbreviation(word):
            first = _defined_from(view, i - 2, word.rstrip("s").lower())
            if first is not None and not view.is_capital(i - 2):
                out.add(word.rstrip("s"))
                out.add(word)
    return frozenset(out)


def is_abbreviation(word: str) -> bool:
    """Return whether a word is written as an abbreviation is: two to seven letters, most of them capitals."""
    letters = word.rstrip("s")
    return (
        2 <= len(letters) <= MAX_LETTERS
        and letters.isalnum()
        and sum(c.isupper() for c in letters) * 2 > len(letters)
    )


def _defined_from(view: View, last: int, letters: str) -> int | None:
    """Return the first token of the words up to `last` whose initials are the letters; small words may be left out."""
    k = last
    left = letters
    while left and k >= 0 and last - k < 3 * MAX_LETTERS:
        word = view.lower(k)
        if word[:1] == left[-1]:
            left = left[:-1]
        elif word not in _SMALL:
            return None
        k -= 1
    return None if left else k + 1


def without_things(view: View, spans: Iterable[Found]) -> list[Found]:
    """Return the names without the abbreviations of things."""
    known = things(view)
    return [f for f in spans if f.hit is not None or f.end - f.start > 1 or view.text[f.start] not in known]
