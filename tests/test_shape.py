"""The shape of the code: what is too complex or too wide is listed, and the lists only get shorter.

`tests/shape/complex.txt` has the blocks of the package whose cyclomatic complexity, as radon counts it, is over `MOST`;
`tests/shape/wide.txt` and `branching.txt` the files in which ruff finds lines over the stated length, and functions over the
stated complexity. A new entry fails here, and so does one that is no longer needed: take it out.
`python tests/test_shape.py` writes the lists anew.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from radon.complexity import cc_visit

ROOT = Path(__file__).parents[1]
LISTS = ROOT / "tests" / "shape"
MOST = 20
"""Cyclomatic complexity of a block."""
RULES = {"wide": "E501", "branching": "C901"}


def complex_blocks() -> list[str]:
    """Return the blocks of the package over `MOST`, as `file:name`."""
    out = []
    for path in sorted((ROOT / "pipeline").rglob("*.py")):
        for block in cc_visit(path.read_text(encoding="utf-8")):
            methods = getattr(block, "methods", None)
            parts = [block] if methods is None else methods
            place = path.relative_to(ROOT / "pipeline").as_posix()
            out += [f"{place}:{part.fullname}" for part in parts if part.complexity > MOST]
    return sorted(set(out))


def ruff_findings(rule: str) -> list[str]:
    """Return the files in which ruff finds the rule broken, with how often, as `file count`."""
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--select",
        rule,
        "--output-format",
        "json",
        "--exit-zero",
        ".",
    ]
    found = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout)
    counts = Counter(Path(item["filename"]).relative_to(ROOT).as_posix() for item in found)
    return [f"{file} {count}" for file, count in sorted(counts.items())]


def listed(name: str) -> list[str]:
    """Return the lines of a list."""
    return (LISTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def test_complex_blocks_are_those_listed():
    found, known = set(complex_blocks()), set(listed("complex"))
    assert not found - known, f"over {MOST}: make it simpler, as tables or as functions of one concern each"
    assert not known - found, "no longer over: take it out of tests/shape/complex.txt"


@pytest.mark.parametrize("name", RULES)
def test_files_break_a_rule_no_more_often_than_listed(name):
    found = dict(line.rsplit(" ", 1) for line in ruff_findings(RULES[name]))
    known = dict(line.rsplit(" ", 1) for line in listed(name))
    more = {f: n for f, n in found.items() if int(n) > int(known.get(f, 0))}
    assert not more, f"{RULES[name]} is broken more often than tests/shape/{name}.txt allows"
    fewer = {f: n for f, n in known.items() if int(n) > int(found.get(f, 0))}
    assert not fewer, f"fewer now: write tests/shape/{name}.txt anew with `python tests/test_shape.py`"


def main() -> None:
    """Write the lists anew."""
    LISTS.mkdir(exist_ok=True)
    lists = {"complex": complex_blocks()} | {name: ruff_findings(rule) for name, rule in RULES.items()}
    for name, lines in lists.items():
        (LISTS / f"{name}.txt").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
