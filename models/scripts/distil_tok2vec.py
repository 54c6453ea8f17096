"""Teach the CNN of the fast pipeline the teacher's vectors, before it has heads.

    python scripts/distil_tok2vec.py configs/fast.cfg work/vectors work/distil/texts work/tok2vec --epochs 8

The CNN of the config learns to predict, for each token of the labelled texts (``distil.py``), the teacher's tok2vec
vector, and, through a linear layer that is thrown away, the teacher's tag, dependency label, distance to the head, and
entity label. That is a target in every direction at every token, many times cheaper than a parser's: so it can
see far more text. The training is in PyTorch (bfloat16 where the processor multiplies it); the weights are then written
into spaCy's own layers, and the script stops if these compute anything else. What it writes is a pipeline with
``tok2vec`` alone, for ``source`` in a config.
"""

import argparse
import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
import spacy
import torch
from encoder_bert import has_bfloat16
from functions import curly_words
from spacy.attrs import NORM, ORTH, PREFIX, SHAPE, SUFFIX
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.util import fix_random_seed, load_config, load_model_from_config
from thinc.api import Model, NumpyOps
from torch import nn
from torch.nn import functional

FEATURES = {"NORM": NORM, "PREFIX": PREFIX, "SUFFIX": SUFFIX, "SHAPE": SHAPE}

CURLY_SHARE = 0.3
LOWER_SHARE = 0.03
UPPER_SHARE = 0.01
"""Of the texts: with typographic quotes and dashes, in lower case, in capitals, as in the later training."""

HEAD_REACH = 10
"""Tokens to the head beyond which a distance is not told from a longer one."""

BATCH_TOKENS = 4000
WARMUP_STEPS = 100
RATE = 0.003
VECTOR_WEIGHT = 4.0
"""Of the squared error of the vectors (each of the teacher's dimensions has variance 1) against the four cross entropies."""

HELD_OUT = 40
"""Every such text is not trained on, but measures what was learned."""

CHECK_TEXTS = 50
TOLERANCE = 2e-3
"""Difference allowed between PyTorch's output and that of spaCy's layers (float32, another order of adding)."""


@dataclass(frozen=True)
class Text:
    """One text: rows of its distinct tokens as written and with typographic quotes, and its place in the targets."""

    plain: numpy.ndarray[Any, Any]
    curly: numpy.ndarray[Any, Any]
    start: int

    def __len__(self) -> int:
        return len(self.plain)


class Inputs:
    """The distinct tokens of the texts, as the features that the embedding layer looks up."""

    def __init__(self, attrs: list[str]) -> None:
        self.columns = [*(FEATURES[attr] for attr in attrs), ORTH]
        self.rows: dict[bytes, int] = {}

    def add(self, doc: Doc) -> numpy.ndarray[Any, Any]:
        """Return the row of each token."""
        table = doc.to_array(self.columns)
        return numpy.array(
            [self.rows.setdefault(row.tobytes(), len(self.rows)) for row in table], dtype="int32"
        )

    def table(self) -> numpy.ndarray[Any, Any]:
        return numpy.frombuffer(b"".join(self.rows), dtype="uint64").reshape(len(self.rows), -1)


class Targets:
    """What the teacher said of each token: its vector, and four labels as numbers."""

    def __init__(self) -> None:
        self.names: list[dict[str, int]] = [{}, {}, {}, {}]
        self.labels: list[numpy.ndarray[Any, Any]] = []
        self.vectors: list[numpy.ndarray[Any, Any]] = []

    def add(self, doc: Doc) -> None:
        rows = [
            [
                names.setdefault(label, len(names))
                for names, label in zip(self.names, labels_of(doc[i]), strict=True)
            ]
            for i in range(len(doc))
        ]
        self.labels.append(numpy.array(rows, dtype="int64"))


def labels_of(token: Any) -> tuple[str, str, str, str]:
    distance = max(-HEAD_REACH, min(HEAD_REACH, token.head.i - token.i))
    return token.tag_, token.dep_, str(distance), f"{token.ent_iob_}-{token.ent_type_}"


