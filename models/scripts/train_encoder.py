"""Train en_claimtable: the MiniLM encoder together with tagger, morphologizer, lemmatizer, parser and NER.

    python scripts/train_encoder.py ../../shared/data/language training/encoder --steps 4500
    python scripts/train_encoder.py ../../shared/data/language training/encoder --minutes 97

The learning rates fall to 0 at the end of `--steps`, or, with `--minutes`, of that much running time, whatever the
machine's speed (then the same seed gives the same order of texts but not the same weights). A run that was stopped
goes on from its last checkpoint when the command is given again. `--start` begins with the weights of a finished
pipeline instead of fresh heads and the published encoder (a warm restart: rates up again, lower, and down). The learning curve is written to curve.jsonl in
the output folder, one line per evaluation; a line there has the steps, words, minutes, losses and scores.
`threads` in control.json in the output folder is obeyed while the training runs.
"""

import argparse
import json
import pickle
import random
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import spacy
import torch
from encoder_augment import augment
from encoder_bert import HASHES, PACKAGE, Bert, TorchEncoder, find_package, published_vocabulary
from encoder_weights import load_exported
from functions import create_resume_lemmatizer
from spacy.language import Language
from spacy.strings import StringStore
from spacy.tokens import Doc, DocBin
from spacy.training import Example
from spacy.util import fix_random_seed, load_config, load_model_from_config
from thinc.api import Adam, Config

from claimtable.nlp.encoder.architecture import find_encoder_layer
from claimtable.nlp.encoder.session import OnnxEncoder

PARSED = ("ewt_parse_ner", "gum_open_parse_ner")
ENTITIES_ONLY = (
    "ner_wikigold",
    "ner_redocred_devtest",
    "ner_crossner",
    "ner_gmb_part_train",
    "ner_re3d_open_train",
)


@dataclass(frozen=True)
class Recipe:
    """The numbers of the training. Learning rates are peaks; words are spaCy tokens."""

    seed: int = 0
    batch_words: int = 850
    parsed_share: float = 0.5
    """Of a batch's words, from the sources with trees; the rest from those with entities only."""
    encoder_rate: float = 2e-4
    head_rate: float = 1.5e-3
    warmup_steps: int = 60
    weight_decay: float = 0.01
    dropout: float = 0.1
    layers: int = 6


def read_docs(path: Path, vocab: Any) -> list[Doc]:
    return [doc for doc in DocBin().from_disk(path).get_docs(vocab) if len(doc) > 1]


def stream(docs: list[Doc], rng: random.Random) -> Iterator[Doc]:
    """Return the documents over and over, shuffled each time."""
    while True:
        order = list(docs)
        rng.shuffle(order)
        yield from order


def batches(
    parsed: list[Doc], entities: list[Doc], recipe: Recipe, rng: random.Random
) -> Iterator[list[Doc]]:
    """Batch of about `batch_words` words with the two kinds of sources in their shares."""
    streams = (stream(parsed, rng), stream(entities, rng))
    shares = (recipe.parsed_share, 1 - recipe.parsed_share)
    debts = [0.0, 0.0]
    while True:
        batch: list[Doc] = []
        for index, source in enumerate(streams):
            # What a long document took too much is taken less in the next batch.
            debts[index] += shares[index] * recipe.batch_words
            while debts[index] > 0:
                doc = next(source)
                debts[index] -= len(doc)
                batch.append(doc)
        yield batch


class Clock:
    """How far the training is, from 0 to 1, by steps or by running time."""

    def __init__(self, steps: int | None, minutes: float | None) -> None:
        self.steps = steps
        self.minutes = minutes
        self.before = 0.0
        self.start = time.monotonic()

    def elapsed(self) -> float:
        return self.before + time.monotonic() - self.start

    def progress(self, step: int) -> float:
        if self.steps is not None:
            return step / self.steps
        assert self.minutes is not None
        return self.elapsed() / 60 / self.minutes


def factor(step: int, progress: float, recipe: Recipe) -> float:
    return min(1.0, (step + 1) / recipe.warmup_steps) * max(0.0, 1 - progress)


