"""Which sentences speak of the future: logistic regression over words, lemmas, tags and what the rules found.

The rules of the claims want a predicted event with its particulars. A sentence may look ahead without one ("talks are
under way about a new contract", "the tour stops in Leeds next week"); this model decides on the sentence alone and
moves no claim. The weights stand in `future_weights.tsv`. Trained by `models/scripts/train_future.py` on the sentences
of the Future Timelines benchmark.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from claimtable.nlp.check_worthiness import model

WEIGHTS = "future_weights.tsv"
MAX_TOKENS = 1_000
"""A longer sentence is judged by its beginning."""
START, END = "<start>", "<end>"
"""What stands for a tag before the first word and after the last."""

Blocks = tuple[list[str], ...]
"""Features of a sentence, each as often as it occurs, in blocks that are normalised apart from one another."""


def features(
    words: list[str], lemmas: Sequence[str], tags: Sequence[str], predictions: Iterable[str | None]
) -> Blocks:
    """Return the features of a sentence.

    Args:
        words: its words and pairs, as `model.features` gives them.
        lemmas: its lemmas, without white space.
        tags: its Penn Treebank tags, as many.
        predictions: the rules of the predictions in it ("prediction.modal.will@1").
    """
    tags = [START, *tags[:MAX_TOKENS], END]
    runs = [f"tags:{a} {b}" for a, b in pairwise(tags)]
    runs += [f"tags:{a} {b} {c}" for a, b, c in zip(tags, tags[1:], tags[2:], strict=False)]
    return words, [f"lemma:{x}" for x in lemmas[:MAX_TOKENS]], runs, rule_features(predictions)


def rule_features(predictions: Iterable[str | None]) -> list[str]:
    """Return the features of the rules of the predictions in a sentence."""
    rules: set[str] = set()
    for rule in {(r or "").partition("@")[0] for r in predictions}:
        parts = rule.split(".")
        rules.update(("rule:any", f"rule:{parts[1] if len(parts) > 1 else rule}", f"rule:{rule}"))
    return sorted(rules) or ["rule:none"]


def log_odds(blocks: Blocks) -> float:
    """Return the log-odds that the sentence speaks of the future."""
    intercept, table = model.read_weights(WEIGHTS)
    return intercept + sum(model.score(block, table) for block in blocks)
