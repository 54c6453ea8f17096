"""Time and memory of a document, from the first thousand to the hundred thousandth: neither may grow.

    python benchmarks/flat.py [--documents 100000] [--data FILE.json] [--plot FILE.svg]
    python benchmarks/flat.py --from benchmarks/flat.json --plot docs/flat.svg      draws again what was measured

One process extracts the claims of short generated documents with the fast pipeline. They bring new words all the time, as
news does: figures, and names that were not there before. Time is processor time, memory is what the process has. Exits
with 1 when at the end a document takes 20 % longer than in the first thousand, or the process has 10 % more memory than after two
thousand: a thousand of these documents are one batch, and the process has no more than one of them before.
"""

from __future__ import annotations

import os

# Before anything loads a library of linear algebra: one thread.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from memory import peak_megabytes

from claimtable.nlp import pipeline
from claimtable.schema import Document, Section

MOST_TIME, MOST_MEMORY = 1.2, 1.1
"""How much more the last documents may take than the first."""
STOPS = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000)
SYLLABLES = ("ka", "ri", "to", "sen", "bel", "mar", "ov", "lin", "da", "ger", "hu", "ne")


@dataclass(frozen=True, slots=True)
class Point:
    """What a stretch of documents took."""

    documents: int
    """Documents until its end."""
    milliseconds: float
    """Processor time of one document of the stretch."""
    megabytes: float
    """Memory of the process at its end."""


def documents(number: int) -> Iterator[Document]:
    """Yield short documents, each with a figure and a name."""
    chance = random.Random(1)
    for i in range(number):
        name = "".join(chance.choices(SYLLABLES, k=3)).title()
        value, year = chance.randrange(10**7) / 100, chance.randrange(1990, 2030)
        text = f"Exports of {name} rose to ${value:,.2f} million in {year}."
        yield Document(f"d{i}", text, sections=(Section(0, len(text), "body"),))


def measure(number: int) -> list[Point]:
    """Extract from the documents, and return a point for each of `STOPS`."""
    nlp = pipeline.load(fast=True)
    points: list[Point] = []
    begun, since = time.process_time(), 0
    for done, _ in enumerate(pipeline.annotate(documents(number), nlp, keep=False), 1):
        if done in STOPS:
            now = time.process_time()
            points.append(Point(done, 1000 * (now - begun) / (done - since), _memory()))
            print(f"{done:9,} {points[-1].milliseconds:8.2f} ms {points[-1].megabytes:8.0f} MB", flush=True)
            begun, since = time.process_time(), done
    return points


def _memory() -> float:
    """Return the memory of this process in MB, now where the system tells, else the most so far."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1000
    return peak_megabytes()


def plot(points: Sequence[Point]) -> str:
    """Return a drawing as SVG: time and memory over the number of documents."""
    import math

    first, last = math.log10(points[0].documents), math.log10(points[-1].documents)
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 300" font-family="sans-serif" font-size="12" '
        'role="img" aria-label="Time of a document and memory of the process, over the number of documents">',
        '<rect width="640" height="300" fill="#fff"/>',
    ]
    for left, title, unit, values in (
        (60, "processor time of a document", "ms", [p.milliseconds for p in points]),
        (380, "memory of the process", "MB", [p.megabytes for p in points]),
    ):
        top = 1.25 * max(values)
        xs = [left + 220 * (math.log10(p.documents) - first) / max(last - first, 1e-9) for p in points]
        ys = [250 - 200 * value / top for value in values]
        parts.append(f'<text x="{left}" y="30" font-weight="bold">{title}</text>')
        parts.append(f'<path d="M{left} 50V250H{left + 230}" fill="none" stroke="#888"/>')
        parts.append(f'<text x="{left - 6}" y="254" text-anchor="end">0</text>')
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))
        parts.append(f'<polyline points="{line}" fill="none" stroke="#2a66b0" stroke-width="2"/>')
        for x, y, point in zip(xs, ys, points, strict=True):
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="#2a66b0"/>')
            if math.log10(point.documents).is_integer():
                parts.append(f'<text x="{x:.1f}" y="268" text-anchor="middle">{point.documents:,}</text>')
        for x, y, value in ((xs[0], ys[0], values[0]), (xs[-1], ys[-1], values[-1])):
            parts.append(f'<text x="{x:.1f}" y="{y - 10:.1f}" text-anchor="middle">{value:.3g} {unit}</text>')
    parts.append('<text x="320" y="292" text-anchor="middle" fill="#555">documents</text></svg>')
    return "\n".join(parts) + "\n"


def main() -> None:
    """Measure, or read what was measured, and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--from", type=Path, dest="measured", metavar="FILE")
    parser.add_argument("--data", type=Path, metavar="FILE")
    parser.add_argument("--plot", type=Path, metavar="FILE")
    options = parser.parse_args()
    if options.measured:
        points = [Point(**point) for point in json.loads(options.measured.read_text())]
    else:
        points = measure(options.documents)
    if options.data:
        options.data.write_text(json.dumps([asdict(point) for point in points], indent=1) + "\n")
    if options.plot:
        options.plot.write_text(plot(points))
    last = points[-1]
    if (
        last.milliseconds > MOST_TIME * points[0].milliseconds
        or last.megabytes > MOST_MEMORY * points[1].megabytes
    ):
        sys.exit("a document takes more at the end than at the beginning")


if __name__ == "__main__":
    main()
