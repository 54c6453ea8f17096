"""A pytest plugin for `tools/mutants.py`: tries many changes of the code in one warm process.

All changes are in the copy at once, each behind `__changed__(NUMBER)`, which says whether it is the one in
force and notes that a test came by. The tests are collected once and the pipeline is loaded once; then a fork
runs all tests to see which come by which change, and another fork for each change runs those alone, the
quickest first, until one fails. What is passed before any test runs, as modules are imported, cannot be
changed in a warm process: it is handed back.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

LONGEST = 60
"""Seconds of processor time for the tests of one change, beside four times what they took unchanged."""
WAIT = 600
"""Seconds by the clock, for what waits instead of working."""


def pytest_runtestloop(session: pytest.Session) -> bool:
    """Try the changes that `MUTANTS_JOB` names, and write what became of them."""
    job = json.loads(Path(os.environ["MUTANTS_JOB"]).read_text(encoding="utf-8"))
    with Path(job["out"]).open("a", encoding="utf-8") as out:

        def write(entry: dict[str, Any]) -> None:
            out.write(json.dumps(entry, ensure_ascii=False) + "\n")
            out.flush()

        _load_pipeline(session)
        early = {int(line.split()[0]) for line in _lines(job["hits"])}
        ran = _unchanged(session.items, job)
        for number in job["changes"]:
            if number in early:
                write({"number": number, "outcome": "early"})
                continue
            coming = [entry for entry in ran if number in entry["changes"] and entry["passed"]]
            coming.sort(key=lambda entry: entry["seconds"])
            items = [session.items[entry["place"]] for entry in coming]
            allowed = LONGEST + 4 * sum(entry["seconds"] for entry in coming)
            begun = time.monotonic()
            outcome = (
                in_fork(lambda tests=items, n=number: _first_failure(tests, n), allowed)
                if items
                else "survived"
            )
            write(
                {
                    "number": number,
                    "outcome": outcome,
                    "tests": len(items),
                    "seconds": round(time.monotonic() - begun, 2),
                }
            )
    return True


def _load_pipeline(session: pytest.Session) -> None:
    """Load the trained pipeline in this process, so that forks find it there."""
    from claimtable.nlp import pipeline

    loaded = pipeline.load(os.environ.get("CLAIMTABLE_MODEL"))
    for item in session.items:
        for definition in item._fixtureinfo.name2fixturedefs.get("nlp", ()):  # type: ignore[attr-defined]
            if definition.scope == "session":
                definition.func = lambda: loaded


def _unchanged(items: list[pytest.Item], job: dict[str, Any]) -> list[dict[str, Any]]:
    """Return which changes each test comes by, and whether it passes; a fork runs them."""
    record = Path(job["record"])
    if not record.exists():

        def run() -> int:
            import builtins

            switch = builtins.__changed__.__self__  # type: ignore[attr-defined]
            with record.open("w", encoding="utf-8") as file:
                for place, item in enumerate(items):
                    Path(job["hits"]).write_text("", encoding="utf-8")
                    switch.seen.clear()
                    begun = time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
                    passed = _passes(item, items[min(place + 1, len(items) - 1)])
                    took = time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) - begun
                    below = {int(line.split()[0]) for line in _lines(job["hits"])}
                    entry = {"place": place, "test": item.nodeid, "passed": passed, "seconds": took}
                    file.write(json.dumps(entry | {"changes": sorted(below | switch.seen)}) + "\n")
                    file.flush()
            return 0

        in_fork(run, 1e6, wait=1e6)
    return [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]


def _passes(item: pytest.Item, another: pytest.Item) -> bool:
    # What `another` does not share is torn down; the session's own stays, as there is always another.
    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=another))


def _first_failure(items: list[pytest.Item], number: int) -> int:
    import builtins

    builtins.__changed__.__self__.number = number  # type: ignore[attr-defined]
    os.environ["CLAIMTABLE_CHANGE"] = str(number)
    following = [*items[1:], items[-1]]
    return int(any(not _passes(item, another) for item, another in zip(items, following, strict=True)))


def in_fork(work: Callable[[], int], seconds: float, wait: float = WAIT) -> str:
    """Return `killed` where the work says 1, `survived` for 0, and `timeout` where it takes longer."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setpgid(0, 0)
            if seconds < 1e5:
                resource.setrlimit(resource.RLIMIT_CPU, (int(seconds + time.process_time()) + 1,) * 2)
            code = work()
        finally:
            os._exit(code)
    for _ in _ticks(wait):
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            break
    else:
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return "timeout"
    with suppress(OSError):
        os.killpg(child, signal.SIGKILL)  # what it left running
    if os.WIFSIGNALED(status):
        return "timeout" if os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL) else "killed"
    return "killed" if os.WEXITSTATUS(status) else "survived"


def _ticks(seconds: float) -> Iterator[None]:
    end, pause = time.monotonic() + seconds, 0.005
    while time.monotonic() < end:
        yield
        time.sleep(pause)
        pause = min(pause * 1.3, 0.2)


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
