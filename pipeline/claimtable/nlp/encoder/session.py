"""The encoder's weights and the onnxruntime session that runs them."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy
import srsly
from numpy.typing import NDArray

from claimtable.errors import ModelError
from claimtable.nlp.encoder.wordpiece import Vocabulary, WordpieceTokenizer

FORMAT = "claimtable.encoder.1"
"""Name and version of the serialised form. A change of its fields or of the graph's inputs gets a new number."""

MIN_ONNXRUNTIME = (1, 20)
"""As in the project's dependencies. The graph itself (opset 17) is readable from 1.13 on; older releases are untested."""

NEXT_ONNXRUNTIME_MAJOR = 2
"""Releases from this major version on are not known to read the graph."""

REINSTALL = "install claimtable again, or export the pipeline again (models/README.md)"

REQUIREMENT = "onnxruntime>=1.20,<2"

Floats = NDArray[numpy.float32]


def _parse_version(version: str) -> tuple[int, int]:
    parts = version.split("+")[0].split(".")
    try:
        return int(parts[0]), int(parts[1])
    except (IndexError, ValueError):
        raise ModelError(
            f"onnxruntime has the unreadable version {version!r}: pip install {REQUIREMENT!r}"
        ) from None


def import_onnxruntime() -> Any:
    """Import onnxruntime and check its version.

    Raises ModelError if it is not installed, or older or newer than what the graph was made for.
    """
    try:
        import onnxruntime
    except ImportError as error:
        raise ModelError(
            f"the default language pipeline needs onnxruntime, which cannot be imported ({error}): "
            f"pip install {REQUIREMENT!r}, or use the fast pipeline (--fast, claimtable.load(fast=True))"
        ) from error
    found = _parse_version(onnxruntime.__version__)
    if found < MIN_ONNXRUNTIME or found[0] >= NEXT_ONNXRUNTIME_MAJOR:
        raise ModelError(
            f"onnxruntime {onnxruntime.__version__} cannot run the language pipeline: "
            f"pip install {REQUIREMENT!r}, or use the fast pipeline (--fast, claimtable.load(fast=True))"
        )
    return onnxruntime