def nodes_by_place(nlp: Language) -> dict[tuple[str, int], Any]:
    return {
        (name, place): node for name, pipe in nlp.pipeline for place, node in enumerate(pipe.model.walk())
    }


def moments_by_place(nlp: Language, optimizer: Adam) -> dict[str, Any]:
    """Adam's state, keyed by the layer's place in the pipeline: thinc keys it by a number that changes each run."""
    places = {node.id: place for place, node in nodes_by_place(nlp).items()}
    return {
        name: {
            (places[key[0]], key[1]): value
            for key, value in getattr(optimizer, name).items()
            if key[0] in places
        }
        for name in ("mom1", "mom2", "nr_update")
    }


def restore_moments(nlp: Language, optimizer: Adam, saved: dict[str, Any]) -> None:
    nodes = nodes_by_place(nlp)
    for name, values in saved.items():
        own = getattr(optimizer, name)
        for (place, parameter), value in values.items():
            own[(nodes[place].id, parameter)] = value


def describe_start(start: Path | None) -> str | None:
    """Name and version of the pipeline that a training goes on from."""
    if start is None:
        return None
    meta = json.loads((start / "meta.json").read_text("utf-8"))
    return f"{meta['lang']}_{meta['name']} {meta['version']}"


def keep_weights(folder: Path, step: int, nlp: Language, trainable: TorchEncoder) -> None:
    """Write the weights alone, for average_weights.py."""
    kept = {"nlp": nlp.to_bytes(), "bert": trainable.bert.state_dict()}
    write_atomic(folder / f"weights-{step:05}.pickle", pickle.dumps(kept))


def write_atomic(path: Path, data: bytes) -> None:
    partial = path.with_suffix(".partial")
    partial.write_bytes(data)
    partial.replace(path)


def build(config: Config, recipe: Recipe, train_docs: list[Doc]) -> tuple[Language, TorchEncoder]:
    """Return the pipeline with fresh heads, labels from the training data, and the published encoder in its place."""
    folder = find_package()
    nlp = load_model_from_config(config, auto_fill=True)
    layer = find_encoder_layer(nlp.get_pipe("tok2vec").model)
    bert = Bert(recipe.layers, recipe.dropout)
    bert.load_published(folder / "model.safetensors")
    bert.words.weight.requires_grad_(False)
    trainable = TorchEncoder(bert, published_vocabulary(folder), layer.attrs["max_pieces"])
    layer.attrs["trainable"] = trainable
    # One white-space token, so that the labels of white space exist from the start.
    rng = random.Random(recipe.seed)
    examples = [Example(nlp.make_doc(doc.text), doc) for doc in train_docs]
    spaced = [augment(doc, rng, white_space=1.0) for doc in train_docs[:50]]
    examples += [Example(nlp.make_doc(doc.text), doc) for doc in spaced]
    nlp.initialize(lambda: examples)
    return nlp, trainable


def build_again(start: Path, recipe: Recipe, strings: StringStore) -> tuple[Language, TorchEncoder]:
    """Return a finished pipeline, trainable again: its heads as they are, its encoder back in PyTorch.

    `strings` are those of the training and development texts.
    """
    folder = find_package()
    nlp = spacy.load(start)
    create_resume_lemmatizer()(nlp)
    for string in strings:
        nlp.vocab.strings.add(string)
    layer = find_encoder_layer(nlp.get_pipe("tok2vec").model)
    weights = layer.attrs["encoder"].weights
    bert = Bert(recipe.layers, recipe.dropout)
    bert.load_published(folder / "model.safetensors")
    load_exported(bert, weights.graph)
    bert.words.weight.requires_grad_(False)
    trainable = TorchEncoder(bert, published_vocabulary(folder), layer.attrs["max_pieces"])
    layer.attrs["encoder"] = OnnxEncoder(layer.attrs["encoder"].threads)
    layer.attrs["trainable"] = trainable
    return nlp, trainable


def evaluate(nlp: Language, docs: list[Doc]) -> dict[str, float]:
    examples = [Example(nlp.make_doc(doc.text), doc) for doc in docs]
    start = time.process_time()
    scores = nlp.evaluate(examples, batch_size=32)
    names = ("tag_acc", "pos_acc", "lemma_acc", "dep_uas", "dep_las", "sents_f", "ents_p", "ents_r", "ents_f")
    result = {name: round(float(scores[name]), 4) for name in names if scores.get(name) is not None}
    result["evaluation_s"] = round(time.process_time() - start, 1)
    return result


