"""Text to tokens with tags: words of the lexicon, numbers in digits and words, ISO dates, clock times, quarter codes."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate

from claimtable import rules
from claimtable.nlp.times.patterns import Alphabet

_SHAPES = {
    "word": r"[^\W\d_]++(?:['’](?!s\b)[^\W\d_]++)?+(?!\d)",
    "iso": r"(?<![\w-])[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[T ](?:[01]\d|2[0-4]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?)?(?!\w)",
    "numeric": r"(?<![\w/.])\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})(?![\w/])|(?<![\w.])\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})(?!\w|\.\d)|(?<![\w-])(?:\d{1,2}-\d{1,2}-\d{4}|\d\d-\d\d-\d\d)(?!\w|-\d)|(?<![\w/.])[12]\d{3}(?:/\d{1,2}/|\.\d{1,2}\.)\d{1,2}(?![\w/]|\.\d)",
    "slash": r"(?<![\w/.-])\d{1,2}/\d{1,2}(?![\w/%]|[.-]\d)",
    "clock": r"(?<![\w:.])(?:[01]?\d|2[0-4])(?::[0-5]\d(?::[0-5]\d)?(?:\s?(?:[apAP]\.[mM]\.|[apAP][mM]\b))?|(?:\.[0-5]\d)?\s?(?:[apAP]\.[mM]\.|[apAP][mM]\b))(?![:\d])",
    "decade": r"(?<!\w)(?:[12]\d{2}0|['’]?\d0)['’]?s\b",
    "code": r"(?<!\w)(?:[Qq][1-4]|[1-4]Q|H[12]|[12]H|(?:FY|CY)(?=['’\d]))(?:\s?[-/]?\s?['’]?(?:[12]\d{3}|\d\d))?(?!\w)",
    "ordinal": r"(?<![\w.,])\d{1,4}(?:st|nd|rd|th|ST|ND|RD|TH)\b",
    "fraction": r"(?<![\w.,/])\d{1,3}[ -]1/2(?![\w/])|(?<![\w.,])\d{1,3}½",
    "footnoted": r"(?:(?<=[Ii]n )|(?<=[Ss]ince )|(?<=[Bb]y )|(?<=\d, )|(?<=ary )|(?<=rch )|(?<=ril )|(?<=May )|(?<=une )|(?<=uly )|(?<=ust )|(?<=ber ))(?:1[4-9]|20)\d\d(?=\.\d{1,2}\s+[A-Z“\"])",
    "number": r"\d+(?:,\d{3}(?!\d))*+(?:\.\d++)?+",
    "poss": r"(?<=\w)['’]s?(?!\w)",
    "short": r"['’]\d\d(?!\w)",
    "dash": r"[-‐‑‒–−]|~(?=\s?\d)",
    "sign": r"[^\s\w]",
    "glued": r"[^\W\d_]++|_++",
    "brk": r"\s++",
}
"""Kind of token → its shape, tried in this order. Together they cover every character of a text."""

_SPACE = r"[^\S\n]*+(?:\n(?![^\S\n]*+\n)[^\S\n]*+)?+"
"""White space after a token, a single line break among it; a blank line is a token of its own."""

_TOKEN = re.compile(f"(?:{'|'.join(_SHAPES.values())}){_SPACE}")
_KIND = re.compile("|".join(f"(?P<{kind}>{shape})" for kind, shape in _SHAPES.items()))
_CACHED = 50_000
"""Surfaces of which the class is remembered; some 10 MB, more than a newspaper's vocabulary."""

_LONGEST_NUMBER = 15
"""Digits; longer runs are identifiers."""


@functools.cache
def neighbours() -> dict[str, frozenset[str]]:
    """Return the word sets of `rules/data/times_neighbours.tsv` by id."""
    rows = rules.table("times_neighbours", "words", "source")
    return {row["id"]: frozenset(row["words"].split(" ")) for row in rows}


@dataclass(slots=True)
class Lexemes:
    """Parallel columns over the tokens of a text; offsets are code points."""

    text: str
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    """Lower case, typographic apostrophes made plain."""
    values: list[object] = field(default_factory=list)
    """What a number, ordinal or holiday stands for; None for other tokens."""
    classes: str = ""
    """One character per token, from the `Alphabet`."""


