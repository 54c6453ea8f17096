"""What stands in a text beside its words: invisible characters, quotation marks by kind, reference and emphasis marks."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator

from claimtable.reading.text import Edit
from claimtable.rules import table

_EXOTIC = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_RETURN = re.compile("\r\n?")
_NEWLINE = re.compile("\r\n|[\r\u0085\u2028]")
_BLANKS = re.compile(r"[ \t]{2,}|\t")

_CITED = r"\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*|[a-z]|(?:note|n|nb) ?\d{1,2}|citation needed"
_BRACKETS = re.compile(
    rf"(?<=[^\s\[(])(?:\[(?:{_CITED})\])+|(?<=[.,;:!?\"”’)])[ ]?(?:\[(?:{_CITED})\][ ]?)+(?=\s|$)"
)
_SUPERSCRIPT = re.compile(r"(?:(?<=[^\W\d_]{3})|(?<=[.,;:!?\"”’)%]))[¹²³⁰⁴-⁹]{1,3}(?![\w⁰-⁹])")
_AFTER_YEAR = re.compile(r"(?<=\b(?:19|20)\d\d[.,])\d{1,2}(?=\s+[A-Z“\"‘(\[]|\s*$)", re.MULTILINE)
_AFTER_WORD = re.compile(
    r"(?<=[a-z]{3}[.!?])\d{1,2}(?=\s+[A-Z“\"‘(\[]|\s*$)|(?<=[.,!?][”\"’)])\d{1,2}(?=\s|$)", re.MULTILINE
)
_AFTER_FIGURE = re.compile(r"(?<=\d\.)\d{1,2}(?=\s+[A-Z“\"‘]|\s*$)", re.MULTILINE)
_EMPHASIS = re.compile(r"(?<![*\w])(\*\*\*?)(?=[^\s*])([^*\n]{1,300}?)(?<=[^\s*])\1(?![*\w])")
_RUN_ON = re.compile(
    r"(?<=[^\W\d_][a-zà-ÿ]{2})[.!?](?=[A-ZÀ-Þ][a-zà-ÿ]*[\s,])|(?<=[a-zà-ÿ]{2}[)\]])\.(?=[A-ZÀ-Þ][a-zà-ÿ]*\s)"
)
_ITEM = re.compile(r"^(?:\d{1,2}|[a-z])[.)](?=[A-Z][a-z])", re.MULTILINE)
"""The number of an item that lost the blank behind it: "2.Investigation of cases"."""
_IN_ADDRESS = re.compile(r"[/@\\]|www\.|\.(?:com|org|net|edu|gov|co|js|io|py)\b", re.IGNORECASE)
_LONGEST_WORD = 200
"""Code points on either side of a stop in which an address is looked for."""

_CURLY = re.compile("[‘’‛“”‟]")
_STRAIGHT = {"‘": "'", "’": "'", "‛": "'", "“": '"', "”": '"', "‟": '"'}
_BEFORE_HYPHEN = re.compile(r"([\w'’]*(?:-[\w'’]+)*)-$")
_WORDS = re.compile(r"\w[\w'’]*(?:-\w[\w'’]*)*")
_AFTER_HYPHEN = re.compile(r"[\w'’]+")


def line_ends(text: str) -> Iterator[Edit]:
    """Yield edits to line ends of one kind."""
    for match in _NEWLINE.finditer(text):
        yield match.start(), match.end(), "\n"


def invisible(text: str) -> Iterator[Edit]:
    """Yield edits that leave out what nobody sees, and make every blank a plain one."""
    if text.isascii():
        return
    found = [(m.start(), m.end(), "") for m in _INVISIBLE.finditer(text)]
    found += [(m.start(), m.end(), " ") for m in _EXOTIC.finditer(text)]
    yield from sorted(found)


def blanks(text: str, start: int, end: int) -> Iterator[Edit]:
    """Yield edits to single blanks within a line."""
    for match in _BLANKS.finditer(text, start, end):
        yield match.start(), match.end(), " "


def references(text: str) -> Iterator[Edit]:
    """Yield edits that leave out reference marks: "people.[5]", "of 2024.2 The", "voters¹"."""
    found = {(m.start(), m.end()) for m in _BRACKETS.finditer(text)} if "[" in text else set()
    if not text.isascii():
        found |= {(m.start(), m.end()) for m in _SUPERSCRIPT.finditer(text)}
    numbered = [(m.start(), m.end()) for p in (_AFTER_YEAR, _AFTER_WORD) for m in p.finditer(text)]
    found.update(numbered)
    if numbered:
        # A mark behind a figure ("now has 5,000.5") shows by going on with the count of those before it.
        marks = sorted({*numbered, *((m.start(), m.end()) for m in _AFTER_FIGURE.finditer(text))})
        known = set(numbered)
        before = None
        for start, end in marks:
            number = int(text[start:end])
            if (start, end) in known or (before is not None and number == before + 1):
                found.add((start, end))
                before = number
    at = 0
    for start, end in sorted(found):
        if start >= at:
            yield start, end, ""
            at = end


def emphasis(text: str) -> Iterator[Edit]:
    """Yield edits that leave out the asterisks of bold type: "**BRANDT:** We built"."""
    if "**" not in text:
        return
    for match in _EMPHASIS.finditer(text):
        size = len(match[1])
        yield match.start(), match.start() + size, ""
        yield match.end() - size, match.end(), ""


def run_on(text: str) -> Iterator[Edit]:
    """Yield edits that part sentences that lost the blank between them: "in the United States.From January"."""
    places = {m.end() for m in _RUN_ON.finditer(text)}
    places.update(m.end() for m in _ITEM.finditer(text))
    for at in sorted(places):
        if not _is_address(text, at):
            yield at, at, " "


def _is_address(text: str, at: int) -> bool:
    """Return whether the word around `at` is an address on the web or the name of a file."""
    before = text[max(0, at - _LONGEST_WORD) : at].split()
    after = text[at : at + _LONGEST_WORD].split()
    return _IN_ADDRESS.search((before or [""])[-1] + (after or [""])[0]) is not None


def quotes(text: str) -> Iterator[Edit]:
    """Yield edits to straight quotation marks and apostrophes, so that both kinds read alike."""
    if not text.isascii():
        for match in _CURLY.finditer(text):
            yield match.start(), match.end(), _STRAIGHT[match.group()]


@functools.cache
def _hyphen_parts(part: str) -> frozenset[str]:
    rows = table("hyphen_parts", "part", "word", "source")
    return frozenset(row["word"] for row in rows if row["part"] == part)


def keeps_hyphen(above: str, below: str, words: Callable[[], frozenset[str]]) -> bool:
    """Return whether the hyphen at the end of the line `above` belongs to the word: "long-/term", "12-/month", not "per-/cent".

    What the rest of the text writes decides, then what the parts are.

    Args:
        above: the line that ends with a hyphen.
        below: the next one.
        words: gives the words of the text, in lower case.
    """
    before, after = _BEFORE_HYPHEN.search(above[-_LONGEST_WORD:]), _AFTER_HYPHEN.match(below)
    if before is None or after is None or not before[1]:
        return True
    first, last = before[1], after[0]
    if not first[-1].isalpha() or not last[0].islower() or "-" in first:
        return True
    for written, kept in ((f"{first}{last}", False), (f"{first}-{last}", True)):
        if written.lower() in words():
            return kept
    return first.lower() in _hyphen_parts("first") or last.lower() in _hyphen_parts("last")


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text in lower case, compounds with hyphens whole."""
    return frozenset(_WORDS.findall(text.lower()))
