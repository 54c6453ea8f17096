"""Whether two rows speak of the same thing: by the content words that they share.

The similarity of two wordings is the number of content words in both, divided by the number in either (the Jaccard
index). Content words are all but function words, in lower case and in the singular, each counted once. So "Chile's lithium
output" and "the output of lithium in Chile" have similarity 1, "exports to China" and "exports to Japan" one third.
"""

from __future__ import annotations

import functools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from claimtable import rules

SAME_SUBJECT = 0.8
"""Similarity from which two subjects are taken for one: of five words all but one, of fewer all. Chosen by judgement."""
SAME_WORDS = 0.7
"""Similarity from which two statements are taken for the same. Chosen by judgement."""

_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")


def content_words(text: str | None) -> frozenset[str]:
    """Returns the content words of a wording, numbers among them."""
    found = _WORD.findall((text or "").casefold().replace("’s", "").replace("'s", ""))
    return frozenset(_singular(word) for word in found if not is_function_word(word))


def is_function_word(word: str) -> bool:
    """Returns whether a word, in lower case, is of a closed class: an article, a preposition, a pronoun."""
    return word in _function_words()


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """Returns the share of words that two wordings have in common, 0 to 1."""
    union = one | other
    return len(one & other) / len(union) if union else 0.0


def similar_pairs(wordings: Sequence[frozenset[str]], least: float) -> Iterator[tuple[int, int]]:
    """Yields the pairs of places, the lower first, whose wordings have at least this similarity.

    Two sets that similar share one of their rarest words (prefix filtering), so that only those with one are compared.
    """
    frequency = Counter(word for wording in wordings for word in wording)
    seen: dict[str, list[int]] = defaultdict(list)
    for place, wording in enumerate(wordings):
        rare_first = sorted(wording, key=lambda word: (frequency[word], word))
        prefix = rare_first[: len(wording) - math.ceil(least * len(wording) - 1e-9) + 1]
        candidates = {other for word in prefix for other in seen[word]}
        for other in sorted(candidates):
            if similarity(wording, wordings[other]) >= least:
                yield other, place
        for word in prefix:
            seen[word].append(place)


def joined(pairs: Iterator[tuple[int, int]]) -> list[list[int]]:
    """Returns the groups of places that pairs join, directly or through others, each in order."""
    group_of: dict[int, set[int]] = {}
    for one, other in pairs:
        merged = group_of.get(one, {one}) | group_of.get(other, {other})
        for place in merged:
            group_of[place] = merged
    unique = {id(group): sorted(group) for group in group_of.values()}
    return sorted(unique.values())


@functools.cache
def _function_words() -> frozenset[str]:
    return frozenset(row["form"] for row in rules.table("function_words", "form"))


@functools.cache
def _plurals() -> dict[str, str]:
    return {row["plural"]: row["singular"] for row in rules.table("plurals", "plural", "singular")}


def _singular(word: str) -> str:
    if word in _plurals():
        return _plurals()[word]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word
