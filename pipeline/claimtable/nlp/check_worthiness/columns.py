"""The two sentence models over all sentences of a document at once: the scores of `model` and `future`, from arrays.

A feature is a number: of a word by its spelling, of a pair of words or a run of tags by the numbers of its parts, of a
lemma the id that spaCy has for it. A word costs one look-up in a dictionary, and no string is made.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from spacy.strings import get_string_id
from spacy.tokens import Doc

from claimtable.nlp.check_worthiness import future, model
from claimtable.nlp.tokens import Tokens

Float = NDArray[np.float64]
Keys = NDArray[np.uint64]
Index = NDArray[np.int64]

MAX_SPELLINGS = 50_000
"""Spellings whose number is remembered, before the memory starts again; about 5 MB."""


@dataclass(frozen=True, slots=True)
class _Block:
    """Features that are normalised together, and what they weigh in each of the models that read them."""

    keys: Keys
    """The numbers of the features, sorted."""
    weights: Float
    """Models × (inverse document frequency, coefficient) × features; 0 for a feature that a model does not know."""

    @classmethod
    def of(cls, *tables: tuple[Keys, Float]) -> _Block:
        """Return the block of the features of one table for each model: their numbers, and their weights, 2 × features."""
        keys = np.unique(np.concatenate([numbers for numbers, _ in tables]))
        weights = np.zeros((len(tables), 2, len(keys)))
        for row, (numbers, own) in zip(weights, tables, strict=True):
            row[:, np.searchsorted(keys, numbers)] = own
        return cls(keys, weights)

    def scores(self, keys: Keys, lines: Index, count: int) -> Float:
        """Return models × `count` scores, as `model.score` gives them, of the sentences that hold the features `keys`.

        `lines` has the number of the sentence for each of `keys`.
        """
        size = len(self.keys)
        place = np.minimum(np.searchsorted(self.keys, keys), size - 1)
        known = np.flatnonzero(self.keys[place] == keys)
        occurring, times = np.unique(lines[known] * size + place[known], return_counts=True)
        line, feature = np.divmod(occurring, size)
        frequency = 1.0 + np.log(times)
        out = np.zeros((len(self.weights), count))
        for row, (rarity, coefficient) in zip(out, self.weights, strict=True):
            value = rarity[feature] * frequency
            norm = np.sqrt(np.bincount(line, value * value, count))
            total = np.bincount(line, value * coefficient[feature], count)
            np.divide(total, norm, out=row, where=norm > 0)
        return out


class _Spellings(dict[str, int]):
    """The number of a word as it is written; filled as words turn up."""

    def __init__(self, numbers: Mapping[str, int]) -> None:
        super().__init__()
        self.numbers = numbers
        """Of the words that the models know, from 1 on."""
        self.unknown = len(numbers) + 1
        self.base = len(numbers) + 2
        """What the number of the first word of a pair is multiplied with."""

    def __missing__(self, word: str) -> int:
        if len(self) >= MAX_SPELLINGS:
            self.clear()
        number = self[word] = self.numbers.get(model.normalised(word), self.unknown)
        return number


class Models:
    """The weights of both models as arrays."""

    def __init__(self) -> None:
        checked, ahead = (model.read_columns(name) for name in (model.WEIGHTS, future.WEIGHTS))
        self.checked = checked.intercept
        """Intercept of the model of check-worthiness."""
        self.ahead = ahead.intercept
        """Intercept of the model of the future."""
        kind = np.array([_kind(feature) for feature in ahead.features])
        words, lemmas, runs, rules = (
            model.Columns(
                0.0,
                [ahead.features[k] for k in np.flatnonzero(kind == wanted)],
                ahead.weights[:, kind == wanted],
            )
            for wanted in ("", "lemma", "tags", "rule")
        )
        self.rules = rules.table()
        self.spellings = _Spellings(_numbered([*checked.features, *words.features]))
        numbers, base = self.spellings.numbers, self.spellings.base
        self.words = _Block.of(
            *((_keys(table.features, numbers, base), table.weights) for table in (checked, words))
        )
        own = [get_string_id(feature.removeprefix("lemma:")) for feature in lemmas.features]
        self.lemmas = _Block.of((np.array(own, dtype=np.uint64), lemmas.weights))
        tags = [feature.removeprefix("tags:") for feature in runs.features]
        self.tags = _numbered(tags)
        self.runs = _Block.of((_keys(tags, self.tags, len(self.tags) + 2), runs.weights))

    def word_scores(self, texts: Sequence[str]) -> Float:
        """Return what the words and pairs of each sentence count for, in the model of check-worthiness and in that of the future."""
        spellings = self.spellings
        numbers: list[int] = []
        lengths: list[int] = []
        for text in texts:
            found = model.words(text)
            lengths.append(len(found) + 1)
            numbers += [spellings[word] for word in found]
            # Between two sentences, so that no pair is of both.
            numbers.append(spellings.unknown)
        words = np.array(numbers, dtype=np.uint64)
        lines = np.repeat(np.arange(len(texts)), lengths)
        pairs = words[:-1] * np.uint64(spellings.base) + words[1:]
        return self.words.scores(
            np.concatenate([words, pairs]), np.concatenate([lines, lines[:-1]]), len(texts)
        )

    def tag_scores(self, tags: Sequence[str], lines: Index, count: int) -> Float:
        """Return what the runs of two and three tags of each sentence count for; `lines` has the sentence of each of `tags`."""
        unknown = len(self.tags) + 1
        numbers = [self.tags.get(tag, unknown) for tag in tags]
        lengths = np.bincount(lines, minlength=count) + 2
        ends = np.cumsum(lengths)
        run = np.empty(int(ends[-1]), dtype=np.uint64)
        run[ends - 1] = self.tags.get(future.END, unknown)
        run[ends - lengths] = self.tags.get(future.START, unknown)
        run[np.arange(len(numbers)) + 2 * lines + 1] = numbers
        base = np.uint64(unknown + 1)
        # A run over the border of two sentences has the end of one before the start of the other, which no feature has.
        two = run[:-1] * base + run[1:]
        three = two[:-1] * base + run[2:]
        of_run = np.repeat(np.arange(count), lengths)
        return self.runs.scores(
            np.concatenate([two, three]), np.concatenate([of_run[:-1], of_run[:-2]]), count
        )

    def log_odds(
        self,
        doc: Doc,
        sentences: Sequence[tuple[int, int]],
        texts: Sequence[str],
        rules: Sequence[Iterable[str | None]],
    ) -> tuple[list[float], list[float]]:
        """Return for each sentence the log-odds that it is worth a check, and that it speaks of the future.

        Args:
            doc: the tagged text.
            sentences: their half-open token ranges, in order.
            texts: the sentences as written.
            rules: the rules of the predictions in each.
        """
        count = len(sentences)
        if not count:
            return [], []
        words = self.word_scores(texts)
        tokens = doc.to_array(["LEMMA", "IS_SPACE"])
        line: Index = np.full(len(doc), -1)
        for k, (a, b) in enumerate(sentences):
            line[a:b] = k
            if b - a > future.MAX_TOKENS:
                line[np.flatnonzero(tokens[a:b, 1] == 0)[future.MAX_TOKENS :] + a] = -1
        at = np.flatnonzero((line >= 0) & (tokens[:, 1] == 0))
        line = line[at]
        lemmas = self.lemmas.scores(tokens[at, 0], line, count)
        tag = Tokens.of(doc).tag
        tags = self.tag_scores([tag[i] for i in at.tolist()], line, count)
        ahead = words[1] + lemmas[0] + tags[0] + self.ahead
        by_rule = [model.score(future.rule_features(found), self.rules) for found in rules]
        return (words[0] + self.checked).tolist(), (ahead + by_rule).tolist()


@functools.cache
def models() -> Models:
    """Return the shipped models, read at the first call."""
    return Models()


def _kind(feature: str) -> str:
    kind, colon, _ = feature.partition(":")
    return kind if colon else ""


def _numbered(features: Iterable[str]) -> dict[str, int]:
    """Return a number from 1 on for each word or tag of the features."""
    return {part: k for k, part in enumerate(dict.fromkeys(" ".join(features).split(" ")), 1)}


def _keys(features: Iterable[str], numbers: Mapping[str, int], base: int) -> Keys:
    """Return the numbers of features: those of their parts are the digits, to the base `base`."""
    out = []
    for feature in features:
        key = 0
        for part in feature.split(" "):
            key = key * base + numbers[part]
        out.append(key)
    return np.array(out, dtype=np.uint64)