def read_texts(
    nlp: Language, folder: Path, attrs: list[str], rng: random.Random
) -> tuple[list[Text], Inputs, Targets]:
    """Return the labelled texts. A text whose tokens the tokenizer now cuts otherwise is left out."""
    inputs, targets = Inputs(attrs), Targets()
    texts = []
    start = 0
    for path in sorted(folder.glob("*.spacy")):
        targets.vectors.append(numpy.load(path.with_suffix(".npy")))
        for doc in DocBin().from_disk(path).get_docs(nlp.vocab):
            plain = in_case(nlp, doc, rng.random())
            if len(plain) == len(doc) and len(doc) > 1:
                curly = rewritten(nlp, plain, curly_words(plain))
                rows = inputs.add(plain)
                texts.append(Text(rows, inputs.add(curly) if len(curly) == len(doc) else rows, start))
            targets.add(doc)
            start += len(doc)
    return texts, inputs, targets


def in_case(nlp: Language, doc: Doc, chance: float) -> Doc:
    """Return the text tokenized anew, which gives the norms of contractions, a few in lower case or in capitals."""
    if chance < LOWER_SHARE:
        return nlp.make_doc(doc.text.lower())
    if chance < LOWER_SHARE + UPPER_SHARE:
        return nlp.make_doc(doc.text.upper())
    return nlp.make_doc(doc.text)


def rewritten(nlp: Language, doc: Doc, words: list[str]) -> Doc:
    spaces = [bool(token.whitespace_) for token in doc]
    return nlp.make_doc("".join(word + " " * space for word, space in zip(words, spaces, strict=True)))


class TorchCnn(nn.Module):
    """spaCy's MultiHashEmbed (with static vectors) and MaxoutWindowEncoder, with the weights of a thinc model."""

    def __init__(self, model: Model[Any, Any], inputs: numpy.ndarray[Any, Any], nlp: Language) -> None:
        super().__init__()
        self.model = model
        self.nodes: list[tuple[Any, str]] = []
        self.weights = nn.ParameterList()
        ops = NumpyOps()
        hashes = [node for node in model.walk() if node.name == "hashembed"]
        keys = [
            ops.hash(numpy.ascontiguousarray(inputs[:, place]), node.attrs["seed"]) % node.get_dim("nV")
            for place, node in enumerate(hashes)
        ]
        self.keys = [torch.from_numpy(key.astype("int64")) for key in keys]
        self.tables = [self.take(node, "E") for node in hashes]
        (static,) = (node for node in model.walk() if node.name == "static_vectors")
        vectors = nlp.vocab.vectors
        rows = vectors.find(keys=inputs[:, -1])
        self.static_rows = torch.from_numpy(rows.astype("int64") + 1)
        self.static = torch.from_numpy(numpy.pad(vectors.data, ((1, 0), (0, 0))))
        self.project = self.take(static, "W")
        maxouts = [node for node in model.walk() if node.name == "maxout"]
        norms = [node for node in model.walk() if node.name == "layernorm"]
        self.layers = [
            (self.take(maxout, "W"), self.take(maxout, "b"), self.take(norm, "G"), self.take(norm, "b"))
            for maxout, norm in zip(maxouts, norms, strict=True)
        ]
        self.pad = len(self.layers) - 1

    def take(self, node: Any, name: str) -> int:
        """Copy a weight of thinc's; its number among ours."""
        self.nodes.append((node, name))
        self.weights.append(nn.Parameter(torch.from_numpy(node.get_param(name).copy())))
        return len(self.nodes) - 1

    def give_back(self) -> None:
        for (node, name), weight in zip(self.nodes, self.weights, strict=True):
            node.set_param(name, weight.detach().float().numpy().copy())

    def layer(self, number: int, x: torch.Tensor) -> torch.Tensor:
        weight, bias, gain, shift = (self.weights[place] for place in self.layers[number])
        width, pieces, _ = weight.shape
        # Pieces first, so that the maximum is over whole vectors: faster than over neighbours.
        y = functional.linear(x, weight.transpose(0, 1).reshape(width * pieces, -1), bias.t().reshape(-1))
        parts = y.view(len(x), pieces, width).unbind(1)
        best = parts[0]
        for part in parts[1:]:
            best = torch.maximum(best, part)
        return functional.layer_norm(best.float(), (width,), gain, shift, eps=1e-8)

    def forward(self, texts: list[torch.Tensor]) -> torch.Tensor:
        """Return the vectors of all tokens of the texts, each given as its rows."""
        rows, places = torch.unique(torch.cat(texts), return_inverse=True)
        parts = [
            functional.embedding_bag(key[rows], self.weights[table], mode="sum")
            for key, table in zip(self.keys, self.tables, strict=True)
        ]
        parts.append(
            functional.linear(self.static[self.static_rows[rows]], self.weights[self.project]).float()
        )
        mixed = self.layer(0, torch.cat(parts, dim=1))
        # Zeros between the texts as wide as the layers see, as thinc lays them out.
        lengths = [len(text) for text in texts]
        starts, total = [], self.pad
        for length in lengths:
            starts.append(total)
            total += length + self.pad
        kept = torch.cat(
            [torch.arange(start, start + length) for start, length in zip(starts, lengths, strict=True)]
        )
        x = mixed.new_zeros(total, mixed.shape[1]).index_copy(0, kept, mixed[places])
        for number in range(1, len(self.layers)):
            edged = functional.pad(x, (0, 0, 1, 1))
            x = x + self.layer(number, torch.cat([edged[:-2], edged[1:-1], edged[2:]], dim=1))
        return x[kept]


