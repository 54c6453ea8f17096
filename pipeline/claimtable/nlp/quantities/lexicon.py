"""The lexicons of `rules/data` as look-up tables, built once on first use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from claimtable import rules
from claimtable.schema import Bound, Change


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure: its code in the table, dimension, English name and conversion to SI."""

    code: str
    """UCUM."""
    label: str
    """What the layer shows: the code, or the singular English name of a unit that is rarely written as its code."""
    dimension: str
    name: str
    factor: float
    """SI value = value * factor + offset."""
    offset: float
    si: str
    rule: str


@dataclass(frozen=True, slots=True)
class Money:
    """A currency or a hundredth of one."""

    code: str
    """ISO 4217; for a currency without a code (bitcoin) its noun."""
    noun: str
    """Singular English noun of a subunit ("cent"); empty for the currency itself."""
    family: str
    """The code whose bare sign or noun it shares ("USD" for $ and dollar): what the article may override; else empty."""
    rule: str


@dataclass(frozen=True, slots=True)
class NumberWord:
    """A word that makes numbers, after `number_words.tsv`."""

    kind: str
    value: float


@dataclass(slots=True)
class Trie:
    """Word sequences in lower case → entry, looked up token by token."""

    entries: dict[tuple[str, ...], object] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)
    """First word → most words of any entry that starts with it."""

    def add(self, words: tuple[str, ...], entry: object) -> None:
        """Add a sequence; the first one added wins."""
        if words and words not in self.entries:
            self.entries[words] = entry
            self.longest[words[0]] = max(self.longest.get(words[0], 0), len(words))


_SPLIT = str.maketrans({"-": " ", "/": " / ", ".": " . ", "$": " $ "})


def split_form(form: str) -> tuple[str, ...]:
    """Split a form of a lexicon into the words that the lexer makes of it, without hyphens."""
    return tuple(form.lower().translate(_SPLIT).split())


@cache
def units() -> tuple[Trie, dict[str, Unit], dict[str, Unit]]:
    """Return (names as a trie, signs by their exact letters, units by code)."""
    names = Trie()
    signs: dict[str, Unit] = {}
    codes: dict[str, Unit] = {}
    for row in rules.table("units", "code", "dimension", "name", "factor"):
        unit = Unit(
            row["code"],
            row["label"] or row["code"],
            row["dimension"],
            row["name"],
            float(row["factor"]),
            float(row["offset"]),
            row["si"],
            row["id"],
        )
        codes[unit.code] = unit
        for name in row["names"].split("|"):
            names.add(split_form(name), unit)
        for sign in row["symbols"].split("|"):
            if sign:
                signs.setdefault(sign, unit)
    return names, signs, codes


@cache
def currencies() -> tuple[Trie, dict[str, Money], dict[str, Money], frozenset[str]]:
    """Return (nouns as a trie, signs before the number, signs after it, ISO codes)."""
    nouns = Trie()
    before: dict[str, Money] = {}
    after: dict[str, Money] = {}
    for row in rules.table("currency_aliases", "code", "kind", "forms"):
        for form, money in _aliases(row):
            if row["kind"] in ("sign", "prefix"):
                before.setdefault(form, money)
            if row["kind"] == "sign":
                after.setdefault(form, money)
            if row["kind"] in ("word", "subunit", "crypto"):
                nouns.add(split_form(form), money)
    listed = rules.table("currencies", "code", "name")
    for row in listed:
        if row["symbol"]:
            money = Money(row["code"], "", "", row["id"])
            before.setdefault(row["symbol"], money)
            after.setdefault(row["symbol"], money)
    _add_names(nouns, listed)
    return nouns, before, after, frozenset(row["code"] for row in listed)


def _aliases(row: rules.Row) -> Iterator[tuple[str, Money]]:
    """Yield the forms of a line of `currency_aliases.tsv` with their money; bare ones with the family that they may be of."""
    forms = row["forms"].split("|")
    noun = forms[0] if row["kind"] == "subunit" else ""
    if noun == "pence":
        noun = "penny"
    known = any(family == row["code"] for family, _, _ in _hints())
    for form in forms:
        plain = (
            row["kind"] in ("word", "subunit") and " " not in form and form not in neighbours()["own_money"]
        )
        bare = known and (plain or form in _BARE)
        singular = form if noun and len(form) == 1 and form.isalpha() else noun
        yield form, Money(row["code"], singular, row["code"] if bare else "", row["id"])


