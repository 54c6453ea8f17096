"""Fits the features of `confidence` on gold, and shows how far it holds on documents that it has not seen.

    python models/scripts/calibrate_confidence.py annotations/gold annotations/gold-claims annotations/gold-open ../shared/gold ../shared/gold-kinds
    python models/scripts/calibrate_confidence.py --write --curve docs/confidence.svg ...

A row is right when gold has it and every attribute is that of the gold; rows that gold has as optional are left out. Cross-validated by
document: printed are the expected calibration error in ten bins, and of the rows from each confidence on how many they are and how many are right.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from claimtable import rules
from claimtable.cli.evaluate import read_sources
from claimtable.cli.run import Run
from claimtable.evaluate.claims import ATTRIBUTES, GoldClaim, is_right, match
from claimtable.evaluate.gold import find_gold
from claimtable.nlp import pipeline
from claimtable.nlp.lines import tracing
from claimtable.nlp.lines.calibration import Judged, error, fitted, probability

FOLDS = 10
PENALTY = 8.0
"""Of 4, 8 and 16 the one with which rows from 0.9 on come nearest to 95 % right on unseen documents."""


def judged(paths: Sequence[Path]) -> Iterator[Judged]:
    """Yield each row that gold judges."""
    nlp = pipeline.load()
    for path in paths:
        for found in find_gold([path]):
            if found.task != "claims":
                continue
            for source, lines in zip(found.sources, found.gold, strict=True):
                gold = [GoldClaim.from_dict(line) for line in lines]
                with tracing() as trace:
                    (doc,) = pipeline.annotate(read_sources([source], Run()), nlp)
                rows = [claim.to_dict() for claim in doc._.claimtable_claims]
                text = doc._.claimtable_document.text
                for row, right in of_document(text, gold, rows):
                    yield Judged(f"{path.name}/{source.id}", trace.evidence[row["claim_id"]], right)


def of_document(text: str, gold: list[GoldClaim], rows: list[dict]) -> Iterator[tuple[dict, bool]]:
    """Yield the judged rows of one document, and whether every cell is right."""
    matching = match(text, gold, rows)
    for g, row in matching.pairs:
        if row is not None and not g.optional:
            yield row, all(is_right(attribute, g, row) for attribute in ATTRIBUTES)
    for row in matching.spurious:
        yield row, False


def held_out(found: Sequence[Judged]) -> list[tuple[float, bool]]:
    """Return the probability of each row by a model of other documents, with whether it is right."""
    documents = sorted({row.document for row in found})
    random.Random(1).shuffle(documents)
    fold = {name: k % FOLDS for k, name in enumerate(documents)}
    out = []
    for k in range(FOLDS):
        weights = fitted([row for row in found if fold[row.document] != k], penalty=PENALTY)
        out += [(probability(row.features, weights), row.right) for row in found if fold[row.document] == k]
    return out


def curve(scored: Sequence[tuple[float, bool]]) -> list[tuple[float, float, float]]:
    """Return least confidence, share of rows kept, and share of them that is right."""
    out = []
    for least in (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95):
        kept = [right for p, right in scored if p >= least]
        if kept:
            out.append((least, len(kept) / len(scored), sum(kept) / len(kept)))
    return out


def draw(points: Sequence[tuple[float, float, float]], path: Path) -> None:
    """Draw rows kept against rows right."""

    def at(kept: float, right: float) -> str:
        return f"{60 + 400 * kept:.0f},{20 + 240 * (1 - (right - 0.4) / 0.6):.0f}"

    line = " ".join(at(kept, right) for _, kept, right in points)
    marks = "".join(
        f'<circle cx="{at(k, r).split(",")[0]}" cy="{at(k, r).split(",")[1]}" r="3"/>'
        f'<text x="{int(at(k, r).split(",")[0]) + 6}" y="{int(at(k, r).split(",")[1]) - 6}">{least:g}</text>'
        for least, k, r in points
    )
    ticks = "".join(
        f'<text x="{52 + 400 * x / 100:.0f}" y="280">{x} %</text>' for x in range(0, 101, 20)
    ) + "".join(
        f'<text x="18" y="{24 + 240 * (1 - (y / 100 - 0.4) / 0.6):.0f}">{y} %</text>'
        for y in range(40, 101, 10)
    )
    path.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="500" height="310" font-family="sans-serif" font-size="11">'
        '<rect width="500" height="310" fill="#fff"/><path d="M60 20V260H460" fill="none" stroke="#888"/>'
        f'<polyline points="{line}" fill="none" stroke="#0b57a4" stroke-width="2"/>{marks}{ticks}'
        '<text x="170" y="302">rows kept from each confidence on</text><text x="66" y="14">rows right in every cell</text></svg>\n',
        encoding="utf-8",
    )


def main() -> None:
    """Fit, print, and write if asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--curve", type=Path, help="where to draw rows kept against rows right")
    parser.add_argument("--write", action="store_true", help="put the weights into the table")
    args = parser.parse_args()
    found = list(judged(args.gold))
    scored = held_out(found)
    print(
        f"{len(found)} rows, {100 * sum(x.right for x in found) / len(found):.1f} % right, calibration error on unseen documents {error(scored):.3f}"
    )
    points = curve(scored)
    for least, kept, right in points:
        print(f"from {least:<5g}{100 * kept:>6.1f} % of the rows, {100 * right:.1f} % right")
    if args.curve:
        draw(points, args.curve)
    if args.write:
        weights = fitted(found, penalty=PENALTY)
        path = next(file for file in rules.files() if file.name == "confidence_features.tsv")
        head = [
            line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith(("#", "id\t"))
        ]
        lines = [
            f"confidence.{name.replace(' ', '_')}\t{name}\t{weight:.3f}\tfitted on gold"
            for name, weight in sorted(weights.items())
        ]
        Path(str(path)).write_text("\n".join([*head, *lines]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
