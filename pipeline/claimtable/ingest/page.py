"""The anatomy of a page: which lines are title, standfirst, body, author note and comments, and which are furniture.

A page comes as blocks (logical lines). Each gets features and a label (`lines`); then one pass
from top to bottom, whose state is the part of the page, gives each its role. Markup that says what a
block is (HTML, Markdown) comes as a hint and decides. Everything is linear in the text. Where
nothing speaks against it, text is body: losing prose is worse than keeping a line of furniture.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from enum import Enum

from claimtable.ingest.blocks import Block
from claimtable.ingest.dates import parse_date
from claimtable.ingest.lines import (
    COMMENTERS,
    NAME,
    Line,
    clean_name,
    comment_header,
    has_bullet,
    has_subject_above,
    introduces_author,
    is_author_note,
    is_person,
    normalise,
    read_line,
    states_something,
    trailing_name,
    without_bullet,
    without_site,
)
from claimtable.ingest.metadata import Metadata, with_sections
from claimtable.schema import Section

# Set on the sample pages under tests/cases/pages; lengths in white-space separated words or characters.
_TOP_PROSE = 3  # paragraphs that may stand above the byline
_STANDFIRST_CHARS = 1800
_SUBTITLE_WORDS = 6  # a line without full stop between title and byline is a subtitle from this length on
_TITLE_WORDS, _TITLE_CHARS = 30, 220
_TITLE_SCORE = 2.0
_PULL_QUOTE_WORDS = (5, 45)
_PULL_QUOTE_CHARS = 400
_READ_RATIO = 3  # an article is over at "Related" when this many times as much prose lies above as below
_RESUME_WORDS = 8  # a sentence of this length after a list of links is the article again
_NOTE_WORDS = 150
_LETTER_LINES = 60  # how far above its signature a letter may begin
_NOTE_PLACES = 3  # an author note without heading is looked for in the last paragraphs

_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)]*\s+")
_BY = re.compile(r"\bby\b|:", re.IGNORECASE)
_INITIAL = re.compile(r" \w\.$")
_NOTE_NAME = re.compile(rf"({NAME}),? (?:is|was|writes|works|teaches|covers) ")


class _Part(Enum):
    TOP = "top"
    BODY = "body"
    LIST = "list"
    AFTER = "after"
    BIO = "bio"
    COMMENTS = "comments"
    FORM = "form"


def analyse(text: str, blocks: Sequence[Block], given: Metadata, *, today: date | None = None) -> Metadata:
    """Finds sections and metadata of a page.

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
    page = _Page(text, lines, given, today or date.today())
    return page.read()


