"""Statements of zero: "no new cases", "not a single refugee", "none of the 40 schools", "paid no tax in 2016".

"No" counts nothing where its noun is no count ("no plans", "no doubt"). A plural is one, or an amount, where the sentence says when; nouns
of deaths, cases and the like always are. Words are in `rules/data/zero_words.tsv`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from claimtable import rules
from claimtable.nlp.tokens import Tokens
from claimtable.schema import Quantity

_YEAR = re.compile(r"(?:18|19|20)\d\d")
_RULE = "quantity.zero"
_ARGUMENTS = frozenset({"nsubj", "obj", "root"})


@dataclass(frozen=True, slots=True)
class Words:
    """The classes of `rules/data/zero_words.tsv`."""

    count: frozenset[str]
    mass: frozenset[str]
    vague: frozenset[str]
    when: frozenset[str]
    single: frozenset[str]


@functools.cache
def words() -> Words:
    """Return the word classes, read once."""
    return rules.classes("zero_words", Words)


def zeros(t: Tokens, text: str) -> Iterator[Quantity]:
    """Yield the statements of zero in text order."""
    for i in range(t.n):
        found = None
        if t.lower[i] == "no" and t.rel[i] == "det":
            found = _of_no(t, i)
        elif t.lower[i] in ("not", "none"):
            found = _of_single(t, i) or _of_whole(t, i)
        if found is not None:
            yield _quantity(t, text, i, found)


def _of_no(t: Tokens, i: int) -> int | None:
    """Return the noun that "no" at the token `i` counts, or None."""
    noun, w = t.head[i], words()
    if (
        noun < i
        or t.rel[noun] not in _ARGUMENTS
        or t.lemma[noun] in w.vague
        or t.lower[i + 1] in ("longer", "more", "such")
    ):
        return None
    clauses = (c for c in t.children[noun] if t.rel[c] in ("acl", "ccomp", "advcl"))
    if any(t.lower[g] in ("to", "that") for c in clauses for g in t.children[c]):
        return None
    if t.lemma[noun] in w.count:
        return noun
    counts = t.tag[noun] == "NNS" or t.lemma[noun] in w.mass
    return noun if counts and not _is_to_come(t, noun) and _is_dated(t, i) else None


def _of_single(t: Tokens, i: int) -> int | None:
    """Return the noun of "not a single refugee", "not one school"; None for others."""
    single = i + 2 if t.lower[min(i + 1, t.n - 1)] == "a" else i + 1
    if t.lower[i] != "not" or single + 1 >= t.n or t.lower[single] not in words().single:
        return None
    noun = t.head[single]
    return noun if noun > single and t.pos[noun] == "NOUN" and t.lemma[noun] not in words().vague else None


def _of_whole(t: Tokens, i: int) -> int | None:
    """Return the noun of the whole of "none of the 40 schools", "not one of them"."""
    quantifier = i if t.lower[i] == "none" else i + 1
    if quantifier + 1 >= t.n or t.lower[quantifier] not in ("none", "one") or t.lower[quantifier + 1] != "of":
        return None
    noun = next((c for c in t.children[quantifier] if c > quantifier and t.rel[c] == "nmod"), None)
    counts = noun is not None and t.tag[noun] == "NNS" and any(t.rel[c] == "nummod" for c in t.children[noun])
    return noun if counts else None


def _is_to_come(t: Tokens, noun: int) -> bool:
    return any(t.tag[c] == "MD" for c in t.children[t.head[noun]])


def _is_dated(t: Tokens, i: int) -> bool:
    """Return whether the sentence of the token `i` says when."""
    return any(t.lower[k] in words().when or _YEAR.fullmatch(t.text[k]) for k in range(*t.sents[t.sent[i]]))


def _quantity(t: Tokens, text: str, first: int, noun: int) -> Quantity:
    mass = t.lemma[noun] in words().mass
    start, end = t.start[first], t.end[noun]
    return Quantity(
        start=start,
        end=end,
        text=text[start:end],
        value=0.0,
        unit=None if mass else t.lemma[noun],
        unit_text=None if mass else text[t.start[noun] : end],
        dimension=None if mass else "count",
        number_start=start,
        number_end=t.end[first],
        rule=_RULE,
    )
