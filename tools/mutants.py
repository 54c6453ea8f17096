"""Small changes of meaning in code and tables, and whether the fitting tests notice them.

    python tools/mutants.py [--code 400] [--lines 200] [--seed 1] [--only PATH] [--report tests/mutants.jsonl]

A copy of the checkout is changed at one place at a time: a comparison, a condition, a number or a truth value of the
package, or a line of `rules/data`, which is left out or has one of its figures changed. The tests beside what was changed
run until one fails. The report has a line for each change: where, what, and whether it was noticed (`killed`), not
(`survived`), or ran too long (`timeout`, which counts as noticed). What is there already is not tried again. Exits with 1
when fewer are noticed than `LEAST`.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = Path("pipeline/claimtable")
TABLES = PACKAGE / "rules" / "data"
LEAST = {"code": 0.85, "line": 0.95}
"""Share that is to be noticed."""
SECONDS = 600
MAX_LINES = 2_000
"""Longer tables are lists of names and places that were taken over whole."""
MARKS = "not ray and not label_studio and not shared and not slow"
_COMPARISONS = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
                ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is}  # fmt: skip
_OPERATIONS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}


@dataclass(frozen=True, slots=True)
class Change:
    """A place in a file, and what stands there instead."""

    kind: str
    """`code` or `line`."""
    path: str
    line: int
    start: int
    """In bytes of UTF-8, from the beginning of the file."""
    end: int
    new: str
    what: str

    def apply(self, data: bytes) -> bytes:
        return data[: self.start] + self.new.encode() + data[self.end :]


def of_code(path: Path) -> Iterator[Change]:
    """Yield the changes of one module."""
    data = (ROOT / path).read_bytes()
    lines = data.split(b"\n")
    begins = [0]
    for line in lines:
        begins.append(begins[-1] + len(line) + 1)
    tree = ast.parse(data)
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            child.above = node  # type: ignore[attr-defined]
    for node in ast.walk(tree):
        if not isinstance(node, ast.expr) or _is_typing(node):
            continue
        new = _changed(node)
        if new is None:
            continue
        start = begins[node.lineno - 1] + node.col_offset
        end = begins[node.end_lineno - 1] + node.end_col_offset  # type: ignore[operator]
        text = ast.unparse(new)
        old = data[start:end].decode()
        if text != old:
            yield Change(
                "code", str(path), node.lineno, start, end, f"({text})", f"{old[:70]} -> {text[:70]}"
            )


def _is_typing(node: ast.AST) -> bool:
    while (above := getattr(node, "above", None)) is not None:
        if isinstance(above, ast.AnnAssign) and node is above.annotation:
            return True
        if isinstance(above, ast.arg | ast.JoinedStr) or (
            isinstance(above, ast.FunctionDef) and node is above.returns
        ):
            return True
        if isinstance(above, ast.ImportFrom | ast.Raise) or (
            isinstance(above, ast.keyword) and above.arg in ("slots", "frozen")
        ):
            return True
        node = above
    return False


def _changed(node: ast.expr) -> ast.expr | None:
    """Return the expression with another meaning; None where there is none to choose."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARISONS:
        return ast.Compare(node.left, [_COMPARISONS[type(node.ops[0])](), *node.ops[1:]], node.comparators)
    if isinstance(node, ast.BoolOp):
        return ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return node.operand
    if (
        isinstance(node, ast.BinOp)
        and type(node.op) in _OPERATIONS
        and not isinstance(node.left, ast.Constant)
    ):
        return ast.BinOp(node.left, _OPERATIONS[type(node.op)](), node.right)
    if isinstance(node, ast.Constant) and type(node.value) is bool:
        return ast.Constant(not node.value)
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return ast.Constant(node.value + 1)
    if isinstance(node, ast.IfExp):
        return ast.IfExp(node.test, node.orelse, node.body)
    return None


def of_table(path: Path, chance: random.Random) -> Iterator[Change]:
    """Yield one change for each line of a table: the line left out, or one of its figures doubled."""
    data = (ROOT / path).read_bytes()
    begin, head = 0, True
    for number, line in enumerate(data.split(b"\n"), 1):
        start, begin = begin, begin + len(line) + 1
        if line.startswith(b"#") or not line.strip():
            continue
        if head:
            head = False
            continue
        text = line.decode()
        figures = list(re.finditer(r"(?<=\t)\d+(?:\.\d+)?(?=\t)", text))
        if figures and chance.random() < 0.5:
            figure = chance.choice(figures)
            new = text[: figure.start()] + f"{float(figure[0]) * 2 or 1:g}" + text[figure.end() :]
            yield Change(
                "line", str(path), number, start, start + len(line), new, f"{figure[0]} doubled: {text[:80]}"
            )
        else:
            yield Change("line", str(path), number, start, begin, "", f"left out: {text[:80]}")


def fitting(change: Change) -> list[str]:
    """Return the tests that should notice a change, the nearest first."""
    path = Path(change.path)
    if change.kind == "line":
        name = re.compile(rf"""["']{re.escape(path.stem)}["']""")
        modules = [m for m in (ROOT / PACKAGE).rglob("*.py") if name.search(m.read_text(encoding="utf-8"))]
        found = {folder for module in modules for folder in _beside(module.relative_to(ROOT))}
        return ["tests/test_rules.py", *sorted(found)]
    return _beside(path)


