"""The component: one run of the network per window writes tags, morphology, lemmas, trees and names into a `Doc`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import IDS  # type: ignore[import-not-found]
from spacy.parts_of_speech import IDS as PARTS_OF_SPEECH  # type: ignore[import-not-found]
from spacy.scorer import Scorer
from spacy.tokens import Doc
from spacy.training import Example
from spacy.vocab import Vocab

from claimtable.errors import ModelError
from claimtable.nlp.encoder.chunks import Chunk, cut_chunks
from claimtable.nlp.encoder.session import REINSTALL, import_onnxruntime, open_session
from claimtable.nlp.encoder.wordpiece import WordpieceTokenizer
from claimtable.nlp.network.decode import Names, trees
from claimtable.nlp.network.features import MAX_PIECES, lemma, read_at, rows
from claimtable.nlp.network.weights import OUTPUTS, NetworkWeights

WINDOW = 126
"""Longest window in pieces, without its two marks."""
MAX_CACHED = 100_000
"""Distinct words, and pairs of word and edit, that are remembered before the memory starts again."""
CHECK, FUTURE = 0, 1
"""Columns of `doc.tensor`: log-odds, of each token's sentence, that it is worth a check, and that it speaks of the future."""

_COLUMNS = [IDS[x] for x in ("TAG", "POS", "MORPH", "LEMMA", "DEP", "HEAD", "ENT_IOB", "ENT_TYPE")]
_TAG, _POS, _MORPH, _LEMMA, _DEP, _HEAD, _IOB, _TYPE = range(len(_COLUMNS))
_PROPER = PARTS_OF_SPEECH["PROPN"]
_SPACE_TAG, _SPACE_DEP = "_SP", "dep"
_IOB_OF = {"O": 2, "B": 3, "U": 3, "I": 1, "L": 1}

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Piece = tuple[tuple[int, ...], int, int, int, int]
"""The pieces of a word, the rows of its shape, suffix and prefix, and which of the pieces stands for it."""


