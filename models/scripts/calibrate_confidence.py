"""Counts how often rows of each origin are right on articles with gold claims: the figures of `claimtable.nlp.claims.confidence`.

    python models/scripts/calibrate_confidence.py annotations/gold OTHER_GOLD ... --without norrvik-third-quarter ...

A row is right when the gold has it and its subject is that of the gold; rows that gold has as optional are left out.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from claimtable.cli.evaluate import read_sources
from claimtable.cli.run import Run
from claimtable.evaluate.claims import GoldClaim, is_right, match
from claimtable.evaluate.gold import find_gold
from claimtable.evaluate.measures import Row
from claimtable.evaluate.run import extract_layers
from claimtable.nlp import pipeline
from claimtable.nlp.claims.confidence import CONFIDENCE, origin

PRIOR_ROWS = 10
"""Rows like the average that are added to those of each origin, so that a few say little (set by hand)."""


def judged(text: str, gold: list[GoldClaim], rows: list[Row]) -> list[tuple[Row, bool]]:
    """Returns the rows of an article that gold judges, each with whether it is right."""
    matching = match(text, gold, rows)
    found = [
        (row, is_right("subject", g, row)) for g, row in matching.pairs if row is not None and not g.optional
    ]
    return found + [(row, False) for row in matching.spurious]


def smoothed(right: int, rows: int, average: float) -> float:
    """Returns the share of right rows, drawn to the average."""
    return (right + PRIOR_ROWS * average) / (rows + PRIOR_ROWS)


def main() -> None:
    """Extracts, counts and prints a line per origin."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--without", nargs="*", default=[], help="ids of articles to leave out")
    args = parser.parse_args()
    (claims,) = [found for found in find_gold(args.gold) if found.task == "claims"]
    kept = [
        (source, [GoldClaim.from_dict(line) for line in lines])
        for source, lines in zip(claims.sources, claims.gold, strict=True)
        if source.id not in args.without
    ]
    texts, rows = extract_layers(
        read_sources([source for source, _ in kept], Run()), pipeline.load(), ["claims"]
    )
    counted: Counter[str] = Counter()
    right: Counter[str] = Counter()
    expected = 0.0
    for source, gold in kept:
        for row, is_row_right in judged(texts[source.id], gold, list(rows["claims"].get(source.id, []))):
            name = origin(row["rule"])
            resolved = row["confidence"] >= CONFIDENCE.get(name, 0.0)
            expected += row["confidence"]
            for key in ("all rows", name, *(() if resolved else ("subject unresolved",))):
                counted[key] += 1
                right[key] += is_row_right
    average = right["all rows"] / counted["all rows"]
    for name in sorted(counted, key=lambda name: -counted[name]):
        share = smoothed(right[name], counted[name], average)
        print(f"{name:<20}{right[name]:>4} of {counted[name]:>4}   {share:.2f}")
    print(f"The confidence of the rows expects {expected:.0f} of {counted['all rows']} to be right.")


if __name__ == "__main__":
    main()
