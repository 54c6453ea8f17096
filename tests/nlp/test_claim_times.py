"""Which time a row gets: `tests/cases/claim_times.jsonl`, one document a line."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from claimtable.schema import Claim, Document

if TYPE_CHECKING:
    from spacy.language import Language

CASES = Path(__file__).parents[1] / "cases" / "claim_times.jsonl"


def _cases() -> list[Any]:
    rows = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    assert len({row["id"] for row in rows}) == len(rows), "an id occurs twice"
    return [pytest.param(row, id=row["id"]) for row in rows]


def _shown(claim: Claim) -> str:
    """Return a row as the cases write it: value=first..last day, and its deadline."""
    due = f" dl {claim.deadline}" if claim.deadline else ""
    return f"{claim.value}={claim.time_start or ''}..{claim.time_end or ''}{due}"


@pytest.mark.pipeline
@pytest.mark.parametrize("case", _cases())
def test_case(nlp: Language, make_document: Callable[..., Document], case: dict[str, Any]) -> None:
    from claimtable.nlp import pipeline

    document = make_document(case["text"], published=date.fromisoformat(case["published"]))
    (doc,) = pipeline.annotate([document], nlp)
    assert [_shown(claim) for claim in doc._.claimtable_claims] == case["expected"]
