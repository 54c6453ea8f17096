"""The network's graphs with their labels and vocabulary, as they are saved."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import srsly

from claimtable.errors import ModelError
from claimtable.nlp.encoder.session import REINSTALL
from claimtable.nlp.encoder.wordpiece import Vocabulary

FORMAT = "claimtable.network.1"
"""Name and version of the saved form. A change of its fields, or of the inputs and outputs of a graph, gets a new number."""

HEADS = ("tags", "morphs", "lemmas", "deps", "entities")
OUTPUTS = (
    "sentence",
    "tags",
    "morphs",
    "lemmas",
    "heads",
    "deps",
    "entities",
    "arcs",
    "label_head",
    "label_dependent",
    "check",
    "future",
)
"""What `NetworkWeights.graph` gives, in this order."""


@dataclass(frozen=True)
class NetworkWeights:
    """Two ONNX graphs with what their numbers mean.

    `graph` reads a window: `ids` (1 × pieces), `first` (1 × words: the place of each word's first piece), `shape`, `suffix`,
    `prefix` (1 × words; int64 all), `given` (words, float: 1 a sentence begins here, -1 none does, 0 unknown). It gives per word
    `sentence` (its number), `tags`, `morphs`, `lemmas`, `heads` (0 the root, k + 1 the word k: the best by itself), `deps` (int64),
    `entities` (words × labels), `arcs` (words × root and words), `label_head` (root and words), `label_dependent`, `check` and
    `future` (log-odds of its sentence; float32).

    `relations` reads pairs of words of a window, `head` and `dependent` (pairs × width, rows of the two outputs above), and gives
    `deps`, for heads that are not the best by themselves.
    """

    graph: bytes = field(repr=False)
    relations: bytes = field(repr=False)
    vocabulary: Vocabulary = field(repr=False)
    labels: Mapping[str, tuple[str, ...]] = field(repr=False)
    """The labels of each of `HEADS`, in the order of their numbers."""
    lexicon: Mapping[str, str] = field(repr=False)
    """Lemmas of words that the treebanks have, by tag and lower-case form ("VBG making"); the edits are for the others."""
    origin: str
    """Where the weights come from: package, version, SHA-256 and licence, in words."""

    def to_bytes(self) -> bytes:
        """Return the saved form, with the SHA-256 of what it holds."""
        vocabulary = self.vocabulary.to_text()
        return bytes(
            srsly.msgpack_dumps(
                {
                    "format": FORMAT,
                    "sha256": _sha256(self.graph, self.relations, vocabulary),
                    "graph": self.graph,
                    "relations": self.relations,
                    "vocabulary": vocabulary,
                    "labels": {k: list(v) for k, v in self.labels.items()},
                    "lexicon": dict(self.lexicon),
                    "origin": self.origin,
                }
            )
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> NetworkWeights:
        """Read what `to_bytes` wrote.

        Raises:
            ModelError: it is damaged, or of another format.
        """
        try:
            record = srsly.msgpack_loads(data)
        except (
            Exception
        ) as error:  # msgpack raises ValueError, UnpackException, UnicodeDecodeError and others
            raise ModelError(f"the network's file is truncated or altered ({error}): {REINSTALL}") from error
        found = record.get("format") if isinstance(record, dict) else None
        if found != FORMAT:
            raise ModelError(
                f"the network's format is {found!r}, this claimtable reads {FORMAT!r}: {REINSTALL}"
            )
        lacking = {
            "sha256",
            "graph",
            "relations",
            "vocabulary",
            "labels",
            "lexicon",
            "origin",
        } - record.keys()
        if lacking or set(record["labels"]) != set(HEADS):
            what = ", ".join(sorted(lacking)) or "labels"
            raise ModelError(f"the network's file lacks its {what}: {REINSTALL}")
        if _sha256(record["graph"], record["relations"], record["vocabulary"]) != record["sha256"]:
            raise ModelError(
                f"the network's file does not have its recorded SHA-256, it was altered: {REINSTALL}"
            )
        return cls(
            record["graph"],
            record["relations"],
            Vocabulary.from_text(record["vocabulary"]),
            {k: tuple(v) for k, v in record["labels"].items()},
            record["lexicon"],
            record["origin"],
        )


def _sha256(graph: bytes, relations: bytes, vocabulary: str) -> str:
    whole = hashlib.sha256(graph)
    whole.update(relations)
    whole.update(vocabulary.encode("utf-8"))
    return whole.hexdigest()
