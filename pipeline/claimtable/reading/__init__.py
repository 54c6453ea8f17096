"""How a text reads: what people paste, without the traces of how it was set, and with the way back to every character.

Lines that an editor wrapped are joined and words put together that it divided; blanks, line ends and invisible
characters are of one kind; reference and emphasis marks are gone. `Document.text` stays as it is, and so do all
offsets that anybody sees: what is found in the reading is carried back to the text.
"""

from __future__ import annotations

import functools
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from claimtable.reading import marks
from claimtable.reading.lines import Line, joined, paragraphs
from claimtable.reading.text import Derived, Edit
from claimtable.reading.turns import Turn, find_turns
from claimtable.schema import Document, Section

__all__ = ["Reading", "read"]


class Reading:
    """A document as it reads, with the way back to its text."""

    __slots__ = ("_derived", "document", "source")

    def __init__(self, source: Document, derived: Derived | None, document: Document) -> None:
        self.source = source
        """The document as given."""
        self.document = document
        """The same with the text that reads, and sections over that; the given one where nothing differs."""
        self._derived = derived

    @property
    def same(self) -> bool:
        """Whether the text reads as it stands."""
        return self._derived is None

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the range of the given text that a range of the reading stands for."""
        return (start, end) if self._derived is None else self._derived.source(start, end)


def read(document: Document) -> Reading:
    """Return how a document reads."""
    derived = derive(document.text)
    turns = find_turns(derived.text, title=document.title, author=document.author)
    if derived.text == document.text and not turns:
        return Reading(document, None, document)
    sections = tuple(_sections(document.sections, derived))
    if turns:
        sections = tuple(_with_speakers(sections, turns))
        derived, sections = _with_own_lines(derived, turns, sections)
    return Reading(document, derived, replace(document, text=derived.text, sections=sections))


def derive(text: str) -> Derived:
    """Return the text as it reads."""
    derived = Derived(text)
    if "\r" in text or "\x85" in text or "\u2028" in text:
        derived.edit(marks.line_ends(derived.text))
    derived.edit(marks.invisible(derived.text))
    derived.edit(marks.quotes(derived.text))
    derived.edit(marks.emphasis(derived.text))
    derived.edit(list(_lines(derived.text)))
    derived.edit(marks.references(derived.text))
    derived.edit(marks.run_on(derived.text))
    return derived


def _sections(sections: Sequence[Section], derived: Derived) -> Iterator[Section]:
    for section in sections:
        start, end = derived.place(section.start), derived.place(section.end)
        while start < end and derived.text[start].isspace():
            start += 1
        while end > start and derived.text[end - 1].isspace():
            end -= 1
        if start < end:
            yield replace(section, start=start, end=end)


def _with_speakers(sections: Sequence[Section], turns: Sequence[Turn]) -> Iterator[Section]:
    """Yield the sections, cut where a turn begins; its label is in none, and what follows is its speaker's."""
    ends = [turn.end for turn in turns]
    for section in sections:
        at, speaker = section.start, section.speaker
        role = section.role
        for turn in turns[bisect_right(ends, section.start) :]:
            if turn.label_start >= section.end:
                break
            if at < turn.label_start:
                yield replace(section, start=at, end=turn.label_start, speaker=speaker, role=role)
            at, speaker = max(section.start, turn.start), turn.speaker
            role = "body" if section.role == "title" else section.role
        if at < section.end:
            yield replace(section, start=at, end=section.end, speaker=speaker, role=role)


def _with_own_lines(
    derived: Derived, turns: Sequence[Turn], sections: tuple[Section, ...]
) -> tuple[Derived, tuple[Section, ...]]:
    """Put each label on a line of its own, so that no sentence runs over it."""
    edits = [
        (turn.label_end, turn.start, "\n")
        for turn in turns
        if turn.label_end < turn.start and "\n" not in derived.text[turn.label_end : turn.start]
    ]
    starts = [a for a, _, _ in edits]
    shifts = [0, *accumulate(b - a - 1 for a, b, _ in edits)]

    def moved(offset: int) -> int:
        return offset - shifts[bisect_left(starts, offset)]

    derived.edit(edits)
    return derived, tuple(replace(s, start=moved(s.start), end=moved(s.end)) for s in sections)


def _lines(text: str) -> Iterator[Edit]:
    """Yield the edits that make one line of each logical one, with nothing but line breaks between two."""
    found = paragraphs(text)
    words = functools.cache(functools.partial(marks.words_of, text))
    at = 0
    above: Line | None = None
    for lines, joins in zip(found, joined(found), strict=True):
        for k, (line, goes_on) in enumerate(zip(lines, joins, strict=True)):
            if above is None:
                gap = ""
            elif goes_on:
                gap = _joint(text, above, line)
            else:
                gap = "\n" if k else "\n\n"
            if (
                goes_on
                and above is not None
                and above.text.endswith("-")
                and not gap
                and not marks.keeps_hyphen(above.text, line.text, words)
            ):
                yield at - 1, line.start, ""
            elif text[at : line.start] != gap:
                yield at, line.start, gap
            if not line.row:
                yield from marks.blanks(text, line.start, line.end)
            at, above = line.end, line
    if at < len(text):
        yield at, len(text), ""


def _joint(text: str, above: Line, line: Line) -> str:
    """Return what stands between two wrapped lines: nothing behind a hyphen or dash that divides a word."""
    end = above.text[-2:]
    glued = (
        end.endswith(("-", "—", "/")) and len(end) == 2 and not end[0].isspace() and line.text[0].isalnum()
    )
    return "" if glued else " "
