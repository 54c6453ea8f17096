"""Speed of quantities and times: beside quantulum3, and as a share of the bare language pipeline.

    python benchmarks/quantities.py FILE.jsonl [--model NAME_OR_PATH] [--fast] [--runs 3]

FILE has one JSON object with a `text` a line. quantulum3 is timed on the same texts if it is installed
(`pip install quantulum3`). All figures are CPU seconds of this process, the least of the runs; the steps take
turns, so that a busy machine hits them alike. Words are runs of characters without white space.

Exits with 1 where quantities are not 5 times as fast as quantulum3, or quantities and times together cost more
than 15 % of the bare language pipeline.
"""

from __future__ import annotations

import os

# Before anything loads a library of linear algebra: one thread.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse
import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from spacy.tokens import Doc

from claimtable.nlp import layers, pipeline
from claimtable.nlp.quantities import find_quantities
from claimtable.schema import Document, Section

FASTER_THAN_PEER = 5.0
SHARE = 0.15
"""Most that quantities and times may cost together, in costs of the bare language pipeline."""


def measure(steps: dict[str, Callable[[], object]], runs: int) -> dict[str, float]:
    """Return the least CPU seconds of each step; a first round warms up what is read on first use."""
    seconds = dict.fromkeys(steps, float("inf"))
    for run in range(runs + 1):
        for name, step in steps.items():
            begun = time.process_time()
            step()
            if run:
                seconds[name] = min(seconds[name], time.process_time() - begun)
    return seconds


def main(arguments: list[str] | None = None) -> int:
    """Print the table and return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--model")
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args(arguments)
    lines = options.file.read_text("utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines if line.strip()]
    words = sum(len(text.split()) for text in texts)
    documents = [
        Document(id=str(i), text=text, sections=(Section(0, len(text), "body"),))
        for i, text in enumerate(texts)
    ]
    nlp = pipeline.load(options.model, fast=options.fast)
    ours = [name for name in nlp.pipe_names if name.startswith("claimtable_")]
    alone = pipeline.load_words_only("claimtable_quantities")
    components = [nlp.get_pipe(f"claimtable_{name}") for name in ("quantities", "times")]
    parsed: list[Doc] = []

    def rows_without_subject() -> None:
        for doc in pipeline.annotate(documents, alone):
            list(layers.LAYERS["quantities"].rows(doc))

    def bare() -> None:
        with nlp.select_pipes(disable=ours):
            parsed[:] = pipeline.annotate(documents, nlp)

    def both() -> None:
        for doc in parsed:
            for component in components:
                component(doc)

    steps: dict[str, Callable[[], object]] = {
        "quantities of the text": lambda: [find_quantities(text) for text in texts],
        "quantities as rows, --no-subject": rows_without_subject,
        "bare language pipeline": bare,
        "quantities and times on its parse": both,
    }
    if find_spec("quantulum3") is not None:
        # Its classifier of ambiguous units is pickled with an old scikit-learn and fails with a current one.
        import_module("quantulum3.classifier").USE_CLF = False  # type: ignore[attr-defined]
        peer = import_module("quantulum3.parser")
        steps["quantulum3"] = lambda: [peer.parse(text) for text in texts]
    seconds = measure(steps, options.runs)
    print(f"{words:,} words, {len(texts)} texts, {nlp.meta['lang']}_{nlp.meta['name']}")
    for name, spent in seconds.items():
        print(f"{name:35} {words / spent:12,.0f} words/s {1e6 * spent / words:8.1f} µs/word")
    share = seconds["quantities and times on its parse"] / seconds["bare language pipeline"]
    print(f"quantities and times cost {100 * share:.1f} % of the bare pipeline; {100 * SHARE:.0f} % at most")
    code = int(share > SHARE)
    if "quantulum3" in seconds:
        times = seconds["quantulum3"] / seconds["quantities as rows, --no-subject"]
        print(
            f"quantities are {times:.1f} times as fast as quantulum3; {FASTER_THAN_PEER:.0f} times at least"
        )
        code |= int(times < FASTER_THAN_PEER)
    return code


if __name__ == "__main__":
    sys.exit(main())
