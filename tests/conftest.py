"""What tests share: the trained pipeline, loaded once, and the shared development data, where there is any."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from claimtable.schema import Claim, Document, Section

if TYPE_CHECKING:
    from spacy.language import Language

ROOT = Path(__file__).parents[1]

# No limit on the time of one example: on a busy machine it would fail at random. The rest as hypothesis has it, whose
# profile in continuous integration draws the same examples each time.
settings.register_profile("claimtable", settings.default, deadline=None)
settings.load_profile("claimtable")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def nlp() -> Language:
    """The shipped pipeline with all components (another one with CLAIMTABLE_MODEL). Mark such tests `pipeline`."""
    from claimtable.nlp import pipeline

    return pipeline.load(os.environ.get("CLAIMTABLE_MODEL"))


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder with gold and benchmark halves, beside the checkout or at CLAIMTABLE_SHARED. Mark such tests `shared`."""
    folder = Path(os.environ.get("CLAIMTABLE_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("no shared development data: set CLAIMTABLE_SHARED")
    return folder


@pytest.fixture(scope="session")
def make_document() -> Callable[..., Document]:
    """Returns a function that makes a document whose whole text is body."""

    def make(text: str, **fields: object) -> Document:
        data = {"id": "d", "published": date(2014, 4, 15)} | fields
        return Document(text=text, sections=(Section(0, len(text), "body"),), **data)  # type: ignore[arg-type]

    return make


@pytest.fixture
def claim() -> Claim:
    """A full row."""
    return Claim(
        claim_id="c1",
        kind="prediction",
        text="trade will reach $1 billion by 2020",
        subject="trade between Russia and North Korea",
        predicate="reach",
        bound="=",
        value=1e9,
        unit="USD",
        unit_text="$",
        dimension="money",
        change="up",
        time_text="by 2020",
        time_start=date(2020, 1, 1),
        time_end=date(2020, 12, 31),
        deadline=date(2020, 12, 31),
        speaker="Russia",
        speaker_text="Moscow",
        cue="hopes",
        speaker_type="GPE",
        modality="may well",
        probability_low=0.55,
        probability_high=0.8,
        check_worthiness=0.75,
        confidence=0.5,
        doc_id="d",
        title="Slow and steady",
        published=date(2014, 4, 15),
        section="body",
        start=7,
        end=42,
        prefix="Moscow ",
        suffix=".",
        rule="claims@1",
    )
