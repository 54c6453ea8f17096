"""What the encoder of the default pipeline adds to the word model: a linear model over the mean of its vectors in a sentence.

The vectors are there anyway, for the parse. The mean of a linear function is that function of the mean, so the encoder leaves one
number for each token, and a sentence takes the mean of its own. Other pipelines have no such vectors: there the words decide alone.
Trained by `models/scripts/train_check_states.py`.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from importlib import resources
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

from claimtable.errors import RuleError
from claimtable.nlp.encoder.architecture import PROBED, find_encoder_layer

WEIGHTS = "states_weights.json"


class States(NamedTuple):
    """The model: log-odds = intercept + `words` × log-odds of the word model + mean of (`vector` · state of a token)."""

    graph_sha256: str
    """Of the encoder whose states these are weights for."""
    intercept: float
    words: float
    vector: NDArray[np.float32]


@functools.cache
def read_states() -> States:
    """Read the weights.

    Raises:
        RuleError: the file is damaged.
    """
    try:
        found = json.loads(resources.files(__package__).joinpath(WEIGHTS).read_text(encoding="utf-8"))
        return States(
            str(found["graph_sha256"]),
            float(found["intercept"]),
            float(found["words"]),
            np.array(found["vector"], dtype=np.float32),
        )
    except (ValueError, KeyError, TypeError):
        raise RuleError(f"check_worthiness/{WEIGHTS} is damaged: reinstall claimtable") from None


def attach(nlp: Language) -> None:
    """Let the encoder of a pipeline leave its numbers, if it is the one that the weights are for."""
    if "tok2vec" not in nlp.pipe_names:
        return
    try:
        layer = find_encoder_layer(nlp.get_pipe("tok2vec").model)  # type: ignore[attr-defined]
    except ValueError:
        return
    weights = layer.attrs["encoder"].weights
    if weights is not None and weights.graph_sha256 == read_states().graph_sha256:
        layer.attrs["probe"] = read_states().vector


def combined(doc: Doc, sentences: Sequence[tuple[int, int]], words: Sequence[float]) -> list[float]:
    """Return the log-odds of sentences (half-open token ranges) of words and states together.

    Without states, those of the words. What the encoder left on the document is taken away.
    """
    probed = doc.user_data.pop(PROBED, None)
    if probed is None or len(probed) != len(doc):
        return list(words)
    model = read_states()
    blank = doc.to_array("IS_SPACE").astype(bool)
    total = np.concatenate([[0.0], np.cumsum(np.where(blank, 0.0, probed), dtype=np.float64)])
    count = np.concatenate([[0], np.cumsum(~blank)])
    return [
        model.intercept + model.words * odds + float(total[b] - total[a]) / max(1, int(count[b] - count[a]))
        for (a, b), odds in zip(sentences, words, strict=True)
    ]
