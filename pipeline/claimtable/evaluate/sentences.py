"""Sentences that are labelled as a whole: about the future, worth checking.

A labelled text may be split into several sentences; it holds a prediction when one of them does, and
is as check-worthy as the most check-worthy of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from claimtable.evaluate.measures import Counts, Mistake, Row, Rows, Score

CHECK_WORTHY = 0.5
"""From this score on a sentence counts as check-worthy."""


def score_future(gold: Sequence[Row], rows: Rows) -> Score:
    """Score which texts are about the future (`future` 0 or 1)."""
    score = Score("future")
    for number, item in enumerate(gold):
        document = str(item.get("id", number))
        found = any(row.get("prediction") for row in rows.get(document, []))
        _count(score, "future", document, item["text"], expected=bool(item["future"]), found=found)
    return score


def score_check_worthy(gold: Sequence[Row], rows: Rows) -> Score:
    """Score which texts are worth checking (`check_worthy` 0 or 1), as CheckThat! 2024 task 1 does."""
    score = Score("check-worthiness")
    for number, item in enumerate(gold):
        document = str(item.get("id", number))
        found = check_worthiness(rows.get(document, [])) >= CHECK_WORTHY
        _count(
            score, "check_worthy", document, item["text"], expected=bool(item["check_worthy"]), found=found
        )
    return score


def score_ranking(gold: Sequence[Row], rows: Rows) -> Score:
    """Score the order of the sentences of each debate or speech, as CheckThat! 2019 task 1 does.

    Mean average precision over the documents that have a check-worthy sentence, 0-1, as `map`.
    Documents of the extraction have the id `document:line`.
    """
    score = Score("check-worthiness-ranking")
    debates: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for item in gold:
        found = rows.get(f"{item['document']}:{item['line']}", [])
        debates[item["document"]].append((check_worthiness(found), bool(item["check_worthy"])))
    precisions = [p for lines in debates.values() if (p := _average_precision(lines)) is not None]
    score.values["map"] = round(sum(precisions) / len(precisions), 4) if precisions else 0.0
    return score


def check_worthiness(rows: Sequence[Row]) -> float:
    """Return the check-worthiness of a text by its most check-worthy sentence; 0 without any."""
    return max((row.get("check_worthiness") or 0.0 for row in rows), default=0.0)


def _average_precision(lines: Sequence[tuple[float, bool]]) -> float | None:
    hits, total = 0, 0.0
    for rank, (_, worthy) in enumerate(sorted(lines, key=lambda line: -line[0]), 1):
        if worthy:
            hits += 1
            total += hits / rank
    return total / hits if hits else None


def _count(score: Score, name: str, document: str, text: str, *, expected: bool, found: bool) -> None:
    score.counts[name] += Counts(int(expected and found), int(found), int(expected))
    if expected and not found:
        score.mistakes.append(Mistake("missed", document, text))
    elif found and not expected:
        score.mistakes.append(Mistake("spurious", document, text))
