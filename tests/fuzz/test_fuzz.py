"""A short fuzz of every reader; `python tests/fuzz/run.py --seconds 1800` is a long one."""

from __future__ import annotations

import os
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fuzz.targets import TARGETS, attempt, mutated

from claimtable import ingest

EXAMPLES = int(os.environ.get("CLAIMTABLE_FUZZ_EXAMPLES", "20"))


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_pass(name, tmp_path):
    for seed in TARGETS[name].seeds():
        TARGETS[name].run(seed, tmp_path)


@pytest.mark.parametrize("name", TARGETS)
def test_damaged_input_fails_in_words(name):
    target = TARGETS[name]
    seeds = target.seeds()

    @settings(max_examples=EXAMPLES)
    @given(st.integers(0, 2**32 - 1))
    def check(seed: int) -> None:
        with tempfile.TemporaryDirectory() as folder:
            attempt(target, mutated(seeds, random.Random(seed)), Path(folder))

    check()


def test_a_number_of_thousands_of_digits_in_front_matter_is_passed_over():
    document = ingest.read_markdown(b"+++\nweight = " + b"9" * 9000 + b"\n+++\nExports rose.\n")
    assert "Exports rose." in document.text
