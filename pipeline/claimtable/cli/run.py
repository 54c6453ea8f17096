"""What every verb shares while it runs: failures and their summary, exit codes, progress."""

from __future__ import annotations

import errno
import logging
import os
import re
import signal
import sys
import time
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

import typer

from claimtable.errors import ClaimTableError, ModelError
from claimtable.limits import TIME_LIMIT

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

T = TypeVar("T")

SOME_FAILED = 1
WRONG_USAGE = 2
PIPE_CLOSED = 141
"""Exit code when the reader of the output went away, as shells report SIGPIPE (128 + 13)."""
TERMINATED = 143
"""Exit code after SIGTERM, as shells report it (128 + 15)."""
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_REPLACED = "\ufffd"
PROGRESS_AFTER_SECONDS = 2.0
"""Work that is done sooner shows no progress."""


class Run:
    """One run of a verb: counts the items that failed and says on stderr why."""

    def __init__(self, *, debug: bool = False, time_limit: float = TIME_LIMIT) -> None:
        self.debug = debug
        self.time_limit = time_limit
        """Seconds that one document may take to read, and to extract from; 0 for no limit."""
        self.failed = 0
        self.done = 0

    def fail(self, error: Exception) -> None:
        """Count one item as failed and print the reason."""
        self.failed += 1
        self.say(str(error))

    def say(self, message: str) -> None:
        """Print a line on stderr. What is in it of documents and requests cannot steer a terminal, or begin a line of a log."""
        typer.echo(f"claimtable: {_UNSAFE.sub(_REPLACED, message)}", err=True)

    def survive(self, nlp: Language) -> None:
        """Let a document in which a component fails cost that document alone."""

        def on_error(name: str, _component: object, docs: list[Doc], error: Exception) -> None:
            for doc in docs:
                document = doc._.claimtable_document
                self.fail(ClaimTableError(f"{document.id}: {_unexpected(error, name)}"))
            self._trace(error)

        # Not `nlp.set_error_handler`: spaCy's compiled parsers have no place for one and refuse it.
        # The rules of the components are what meets the unexpected, and they all take this one.
        nlp.default_error_handler = on_error

    def _trace(self, error: BaseException) -> None:
        if self.debug:
            traceback.print_exception(error, file=sys.stderr)

    def progress(self, items: Iterable[T], what: str) -> Iterator[T]:
        """Yield the items, count them as done, and show their number where stderr is a terminal."""
        if not sys.stderr.isatty():
            for item in items:
                self.done += 1
                yield item
            return
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        columns = (SpinnerColumn(), TextColumn("{task.completed} {task.description}"), TimeElapsedColumn())
        bar = Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False)
        task = bar.add_task(what, total=None)
        begun = time.monotonic()
        try:
            for item in items:
                self.done += 1
                if not bar.live.is_started and time.monotonic() - begun > PROGRESS_AFTER_SECONDS:
                    bar.start()
                bar.update(task, completed=self.done)
                yield item
        finally:
            bar.stop()


@contextmanager
def running(*, debug: bool = False, time_limit: float = TIME_LIMIT) -> Iterator[Run]:
    """Run the block as a verb: errors become one line on stderr and an exit code, never a traceback."""
    # Libraries log what is not for users; what is comes as an exception.
    logging.basicConfig(level=logging.WARNING if debug else logging.CRITICAL)
    # So that a file that is being written is removed, as on Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    run = Run(debug=debug, time_limit=time_limit)
    try:
        yield run
        sys.stdout.flush()
    except BrokenPipeError:
        _give_up_stdout()
        raise typer.Exit(PIPE_CLOSED) from None
    except ModelError as error:
        run.say(str(error))
        raise typer.Exit(WRONG_USAGE) from None
    except ClaimTableError as error:
        run.say(str(error))
        raise typer.Exit(SOME_FAILED) from None
    except (typer.Exit, typer.Abort, typer.BadParameter):
        raise
    except MemoryError:
        run.say("there is not enough memory: split the largest of the inputs, or end other programs")
        raise typer.Exit(SOME_FAILED) from None
    except OSError as error:
        _give_up_stdout()
        run.say(of_the_system(error) or _unexpected(error))
        run._trace(error)
        raise typer.Exit(SOME_FAILED) from None
    except Exception as error:  # noqa: BLE001 - the last line of defence: no traceback reaches a user
        run.say(_unexpected(error))
        run._trace(error)
        raise typer.Exit(SOME_FAILED) from None
    if run.failed:
        run.say(f"{run.failed} failed, {run.done} done")
        raise typer.Exit(SOME_FAILED)


_REMEDIES = {
    errno.ENOSPC: "the disk is full: make room, and run the command again",
    errno.EDQUOT: "the quota of disk space is used up: make room, and run the command again",
    errno.EFBIG: "a file would become larger than this system allows: raise the limit (ulimit -f), and run the command again",
    errno.EROFS: "the file system is read-only: choose another place",
    errno.EIO: "the disk does not work: check it, and whether it is a network drive",
    errno.EMFILE: "too many files are open: raise the limit (ulimit -n)",
}


def of_the_system(error: OSError) -> str | None:
    """Return what is wrong and what to do, where the system is at fault and not the program; else None."""
    remedy = _REMEDIES.get(error.errno or 0)
    return f"{error.filename}: {remedy}" if remedy and error.filename else remedy


def _give_up_stdout() -> None:
    """Let what is still to be written go nowhere: the interpreter flushes stdout once more on its way out."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _unexpected(error: Exception, where: str | None = None) -> str:
    place = f" in {where}" if where else ""
    return (
        f"unexpected {type(error).__name__}{place} ({error}): please report it, with the document; "
        "--debug shows where it happened"
    )
