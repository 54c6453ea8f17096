"""How fast the extraction is, on one text set in one run: each step, start-up, memory, two processes beside one.

    python benchmarks/speed.py [--model NAME_OR_PATH] [--fast] [--words 40000] [--rounds 5] [--chart FILE.svg]

Words per second are of CPU seconds of this process on one core, the least of several rounds; the steps take turns, so
that a busy machine hits them alike. How many bare pipelines the full extraction takes is the median of the rounds, which one
noisy round does not move. Start-up is CPU seconds, too, which by the clock are the same on an idle machine.
Two processes are measured by the clock: that figure is true on an idle machine alone. Words are runs of characters without white space. Other
libraries (quantulum3, recognizers-text, dateparser, timexy) are timed on the same texts where they are installed.

Exits with 1 when a target is missed.
"""

from __future__ import annotations

import os

# Before anything loads a library of linear algebra: one thread.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse
import json
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import NamedTuple
from xml.sax.saxutils import escape

from memory import peak_megabytes
from spacy.language import Language

from claimtable import ingest
from claimtable.nlp import layers, pipeline
from claimtable.schema import Document, Section

ROOT = Path(__file__).parents[1]
Step = Callable[[], None]


class Target(NamedTuple):
    """A measured figure, and what it may be at most (or at least)."""

    name: str
    value: float
    limit: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def news(folder: Path) -> Iterator[Document]:
    """Yield the articles of the shared attribution data, where they are there."""
    path = folder / "data" / "attribution" / "polnear_dev.jsonl"
    if path.is_file():
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                data = json.loads(line)
                section = Section(0, len(data["text"]), "body")
                yield Document(id=data["id"], text=data["text"], sections=(section,))


def texts(words: int) -> list[Document]:
    """Return the sample corpus, filled up with news to about `words` words, or the corpus again and again."""
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


def peers(documents: list[Document]) -> dict[str, Step]:
    """Return what other libraries do of the same, those that are installed."""
    found: dict[str, Step] = {}
    if find_spec("quantulum3") is not None:
        # Its classifier of ambiguous units is pickled with an old scikit-learn and fails with a current one.
        import_module("quantulum3.classifier").USE_CLF = False  # type: ignore[attr-defined]
        quantulum = import_module("quantulum3.parser")

        def quantities() -> None:
            for document in documents:
                quantulum.parse(document.text)

        found["quantulum3 (quantities)"] = quantities
    if find_spec("dateparser") is not None:
        dates = import_module("dateparser.search")

        def times() -> None:
            for document in documents:
                dates.search_dates(document.text, languages=["en"])

        found["dateparser (times)"] = times
    if find_spec("recognizers_number_with_unit") is not None:
        found["recognizers-text (quantities and times)"] = _recognizers(documents)
    if find_spec("timexy") is not None:
        import_module("timexy")
        blank = import_module("spacy").blank("en")
        blank.add_pipe("timexy")
        found["timexy (times)"] = lambda: [blank(document.text) for document in documents]
    return found


def _recognizers(documents: list[Document]) -> Step:
    """Return what Microsoft's recognizers do of the same: figures with units, and times."""
    units = import_module("recognizers_number_with_unit")
    dates = import_module("recognizers_date_time")
    recognizers = [
        *(getattr(units, f"recognize_{kind}") for kind in ("age", "currency", "dimension", "temperature")),
        dates.recognize_datetime,
    ]

    def run() -> None:
        for document in documents:
            for recognize in recognizers:
                recognize(document.text, "en-us")

    return run


def steps(nlp: Language, documents: list[Document]) -> dict[str, Step]:
    """Return what is timed, by name."""
    ours = [name for name in nlp.pipe_names if name.startswith("claimtable_")]
    words_only = pipeline.load_words_only("claimtable_quantities")

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

    def without_subject() -> None:
        for doc in pipeline.annotate(documents, words_only):
            list(layers.LAYERS["quantities"].rows(doc))

    def layer(name: str) -> Step:
        def step() -> None:
            with layers.restrict(nlp, name):
                for doc in pipeline.annotate(documents, nlp):
                    list(layers.LAYERS[name].rows(doc))

        return step

    return {
        "tokenizer": tokenizer,
        "bare pipeline": bare,
        "full claims": full,
        **{f"layer {name}": layer(name) for name in layers.LAYERS if name != "claims"},
        "quantities --no-subject": without_subject,
        **peers(documents),
    }


def measure(timed: dict[str, Step], rounds: int) -> dict[str, list[float]]:
    """Return the CPU seconds of each step, round by round."""
    timed["full claims"]()  # Everything that is read on first use is there now.
    seconds: dict[str, list[float]] = {name: [] for name in timed}
    for number in range(rounds):
        # Every other round backwards: what the one before leaves in the caches helps each in turn.
        steps = list(timed.items())
        for name, step in steps if number % 2 == 0 else reversed(steps):
            begun = time.process_time()
            step()
            seconds[name].append(time.process_time() - begun)
    return seconds


def ratio_of(one: list[float], other: list[float]) -> tuple[float, float, float]:
    """Return how many times as long one step took as the other within a round: the median, the least and the greatest."""
    ratios = [a / b for a, b in zip(one, other, strict=True)]
    return median(ratios), min(ratios), max(ratios)


