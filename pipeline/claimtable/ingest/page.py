"""The anatomy of a page: which lines are title, standfirst, body, author note and comments, and which are furniture.

A page comes as blocks (logical lines). Each gets a label from patterns that are data
(`rules/data/page_*.tsv`); then one pass from top to bottom, whose state is the part of the page,
gives each its role. Markup that says what a block is (HTML, Markdown) comes as a hint and
decides. Everything is linear in the text. Where nothing speaks against it, text is body: losing
prose is worse than keeping a line of furniture.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from claimtable.ingest.blocks import Block
from claimtable.ingest.dates import CLOCK, date_pattern, parse_date
from claimtable.ingest.metadata import Metadata, with_sections
from claimtable.rules import table
from claimtable.schema import Role, Section

# Lengths are in characters or white-space separated words; they were set on the sample
# pages under tests/cases/pages and change nothing there when moved by a fifth.
_HEAD, _TAIL = 600, 300  # what of a long line the patterns see
_FURNITURE_CHARS = 320  # longer lines are furniture only by the patterns of cookie and sign-up notices
_PROSE_WORDS, _PROSE_CHARS = 13, 120  # a line as long is prose even without final punctuation
_SHORT_PROSE_WORDS = 3  # with final punctuation, as few words are prose
_TOP_PROSE = 3  # paragraphs that may stand above the byline
_STANDFIRST_CHARS = 1800
_TITLE_WORDS, _TITLE_CHARS = 30, 220
_TITLE_SCORE = 2.0
_PULL_QUOTE_WORDS = (5, 45)

_TOKEN = r"(?:[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪİĶŁĻŃŅŇŐŘŚŞŠŢŤŪŮŰŹŻŽΑ-ΩА-ЯЁ][\w'’.-]*)"
_PARTICLE = (
    r"(?:de|da|dos|das|del|della|di|du|la|le|van|von|der|den|ter|ten|bin|ibn|al|el|y|e|af|av|zu|zum|zur)"
)
_NAME = rf"{_TOKEN}(?: (?:{_PARTICLE} ){{0,2}}{_TOKEN}){{0,3}}"
_NAMES = rf"{_NAME}(?:(?:, and |, | and | & ){_NAME}){{0,5}}"
_HANDLE = r"(?P<handle>[^\s:;!?]+(?: [^\s:;!?]+){0,4}?)"
_AGO = (
    r"(?i:(?:about |over |almost )?(?:\d+|an?|one|two|three|a few) ?"
    r"(?:s|sec(?:ond)?s?|m|min(?:ute)?s?|h|hrs?|hours?|d|days?|w|wks?|weeks?|mo|mths?|months?|y|yrs?|years?) ago|just now|yesterday)"
)

_FINAL = re.compile(r"[.!?…。！？؟۔][\"'”’»)\]*\d]*(?:\[\d+\])*$")
_DIGITS = re.compile(r"\d")
_QUANTITY = re.compile(
    r"[$€£¥%]|\d[\d,.]*\s*(?:percent|per cent|million|billion|trillion|[a-z]{1,3}\b)|\d[,.]\d", re.I
)
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)]*\s+")
_SITE = re.compile(r"\s+(?:[|«»·•:]|[–—-]{1,2})\s+")
_BULLET = re.compile(r"[*•‣◦▪●]\s*|[–—-]\s+|\d{1,2}[.)]\s+")
_NORM = re.compile(r"[\W_]+")


class _Part(Enum):
    TOP = "top"
    BODY = "body"
    LIST = "list"
    AFTER = "after"
    BIO = "bio"
    COMMENTS = "comments"
    FORM = "form"


@dataclass(slots=True)
class _Line:
    block: Block
    flat: str
    """The text with white space collapsed; of a long line head and tail."""
    norm: str
    words: int
    prose: bool
    final: bool
    """Ends with sentence-final punctuation."""
    label: str = ""
    """`line`, `list`, `end` (furniture), a role of page_cues, or `byline`."""
    match: re.Match[str] | None = None
    kind: str = ""
    """Kind of a byline."""
    role: Role | None = None
    speaker: str | None = None
    heading: bool = False
    start: int = field(default=0)
    end: int = field(default=0)


def analyse(text: str, blocks: Sequence[Block], given: Metadata, *, today: date | None = None) -> Metadata:
    """Finds sections and metadata of a page.

    Args:
        text: the document text that the blocks are offsets into.
        blocks: its logical lines, in order.
        given: facts that are known and win over what the text says.
        today: no later date is taken for the publication date; the current day if None.

    Returns:
        Title, author and publication date as given, else as the page states them, and the
        sections: ordered, disjoint, inside the text. A given list of sections is kept. Author
        names follow the byline; several are joined as "A, B and C".
    """
    return _Page(text, blocks, given, today or date.today()).read()


class _Page:
    def __init__(self, text: str, blocks: Sequence[Block], given: Metadata, today: date) -> None:
        self.text = text
        self.given = given
        self.today = today
        self.lines = [_make_line(text, block) for block in blocks]
        self.dates: dict[str, date] = {}
        self.author: str | None = given.author
        self.title: str | None = given.title
        self.title_norms: set[str] = set()
        for line in self.lines:
            _label(line)

    def read(self) -> Metadata:
        title_line = self._find_title()
        self._find_author()
        self._assign_parts(title_line)
        self._find_author_note()
        if not any(line.role for line in self.lines if line is not title_line):
            for line in self.lines:
                if line is not title_line or len(self.lines) == 1:
                    line.role = "body"
        sections = self._build_sections() if self.given.sections is None else self.given.sections
        found = Metadata(title=self.title, author=self.author, published=self._published(), sections=sections)
        return with_sections(self.given.over(found), sections)

    # Title

    def _find_title(self) -> _Line | None:
        hinted = next((line for line in self.lines if line.block.hint == "title"), None)
        line = hinted or (self._given_title() if self.given.title else self._best_title())
        if self.given.title:
            self.title_norms.add(_normalise(self.given.title))
        if line is None:
            return None
        start, end = line.start, line.end
        title = self.text[start:end]
        others = {other.norm for other in self.lines if other is not line}
        if self.given.title:
            others.add(_normalise(self.given.title))
        self.title_norms.add(line.norm)
        parts = _SITE.split(title)
        if len(parts) > 1 and _normalise(parts[0]) in others:
            title = parts[0]
        name = _trailing_name(title)
        if name and (self._mentions_author(name[1]) or _normalise(name[0]) in others):
            title, author = name
            self.author = self.author or _clean_name(author)
        line.end = start + len(title.rstrip())
        title = " ".join(title.split())
        self.title_norms.add(_normalise(title))
        self.title = self.title or title
        return line

    def _given_title(self) -> _Line | None:
        wanted = _normalise(self.given.title or "")
        if not wanted:
            return None
        seen = 0
        for line in self.lines:
            if line.norm == wanted or (
                line.norm.startswith(wanted + " ")
                and (_trailing_name(line.flat) or _SITE.search(line.flat))
                and len(line.norm) < len(wanted) + 60
            ):
                return line
            if line.words >= 4 and wanted.startswith(line.norm + " ") and not line.prose and not line.label:
                return line
            seen += line.prose
            if seen > _TOP_PROSE:
                break
        return None

    def _best_title(self) -> _Line | None:
        counts = Counter(line.norm for line in self.lines)
        responses = " ".join(line.norm for line in self.lines if line.label == "comments")
        spaced = any(line.block.alone for line in self.lines)
        best: tuple[float, _Line] | None = None
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
            if (
                (joined and line.words < 4 and spaced)
                or line.flat.endswith((":", ",", ";"))
                or _BULLET.match(line.flat)
            ):
                continue
            core = _normalise(_SITE.split(line.flat)[0])
            name = _trailing_name(line.flat)
            others = counts[line.norm] - 1 + (counts[core] if core != line.norm else 0)
            others += counts[_normalise(name[0])] if name else 0
            score = (3.0 if others else 0.0) + (
                3.0 if core and line.words >= 3 and core in responses else 0.0
            )
            near = self.lines[number + 1 : number + 3]
            score += 2.0 * any(other.label == "byline" for other in near)
            score += 1.0 * any(other.prose for other in near)
            score += 1.0 * (line.words >= 4) + 0.5 * (line.words >= 6) + 1.0 * (number == 0)
            score -= 1.5 * prose
            if following is None:
                score = 0.0
            if score >= _TITLE_SCORE and (best is None or score > best[0]):
                best = (score, line)
        return best[1] if best else None

    # Author and date

    def _mentions_author(self, name: str) -> bool:
        """True if another line treats the name as the author's ("NAME argues", "NAME is a researcher")."""
        patterns = _author_patterns(" ".join(name.split()))
        return any(p.fullmatch(line.flat) for line in self.lines if line.prose for p in patterns)

    def _find_author(self) -> None:
        if self.author is not None:
            return
        prose = 0
        for line in self.lines:
            if line.label == "comments" or (line.label == "form" and prose):
                return
            if line.label == "byline" and line.kind == "author" and line.match is not None:
                name = _clean_name(line.match["name"])
                # "Gerard Clare, Correspondent" needs no "by", so it counts at the top alone.
                if name and (prose <= _TOP_PROSE or re.search(r"(?i)\bby\b|:", line.flat)):
                    self.author = name
                    return
            prose += line.prose and not line.label

    def _note_date(self, line: _Line) -> None:
        if line.match is None:
            return
        groups = line.match.groupdict()
        for key in ("date", "date2"):
            found = parse_date(groups[key]) if groups.get(key) else None
            if found is not None and found <= self.today:
                self.dates.setdefault(line.kind, found)

    def _published(self) -> date | None:
        kinds = ("published", "entry", "author", "date", "dateline", "updated")
        return next((self.dates[kind] for kind in kinds if kind in self.dates), None)

    # Parts of the page

    def _assign_parts(self, title_line: _Line | None) -> None:
        prose_behind, prose_ahead = self._prose_around()
        has_commenter = [False] * (len(self.lines) + 1)
        for number in range(len(self.lines) - 1, -1, -1):
            label = self.lines[number].label
            has_commenter[number] = has_commenter[number + 1] or label in (
                "commenter",
                "commenter_weak",
                "stamp",
            )
        dates_in_body = sum(line.label == "byline" and line.kind == "date" for line in self.lines)
        repeated = Counter(line.norm for line in self.lines if not line.prose)
        sentences = self._sentences()

        part = _Part.TOP
        top: list[_Line] = []  # prose above the byline: a standfirst if a byline or the title follows
        commenter: str | None = None
        bio_left = 0
        seen_prose: set[str] = set()

        for number, line in enumerate(self.lines):
            label, hint = line.label, line.block.hint
            following = self.lines[number + 1] if number + 1 < len(self.lines) else None
            mostly_read = prose_behind[number] >= prose_ahead[number]
            body_seen = prose_behind[number] > 0

            if hint == "comment":
                if label not in ("line", "stamp", "form", "form_line"):
                    line.role, line.speaker = "comment", line.block.speaker
                continue
            if hint in ("standfirst", "author_bio") and label != "byline":
                line.role = "standfirst" if hint == "standfirst" else "author_bio"
                continue
            if line is title_line:
                line.role = "title"
                continue
            if part not in (_Part.COMMENTS, _Part.FORM) and self._repeats_title(line):
                part = self._close_top(part, top, number, prose_ahead)
                continue

            if label == "form" or (label == "form_line" and part is not _Part.BODY):
                if body_seen or part in (_Part.COMMENTS, _Part.FORM):
                    part = _Part.FORM
                continue
            if label == "form_line":
                continue
            # Without a commenter below, "Discussion" is a heading of the article.
            below = body_seen and (has_commenter[number + 1] or mostly_read)
            if label == "comments" and (below or part is _Part.COMMENTS):
                part, commenter = _Part.COMMENTS, None
                continue
            if label in ("comments", "stamp") and part is not _Part.COMMENTS:
                line.heading = label == "comments" and part is _Part.BODY and not mostly_read
                continue

            if part in (_Part.COMMENTS, _Part.FORM):
                name = _commenter(line, following)
                if name is not None:
                    part, commenter = _Part.COMMENTS, name
                elif label == "end":
                    part = _Part.AFTER
                elif (
                    part is _Part.COMMENTS
                    and label not in ("line", "list", "stamp")
                    and (line.prose or commenter is not None)
                ):
                    line.role, line.speaker = "comment", commenter
                continue
            if label == "commenter" and body_seen and mostly_read and not line.prose:
                part, commenter = _Part.COMMENTS, _commenter(line, following)
                continue

            if label == "bio" and body_seen:
                if part is _Part.TOP:
                    part = _Part.BODY
                bio_left = len(self.lines) if mostly_read else 1
                part = _Part.BIO
                continue
            if label == "end":
                part = _Part.AFTER if mostly_read and body_seen else _Part.LIST
                continue
            if label == "list":
                if part not in (_Part.AFTER, _Part.BIO):
                    part = _Part.LIST if part is not _Part.TOP else part
                continue
            if label == "line":
                if line.kind == "entry":
                    self._note_date(line)
                continue
            if label == "byline" and line.kind != "dateline":
                in_top = part is _Part.TOP or (part is _Part.LIST and not body_seen)
                if in_top or line.kind in ("entry", "published"):
                    self._note_date(line)
                if in_top and (line.kind in ("author", "agency", "published") or dates_in_body == 1):
                    part = self._close_top(part, top, number, prose_ahead)
                elif line.kind == "date":
                    line.heading = part is _Part.BODY
                continue

            if part is _Part.AFTER:
                continue
            if part is _Part.BIO:
                if line.prose or line.words >= 8:
                    line.role, bio_left = "author_bio", bio_left - 1
                    if bio_left <= 0:
                        part = _Part.BODY
                continue
            if part is _Part.LIST:
                if not (line.prose and line.words >= 8) and hint != "text":
                    continue
                part = _Part.BODY if body_seen else _Part.TOP

            if label == "byline":  # a dateline opens the first paragraph of the body
                self._note_date(line)
                part, line.role = _Part.BODY, "body"
                continue
            if hint == "heading":
                line.heading = True
                continue
            if label == "editor" and len(top) < _TOP_PROSE and part is _Part.TOP and prose_ahead[number]:
                line.speaker = _editor(line)
                for other in (*top, line):
                    other.role, other.speaker = "standfirst", line.speaker
                top.clear()
                continue
            if line.prose or hint == "text":
                again = line.norm in seen_prose or line.norm in sentences
                if again and _PULL_QUOTE_WORDS[0] <= line.words <= _PULL_QUOTE_WORDS[1]:
                    continue
                seen_prose.add(line.norm)
                line.role = "body"
                if part is _Part.TOP:
                    top.append(line)
                    if len(top) > _TOP_PROSE:
                        part = _Part.BODY
                continue
            if self._is_item(number):
                line.role = "body"
                continue
            line.heading = part is not _Part.TOP or bool(top) or repeated[line.norm] == 1

    def _repeats_title(self, line: _Line) -> bool:
        if line.norm in self.title_norms:
            return True
        if line.prose or not self.title_norms:
            return False
        core = _SITE.split(line.flat)[0]
        name = _trailing_name(core)
        return _normalise(core) in self.title_norms or (
            name is not None and _normalise(name[0]) in self.title_norms
        )

    def _close_top(self, part: _Part, top: list[_Line], number: int, ahead: Sequence[int]) -> _Part:
        """Makes the prose above a byline, a date line or the repeated title the standfirst."""
        size = sum(line.end - line.start for line in top)
        if part is not _Part.TOP or not top:
            return part
        if len(top) <= _TOP_PROSE and size <= _STANDFIRST_CHARS and ahead[number] >= size:
            for line in top:
                line.role = "standfirst"
            top.clear()
            return _Part.TOP
        return _Part.BODY

    def _prose_around(self) -> tuple[list[int], list[int]]:
        """Characters of prose before each line, and after it up to comments, reply form or author note."""
        behind, ahead = [0] * len(self.lines), [0] * len(self.lines)
        total = 0
        for number, line in enumerate(self.lines):
            behind[number] = total
            total += _prose_chars(line)
        total = 0
        for number in range(len(self.lines) - 1, -1, -1):
            line = self.lines[number]
            ahead[number] = total
            if line.label in ("comments", "form", "commenter", "bio") or line.block.hint == "comment":
                total = 0
            else:
                total += _prose_chars(line)
        return behind, ahead

    def _sentences(self) -> set[str]:
        """The sentences inside paragraphs of several, normalised: a line equal to one is a pull quote."""
        found: set[str] = set()
        for line in self.lines:
            if line.prose and not line.label and line.words > _PULL_QUOTE_WORDS[0]:
                sentences = _SENTENCE_END.split(self.text[line.start : line.end])
                if len(sentences) > 1:
                    found.update(_normalise(sentence) for sentence in sentences if len(sentence) < 400)
        return found

    def _is_item(self, number: int) -> bool:
        """True for a line without final punctuation that states something: list items, rows with figures."""
        line = self.lines[number]
        if _BULLET.match(line.flat) and (line.words >= 4 or _DIGITS.search(line.flat)):
            return True
        neighbours = [self.lines[n] for n in (number - 1, number + 1) if 0 <= n < len(self.lines)]
        open_lines = [n for n in neighbours if not n.prose and not n.label and n.role != "title"]
        if _QUANTITY.search(line.flat) and any(_QUANTITY.search(n.flat) for n in open_lines):
            return True
        if not _has_verb(line.flat):
            return False
        is_last = number + 1 == len(self.lines)
        return line.words >= 5 and (len(open_lines) == 2 or is_last or line.flat.endswith((":", ",", ";")))

    def _find_author_note(self) -> None:
        """Recognises an author note without a heading in the last paragraphs, and the author from a note."""
        if self.author is None:
            note = next((line for line in self.lines if line.role == "author_bio"), None)
            match = (
                re.match(rf"({_NAME}),? (?:is|was|writes|works|teaches|covers) ", note.flat) if note else None
            )
            if match and " " in match[1]:
                self.author = _clean_name(match[1])
        body = [line for line in self.lines if line.role == "body"]
        patterns = _note_patterns(self.author or "")
        for line in reversed(body[max(1, len(body) - 3) :]):
            if line.words < 150 and any(pattern.fullmatch(line.flat) for pattern in patterns):
                line.role = "author_bio"

    # Sections

    def _build_sections(self) -> tuple[Section, ...]:
        sections: list[Section] = []
        heading: str | None = None
        joins = False
        for line in self.lines:
            if line.role is None or line.start >= line.end:
                if line.heading:
                    bullet = _BULLET.match(line.flat)
                    heading = line.flat[bullet.end() if bullet else 0 :] or None
                joins = False
                continue
            if line.role not in ("body", "standfirst"):
                heading = None
            speaker = line.speaker if line.role == "comment" else line.speaker or self.author
            last = sections[-1] if sections else None
            if joins and last and (last.role, last.speaker, last.heading) == (line.role, speaker, heading):
                sections[-1] = Section(last.start, line.end, last.role, speaker, heading)
            else:
                sections.append(Section(line.start, line.end, line.role, speaker, heading))
            joins = line.role != "title"
        return tuple(sections)


