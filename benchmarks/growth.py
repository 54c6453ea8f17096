"""Processor time of `check`, `report` and `export` by the size of the database: twice the claims take at most 2.2 times.

    python benchmarks/growth.py [--rows 25000 50000 100000 200000]

The databases are those of `exports.py`. Exits with 1 where a doubling takes more. What `ingest` takes of a document does not
grow with the database: `flat.py` shows it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from exports import fill

MOST = 2.2
START = 0.5
"""Seconds that count as the least: below, what starting takes hides the rest."""


def seconds(arguments: list[str]) -> float:
    """Return the processor time of one call of the command line."""
    command = [sys.executable, "-c", "from claimtable.cli import main; main()", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    # `check` says with 1 that it found something.
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"{' '.join(arguments)} failed")
    return used.ru_utime + used.ru_stime


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs="+", default=[25_000, 50_000, 100_000, 200_000])
    options = parser.parse_args()
    before: dict[str, float] = {}
    failed = False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for rows in options.rows:
            db = folder / f"{rows}.db"
            fill(db, rows)
            out, where = folder / "out", ["--db", str(db)]
            jobs = {
                "check": ["check", *where],
                "report": ["report", *where, "-o", str(out), "--force"],
                "export csv": ["export", *where, "--to", "csv", "-o", str(out), "--force"],
                "export jsonl": ["export", *where, "--to", "jsonl", "-o", str(out), "--force"],
            }
            for job, arguments in jobs.items():
                took = seconds(arguments)
                ratio = max(took, START) / max(before[job], START) if job in before else 0.0
                failed |= ratio > MOST
                print(
                    f"| {job} | {rows:,} | {took:.1f} s | {f'x {ratio:.2f}' if ratio else ''} |", flush=True
                )
                before[job] = took
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