class Lexicon:
    """The tagged words of `rules/data/times_words.tsv` and `times_holidays.tsv`."""

    def __init__(self, literals: Iterable[str]) -> None:
        tags: dict[str, set[str]] = {}
        self.values: dict[str, dict[str, str]] = {}
        """Tag → word → value."""
        for row in rules.table("times_words", "word", "tag"):
            tags.setdefault(row["word"], set()).add(row["tag"])
            self.values.setdefault(row["tag"], {})[row["word"]] = row["value"]
        for word in self.values["ORDWORD"]:
            tags[word] |= {"ORD", "DAYORD"}
        for word, value in self.values["NUMWORD"].items():
            tags[word] |= {"NUM"} | ({"HOUR"} if 1 <= int(value) <= 12 else set())
        for word in self.values["NUMSCALE"]:
            tags[word].add("NUM")
        for word in literals:
            tags.setdefault(word, set()).add("=" + word)
        self.holidays: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for row in rules.table("times_holidays", "names", "rule"):
            for name in row["names"].split("|"):
                words = tuple(t.rstrip() for t in _TOKEN.findall(name))
                self.holidays.setdefault(words[0], []).append((words, row["rule"]))
        for entries in self.holidays.values():
            entries.sort(key=lambda entry: -len(entry[0]))
        for word in self.holidays:
            tags.setdefault(word, set()).add("HOLIDAYWORD")
        self._known: dict[str, tuple[str, str, int]] = {}
        self.alphabet = Alphabet()
        self.word_class = {word: self.alphabet.char(found) for word, found in tags.items()}
        self.tags = tags
        self.other = self.alphabet.char(())
        number = self.alphabet.char
        self._number_class = [
            number({"NUM", "DAY", "MONTHNUM", "HOUR"}),
            number({"NUM", "DAY", "HOUR"}),
            number({"NUM", "DAY"}),
            number({"NUM"}),
            number({"NUM", "YEAR"}),
            number({"NUM", "HOURS"}),
        ]
        self.kinds = {
            "iso": number({"ISO"}),
            "numeric": number({"NUMERIC"}),
            "slash": number({"SLASHED"}),
            "clock": number({"CLOCK"}),
            "decade": number({"DECADE"}),
            "code": number({"CODE"}),
            "ordinal": number({"ORD"}),
            "dayord": number({"ORD", "DAYORD"}),
            "fraction": number({"NUM", "FRACTION"}),
            "poss": number({"POSS"}),
            "short": number({"SHORTYEAR"}),
            "brk": number({"BREAK"}),
            "dash": self.word_class.get("-", self.other),
            "spelled": number({"NUM", "SPELLED"}),
            "yearwords": number({"NUM", "YEARWORDS"}),
            "holiday": number({"HOLIDAY"}),
        }
        numberlike = "".join(
            map(re.escape, (*self.alphabet.having("NUMWORD"), *self.alphabet.having("NUMSCALE")))
        )
        self._holiday_start = re.compile(f"[{self.alphabet.having('HOLIDAYWORD')}]")
        ordinal = "".join(self.alphabet.having("ORDWORD"))
        digits = "".join(self._number_class)
        scale = "".join(self.alphabet.having("NUMSCALE"))
        self._spelled = re.compile(
            f"[{numberlike}](?:(?:{re.escape(self.kinds['dash'])}|{self.word_class['and']})?[{numberlike}{ordinal}])++"
            f"|[{digits}][{scale}]++"
        )

    def number_class(self, digits: str) -> str:
        """Return the class of a number in digits."""
        kinds = self._number_class
        if len(digits) <= 2:
            value = int(digits)
            return kinds[0 if 1 <= value <= 12 else 1 if 0 < value <= 24 else 2 if 0 < value <= 31 else 3]
        if len(digits) == 4 and digits.isdigit():
            if "1000" <= digits < "3000":
                return kinds[4]
            if digits <= "2400":
                return kinds[5]
        return kinds[3]

    def _classify(self, raw: str) -> tuple[str, str, int]:
        """Return class, word and length of a token as `_TOKEN` cuts it, with the white space after it."""
        surface = raw.rstrip()
        match = _KIND.match(surface)
        kind = "brk" if match is None else match.lastgroup or "brk"
        word = surface.lower().replace("’", "'")
        if word in ("'", "'s"):
            # Alone it has lost the word before it, by which the shape knows it.
            char = self.kinds["poss"]
        elif kind in ("word", "glued", "sign"):
            char = self.word_class.get(word, self.other)
        elif kind in ("number", "footnoted"):
            char = self.number_class(surface)
        elif kind == "ordinal":
            char = self.kinds["dayord" if int(surface[:-2]) <= 31 else "ordinal"]
        else:
            char = self.kinds[kind]
        if len(self._known) >= _CACHED:
            self._known.clear()
        found = self._known[raw] = (char, word, len(surface) or len(raw))
        return found

    def read(self, text: str) -> Lexemes:
        """Split a text into tokens with classes. Linear in the length of the text."""
        surfaces = _TOKEN.findall(text)
        known, classify = self._known.get, self._classify
        read = [known(surface) or classify(surface) for surface in surfaces]
        starts = list(accumulate(map(len, surfaces), initial=0))
        starts.pop()
        tokens = Lexemes(
            text,
            starts,
            [start + item[2] for start, item in zip(starts, read, strict=True)],
            [item[1] for item in read],
            [None] * len(read),
            "".join([item[0] for item in read]),
        )
        self._join_holidays(tokens)
        self._join_numbers(tokens)
        return tokens

    def _join_holidays(self, tokens: Lexemes) -> None:
        found: list[tuple[int, int, object, str]] = []
        for match in self._holiday_start.finditer(tokens.classes):
            i = match.start()
            for names, rule in self.holidays[tokens.words[i]]:
                if tuple(tokens.words[i : i + len(names)]) == names:
                    found.append((i, i + len(names), rule, self.kinds["holiday"]))
                    break
        _merge(tokens, found)

    def _join_numbers(self, tokens: Lexemes) -> None:
        found: list[tuple[int, int, object, str]] = []
        for match in self._spelled.finditer(tokens.classes):
            start, end = match.span()
            parts = [w for w in tokens.words[start:end] if w not in "-‐‑‒–−" and w != "and"]
            ordinal = self.values["ORDWORD"].get(parts[-1])
            if ordinal is not None:
                tens = self.values["NUMWORD"].get(parts[-2], "0")
                if int(tens) in range(20, 100, 10) and int(ordinal) < 10:
                    value = int(tens) + int(ordinal)
                    lead = end - (3 if tokens.words[end - 2] in "-‐‑‒–−" else 2)
                    kind = self.kinds["dayord" if value <= 31 else "ordinal"]
                    found.append((lead, end, value, kind))
                    continue
                parts = parts[:-1]
                end -= 1
                while end > start and tokens.words[end - 1] in ("and", *"-‐‑‒–−"):
                    end -= 1
                if end - start < 2:
                    continue
            year = self._year_words(parts)
            if year is not None:
                found.append((start, end, year, self.kinds["yearwords"]))
                continue
            value_ = self.spelled_value(parts)
            if value_ is not None:
                kind = "yearwords" if 1900 <= value_ < 2200 and float(value_).is_integer() else "spelled"
                found.append((start, end, value_, self.kinds[kind]))
        _merge(tokens, found)

    def _year_words(self, parts: list[str]) -> int | None:
        """Return 1996 for "nineteen ninety-six", None for what is no year in two halves."""
        numbers = [int(self.values["NUMWORD"].get(part, "-1")) for part in parts]
        if len(numbers) < 2 or numbers[0] not in (16, 17, 18, 19, 20):
            return None
        rest = numbers[1:]
        if len(rest) == 1 and 10 <= rest[0] <= 99:
            return numbers[0] * 100 + rest[0]
        if len(rest) == 2 and rest[0] >= 20 and 0 < rest[1] < 10:
            return numbers[0] * 100 + rest[0] + rest[1]
        return None

    def spelled_value(self, parts: list[str]) -> float | None:
        """Return the value of number words in a row, None where they make no one number ("two three")."""
        total = current = 0.0
        last = 1e18
        for part in parts:
            scale = self.values["NUMSCALE"].get(part)
            if scale is not None:
                if int(scale) == 100:
                    if current >= 100:
                        return None  # "hundred and hundred and": no number
                    current = (current or 1) * 100
                else:
                    total += (current or 1) * int(scale)
                    current = 0.0
                last = int(scale)
                continue
            word = self.values["NUMWORD"].get(part)
            value = float(word) if word is not None else number_value(part)
            if value is None or value >= last or (current and last < 20):
                return None
            current += value
            last = value if value >= 20 else 1
        return total + current


