"""Bounds on time that hold on a busy machine: CPU time, the least of several runs, without the garbage collector.

The collector walks whatever the whole test run has made so far, so what it takes says nothing of the code under test.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

ATTEMPTS = 6
"""Runs at most. The bound holds as soon as the least of those so far is within it."""
LEAST = 0.005
"""Seconds. Shorter runs say too little, and count as this long."""


def cpu_seconds(run: Callable[[T], object], made: T) -> float:
    """Returns the CPU time of `run(made)`, in seconds."""
    gc.collect()
    gc.disable()
    try:
        begun = time.process_time()
        run(made)
        return time.process_time() - begun
    finally:
        gc.enable()


def assert_within(seconds: float, run: Callable[[], object]) -> None:
    """Asserts that `run()` takes at most `seconds` of CPU time in one of several runs."""
    took: list[float] = []
    while len(took) < ATTEMPTS:
        took.append(cpu_seconds(lambda _: run(), None))
        if took[-1] <= seconds:
            return
    raise AssertionError(f"took {min(took):.3g} s at the least, {seconds:g} s are allowed")


def assert_growth(
    most: float, make: Callable[[int], T], run: Callable[[T], object], small: int, large: int
) -> None:
    """Asserts that `run(make(large))` takes at most `most` times the CPU time of `run(make(small))`.

    `make` is called anew for each run and is not timed. Choose `most` well between `large / small`, which is linear, and
    its square.
    """
    least = {small: float("inf"), large: float("inf")}
    run(make(small))  # What is compiled or loaded on first use is there now.
    for _ in range(ATTEMPTS):
        for size in least:
            least[size] = min(least[size], cpu_seconds(run, make(size)))
        if least[large] <= most * max(least[small], LEAST):
            return
    raise AssertionError(
        f"{large} took {least[large] / max(least[small], LEAST):.3g} times as long as {small}"
        f" ({least[large]:.3g} s and {least[small]:.3g} s at the least), {most:g} times are allowed"
    )