def _beside(path: Path) -> list[str]:
    parts = list(path.relative_to(PACKAGE).with_suffix("").parts)
    nearest = [
        f"tests/{'/'.join(parts[:-1])}/test_{parts[-1]}.py",
        f"tests/{'/'.join(parts[:-1])}/test_{parts[-2] if len(parts) > 1 else ''}.py",
    ]
    found = [name for name in nearest if (ROOT / name).is_file()]
    while len(parts) > 1:
        parts.pop()
        if (ROOT / "tests" / Path(*parts)).is_dir():
            found.append(f"tests/{'/'.join(parts)}")
            break
        if (ROOT / "tests" / Path(*parts[:-1]) / f"test_{parts[-1]}.py").is_file():
            found.append(f"tests/{'/'.join([*parts[:-1], ''])}test_{parts[-1]}.py")
    return list(dict.fromkeys(found)) or sorted(
        str(p.relative_to(ROOT)) for p in (ROOT / "tests").glob("test_*.py")
    )


class Copy:
    """A copy of the checkout in which tests run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        ignored = shutil.ignore_patterns(
            ".git",
            ".venv",
            "__pycache__",
            ".cache",
            ".mypy_cache",
            ".ruff_cache",
            ".pytest_cache",
            ".hypothesis",
        )
        shutil.copytree(ROOT, folder, ignore=ignored, symlinks=True)
        self._broken: dict[tuple[str, ...], list[str]] = {}

    def try_(self, change: Change) -> str:
        """Return whether the fitting tests notice: `killed`, `survived` or `timeout`."""
        tests = fitting(change)
        deselected = self._failing(tuple(tests))
        file = self.folder / change.path
        before = file.read_bytes()
        try:
            file.write_bytes(change.apply(before))
            for test in tests:
                done = self._run([test, "-x", *deselected])
                if done is None:
                    return "timeout"
                if done.returncode not in (0, 5):
                    return "killed"
            return "survived"
        finally:
            file.write_bytes(before)

    def _failing(self, tests: tuple[str, ...]) -> list[str]:
        """Return options that leave out what fails without any change."""
        if tests not in self._broken:
            done = self._run([*tests, "-rfE"])
            names = [] if done is None else re.findall(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.M)
            self._broken[tests] = [word for name in names for word in ("--deselect", name)]
        return self._broken[tests]

    def _run(self, arguments: list[str]) -> subprocess.CompletedProcess[str] | None:
        command = [
            sys.executable,
            "-B",
            "-m",
            "pytest",
            "-q",
            "--tb=no",
            "-p",
            "no:cacheprovider",
            "-m",
            MARKS,
            *arguments,
        ]
        environment = os.environ | {
            "PYTHONPATH": str(self.folder / "pipeline"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        try:
            return subprocess.run(
                command,
                cwd=self.folder,
                env=environment,
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None


def sample(code: int, lines: int, seed: int, only: str) -> list[Change]:
    """Return the changes to try, the same for the same seed and sources."""
    chance = random.Random(seed)
    modules = sorted(p.relative_to(ROOT) for p in (ROOT / PACKAGE).rglob("*.py"))
    tables = sorted(p.relative_to(ROOT) for p in (ROOT / TABLES).glob("*.tsv"))
    of_modules = [change for path in modules if only in str(path) for change in of_code(path)]
    chosen = chance.sample(of_modules, min(code, len(of_modules)))
    # Table by table in turn, or lists of names would be nearly all.
    of_tables = [list(of_table(path, chance)) for path in tables if only in str(path)]
    of_tables = [chance.sample(found, len(found)) for found in of_tables if 0 < len(found) <= MAX_LINES]
    chance.shuffle(of_tables)
    for turn in range(max(map(len, of_tables), default=0)):
        chosen += [found[turn] for found in of_tables if turn < len(found)]
    chosen = chosen[: min(code, len(of_modules)) + lines]
    chance.shuffle(chosen)
    return chosen


def main() -> int:
    """Try the changes, and print the shares."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--code", type=int, default=400)
    parser.add_argument("--lines", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="part of the path of what is changed")
    parser.add_argument("--report", type=Path, default=ROOT / "tests" / "mutants.jsonl")
    options = parser.parse_args()
    known: dict[tuple[str, int, str], str] = {}
    if options.report.exists():
        for line in options.report.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            known[entry["path"], entry["line"], entry["what"]] = entry["outcome"]
    changes = sample(options.code, options.lines, options.seed, options.only)
    outcomes: dict[str, list[str]] = {"code": [], "line": []}
    with tempfile.TemporaryDirectory() as folder, options.report.open("a", encoding="utf-8") as report:
        copy = Copy(Path(folder) / "copy")
        for change in changes:
            outcome = known.get((change.path, change.line, change.what))
            if outcome is None:
                outcome = copy.try_(change)
                entry = {
                    name: value
                    for name, value in asdict(change).items()
                    if name not in ("start", "end", "new")
                }
                report.write(json.dumps(entry | {"outcome": outcome}, ensure_ascii=False) + "\n")
                report.flush()
            outcomes[change.kind].append(outcome)
            if outcome == "survived":
                print(f"{change.path}:{change.line}: {change.what}", flush=True)
    missed = False
    for kind, found in outcomes.items():
        if found:
            share = 1 - found.count("survived") / len(found)
            print(f"{kind}: {share:.1%} of {len(found)} noticed, {LEAST[kind]:.0%} wanted")
            missed |= share < LEAST[kind]
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
