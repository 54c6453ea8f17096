"""A long fuzz of every reader, target by target in turn, with what was found kept as files.

    python tests/fuzz/run.py [--seconds 1800] [--only NAME] [--findings FOLDER] [--seed N]

Every input that raises what is no `ClaimTableError`, takes longer than `targets.SECONDS`, or wants more than `--memory`
is written to the folder, with its traceback. Exits with 1 when there are any.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.fuzz.targets import SECONDS, TARGETS, attempt, mutated

ROUND_SECONDS = 5.0


def main() -> int:
    """Runs and prints executions and findings per target."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=1800)
    parser.add_argument("--only", choices=list(TARGETS), action="append")
    parser.add_argument("--findings", type=Path, default=Path("fuzz-findings"))
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--memory", type=float, default=4.0, help="address space in GB")
    options = parser.parse_args()
    limit = int(options.memory * 2**30)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    seed = options.seed if options.seed is not None else time.time_ns()
    rng = random.Random(seed)
    chosen = [TARGETS[name] for name in options.only or TARGETS]
    seeds = {target.name: target.seeds() for target in chosen}
    for target in chosen:
        with tempfile.TemporaryDirectory() as folder:
            # What is imported on first use is no part of what is timed.
            for data in seeds[target.name]:
                target.run(data, Path(folder))
    runs: Counter[str] = Counter()
    slowest: dict[str, float] = {}
    found: dict[tuple[str, str], int] = {}
    end = time.monotonic() + options.seconds
    while time.monotonic() < end:
        for target in chosen:
            stop = min(end, time.monotonic() + ROUND_SECONDS)
            with tempfile.TemporaryDirectory() as folder:
                while time.monotonic() < stop:
                    data = mutated(seeds[target.name], rng)
                    begun = time.process_time()
                    try:
                        attempt(target, data, Path(folder))
                    except BaseException as error:
                        if isinstance(error, KeyboardInterrupt):
                            raise
                        frames = traceback.extract_tb(error.__traceback__)
                        place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}"
                        key = (target.name, f"{type(error).__name__} at {place}")
                        found[key] = found.get(key, 0) + 1
                        if found[key] == 1:
                            _keep(options.findings, target.name, len(found), data, error)
                    runs[target.name] += 1
                    spent = time.process_time() - begun
                    slowest[target.name] = max(slowest.get(target.name, 0.0), spent)
    print(f"seed {seed}, {options.seconds:g} s, limits {SECONDS:g} s and {options.memory:g} GB")
    for name, count in runs.items():
        print(f"{name:14} {count:10,} executions, slowest {slowest[name]:6.2f} s")
    print(f"{'all':14} {runs.total():10,} executions, {len(found)} findings")
    for (name, what), count in found.items():
        print(f"{name}: {what}, {count} times")
    return 1 if found else 0


def _keep(folder: Path, name: str, number: int, data: bytes, error: BaseException) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    base = folder / f"{number:03}-{name.replace(' ', '-')}"
    base.with_suffix(".bin").write_bytes(data)
    base.with_suffix(".txt").write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    print(f"{base}: {type(error).__name__}: {error!s:.200}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