def parse_override(text: str) -> tuple[str, int]:
    """`width=128` → the setting's full name in the config, and its value."""
    name, equals, value = text.partition("=")
    if not equals or not value.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=NUMBER")
    return f"components.tok2vec.model.{name}", int(value)


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="Train en_claimtable.", formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("data", type=Path, help="folder with train/ and dev/ (DocBin files)")
    parser.add_argument("output", type=Path, help="folder for checkpoint, log and learning curve")
    parser.add_argument(
        "--config", type=Path, default=Path(__file__).parents[1] / "configs" / "en_claimtable.cfg"
    )
    parser.add_argument("--steps", type=int, default=None)
    parser.add_argument("--minutes", type=float, default=None)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--start", type=Path, help="finished pipeline to go on from")
    parser.add_argument("--rates", type=float, default=1.0, help="peak learning rates, times the recipe's")
    parser.add_argument("--keep", action="store_true", help="keep the weights of every evaluation")
    parser.add_argument("--layers", type=int, default=6, help="of the encoder, from the bottom")
    parser.add_argument(
        "--set",
        type=parse_override,
        action="append",
        default=[],
        metavar="NAME=NUMBER",
        help="another value of [components.tok2vec.model]",
    )
    parser.add_argument(
        "--entities",
        nargs="+",
        default=ENTITIES_ONLY,
        metavar="NAME",
        help="files of train/ with entities alone",
    )
    parser.add_argument("--evaluate-every", type=int, default=330_000, help="words between evaluations")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--dev", default="dev_small", help="file of dev/ for the learning curve")
    return parser


def main() -> None:
    parser = make_parser()
    args = parser.parse_args()
    if (args.steps is None) == (args.minutes is None):
        parser.error("give --steps or --minutes")
    recipe = Recipe()
    recipe = replace(
        recipe,
        seed=args.seed,
        layers=args.layers,
        encoder_rate=recipe.encoder_rate * args.rates,
        head_rate=recipe.head_rate * args.rates,
    )
    args.output.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(args.threads)
    fix_random_seed(recipe.seed)
    torch.manual_seed(recipe.seed)
    blank = spacy.blank("en")
    parsed = [doc for name in PARSED for doc in read_docs(args.data / "train" / f"{name}.spacy", blank.vocab)]
    entities = [
        doc for name in args.entities for doc in read_docs(args.data / "train" / f"{name}.spacy", blank.vocab)
    ]
    dev = read_docs(args.data / "dev" / f"{args.dev}.spacy", blank.vocab)
    train(recipe, args, parsed, entities, dev)


