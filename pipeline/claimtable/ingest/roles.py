"""Which line of a page is what: one pass from top to bottom, whose state is the part of the page.

What stands above and below a line in prose, and where comments begin, is counted beforehand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from enum import Enum

from claimtable.ingest.lines import (
    COMMENTERS,
    Line,
    clean_name,
    comment_header,
    has_subject_above,
    is_author_note,
    normalise,
    states_something,
)
from claimtable.ingest.masthead import SUBTITLE_WORDS, TOP_PROSE, Masthead

# Set on the sample pages under tests/cases/pages; lengths in white-space separated words or characters.
_STANDFIRST_CHARS = 1800
_PULL_QUOTE_WORDS = (5, 45)
_PULL_QUOTE_CHARS = 400
_READ_RATIO = 3  # an article is over at "Related" when this many times as much prose lies above as below
_RESUME_WORDS = 8  # a sentence of this length after a list of links is the article again
_LETTER_LINES = 60  # how far above its signature a letter may begin

_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)]*\s+")
_INITIAL = re.compile(r" \w\.$")


class _Part(Enum):
    TOP = "top"
    BODY = "body"
    LIST = "list"
    AFTER = "after"
    BIO = "bio"
    COMMENTS = "comments"
    FORM = "form"


class Walk:
    """The pass from top to bottom."""

    def __init__(self, masthead: Masthead) -> None:
        self.masthead = masthead
        self.lines = masthead.lines
        self.behind, self.ahead = _prose_around(masthead.lines)
        self.commenter_below = _commenter_below(masthead.lines)
        self.repeated = Counter(line.norm for line in masthead.lines if not line.prose)
        self.sentences = _inner_sentences(masthead.text, masthead.lines)
        self.author = normalise(masthead.author or "")
        self.date_lines = _date_lines(masthead.lines)
        self.part = _Part.TOP
        self.top: list[Line] = []
        """Prose above the byline: a standfirst if a byline or the title follows."""
        self.title_seen = False
        self.commenter: str | None = None
        self.bio_left = 0
        self.seen: set[str] = set()

    def assign(self) -> None:
        """Set role, speaker and heading of every line."""
        for number, line in enumerate(self.lines):
            if not (
                self._by_hint(line)
                or self._title(number, line)
                or self._comments(number, line)
                or self._furniture(number, line)
                or self._byline(number, line)
            ):
                self._content(number, line)

    def _body_seen(self, number: int) -> bool:
        return self.behind[number] > 0

    def _mostly_read(self, number: int) -> bool:
        return self._body_seen(number) and self.behind[number] >= _READ_RATIO * self.ahead[number]

    def _following(self, number: int) -> Line | None:
        return self.lines[number + 1] if number + 1 < len(self.lines) else None

    def _by_hint(self, line: Line) -> bool:
        hint = line.block.hint
        if hint == "comment":
            if line.label not in ("line", "stamp", "form", "form_line"):
                line.role, line.speaker = "comment", line.block.speaker
            return True
        if hint in ("standfirst", "author_bio") and line.label != "byline":
            line.role = "standfirst" if hint == "standfirst" else "author_bio"
            if line.label == "editor":
                line.speaker = clean_name(line.group("name") or "")
            return True
        return False

    def _title(self, number: int, line: Line) -> bool:
        if line is self.masthead.title_line:
            line.role = "title"
            self.title_seen = True
            return True
        if self.part not in (_Part.COMMENTS, _Part.FORM) and self.masthead.repeats_title(line):
            self._close_top(number)
            return True
        return False

    def _comments(self, number: int, line: Line) -> bool:
        """Handle where comments and reply forms begin, and all that stands in them."""
        label = line.label
        inside = self.part in (_Part.COMMENTS, _Part.FORM)
        if label in ("form", "form_line"):
            if inside or (label == "form" and self._body_seen(number)):
                self.part = _Part.FORM
            return True
        if label in ("comments", "comments_weak"):
            # Without a commenter below, "Discussion" is a heading of the article.
            sure = self.commenter_below[number] or (label == "comments" and self._mostly_read(number))
            if inside or (self._body_seen(number) and sure):
                self.part, self.commenter = _Part.COMMENTS, None
            else:
                line.heading = self.part in (_Part.TOP, _Part.BODY) and self._body_seen(number)
            return True
        if inside:
            self._in_comments(number, line)
            return True
        if label in ("commenter", "commenter_subject") and self._mostly_read(number) and not line.prose:
            self.part, self.commenter = _Part.COMMENTS, self._commenter(number)
            return True
        return label == "stamp"

    def _in_comments(self, number: int, line: Line) -> None:
        name = self._commenter(number)
        following = self._following(number)
        if name is not None:
            self.part, self.commenter = _Part.COMMENTS, name
        elif line.label == "end":
            self.part = _Part.AFTER
        elif self.part is _Part.COMMENTS and line.label not in ("line", "list", "stamp"):
            if following is not None and line.words <= 10 and has_subject_above(following):
                return
            if line.prose or (self.commenter is not None and line.label != "byline"):
                line.role, line.speaker = "comment", self.commenter

    def _commenter(self, number: int) -> str | None:
        """Return the name that the header of a comment gives, or None if the line is no header."""
        line, following = self.lines[number], self._following(number)
        if match := comment_header(line):
            return str(match["handle"]).strip(" ,·•-") or None
        ends = line.flat.endswith((".", ",", ":")) and not _INITIAL.search(line.flat)
        named = not line.prose and line.words <= 4 and not line.label and not ends
        stamped = following is not None and (
            following.label == "stamp"
            or (following.label == "byline" and following.kind in ("date", "published"))
        )
        return line.flat if named and stamped else None

    def _furniture(self, number: int, line: Line) -> bool:
        label = line.label
        if label == "bio" and self._body_seen(number):
            self.bio_left = len(self.lines) if self._mostly_read(number) else 1
            self.part = _Part.BIO
        elif label == "end":
            self.part = _Part.AFTER if self._mostly_read(number) else _Part.LIST
        elif label == "list" and self.part not in (_Part.AFTER, _Part.BIO):
            self.part = _Part.LIST
        return label in ("bio", "line", "list", "end")

    def _byline(self, number: int, line: Line) -> bool:
        if self.author and line.norm == self.author and not line.prose:
            self._close_top(number)
            return True
        if line.label != "byline" or line.kind == "dateline":
            return False
        in_top = self.part is _Part.TOP or (self.part is _Part.LIST and not self._body_seen(number))
        # Several dates between paragraphs are the headings of a chronology.
        in_top = in_top and (line.kind != "date" or not self._body_seen(number) or self.date_lines == 1)
        if in_top or line.kind in ("entry", "published"):
            self.masthead.note_date(line)
        if in_top:
            self._close_top(number)
        elif line.kind == "date":
            line.heading = self.part in (_Part.TOP, _Part.BODY)
        return True

    def _close_top(self, number: int) -> None:
        """Make the prose above a byline, a date line or the repeated title the standfirst."""
        if self.part is not _Part.TOP or not self.top:
            return
        size = sum(line.end - line.start for line in self.top)
        if len(self.top) <= TOP_PROSE and size <= _STANDFIRST_CHARS and self.ahead[number] >= size:
            for line in self.lines[:number]:
                line.heading = False
            for line in self.top:
                line.role = "standfirst"
            self.top.clear()
        else:
            self.part = _Part.BODY

    def _content(self, number: int, line: Line) -> None:
        part, hint = self.part, line.block.hint
        if part is _Part.AFTER:
            if line.prose and self.masthead.author and is_author_note(line, self.masthead.author):
                line.role = "author_bio"
            return
        if part is _Part.BIO:
            if line.prose or line.words >= _RESUME_WORDS:
                line.role = "author_bio"
                self.bio_left -= 1
                if self.bio_left <= 0:
                    self.part = _Part.BODY
            return
        if part is _Part.LIST:
            if hint != "text" and not (line.prose and line.final and line.words >= _RESUME_WORDS):
                return
            self.part = part = _Part.BODY if self._body_seen(number) else _Part.TOP
        if line.label == "byline":  # a dateline opens the first paragraph of the body
            self.masthead.note_date(line)
            self.part, line.role = _Part.BODY, "body"
        elif hint == "heading":
            line.heading = True
        elif (
            line.label == "editor" and part is _Part.TOP and len(self.top) < TOP_PROSE and self.ahead[number]
        ):
            editor = clean_name(line.group("name") or "")
            for other in (*self.top, line):
                other.role, other.speaker = "standfirst", editor
            self.top.clear()
        elif line.label == "signature" and part is _Part.BODY:
            self._sign(number, line)
        elif line.prose or hint == "text":
            self._prose(line)
        elif states_something(line, self.lines[number - 1] if number else None, self._following(number)):
            line.role = "body"
        elif part is _Part.TOP and not self._body_seen(number) and self.masthead.title_line is not None:
            # A subtitle without full stop, if a byline follows; else a label of the site.
            if self.title_seen and line.words >= SUBTITLE_WORDS:
                line.heading = True
                self.top.append(line)
        else:
            line.heading = part is not _Part.TOP or bool(self.top) or self.repeated[line.norm] == 1

    def _sign(self, number: int, line: Line) -> None:
        """Make who signs the speaker of the letter above, up to its heading; without heading it is the author's."""
        letter = []
        for other in reversed(self.lines[max(0, number - _LETTER_LINES) : number]):
            if other.heading:
                break
            if other.role == "body":
                letter.append(other)
        else:
            return
        for other in letter:
            other.speaker = clean_name(line.group("name") or "")

    def _prose(self, line: Line) -> None:
        again = line.norm in self.seen or line.norm in self.sentences
        if again and _PULL_QUOTE_WORDS[0] <= line.words <= _PULL_QUOTE_WORDS[1]:
            return
        self.seen.add(line.norm)
        line.role = "body"
        if self.part is _Part.TOP:
            self.top.append(line)
            if len(self.top) > TOP_PROSE:
                self.part = _Part.BODY