def batches(texts: list[Text], rng: random.Random) -> Iterator[list[Text]]:
    """Yield all texts once, in batches."""
    order = list(texts)
    rng.shuffle(order)
    batch: list[Text] = []
    for text in order:
        batch.append(text)
        if sum(map(len, batch)) >= BATCH_TOKENS:
            yield batch
            batch = []
    if batch:
        yield batch


class Lesson(nn.Module):
    """The CNN, the layer that is thrown away, and the loss."""

    def __init__(self, cnn: TorchCnn, targets: Targets, width: int) -> None:
        super().__init__()
        self.cnn = cnn
        vectors = numpy.concatenate(targets.vectors)
        sample = vectors[:: max(1, len(vectors) // 100_000)].astype("float32")
        self.mean = torch.from_numpy(sample.mean(axis=0))
        self.deviation = torch.from_numpy(sample.std(axis=0) + 1e-6)
        self.vectors = torch.from_numpy(vectors)
        self.labels = torch.from_numpy(numpy.concatenate(targets.labels))
        self.sizes = [vectors.shape[1], *map(len, targets.names)]
        self.out = nn.Linear(width, sum(self.sizes))

    def forward(self, batch: list[Text], curly: list[bool]) -> list[torch.Tensor]:
        """Return the five losses, each a mean over the tokens."""
        rows = [torch.from_numpy(t.curly if c else t.plain).long() for t, c in zip(batch, curly, strict=True)]
        parts = self.out(self.cnn(rows)).float().split(self.sizes, dim=1)
        places = torch.cat([torch.arange(text.start, text.start + len(text)) for text in batch])
        wanted = (self.vectors[places].float() - self.mean) / self.deviation
        losses = [functional.mse_loss(parts[0], wanted)]
        labels = self.labels[places]
        losses += [functional.cross_entropy(part, labels[:, i]) for i, part in enumerate(parts[1:])]
        return losses


NAMES = ("vectors", "tag", "dep", "head", "entity")


def train(
    lesson: Lesson, texts: list[Text], epochs: float, log: Path, rng: random.Random, *, fast: bool
) -> None:
    held, taught = texts[::HELD_OUT], [text for i, text in enumerate(texts) if i % HELD_OUT]
    optimizer = torch.optim.Adam(lesson.parameters(), lr=RATE, betas=(0.9, 0.99))
    total = epochs * sum(map(len, taught))
    done = step = 0
    mark = total / 16
    running: list[float] = [0.0] * len(NAMES)
    since = 0
    start = time.monotonic()
    while done < total:
        for batch in batches(taught, rng):
            rate = RATE * min(1, (step + 1) / WARMUP_STEPS) * max(0.0, 1 - done / total)
            for group in optimizer.param_groups:
                group["lr"] = rate
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=fast):
                losses = lesson(batch, [rng.random() < CURLY_SHARE for _ in batch])
            loss = VECTOR_WEIGHT * losses[0] + torch.stack(losses[1:]).sum()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(lesson.parameters(), 5.0)
            optimizer.step()
            step += 1
            done += sum(map(len, batch))
            since += 1
            running = [old + float(new) for old, new in zip(running, losses, strict=True)]
            if done >= mark or done >= total:
                mark += total / 16
                line = {
                    "seconds": round(time.monotonic() - start),
                    "cpu_seconds": round(time.process_time()),
                    "step": step,
                    "tokens": done,
                    "train": {
                        name: round(value / since, 4) for name, value in zip(NAMES, running, strict=True)
                    },
                    "held_out": measure(lesson, held, fast=fast),
                }
                running, since = [0.0] * len(NAMES), 0
                with log.open("a", encoding="utf8") as stream:
                    stream.write(json.dumps(line) + "\n")
                print(json.dumps(line), flush=True)
            if done >= total:
                break


def measure(lesson: Lesson, held: list[Text], *, fast: bool) -> dict[str, float]:
    sums = torch.zeros(len(NAMES))
    tokens = 0
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16, enabled=fast):
        for batch in batches(held, random.Random(0)):
            size = sum(map(len, batch))
            sums += size * torch.stack(lesson(batch, [False] * len(batch)))
            tokens += size
    return {name: round(float(value), 4) for name, value in zip(NAMES, sums / tokens, strict=True)}


