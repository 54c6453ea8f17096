"""The words that mark predictions, and the published scales of verbal probability."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from claimtable import rules
from claimtable.errors import RuleError

SCALES = ("icd203", "ipcc_ar5")


@dataclass(frozen=True, slots=True)
class Words:
    """The classes of `rules/data/prediction_words.tsv`: what decides whether a trigger makes a prediction."""

    opinion: frozenset[str]
    wish: frozenset[str]
    frequency: frozenset[str]
    condition_mark: frozenset[str]
    condition_case: frozenset[str]
    condition_adverb: frozenset[str]
    condition_noun: frozenset[str]
    condition_adjective: frozenset[str]
    so_long: frozenset[str]
    no_claim_mark: frozenset[str]
    deadline_preposition: frozenset[str]
    negation: frozenset[str]
    fixed_infinitive: frozenset[str]
    consisting: frozenset[str]
    bare_raising: frozenset[str]
    raising_for: frozenset[str]
    figure_noun: frozenset[str]
    perception: frozenset[str]
    mere_intent: frozenset[str]
    wish_for: frozenset[str]
    first_person: frozenset[str]
    would: frozenset[str]
    short_would: frozenset[str]
    weak_modal: frozenset[str]
    scarcely: frozenset[str]
    seeming: frozenset[str]
    open_question: frozenset[str]
    completion: frozenset[str]
    forward_adverb: frozenset[str]
    no_degree: frozenset[str]
    sentence_adverb: frozenset[str]
    infinitive_only: frozenset[str]
    infinitive_or_clause: frozenset[str]
    clause_only: frozenset[str]
    simple_present: frozenset[str]
    order: frozenset[str]
    limit: frozenset[str]
    open_end: frozenset[str]
    needs_time: frozenset[str]
    object_infinitive: frozenset[str]
    chance_holder: frozenset[str]
    chance_owner: frozenset[str]
    chance_assessment: frozenset[str]
    chance_level: frozenset[str]
    chance_case: frozenset[str]
    chance_degree: frozenset[str]
    risk: frozenset[str]
    formerly: frozenset[str]
    former: frozenset[str]
    addressing: frozenset[str]
    refusal: frozenset[str]
    time_mark: frozenset[str]
    planning: frozenset[str]
    oblique_pledge: frozenset[str]
    pledge_case: frozenset[str]
    warning: frozenset[str]
    needs_date: frozenset[str]
    purpose: frozenset[str]
    seen: frozenset[str]
    only_denied: frozenset[str]
    capacity: frozenset[str]
    evidential: frozenset[str]
    preferring: frozenset[str]
    interrogative: frozenset[str]
    measuring: frozenset[str]
    coming: frozenset[str]
    open_raising: frozenset[str]
    still: frozenset[str]
    looking: frozenset[str]
    conceding: frozenset[str]
    ideal: frozenset[str]
    placing: frozenset[str]
    contact: frozenset[str]
    comparative: frozenset[str]
    indefinite: frozenset[str]
    learning: frozenset[str]
    area: frozenset[str]
    effect: frozenset[str]
    making: frozenset[str]
    possible: frozenset[str]
    knowing: frozenset[str]
    discoursing: frozenset[str]
    stative: frozenset[str]
    unreal: frozenset[str]
    point: frozenset[str]
    quantified: frozenset[str]
    able: frozenset[str]
    regarding: frozenset[str]


@functools.cache
def words() -> Words:
    """Return the word classes, read once."""
    return rules.classes("prediction_words", Words)


class Lexicon:
    """The trigger words by class, and the scales."""

    def __init__(self, scale: str) -> None:
        self.by_class: dict[str, dict[str, tuple[str, bool]]] = {}
        for row in rules.table("prediction_triggers", "word", "class", "modality"):
            self.by_class.setdefault(row["class"], {})[row["word"]] = (row["id"], row["modality"] == "yes")
        self.phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        """Set phrases by their last word, with the ids of their lines."""
        for phrase, (rule, _) in self.by_class["phrase"].items():
            parts = tuple(phrase.split())
            self.phrases.setdefault(parts[-1], []).append((parts, rule))
        self.scale = scale
        self.estimates = sorted(
            (
                (row["expression"], float(row["low"]), float(row["high"]))
                for row in rules.table("estimative", "expression", "scale", "low", "high")
                if row["scale"] == scale
            ),
            key=lambda item: -len(item[0]),
        )
        if not self.estimates:
            raise RuleError(
                f"rules/data/estimative.tsv has no scale {scale!r}: choose one of {', '.join(SCALES)}"
            )

    def estimate(self, phrase: str) -> tuple[float, float] | None:
        """Return the probability range of the longest listed expression in `phrase`; None where it has none or compare."""
        padded = f" {phrase.lower()} "
        for expression, low, high in self.estimates:
            if f" {expression} " in padded:
                rest = padded.replace(f" {expression} ", " ", 1).split()
                return None if any(word in words().comparative for word in rest) else (low, high)
        return None