def seconds_of(*command: str, runs: int) -> float:
    """Return the least seconds of processor time that a command of this interpreter takes."""
    best = float("inf")
    for _ in range(runs):
        begun = _children()
        subprocess.run([sys.executable, *command], check=True, capture_output=True)
        best = min(best, _children() - begun)
    return best


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def side_by_side(options: argparse.Namespace, processes: int) -> float:
    """Return the seconds that so many processes take which extract from the text set at the same time, each from all of it."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import speed\n"
        "from claimtable.nlp import pipeline\n"
        "nlp = pipeline.load(sys.argv[2] or None, fast=bool(sys.argv[3])); documents = speed.texts(int(sys.argv[4]))\n"
        "sum(1 for _ in pipeline.extract(documents[:1], nlp))\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "sum(1 for _ in pipeline.extract(documents, nlp)); print('done', flush=True)"
    )
    arguments = (str(Path(__file__).parent), options.model or "", "1" * options.fast, str(options.words))
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(processes)
    ]
    for process in running:
        assert process.stdout is not None
        process.stdout.readline()
    begun = time.perf_counter()
    for process in running:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in running:
        process.communicate()
    return time.perf_counter() - begun


def chart(speed: dict[str, float], title: str) -> str:
    """Return an SVG of bars, one a step, with microseconds per word as their length."""
    row, left, width = 24, 190, 460
    cost = {name: 1e6 / value for name, value in speed.items()}
    longest = max(cost.values())
    height = 40 + row * len(cost)
    bars = []
    for k, (name, value) in enumerate(cost.items()):
        y = 36 + row * k
        fill = "#2a6f97" if name in ("bare pipeline", "full claims") else "#a9c6d8"
        length = max(1.0, width * value / longest)
        bars.append(
            f'<text x="{left - 8}" y="{y + 13}" text-anchor="end">{escape(name)}</text>'
            f'<rect x="{left}" y="{y}" width="{length:.1f}" height="{row - 8}" fill="{fill}"/>'
            f'<text x="{left + length + 6:.1f}" y="{y + 13}">{value:,.0f} µs, {speed[name]:,.0f} words/s</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + width + 190}" height="{height}" '
        'font-family="sans-serif" font-size="12" fill="#222">'
        f'<text x="8" y="20" font-size="14">{escape(title)}</text>{"".join(bars)}</svg>\n'
    )


def main() -> int:
    """Print the table, write the chart, and return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default=os.environ.get("CLAIMTABLE_MODEL"))
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--words", type=int, default=40_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--starts", type=int, default=5, help="runs of each start-up that is timed")
    parser.add_argument("--chart", type=Path, help="write the words per second here, as SVG")
    options = parser.parse_args()
    nlp = pipeline.load(options.model, fast=options.fast)
    loaded = peak_megabytes()
    documents = texts(options.words)
    words = sum(len(document.text.split()) for document in documents)
    name = f"{nlp.meta['lang']}_{nlp.meta['name']} {nlp.meta['version']}"
    print(f"{words:,} words, {len(documents)} documents, {name}")
    print(f"Python {platform.python_version()}, {platform.machine()}, one thread, best of {options.rounds}")
    timed = steps(nlp, documents)
    timed["full claims"]()
    extracted = peak_megabytes()
    took = measure(timed, options.rounds)
    seconds = {name: min(found) for name, found in took.items()}
    ratio, least, most = ratio_of(took["full claims"], took["bare pipeline"])
    print(
        f"full claims take {ratio:.2f} bare pipelines: the median of {options.rounds} rounds, {least:.2f} to {most:.2f}"
    )
    speed = {step: words / value for step, value in seconds.items()}
    for step, value in speed.items():
        print(f"{step:26} {value:12,.0f} words/s {1e6 / value:8,.1f} µs/word")
    print(f"memory: {loaded:,.0f} MB with the pipeline loaded, {extracted:,.0f} MB at most while extracting")
    # The interpreter's own start is not ours.
    bare_start = seconds_of("-c", "pass", runs=options.starts)
    article = str(ROOT / "corpus" / "tumen-crossing.txt")
    flags = ["--fast"] * options.fast + ["--model", options.model] * bool(options.model)
    alone, two = (side_by_side(options, count) for count in (1, 2))
    targets = [
        Target("full claims, in bare pipelines", ratio, 1.25),
        Target(
            "import claimtable, seconds",
            seconds_of("-c", "import claimtable", runs=options.starts) - bare_start,
            0.2,
        ),
        Target(
            "claimtable extract of one article, seconds",
            seconds_of("-m", "claimtable", "extract", article, *flags, runs=options.starts),
            2.5,
        ),
        Target("two processes, in one", 2 * alone / two, 1.8, at_least=True),
    ]
    if "quantulum3 (quantities)" in speed:
        faster = speed["full claims"] / speed["quantulum3 (quantities)"]
        targets.append(Target("full claims, in quantulum3's quantities", faster, 1.0, at_least=True))
    for target in targets:
        limit = f"at {'least' if target.at_least else 'most'} {target.limit}"
        print(f"{target.name:42} {target.value:6.2f}   ({limit}{'' if target.met else ': MISSED'})")
    if options.chart:
        options.chart.write_text(chart(speed, f"Cost of a word, {name}"), encoding="utf-8")
    return 0 if all(target.met for target in targets) else 1


if __name__ == "__main__":
    sys.exit(main())
