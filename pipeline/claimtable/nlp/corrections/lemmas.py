"""Lemmas of verbs, put right where the trained lemmatizer made a word that does not exist ("accounte", "refus", "roose")."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from claimtable import rules

_VOWELS = frozenset("aeiou")


@functools.cache
def _irregular() -> dict[str, str]:
    """Return past form → lemma of verbs that do not follow the rules."""
    return {row["form"]: row["lemma"] for row in rules.table("irregular_verbs", "form", "lemma")}


@functools.cache
def _verbs() -> frozenset[str]:
    """Return the base forms of all verbs."""
    return frozenset(row["verb"] for row in rules.table("verbs", "verb"))


@functools.lru_cache(maxsize=2**15)
def verb_lemma(form: str, guess: str, tag: str) -> str:
    """Return the lemma of a verb.

    Args:
        form: the word in the text, lower case.
        guess: the lemmatizer's lemma, lower case. It stays where it is a verb, or where nothing better is known.
        tag: Penn Treebank tag.
    """
    if tag in ("VBD", "VBN") and form in _irregular():
        return _irregular()[form]
    if guess in _verbs():
        return guess
    return next((lemma for lemma in _base_forms(form) if lemma in _verbs()), guess)


def _base_forms(form: str) -> Iterator[str]:
    """Yield what a regular form may come from, the likeliest first."""
    yield form
    if form.endswith(("ied", "ies")):
        yield form[:-3] + "y"
    for suffix in ("ing", "ed", "es", "s"):
        if form.endswith(suffix) and len(form) > len(suffix) + 1:
            stem = form.removesuffix(suffix)
            doubled = stem[-1] == stem[-2:-1]
            # After one vowel a single consonant is that of a stem in "e" ("hoping"), or it would be doubled ("hopping").
            short = not doubled and stem[-1] not in _VOWELS and stem[-2:-1] in _VOWELS
            yield from (stem + "e", stem) if short else (stem, stem + "e")
            if doubled:
                yield stem[:-1]
