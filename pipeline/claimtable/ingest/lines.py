"""What a single line of a page looks like: its features, and the label that the patterns give it.

Labels come from the tables `page_cues` (what starts here: comments, a reply form, an author note),
`page_bylines` (who and when) and `page_furniture` (what nobody wrote as part of the article).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from claimtable.ingest.blocks import Block
from claimtable.ingest.dates import CLOCK, date_pattern
from claimtable.rules import table
from claimtable.schema import Role

# Lengths are in characters or white-space separated words, set on the sample pages under
# tests/cases/pages.
_HEAD, _TAIL = 600, 300  # what of a long line the patterns see
_FURNITURE_CHARS = 320  # longer lines are furniture only by the patterns of cookie and sign-up notices
_PROSE_WORDS, _PROSE_CHARS = 13, 120  # a line as long is prose even without final punctuation
_SHORT_PROSE_WORDS, _SHORT_PROSE_CHARS = 3, 20  # with final punctuation, as little is prose

COMMENTERS = ("commenter", "commenter_subject", "commenter_weak")
"""Labels of a line that heads a comment and names who wrote it."""

_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪİĶŁĻŃŅŇŐŘŚŞŠŢŤŪŮŰŹŻŽΑ-ΩА-ЯЁ"
_TOKEN = rf"(?:[{_UPPER}][\w'’.-]*)"
_PARTICLE = (
    r"(?:de|da|dos|das|del|della|di|du|la|le|van|von|der|den|ter|ten|bin|ibn|al|el|y|e|af|av|zu|zum|zur)"
)
# Lazy, so that a role after the name ("Energy correspondent") is not taken into it.
NAME = rf"{_TOKEN}(?: (?:{_PARTICLE} ){{0,2}}{_TOKEN}){{0,3}}?"
"""Pattern of a personal name: one to four capitalised words with particles."""
_NAMES = rf"{NAME}(?:(?:, and |, | and | & ){NAME}){{0,5}}?"
_HANDLE = r"(?P<handle>[\w@][^\s:;!?]*(?: [^\s:;!?]+){0,4}?)"
_AGO = (
    r"(?i:(?:about |over |almost )?(?:\d+|an?|one|two|three|a few) ?"
    r"(?:s|sec(?:ond)?s?|m|min(?:ute)?s?|h|hrs?|hours?|d|days?|w|wks?|weeks?|mo|mths?|months?|y|yrs?|years?)"
    r" ago|just now|yesterday)"
)
_TRAILING_NAME = re.compile(
    rf"(.{{12,}}?)[,:]?\s+[Bb]y\s+({_TOKEN}(?:\s+(?:{_PARTICLE}\s+)?{_TOKEN}){{1,3}})\s*"
)

_FINAL = re.compile(r"[.!?…。！？؟۔][\"'”’»)\]*\d]*(?:\[\d+\])*$")
_QUANTITY = re.compile(
    r"[$€£¥%]|\d[\d,.]* ?(?:percent|per cent|million|billion|trillion|[a-z]{1,3}\b)|\d[,.]\d", re.IGNORECASE
)
_SITE = re.compile(r"\s+(?:[|«»·•:]|[–—-]{1,2})\s+")
_BULLET = re.compile(r"[*•‣◦▪●]\s*|[–—-]\s+|\d{1,2}[.)]\s+")
_COUNTED = re.compile(r"[~<>$€£]?\d[\d,.]*[+%]? [^\W\d_]{2,}")
_COUNTED_WORDS = 3
"""Fewer words behind a number are a button ("12 shares")."""
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_NORM = re.compile(r"[\W_]+")
_DIGIT = re.compile(r"\d")


@dataclass(slots=True)
class Line:
    """A logical line with its features; the analysis of the page adds label, role and speaker."""

    block: Block
    flat: str
    """The text with white space collapsed; of a long line head and tail."""
    norm: str
    words: int
    prose: bool
    """Reads like a sentence rather than like a heading or menu entry."""
    final: bool
    """Ends with sentence-final punctuation."""
    start: int
    end: int
    label: str = ""
    """`line`, `list`, `end` (furniture), `byline`, a role of page_cues, or nothing."""
    kind: str = ""
    """Kind of a byline."""
    match: re.Match[str] | None = None
    role: Role | None = None
    speaker: str | None = None
    heading: bool = False

    def group(self, name: str) -> str | None:
        """Return a named part of what the pattern matched."""
        return self.match.groupdict().get(name) if self.match else None


def read_line(text: str, block: Block) -> Line:
    """Return the line of a block with features and label."""
    size = block.end - block.start
    if size <= _HEAD + _TAIL:
        chunk = text[block.start : block.end]
        words = len(chunk.split())
    else:
        chunk = text[block.start : block.start + _HEAD] + " … " + text[block.end - _TAIL : block.end]
        words = max(len(chunk.split()), size // 10)
    flat = " ".join(chunk.translate(_INVISIBLE).split())
    final = _FINAL.search(flat[-12:]) is not None
    short = final and (words >= _SHORT_PROSE_WORDS or size >= _SHORT_PROSE_CHARS)
    prose = block.hint not in ("title", "heading") and (
        short or words >= _PROSE_WORDS or size >= _PROSE_CHARS
    )
    line = Line(block, flat, normalise(flat), words, prose, final, block.start, block.end)
    _set_label(line)
    return line


def _set_label(line: Line) -> None:
    """Return the first that matches wins: editor's standfirst, cue, byline, furniture."""
    flat = line.flat
    if line.prose and (found := _first(_cues("editor"), flat)):
        line.label, line.match = "editor", found[1]
        return
    if len(flat) > _FURNITURE_CHARS:
        if _DIGIT.search(flat[:80]) and (found := _first(_bylines("dateline"), flat)):
            line.label, line.kind, line.match = "byline", *found
        else:
            line.label = _furniture_effect(flat)
        return
    if line.block.hint != "heading" or line.words <= 10:
        signature = () if line.prose else ("signature",)
        roles = ("comments", "comments_weak", "form", "form_line", "bio", "stamp", *COMMENTERS, *signature)
        if found := _first(_cues(*roles), flat):
            role = found[0]
            # "Submitted by NAME on DATE" heads articles and comments alike: the part of the page decides.
            byline = _first(_bylines(), flat) if role == "stamp" or role in COMMENTERS else None
            if byline and _can_be_byline(line, byline[0]):
                line.label, line.kind, line.match = "byline", *byline
            else:
                line.label, line.match = found
            return
    if (found := _first(_bylines(), flat)) and _can_be_byline(line, found[0]):
        line.label, line.kind, line.match = "byline", *found
        return
    line.label = _furniture_effect(flat)
    # The heading "Related" ends an article; a paragraph that reads like one does not.
    if line.label and line.prose:
        line.label = "line"


