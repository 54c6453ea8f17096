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
from itertools import combinations

from claimtable import rules

SAME_SUBJECT = 0.8
"""Similarity from which two subjects are taken for one: of five words all but one, of fewer all. Chosen by judgement."""
SAME_WORDS = 0.7
"""Similarity from which two statements are taken for the same. Chosen by judgement."""

_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")


@functools.lru_cache(maxsize=100_000)
def content_words(text: str | None) -> frozenset[str]:
    """Return the content words of a wording, numbers among them."""
    found = _WORD.findall((text or "").casefold().replace("’s", "").replace("'s", ""))
    return frozenset(_singular(word) for word in found if not is_function_word(word))


def is_function_word(word: str) -> bool:
    """Return whether a word, in lower case, is of a closed class: an article, a preposition, a pronoun."""
    return word in _function_words()


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of words that two wordings have in common, 0 to 1."""
    union = one | other
    return len(one & other) / len(union) if union else 0.0


def similar_pairs(wordings: Sequence[frozenset[str]], least: float) -> Iterator[tuple[int, int]]:
    """Yield the pairs of places, the lower first, whose wordings have at least this similarity. Give each wording once.

    Of few words, two that similar are the same but for one word more (of 8 words at 0.8), which is looked up. Longer ones
    share one of their rarest words (prefix filtering), so that only those with one are compared.
    """
    # Of so many words in both together one may stand in one of them alone, but not two.
    short = math.ceil(2 / (1 - least) - 1e-9) - 1 if least < 1 else 0
    yield from _one_word_apart(wordings, least, short)
    long = [place for place, wording in enumerate(wordings) if len(wording) >= least * (short + 1) - 1e-9]
    frequency = Counter(word for place in long for word in wordings[place])
    seen: dict[str, list[int]] = defaultdict(list)
    for place in long:
        wording = wordings[place]
        rare_first = sorted(wording, key=lambda word: (frequency[word], word))
        prefix = rare_first[: len(wording) - math.ceil(least * len(wording) - 1e-9) + 1]
        for other in sorted({other for word in prefix for other in seen[word]}):
            if len(wording | wordings[other]) > short and similarity(wording, wordings[other]) >= least:
                yield other, place
        for word in prefix:
            seen[word].append(place)


def _one_word_apart(
    wordings: Sequence[frozenset[str]], least: float, short: int
) -> Iterator[tuple[int, int]]:
    """Yield the pairs of which one has a word more, `short` at most, and those that are the same."""
    places: dict[frozenset[str], list[int]] = defaultdict(list)
    for place, wording in enumerate(wordings):
        if wording and len(wording) <= short:
            places[wording].append(place)
    for wording, same in places.items():
        yield from combinations(same, 2)
        if len(wording) - 1 < least * len(wording) - 1e-9:
            continue
        for word in wording:
            yield from (
                (min(one, other), max(one, other))
                for other in places.get(wording - {word}, ())
                for one in same
            )


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
