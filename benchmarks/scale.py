"""What an archive costs: measures a job on this machine, and works out time and money for larger ones.

    python benchmarks/scale.py [--fast] [--words 60000] [--article-words 600] [--price 0.04] [--cores 16 256]

The job is one of `claimtable extract --engine local` with one worker, on the sample corpus and, where it is there, shared
news. Its speed is in words per second of processor time, all of the job counted but the loading of the pipeline.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from speed import texts

from claimtable.scale import Engine, Settings, Totals, run

ARTICLES = (10**6, 10**7, 10**8)


def measure(words: int, *, fast: bool) -> tuple[Totals, int]:
    """Return what a job did, and the bytes that it wrote."""
    totals = Totals()
    with tempfile.TemporaryDirectory() as name:
        source, folder = Path(name, "articles.jsonl"), Path(name, "out")
        with source.open("w", encoding="utf-8") as file:
            for document in texts(words):
                file.write(json.dumps({"id": document.id, "text": document.text}) + "\n")
        settings = Settings.of("claims", None, fast)
        done = run(
            [str(source)],
            str(folder),
            settings,
            engine=Engine.local,
            workers=1,
            on_error=lambda error: sys.exit(str(error)),
            totals=totals,
        )
        for _ in done:
            pass
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return totals, size


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--words", type=int, default=60_000, help="size of the measured job")
    parser.add_argument("--article-words", type=int, default=600, help="words of an article of the archive")
    parser.add_argument("--price", type=float, default=0.04, help="of a core for an hour")
    parser.add_argument("--cores", type=int, nargs="+", default=[16, 256])
    options = parser.parse_args()
    totals, size = measure(options.words, fast=options.fast)
    speed = totals.words / totals.seconds
    print(
        f"{totals.words:,} words in {totals.documents} articles: {speed:,.0f} words per second of a core, ",
        end="",
    )
    print(f"{size / totals.words * options.article_words:,.0f} bytes written per article")
    print(f"articles of {options.article_words} words, a core-hour for {options.price}:")
    heads = "".join(f"{f'{cores} cores':>14}" for cores in options.cores)
    print(f"{'articles':>12} {'core-hours':>12} {'cost':>8} {'written':>10}{heads}")
    for articles in ARTICLES:
        hours = articles * options.article_words / speed / 3600
        written = articles * options.article_words * size / totals.words / 1e9
        times = "".join(f"{hours / cores:12,.1f} h" for cores in options.cores)
        print(f"{articles:12,} {hours:12,.0f} {hours * options.price:8,.0f} {written:7,.1f} GB{times}")


if __name__ == "__main__":
    main()