class _Page:
    """Title, author and date of a page, and what the parts of it say together."""

    def __init__(self, text: str, lines: list[Line], given: Metadata, today: date) -> None:
        self.text = text
        self.lines = lines
        self.given = given
        self.today = today
        self.dates: dict[str, date] = {}
        self.author = given.author
        self.title = given.title
        self.title_line: Line | None = None
        self.title_norms: set[str] = set()

    def read(self) -> Metadata:
        self._find_title()
        self._find_author()
        _Walk(self).assign()
        self._find_author_note()
        if not any(line.role for line in self.lines if line is not self.title_line):
            for line in self.lines:
                if line is not self.title_line or len(self.lines) == 1:
                    line.role = "body"
        sections = self.given.sections
        if sections is None:
            sections = _build_sections(self.lines, self.author)
        found = Metadata(title=self.title, author=self.author, published=self._published())
        return with_sections(self.given.over(found), sections)

    # Title

    def _find_title(self) -> None:
        line = next((line for line in self.lines if line.block.hint == "title"), None)
        if line is None:
            line = self._given_title() if self.given.title else self._best_title()
        others = {other.norm for other in self.lines if other is not line}
        if self.given.title:
            self.title_norms.add(normalise(self.given.title))
            others |= self.title_norms
        if line is None:
            return
        self.title_line = line
        line.prose = False
        self.title_norms.add(line.norm)
        title = self.text[line.start : line.end]
        if normalise(without_site(title)) in others:
            title = without_site(title)
        if name := trailing_name(title):
            known = any(introduces_author(other, name[1]) for other in self.lines if other.prose)
            if known or normalise(name[0]) in others:
                title = name[0]
                self.author = self.author or clean_name(name[1])
        title = title.rstrip()
        line.end = line.start + len(title)
        self.title_norms.add(normalise(title))
        self.title = self.title or " ".join(title.split())

    def _given_title(self) -> Line | None:
        """Finds the title that is known at the top of the text: whole, with author or site, or cut off."""
        wanted = normalise(self.given.title or "")
        if not wanted:
            return None
        seen = 0
        for line in self.lines:
            longer = line.norm.startswith(wanted + " ") and len(line.norm) < len(wanted) + 60
            shorter = (
                wanted.startswith(line.norm + " ") and line.words >= 4 and not line.prose and not line.label
            )
            if (
                line.norm == wanted
                or shorter
                or (longer and (trailing_name(line.flat) or without_site(line.flat) != line.flat))
            ):
                return line
            seen += line.prose
            if seen > _TOP_PROSE:
                break
        return None

    def _best_title(self) -> Line | None:
        """Picks the line at the top that repeats, heads comments, stands above the byline, or just reads like one."""
        counts = Counter(line.norm for line in self.lines)
        responses = " ".join(line.norm for line in self.lines if line.label == "comments")
        spaced = any(line.block.alone for line in self.lines)
        best: tuple[float, Line] | None = None
        prose = 0
        for number, line in enumerate(self.lines):
            following = self.lines[number + 1] if number + 1 < len(self.lines) else None
            question = line.flat.endswith(("?", "!")) and line.block.alone
            sentence = line.prose and not question and (line.final or line.end - line.start > _TITLE_CHARS)
            if sentence or line.label or not 2 <= line.words <= _TITLE_WORDS:
                prose += line.prose and not line.label
                if prose > 1:
                    break
                continue
            joined = following is not None and not line.block.alone and following.prose
            if (joined and line.words < 4 and spaced) or line.flat[-1] in ":,;" or has_bullet(line.flat):
                continue
            core, name = normalise(without_site(line.flat)), trailing_name(line.flat)
            others = counts[line.norm] - 1 + (counts[core] if core != line.norm else 0)
            others += counts[normalise(name[0])] if name else 0
            near = self.lines[number + 1 : number + 3]
            # What repeats in two or three words is more often the site's name or a tag.
            score = 0.0 if not others else 3.0 if line.words >= 4 else 1.0
            score += 3.0 * (line.words >= 3 and core != "" and core in responses)
            score += 2.0 * any(other.label == "byline" for other in near)
            score += 1.0 * any(other.prose for other in near)
            score += 2.0 * (line.words >= 4) + 1.0 * (number == 0)
            score -= 1.5 * prose
            if following is not None and score >= _TITLE_SCORE and (best is None or score > best[0]):
                best = (score, line)
        if best is None:
            return None
        number = next(n for n, line in enumerate(self.lines) if line.norm == best[1].norm)
        above = self.lines[number - 1] if number else None
        # The second line of a paragraph is the subtitle of the first.
        if (
            above is not None
            and not self.lines[number].block.first
            and spaced
            and above.words >= _SUBTITLE_WORDS - 2
            and not above.label
            and not above.final
        ):
            return above
        return self.lines[number]

    def repeats_title(self, line: Line) -> bool:
        """True if the line is the title again, maybe with author or site."""
        if line.norm in self.title_norms:
            return True
        if line.prose or not self.title_norms:
            return False
        core = without_site(line.flat)
        name = trailing_name(core)
        return normalise(core) in self.title_norms or (
            name is not None and normalise(name[0]) in self.title_norms
        )

    # Author and date

    def _find_author(self) -> None:
        prose = 0
        for number, line in enumerate(self.lines):
            if self.author is not None or line.label == "comments" or (line.label == "form" and prose):
                return
            name = line.group("name")
            # "Gerard Clare, Correspondent" needs no "by", so it counts at the top alone.
            byline = (
                line.label == "byline"
                and line.kind == "author"
                and (prose <= _TOP_PROSE or _BY.search(line.flat))
            )
            if name and (byline or line.label == "bio"):
                self.author = clean_name(name)
            elif prose <= _TOP_PROSE and self._is_name_line(number):
                self.author = clean_name(line.flat)
            prose += line.prose and not line.label

    def _is_name_line(self, number: int) -> bool:
        """True for a name between title and date line: a byline without "by"."""
        line = self.lines[number]
        above, below = self.lines[:number], self.lines[number + 1 : number + 2]
        dated = any(n.label == "byline" and n.kind in ("date", "published") for n in below)
        return dated and self.title_line in above and not line.label and is_person(line)

    def note_date(self, line: Line) -> None:
        """Keeps the first date of each kind of byline, unless it lies in the future."""
        for key in ("date", "date2"):
            written = line.group(key)
            found = parse_date(written) if written else None
            if found is not None and found <= self.today:
                self.dates.setdefault(line.kind, found)

    def _published(self) -> date | None:
        kinds = ("published", "entry", "author", "date", "dateline", "updated")
        return next((self.dates[kind] for kind in kinds if kind in self.dates), None)

    def _find_author_note(self) -> None:
        """Recognises an author note without a heading in the last paragraphs, and the author from a note."""
        if self.author is None:
            note = next((line for line in self.lines if line.role == "author_bio"), None)
            match = _NOTE_NAME.match(note.flat) if note else None
            if match and " " in match[1]:
                self.author = clean_name(match[1])
        body = [line for line in self.lines if line.role == "body"]
        for line in body[max(1, len(body) - _NOTE_PLACES) :]:
            if line.words < _NOTE_WORDS and is_author_note(line, self.author):
                line.role = "author_bio"


