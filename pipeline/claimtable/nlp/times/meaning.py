"""What a matched pattern means, before it is resolved against a date."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from claimtable.nlp.times.lexer import Lexemes, Lexicon, number_value

Clock = tuple[int, int | None, int | None]
"""Hour, minute and second; None where the text does not give them."""


ANY_DAY = 9
"""Direction of a weekday that is any such one: "on a Monday"."""


@dataclass(slots=True)
class Meaning:
    """An unresolved time. Which fields are set depends on `kind`."""

    kind: str
    """day month weekday year quarter half season decade century, unit (a calendar unit counted from a
    date), shift (an amount from a date), relday, ordinal (the nth unit of something), holiday, clock,
    daypart, duration, set, ref, span (a range in one expression)."""
    year: int | None = None
    month: int | None = None
    day: int | None = None
    number: int | None = None
    """Weekday 0-6, quarter, half, decade (199), century (20), or the n of the nth."""
    unit: str | None = None
    count: float | None = None
    """Units of a duration or shift; None where the text does not say how many."""
    extra: tuple[tuple[float, str], ...] = ()
    """Further summands of a duration: (count, unit)."""
    steps: int = 0
    """Units from the anchor: -1 last, 0 this, +1 next."""
    anchor: str = "published"
    """`published`, `text` (the time before it in the text), or `none`."""
    code: str | None = None
    """Season, day part, TIMEX3 value of a set or reference, or holiday rule."""
    clock: Clock | None = None
    mod: str | None = None
    fiscal: bool = False
    direction: int | None = None
    """-1 last, 0 this, +1 next, for named days, months and seasons; None to be settled by tense."""
    report: bool = False
    """The sentence is about results, or the words stand alone as in a table: "a year ago" is the comparable period."""
    compared: bool = False
    """It is what the period of a report is compared with: "down from last week"."""
    qualifies: bool = False
    """It stands between an article or owner and a noun: "the May 19 vote"."""
    of: Meaning | None = None
    """The larger time it belongs to, or the one that it is counted from."""
    to: Meaning | None = None
    """The other end of a range."""
    weak: str | None = None
    """Names the evidence without which it is dropped; None for what is always a time."""
    start: int | None = None
    """Code point where the expression itself begins, behind a word that only says how exactly it is meant ("about", "earlier");
    None for the beginning of the match."""


@dataclass(slots=True)
class Match:
    """A pattern match as the builders see it."""

    found: re.Match[str]
    id: str
    groups: Mapping[str, tuple[str, ...]]
    tokens: Lexemes
    lexicon: Lexicon
    chunks: list[Meaning | None] = field(default_factory=list)

    def index(self, name: str) -> int | None:
        """Return the token index where a captured part begins, None where it took no part."""
        for group in self.groups.get(name, ()):
            at = self.found.start(group)
            if at >= 0:
                return at
        return None

    def word(self, name: str) -> str:
        """Return the first word of a captured part, "" where it took no part."""
        at = self.index(name)
        return "" if at is None else self.tokens.words[at]

    def has(self, name: str) -> bool:
        """Return whether a captured part took part."""
        return self.index(name) is not None

    def value(self, name: str, tag: str) -> str | None:
        """Return what the lexicon says of the captured word under `tag`."""
        return self.lexicon.values[tag].get(self.word(name))

    def number(self, name: str) -> float | None:
        """Return the captured number, ordinal or number word."""
        at = self.index(name)
        if at is None:
            return None
        return token_number(self.tokens, self.lexicon, at)

    def integer(self, name: str) -> int | None:
        """Return the captured number where it is whole."""
        value = self.number(name)
        return int(value) if value is not None and value.is_integer() else None

    def chunk(self, name: str) -> Meaning:
        """Return a copy of a captured chunk of the level below."""
        at = self.index(name) or 0
        chunk = self.chunks[at]
        assert chunk is not None
        return replace(chunk) if at == self.found.start() else replace(chunk, start=None)


def token_number(tokens: Lexemes, lexicon: Lexicon, at: int) -> float | None:
    """Return the number that a token stands for."""
    value = tokens.values[at]
    if isinstance(value, int | float):
        return float(value)
    word = tokens.words[at]
    for tag in ("NUMWORD", "NUMSCALE", "ORDWORD"):
        known = lexicon.values[tag].get(word)
        if known is not None:
            return float(known)
    if word[-2:] in ("st", "nd", "rd", "th"):
        word = word[:-2]
    return number_value(word)


def in_part(clock: Clock | None, part: str | None) -> Clock | None:
    """Return the clock time that is meant in that part of the day: six in the afternoon is 18:00."""
    if clock is None or clock[0] >= 12:
        return clock
    later = part in ("AF", "EV") or (part == "NI" and clock[0] > 5)
    return (clock[0] + 12, *clock[1:]) if later else clock