def _prose_chars(line: Line) -> int:
    counts = (line.prose or line.block.hint == "text") and line.label in ("", "byline", "editor")
    return line.end - line.start if counts and line.block.hint != "comment" else 0


def _prose_around(lines: Sequence[Line]) -> tuple[list[int], list[int]]:
    """Return characters of prose above each line, and below it up to comments, reply form or author note."""
    behind, ahead = [0] * len(lines), [0] * len(lines)
    total = 0
    for number, line in enumerate(lines):
        behind[number] = total
        total += _prose_chars(line)
    total = 0
    for number in range(len(lines) - 1, -1, -1):
        ahead[number] = total
        stops = lines[number].label in ("comments", "form", "commenter", "bio")
        total = 0 if stops or lines[number].block.hint == "comment" else total + _prose_chars(lines[number])
    return behind, ahead


def _commenter_below(lines: Sequence[Line]) -> list[bool]:
    """Return whether the header or the time of a comment stands below each line."""
    below = [False] * len(lines)
    for number in range(len(lines) - 1, 0, -1):
        label = lines[number].label
        below[number - 1] = (
            below[number]
            or label == "stamp"
            or label in COMMENTERS
            or (label == "byline" and comment_header(lines[number]) is not None)
            or (label == "byline" and lines[number].kind == "date")
        )
    return below


def _date_lines(lines: Sequence[Line]) -> int:
    """Count the lines above the comments that are a date and nothing else."""
    count = 0
    for line in lines:
        if line.label == "comments":
            break
        count += line.label == "byline" and line.kind == "date"
    return count


def _inner_sentences(text: str, lines: Sequence[Line]) -> set[str]:
    """Return the sentences of paragraphs that have several, normalised: a line equal to one is a pull quote."""
    found: set[str] = set()
    for line in lines:
        if line.prose and not line.label and line.words > _PULL_QUOTE_WORDS[0]:
            sentences = _SENTENCE_END.split(text[line.start : line.end])
            if len(sentences) > 1:
                found.update(
                    normalise(sentence) for sentence in sentences if len(sentence) < _PULL_QUOTE_CHARS
                )
    return found
