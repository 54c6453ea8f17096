"""Parts over a Ray cluster, with Ray Data: it holds back what the workers have no time for, and starts dead ones again."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from typing import Any

from claimtable.errors import ClaimTableError, ExportError, ModelError
from claimtable.scale.folder import Folder
from claimtable.scale.partitions import Partition
from claimtable.scale.worker import ATTEMPTS, Done, Settings, Worker, deadly, key_of


class _PartWorker:
    """A worker as Ray Data calls it: a batch of one part in, one of what came of it out."""

    def __init__(self, settings: Settings, folder: Folder) -> None:
        self.worker = Worker(settings, folder)

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        done = [self._work(Partition.from_dict(item)) for item in batch["partition"]]
        return {"done": [item.to_dict() for item in done]}

    def _work(self, partition: Partition) -> Done:
        """Work on a part, unless it has killed those that did. Ray begins it again without end; the folder counts."""
        settings, folder = self.worker.settings, self.worker.folder
        key = key_of(partition, settings)
        try:
            if not folder.begin(key, ATTEMPTS):
                return deadly(partition, settings)
            done = self.worker.work(partition)
            folder.end(key)
        except (ExportError, OSError) as error:
            return Done(key, partition.source, problem=str(error))
        return done


def work_on_cluster(
    partitions: Iterable[Partition], settings: Settings, folder: Folder, workers: int
) -> Iterator[Done]:
    """Yield what came of each part, as they are done. A part whose worker dies is begun again, `ATTEMPTS` times in all.

    The cluster is the one that `RAY_ADDRESS` names; without it, one of this machine for the time of the job.

    Raises:
        ModelError: Ray is not installed.
        ClaimTableError: the cluster is lost.
    """
    try:
        import ray
        import ray.data
        import ray.exceptions
    except ImportError as error:
        raise ModelError(
            f"--engine ray needs the extra `scale` ({error}): pip install 'claimtable[scale]'"
        ) from error
    started_here = not ray.is_initialized()
    if started_here:
        ray.init(include_dashboard=False, log_to_driver=False, logging_level=logging.WARNING)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    folder.forget_begun()
    items = [{"partition": partition.to_dict()} for partition in partitions]
    try:
        done = ray.data.from_items(items, override_num_blocks=len(items)).map_batches(
            _PartWorker,
            fn_constructor_args=(settings, folder),
            batch_size=1,
            compute=ray.data.ActorPoolStrategy(size=workers),
            num_cpus=1,
        )
        for row in done.iter_rows():
            yield Done.from_dict(row["done"])
    except ray.exceptions.RayError as error:
        raise ClaimTableError(
            f"the cluster gave up ({str(error).splitlines()[0]}): run again, and the job goes on where it was"
        ) from error
    finally:
        folder.forget_begun()
        if started_here:
            ray.shutdown()
