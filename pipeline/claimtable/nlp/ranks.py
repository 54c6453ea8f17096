"""Ranks: "the third largest exporter", "Europe's fourth-busiest port", "the second most populous state", and whose they are.

A rank is a quantity wherever it stands; it is claimed where the clause says who holds it ("X is the third largest Y", "X, the third
largest Y", "makes X the third largest Y"), and only names a thing elsewhere ("voters in the second largest city").

Source: Huddleston and Pullum, The Cambridge Grammar of the English Language, 2002, 6, 4.4 (ordinals before superlatives).
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from claimtable import rules
from claimtable.nlp import syntax
from claimtable.nlp.tokens import Tokens

UNIT = DIMENSION = "rank"
GRADING = frozenset({"most", "least"})
"""Adverbs of the superlative."""


@dataclass(frozen=True, slots=True)
class Words:
    """The classes of `rules/data/rank_words.tsv`."""

    holding: frozenset[str]
    making: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rank:
    """An ordinal before a superlative. Token indices; `end` is half-open."""

    ordinal: int
    end: int
    value: float
    noun: int
    """Head of what is ranked: the noun, or the superlative where it has none."""
    holder: int | None
    """Head of what holds the rank; None where the clause does not say."""


@functools.cache
def words() -> Words:
    """Return the word classes, read once."""
    return rules.classes("rank_words", Words)


@functools.cache
def _ordinals() -> dict[str, float]:
    rows = rules.table("number_words", "form", "kind", "value")
    return {"second": 2.0} | {row["form"]: float(row["value"]) for row in rows if row["kind"] == "ordinal"}


def value_of(word: str) -> float | None:
    """Return the number of an ordinal from 2 on, "third" or "3rd" in lower case; None for other words."""
    if word[-2:] in ("nd", "rd", "th") and word[:-2].isdigit():
        return float(word[:-2])
    return _ordinals().get(word)


def ranks(t: Tokens) -> Iterator[Rank]:
    """Yield the ranks of a parsed document in text order."""
    for i in range(t.n - 1):
        rank = rank_at(t, i)
        if rank is not None:
            yield rank


def rank_at(t: Tokens, i: int) -> Rank | None:
    """Return the rank whose ordinal is the token `i`, or None."""
    value = value_of(t.lower[i])
    if value is None or i + 1 >= t.n:
        return None
    grade = i + 1 + (t.text[i + 1] in ("-", "–"))
    last = grade + (grade < t.n and t.lower[grade] in GRADING)
    if last >= t.n or not _is_superlative(t, grade, last):
        return None
    noun = t.head[last] if t.rel[last] == "amod" and t.head[last] > last else last
    return Rank(i, last + 1, value, noun, holder(t, noun))


def _is_superlative(t: Tokens, grade: int, last: int) -> bool:
    if last > grade:
        return t.pos[last] in ("ADJ", "ADV", "VERB")
    return t.tag[last] in ("JJS", "RBS")


def holder(t: Tokens, noun: int) -> int | None:
    """Return the head of what is said to be the ranked `noun`: by a copula, in apposition, or by a verb of being or making."""
    if any(t.dep[c] == "nmod:poss" and t.pos[c] == "PRON" for c in t.children[noun]):
        return None  # "her second best time" compares her with herself
    if any(t.rel[c] == "cop" for c in t.children[noun]):
        return syntax.subject(t, noun)
    above = t.head[noun]
    if t.rel[noun] == "appos" and above < noun:
        return above
    named = next(
        (c for c in t.children[noun] if t.rel[c] == "appos" and c > noun and t.pos[c] == "PROPN"), None
    )
    if named is not None or t.rel[noun] not in ("obj", "xcomp", "obl"):
        return named
    if t.lemma[above] in words().making:
        return syntax.child(t, above, "obj") if t.rel[noun] == "xcomp" else None
    as_one = t.rel[noun] != "obl" or syntax.case_word(t, noun) == "as"
    return syntax.subject(t, above) if as_one and t.lemma[above] in words().holding else None
