"""A limit on the time that one document may take: a block is stopped, with an error that names the document.

On the main thread a timer signal interrupts the block, also inside a regular expression; on another thread, and where
there are no such signals (Windows), a timer thread raises the interruption between two of its Python instructions. Each
process has its own timer, so the limit holds for every worker of a pool alike. What is written in C
and never returns to Python is not interrupted: `claimtable.ingest.apart` reads large pages in a process that can be ended.
"""

from __future__ import annotations

import ctypes
import gc
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import ParamSpec, TypeVar

from claimtable.errors import DocumentTimeout

TIME_LIMIT = 300.0
"""Seconds for one document. The longest that is read at all, a million characters, takes about a minute on a laptop."""


class _Interruption(BaseException):
    """Not an `Exception`: libraries that go on after any `Exception` must not go on after this one."""


P = ParamSpec("P")
T = TypeVar("T")


def limited(seconds: float | None, name: str, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what `work` returns of the arguments, unless it takes longer. Such calls must not be nested.

    Args:
        seconds: by the clock; None or 0 sets no limit.
        name: of the document, for the error.
        work: is interrupted when the time is up.

    Raises:
        DocumentTimeout: the time was up.
    """
    if not seconds:
        return work(*args, **kwargs)
    signals = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    try:
        with _by_signal(seconds) if signals else _by_thread(seconds):
            return work(*args, **kwargs)
    except _Interruption:
        raise timed_out(name, seconds) from None


def timed_out(name: str, seconds: float) -> DocumentTimeout:
    """Return the error for a document that took longer."""
    return DocumentTimeout(
        f"{name}: not done after {seconds:g} seconds: split it, mend what repeats in it, or raise --time-limit"
    )


@contextmanager
def _by_signal(seconds: float) -> Iterator[None]:
    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise _Interruption

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _by_thread(seconds: float) -> Iterator[None]:
    thread = ctypes.c_ulong(threading.get_ident())
    lock = threading.Lock()
    running = True

    def interrupt() -> None:
        with lock:
            if running:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(_Interruption))

    timer = threading.Timer(seconds, interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        with lock:
            running = False
        timer.cancel()


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no cycles meanwhile: where much is held to the end, each look goes through all of it and finds nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
