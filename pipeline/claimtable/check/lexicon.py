"""Word classes that the checks go by."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from claimtable import rules


@dataclass(frozen=True, slots=True)
class CheckWords:
    """Words of the checks by class; all in lower case."""

    tentative: frozenset[str]
    """Modal verbs that leave open whether anybody expects the thing ("could")."""
    hypothetical: frozenset[str]
    """Modal verbs that, in the author's own words, say what would be in some case; in reported speech, what will be."""
    wish: frozenset[str]
    """Verbs of which the denial foretells nothing ("did not want")."""
    question: frozenset[str]
    """Words with which a clause begins that asks or presupposes ("who will win")."""
    clause: frozenset[str]
    """Words and marks that begin another clause."""
    adjusted: frozenset[str]
    """Words of a change that two levels do not show: of each year, after adjustment."""
    comparative: frozenset[str]
    """Words after which "slightly" speaks of the figure ("slightly more than 40")."""
    level: frozenset[str]
    """Lemmas that say no more than that there is so much of something."""
    qualifier: frozenset[str]
    """Words that make of a measured thing another one: "adjusted" net income is not net income. In the singular."""
    denial: frozenset[str]
    """Words that make of a statement its contrary."""


@functools.cache
def words() -> CheckWords:
    """Return the word classes of `rules/data/check_words.tsv`."""
    return rules.classes("check_words", CheckWords)