def check(cnn: TorchCnn, nlp: Language, folder: Path, attrs: list[str]) -> None:
    """Raise ValueError unless spaCy's layers compute what PyTorch does."""
    path = min(folder.glob("*.spacy"))
    docs = [
        nlp.make_doc(doc.text) for doc in list(DocBin().from_disk(path).get_docs(nlp.vocab))[:CHECK_TEXTS]
    ]
    inputs = Inputs(attrs)
    rows = [torch.from_numpy(inputs.add(doc)).long() for doc in docs]
    with torch.no_grad():
        expected = TorchCnn(cnn.model, inputs.table(), nlp)(rows).numpy()
    difference = float(numpy.abs(expected - numpy.concatenate(cnn.model.predict(docs))).max())
    if difference > TOLERANCE:
        raise ValueError(f"spaCy's layers differ from PyTorch's by {difference}")
    print(f"spaCy's layers differ from PyTorch's by {difference:.1e}")


def distil_tok2vec(
    config: Path, vectors: Path, folder: Path, output: Path, log: Path, epochs: float, seed: int
) -> None:
    fix_random_seed(seed)
    torch.manual_seed(seed)
    rng = random.Random(seed)
    settings = load_config(config)
    nlp = load_model_from_config(settings, auto_fill=True, vocab=spacy.load(vectors).vocab)
    attrs = settings["components"]["tok2vec"]["model"]["embed"]["attrs"]
    texts, inputs, targets = read_texts(nlp, folder, attrs, rng)
    model = nlp.get_pipe("tok2vec").model
    model.initialize(X=[nlp.make_doc("A first text.")])
    cnn = TorchCnn(model, inputs.table(), nlp)
    lesson = Lesson(cnn, targets, model.get_dim("nO"))
    print(f"{sum(map(len, texts))} tokens, {len(inputs.rows)} distinct", flush=True)
    log.write_text("", encoding="utf8")
    train(lesson, texts, epochs, log, rng, fast=has_bfloat16())
    cnn.give_back()
    check(cnn, nlp, folder, attrs)
    nlp.to_disk(output)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("config", type=Path)
    parser.add_argument("vectors", type=Path, help="what word_vectors.py wrote")
    parser.add_argument("texts", type=Path, help="texts/ of what distil.py wrote")
    parser.add_argument("output", type=Path, help="pipeline folder to write")
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=8)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.set_num_threads(1)
    distil_tok2vec(args.config, args.vectors, args.texts, args.output, args.log, args.epochs, args.seed)


if __name__ == "__main__":
    main()
