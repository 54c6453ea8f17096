"""Parts over processes of this machine."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from claimtable.errors import ClaimTableError, ModelError
from claimtable.scale.folder import Folder
from claimtable.scale.partitions import Partition
from claimtable.scale.worker import ATTEMPTS, Done, Settings, Worker, deadly


@dataclass(slots=True, eq=False)
class _Employee:
    process: BaseProcess
    pipe: Connection
    partition: Partition | None = None
    ready: bool = False
    """It has loaded the pipeline."""


def work_locally(
    partitions: Iterable[Partition], settings: Settings, folder: Folder, workers: int
) -> Iterator[Done]:
    """Yield what came of each part, as they are done. Each worker has one part at a time.

    Raises:
        ModelError: the language pipeline cannot be loaded.
        ClaimTableError: a worker died of loading it.
    """
    # Not forked: libraries with threads do not survive that.
    context = multiprocessing.get_context("spawn")
    waiting = deque(partitions)
    begun: dict[int, int] = {}
    employed: list[_Employee] = []

    def employ() -> None:
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, settings, folder), daemon=True)
        process.start()
        theirs.close()
        employed.append(_Employee(process, ours))

    try:
        for _ in range(min(workers, len(waiting))):
            employ()
        while employed:
            ready = wait([employee.pipe for employee in employed])
            for employee in [e for e in employed if e.pipe in ready]:
                try:
                    message: Done | ModelError | None = employee.pipe.recv()
                except (EOFError, OSError):
                    employed.remove(employee)
                    employee.process.join()
                    if not employee.ready:
                        raise ClaimTableError(
                            "a worker died while it loaded the language pipeline, most likely for want of memory: "
                            "run again with fewer --workers"
                        ) from None
                    if employee.partition is not None:
                        lost = employee.partition
                        if begun[lost.number] < ATTEMPTS:
                            waiting.appendleft(lost)
                        else:
                            yield deadly(lost, settings)
                    if waiting:
                        employ()
                    continue
                if isinstance(message, ModelError):
                    raise message
                employee.ready = True
                if message is not None:
                    yield message
                employee.partition = waiting.popleft() if waiting else None
                if employee.partition is None:
                    employed.remove(employee)
                    employee.pipe.close()
                else:
                    begun[employee.partition.number] = begun.get(employee.partition.number, 0) + 1
                    employee.pipe.send(employee.partition)
    finally:
        for employee in employed:
            employee.process.terminate()


def _work(pipe: Connection, settings: Settings, folder: Folder) -> None:
    """Return a worker's life: says that it is ready, takes a part, says what came of it, until the pipe is closed."""
    try:
        worker = Worker(settings, folder)
    except ModelError as error:
        pipe.send(error)
        return
    message: Done | None = None
    while True:
        try:
            pipe.send(message)
            partition = pipe.recv()
        except (EOFError, OSError):
            # The one who leads is gone or done: what this worker finished is in the folder.
            return
        message = worker.work(partition)
