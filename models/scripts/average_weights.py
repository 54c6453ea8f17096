"""Average weights that warm restarts kept (`train_encoder.py --start … --keep`), encoder and heads alike.

    python scripts/average_weights.py ../../shared/data/language work/averaged.pickle work/again-1 work/again-2 work/again-3

Weights of one descent, those that a warm restart started from, and those of other seeds from the same start lie in one
basin: their mean is often better than each, at no cost in speed. Those of the last `--last` evaluations of each training
count 1 each, those of the start `--first`. What is written is a checkpoint for export_onnx.py; the scores are of
float32, before int8.
"""

import argparse
import json
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import spacy
import torch
from average_pipelines import Place, mean, set_weights, weights_by_place
from encoder_bert import TorchEncoder, find_package, published_vocabulary
from export_onnx import load_checkpoint
from spacy.language import Language
from train_encoder import PARSED, evaluate, read_docs

from claimtable.nlp.encoder.architecture import find_encoder_layer

DEV = ("ewt_dev", "gum_open_dev")


def average(
    checkpoint: Path, kept: list[tuple[Path, float]]
) -> tuple[Language, TorchEncoder, dict[str, Any]]:
    """Return the pipeline with the mean weights, its encoder, and the checkpoint's record with them."""
    nlp, bert, record = load_checkpoint(checkpoint)
    total = sum(share for _, share in kept)
    encoder: dict[str, Any] = {}

    def heads() -> Iterator[tuple[dict[Place, Any], float]]:
        for path, share in kept:
            weights = pickle.loads(path.read_bytes())
            nlp.from_bytes(weights["nlp"])
            for name, tensor in weights["bert"].items():
                encoder[name] = encoder.get(name, 0.0) + tensor * (share / total)
            yield weights_by_place(nlp), share

    set_weights(nlp, mean(heads()))
    bert.load_state_dict(encoder)
    record |= {"nlp": nlp.to_bytes(), "bert": bert.state_dict(), "averaged": [(str(p), s) for p, s in kept]}
    layer = find_encoder_layer(nlp.get_pipe("tok2vec").model)
    trainable = TorchEncoder(bert, published_vocabulary(find_package()), layer.attrs["max_pieces"])
    return nlp, trainable, record


def score(nlp: Language, trainable: TorchEncoder, data: Path) -> dict[str, dict[str, float]]:
    """Score on the development sets."""
    vocab = spacy.blank("en").vocab
    for name in PARSED:  # whose morphology the scorer looks up
        read_docs(data / "train" / f"{name}.spacy", vocab)
    layer = find_encoder_layer(nlp.get_pipe("tok2vec").model)
    layer.attrs["trainable"] = trainable
    return {name: evaluate(nlp, read_docs(data / "dev" / f"{name}.spacy", vocab)) for name in DEV}


def choose(folders: list[Path], first: float, last: int) -> list[tuple[Path, float]]:
    """Return the kept weights that are averaged, each with its share; all trainings began at the first one's start."""
    chosen: list[tuple[Path, float]] = []
    for folder in folders:
        start, *kept = sorted(folder.glob("weights-*.pickle"))
        if len(kept) < last:
            raise SystemExit(
                f"{folder} has {len(kept)} kept weights, not {last}: train with --start and --keep"
            )
        if first and not chosen:
            chosen.append((start, first))
        chosen += [(path, 1.0) for path in kept[-last:]]
    return chosen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="folder with train/ and dev/ (DocBin files)")
    parser.add_argument("output", type=Path, help="checkpoint to write")
    parser.add_argument("trainings", type=Path, nargs="+", help="output folders of the trainings")
    parser.add_argument("--first", type=float, default=0.0, help="share of the weights at the start")
    parser.add_argument("--last", type=int, default=1, help="evaluations of each, from the end")
    args = parser.parse_args()
    torch.set_num_threads(1)
    kept = choose(args.trainings, args.first, args.last)
    nlp, trainable, record = average(args.trainings[0] / "checkpoint.pickle", kept)
    args.output.write_bytes(pickle.dumps(record))
    for name, scores in score(nlp, trainable, args.data).items():
        print(name, json.dumps(scores), flush=True)


if __name__ == "__main__":
    main()