def _make_line(text: str, block: Block) -> _Line:
    size = block.end - block.start
    if size <= _HEAD + _TAIL:
        chunk = text[block.start : block.end]
        words = len(chunk.split())
    else:
        chunk = text[block.start : block.start + _HEAD] + " … " + text[block.end - _TAIL : block.end]
        words = max(len(chunk.split()), size // 10)
    flat = " ".join(chunk.split())
    final = _FINAL.search(flat[-12:]) is not None
    prose = (
        (final and (words >= _SHORT_PROSE_WORDS or size >= 20))
        or words >= _PROSE_WORDS
        or size >= _PROSE_CHARS
    ) and block.hint not in ("title", "heading")
    return _Line(block, flat, _normalise(flat), words, prose, final, start=block.start, end=block.end)


def _label(line: _Line) -> None:
    """Sets what the patterns say about the line; the first of cue, byline, furniture wins."""
    flat = line.flat
    if line.prose and (match := _first(_cue_patterns(("editor",)), flat)):
        line.label, line.match = "editor", match[1]
        return
    if len(flat) > _FURNITURE_CHARS:
        if _DATE_HINT.search(flat[:80]) and (match := _first(_byline_patterns(("dateline",)), flat)):
            line.label, line.kind, line.match = "byline", *match
        elif (hit := _furniture().fullmatch(flat)) is not None and hit.lastgroup:
            line.label = _effects()[hit.lastgroup]
        return
    if line.block.hint != "heading" or line.words <= 10:
        roles = ("comments", "form", "form_line", "bio", "stamp", "commenter", "commenter_weak")
        if match := _first(_cue_patterns(roles), flat):
            role = match[0]
            byline = (
                _first(_byline_patterns(), flat) if role in ("stamp", "commenter", "commenter_weak") else None
            )
            if byline is None or not _takes_part(line, byline[0]):
                line.label, line.match = match
                return
            line.label, line.kind, line.match = "byline", *byline
            return
    if (match := _first(_byline_patterns(), flat)) and _takes_part(line, match[0]):
        line.label, line.kind, line.match = "byline", *match
        return
    if (hit := _furniture().fullmatch(flat)) is not None and hit.lastgroup:
        line.label = _effects()[hit.lastgroup]
        # A heading such as "Related" ends an article, a paragraph that reads like one does not.
        if line.label != "line" and line.prose:
            line.label = "line"


_DATE_HINT = re.compile(r"\d")


def _takes_part(line: _Line, kind: str) -> bool:
    if kind in ("dateline", "entry"):
        return line.prose if kind == "dateline" else True
    return (
        not line.prose
        or line.words <= 8
        or (kind in ("author", "published") and not _FINAL.search(line.flat[-3:]))
    )


def _first(patterns: Sequence[tuple[str, re.Pattern[str]]], flat: str) -> tuple[str, re.Match[str]] | None:
    for role, pattern in patterns:
        if match := pattern.fullmatch(flat):
            return role, match
    return None


def _commenter(line: _Line, following: _Line | None) -> str | None:
    """Returns the name that a comment's header gives, or None if the line is no header."""
    if line.match is not None and line.label in ("commenter", "commenter_weak"):
        return str(line.match["handle"]).strip(" ,·•-") or None
    if line.label == "byline" and line.match is not None and (line.match.groupdict().get("name")):
        return " ".join(str(line.match["name"]).split())
    named = not line.prose and line.words <= 4 and not line.label and not line.flat.endswith((".", ",", ":"))
    stamped = following is not None and (
        following.label == "stamp"
        or (following.label == "byline" and following.kind in ("date", "published"))
    )
    return line.flat if named and stamped else None


def _editor(line: _Line) -> str | None:
    groups = line.match.groupdict() if line.match else {}
    return _clean_name(groups["name"]) if groups.get("name") else None


def _prose_chars(line: _Line) -> int:
    counts = (line.prose or line.block.hint == "text") and line.label in ("", "byline", "editor")
    return line.end - line.start if counts and line.block.hint != "comment" else 0


def _normalise(text: str) -> str:
    return _NORM.sub(" ", text).strip().casefold()


def _has_verb(flat: str) -> bool:
    return not _verbs().isdisjoint(flat.lower().replace("’", "'").split())


def _clean_name(name: str) -> str | None:
    """Collapses white space and turns "JANE DOE" into "Jane Doe"."""
    words = name.strip(" ,.;|").split()
    if len(words) > 1 and all(word.isupper() or word.islower() for word in words):
        words = [word.title() if word.isupper() and len(word) > 2 else word for word in words]
    return " ".join(words) or None


_TRAILING_NAME = re.compile(
    rf"(.{{12,}}?)[,:]?\s+[Bb]y\s+({_TOKEN}(?:\s+(?:{_PARTICLE}\s+)?{_TOKEN}){{1,3}})\s*"
)


def _trailing_name(title: str) -> tuple[str, str] | None:
    """Splits "TITLE by FIRST LAST"; None if the line does not end so."""
    match = _TRAILING_NAME.fullmatch(title[-300:]) if len(title) <= 300 else None
    return (match[1], match[2]) if match else None


@functools.cache
def _expand(pattern: str) -> str:
    parts = {
        "{name}": f"(?P<name>{_NAME})",
        "{names}": _NAMES,
        "{handle}": _HANDLE,
        "{date}": date_pattern(),
        "{ago}": _AGO,
        "{clock}": CLOCK,
    }
    for key, value in parts.items():
        pattern = pattern.replace(key, value)
    return pattern


@functools.cache
def _cue_patterns(roles: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = table("page_cues", "role", "pattern", "source")
    return tuple(
        (row["role"], re.compile(_expand(row["pattern"])))
        for role in roles
        for row in rows
        if row["role"] == role
    )


@functools.cache
def _byline_patterns(kinds: tuple[str, ...] = ()) -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = table("page_bylines", "kind", "pattern", "source")
    return tuple(
        (row["kind"], re.compile(_expand(row["pattern"])))
        for row in rows
        if not kinds or row["kind"] in kinds
    )


@functools.cache
def _furniture() -> re.Pattern[str]:
    rows = table("page_furniture", "effect", "pattern", "source")
    return re.compile("|".join(f"(?P<{_group(row['id'])}>{row['pattern']})" for row in rows), re.IGNORECASE)


@functools.cache
def _effects() -> dict[str, str]:
    return {
        _group(row["id"]): row["effect"] for row in table("page_furniture", "effect", "pattern", "source")
    }


def _group(rule: str) -> str:
    return rule.replace("-", "_")


@functools.lru_cache(maxsize=64)
def _note_patterns(author: str) -> tuple[re.Pattern[str], ...]:
    return _with_author("bio_line", author)


@functools.lru_cache(maxsize=64)
def _author_patterns(author: str) -> tuple[re.Pattern[str], ...]:
    return _with_author("author_mention", author) + _with_author("bio_line", author, only=True)


def _with_author(role: str, author: str, *, only: bool = False) -> tuple[re.Pattern[str], ...]:
    patterns = []
    for row in table("page_cues", "role", "pattern", "source"):
        named = "{author}" in row["pattern"]
        if row["role"] != role or (named and not author) or (only and not named):
            continue
        patterns.append(re.compile(row["pattern"].replace("{author}", re.escape(author))))
    return tuple(patterns)


@functools.cache
def _verbs() -> frozenset[str]:
    return frozenset(row["word"] for row in table("page_verbs", "word"))
