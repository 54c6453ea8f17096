"""The trained part: which words are cues, and where their span, source and content begin and end.

Two small networks over hashed features (`features`), trained on PolNeAR by `models/scripts/train_attribution.py`:
one scores each token as head of a cue, one scores each word near a cue as first, last or inner word of
the cue, its source and its content. A part is the span of highest total score; a content may be two spans
("Y," said X, "Z"). Weights are bytes with one scale per unit; numpy alone runs them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import BinaryIO
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from claimtable.errors import ModelError
from claimtable.nlp.attribution import features, lexicon
from claimtable.nlp.attribution.drafts import Draft, merge
from claimtable.nlp.attribution.layout import Layout, Range

Float = NDArray[np.float32]

OUTPUTS = (
    "source_first",
    "source_last",
    "source_in",
    "cue_first",
    "cue_last",
    "cue_in",
    "content_first",
    "content_last",
    "content_in",
    "rest_first",
    "rest_last",
    "no_source",
    "two_parts",
    "no_content",
)
"""What the second network says of a pair; the last three are read where the word is the cue's head."""
FORMAT = 1
"""Version of the weight file's layout."""
BLOCK = 4096
"""Lines scored at once: bounds the memory of a long text."""
MARGIN = 1.6
"""How much less a cue needs that a rule found with a source: the training data are political news alone."""
WIDE_MARGIN = 3.0
"""The same for statements of figures, and for what others expect, hope and fear: what the claims table is about."""
_LOW = np.float32(-1e6)


@dataclass(frozen=True)
class Network:
    """Sum of a feature's rows → rectifier → linear layer, with a linear path beside it."""

    table: NDArray[np.int8]
    """One line per hashed feature: the hidden units, then the linear path to each output."""
    scale: Float
    """What 1 means in each column of `table`."""
    bias: Float
    weights: Float
    """From hidden units to outputs."""

    def __call__(self, rows: NDArray[np.int64]) -> Float:
        """Return the outputs for lines of feature numbers."""
        hidden = self.weights.shape[0]
        out = np.empty((len(rows), self.weights.shape[1]), dtype=np.float32)
        for start in range(0, len(rows), BLOCK):
            part = rows[start : start + BLOCK]
            # Feature by feature: several times as fast as to gather all rows first and sum the block.
            units = np.zeros((len(part), len(self.scale)), dtype=np.int32)
            for feature in part.T:
                units += self.table.take(feature, axis=0)
            total = units.astype(np.float32) * self.scale + self.bias
            out[start : start + BLOCK] = np.maximum(total[:, :hidden], 0) @ self.weights + total[:, hidden:]
        return out


class Tagger:
    """Finds attributions with trained weights."""

    def __init__(
        self, cue: Network, pair: Network, words: frozenset[str], threshold: float, version: str
    ) -> None:
        self.cue = cue
        self.pair = pair
        self.words = words
        """Lemmas of the words other than verbs that are looked at as cues."""
        self.threshold = threshold
        """Score from which a token is a cue; set on the development part for the best mean F1."""
        self.version = version

    @classmethod
    def load(cls, file: str | Path | BinaryIO) -> Tagger:
        """Read a weight file.

        Raises:
            ModelError: it is missing, damaged, or of another format.
        """
        try:
            with np.load(file, allow_pickle=False) as data:
                if int(data["format"]) != FORMAT:
                    raise ModelError(
                        f"the attribution weights {file} have format {int(data['format'])}, expected {FORMAT}: train again"
                    )
                nets = [
                    Network(data[f"{k}_table"], data[f"{k}_scale"], data[f"{k}_bias"], data[f"{k}_weights"])
                    for k in ("cue", "pair")
                ]
                return cls(
                    nets[0],
                    nets[1],
                    frozenset(data["words"].tolist()),
                    float(data["threshold"]),
                    str(data["version"]),
                )
        except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
            raise ModelError(
                f"the attribution weights {file} cannot be read ({error}): reinstall claimtable"
            ) from error

    @classmethod
    def shipped(cls) -> Tagger:
        """Read the weights inside the package."""
        with resources.files(__package__).joinpath("model", "attribution.npz").open("rb") as file:
            return cls.load(file)  # type: ignore[arg-type]

    def find(self, doc: Doc, layout: Layout, drafts: Sequence[Draft]) -> list[Draft]:
        """Return the attributions of a text in order of their cues.

        Args:
            doc: the parsed text.
            layout: its layout.
            drafts: what the rules found in it, which the networks weigh as features.
        """
        columns = features.TokenFeatures(doc, layout, drafts)
        at = features.cue_candidates(layout, self.words)
        if not len(at):
            return []
        scores = self.cue(features.rows(features.cue_features(columns, at), len(self.cue.table)))[:, 0]
        margins = np.array([_margin(layout, columns.draft.get(int(i)), int(i)) for i in at], dtype=np.float32)
        cues = [int(i) for i in at[scores > self.threshold - margins]]
        return self.parts(columns, cues)

    def parts(self, columns: features.TokenFeatures, cues: Sequence[int]) -> list[Draft]:
        """Return an attribution for each cue head of `cues` that has a content."""
        out: list[Draft] = []
        for start in range(0, len(cues), 256):
            pairs = features.Pairs(columns, cues[start : start + 256])
            if len(pairs.token):
                out.extend(self._decode(columns, pairs))
        return out

    def _decode(self, columns: features.TokenFeatures, pairs: features.Pairs) -> list[Draft]:
        scores = self.pair(features.rows(features.pair_features(pairs), len(self.pair.table)))
        padded, length = pad(scores, pairs.bounds)
        own = np.array(
            [
                int(np.flatnonzero(pairs.token[a:b] == i)[0])
                for i, (a, b) in zip(pairs.cues, pairs.bounds, strict=True)
            ]
        )
        source, cue, content = decode(padded, length, own)
        out: list[Draft] = []
        for k, i in enumerate(pairs.cues):
            a, b = pairs.bounds[k]
            draft = _draft(columns, pairs.token[a:b], i, source[k], cue[k], content[k], self.version)
            if draft is not None:
                out.append(draft)
        return out


