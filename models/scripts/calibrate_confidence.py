"""Fits the features of `confidence` on gold, and shows how far it holds on documents that it has not seen.

    python models/scripts/calibrate_confidence.py annotations/gold annotations/gold-claims annotations/gold-open ../shared/gold ../shared/gold-kinds
    python models/scripts/calibrate_confidence.py --write --curve docs/confidence.svg ...

A row is right when gold has it and every attribute is that of the gold; rows that gold has as optional are left out. Cross-validated by
document: printed are the expected calibration error in ten bins, and of the rows from each confidence on how many they are and how many are right.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from claimtable import rules
from claimtable.cli.evaluate import read_sources
from claimtable.cli.run import Run
from claimtable.evaluate.claims import ATTRIBUTES, GoldClaim, is_right, match
from claimtable.evaluate.gold import find_gold
from claimtable.nlp import pipeline
from claimtable.nlp.claims import confidence as model
from claimtable.nlp.claims import rows as table

FOLDS = 10
PENALTY = 4.0
"""Of the squared weights, the bias aside. 1, 4 and 10 gave a calibration error on unseen documents of 0.044, 0.021 and 0.017; with 10 almost no row is sure."""
LEAST = 5
"""Rows that a feature must have to be weighed at all."""
Judged = tuple[str, dict[str, float], bool]


def judged(paths: Sequence[Path]) -> Iterator[Judged]:
    """Yields document, features and rightness of each row that gold judges."""
    nlp = pipeline.load()
    for path in paths:
        for found in find_gold([path]):
            if found.task != "claims":
                continue
            for source, lines in zip(found.sources, found.gold, strict=True):
                gold = [GoldClaim.from_dict(line) for line in lines]
                evidence: list[model.Evidence] = []
                plain = model.confidence
                table.confidence = lambda e, kept=evidence: (kept.append(e), len(kept) - 1)[1]
                (doc,) = pipeline.annotate(read_sources([source], Run()), nlp)
                table.confidence = plain
                rows = [claim.to_dict() for claim in doc._.claimtable_claims]
                yield from of_document(
                    f"{path.name}/{source.id}", doc._.claimtable_document.text, gold, rows, evidence
                )


def of_document(
    name: str, text: str, gold: list[GoldClaim], rows: list[dict], evidence: list[model.Evidence]
) -> Iterator[Judged]:
    """Yields the judged rows of one document, whose `confidence` is the index of their evidence."""
    matching = match(text, gold, rows)
    for g, row in matching.pairs:
        if row is not None and not g.optional:
            right = all(is_right(attribute, g, row) for attribute in ATTRIBUTES)
            yield name, dict(model.values(evidence[int(row["confidence"])])), right
    for row in matching.spurious:
        yield name, dict(model.values(evidence[int(row["confidence"])])), False


def fitted(found: Sequence[Judged]) -> dict[str, float]:
    """Returns the log-odds of each feature: a logistic regression, by Newton's method."""
    counts = Counter(name for _, features, _ in found for name in features)
    names = [name for name, n in counts.items() if n >= LEAST]
    matrix = np.array([[features.get(name, 0.0) for name in names] for _, features, _ in found])
    right = np.array([is_row_right for _, _, is_row_right in found], float)
    weights = np.zeros(len(names))
    ridge = np.diag([1e-6 if name == model.BIAS else PENALTY for name in names])
    for _ in range(25):
        p = 1 / (1 + np.exp(-matrix @ weights))
        hessian = matrix.T @ (matrix * (p * (1 - p))[:, None]) + ridge
        weights = weights + np.linalg.solve(hessian, matrix.T @ (right - p) - ridge @ weights)
    return dict(zip(names, weights.tolist(), strict=True))


def probability(features: dict[str, float], weights: dict[str, float]) -> float:
    """Returns the probability that the row is right."""
    return float(1 / (1 + np.exp(-sum(weights.get(name, 0.0) * value for name, value in features.items()))))


def held_out(found: Sequence[Judged]) -> list[tuple[float, bool]]:
    """Returns the probability of each row by a model of other documents, with whether it is right."""
    documents = sorted({name for name, _, _ in found})
    random.Random(1).shuffle(documents)
    fold = {name: k % FOLDS for k, name in enumerate(documents)}
    out = []
    for k in range(FOLDS):
        weights = fitted([x for x in found if fold[x[0]] != k])
        out += [(probability(features, weights), right) for name, features, right in found if fold[name] == k]
    return out


def error(scored: Sequence[tuple[float, bool]]) -> float:
    """Returns the expected calibration error in ten bins of equal width."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for p, right in scored:
        bins.setdefault(min(9, int(p * 10)), []).append((p, right))
    return sum(abs(sum(p for p, _ in b) - sum(r for _, r in b)) for b in bins.values()) / len(scored)


def curve(scored: Sequence[tuple[float, bool]]) -> list[tuple[float, float, float]]:
    """Returns least confidence, share of rows kept, and share of them that is right."""
    out = []
    for least in (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95):
        kept = [right for p, right in scored if p >= least]
        if kept:
            out.append((least, len(kept) / len(scored), sum(kept) / len(kept)))
    return out


def draw(points: Sequence[tuple[float, float, float]], path: Path) -> None:
    """Draws rows kept against rows right."""

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
    """Fits, prints, and writes if asked."""
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
        f"{len(found)} rows, {100 * sum(x[2] for x in found) / len(found):.1f} % right, calibration error on unseen documents {error(scored):.3f}"
    )
    points = curve(scored)
    for least, kept, right in points:
        print(f"from {least:<5g}{100 * kept:>6.1f} % of the rows, {100 * right:.1f} % right")
    if args.curve:
        draw(points, args.curve)
    if args.write:
        weights = fitted(found)
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
