"""What reviews teach the extraction: weights of the lines for subjects, and of what confidence is made of.

A module of its own, as `training` is: `nlp` knows nothing of reviewers, and the store nothing of weights. Whatever is learned is
measured on documents that it was not learned from (ten parts, by document), and kept only where it is better there.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spacy.language import Language

from claimtable.errors import ClaimTableError
from claimtable.evaluate.wording import fold, word_f1
from claimtable.nlp import pipeline
from claimtable.nlp.claims.confidence import weights as shipped_confidence
from claimtable.nlp.claims.subjects.chooser import CELL
from claimtable.nlp.lines import Candidate, Trace, Weights, calibration, fit, tracing
from claimtable.schema import Claim, Document

PARTS = 10
"""Most parts into which the documents are laid: each is measured with what the others taught."""
LEAST = 30
"""Reviewed rows from which on there is something to learn (set by hand)."""
PENALTY = 3.0
"""On how far the weights for subjects move from those of the tables. With 200 reviewed figures of each gold set in turn, 1, 3, 10 and 30
made 88.4, 89.0, 88.9 and 88.7 % of the others right, which were 88.8 % before."""
BIAS_PENALTY = 1.0
"""Of the confidence's bias, which a review of some dozen rows is not to throw about (set by hand)."""
_SAME = 0.5
"""F1 of content words from which on a candidate may be what a person wrote: as in `evaluate`."""
_CELLS = (
    *("kind", "value", "value_low", "value_high", "bound", "unit", "change", "polarity"),
    *("time_start", "time_end", "deadline", "place", "speaker"),
)
"""Columns that a right row has as the person left them, beside `subject`."""
_LINE = "line "
Reviewed = tuple[Document, Sequence[Claim]]
"""A document with the rows that somebody judged, as people left them; `status` says whether they kept them."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One figure before and after, on documents that nothing was learned from."""

    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was learned, and what it is worth."""

    weights: Weights
    documents: int
    rows: int
    """Reviewed rows that are extracted now."""
    gone: int
    """Reviewed rows that are no longer extracted: they teach nothing."""
    choices: int
    """Rows among whose proposed subjects are right ones and wrong ones."""
    subjects: Comparison
    """How many of the choices are right."""
    error: Comparison
    """Expected calibration error of `confidence`."""
    keeps_subjects: bool
    """Whether the weights for subjects are better there, and so in `weights`."""
    keeps_confidence: bool


@dataclass(slots=True)
class _Read:
    """What the reviewed documents show, extracted with given weights."""

    examples: list[fit.Example]
    judged: list[calibration.Judged]
    gone: int = 0


def learn(reviewed: Callable[[], Iterable[Reviewed]], nlp: Language) -> Lesson:
    """Return what reviewed rows teach.

    Args:
        reviewed: gives the documents with their rows; it is called twice.
        nlp: a pipeline from `pipeline.load`; it is given back with the weights of the tables.

    Raises:
        ClaimTableError: there are fewer than `LEAST` rows, or they are of one document.
    """
    first = _read(reviewed(), nlp, {})
    documents = sorted({row.document for row in first.judged})
    if len(first.judged) < LEAST or len(documents) < 2:
        raise ClaimTableError(
            f"{len(first.judged)} reviewed rows in {len(documents)} documents are too few to learn from: review at least "
            f"{LEAST} rows, of several documents"
        )
    part = parts_of(documents)
    subjects = learn_subjects(first.examples, part)
    second = first
    if subjects.is_better:
        by_document = {name: _weights(subjects.apart[k], {}) for name, k in part.items()}
        second = _read(reviewed(), nlp, by_document)
    odds, error, keeps_confidence = _confidence(first.judged, second.judged, part)
    return Lesson(
        _weights(subjects.weights, odds if keeps_confidence else {}),
        documents=len(documents),
        rows=len(first.judged),
        gone=first.gone,
        choices=subjects.choices,
        subjects=subjects.right,
        error=error,
        keeps_subjects=subjects.is_better,
        keeps_confidence=keeps_confidence,
    )


@dataclass(frozen=True, slots=True)
class Subjects:
    """What the choices of subjects teach."""

    weights: Mapping[str, float]
    """What to add to the weights of lines and features; empty where that is not better."""
    apart: Mapping[int, Mapping[str, float]]
    """By part of the documents: the same, learned from the other parts."""
    choices: int
    right: Comparison
    is_better: bool
    """Whether, on documents kept apart, no fewer choices are right and the right ones are more probable."""


def learn_subjects(examples: Sequence[fit.Example], part: Mapping[str, int]) -> Subjects:
    """Return what the examples teach, measured on parts of the documents that were kept apart.

    Args:
        examples: choices with their candidates.
        part: of each document, as `parts_of` has it.
    """
    apart = {
        k: fit.fitted([x for x in examples if part[x.document] != k], penalty=PENALTY)
        for k in sorted(set(part.values()))
    }
    told = [x for x in examples if any(x.right) and not all(x.right)]
    right = Comparison(fit.accuracy(told, {}), sum(fit.accuracy([x], apart[part[x.document]]) for x in told))
    closer = sum(fit.surprise([x], apart[part[x.document]]) for x in told) < fit.surprise(told, {})
    is_better = closer and right.after >= right.before
    return Subjects(
        fit.fitted(examples, penalty=PENALTY) if is_better else {}, apart, len(told), right, is_better
    )


def parts_of(documents: Sequence[str]) -> dict[str, int]:
    """Return which part each document is in: at random, always the same."""
    mixed = sorted(documents)
    random.Random(1).shuffle(mixed)
    return {name: k % min(PARTS, len(mixed)) for k, name in enumerate(mixed)}


def _weights(subjects: Mapping[str, float], confidence: Mapping[str, float]) -> Weights:
    lines = {name.removeprefix(_LINE): x for name, x in subjects.items() if name.startswith(_LINE)}
    return Weights(lines, {name: x for name, x in subjects.items() if not name.startswith(_LINE)}, confidence)


def _confidence(
    first: Sequence[calibration.Judged], second: Sequence[calibration.Judged], part: Mapping[str, int]
) -> tuple[dict[str, float], Comparison, bool]:
    """Return what to add to the weights of confidence, the error before and after, and whether it is better."""
    known = shipped_confidence()
    before = [(calibration.probability(row.features, known), row.right) for row in first]
    after = []
    for k in sorted(set(part.values())):
        others = [row for row in second if part[row.document] != k]
        added = calibration.fitted(others, known, bias_penalty=BIAS_PENALTY)
        total = {name: known.get(name, 0.0) + added.get(name, 0.0) for name in {**known, **added}}
        after += [
            (calibration.probability(row.features, total), row.right)
            for row in second
            if part[row.document] == k
        ]
    error = Comparison(calibration.error(before), calibration.error(after))
    # The error is what people see, and the surprise tells rows apart that it lays into one bin: neither may be worse.
    better = error.after <= error.before and calibration.surprise(after) < calibration.surprise(before)
    return calibration.fitted(second, known, bias_penalty=BIAS_PENALTY), error, better


def _read(reviewed: Iterable[Reviewed], nlp: Language, weights: Mapping[str, Weights]) -> _Read:
    """Extract again, and return what the reviews say of it.

    Args:
        reviewed: documents with their rows.
        nlp: the pipeline.
        weights: by document; the tables' alone where it has none.
    """
    out = _Read([], [])
    try:
        for document, rows in reviewed:
            pipeline.take_weights(nlp, weights.get(document.id, Weights()))
            with tracing() as trace:
                docs = list(pipeline.annotate([document], nlp, on_error=lambda _: None, keep=False))
            extracted = {c.claim_id: c for doc in docs for c in doc._.claimtable_claims}
            for row in rows:
                found = extracted.get(row.claim_id)
                if found is None:
                    out.gone += 1
                    continue
                out.judged.append(
                    calibration.Judged(document.id, trace.evidence[row.claim_id], is_right(found, row))
                )
                out.examples.extend(_examples(row, trace))
    finally:
        pipeline.take_weights(nlp, Weights())
    return out


def _examples(row: Claim, trace: Trace) -> Iterator[fit.Example]:
    """Yield the choice of the row's subject, with which candidates are what the person wrote."""
    choice = trace.of(CELL, trace.rows[row.claim_id])
    if choice is None or row.status == "rejected" or row.subject is None:
        return
    candidates: tuple[Candidate[object], ...] = (choice.winner, *choice.losers)
    alike = [word_f1(getattr(c.value, "text", None), row.subject) for c in candidates]
    best = max(alike)
    yield fit.Example(row.doc_id, candidates, tuple(x == best >= _SAME for x in alike))


def is_right(found: Claim, row: Claim) -> bool:
    """Return whether an extracted row has every cell as the person left it.

    Args:
        found: as it is extracted now.
        row: as people left it.
    """
    if row.status == "rejected" or word_f1(found.subject, row.subject) < 1.0:
        return False
    return all(_plain(getattr(found, name)) == _plain(getattr(row, name)) for name in _CELLS)


def _plain(value: object) -> object:
    return fold(value) if isinstance(value, str) else value