def _margin(layout: Layout, draft: Draft | None, i: int) -> float:
    """Return how much less than others a cue needs that a rule found with a source."""
    if draft is None or not draft.source or draft.sense == "attitude" or i != draft.cue[-1][1] - 1:
        return 0.0
    figure = any(layout.t.text[k][:1].isdigit() for a, b in draft.content for k in range(a, b))
    expected = draft.sense == "belief" and not _is_speech_person(layout, draft)
    return WIDE_MARGIN if figure or expected else MARGIN


def _is_speech_person(layout: Layout, draft: Draft) -> bool:
    return layout.t.lower[draft.source[0][0]] in ("i", "we", "you")


def _draft(
    columns: features.TokenFeatures,
    tokens: NDArray[np.int64],
    i: int,
    source: Range | None,
    cue: Range,
    content: list[Range],
    version: str,
) -> Draft | None:
    def tokens_of(part: Range) -> Range:
        return int(tokens[part[0]]), int(tokens[part[1] - 1]) + 1

    if not content:
        return None
    layout = columns.layout
    rule = columns.draft.get(i)
    entry = lexicon.entry_of(layout.t.lemma[i], layout.t.pos[i])
    name = f"attribution-{version}"
    return Draft(
        source=(tokens_of(source),) if source else (),
        cue=(tokens_of(cue),),
        content=merge(_with_marks(layout, *tokens_of(part)) for part in content),
        rule=f"{name}:{rule.rule}" if rule else name,
        sense=rule.sense if rule else entry.sense if entry else "attitude",
    )


def _with_marks(layout: Layout, a: int, b: int) -> Range:
    """Grow a span by the quotation marks of the passages that it begins or ends with."""
    k = layout.quote[a]
    if k >= 0 and a > 0 and layout.ranges[k][0] == a - 1:
        a -= 1
    k = layout.quote[b - 1]
    if k >= 0 and layout.ranges[k][0] >= a and not any(layout.word[b : layout.ranges[k][1]]):
        b = max(b, layout.ranges[k][1])
    return a, b


def pad(scores: Float, bounds: Sequence[Range]) -> tuple[Float, NDArray[np.int64]]:
    """Return the scores as one block (cues × longest window × outputs) and the length of each window."""
    length = np.array([b - a for a, b in bounds], dtype=np.int64)
    out = np.zeros((len(bounds), int(length.max()), scores.shape[1]), dtype=np.float32)
    for k, (a, b) in enumerate(bounds):
        out[k, : b - a] = scores[a:b]
    return out, length


