"""Small changes of meaning in code and tables, and whether the tests notice them.

    python tools/mutants.py [--code 400] [--lines 200] [--seed 1] [--only PATH] [--survivors]

A change of code is a comparison, a condition, a number or a truth value of the package; a change of a table
is a line of `rules/data` that is left out, or has one of its figures doubled. Which are tried is drawn from
the seed, place by place, so that a change elsewhere in the sources leaves the sample as it is. For the code
all changes are in one copy of the checkout at once, each behind a switch, and one warm process forks for each
and runs the tests that come by it (`tools/mutant_loop.py`); tables, and what is passed while modules are
imported, are changed one at a time, and the tests beside the modules that read them run.

The report has a line for each change: where, what, and whether it was noticed (`killed`), not (`survived`),
or ran without end (`timeout`, which counts as noticed). What the report has already is not tried again, with
`--survivors` only what survived is. A line with a `reason` is a change of nothing, and does not count. Exits
with 1 when fewer are noticed than `LEAST`.
"""

from __future__ import annotations

import argparse
import ast
import functools
import hashlib
import importlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mutant_loop import LONGEST, in_fork

ROOT = Path(__file__).parents[1]
PACKAGE = Path("pipeline/claimtable")
TABLES = PACKAGE / "rules" / "data"
LEAST = {"code": 0.85, "line": 0.95}
"""Share that is to be noticed."""
MAX_LINES = 2_000
"""Longer tables are lists of names and places that were taken over whole."""
MARKS = "not ray and not label_studio and not shared and not slow"
ARGUMENTS = ["-q", "--tb=no", "-p", "no:cacheprovider", "-m", MARKS]
WARM = ["pytest", "hypothesis", "spacy", "pandas", "pyarrow", "lxml.html", "onnxruntime", "trafilatura"]
_IGNORED = (".git", ".venv", "__pycache__", ".cache", ".*_cache", ".hypothesis")
_PAIRS = [(ast.Lt, ast.LtE), (ast.Gt, ast.GtE), (ast.Eq, ast.NotEq), (ast.In, ast.NotIn), (ast.Is, ast.IsNot)]
_COMPARISONS = dict(_PAIRS) | {two: one for one, two in _PAIRS}
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
    turn: int
    """How many such changes the file has before."""

    @property
    def name(self) -> tuple[str, str, int]:
        """What it is called in the report."""
        return self.path, self.what, self.turn


def of_code(path: Path) -> Iterator[Change]:
    """Yield the changes of one module."""
    data = (ROOT / path).read_bytes()
    begins = [0]
    for line in data.split(b"\n"):
        begins.append(begins[-1] + len(line) + 1)
    tree = ast.parse(data)
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            child.above = node  # type: ignore[attr-defined]
    turns: Counter[str] = Counter()
    for node in ast.walk(tree):
        if not isinstance(node, ast.expr) or _is_typing(node) or (new := _changed(node)) is None:
            continue
        start = begins[node.lineno - 1] + node.col_offset
        end = begins[node.end_lineno - 1] + node.end_col_offset  # type: ignore[operator]
        text, old = ast.unparse(new), data[start:end].decode()
        if text != old:
            what = f"{old[:70]} -> {text[:70]}"
            yield Change("code", str(path), node.lineno, start, end, f"({text})", what, turns[what])
            turns[what] += 1


