"""A small pattern language over token tags: what `rules/data/times_patterns.tsv` is written in.

A pattern is a regular expression whose letters are tags. `MONTH` (capitals) is a tag from the
lexicon or the lexer, `of` (small letters) or `'.'` (quoted) the very word or sign, `$COUNT` a macro.
`( )`, `|` and `?` mean what they do in regular expressions, `name:` before an item captures it.
There is no repetition, so every match is of bounded length and matching a text is linear in it.

Every set of tags that a token can bear is mapped to one character; a text becomes a string of these
characters and a pattern an ordinary compiled expression over them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from claimtable.errors import RuleError

_ITEM = re.compile(r"\s*(?:(?P<name>[a-z]\w*):)?(?P<item>\$[A-Z_]+|[A-Z][A-Z_0-9]*|[a-z]+|'[^']+'|[()|?]|$)")
_FIRST_CHAR = 0x100


class Alphabet:
    """One character for each set of tags that a token can bear."""

    def __init__(self) -> None:
        self._chars: dict[frozenset[str], str] = {}

    def char(self, tags: Iterable[str]) -> str:
        """Return the character of this set of tags, a new one at its first use."""
        key = frozenset(tags)
        if key not in self._chars:
            self._chars[key] = chr(_FIRST_CHAR + len(self._chars))
        return self._chars[key]

    def having(self, tag: str) -> str:
        """Return the characters of all sets that hold `tag`."""
        return "".join(char for tags, char in self._chars.items() if tag in tags)


@dataclass(frozen=True)
class Pattern:
    """A checked line of the pattern table; its expression is compiled when a text first needs it."""

    id: str
    build: str
    """Name of the function that makes a meaning of a match."""
    args: str
    source: str
    """The regular expression over characters of the alphabet."""
    prefixes: frozenset[str]
    """What a match can begin with: pairs of characters, and single ones where one token is a whole match."""
    groups: Mapping[str, tuple[str, ...]]
    """Names of the captured parts → the groups of the expression that hold them; a name may stand at several places."""

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The compiled expression."""
        return re.compile(self.source)


@dataclass(frozen=True, slots=True)
class _Part:
    regex: str
    prefixes: frozenset[str]
    """The first two characters of all matches; shorter ones are whole matches, "" is the empty match."""


def _join(before: frozenset[str], after: frozenset[str]) -> frozenset[str]:
    """Return the prefixes of the one part followed by the other."""
    return frozenset(head if len(head) == 2 else (head + tail)[:2] for head in before for tail in after)


def literals(text: str) -> set[str]:
    """Return the words and signs that a pattern names literally."""
    found: set[str] = set()
    for match in _ITEM.finditer(text):
        item = match["item"]
        if item[:1] == "'":
            found.add(item[1:-1])
        elif item[:1].islower():
            found.add(item)
    return found


class _Compiler:
    def __init__(
        self,
        text: str,
        where: str,
        alphabet: Alphabet,
        macros: Mapping[str, str],
        groups: dict[str, list[str]] | None = None,
    ) -> None:
        self.groups: dict[str, list[str]] = {} if groups is None else groups
        self.where = where
        self.alphabet = alphabet
        self.macros = macros
        self.items: list[tuple[str | None, str]] = []
        at = 0
        while at < len(text.rstrip()):
            match = _ITEM.match(text, at)
            if match is None or match.end() == at:
                raise RuleError(f"{where}: cannot read {text[at:]!r}")
            self.items.append((match["name"], match["item"]))
            at = match.end()
        self.at = 0

    def peek(self) -> str:
        return self.items[self.at][1] if self.at < len(self.items) else ""

    def alternation(self) -> _Part:
        parts = [self.sequence()]
        while self.peek() == "|":
            self.at += 1
            parts.append(self.sequence())
        if len(parts) == 1:
            return parts[0]
        return _Part(
            f"(?:{'|'.join(p.regex for p in parts)})", frozenset().union(*(p.prefixes for p in parts))
        )

    def sequence(self) -> _Part:
        regex, prefixes = "", frozenset({""})
        while self.peek() not in ("", "|", ")"):
            part = self.item()
            regex += part.regex
            if any(len(prefix) < 2 for prefix in prefixes):
                prefixes = _join(prefixes, part.prefixes)
        return _Part(regex, prefixes)

    def item(self) -> _Part:
        name, item = self.items[self.at]
        self.at += 1
        if item == "(":
            part = self.alternation()
            if self.peek() != ")":
                raise RuleError(f"{self.where}: a bracket is not closed")
            self.at += 1
            part = _Part(f"(?:{part.regex})", part.prefixes)
        elif item.startswith("$"):
            if item[1:] not in self.macros:
                raise RuleError(f"{self.where}: no macro {item}")
            inner = _Compiler(self.macros[item[1:]], self.where, self.alphabet, self.macros, self.groups)
            part = inner.alternation()
            part = _Part(f"(?:{part.regex})", part.prefixes)
        else:
            tag = item if item[0].isupper() else "=" + item.strip("'")
            chars = self.alphabet.having(tag)
            if not chars:
                raise RuleError(f"{self.where}: nothing bears the tag {tag}")
            part = _Part(f"[{chars}]", frozenset(chars))
        if name:
            places = self.groups.setdefault(name, [])
            places.append(f"{name}_{len(places)}")
            part = _Part(f"(?P<{places[-1]}>{part.regex})", part.prefixes)
        if self.peek() == "?":
            self.at += 1
            part = _Part(f"(?:{part.regex})?", part.prefixes | {""})
        return part


def compile_pattern(
    text: str, *, id: str, build: str, args: str, alphabet: Alphabet, macros: Mapping[str, str]
) -> Pattern:
    """Compile one pattern against a complete alphabet.

    Raises:
        RuleError: the pattern cannot be read, names an unknown macro or a tag that nothing bears, or
            can match nothing at all. The message names the pattern by its id.
    """
    where = f"rules/data/times_patterns.tsv {id}"
    compiler = _Compiler(text, where, alphabet, macros)
    part = compiler.alternation()
    if compiler.at != len(compiler.items):
        raise RuleError(f"{where}: a bracket too many")
    if "" in part.prefixes:
        raise RuleError(f"{where}: matches the empty text")
    groups = {name: tuple(places) for name, places in compiler.groups.items()}
    return Pattern(id, build, args, part.regex, part.prefixes, groups)
