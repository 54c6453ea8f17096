from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from claimtable.errors import ModelError
from claimtable.nlp.attribution.tagger import OUTPUTS, Network, Tagger, decode, pad


def _scores(width: int, **marks: dict[int, float]) -> np.ndarray:
    scores = np.full((1, width, len(OUTPUTS)), -3.0, dtype=np.float32)
    for name in ("source_in", "cue_in", "content_in"):
        scores[:, :, OUTPUTS.index(name)] = 0
    for name, places in marks.items():
        for place, value in places.items():
            scores[0, place, OUTPUTS.index(name)] = value
    return scores


def _decode(scores: np.ndarray, own: int) -> tuple:
    source, cue, content = decode(scores, np.array([scores.shape[1]]), np.array([own]))
    return source[0], cue[0], content[0]


def test_spans_of_highest_score() -> None:
    scores = _scores(
        8,
        source_first={0: 5}, source_last={1: 5}, cue_first={2: 5}, cue_last={2: 5},
        content_first={3: 5}, content_last={6: 5},
    )  # fmt: skip
    assert _decode(scores, 2) == ((0, 2), (2, 3), [(3, 7)])


def test_inner_words_count() -> None:
    scores = _scores(6, content_first={1: 5, 3: 4}, content_last={5: 5}, content_in={1: -4, 2: -4})
    assert _decode(scores, 0)[2] == [(3, 6)]


def test_nothing_is_said_where_that_scores_higher() -> None:
    scores = _scores(4, no_source={0: 9}, no_content={0: 9})
    source, _, content = _decode(scores, 0)
    assert source is None and content == []


def test_two_parts_around_the_reporting_clause() -> None:
    scores = _scores(
        9,
        source_first={3: 6}, source_last={3: 6}, cue_first={4: 6}, cue_last={4: 6}, two_parts={4: 3},
        content_first={0: 6}, content_last={2: 6}, rest_first={6: 6}, rest_last={8: 6},
    )  # fmt: skip
    assert _decode(scores, 4) == ((3, 4), (4, 5), [(0, 3), (6, 9)])


def test_the_content_leaves_out_cue_and_source() -> None:
    scores = _scores(
        7,
        source_first={2: 6}, source_last={2: 6}, cue_first={3: 6}, cue_last={3: 6},
        content_first={0: 6}, content_last={6: 6},
    )  # fmt: skip
    assert _decode(scores, 3)[2] == [(0, 2), (4, 7)]


def test_a_cue_holds_its_head() -> None:
    scores = _scores(5, cue_first={0: 9, 4: 9}, cue_last={1: 9, 4: 9})
    assert _decode(scores, 2)[1] == (0, 5)


def test_windows_of_different_length() -> None:
    flat = np.arange(5 * len(OUTPUTS), dtype=np.float32).reshape(5, len(OUTPUTS))
    block, length = pad(flat, [(0, 2), (2, 5)])
    assert block.shape == (2, 3, len(OUTPUTS)) and length.tolist() == [2, 3]
    assert (block[0, 2] == 0).all() and (block[1] == flat[2:]).all()


def test_network_sums_rows_and_rectifies() -> None:
    table = np.array([[0, 0], [2, 1], [-5, 1]], dtype=np.int8)
    net = Network(
        table,
        np.array([0.5, 2.0], dtype=np.float32),
        np.zeros(2, dtype=np.float32),
        np.ones((1, 1), dtype=np.float32),
    )
    assert net(np.array([[1, 1], [2, 2]])).tolist() == [[6.0], [4.0]]


@pytest.mark.parametrize("content", [b"", b"not a weight file"])
def test_a_damaged_file_is_named(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "weights.npz"
    file.write_bytes(content)
    with pytest.raises(ModelError, match=r"weights\.npz"):
        Tagger.load(file)


def test_a_file_of_another_format_is_refused() -> None:
    file = io.BytesIO()
    np.savez(file, format=99)
    file.seek(0)
    with pytest.raises(ModelError, match="format 99"):
        Tagger.load(file)
