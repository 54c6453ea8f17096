"""The anatomy of a page: which lines are title, standfirst, body, author note and comments, and which are furniture.

A page comes as blocks (logical lines). Each gets features and a label (`lines`); title, author and dates are found
among them (`masthead`); then one pass from top to bottom gives each its role (`roles`). Markup that says what a
block is (HTML, Markdown) comes as a hint and decides. Everything is linear in the text. Where
nothing speaks against it, text is body: losing prose is worse than keeping a line of furniture.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from claimtable.ingest.blocks import Block
from claimtable.ingest.lines import (
    NAME,
    Line,
    clean_name,
    is_author_note,
    is_counted,
    read_line,
    without_bullet,
)
from claimtable.ingest.masthead import Masthead
from claimtable.ingest.metadata import Metadata, with_sections
from claimtable.ingest.roles import Walk
from claimtable.schema import Section

# Set on the sample pages under tests/cases/pages.
_NOTE_WORDS = 150  # white-space separated
_FEW_WORDS = 3  # "12 responses to X" heads a discussion in as few words
_NOTE_PLACES = 3  # an author note without heading is looked for in the last paragraphs

_NOTE_NAME = re.compile(rf"({NAME}),? (?:is|was|writes|works|teaches|covers) ")


def analyse(text: str, blocks: Sequence[Block], given: Metadata, *, today: date | None = None) -> Metadata:
    """Find sections and metadata of a page.

    Args:
        text: the document text that the blocks are offsets into.
        blocks: its logical lines, in order.
        given: facts that are known and win over what the text says.
        today: no later date is taken for the publication date; the current day if None.

    Returns:
        Title, author and publication date as given, else as the page states them, and the
        sections: ordered, disjoint, inside the text. A given list of sections is kept. Several
        authors stand in one text as the byline joins them.
    """
    lines = [read_line(text, block) for block in blocks]
    _keep_counted(lines)
    masthead = Masthead(text, lines, given, today or date.today())
    masthead.read()
    Walk(masthead).assign()
    author = masthead.author or _noted_author(lines)
    _find_author_note(lines, author)
    _keep_some_body(lines, masthead.title_line)
    sections = _build_sections(lines, author) if given.sections is None else given.sections
    found = Metadata(title=masthead.title, author=author, published=masthead.published)
    return with_sections(given.over(found), sections)


def _keep_counted(lines: Sequence[Line]) -> None:
    """Take "301 responses to requests" among other counts for what it says, not for the head of a discussion."""
    for k, line in enumerate(lines):
        if line.label not in ("comments", "comments_weak"):
            continue
        before, after = lines[k - 1] if k else None, lines[k + 1] if k + 1 < len(lines) else None
        if is_counted(line, before, after) and line.words > _FEW_WORDS:
            line.label, line.match = "", None


def _noted_author(lines: Sequence[Line]) -> str | None:
    """Return the author whom the first author note names, in full."""
    note = next((line for line in lines if line.role == "author_bio"), None)
    match = _NOTE_NAME.match(note.flat) if note else None
    return clean_name(match[1]) if match and " " in match[1] else None


def _find_author_note(lines: Sequence[Line], author: str | None) -> None:
    """Recognise an author note without a heading in the last paragraphs."""
    body = [line for line in lines if line.role == "body"]
    for line in body[max(1, len(body) - _NOTE_PLACES) :]:
        if line.words < _NOTE_WORDS and is_author_note(line, author):
            line.role = "author_bio"


def _keep_some_body(lines: Sequence[Line], title_line: Line | None) -> None:
    """Make everything body where nothing but a title was found."""
    if any(line.role for line in lines if line is not title_line):
        return
    for line in lines:
        if line is not title_line or len(lines) == 1:
            line.role = "body"


def _build_sections(lines: Sequence[Line], author: str | None) -> tuple[Section, ...]:
    """Join neighbouring lines of one role, speaker and heading; the author speaks where nobody else does."""
    sections: list[Section] = []
    heading: str | None = None
    joins = False
    for line in lines:
        if line.role is None or line.start >= line.end:
            if line.heading:
                heading = without_bullet(line.flat) or None
            joins = False
            continue
        if line.role not in ("body", "standfirst"):
            heading = None
        speaker = line.speaker if line.role == "comment" else line.speaker or author
        last = sections[-1] if sections else None
        if joins and last and (last.role, last.speaker, last.heading) == (line.role, speaker, heading):
            sections[-1] = Section(last.start, line.end, last.role, speaker, heading)
        else:
            sections.append(Section(line.start, line.end, line.role, speaker, heading))
        joins = line.role != "title"
    return tuple(sections)
