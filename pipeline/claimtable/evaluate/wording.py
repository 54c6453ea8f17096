"""Comparing wordings: white space and quotation marks folded, function words left out, plurals cut."""

from __future__ import annotations

import re

_QUOTES = str.maketrans("’‘“”", "''\"\"")
_WORD = re.compile(r"[\w$%]+")
# fmt: off
_FUNCTION_WORDS = frozenset((
    "the", "a", "an", "of", "in", "to", "for", "and", "or", "on", "at", "by", "with", "from", "that", "this",
    "these", "those", "its", "their", "his", "her", "is", "are", "was", "were", "be", "been", "it", "as", "s",
))
# fmt: on
_PLURALS = (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("s", ""))
_SENTENCE_END = re.compile(r"[.!?][\"'”’)]*\s+|\n+")
CONTEXT_CHARS = 240
"""Most characters of a sentence that are shown on either side."""


def fold(text: str | None) -> str:
    """Return the text with straight quotation marks and single spaces; "" for None."""
    return re.sub(r"\s+", " ", (text or "").translate(_QUOTES)).strip()


def singular(word: str) -> str:
    """Cut an English plural ending, by its letters alone."""
    for ending, replacement in _PLURALS:
        if word.endswith(ending) and len(word) > len(ending) + 2 and not word.endswith("ss"):
            return word[: -len(ending)] + replacement
    return word


def words(text: str | None) -> list[str]:
    """Return the content words, lower case and singular."""
    return [singular(word) for word in _WORD.findall(fold(text).lower()) if word not in _FUNCTION_WORDS]


def word_f1(left: str | None, right: str | None) -> float:
    """Return the F1 of the content words of two texts as sets; two empty texts are equal."""
    a, b = set(words(left)), set(words(right))
    if not a or not b:
        return float(a == b)
    return 2 * len(a & b) / (len(a) + len(b))


def locate(text: str, quote: str) -> tuple[int, int] | None:
    """Return the offsets of the first place where `quote` stands in `text`, whatever its white space."""
    match = re.search(r"\s+".join(re.escape(word) for word in quote.split()), text)
    return match.span() if match else None


def overlap(a: tuple[int, int], b: tuple[int, int]) -> int:
    """Return the number of code points that two ranges share."""
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def sentence_around(text: str, start: int, end: int) -> str:
    """Return the sentence around a range, by its punctuation and line breaks, on one line."""
    begin = max(0, start - CONTEXT_CHARS)
    for match in _SENTENCE_END.finditer(text, begin, start):
        begin = match.end()
    match_after = _SENTENCE_END.search(text, max(start, end - 1), end + CONTEXT_CHARS)
    stop = match_after.end() if match_after else end + CONTEXT_CHARS
    return " ".join(text[begin:stop].split())