def _can_be_byline(line: Line, kind: str) -> bool:
    if kind in ("dateline", "entry"):
        return kind == "entry" or line.prose
    return (
        not line.prose
        or line.words <= 8
        or (kind in ("author", "published") and not _FINAL.search(line.flat))
    )


def comment_header(line: Line) -> re.Match[str] | None:
    """Return the match of a line as header of a comment, with the group `handle`."""
    if line.label in COMMENTERS:
        return line.match
    if line.label == "byline" and (found := _first(_cues(*COMMENTERS), line.flat)):
        return found[1]
    return None


def has_subject_above(line: Line) -> bool:
    """Return True if a line is the header of a comment of the kind that has the comment's subject above it."""
    return _first(_cues("commenter_subject"), line.flat) is not None


def introduces_author(line: Line, name: str) -> bool:
    """Return True if the line treats the name as the author's ("NAME argues", "NAME is a researcher")."""
    return any(pattern.fullmatch(line.flat) for pattern in _with_author(name, "author_mention", "bio_line"))


def is_author_note(line: Line, name: str | None) -> bool:
    """Return True if the line says who the author is, or is another note that stands below articles."""
    patterns = _with_author(name or "", "bio_line") + _without_author("bio_line")
    return any(pattern.fullmatch(line.flat) for pattern in patterns)


def states_something(line: Line, before: Line | None, after: Line | None) -> bool:
    """Return True for a line without final punctuation that is not just a label: list items, rows with figures."""
    if line.flat.endswith(":") and has_verb(line.flat[:-1]):
        return True
    # A sentence that was broken over lines: this line or the next begins in the middle of it.
    broken = not line.block.first and line.flat[:1].islower() and line.words >= 5
    broken_below = (
        after is not None and not after.block.first and after.flat[:1].islower() and line.words >= 5
    )
    if broken or broken_below:
        return True
    if _BULLET.match(line.flat) and (line.words >= 4 or _DIGIT.search(line.flat)):
        return True
    neighbours = [n for n in (before, after) if n and not n.prose and not n.label and n.role != "title"]
    if _QUANTITY.search(line.flat) and any(_QUANTITY.search(n.flat) for n in neighbours):
        return True
    if is_counted(line, before, after):
        return True
    if not has_verb(line.flat):
        return False
    return line.words >= 5 and (len(neighbours) == 2 or after is None or line.flat.endswith((":", ",", ";")))