@dataclass(frozen=True)
class EncoderWeights:
    """An ONNX graph with its vocabulary and their recorded hashes.

    The graph takes `ids` (int64, batch × pieces) and gives `vectors` (float32, batch × pieces × width).
    """

    graph: bytes = field(repr=False)
    vocabulary: Vocabulary = field(repr=False)
    width: int
    graph_sha256: str
    origin: str
    """Where the weights come from: package, version, SHA-256 and licence, in words."""

    def to_bytes(self) -> bytes:
        return bytes(
            srsly.msgpack_dumps(
                {
                    "format": FORMAT,
                    "graph": self.graph,
                    "graph_sha256": self.graph_sha256,
                    "vocabulary": self.vocabulary.to_text(),
                    "vocabulary_sha256": self.vocabulary.sha256,
                    "width": self.width,
                    "origin": self.origin,
                }
            )
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> "EncoderWeights":
        """Read what `to_bytes` wrote. Raises ModelError if it is damaged or of another format."""
        try:
            record = srsly.msgpack_loads(data)
        except (
            Exception
        ) as error:  # msgpack raises ValueError, UnpackException, UnicodeDecodeError and others
            raise ModelError(f"the encoder's file is truncated or altered ({error}): {REINSTALL}") from error
        if not isinstance(record, dict) or record.get("format") != FORMAT:
            found = record.get("format") if isinstance(record, dict) else None
            raise ModelError(
                f"the encoder's format is {found!r}, this claimtable reads {FORMAT!r}: {REINSTALL}"
            )
        lacking = {
            "graph",
            "graph_sha256",
            "vocabulary",
            "vocabulary_sha256",
            "width",
            "origin",
        } - record.keys()
        if lacking or not record["vocabulary"]:
            what = ", ".join(sorted(lacking)) or "vocabulary"
            raise ModelError(f"the encoder's file lacks its {what}: {REINSTALL}")
        graph = record["graph"]
        if hashlib.sha256(graph).hexdigest() != record["graph_sha256"]:
            raise ModelError(
                f"the encoder's graph does not have its recorded SHA-256, it was altered: {REINSTALL}"
            )
        vocabulary = Vocabulary.from_text(record["vocabulary"])
        if vocabulary.sha256 != record["vocabulary_sha256"]:
            raise ModelError(
                f"the encoder's vocabulary does not have its recorded SHA-256, it was altered: {REINSTALL}"
            )
        return cls(graph, vocabulary, record["width"], record["graph_sha256"], record["origin"])


def open_session(graph: bytes, threads: int) -> Any:
    """Build an onnxruntime session of a graph. Raises ModelError if onnxruntime is missing or refuses it."""
    runtime = import_onnxruntime()
    options = runtime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return runtime.InferenceSession(
            graph,
            options,
            providers=["CPUExecutionProvider"],
            # onnxruntime 1.32's fused addition and layer norm takes seven times as long as the two by themselves,
            # a fifth of the encoder's time.
            disabled_optimizers=["SkipLayerNormFusion"],
        )
    except Exception as error:  # onnxruntime's exceptions have no public common base
        raise ModelError(
            f"onnxruntime {runtime.__version__} cannot load the encoder's graph ({error}): {REINSTALL}"
        ) from error


class OnnxEncoder:
    """Runs the encoder on windows of piece ids. Empty until weights are given (`load`).

    The session is made at the first run and belongs to the process: it is neither pickled nor inherited over a fork.
    One thread per session: parallelism is the caller's (`n_process`), and results do not depend on it.
    """

    def __init__(self, threads: int = 1) -> None:
        self.threads = threads
        self.weights: EncoderWeights | None = None
        self._tokenizer: WordpieceTokenizer | None = None
        self._session: tuple[int, Any] | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {"threads": self.threads, "weights": self.weights}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["threads"])  # type: ignore[misc]
        if state["weights"] is not None:
            self.load(state["weights"])

    def __deepcopy__(self, memo: dict[int, Any]) -> "OnnxEncoder":
        # The weights are immutable and large: copies of the pipeline share them.
        copied = OnnxEncoder(self.threads)
        copied.__setstate__(self.__getstate__())
        return copied

    def load(self, weights: EncoderWeights) -> None:
        """Take these weights in place of any earlier ones."""
        self.weights = weights
        self._tokenizer = WordpieceTokenizer(weights.vocabulary)
        self._session = None

    @property
    def tokenizer(self) -> WordpieceTokenizer:
        if self._tokenizer is None:
            raise ModelError(f"the encoder has no wordpiece vocabulary and no weights: {REINSTALL}")
        return self._tokenizer

    def make_session(self) -> Any:
        """Build the onnxruntime session. Raises ModelError if onnxruntime refuses the graph."""
        import_onnxruntime()
        if self.weights is None:
            raise ModelError(f"the encoder has no weights: {REINSTALL}")
        return open_session(self.weights.graph, self.threads)

    def session(self) -> Any:
        # Keyed by process id instead of locked: a lock held by another thread during a fork would never be released
        # in the child. Two threads that come first at the same moment make a session each, and one is dropped.
        process = os.getpid()
        if self._session is None or self._session[0] != process:
            self._session = (process, self.make_session())
        return self._session[1]

    def run(self, pieces: Sequence[int]) -> Floats:
        """Return the vectors of one window, pieces × width. `pieces` are ids without the start and end marks."""
        tokenizer = self.tokenizer
        ids = numpy.empty((1, len(pieces) + 2), dtype=numpy.int64)
        ids[0, 0] = tokenizer.start_id
        ids[0, 1:-1] = pieces
        ids[0, -1] = tokenizer.end_id
        vectors: Floats = self.session().run(None, {"ids": ids})[0]
        return vectors[0, 1:-1]
