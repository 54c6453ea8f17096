"""Title, author and date of a page: the line that reads like a title, the byline, the dates beside it."""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from datetime import date

from claimtable.ingest.dates import parse_date
from claimtable.ingest.lines import (
    Line,
    clean_name,
    has_bullet,
    introduces_author,
    is_counted,
    is_person,
    normalise,
    trailing_name,
    without_site,
)
from claimtable.ingest.metadata import Metadata

# Set on the sample pages under tests/cases/pages; lengths in white-space separated words or characters.
TOP_PROSE = 3  # paragraphs that may stand above the byline
SUBTITLE_WORDS = 6  # a line without full stop between title and byline is a subtitle from this length on
_TITLE_WORDS, _TITLE_CHARS = 30, 220
_TITLE_SCORE = 2.0

_BY = re.compile(r"\bby\b|:", re.IGNORECASE)


class Masthead:
    """Title, author and date of a page, as given or else as its lines state them."""

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

    def read(self) -> None:
        """Find title and author; dates come with `note_date`, line by line."""
        self._find_title()
        self._find_author()

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
        """Find the title that is known at the top of the text: whole, with author or site, or cut off."""
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
            if seen > TOP_PROSE:
                break
        return None

    def _best_title(self) -> Line | None:
        """Pick the line at the top that repeats, heads comments, stands above the byline, or just reads like one."""
        counts = Counter(line.norm for line in self.lines)
        responses = " ".join(line.norm for line in self.lines if line.label == "comments")
        spaced = any(line.block.alone for line in self.lines)
        best: tuple[float, Line] | None = None
        prose = 0
        for number, line in enumerate(self.lines):
            following = self.lines[number + 1] if number + 1 < len(self.lines) else None
            question = line.flat.endswith(("?", "!")) and line.block.alone
            sentence = line.prose and not question and (line.final or line.end - line.start > _TITLE_CHARS)
            above = self.lines[number - 1] if number else None
            listed = line.block.row or is_counted(line, above, following)
            if sentence or line.label or listed or not 2 <= line.words <= _TITLE_WORDS:
                prose += line.prose and not line.label
                if prose > 1:
                    break
                continue
            joined = following is not None and not line.block.alone and following.prose
            if (
                (joined and line.words < 4 and spaced)
                or line.flat.endswith((":", ",", ";"))
                or has_bullet(line.flat)
            ):
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
            and above.words >= SUBTITLE_WORDS - 2
            and not above.label
            and not above.final
        ):
            return above
        return self.lines[number]

    def repeats_title(self, line: Line) -> bool:
        """Return True if the line is the title again, maybe with author or site."""
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
                and (prose <= TOP_PROSE or _BY.search(line.flat))
            )
            if name and (byline or line.label == "bio"):
                self.author = clean_name(name)
            elif prose <= TOP_PROSE and self._is_name_line(number):
                self.author = clean_name(line.flat)
            prose += line.prose and not line.label

    def _is_name_line(self, number: int) -> bool:
        """Return True for a name between title and date line: a byline without "by"."""
        line, below = self.lines[number], self.lines[number + 1 : number + 2]
        dated = any(n.label == "byline" and n.kind in ("date", "published") for n in below)
        return dated and self._title_number < number and not line.label and is_person(line)

    @functools.cached_property
    def _title_number(self) -> float:
        """How many lines stand above the title; without end where there is none."""
        return next((n for n, line in enumerate(self.lines) if line is self.title_line), math.inf)

    def note_date(self, line: Line) -> None:
        """Keep the first date of each kind of byline, unless it lies in the future."""
        for key in ("date", "date2"):
            written = line.group(key)
            found = parse_date(written) if written else None
            if found is not None and found <= self.today:
                self.dates.setdefault(line.kind, found)

    @property
    def published(self) -> date | None:
        """The date of the kind that says most about publication, of those noted."""
        kinds = ("published", "entry", "author", "date", "dateline", "updated")
        return next((self.dates[kind] for kind in kinds if kind in self.dates), None)