def is_counted(line: Line, before: Line | None, after: Line | None) -> bool:
    """Return whether a line counts things in a list: below a head with a colon, or beside others that do."""
    if not _COUNTED.match(line.flat) or line.words < _COUNTED_WORDS:
        return False
    if before is not None and before.flat.endswith(":"):
        return True
    return any(
        n is not None and _COUNTED.match(n.flat) and n.words >= _COUNTED_WORDS for n in (before, after)
    )


def normalise(text: str) -> str:
    """Return the text for comparison: no case, no punctuation, single spaces."""
    return _NORM.sub(" ", text).strip().casefold()


def has_verb(flat: str) -> bool:
    """Return True if one of the frequent finite verbs occurs."""
    return not _verbs().isdisjoint(flat.lower().replace("’", "'").split())


def has_bullet(flat: str) -> bool:
    """Return True if the line begins with a bullet or an item number."""
    return _BULLET.match(flat) is not None


def without_bullet(flat: str) -> str:
    """Return the line without a leading bullet or item number."""
    match = _BULLET.match(flat)
    return flat[match.end() :] if match else flat


def without_site(title: str) -> str:
    """Return what stands before " | " or " - ", where pages add the name of the site."""
    return _SITE.split(title)[0]


def clean_name(name: str) -> str | None:
    """Collapse white space and turn "JANE DOE" into "Jane Doe"."""
    words = name.strip(" ,.;|").split()
    if len(words) > 1 and all(word.isupper() or word.islower() for word in words):
        words = [word.title() if word.isupper() and len(word) > 2 else word for word in words]
    return " ".join(words) or None


def trailing_name(title: str) -> tuple[str, str] | None:
    """Split "TITLE by FIRST LAST"; None if the line does not end so."""
    match = _TRAILING_NAME.fullmatch(title) if len(title) <= 300 else None
    return (match[1], match[2]) if match else None


# Patterns


def _first(patterns: Sequence[tuple[str, re.Pattern[str]]], flat: str) -> tuple[str, re.Match[str]] | None:
    for name, pattern in patterns:
        if match := pattern.fullmatch(flat):
            return name, match
    return None


def _expand(pattern: str) -> str:
    for key, value in (
        ("{names}", _NAMES),
        ("{persons}", _NAMES.replace(_TOKEN, _not_label() + _TOKEN)),
        ("{name}", f"(?P<name>{NAME})"),
        ("{handle}", _HANDLE),
        ("{date}", date_pattern()),
        ("{ago}", _AGO),
        ("{clock}", CLOCK),
    ):
        pattern = pattern.replace(key, value)
    return pattern


@functools.cache
def _not_label() -> str:
    """Return a look-ahead: the next word is none that labels have."""
    words = "|".join(row["word"] for row in table("page_labels", "word", "source"))
    return rf"(?!(?i:{words})\b)"


@functools.cache
def _person() -> re.Pattern[str]:
    token = _not_label() + _TOKEN
    return re.compile(rf"{token}(?: (?:{_PARTICLE} ){{0,2}}{token}){{1,3}}")


def is_person(line: Line) -> bool:
    """Return True if the whole line is two to four capitalised words that can be a personal name."""
    return line.words <= 6 and not line.prose and _person().fullmatch(line.flat) is not None


@functools.cache
def _cues(*roles: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the patterns of these roles, in the order of the roles."""
    rows = table("page_cues", "role", "pattern", "source")
    return tuple(
        (role, re.compile(_expand(row["pattern"]))) for role in roles for row in rows if row["role"] == role
    )


@functools.cache
def _bylines(*kinds: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = table("page_bylines", "kind", "pattern", "source")
    return tuple(
        (row["kind"], re.compile(_expand(row["pattern"])))
        for row in rows
        if not kinds or row["kind"] in kinds
    )


def _furniture_effect(flat: str) -> str:
    match = _furniture().fullmatch(flat)
    return _effects()[match.lastgroup] if match and match.lastgroup else ""


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
def _with_author(name: str, *roles: str) -> tuple[re.Pattern[str], ...]:
    rows = table("page_cues", "role", "pattern", "source")
    escaped = re.escape(" ".join(name.split()))
    return tuple(
        re.compile(row["pattern"].replace("{author}", escaped))
        for row in rows
        if row["role"] in roles and "{author}" in row["pattern"] and escaped
    )


@functools.cache
def _without_author(role: str) -> tuple[re.Pattern[str], ...]:
    rows = table("page_cues", "role", "pattern", "source")
    return tuple(
        re.compile(row["pattern"]) for row in rows if row["role"] == role and "{author}" not in row["pattern"]
    )


@functools.cache
def _verbs() -> frozenset[str]:
    return frozenset(row["word"] for row in table("page_verbs", "word"))
