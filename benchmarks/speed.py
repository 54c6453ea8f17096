"""Words per second on one core: tokenizer alone, bare language pipeline, full extraction; same text, one run.

Times are CPU seconds of this process, the least of several rounds; the three take turns, so that a busy
machine hits them alike. Words are runs of characters without white space.

    python benchmarks/speed.py [--model NAME_OR_PATH] [--fast] [--words 20000] [--rounds 3]

Exits with 1 when the full extraction costs more than 1.5 times the bare pipeline.
"""

from __future__ import annotations

import os

# Before anything loads a library of linear algebra: one thread.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse
import json
import platform
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from spacy.language import Language

from claimtable import ingest
from claimtable.nlp import pipeline
from claimtable.schema import Document, Section

ROOT = Path(__file__).parents[1]
LIMIT = 1.5
"""Most that the full extraction may cost, in costs of the bare pipeline."""


def news(folder: Path) -> Iterator[Document]:
    """Yields the articles of the shared attribution data, where they are there."""
    path = folder / "data" / "attribution" / "polnear_dev.jsonl"
    if path.is_file():
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                data = json.loads(line)
                section = Section(0, len(data["text"]), "body")
                yield Document(id=data["id"], text=data["text"], sections=(section,))


def texts(words: int) -> list[Document]:
    """Returns the sample corpus, filled up with news to about `words` words, or the corpus again and again."""
    corpus = list(ingest.read([ROOT / "corpus"], on_error=lambda error: print(error, file=sys.stderr)))
    shared = Path(os.environ.get("CLAIMTABLE_SHARED", ROOT.parent / "shared"))
    pool = corpus + list(news(shared))
    out: list[Document] = []
    total = 0
    while total < words:
        for document in pool:
            if total >= words:
                break
            out.append(document)
            total += len(document.text.split())
    return out


def measure(nlp: Language, documents: list[Document], rounds: int) -> dict[str, float]:
    """Returns the least CPU seconds of each step."""
    ours = [name for name in nlp.pipe_names if name.startswith("claimtable_")]

    def tokenizer() -> None:
        for document in documents:
            pipeline.make_doc(nlp, document)

    def bare() -> None:
        with nlp.select_pipes(disable=ours):
            for _ in pipeline.annotate(documents, nlp):
                pass

    def full() -> None:
        for _ in pipeline.extract(documents, nlp):
            pass

    steps: dict[str, Callable[[], None]] = {
        "tokenizer": tokenizer,
        "bare pipeline": bare,
        "full extraction": full,
    }
    full()  # Everything that is read on first use is there now.
    seconds = dict.fromkeys(steps, float("inf"))
    for _ in range(rounds):
        for name, step in steps.items():
            begun = time.process_time()
            step()
            seconds[name] = min(seconds[name], time.process_time() - begun)
    return seconds


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default=os.environ.get("CLAIMTABLE_MODEL"))
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--words", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    nlp = pipeline.load(options.model, fast=options.fast)
    documents = texts(options.words)
    words = sum(len(document.text.split()) for document in documents)
    print(f"{words:,} words, {len(documents)} documents, {nlp.meta['lang']}_{nlp.meta['name']}")
    print(
        f"Python {platform.python_version()}, {platform.machine()}, one thread, CPU time, best of {options.rounds}"
    )
    seconds = measure(nlp, documents, options.rounds)
    for name, value in seconds.items():
        print(f"{name:16} {words / value:10,.0f} words/s {value:8.2f} s")
    ratio = seconds["full extraction"] / seconds["bare pipeline"]
    print(f"full / bare      {ratio:10.2f}         (at most {LIMIT})")
    if ratio > LIMIT:
        sys.exit(1)


if __name__ == "__main__":
    main()