def number_value(text: str) -> float | None:
    """Return the value of a number in digits ("1,000", "2 1/2"), None for what is none."""
    text = text.replace(",", "")
    if text.endswith(("1/2", "½")):
        return float(re.split(r"[ -]|½", text)[0]) + 0.5
    if len(text) > _LONGEST_NUMBER:
        return None
    try:
        return float(text)
    except ValueError:
        return None


def _merge(tokens: Lexemes, spans: list[tuple[int, int, object, str]]) -> None:
    """Make one token of each half-open token range; the ranges are in order and do not overlap."""
    if not spans:
        return
    old = Lexemes(tokens.text, tokens.starts, tokens.ends, tokens.words, tokens.values, tokens.classes)
    tokens.starts, tokens.ends, tokens.words, tokens.values = [], [], [], []
    classes: list[str] = []
    at = 0
    for start, end, value, kind in [*spans, (len(old.words), len(old.words), None, "")]:
        if start < at:
            continue
        tokens.starts += old.starts[at:start]
        tokens.ends += old.ends[at:start]
        tokens.words += old.words[at:start]
        tokens.values += old.values[at:start]
        classes.append(old.classes[at:start])
        if end > start:
            tokens.starts.append(old.starts[start])
            tokens.ends.append(old.ends[end - 1])
            tokens.words.append(tokens.text[old.starts[start] : old.ends[end - 1]].lower())
            tokens.values.append(value)
            classes.append(kind)
        at = end
    tokens.classes = "".join(classes)