def _is_typing(node: ast.AST) -> bool:
    """Return whether an expression is none that can be put in brackets, or means nothing at run time."""
    while (above := getattr(node, "above", None)) is not None:
        if isinstance(above, ast.AnnAssign) and node is above.annotation:
            return True
        if isinstance(above, ast.arg | ast.JoinedStr | ast.pattern) or (
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


def of_table(path: Path, seed: int) -> Iterator[Change]:
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
        chance = random.Random(f"{seed} {path} {text}")
        figures = list(re.finditer(r"(?<=\t)\d+(?:\.\d+)?(?=\t)", text))
        if figures and chance.random() < 0.5:
            figure = chance.choice(figures)
            new = text[: figure.start()] + f"{float(figure[0]) * 2 or 1:g}" + text[figure.end() :]
            what = f"{figure[0]} doubled: {text[:80]}"
            yield Change("line", str(path), number, start, start + len(line), new, what, 0)
        else:
            yield Change("line", str(path), number, start, begin, "", f"left out: {text[:80]}", 0)


def sample(code: int, lines: int, seed: int) -> list[Change]:
    """Return the changes to try: those whose lot is lowest, of tables the first of each in turn."""

    def lot(change: Change) -> bytes:
        return hashlib.sha256(repr((seed, change.name)).encode()).digest()

    modules = sorted(p.relative_to(ROOT) for p in (ROOT / PACKAGE).rglob("*.py"))
    tables = sorted(p.relative_to(ROOT) for p in (ROOT / TABLES).glob("*.tsv"))
    chosen = sorted((c for path in modules for c in of_code(path)), key=lot)[:code]
    # In turn, or lists of names would be nearly all.
    found = [sorted(of_table(path, seed), key=lot) for path in tables]
    drawn = [(turn, lot(c), c) for of in found if len(of) <= MAX_LINES for turn, c in enumerate(of)]
    return chosen + [c for _, _, c in sorted(drawn, key=lambda entry: entry[:2])[:lines]]


def fitting(change: Change) -> list[str]:
    """Return the tests that should notice a change, the nearest first."""
    path = Path(change.path)
    if change.kind == "line":
        name = re.compile(rf"""["']{re.escape(path.stem)}["']""")
        modules = [m for m in (ROOT / PACKAGE).rglob("*.py") if name.search(m.read_text(encoding="utf-8"))]
        found = {name for module in modules for name in _beside(module.relative_to(ROOT))} - {"tests/nlp"}
        nearest_first = sorted(found, key=lambda name: (not name.endswith(".py"), -name.count("/"), name))
        return ["tests/test_rules.py", *nearest_first]
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
        if not folder.exists():
            shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*_IGNORED), symlinks=True)
        self._known: dict[tuple[str, ...], dict[str, tuple[bool, float]]] = {}

    def try_warm(self, changes: list[Change], tests: list[str]) -> Iterator[tuple[Change, str]]:
        """Yield what becomes of each change of code; `early` where a warm process cannot tell."""
        if not changes:
            return
        places: dict[str, list[tuple[int, Change]]] = {}
        for number, change in enumerate(changes):
            places.setdefault(change.path, []).append((number, change))
        before = {path: (self.folder / path).read_bytes() for path in places}
        begin = PACKAGE / "__init__.py"
        before.setdefault(str(begin), (self.folder / begin).read_bytes())
        job, out = self.folder.with_name("job.json"), self.folder.with_name("out.jsonl")
        key = hashlib.sha256(repr(([change.name for change in changes], tests)).encode()).hexdigest()[:12]
        record = self.folder.with_name(f"unchanged-{key}.jsonl")
        numbers = list(range(len(changes)))
        job.write_text(
            json.dumps({"changes": numbers, "out": str(out), "hits": f"{out}.hits", "record": str(record)})
        )
        for old in (out, Path(f"{out}.hits")):
            old.unlink(missing_ok=True)
        try:
            for path, found in places.items():
                (self.folder / path).write_bytes(_switched(before[path], found))
            text = (self.folder / begin).read_text(encoding="utf-8")
            future = "from __future__ import annotations\n"
            (self.folder / begin).write_text(
                text.replace(future, f"{future}from claimtable import _changed\n", 1)
            )
            shutil.copy(Path(__file__).with_name("mutant_switch.py"), self.folder / PACKAGE / "_changed.py")
            more = {"MUTANTS_JOB": str(job), "CLAIMTABLE_HITS": f"{out}.hits"}
            command = [sys.executable, "-B", "-m", "pytest", *ARGUMENTS, "-p", "mutant_loop", *tests]
            with (
                self.folder.with_name("loop.log").open("wb") as log,
                subprocess.Popen(
                    command, cwd=self.folder, env=self._environment() | more, stdout=log, stderr=log
                ) as loop,
            ):
                for entry in _entries(out, loop):
                    yield changes[entry["number"]], entry["outcome"]
        finally:
            for path, data in before.items():
                (self.folder / path).write_bytes(data)
            (self.folder / PACKAGE / "_changed.py").unlink(missing_ok=True)

    @functools.cache  # noqa: B019
    def preload(self) -> None:
        """Import the package in this process, so that forks have it: no module reads a table as it is imported."""
        sys.path.insert(0, str(self.folder / "pipeline"))
        for folder in ("check", "ingest", "nlp", "reading"):
            for path in sorted((self.folder / PACKAGE / folder).rglob("*.py")):
                parts = path.relative_to(self.folder / "pipeline").with_suffix("").parts
                importlib.import_module(".".join(parts).removesuffix(".__init__"))

    def try_words(self, change: Change) -> str:
        """Return whether what `tests/test_words.py` has of a table notices the change, without pytest: in a moment."""
        self.preload()

        def run() -> int:
            sys.path.insert(0, str(self.folder))
            try:
                importlib.import_module("tests.test_words").assert_table(Path(change.path).stem)
            except Exception:  # noqa: BLE001 whatever it is, it was noticed
                return 1
            return 0

        with self._changed(change):
            return in_fork(run, LONGEST)

    def try_cold(self, change: Change) -> str:
        """Return whether the fitting tests notice: `killed`, `survived` or `timeout`."""
        for test in fitting(change):
            known = self._unchanged(test)
            wrong = [
                word for name, (passed, _) in known.items() if not passed for word in ("--deselect", name)
            ]
            with self._changed(change):
                outcome = self._run(
                    ["-x", *wrong, test], LONGEST + 4 * sum(took for _, took in known.values())
                )
            if outcome != "survived":
                return outcome
        return "survived"

    @contextmanager
    def _changed(self, change: Change) -> Iterator[None]:
        file = self.folder / change.path
        before = file.read_bytes()
        try:
            file.write_bytes(before[: change.start] + change.new.encode() + before[change.end :])
            yield
        finally:
            file.write_bytes(before)

    def _unchanged(self, test: str) -> dict[str, tuple[bool, float]]:
        """Return which tests pass without any change, and the seconds they take."""
        if (test,) not in self._known:
            record = self.folder.with_name("record.jsonl")
            record.unlink(missing_ok=True)
            self._run(["-p", "mutant_record", test], 1e6, {"MUTANTS_RECORD": str(record)})
            entries = map(json.loads, record.read_text(encoding="utf-8").splitlines())
            self._known[test,] = {entry["test"]: (entry["passed"], entry["seconds"]) for entry in entries}
        return self._known[test,]

    def _run(self, arguments: list[str], seconds: float, more: dict[str, str] | None = None) -> str:
        def run() -> int:
            os.environ.update(self._environment() | (more or {}))
            os.chdir(self.folder)
            sys.path[:0] = [str(self.folder / "pipeline"), str(Path(__file__).parent)]
            null = os.open(os.devnull, os.O_RDWR)
            os.dup2(null, 1)
            os.dup2(null, 2)
            return int(importlib.import_module("pytest").main([*ARGUMENTS, *arguments]) not in (0, 5))

        return in_fork(run, seconds)

    def _environment(self) -> dict[str, str]:
        path = os.pathsep.join([str(self.folder / "pipeline"), str(Path(__file__).parent)])
        return os.environ | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}


