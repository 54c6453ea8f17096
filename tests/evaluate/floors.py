"""The quality floors: which gold sets are scored, and `make floors`, which writes today's scores into the file.

`annotations/floors.json` holds one entry per gold set and task: the hash of the gold, and for each
measure the score below which the tests fail (percent; `map` 0-1). Floors are written a little below the
score, by the slack below, because libraries round differently from machine to machine.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from claimtable.cli.evaluate import read_sources
from claimtable.cli.run import Run
from claimtable.evaluate.gold import ARTICLE_TASKS, GoldSet, find_gold
from claimtable.evaluate.run import evaluate
from claimtable.nlp import pipeline

ROOT = Path(__file__).parents[2]
FILE = ROOT / "annotations" / "floors.json"
SHARED = "shared:"
SLACK_PERCENT = 0.5
SLACK_VALUE = 0.005


@dataclass(frozen=True, slots=True)
class FloorSet:
    """A gold folder or file: in the checkout, or with `shared:` in the shared data; benchmarks may be sampled."""

    path: str
    lines: int | None = None
    """First lines of a benchmark that are scored; None for all."""
    standoff: bool = False
    """Whether its texts lie in the shared data."""

    @property
    def shared(self) -> bool:
        return self.standoff or self.path.startswith(SHARED)

    def find(self, shared: Path | None) -> list[GoldSet]:
        """Returns its gold sets, none where the data are not there."""
        if self.standoff and shared is None:
            return []
        if self.path.startswith(SHARED):
            path = None if shared is None else shared / self.path.removeprefix(SHARED)
        else:
            path = ROOT / self.path
        if path is None or not path.exists() or (path.is_dir() and not any(path.iterdir())):
            return []
        return [self._sample(gold) for gold in find_gold([path])]

    def _sample(self, gold: GoldSet) -> GoldSet:
        if self.lines is None or gold.task in ARTICLE_TASKS:
            return gold
        return replace(gold, sources=gold.sources[: self.lines], gold=(gold.gold[0][: self.lines],))


SETS = (
    FloorSet("annotations/gold"),
    FloorSet("annotations/gold-claims"),
    FloorSet("annotations/gold-open", standoff=True),
    FloorSet("annotations/gold-times/open.jsonl"),
    FloorSet("annotations/gold-times/held-out.jsonl"),
    FloorSet("shared:gold"),
    FloorSet("shared:gold-kinds"),
    FloorSet("shared:data/quantities/newsquant.jsonl"),
    FloorSet("shared:data/quantities/currency.jsonl"),
    FloorSet("shared:data/quantities/dimension.jsonl"),
    FloorSet("shared:data/quantities/age.jsonl"),
    FloorSet("shared:data/quantities/temperature.jsonl"),
    FloorSet("shared:data/times/timenorm_train.jsonl", 600),
    FloorSet("shared:data/attribution/polnear_dev.jsonl", 20),
    FloorSet("shared:data/predictions/future_sentences.jsonl", 600),
    FloorSet("shared:data/check_worthiness/checkthat2024_dev-test.jsonl"),
    FloorSet("shared:data/check_worthiness/clef2019_training.jsonl", 1500),
)


def figures(floor_set: FloorSet, nlp: Any, shared: Path | None) -> Iterator[tuple[GoldSet, dict[str, float]]]:
    """Yields each gold set of it with its figures."""
    run = Run()
    sets = floor_set.find(shared)
    for evaluation in evaluate(sets, nlp, lambda sources: read_sources(sources, run)):
        yield evaluation.gold, evaluation.score.figures()


def load() -> list[dict[str, Any]]:
    """Returns the entries of the file."""
    entries: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return entries


def lowered(name: str, figure: float) -> float:
    """Returns the floor for a score."""
    if name == "map":
        return math.floor((figure - SLACK_VALUE) * 1000) / 1000
    return max(0.0, math.floor((figure - SLACK_PERCENT) * 10) / 10)


def shared_folder() -> Path | None:
    """Returns the folder of the shared data, where there is one."""
    folder = Path(os.environ.get("CLAIMTABLE_SHARED", ROOT.parent / "shared"))
    return folder if folder.is_dir() else None


def main() -> None:
    """Prints the scores, writes the floors, and says what changed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lower", action="store_true", help="lower floors too")
    lower = parser.parse_args().lower
    entries = {(entry["set"], entry["task"]): entry for entry in load()}
    nlp = pipeline.load(os.environ.get("CLAIMTABLE_MODEL"))
    for floor_set in SETS:
        for gold, now in figures(floor_set, nlp, shared_folder()):
            key = (floor_set.path, gold.task)
            print(*key, *(f"{name} {figure:.4g}" for name, figure in now.items()))
            old = entries.get(key, {})
            floors = {name: lowered(name, figure) for name, figure in now.items()}
            if not lower:
                if old and old["gold_sha256"] != gold.sha256:
                    sys.exit(f"the gold of {floor_set.path} has changed: run make floors LOWER=1")
                before = old.get("floors", {})
                floors = {name: max(floor, before.get(name, 0.0)) for name, floor in floors.items()}
            for name, floor in floors.items():
                previous = old.get("floors", {}).get(name)
                if previous != floor:
                    print(f"{floor_set.path} {gold.task} {name}: {previous} -> {floor}")
            entries[key] = {
                "set": floor_set.path,
                "task": gold.task,
                "lines": floor_set.lines,
                "gold_sha256": gold.sha256,
                "floors": floors,
            }
    order = {floor_set.path: number for number, floor_set in enumerate(SETS)}
    listed = sorted(entries.values(), key=lambda entry: (order.get(entry["set"], len(order)), entry["task"]))
    FILE.write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
