"""What happens to a part, whichever engine hands it out: documents in, rows, errors and a manifest out."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claimtable._version import __version__
from claimtable.errors import ClaimTableError
from claimtable.export.tabular import write_table
from claimtable.limits import TIME_LIMIT
from claimtable.nlp import layers, pipeline
from claimtable.nlp.lines import parse_weights, read_weights, weights_text
from claimtable.scale.folder import Folder
from claimtable.scale.partitions import Partition, read
from claimtable.schema import Column, Document, Record

if TYPE_CHECKING:
    from spacy.tokens import Doc

ATTEMPTS = 2
"""How often a part is begun whose worker dies. A part that kills two is left out, and what kills it with it."""
ERROR_COLUMNS = (
    Column("source", "string", "Path or URL of the input."),
    Column("reason", "string", "The document, the place and what is wrong with it."),
)


@dataclass(frozen=True, slots=True)
class Settings(Record):
    """What a job extracts, and with what."""

    layer: str = "claims"
    model: str | None = None
    fast: bool = False
    time_limit: float = TIME_LIMIT
    """Seconds that one document may take; 0 sets no limit."""
    weights: str | None = None
    """What reviews taught, as the text of its file."""
    extractor: str = ""
    """Names and versions of what extracts: rows of another one are other rows."""

    @classmethod
    def of(
        cls,
        layer: str,
        model: str | None,
        fast: bool,
        time_limit: float = TIME_LIMIT,
        weights: Path | None = None,
    ) -> Settings:
        """Return settings with the versions of today.

        Raises:
            ModelError: there is no such language pipeline.
            RuleError: `weights` is no file of weights.
        """
        learned = None if weights is None else read_weights(weights)
        extractor = f"{pipeline.versioned_name(model, fast=fast)} claimtable@{__version__}"
        if learned is None:
            return cls(layer, model, fast, time_limit, extractor=extractor)
        text = weights_text(learned)
        return cls(layer, model, fast, time_limit, text, f"{extractor} weights@{learned.tag}")


@dataclass(frozen=True, slots=True)
class Done(Record):
    """What came of a part."""

    key: str
    source: str
    documents: int = 0
    words: int = 0
    rows: int = 0
    failed: int = 0
    """Documents that failed; their reasons are in the folder."""
    seconds: float = 0.0
    """Processor time."""
    problem: str | None = None
    """Why the part itself failed, so that it is not done; None: it is."""


def key_of(partition: Partition, settings: Settings) -> str:
    """Return the name of a part of a job: another one for other bytes, another range, or other settings."""
    fields = partition.to_dict()
    del fields["number"]
    data = json.dumps([fields, settings.layer, settings.extractor], sort_keys=True)
    return hashlib.sha256(data.encode()).hexdigest()[:16]


def deadly(partition: Partition, settings: Settings) -> Done:
    """Return what is said of a part that killed `ATTEMPTS` workers."""
    return Done(
        key_of(partition, settings),
        partition.source,
        problem=f"{partition.source}, part from {partition.start:,}: the worker died on it {ATTEMPTS} times, of a "
        "document that its memory does not hold or that no library survives: run again with fewer workers, or take it out",
    )


class Worker:
    """A loaded pipeline that works through parts, one after the other."""

    def __init__(self, settings: Settings, folder: Folder) -> None:
        """Load the pipeline.

        Raises:
            ModelError: it cannot be loaded.
        """
        self.settings = settings
        self.folder = folder
        self.layer = layers.LAYERS[settings.layer]
        self.nlp = pipeline.load(settings.model, fast=settings.fast)
        if settings.weights is not None:
            pipeline.take_weights(self.nlp, parse_weights(settings.weights, "the settings of the job"))
        layers.restrict(self.nlp, settings.layer)
        self.nlp.default_error_handler = self._on_component_error
        self._failures: list[str] = []

    def work(self, partition: Partition) -> Done:
        """Extract from a part and write what comes of it, the manifest last. A failure of the whole part is returned."""
        begun = time.process_time()
        key = key_of(partition, self.settings)
        self._failures = []
        documents = words = 0

        def rows() -> Iterator[dict[str, Any]]:
            nonlocal documents, words
            for doc in pipeline.annotate(
                self._documents(partition),
                self.nlp,
                time_limit=self.settings.time_limit,
                on_error=self._on_error,
                keep=False,
            ):
                documents += 1
                words += len(doc.text.split())
                yield from self.layer.rows(doc)

        name = f"part-{partition.number:06}-{key}"
        try:
            with self.folder.writing(f"{self.settings.layer}/{name}.parquet") as file:
                count = write_table(rows(), file, "parquet", columns=self.layer.columns)
            if self._failures:
                failed = ({"source": partition.source, "reason": reason} for reason in self._failures)
                with self.folder.writing(f"errors/{name}.parquet") as file:
                    write_table(failed, file, "parquet", columns=ERROR_COLUMNS)
            seconds = round(time.process_time() - begun, 3)
            done = Done(key, partition.source, documents, words, count, len(self._failures), seconds)
            with self.folder.writing(f"manifest/{key}.json") as file:
                entry = done.to_dict() | {
                    "partition": partition.to_dict(),
                    "settings": self.settings.to_dict(),
                }
                file.write(json.dumps(entry, indent=1).encode())
        except ClaimTableError as error:
            return Done(key, partition.source, problem=str(error))
        except Exception as error:  # noqa: BLE001 - one part must not end the job
            return Done(
                key,
                partition.source,
                problem=f"{partition.source}: unexpected {type(error).__name__} ({error})",
            )
        return done

    def _documents(self, partition: Partition) -> Iterator[Document]:
        for item in read(partition, time_limit=self.settings.time_limit):
            if isinstance(item, Document):
                yield item
            else:
                self._on_error(item)

    def _on_error(self, error: Exception) -> None:
        self._failures.append(str(error))

    def _on_component_error(self, name: str, _component: object, docs: list[Doc], error: Exception) -> None:
        for doc in docs:
            self._failures.append(
                f"{doc._.claimtable_document.id}: unexpected {type(error).__name__} in {name} ({error})"
            )
