"""The words that steer what a figure is about."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from claimtable import rules


@dataclass(frozen=True, slots=True)
class Nouns:
    """The classes of `rules/data/claim_nouns.tsv`, which says what each is for. Lemmas, lower case."""

    change: frozenset[str]
    anaphor: frozenset[str]
    pointer: frozenset[str]
    amount: frozenset[str]
    level: frozenset[str]
    stand: frozenset[str]
    undergo: frozenset[str]
    growth: frozenset[str]
    view: frozenset[str]
    measure: frozenset[str]
    money: frozenset[str]
    datum: frozenset[str]
    reporting_place: frozenset[str]
    recording: frozenset[str]
    spend: frozenset[str]
    have: frozenset[str]
    mean: frozenset[str]
    value: frozenset[str]
    befall: frozenset[str]
    perish: frozenset[str]
    human: frozenset[str]
    fate: frozenset[str]
    ranked: frozenset[str]
    possess: frozenset[str]
    dimension: frozenset[str]
    lasting: frozenset[str]
    direction: frozenset[str]
    of_shares: frozenset[str]
    of_counts: frozenset[str]
    linking: frozenset[str]
    label: frozenset[str]
    sequence: frozenset[str]
    small: frozenset[str]
    open_mark: frozenset[str]
    unreal: frozenset[str]
    place_case: frozenset[str]
    base_case: frozenset[str]
    compared_case: frozenset[str]
    age_case: frozenset[str]
    compose: frozenset[str]
    coin: frozenset[str]
    priced: frozenset[str]
    scale: frozenset[str]
    distance: frozenset[str]
    restated: frozenset[str]
    example_case: frozenset[str]
    economy: frozenset[str]
    heat: frozenset[str]
    statistic: frozenset[str]
    counted_from: frozenset[str]
    tallied: frozenset[str]
    introduced: frozenset[str]


@functools.cache
def nouns() -> Nouns:
    """Return the word classes, read once."""
    return rules.classes("claim_nouns", Nouns)


@functools.cache
def movements() -> dict[str, frozenset[str]]:
    """Return the verbs of movement of `rules/data/change_words.tsv` by kind (verb, weak, neutral), every form of them. Lower case."""
    rows = rules.table("change_words", "form", "kind", "change")
    return {
        kind: frozenset(row["form"] for row in rows if row["kind"] == kind)
        for kind in ("verb", "weak", "neutral")
    }


@functools.cache
def people() -> frozenset[str]:
    """Return the nouns that name people: those of `rules/data/actor_words.tsv`. Lemmas, lower case."""
    return frozenset(
        row["word"] for row in rules.table("actor_words", "word", "kind") if row["kind"] == "people"
    )


@functools.cache
def peoples() -> frozenset[str]:
    """Return the plurals of `people`, lower case: lemmatizers fail at "Children" where it opens a sentence."""
    irregular = {
        row["plural"] for row in rules.table("plurals", "plural", "singular") if row["singular"] in people()
    }
    return frozenset(irregular | {f"{word}s" for word in people()})
