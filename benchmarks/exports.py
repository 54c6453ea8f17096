"""Seconds and memory of `claimtable export`, whole, by format, on a database that it generates.

    python benchmarks/exports.py [--rows 100000] [--rounds 1] [--formats csv parquet ...]

Each export is a process of its own, as a user starts it, from start to end: wall-clock seconds and those of the processor,
the least of the rounds, and the most memory that it had at a time. Exits with 1 when a format takes more of the processor,
which a busy machine leaves as it is, or more memory, than it may.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from memory import peak_megabytes

from claimtable.schema import Claim, Document, Section
from claimtable.store import Extraction, Store

CLAIMS_PER_DOCUMENT = 50
MOST_MB = 1000
MOST_SECONDS = {"csv": 10, "parquet": 10, "jsonl": 10, "xlsx": 60}
"""What 100,000 rows may take; the other formats have no limit."""
FORMATS = ("csv", "parquet", "jsonl", "xlsx", "sqlite", "claimreview", "webannotation", "brat", "docbin")

SUBJECTS = ("trade between the two countries", "lithium output", "the budget deficit", "arrivals by rail")
SPEAKERS = ("the customs service", "Marta Olsen", "World Bank", "the ministry of finance")


def documents(rows: int) -> Iterator[tuple[Document, tuple[Claim, ...]]]:
    """Yield documents with their claims, about as long and as full of values as real ones."""
    chance = random.Random(1)
    for number in range(-(-rows // CLAIMS_PER_DOCUMENT)):
        published = date(2000, 1, 1) + timedelta(days=chance.randrange(9000))
        doc_id, title = f"generated-{number:06}", f"Figures of week {number}"
        size = min(CLAIMS_PER_DOCUMENT, rows - number * CLAIMS_PER_DOCUMENT)
        made = [_sentence(chance, published) for _ in range(size)]
        text = " ".join(sentence for sentence, _ in made)
        document = Document(
            doc_id, text, title=title, published=published, sections=(Section(0, len(text), "body"),)
        )
        claims, start = [], 0
        for place, (sentence, fields) in enumerate(made):
            end = start + len(sentence)
            claims.append(
                Claim(
                    claim_id=f"{number:08x}{place:08x}",
                    text=sentence,
                    doc_id=doc_id,
                    title=title,
                    published=published,
                    section="body",
                    start=start,
                    end=end,
                    prefix=text[max(0, start - 32) : start],
                    suffix=text[end : end + 32],
                    rule="benchmark@1",
                    **fields,
                )
            )
            start = end + 1
        yield document, tuple(claims)


def _sentence(chance: random.Random, published: date) -> tuple[str, dict[str, object]]:
    subject, speaker = chance.choice(SUBJECTS), chance.choice(SPEAKERS)
    value = round(chance.uniform(1, 1000), 1)
    year = published.year + chance.randrange(-3, 4)
    future = year > published.year
    words = (
        f"could reach ${value:g} million by {year}" if future else f"was worth ${value:g} million in {year}"
    )
    fields: dict[str, object] = {
        "kind": "prediction" if future else "quantitative",
        "subject": subject,
        "predicate": "reach" if future else "worth",
        "bound": "=",
        "value": value * 1e6,
        "unit": "USD",
        "unit_text": "$",
        "dimension": "money",
        "time_text": str(year),
        "time_start": date(year, 1, 1),
        "time_end": date(year, 12, 31),
        "deadline": date(year, 12, 31) if future else None,
        "speaker": speaker,
        "speaker_text": speaker,
        "cue": "according to",
        "speaker_type": "ORG",
        "polarity": "affirmed",
        "modality": "could" if future else None,
        "check_worthiness": round(chance.random(), 3),
        "confidence": round(chance.random(), 3),
    }
    return f"According to {speaker}, {subject} {words}, as a report of that week says.", fields


def fill(path: Path, rows: int) -> None:
    """Make the database."""
    with Store.open(path) as store, store.transaction():
        for document, claims in documents(rows):
            store.add_document(document)
            store.save_extraction(document, Extraction(claims), pipeline="benchmark")


def measure(db: Path, format_: str, folder: Path) -> tuple[float, float, float, float]:
    """Return the seconds, those of the processor, the most memory and the size of the file in MB of one export."""
    target = folder / f"out.{format_}"
    command = [sys.executable, "-c", "from claimtable.cli import main; main()", "export"]
    begun = time.monotonic()
    process = subprocess.Popen(
        [*command, "--db", str(db), "--to", format_, "-o", str(target), "--force"], stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"export --to {format_} failed")
    busy = usage.ru_utime + usage.ru_stime
    return seconds, busy, peak_megabytes(usage), target.stat().st_size / 1e6


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=FORMATS)
    options = parser.parse_args()
    slow = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        db = folder / "claims.db"
        begun = time.monotonic()
        fill(db, options.rows)
        print(f"{options.rows:,} rows in a database of {db.stat().st_size / 1e6:,.0f} MB, ", end="")
        print(f"made in {time.monotonic() - begun:.0f} s")
        print(f"{'format':14} {'seconds':>8} {'CPU':>8} {'most MB':>8} {'file MB':>8}")
        for format_ in options.formats:
            runs = [measure(db, format_, folder) for _ in range(options.rounds)]
            seconds, busy = min(run[0] for run in runs), min(run[1] for run in runs)
            most = max(run[2] for run in runs)
            print(f"{format_:14} {seconds:8.1f} {busy:8.1f} {most:8.0f} {runs[0][3]:8.1f}", flush=True)
            limit = MOST_SECONDS.get(format_, float("inf")) * max(1, options.rows / 100_000)
            if busy > limit or most > MOST_MB:
                slow.append(format_)
    if slow:
        sys.exit(f"more than it may be: {', '.join(slow)}")


if __name__ == "__main__":
    main()