class Network:
    """Reads windows of a document and writes what all heads say, in one go.

    Where sentences begin already (`Token.is_sent_start`, as at line breaks), trees and names keep to it. The result depends on the
    document alone, not on what shares a batch or a process with it: each window is a run of its own.
    """

    def __init__(self, vocab: Vocab, name: str = "claimtable_network", *, threads: int = 1) -> None:
        self.vocab = vocab
        self.name = name
        self.threads = threads
        self.weights: NetworkWeights | None = None
        self._tokenizer: WordpieceTokenizer | None = None
        self._values: _Values | None = None
        self._sessions: tuple[int, Any, Any] | None = None
        self._words: dict[int, Piece] = {}
        self._lemmas: dict[tuple[int, int, int, bool], str] = {}

    def load(self, weights: NetworkWeights) -> None:
        """Take these weights in place of any earlier ones."""
        # Checked here and not at the first text: a pipeline that cannot run should say so when it is loaded.
        import_onnxruntime()
        self.weights = weights
        self._tokenizer = WordpieceTokenizer(weights.vocabulary)
        self._values = _Values(weights, self.vocab)
        self._sessions = None
        self._words, self._lemmas = {}, {}

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the labels of relations and of names."""
        if self.weights is None:
            return ()
        names = {x[2:] for x in self.weights.labels["entities"] if x != "O"}
        return (*self.weights.labels["deps"], *sorted(names))

    # ------------------------------------------------------------------ reading

    def __call__(self, doc: Doc) -> Doc:
        """Annotate `doc` in place and return it."""
        if self._values is None or self._tokenizer is None:
            raise ModelError(f"the network has no weights: {REINSTALL}")
        if not len(doc):
            return doc
        columns: Any = doc.to_array(["ORTH", "IS_SPACE", "SENT_START", "IS_TITLE"])
        orths: list[int] = columns[:, 0].tolist()
        space = columns[:, 1].astype(bool)
        out = np.zeros((len(doc), len(_COLUMNS)), dtype=np.int64)
        out[:, _HEAD] = np.arange(len(doc))
        tensor = np.zeros((len(doc), 2), dtype=np.float32)
        begins = np.zeros(len(doc), dtype=bool)
        pieces = [None if blank else self._word(x) for x, blank in zip(orths, space.tolist(), strict=True)]
        lengths = [0 if p is None else len(p[0]) for p in pieces]
        given = columns[:, 2].astype(np.int8)
        for window in self._windows(orths, lengths):
            at = np.flatnonzero(~space[window.start : window.end]) + window.start
            if len(at):
                own = [p for p in pieces[window.start : window.end] if p is not None]
                begins[at] = self._read(own, given[at].astype(np.float32), at, out, tensor)
        self._lemmatise(orths, space, columns[:, 3].astype(bool), begins, out)
        _attach_spaces(space, out, self._values.space)
        _write(doc, out)
        doc.tensor = tensor  # type: ignore[assignment]  # spaCy's stub has float64
        return doc

    def _windows(self, orths: Sequence[int], lengths: Sequence[int]) -> list[Chunk]:
        if sum(lengths) <= WINDOW:
            return [Chunk(0, len(orths))]
        strings = self.vocab.strings
        return cut_chunks([strings[x] for x in orths], lengths, WINDOW)

    def _word(self, orth: int) -> Piece:
        found = self._words.get(orth)
        if found is None:
            text = self.vocab.strings[orth]
            tokenizer = self._tokenizer
            assert tokenizer is not None
            own = tokenizer.tokenize(text)[:MAX_PIECES] or (tokenizer.unknown_id,)
            every = tokenizer.vocabulary.pieces
            found = (own, *rows(text), read_at([every[x] for x in own]))
            if len(self._words) >= MAX_CACHED:
                # A new dictionary: another thread may be reading the old one.
                self._words = {}
            self._words[orth] = found
        return found

    def _read(
        self,
        words: Sequence[Piece],
        given: NDArray[np.float32],
        at: Ints,
        out: Ints,
        tensor: NDArray[np.float32],
    ) -> Bools:
        """Run one window and write what it says of the tokens `at` into the rows of `out` and `tensor`.

        Returns:
            Which of the tokens begin a sentence.
        """
        values, tokenizer = self._values, self._tokenizer
        assert values is not None and tokenizer is not None
        graph, relations = self._open()
        ids = [tokenizer.start_id]
        places = []
        for own, _, _, _, at_piece in words:
            places.append(len(ids) + at_piece)
            ids += own
        ids.append(tokenizer.end_id)
        shape, suffix, prefix = (np.array([[w[k] for w in words]]) for k in (1, 2, 3))
        feed = {
            "ids": np.array([ids]),
            "first": np.array([places]),
            "shape": shape,
            "suffix": suffix,
            "prefix": prefix,
            "given": given,
        }
        found = dict(zip(OUTPUTS, graph.run(OUTPUTS, feed), strict=True))
        sentence, best = found["sentence"], found["heads"]
        heads = trees(found["arcs"], best, sentence)
        deps = found["deps"]
        other = np.flatnonzero(heads != best)
        if len(other):
            pairs = {"head": found["label_head"][heads[other]], "dependent": found["label_dependent"][other]}
            deps[other] = relations.run(["deps"], pairs)[0]
        out[at, _TAG] = values.tags[found["tags"]]
        morphs = found["morphs"]
        out[at, _POS] = values.pos[morphs]
        out[at, _MORPH] = values.morphs[morphs]
        out[at, _LEMMA] = found["lemmas"]
        out[at, _DEP] = np.where(heads == 0, values.root, values.deps[deps])
        out[at, _HEAD] = np.where(heads == 0, at, at[heads - 1])
        names = values.names.decoded(found["entities"], sentence)
        out[at, _IOB] = values.iob[names]
        out[at, _TYPE] = values.types[names]
        tensor[at, CHECK] = found["check"]
        tensor[at, FUTURE] = found["future"]
        first: Bools = np.diff(sentence, prepend=-1) != 0
        return first

    def _lemmatise(self, orths: Sequence[int], space: Bools, title: Bools, begins: Bools, out: Ints) -> None:
        """Put the lemma in place of the number of the edit that makes it."""
        values = self._values
        assert values is not None
        tags = out[:, _TAG]
        # Names keep their capitals, and so do adjectives of peoples and places, which a sentence seldom begins with.
        proper = (out[:, _POS] == _PROPER) | np.isin(tags, values.proper)
        proper |= title & (tags == values.adjective) & ~begins
        add, known = self.vocab.strings.add, self._lemmas
        edits = np.where(space, -1, out[:, _LEMMA]).tolist()
        lemmas = []
        for key in zip(orths, edits, tags.tolist(), proper.tolist(), strict=True):
            if key[1] < 0:
                lemmas.append(key[0])
                continue
            text = known.get(key)
            if text is None:
                text = self._lemma(*key)
                if len(known) >= MAX_CACHED:
                    known = self._lemmas = {}
                known[key] = text
            lemmas.append(add(text))
        out[:, _LEMMA] = np.array(lemmas, dtype=np.uint64).astype(np.int64)

    def _lemma(self, orth: int, edit: int, tag: int, proper: bool) -> str:
        assert self.weights is not None and self._values is not None
        form = self.vocab.strings[orth]
        if not proper:
            found = self.weights.lexicon.get(f"{self._values.tag_names[tag]} {form.lower()}")
            if found is not None:
                return found
        return lemma(form, self._values.edits[edit], keep_case=proper)

    def _open(self) -> tuple[Any, Any]:
        # Keyed by process id instead of locked, as in `OnnxEncoder.session`.
        process = os.getpid()
        held = self._sessions
        if held is None or held[0] != process:
            if self.weights is None:
                raise ModelError(f"the network has no weights: {REINSTALL}")
            held = self._sessions = (
                process,
                open_session(self.weights.graph, self.threads),
                open_session(self.weights.relations, self.threads),
            )
        return held[1], held[2]

    # ------------------------------------------------------------------ scores, files, copies

    def score(self, examples: Iterable[Example], **_: Any) -> dict[str, Any]:
        """Return what spaCy's tagger, morphologizer, lemmatizer, parser and recogniser would say of the examples."""
        return scores(list(examples))

    def __getstate__(self) -> dict[str, Any]:
        return {k: getattr(self, k) for k in ("vocab", "name", "threads", "weights")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["vocab"], state["name"], threads=state["threads"])  # type: ignore[misc]
        if state["weights"] is not None:
            self.load(state["weights"])

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Return the weights as they are saved."""
        return b"" if self.weights is None else self.weights.to_bytes()

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Network:
        """Take the weights that `to_bytes` gave."""
        if data:
            self.load(NetworkWeights.from_bytes(data))
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Save the weights in a folder."""
        Path(path).mkdir(parents=True, exist_ok=True)
        (Path(path) / "network").write_bytes(self.to_bytes())

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Network:
        """Read the weights from a folder."""
        return self.from_bytes((Path(path) / "network").read_bytes())


