"""What is known of names before reading the document: states and their people, seats, regions, cities, words of titles.

All of it comes from `rules/data`; nothing is read before the first component is made.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from claimtable.rules import table
from claimtable.schema import ActorType

Form = Literal["name", "adjective", "people", "capital", "seat"]
_TYPES: dict[str, ActorType] = {"state": "GPE", "union": "ORG", "region": "LOC", "group": "NORP"}
"""Types of the places that actor_additions.tsv adds, by its column `kind`."""


@dataclass(frozen=True, slots=True)
class Place:
    """A state, union, region or group of people that the gazetteer knows."""

    key: str
    """Stable id: ISO 3166-1 code of a present state, else the id of its line."""
    name: str
    """Usual English short name."""
    type: ActorType


@dataclass(frozen=True, slots=True)
class Hit:
    """A place's name in one of its forms, found in a text."""

    place: Place
    form: Form
    seat: str = ""
    """Forms `capital` and `seat`: the name of the town or building itself."""


@dataclass(slots=True)
class Gazetteer:
    """Names by exact spelling, and word classes by lower-case word."""

    hits: dict[str, Hit] = field(default_factory=dict)
    """By name with single spaces; case matters ("US" is no "us")."""
    starts: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    """Token sequences of the names by their first token, the longest first."""
    towns: frozenset[str] = frozenset()
    """Folded names of cities and of first-level divisions of states."""
    words: dict[str, frozenset[str]] = field(default_factory=dict)
    """Word classes of actor_words.tsv: kind → words, lower case but for `no_acronym`."""
    titles: dict[str, str] = field(default_factory=dict)
    """Lower-case title without its full stop → "male", "female" or ""."""
    first_names: dict[str, str] = field(default_factory=dict)
    """Lower-case first name → "male" or "female"."""
    legal_forms: frozenset[str] = frozenset()
    """Lower-case designators of legal forms ("inc", "ltd.")."""

    def is_a(self, kind: str, word: str) -> bool:
        """Return whether the lower-case `word` is of the class `kind`."""
        return word in self.words[kind]

    def match(self, tokens: Sequence[str], i: int) -> tuple[int, Hit] | None:
        """Return the end of the longest known name that begins at token `i`, with its hit, or None."""
        for sequence in self.starts.get(tokens[i], ()):
            end = i + len(sequence)
            if end <= len(tokens) and tuple(tokens[i:end]) == sequence:
                return end, self.hits[_join(sequence)]
        return None


@functools.lru_cache(maxsize=16384)
def fold(name: str) -> str:
    """Return the name without case, diacritics, full stops and differences of apostrophes and hyphens."""
    plain = name
    if name.isalpha() and name.isascii():
        return name.casefold()
    if not name.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    plain = plain.replace("’", "'").replace("‘", "'").replace("‐", "-").replace("‑", "-").replace(".", "")
    return " ".join(plain.casefold().split())


def _join(sequence: Sequence[str]) -> str:
    return "\0".join(sequence)


def split(name: str) -> tuple[str, ...]:
    """Return the tokens that the English tokenizer makes of a name: hyphens between letters and final 's stand alone."""
    out: list[str] = []
    for word in name.split():
        tail: list[str] = []
        if word.endswith(("'s", "’s")):
            word, tail = word[:-2], [word[-2:]]
        if word.endswith(","):
            word, tail = word[:-1], [",", *tail]
        for k, part in enumerate(word.split("-")):
            out += ["-"] * (k > 0) + [part] * bool(part)
        out += tail
    return tuple(out)


def _cells(cell: str) -> list[str]:
    return [part for part in cell.split("|") if part]