def train(
    recipe: Recipe, args: argparse.Namespace, parsed: list[Doc], entities: list[Doc], dev: list[Doc]
) -> None:
    if args.start:
        nlp, trainable = build_again(args.start, recipe, parsed[0].vocab.strings)
    else:
        config = load_config(args.config, overrides=dict(args.set))
        nlp, trainable = build(config, recipe, parsed + entities)
    optimizer = Adam(recipe.head_rate, L2=0.0, grad_clip=1.0, use_averages=False)
    weights = [p for p in trainable.bert.parameters() if p.requires_grad]
    encoder_optimizer = torch.optim.AdamW(
        [
            {"params": [p for p in weights if p.ndim > 1], "weight_decay": recipe.weight_decay},
            {"params": [p for p in weights if p.ndim == 1], "weight_decay": 0.0},
        ],
        lr=recipe.encoder_rate,
    )
    clock = Clock(args.steps, args.minutes)
    step = words = parsed_words = 0
    checkpoint = args.output / "checkpoint.pickle"
    if checkpoint.exists():
        saved = pickle.loads(checkpoint.read_bytes())
        nlp.from_bytes(saved["nlp"])
        trainable.bert.load_state_dict(saved["bert"])
        encoder_optimizer.load_state_dict(saved["encoder_optimizer"])
        restore_moments(nlp, optimizer, saved["moments"])
        step, words, parsed_words = saved["step"], saved["words"], saved["parsed_words"]
        clock.before = saved["elapsed"]
        clock.start = time.monotonic()
        print(f"going on from step {step}", flush=True)
    elif args.keep and args.start:
        keep_weights(args.output, 0, nlp, trainable)
    (args.output / "recipe.json").write_text(
        json.dumps(
            {
                **asdict(recipe),
                "encoder": PACKAGE,
                "sha256": HASHES,
                "parsed": PARSED,
                "entities": args.entities,
                "set": dict(args.set),
                "start": describe_start(args.start),
                "parsed_words": sum(map(len, parsed)),
                "entities_words": sum(map(len, entities)),
            },
            indent=1,
        )
    )
    curve = args.output / "curve.jsonl"
    control = args.output / "control.json"
    rng = random.Random(f"{recipe.seed} {step}")
    source = batches(parsed, entities, recipe, rng)
    losses: dict[str, float] = {}
    since = words
    norm = 0.0
    first = step
    evaluated = words
    tick, tick_words = time.monotonic(), words
    while (progress := clock.progress(step)) < 1:
        docs = [augment(doc, rng) for doc in next(source)]
        examples = [Example(nlp.make_doc(doc.text), doc) for doc in docs]
        now = factor(step, progress, recipe)
        optimizer.learn_rate = recipe.head_rate * now
        for group in encoder_optimizer.param_groups:
            group["lr"] = recipe.encoder_rate * now
        nlp.update(examples, drop=recipe.dropout, sgd=optimizer, losses=losses)
        # The heads' gradients are sums over words. Clipping at a multiple of the usual norm only stops outliers. The
        # first norms after a start are not usual: the output layers start at 0.
        warm = step < first + 2 * recipe.warmup_steps
        size = float(torch.nn.utils.clip_grad_norm_(weights, float("inf") if warm else 3 * norm))
        norm = 0.95 * norm + 0.05 * size if warm else 0.98 * norm + 0.02 * min(size, 3 * norm)
        encoder_optimizer.step()
        encoder_optimizer.zero_grad(set_to_none=True)
        step += 1
        words += sum(map(len, docs))
        parsed_words += sum(len(doc) for doc in docs if doc.has_annotation("DEP"))
        if step % 25 == 0:
            speed = (words - tick_words) / (time.monotonic() - tick)
            print(
                f"step {step} words {words} {speed:.0f} words/s progress {progress:.3f} rate {now:.3f} norm {norm:.4g} "
                + " ".join(f"{name} {value / (words - since + 1):.4f}" for name, value in losses.items()),
                flush=True,
            )
            tick, tick_words = time.monotonic(), words
            if control.exists():
                torch.set_num_threads(int(json.loads(control.read_text()).get("threads", args.threads)))
        last = clock.progress(step) >= 1
        if words - evaluated >= args.evaluate_every or last:
            row = {
                "step": step,
                "words": words,
                "parsed_words": parsed_words,
                "epochs": round(words / (sum(map(len, parsed)) + sum(map(len, entities))), 3),
                "minutes": round(clock.elapsed() / 60, 1),
                "rate": round(now, 4),
                "losses": {
                    name: round(float(value) / (words - since + 1), 5) for name, value in losses.items()
                },
                **evaluate(nlp, dev),
            }
            with curve.open("a") as file:
                file.write(json.dumps(row) + "\n")
            print(json.dumps(row), flush=True)
            losses, since, evaluated = {}, words, words
            write_atomic(
                checkpoint,
                pickle.dumps(
                    {
                        "nlp": nlp.to_bytes(),
                        "config": nlp.config.to_str(),
                        "bert": trainable.bert.state_dict(),
                        "layers": recipe.layers,
                        "encoder_optimizer": encoder_optimizer.state_dict(),
                        "moments": moments_by_place(nlp, optimizer),
                        "step": step,
                        "words": words,
                        "parsed_words": parsed_words,
                        "elapsed": clock.elapsed(),
                        "scores": row,
                    }
                ),
            )
            if args.keep:
                keep_weights(args.output, step, nlp, trainable)
            tick, tick_words = time.monotonic(), words


if __name__ == "__main__":
    main()