class _Walk:
    """The pass from top to bottom."""

    def __init__(self, page: _Page) -> None:
        self.page = page
        self.lines = page.lines
        self.behind, self.ahead = _prose_around(page.lines)
        self.commenter_below = _commenter_below(page.lines)
        self.repeated = Counter(line.norm for line in page.lines if not line.prose)
        self.sentences = _inner_sentences(page.text, page.lines)
        self.author = normalise(page.author or "")
        self.date_lines = _date_lines(page.lines)
        self.part = _Part.TOP
        self.top: list[Line] = []
        """Prose above the byline: a standfirst if a byline or the title follows."""
        self.title_seen = False
        self.commenter: str | None = None
        self.bio_left = 0
        self.seen: set[str] = set()

    def assign(self) -> None:
        """Sets role, speaker and heading of every line."""
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
        if line is self.page.title_line:
            line.role = "title"
            self.title_seen = True
            return True
        if self.part not in (_Part.COMMENTS, _Part.FORM) and self.page.repeats_title(line):
            self._close_top(number)
            return True
        return False

    def _comments(self, number: int, line: Line) -> bool:
        """Handles where comments and reply forms begin, and all that stands in them."""
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
        """Returns the name that the header of a comment gives, or None if the line is no header."""
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
            self.page.note_date(line)
        if in_top:
            self._close_top(number)
        elif line.kind == "date":
            line.heading = self.part in (_Part.TOP, _Part.BODY)
        return True

    def _close_top(self, number: int) -> None:
        """Makes the prose above a byline, a date line or the repeated title the standfirst."""
        if self.part is not _Part.TOP or not self.top:
            return
        size = sum(line.end - line.start for line in self.top)
        if len(self.top) <= _TOP_PROSE and size <= _STANDFIRST_CHARS and self.ahead[number] >= size:
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
            if line.prose and self.page.author and is_author_note(line, self.page.author):
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
            self.page.note_date(line)
            self.part, line.role = _Part.BODY, "body"
        elif hint == "heading":
            line.heading = True
        elif (
            line.label == "editor" and part is _Part.TOP and len(self.top) < _TOP_PROSE and self.ahead[number]
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
        elif part is _Part.TOP and not self._body_seen(number) and self.page.title_line is not None:
            # A subtitle without full stop, if a byline follows; else a label of the site.
            if self.title_seen and line.words >= _SUBTITLE_WORDS:
                line.heading = True
                self.top.append(line)
        else:
            line.heading = part is not _Part.TOP or bool(self.top) or self.repeated[line.norm] == 1

    def _sign(self, number: int, line: Line) -> None:
        """Makes who signs the speaker of the letter above, up to its heading; without heading it is the author's."""
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
            if len(self.top) > _TOP_PROSE:
                self.part = _Part.BODY


def _prose_chars(line: Line) -> int:
    counts = (line.prose or line.block.hint == "text") and line.label in ("", "byline", "editor")
    return line.end - line.start if counts and line.block.hint != "comment" else 0


def _prose_around(lines: Sequence[Line]) -> tuple[list[int], list[int]]:
    """Characters of prose above each line, and below it up to comments, reply form or author note."""
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
    """Whether the header or the time of a comment stands below each line."""
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
    """Counts the lines above the comments that are a date and nothing else."""
    count = 0
    for line in lines:
        if line.label == "comments":
            break
        count += line.label == "byline" and line.kind == "date"
    return count


def _inner_sentences(text: str, lines: Sequence[Line]) -> set[str]:
    """The sentences of paragraphs that have several, normalised: a line equal to one is a pull quote."""
    found: set[str] = set()
    for line in lines:
        if line.prose and not line.label and line.words > _PULL_QUOTE_WORDS[0]:
            sentences = _SENTENCE_END.split(text[line.start : line.end])
            if len(sentences) > 1:
                found.update(
                    normalise(sentence) for sentence in sentences if len(sentence) < _PULL_QUOTE_CHARS
                )
    return found


def _build_sections(lines: Sequence[Line], author: str | None) -> tuple[Section, ...]:
    """Joins neighbouring lines of one role, speaker and heading; the author speaks where nobody else does."""
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