@functools.cache
def gazetteer() -> Gazetteer:
    """Read the lexicons once."""
    g = Gazetteer()
    places: dict[str, Place] = {}
    for row in table("states", "name"):
        place = places[row["id"]] = Place(row["id"], row["name"], "GPE")
        _enter(g, place, [row["name"], *_cells(row["names"])], row["adjectives"], row["people"])
        for capital in _cells(row["capitals"]):
            _add(g, capital, Hit(place, "capital", capital))
            if len(capital) > 4:
                _add(g, capital.upper(), Hit(place, "capital", capital))
    for row in table("divisions", "name", "state"):
        # Those of several words, or of the United States; the others clash with ordinary words.
        if " " in row["name"] or (row["state"] == "US" and row["name"] not in ("Washington", "Georgia")):
            _add(g, row["name"], Hit(Place(row["id"], row["name"], "GPE"), "name"))
    for row in table("regions", "name"):
        _enter(g, Place(f"region-{row['name'].casefold()}", row["name"], "LOC"), [row["name"]], "", "")
    for row in table("actor_additions", "kind", "name", "source"):
        _enter_addition(g, places, row)
    for row in table("organisations", "name", "source"):
        _add(g, row["name"], Hit(Place(row["id"], row["name"], "ORG"), "name"))
    for sequences in g.starts.values():
        sequences.sort(key=len, reverse=True)
    g.towns = frozenset(fold(row["name"]) for name in ("cities", "divisions") for row in table(name, "name"))
    _read_words(g)
    return g


def _enter_addition(g: Gazetteer, places: dict[str, Place], row: Mapping[str, str]) -> None:
    """Enter a line of actor_additions.tsv: a seat or another name of a place, or a place of its own."""
    names = [row["name"], *_cells(row["names"])]
    if row["kind"] == "seat":
        for name in names:
            _add(g, name, Hit(places[row["of"]], "seat", row["name"]), override=True)
        return
    if row["kind"] == "alias":
        place = places[row["of"]]
    else:
        key = f"region-{row['name'].casefold()}" if row["kind"] == "region" else row["id"]
        place = places[row["id"]] = Place(key, row["name"], _TYPES[row["kind"]])
    _enter(g, place, names, row["adjectives"], row["people"], override=True)
    for seat in _cells(row["seats"]):
        _add(g, seat, Hit(place, "capital", seat), override=True)


def _read_words(g: Gazetteer) -> None:
    """Read the word classes, titles, first names and legal forms."""
    classes: dict[str, set[str]] = {}
    for row in table("actor_words", "kind", "word"):
        word = row["word"] if row["kind"] == "no_acronym" else row["word"].lower()
        classes.setdefault(row["kind"], set()).add(word)
        if row["kind"] == "title":
            g.titles[word.rstrip(".")] = row["value"]
    g.words = {kind: frozenset(words) for kind, words in classes.items()}
    g.first_names = {row["id"]: row["sex"] for row in table("first_names", "name", "sex")}
    g.legal_forms = frozenset(row["name"] for row in table("legal_forms", "name"))


def _enter(
    g: Gazetteer, place: Place, names: list[str], adjectives: str, people: str, *, override: bool = False
) -> None:
    for name in names:
        _add(g, name, Hit(place, "name"), override=override)
        # Headlines in capitals: plain short names only, the tokenizer splits the others in another way there.
        if 3 < len(name) <= 20 and not name.isupper() and "." not in name and "'" not in name:
            _add(g, name.upper(), Hit(place, "name"))
    for word in _cells(adjectives):
        _add(g, word, Hit(place, "adjective"), override=override)
    for word in _cells(people):
        _add(g, word, Hit(place, "people"), override=override)


def _add(g: Gazetteer, name: str, hit: Hit, *, override: bool = False) -> None:
    sequence = split(name)
    key = _join(sequence)
    if not sequence or (key in g.hits and not override):
        return
    if key not in g.hits:
        g.starts.setdefault(sequence[0], []).append(sequence)
    g.hits[key] = hit
    if "'" in name and "’" not in name:
        _add(g, name.replace("'", "’"), hit, override=override)
