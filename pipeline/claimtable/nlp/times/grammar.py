"""The compiled lexicon and patterns, and the cascade that turns tokens into unresolved times.

Level 1 reads words, level 2 puts a part into its whole ("tuesday of last week", "Sunday, January 1"),
level 3 puts times of day on their days ("5 p.m. Nov. 9"), level 4 adds what narrows a time ("the end
of", "early", "two days before"). At each token the longest
match counts, the earlier line of the table among equals.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from claimtable import rules
from claimtable.errors import RuleError
from claimtable.nlp.times.amounts import AMOUNTS
from claimtable.nlp.times.builders import CALENDAR, Builder
from claimtable.nlp.times.composition import COMPOSERS
from claimtable.nlp.times.lexer import Lexemes, Lexicon
from claimtable.nlp.times.meaning import Match, Meaning
from claimtable.nlp.times.patterns import Pattern, compile_pattern, literals

LEVELS = ("1", "2", "3", "4")

KINDS = [
    "day",
    "month",
    "weekday",
    "year",
    "quarter",
    "half",
    "season",
    "decade",
    "century",
    "unit",
    "shift",
    "relday",
    "ordinal",
    "holiday",
    "clock",
    "daypart",
    "duration",
    "set",
    "ref",
    "span",
    "numeric",
]
"""What a meaning can be; the next level sees a found time of kind x as the tag C_X."""


@dataclass(slots=True)
class Chunks:
    """Tokens of which some are times already found; `meanings` and `rules` are parallel to the tokens."""

    tokens: Lexemes
    meanings: list[Meaning | None]
    rules: list[str]


@dataclass(frozen=True, slots=True)
class _Level:
    by_prefix: dict[str, tuple[Pattern, ...]]
    """Two characters → the patterns that can match there; filled as pairs turn up in texts."""
    patterns: tuple[Pattern, ...]
    start: re.Pattern[str]

    def at(self, pair: str) -> tuple[Pattern, ...]:
        """Return the patterns that can match where the text goes on with `pair`."""
        found = self.by_prefix.get(pair)
        if found is None:
            found = tuple(p for p in self.patterns if pair in p.prefixes or pair[0] in p.prefixes)
            self.by_prefix[pair] = found
        return found


_BUILDERS: dict[str, Builder] = {**CALENDAR, **AMOUNTS, **COMPOSERS}


class Grammar:
    """Lexicon and pattern levels; `grammar()` gives the one of the package's own rules."""

    def __init__(self) -> None:
        rows = rules.table("times_patterns", "level", "pattern", "build")
        words = set().union(*(literals(row["pattern"]) for row in rows))
        self.lexicon = Lexicon({*words, "-", "and"})
        alphabet = self.lexicon.alphabet
        self.chunk_class = {kind: alphabet.char({"C_" + kind.upper()}) for kind in KINDS}
        macros = {row["build"]: row["pattern"] for row in rows if row["level"] == "macro"}
        self.levels: list[_Level] = []
        for level in LEVELS:
            patterns = []
            for row in rows:
                if row["level"] != level:
                    continue
                if row["build"] not in _BUILDERS:
                    raise RuleError(f"rules/data/times_patterns.tsv {row['id']}: no builder {row['build']!r}")
                patterns.append(
                    compile_pattern(
                        row["pattern"],
                        id=row["id"],
                        build=row["build"],
                        args=row["args"],
                        alphabet=alphabet,
                        macros=macros,
                    )
                )
            chars = sorted({prefix[0] for p in patterns for prefix in p.prefixes})
            self.levels.append(_Level({}, tuple(patterns), re.compile(f"[{''.join(chars)}]")))

    def parse(self, text: str) -> Chunks:
        """Find the unresolved times of a text, as chunks among the remaining tokens."""
        tokens = self.lexicon.read(text)
        chunks = Chunks(tokens, [None] * len(tokens.words), [""] * len(tokens.words))
        for number, level in enumerate(self.levels):
            chunks = self._apply(level, chunks, first=number == 0)
        return chunks

    def _apply(self, level: _Level, chunks: Chunks, *, first: bool) -> Chunks:
        tokens = chunks.tokens
        classes = tokens.classes
        found: list[tuple[int, int, Meaning, str]] = []
        at = 0
        search = level.start.search
        while (head := search(classes, at)) is not None:
            start = head.start()
            at = start + 1
            candidates = level.at(classes[start : start + 2])
            if not candidates:
                continue
            matches = []
            for pattern in candidates:
                match = pattern.regex.match(classes, start)
                if match is not None:
                    matches.append((match.end(), match, pattern))
            if not matches:
                continue
            if len(matches) > 1:
                matches.sort(key=lambda m: -m[0])
            for end, match, pattern in matches:
                meaning = _BUILDERS[pattern.build](
                    Match(match, pattern.id, pattern.groups, tokens, self.lexicon, chunks.meanings),
                    pattern.args,
                )
                if meaning is not None:
                    found.append((start, end, meaning, pattern.id))
                    at = end
                    break
        return self._reduce(chunks, found) if found else chunks

    def _reduce(self, chunks: Chunks, found: list[tuple[int, int, Meaning, str]]) -> Chunks:
        """Replace the tokens of each found time by one chunk token."""
        old = chunks.tokens
        new = Lexemes(old.text)
        meanings: list[Meaning | None] = []
        names: list[str] = []
        classes: list[str] = []
        at = 0
        for start, end, meaning, rule in found:
            new.starts += old.starts[at:start]
            new.ends += old.ends[at:start]
            new.words += old.words[at:start]
            new.values += old.values[at:start]
            meanings += chunks.meanings[at:start]
            names += chunks.rules[at:start]
            classes.append(old.classes[at:start])
            new.starts.append(old.starts[start])
            new.ends.append(old.ends[end - 1])
            new.words.append(old.words[start])
            new.values.append(None)
            meanings.append(meaning)
            names.append(rule)
            classes.append(self.chunk_class[meaning.kind])
            at = end
        new.starts += old.starts[at:]
        new.ends += old.ends[at:]
        new.words += old.words[at:]
        new.values += old.values[at:]
        meanings += chunks.meanings[at:]
        names += chunks.rules[at:]
        classes.append(old.classes[at:])
        new.classes = "".join(classes)
        return Chunks(new, meanings, names)


@functools.cache
def grammar() -> Grammar:
    """Return the grammar, compiled at first use."""
    return Grammar()
