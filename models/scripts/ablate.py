"""Train every variant of configs/ablations.tsv with the same small budget, and keep the last score of each.

    python scripts/ablate.py ../../shared/data/language work/ablations logs/ablations.jsonl --steps 470

A variant that is in the log with this number of steps is not trained again. A line of the log has the variant's
name, what differs, and the last line of its learning curve (see train_encoder.py): scores on dev_small.
"""

import argparse
import csv
import json
import shlex
import subprocess
import sys
from pathlib import Path

SCRIPTS = Path(__file__).parent
VARIANTS = SCRIPTS.parent / "configs" / "ablations.tsv"


def read_variants(path: Path) -> list[dict[str, str]]:
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t"))


def read_log(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the variants of configs/ablations.tsv.")
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path, help="folder for the trainings")
    parser.add_argument("log", type=Path)
    parser.add_argument("--steps", type=int, default=470)
    parser.add_argument("--only", nargs="+", metavar="NAME", help="of the variants (default: all)")
    args = parser.parse_args()
    done = {(row["name"], row["step"]) for row in read_log(args.log)}
    for variant in read_variants(VARIANTS):
        if (variant["name"], args.steps) in done or variant["name"] not in (args.only or [variant["name"]]):
            continue
        output = args.work / variant["name"]
        command = [sys.executable, str(SCRIPTS / "train_encoder.py"), str(args.data), str(output)]
        command += ["--steps", str(args.steps), *shlex.split(variant["arguments"] or "")]
        subprocess.run(command, check=True)
        last = json.loads((output / "curve.jsonl").read_text("utf-8").splitlines()[-1])
        with args.log.open("a", encoding="utf-8") as log:
            log.write(json.dumps({"name": variant["name"], "what": variant["what"], **last}) + "\n")
        (output / "checkpoint.pickle").unlink()


if __name__ == "__main__":
    main()