def decode(
    scores: Float, length: NDArray[np.int64], own: NDArray[np.int64]
) -> tuple[list[Range | None], list[Range], list[list[Range]]]:
    """Return the best source, cue and content of each line, as ranges of places in its window.

    Args:
        scores: cues × places × `OUTPUTS`.
        length: number of places of each line that are real.
        own: the place of the cue's head.
    """
    n, width, _ = scores.shape
    place = np.arange(width)
    real = place[None, :] < length[:, None]
    lines = np.arange(n)
    get = {name: scores[:, :, k] for k, name in enumerate(OUTPUTS)}
    _, cue_first, cue_last = _best(
        np.where(place[None, :] <= own[:, None], get["cue_first"], _LOW),
        np.where(real & (place[None, :] >= own[:, None]), get["cue_last"], _LOW),
        get["cue_in"],
    )
    first = np.where(real, get["source_first"], _LOW)
    last = np.where(real, get["source_last"], _LOW)
    total, source_first, source_last = _best(first, last, get["source_in"])
    no_source = scores[lines, own, OUTPUTS.index("no_source")] > total
    parts = _contents(get, real)
    one, two, a1, b1, c1, d1, a2, b2 = parts
    two = two + scores[lines, own, OUTPUTS.index("two_parts")]
    no_content = scores[lines, own, OUTPUTS.index("no_content")] > np.maximum(one, two)
    sources: list[Range | None] = []
    contents: list[list[Range]] = []
    cues: list[Range] = []
    for k in range(n):
        cue = (int(cue_first[k]), int(cue_last[k]) + 1)
        cues.append(cue)
        source = (
            None if no_source[k] else _cut((int(source_first[k]), int(source_last[k]) + 1), cue, int(own[k]))
        )
        sources.append(source)
        if no_content[k]:
            contents.append([])
            continue
        spans = (
            [(int(a1[k]), int(b1[k]) + 1)]
            if one[k] >= two[k]
            else [(int(c1[k]), int(d1[k]) + 1), (int(a2[k]), int(b2[k]) + 1)]
        )
        for hole in (cue, source):
            spans = [piece for span in spans for piece in _without(span, hole)] if hole else spans
        contents.append(spans)
    return sources, cues, contents


def _cut(source: Range, cue: Range, own: int) -> Range | None:
    pieces = list(_without(source, cue))
    return min(pieces, key=lambda p: min(abs(p[0] - own), abs(p[1] - own))) if pieces else None


def _without(span: Range, hole: Range) -> list[Range]:
    (a, b), (x, y) = span, hole
    if y <= a or b <= x:
        return [span]
    return [(p, q) for p, q in ((a, x), (y, b)) if p < q]


def _best(first: Float, last: Float, inner: Float) -> tuple[Float, NDArray[np.int64], NDArray[np.int64]]:
    """Return score, first and last place of the best span of each line."""
    gain, start = _ending(first, inner)
    total = gain + last
    end = np.argmax(total, axis=1)
    lines = np.arange(len(first))
    return total[lines, end], start[lines, end], end


def _ending(first: Float, inner: Float) -> tuple[Float, NDArray[np.int64]]:
    """Return, for each place, the best score of a span that ends there (its end aside), and where that span starts."""
    through = np.cumsum(inner, axis=1)
    opening = first - (through - inner)
    best = np.maximum.accumulate(opening, axis=1)
    place = np.arange(first.shape[1])[None, :]
    start = np.maximum.accumulate(np.where(opening >= best, place, 0), axis=1)
    return best + through, start


def _contents(get: dict[str, Float], real: NDArray[np.bool_]) -> tuple[NDArray[np.float32 | np.int64], ...]:
    """Return the scores of the best single content and the best pair, and their places."""
    first = np.where(real, get["content_first"], _LOW)
    last = np.where(real, get["content_last"], _LOW)
    inner = get["content_in"]
    lines = np.arange(len(first))
    gain, start = _ending(first, inner)
    ends = gain + last
    end = np.argmax(ends, axis=1)
    # The second part starts at least two places after the end of the first.
    best = np.maximum.accumulate(ends, axis=1)
    place = np.arange(first.shape[1])[None, :]
    at = np.maximum.accumulate(np.where(ends >= best, place, 0), axis=1)
    before = np.full_like(best, _LOW)
    before[:, 2:] = best[:, :-2]
    second = np.where(real, get["rest_first"], _LOW) + before
    gain2, start2 = _ending(second, inner)
    ends2 = gain2 + np.where(real, get["rest_last"], _LOW)
    end2 = np.argmax(ends2, axis=1)
    s2 = start2[lines, end2]
    e1 = at[lines, np.maximum(s2 - 2, 0)]
    return ends[lines, end], ends2[lines, end2], start[lines, end], end, start[lines, e1], e1, s2, end2