def _switched(data: bytes, found: Iterable[tuple[int, Change]]) -> bytes:
    """Return a module with all its changes, each behind its switch; one may hold others."""
    waiting = sorted(found, key=lambda entry: (entry[1].start, -entry[1].end), reverse=True)

    def until(start: int, end: int) -> bytes:
        parts = []
        while waiting and waiting[-1][1].start < end:
            number, change = waiting.pop()
            parts += [data[start : change.start], f"({change.new} if __changed__({number}) else (".encode()]
            parts += [until(change.start, change.end), b"))"]
            start = change.end
        return b"".join([*parts, data[start:end]])

    return until(0, len(data))


def _entries(path: Path, loop: subprocess.Popen[bytes]) -> Iterator[dict[str, Any]]:
    path.touch()
    with path.open(encoding="utf-8") as file:
        while True:
            ended = loop.poll() is not None
            line = ""
            while part := file.readline():
                line += part
                if line.endswith("\n"):
                    yield json.loads(line)
                    line = ""
            if ended:
                return
            try:
                loop.wait(1)
            except subprocess.TimeoutExpired:
                continue


class Report:
    """The outcomes so far, one a line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        self.entries = {(e["path"], e["what"], e["turn"]): e for e in map(json.loads, lines)}

    def add(self, change: Change, outcome: str) -> None:
        """Write the outcome of a change, in place of what was there of it."""
        entry = {"kind": change.kind, "path": change.path, "line": change.line, "what": change.what}
        self.entries[change.name] = entry | {"turn": change.turn, "outcome": outcome}
        lines = (json.dumps(entry, ensure_ascii=False) + "\n" for entry in self.entries.values())
        self.path.write_text("".join(lines), encoding="utf-8")
        if outcome == "survived":
            print(f"{change.path}:{change.line}: {change.what}", flush=True)

    def untried(self, changes: Iterable[Change], *, survivors: bool) -> list[Change]:
        """Return the changes that are to be tried."""
        return [c for c in changes if self._is_untried(self.entries.get(c.name), survivors)]

    @staticmethod
    def _is_untried(entry: dict[str, Any] | None, survivors: bool) -> bool:
        if entry is None:
            return not survivors
        return survivors and entry["outcome"] == "survived" and "reason" not in entry


def main() -> int:
    """Try the changes, and print the shares."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--code", type=int, default=400)
    parser.add_argument("--lines", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="tries of the sample what has this in its path")
    parser.add_argument("--report", type=Path, default=ROOT / "tests" / "mutants.jsonl")
    parser.add_argument("--survivors", action="store_true", help="try again what survived")
    parser.add_argument(
        "--tests", nargs="*", default=[], help="files and folders of tests for code; default: all"
    )
    parser.add_argument("--folder", type=Path, help="keeps the copy, and what it found, for another call")
    options = parser.parse_args()
    changes = sample(options.code, options.lines, options.seed)
    changes = [c for c in changes if options.only in c.path]
    report = Report(options.report)
    for name in WARM:
        importlib.import_module(name)
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy((options.folder or Path(folder)) / "copy")
        untried = report.untried(changes, survivors=options.survivors)
        cold = [c for c in untried if c.kind == "line"]
        for change, outcome in copy.try_warm([c for c in untried if c.kind == "code"], options.tests):
            if outcome == "early":
                cold.append(change)
            else:
                report.add(change, outcome)
        # The nearest test notices most: the others run for what is left.
        # What the words of its table notice needs no other tests.
        by_words = {c: copy.try_words(c) for c in cold if c.kind == "line"}
        for change, outcome in by_words.items():
            if outcome != "survived":
                report.add(change, outcome)
        for change in cold:
            if by_words.get(change, "survived") == "survived":
                report.add(change, copy.try_cold(change))
    return _shares(changes, report)


def _shares(changes: list[Change], report: Report) -> int:
    missed = False
    for kind, least in LEAST.items():
        found = [report.entries[c.name] for c in changes if c.kind == kind and c.name in report.entries]
        found = [entry for entry in found if "reason" not in entry]
        if found:
            share = 1 - sum(entry["outcome"] == "survived" for entry in found) / len(found)
            print(f"{kind}: {share:.1%} of {len(found)} noticed, {least:.0%} wanted")
            missed |= share < least
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
