"""Claims as review tasks, one each: its sentence with a paragraph around it, and its cells beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from claimtable.review.claim_cells import write_cells
from claimtable.review.fields import (
    DECISION,
    TEXT_OBJECT,
    VERDICT_COLUMNS,
    control_value,
    on_screen,
    plain,
    sendable,
)
from claimtable.review.tasks import (
    Items,
    ReviewTask,
    TaskSource,
    _uuid,
    about_line,
    cells,
    changes,
    decision_of,
    quantities_of,
    reviewed_for,
    task_of_part,
)
from claimtable.schema import Claim, Document, Offsets, Quantity, first_claim_id

CONTEXT_CHARS = 900
"""Code points around which a task has: the paragraph of the claim, and its neighbours while they fit. Hand-set, so that
it stands on one screen."""
LONGEST_CONTEXT = 2_400
"""Most code points of a task, but for a claim that is longer: of a longer paragraph the part around the claim."""

_PARAGRAPH_END = re.compile(r"(?:\r\n|\r|\n)(?:[^\S\r\n]*(?:\r\n|\r|\n))+")

Voices = Mapping[str, str]
"""Claim → what several people said of it, for the one who decides."""


def stored_claim_tasks(
    store: TaskSource,
    doc_id: str,
    *,
    extractor: str,
    annotator: str | None = None,
    order: str = "worth",
    voices: Voices | None = None,
) -> list[ReviewTask]:
    """Return a task for each claim of a document as it stands.

    Args:
        store: that holds it.
        doc_id: its id.
        extractor: version of what extracted; it comes back with each annotation.
        annotator: whose tasks these are, in a blind double annotation.
        order: which come first: `worth`, `uncertain` or `mixed`.
        voices: what people said of disputed claims, to be shown.

    Raises:
        ClaimTableError: there is no such document.
    """
    document = store.document(doc_id)
    quantities = quantities_of(store, doc_id)
    parts = paragraphs(document.text)
    return [
        make_claim_task(
            document,
            one.row,
            one.before,
            quantities,
            extractor=extractor,
            annotator=annotator,
            score=score(one.row, order),
            parts=parts,
            voices=(voices or {}).get(one.row.claim_id, ""),
        )
        for one in reviewed_for(store, doc_id, annotator)
        if 0 <= one.row.start < one.row.end <= len(document.text)
    ]


def make_claim_task(
    document: Document,
    claim: Claim,
    before: Claim | None,
    quantities: Iterable[Quantity] = (),
    *,
    extractor: str,
    annotator: str | None = None,
    score: float = 0.0,
    parts: Sequence[Offsets] | None = None,
    voices: str = "",
) -> ReviewTask:
    """Return the task about one claim, as the table shows it and as it was extracted."""
    start, end = context(document.text, claim, paragraphs(document.text) if parts is None else parts)
    key = _uuid("claim task", document.id, document.sha256, first_claim_id(claim.claim_id), annotator)
    text = on_screen(document.text[start:end])
    shown = {name: value for name, value in cells(claim).items() if name not in VERDICT_COLUMNS}
    data: dict[str, Any] = {
        **{name: sendable(value) for name, value in write_cells(claim).items()},
        "check_worthiness": claim.check_worthiness,
        "confidence": claim.confidence,
        "status": claim.status,
        "about": about_line(document),
        **{name: plain(name, getattr(claim, name)) or "" for name in VERDICT_COLUMNS},
        "voices": sendable(voices),
        "claim_id": claim.claim_id,
        "claim_start": claim.start,
        "claim_end": claim.end,
        "shown": shown,
        "changed": {} if before is None else changes(claim, before),
    }
    items = Items(document.text, start, end, text)
    items.add_claim(claim, before, list(quantities), fields_on_screen=False)
    # Who decides is not to confirm by mistake.
    answers = {DECISION: None if voices else decision_of(claim), "verdict": claim.verdict}
    result = [
        *items,
        *(
            {
                "id": _uuid(name, first_claim_id(claim.claim_id)),
                "from_name": name,
                "to_name": TEXT_OBJECT,
                "type": "choices",
                "value": control_value(name, value),
            }
            for name, value in answers.items()
            if value is not None
        ),
    ]
    return task_of_part(
        document,
        (start, end),
        key,
        annotator=annotator,
        claims=(before or claim,),
        data=data,
        result=result,
        extractor=extractor,
        claim_id=claim.claim_id,
        score=score,
    )


def score(claim: Claim, order: str) -> float:
    """Return the score of a claim's prediction: Label Studio serves the lowest first."""
    worth = 1.0 - min(1.0, max(0.0, claim.check_worthiness or 0.0))
    sure = 1.0 if claim.confidence is None else min(1.0, max(0.0, claim.confidence))
    return {"worth": worth, "uncertain": sure}.get(order, (worth + sure) / 2)


def paragraphs(text: str) -> list[Offsets]:
    """Return the paragraphs of a text, with the empty lines behind each."""
    ends = [match.end() for match in _PARAGRAPH_END.finditer(text)]
    starts = [0, *ends]
    return [(start, end) for start, end in zip(starts, [*ends, len(text)], strict=True) if start < end]


def context(text: str, claim: Claim, parts: Sequence[Offsets]) -> Offsets:
    """Return the part of the text that a claim is shown in."""
    first = next((n for n, (_, end) in enumerate(parts) if claim.start < end), 0)
    last = next((n for n, (_, end) in enumerate(parts) if claim.end <= end), len(parts) - 1)
    while True:
        start, end = parts[first][0], parts[last][1]
        before = end - parts[first - 1][0] if first else CONTEXT_CHARS + 1
        after = parts[last + 1][1] - start if last + 1 < len(parts) else CONTEXT_CHARS + 1
        if min(before, after) > CONTEXT_CHARS:
            break
        if before <= after:
            first -= 1
        else:
            last += 1
    if end - start > LONGEST_CONTEXT:
        room = max(0, LONGEST_CONTEXT - (claim.end - claim.start)) // 2
        start, end = (
            _at_word(text, max(start, claim.start - room), 1),
            _at_word(text, min(end, claim.end + room), -1),
        )
        start, end = min(start, claim.start), max(end, claim.end)
    return start, end - (len(text[start:end]) - len(text[start:end].rstrip())) if text[
        start:end
    ].strip() else end


def _at_word(text: str, place: int, step: int) -> int:
    """Return the next border of a word in a direction."""
    while 0 < place < len(text) and not text[place - 1].isspace():
        place += step
    return place