_BARE = ("$", "dollar", "dollars", "Rs", "Rs.", "kr", "kr.", "Kr", "Kr.")
"""Signs that several countries have."""


def _add_names(nouns: Trie, listed: tuple[rules.Row, ...]) -> None:
    """Add the names of the registry, and the last word of those that no other currency ends in."""
    names: dict[str, list[Money]] = {}
    for row in listed:
        money = Money(row["code"], "", "", row["id"])
        for name in (row["name"], row["plural"]):
            words = split_form(name) if "(" not in name else ()
            nouns.add(words, money)
            if len(words) > 1 and len(words[-1]) > 3:
                names.setdefault(words[-1], []).append(money)
    for word, found in names.items():
        if word not in neighbours()["ambiguous_money"] and len({m.code for m in found}) == 1:
            nouns.add((word,), found[0])


@cache
def _hints() -> tuple[tuple[str, str, str], ...]:
    """Return (family, code, word) of each name that speaks for a currency."""
    return tuple(
        (row["family"], row["code"], word)
        for row in rules.table("currency_countries", "family", "code", "words")
        for word in row["words"].split("|")
    )


@cache
def currency_hints() -> dict[str, dict[str, str]]:
    """Return a name of the text → family of currencies → code that it speaks for."""
    out: dict[str, dict[str, str]] = {}
    for family, code, word in _hints():
        out.setdefault(word, {})[family] = code
    return out


@cache
def number_words() -> dict[str, NumberWord]:
    """Return the words that make numbers."""
    return {
        row["form"]: NumberWord(row["kind"], float(row["value"]))
        for row in rules.table("number_words", "form", "kind", "value")
    }


@cache
def bounds() -> dict[str, dict[tuple[str, ...], tuple[Bound, str]]]:
    """Return place → word sequence → (bound, rule id)."""
    out: dict[str, dict[tuple[str, ...], tuple[Bound, str]]] = {}
    for row in rules.table("bounds", "form", "bound", "place"):
        words = tuple(row["form"].split()) if " " in row["form"] else split_bound(row["form"])
        bound: Bound = row["bound"]  # type: ignore[assignment]
        out.setdefault(row["place"], {})[words] = (bound, row["id"])
    return out


def split_bound(form: str) -> tuple[str, ...]:
    """Split a one-word bound into lexer tokens: `>=` is two, `c.` is two."""
    if form[-1] == "." and form[0].isalpha():
        return (form[:-1], ".")
    return tuple(form) if not form[0].isalpha() else (form,)


@cache
def changes() -> dict[str, dict[str, Change]]:
    """Return kind (verb, noun, after) → word → direction."""
    out: dict[str, dict[str, Change]] = {}
    for row in rules.table("change_words", "form", "kind", "change"):
        change: Change = row["change"]  # type: ignore[assignment]
        out.setdefault(row["kind"], {})[row["form"]] = change
    return out


@cache
def words(name: Literal["label_nouns", "function_words", "money_context"]) -> frozenset[str]:
    """Return the word list `name`."""
    return frozenset(row["form"] for row in rules.table(name, "form"))


@cache
def neighbours() -> dict[str, frozenset[str]]:
    """Return the sets of `quantity_neighbours.tsv` by id: words next to a number that decide what it is."""
    rows = rules.table("quantity_neighbours", "words", "source")
    return {row["id"]: frozenset(row["words"].split(" ")) for row in rows}


@cache
def calendar() -> dict[str, str]:
    """Return calendar word → month, weekday, clock or clockword."""
    return {row["form"]: row["kind"] for row in rules.table("calendar_words", "form", "kind")}


@cache
def plurals() -> dict[str, str]:
    """Return irregular plural → singular."""
    return {row["plural"]: row["singular"] for row in rules.table("plurals", "plural", "singular")}
