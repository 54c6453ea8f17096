"""A job: the parts of the inputs that are not done yet, handed to an engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from claimtable.errors import ClaimTableError, ExportError
from claimtable.scale.folder import Folder
from claimtable.scale.partitions import Partition, plan
from claimtable.scale.worker import Done, Settings, key_of


class Engine(StrEnum):
    """What hands out the parts."""

    local = "local"
    ray = "ray"


@dataclass(slots=True)
class Totals:
    """What a job did."""

    parts: int = 0
    earlier: int = 0
    """Parts of these inputs that an earlier run had done."""
    documents: int = 0
    words: int = 0
    rows: int = 0
    failed: int = 0
    seconds: float = 0.0
    """Processor time of all workers together."""

    def add(self, done: Done) -> None:
        """Count a part that is done."""
        self.parts += 1
        self.documents += done.documents
        self.words += done.words
        self.rows += done.rows
        self.failed += done.failed
        self.seconds += done.seconds


def run(
    inputs: Sequence[str],
    output: str,
    settings: Settings,
    *,
    engine: Engine,
    workers: int,
    input_format: str | None = None,
    on_error: Callable[[ClaimTableError], None],
    totals: Totals,
) -> Iterator[Done]:
    """Yield what came of each part as it is done, and count it in `totals`. What an earlier run has done is not done again.

    Args:
        inputs: paths or URLs, as for `partitions.plan`.
        output: the folder, a path or URL. One job at a time writes there.
        settings: what to extract.
        engine: what hands out the parts.
        workers: processes that work at the same time.
        input_format: of all inputs; None: by the ending of each.
        on_error: called with each input and each part that failed; a part that did is done by the next run.
        totals: what to count in.

    Raises:
        ExportError: the folder holds parts of other settings, or of inputs that have changed since.
        ModelError: the language pipeline cannot be loaded, or Ray is missing.
    """
    folder = Folder(output)
    partitions = {
        key_of(partition, settings): partition
        for partition in plan(inputs, input_format=input_format, on_error=on_error)
    }
    known = _finished(folder, settings, partitions)
    folder.remove_unfinished(known, settings.layer)
    totals.earlier = len(known & set(partitions))
    waiting = [partition for key, partition in partitions.items() if key not in known]
    if not waiting:
        return
    if engine is Engine.ray:
        from claimtable.scale.cluster import work_on_cluster as work
    else:
        from claimtable.scale.local import work_locally as work
    for done in work(waiting, settings, folder, min(workers, len(waiting))):
        if done.problem is None:
            totals.add(done)
        else:
            on_error(ClaimTableError(done.problem))
        yield done


def _finished(folder: Folder, settings: Settings, planned: dict[str, Partition]) -> set[str]:
    """Return the keys of the parts that are done."""
    sources = {partition.source for partition in planned.values()}
    keys = set()
    for entry in folder.entries():
        theirs = Settings.from_dict(entry["settings"])
        if (theirs.layer, theirs.extractor) != (settings.layer, settings.extractor):
            raise ExportError(
                f"{folder.url} holds {theirs.layer} by {theirs.extractor}, and this job makes {settings.layer} by "
                f"{settings.extractor}: choose another folder"
            )
        if entry["key"] not in planned and entry["source"] in sources:
            raise ExportError(
                f"{folder.url} holds rows of {entry['source']} as it was before it changed: choose another folder"
            )
        keys.add(entry["key"])
    return keys