class _Values:
    """What the numbers of the network stand for in a vocabulary: hashes of strings, numbers of parts of speech."""

    def __init__(self, weights: NetworkWeights, vocab: Vocab) -> None:
        labels, add = weights.labels, vocab.strings.add
        self.tags = _signed(add(x) for x in labels["tags"])
        self.tag_names = dict(zip(self.tags.tolist(), labels["tags"], strict=True))
        self.proper, self.adjective = _signed(add(x) for x in ("NNP", "NNPS")), _signed([add("JJ")])[0]
        self.deps = _signed(add(x) for x in labels["deps"])
        self.root = _signed([add("ROOT")])[0]
        parts = [x.partition("|") for x in labels["morphs"]]
        self.pos = np.array([PARTS_OF_SPEECH[pos] for pos, _, _ in parts])
        self.morphs = _signed(vocab.morphology.add(features) for _, _, features in parts)
        self.edits = labels["lemmas"]
        self.names = Names.of(labels["entities"])
        self.iob = np.array([_IOB_OF[x[0]] for x in labels["entities"]])
        self.types = _signed(add(x[2:]) if x != "O" else 0 for x in labels["entities"])
        self.space = (
            _signed([add(_SPACE_TAG)])[0],
            PARTS_OF_SPEECH["SPACE"],
            _signed([vocab.morphology.add("")])[0],
            _signed([add(_SPACE_DEP)])[0],
        )


def _signed(hashes: Iterable[int]) -> Ints:
    return np.array(list(hashes), dtype=np.uint64).astype(np.int64)


def _attach_spaces(space: NDArray[np.bool_], out: Ints, values: tuple[int, ...]) -> None:
    """Hang white space on the word before it, or at the beginning on the first word; within a name it is of the name."""
    at = np.flatnonzero(space)
    if not len(at):
        return
    words = np.flatnonzero(~space)
    if len(words):
        before = np.searchsorted(words, at) - 1
        out[at, _HEAD] = np.where(before >= 0, words[before], words[0])
    else:
        out[at, _HEAD] = 0
    for column, value in zip((_TAG, _POS, _MORPH, _DEP), values, strict=True):
        out[at, column] = value
    out[at, _IOB] = _IOB_OF["O"]
    after = np.searchsorted(words, at)
    at, after = at[after < len(words)], after[after < len(words)]
    inside = out[words[after], _IOB] == _IOB_OF["I"]
    out[at[inside], _IOB] = _IOB_OF["I"]
    out[at[inside], _TYPE] = out[words[after[inside]], _TYPE]


def _write(doc: Doc, out: Ints) -> None:
    out[:, _HEAD] -= np.arange(len(out))
    doc.from_array(_COLUMNS, out.astype(np.uint64))  # type: ignore[arg-type]  # spaCy's stub wants lists


def scores(examples: list[Example]) -> dict[str, Any]:
    """Return the scores of all that the network writes."""
    found: dict[str, Any] = {}
    for attribute in ("tag", "pos", "lemma"):
        found |= Scorer.score_token_attr(examples, attribute)

    def morph(token: Any, _: str) -> Any:
        return token.morph.key

    def dependency(token: Any, _: str) -> str:
        return str(token.vocab.strings[token.dep]).lower()

    found |= Scorer.score_token_attr(examples, "morph", getter=morph)
    found |= Scorer.score_deps(
        examples,
        "dep",
        getter=dependency,
        ignore_labels=("p", "punct"),
        has_annotation=lambda d: d.has_annotation("DEP"),
    )
    found |= Scorer.score_spans(examples, "sents", has_annotation=lambda d: d.has_annotation("SENT_START"))
    del found["sents_per_type"]
    return found | Scorer.score_spans(
        examples, "ents", getter=lambda d, _: d.ents, has_annotation=lambda d: d.has_annotation("ENT_IOB")
    )
