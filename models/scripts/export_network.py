"""Export a checkpoint of train_network.py as a pipeline folder with one component: all heads in one int8 graph.

    python scripts/export_network.py training/network DATA/language/train en_network network_meta.json

Takes `final.pt` of the training's folder, or `latest.pt` where it is not finished. Quantisation as in export_onnx.py.
"""

import argparse
import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import onnx
import spacy
import torch
from encoder_bert import ORIGIN, WIDTH, FusedAttention, find_package, published_vocabulary
from network import MIXED, Network
from network_data import TREEBANKS
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from spacy.language import Language
from spacy.tokens import DocBin
from torch import Tensor, nn
from torch.nn import functional

from claimtable.nlp.encoder.checksums import write_checksums
from claimtable.nlp.network import FACTORY
from claimtable.nlp.network.weights import OUTPUTS, NetworkWeights

OPSET = 17
INPUTS = ("ids", "first", "shape", "suffix", "prefix", "given")
NEVER = -1e4


class Window(nn.Module):
    """The network over one window of one document, with what follows from the scores of each word alone."""

    def __init__(self, net: Network) -> None:
        super().__init__()
        self.net = net
        # The convolution as a product with the three words side by side, which quantises like the others.
        self.near = nn.Linear(3 * MIXED, MIXED)
        with torch.no_grad():
            self.near.weight.copy_(net.window.weight.permute(0, 2, 1).reshape(MIXED, 3 * MIXED))
            self.near.bias.copy_(net.window.bias)

    def encoded(self, ids: Tensor, first: Tensor) -> Tensor:
        """Return the encoder's vectors of the words' first pieces; its last layer computes no others."""
        bert = self.net.bert
        places = torch.arange(ids.shape[1], device=ids.device)
        x = bert.norm(bert.words(ids) + bert.positions(places)[None])
        *layers, last = bert.layers
        for layer in layers:
            x = layer(x, None)
        query, key, value = last.query_key_value(x).split(WIDTH, dim=-1)
        context = FusedAttention.apply(torch.index_select(query, 1, first), key, value)
        y = last.attention_norm(torch.index_select(x, 1, first) + last.attention_output(context))
        return last.output_norm(y + last.output(functional.gelu(last.inner(y))))[0]

    def words(self, ids: Tensor, first: Tensor, rows: tuple[Tensor, Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        net = self.net
        encoded = self.encoded(ids, first[0])
        tables = (net.shape, net.suffix, net.prefix)
        features = [table(row[0]) for table, row in zip(tables, rows, strict=True)]
        x = functional.gelu(net.mix(torch.cat([encoded, *features], -1)))
        edge = torch.zeros_like(x[:1])
        sides = torch.cat([torch.cat([edge, x[:-1]]), x, torch.cat([x[1:], edge])], -1)
        return encoded, net.norm(x + functional.gelu(self.near(sides)))

    def forward(
        self, ids: Tensor, first: Tensor, shape: Tensor, suffix: Tensor, prefix: Tensor, given: Tensor
    ) -> tuple[Tensor, ...]:
        net = self.net
        encoded, x = self.words(ids, first, (shape, suffix, prefix))
        begins = ((net.starts(x)[:, 0] > 0) | (given > 0)) & (given >= 0)
        # The first word of a window begins a sentence in any case.
        order = torch.cumsum(torch.cat([torch.zeros_like(given[:1]), begins[1:].float()]), 0)
        same = order[:, None] == order[None, :]
        with_root = torch.cat([net.root[None], x])
        head = functional.gelu(net.arc_head(with_root))
        dependent = functional.gelu(net.arc_dependent(x))
        arcs = (dependent @ net.arcs[:-1] + net.arcs[-1]) @ head.t()
        place = torch.cumsum(torch.ones_like(given), 0)
        allowed = same & (place[:, None] != place[None, :])
        arcs = torch.where(
            torch.cat([torch.ones_like(allowed[:, :1]), allowed], 1), arcs, torch.tensor(NEVER)
        )
        heads = arcs.argmax(-1)
        label_head, label_dependent = net.label_head(with_root), net.label_dependent(x)
        deps = net.label_scores(torch.index_select(label_head, 0, heads), label_dependent).argmax(-1)
        share = same.float()
        pooled = share @ encoded / share.sum(1, keepdim=True)
        check = net.check(functional.gelu(net.check_hidden(pooled)))[:, 0] + net.check_set[0]
        future = net.future(functional.gelu(net.future_hidden(pooled)))[:, 0]
        return (
            order.long(),
            net.tags(x).argmax(-1),
            net.morphs(x).argmax(-1),
            net.lemmas(x).argmax(-1),
            heads,
            deps,
            net.entities(x),
            arcs,
            label_head,
            label_dependent,
            check,
            future,
        )


class Relations(nn.Module):
    """The labels of pairs of words."""

    def __init__(self, net: Network) -> None:
        super().__init__()
        self.net = net

    def forward(self, head: Tensor, dependent: Tensor) -> Tensor:
        return self.net.label_scores(head, dependent).argmax(-1)


def example(words: int = 9, pieces: int = 17) -> tuple[Tensor, ...]:
    row = torch.arange(1, words + 1)[None]
    return (torch.randint(1000, 2000, (1, pieces)), row, row, row, row, torch.zeros(words))


def export_graphs(net: Network, folder: Path, *, int8: bool = True) -> tuple[bytes, bytes]:
    """Return the graph of a window and that of relations."""
    net.eval()
    net.bert.set_export(True)
    plain, prepared, small, pairs = (folder / f"{x}.onnx" for x in ("plain", "prepared", "int8", "pairs"))
    words = {"first", "shape", "suffix", "prefix"}
    axes = {k: {1: "words"} for k in words} | {"ids": {1: "pieces"}, "given": {0: "words"}}
    axes |= {k: {0: "words"} for k in OUTPUTS} | {
        "arcs": {0: "words", 1: "nodes"},
        "label_head": {0: "nodes"},
    }
    torch.onnx.export(
        Window(net).eval(),
        example(),
        str(plain),
        input_names=list(INPUTS),
        output_names=list(OUTPUTS),
        dynamic_axes=axes,
        opset_version=OPSET,
        dynamo=False,
        custom_opsets={"com.microsoft": 1},
    )
    width = net.label_head.out_features
    torch.onnx.export(
        Relations(net).eval(),
        (torch.zeros(2, width), torch.zeros(2, width)),
        str(pairs),
        input_names=["head", "dependent"],
        output_names=["deps"],
        dynamic_axes={k: {0: "pairs"} for k in ("head", "dependent", "deps")},
        opset_version=OPSET,
        dynamo=False,
    )
    net.bert.set_export(False)
    if not int8:
        return plain.read_bytes(), pairs.read_bytes()
    quant_pre_process(str(plain), str(prepared))
    quantize_dynamic(
        str(prepared),
        str(small),
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
    )
    onnx.checker.check_model(str(small))
    return small.read_bytes(), pairs.read_bytes()


def load_network(folder: Path) -> tuple[Network, dict[str, list[str]]]:
    """Return the network of a training's folder, the finished one if it is there, and its labels."""
    labels = json.loads((folder / "labels.json").read_text("utf-8"))
    path = folder / "final.pt"
    saved: dict[str, Any] = torch.load(path if path.exists() else folder / "latest.pt", map_location="cpu")
    state = saved["net"]
    layers = 1 + max(int(k.split(".")[2]) for k in state if k.startswith("bert.layers."))
    net = Network({k: len(v) for k, v in labels.items()}, layers)
    net.load_state_dict(state)
    return net, labels


def read_lexicon(folder: Path) -> dict[str, str]:
    """Return the lemmas of what the treebanks have at least twice, by tag and lower-case form, but for names.

    Only those that most occurrences agree on, and that an edit might get wrong: not those that are the form itself.
    """
    found: dict[str, Counter[str]] = {}
    vocab = spacy.blank("en").vocab
    for name in TREEBANKS:
        for doc in DocBin().from_disk(folder / f"{name}.spacy").get_docs(vocab):
            for t in doc:
                if t.tag_ and not t.is_space and t.tag_ not in ("NNP", "NNPS", "ADD"):
                    found.setdefault(f"{t.tag_} {t.lower_}", Counter())[t.lemma_] += 1
    best = {k: (*c.most_common(1)[0], c.total()) for k, c in found.items()}
    return {
        k: lemma
        for k, (lemma, n, total) in sorted(best.items())
        if total >= 2 and 2 * n > total and (lemma != k.partition(" ")[2] or k.startswith(("NNS", "VB")))
    }


def make_pipeline(weights: NetworkWeights, meta: dict[str, Any]) -> Language:
    """Return a pipeline of the tokenizer and the network."""
    nlp = spacy.blank("en")
    nlp.add_pipe(FACTORY).load(weights)  # type: ignore[attr-defined]
    nlp.meta.update(meta)
    return nlp


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("training", type=Path)
    parser.add_argument("treebanks", type=Path, help="folder with the treebanks, whose lemmas are kept")
    parser.add_argument("output", type=Path)
    parser.add_argument("meta", type=Path, nargs="?", help="JSON with name, version, licence, sources")
    parser.add_argument("--fp32", action="store_true", help="without quantisation, for comparison")
    args = parser.parse_args()
    net, labels = load_network(args.training)
    with tempfile.TemporaryDirectory() as folder:
        graph, relations = export_graphs(net, Path(folder), int8=not args.fp32)
    vocabulary = published_vocabulary(find_package())
    lexicon = read_lexicon(args.treebanks)
    weights = NetworkWeights(
        graph, relations, vocabulary, {k: tuple(v) for k, v in labels.items()}, lexicon, ORIGIN
    )
    meta = (
        json.loads(args.meta.read_text("utf-8"))
        if args.meta
        else {"name": args.output.name.partition("_")[2]}
    )
    make_pipeline(weights, meta).to_disk(args.output)
    write_checksums(args.output)
    print(f"{args.output}: graph {len(graph) / 1e6:.1f} MB, layers {len(net.bert.layers)}")


if __name__ == "__main__":
    main()
