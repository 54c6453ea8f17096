"""Export a training checkpoint as a pipeline folder whose encoder is ONNX in int8.

    python scripts/export_onnx.py training/encoder/checkpoint.pickle en_claimtable encoder_meta.json DEV.spacy

The folder is written beside its place and renamed. Quantisation is dynamic, per channel, weights in 7 bits
(`reduce_range`), which is right on processors with and without VNNI instructions.
"""

import argparse
import hashlib
import json
import pickle
import shutil
import tempfile
from pathlib import Path
from typing import Any

import onnx
import spacy
import torch
from assemble import PROOF_TEXTS, check_same, clear_training_paths, drop_unused_trees, needed_strings
from encoder_bert import ORIGIN, Bert, find_package, published_vocabulary
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from spacy.language import Language
from spacy.tokens import DocBin
from spacy.util import load_model_from_config
from thinc.api import Config

from claimtable.nlp.encoder.architecture import find_encoder_layer
from claimtable.nlp.encoder.checksums import write_checksums
from claimtable.nlp.encoder.session import EncoderWeights

OPSET = 17


def export_graph(bert: Bert, folder: Path, *, int8: bool = True) -> bytes:
    """Return the encoder as an ONNX graph: `ids` (int64, batch × pieces) to `vectors` (float32, batch × pieces × width)."""
    bert.eval()
    bert.set_export(True)
    plain, prepared, small = folder / "plain.onnx", folder / "prepared.onnx", folder / "int8.onnx"
    example = torch.randint(1000, 2000, (2, 17))
    torch.onnx.export(
        bert,
        (example,),
        str(plain),
        input_names=["ids"],
        output_names=["vectors"],
        dynamic_axes={"ids": {0: "batch", 1: "pieces"}, "vectors": {0: "batch", 1: "pieces"}},
        opset_version=OPSET,
        dynamo=False,
        custom_opsets={"com.microsoft": 1},
    )
    bert.set_export(False)
    if not int8:
        return plain.read_bytes()
    quant_pre_process(str(plain), str(prepared))
    quantize_dynamic(
        str(prepared), str(small), per_channel=True, reduce_range=True, weight_type=QuantType.QInt8
    )
    onnx.checker.check_model(str(small))
    return small.read_bytes()


def load_checkpoint(path: Path) -> tuple[Language, Bert, dict[str, Any]]:
    """Return the pipeline (without an encoder), the encoder, and the whole record of the checkpoint."""
    saved = pickle.loads(path.read_bytes())
    nlp = load_model_from_config(Config().from_str(saved["config"]))
    nlp.from_bytes(saved["nlp"])
    bert = Bert(saved["layers"])
    bert.load_state_dict(saved["bert"])
    return nlp, bert, saved


def write_pipeline(nlp: Language, output: Path, texts: Path) -> None:
    """Save beside `output` and rename, if the saved pipeline annotates `texts` as the one in memory does."""
    partial = output.with_name(f".{output.name}.partial")
    old = output.with_name(f".{output.name}.old")
    for folder in (partial, old):
        shutil.rmtree(folder, ignore_errors=True)
    samples = [doc.text for doc in DocBin().from_disk(texts).get_docs(nlp.vocab)][:PROOF_TEXTS]
    strings = sorted(set(needed_strings(nlp)))
    nlp.to_disk(partial)
    # Without the strings of the training texts, which nothing needs.
    (partial / "vocab" / "strings.json").write_text(
        json.dumps(strings, ensure_ascii=False, indent=0), "utf-8"
    )
    write_checksums(partial)
    check_same(list(nlp.pipe(samples)), list(spacy.load(partial).pipe(samples)))
    if output.exists():
        output.rename(old)
    partial.rename(output)
    shutil.rmtree(old, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Export a checkpoint of train_encoder.py as a pipeline folder."
    )
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("meta", type=Path, help="JSON with name, version, licence, sources")
    parser.add_argument("texts", type=Path, help="DocBin whose texts prove the saved pipeline")
    parser.add_argument("--fp32", action="store_true", help="without quantisation, for comparison")
    args = parser.parse_args()
    nlp, bert, saved = load_checkpoint(args.checkpoint)
    with tempfile.TemporaryDirectory() as folder:
        graph = export_graph(bert, Path(folder), int8=not args.fp32)
    vocabulary = published_vocabulary(find_package())
    weights = EncoderWeights(graph, vocabulary, 384, hashlib.sha256(graph).hexdigest(), ORIGIN)
    find_encoder_layer(nlp.get_pipe("tok2vec").model).attrs["encoder"].load(weights)
    nlp.meta.update(json.loads(args.meta.read_text("utf-8")))
    nlp.meta["performance"] = {}
    clear_training_paths(nlp)
    drop_unused_trees(nlp)
    write_pipeline(nlp, args.output, args.texts)
    print(
        f"{args.output}: step {saved['step']}, graph {len(graph) / 1e6:.1f} MB, SHA-256 {weights.graph_sha256}"
    )


if __name__ == "__main__":
    main()
