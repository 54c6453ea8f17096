"""Speed of the quantities layer: alone, beside quantulum3, and as a share of a language pipeline.

    python benchmarks/quantities.py FILE.jsonl [--model NAME_OR_PATH] [--runs 3]

FILE has one JSON object with a `text` a line. quantulum3 is timed on the same texts if it is installed
(`pip install quantulum3`). All figures are process time on one core, the best of the runs.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from claimtable.nlp.quantities import find_quantities


def best(work: Callable[[], object], runs: int) -> float:
    """Returns the least process time of `runs` runs, in seconds."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def main(arguments: list[str] | None = None) -> int:
    """Prints the table and returns the exit code: 1 where the layer is not 5 times as fast as quantulum3."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--model")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args(arguments)
    texts = [
        json.loads(line)["text"] for line in options.file.read_text("utf-8").splitlines() if line.strip()
    ]
    words = sum(len(text.split()) for text in texts)
    find_quantities("5 km")
    own = best(lambda: [find_quantities(text) for text in texts], options.runs)
    rows = [("quantities, text only", own)]
    code = 0
    if find_spec("quantulum3") is not None:
        peer = import_module("quantulum3.parser")
        peer.parse("5 km")
        other = best(lambda: [peer.parse(text) for text in texts], 1)
        rows.append(("quantulum3", other))
        code = int(other < 5 * own)
    if options.model:
        import spacy

        from claimtable.nlp import extensions
        from claimtable.nlp.quantities.component import quantities

        extensions.register()
        nlp = spacy.load(options.model)
        docs: list[spacy.tokens.Doc] = []
        bare = best(lambda: docs.__setitem__(slice(None), nlp.pipe(texts)), options.runs)
        rows.append(("language pipeline", bare))
        refined = best(lambda: [quantities(doc) for doc in docs], options.runs)
        rows.append((f"quantities on its parse ({100 * refined / bare:.1f} % of it)", refined))
    for name, seconds in rows:
        sys.stdout.write(f"{name:45} {words / seconds:12,.0f} words/s {1e6 * seconds / words:8.1f} µs/word\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
