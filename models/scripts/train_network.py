"""Train the network: all heads together, from the published encoder or from that of a finished pipeline.

    python scripts/train_network.py DATA OUT --minutes 90 --layers 4

DATA is the folder of the shared data (with `language`, `check_worthiness` and `predictions`). The rates fall to 0 at the end of
`--steps` or, with `--minutes`, of that much running time. A checkpoint and a line of OUT/curve.jsonl follow each evaluation; a
stopped run goes on when the command is given again.

    python scripts/train_network.py DATA OUT --minutes 30 --from TRAINED --taught FILE.spacy --rate 0.5

goes on from a finished training with a fresh schedule at half the rates, half of the chunks from texts that another pipeline read.
"""

import argparse
import json
import random
import time
import zlib
from pathlib import Path

import numpy as np
import torch
from encoder_bert import Bert, find_package, has_bfloat16, published_vocabulary
from network import Network
from network_data import (
    ENTITY_CORPORA,
    MASKED,
    MAX_PIECES,
    TREEBANKS,
    Chunk,
    chunks_of,
    labels,
    read_attributions,
    read_check_worthy,
    read_corpus,
    read_future,
    variant,
)
from torch.nn import functional

from claimtable.nlp.encoder.wordpiece import WordpieceTokenizer
from claimtable.nlp.network.decode import Names, spanning_tree
from claimtable.nlp.network.features import MAX_PIECES as MAX_WORD_PIECES
from claimtable.nlp.network.features import read_at
from claimtable.nlp.network.features import rows as feature_rows

ENCODER_RATE, HEAD_RATE, DECAY, WARMUP = 2e-4, 2e-3, 0.01, 80
BATCH_WORDS = 900
SENTENCE_SHARE, ENTITY_SHARE, ATTRIBUTION_SHARE = 0.14, 0.24, 0.22
"""Of the chunks: sentences with check-worthiness or future, entity corpora, attributions; the rest treebanks."""
TAUGHT_SHARE = 0.5
"""Of the chunks where there are texts that another pipeline read; the shares above hold for the others."""
WEIGHTS = {
    "starts": 0.5,
    "tags": 0.5,
    "morphs": 0.5,
    "lemmas": 0.3,
    "entities": 1.2,
    "arcs": 1.0,
    "labels": 1.0,
    "check": 0.5,
    "future": 0.3,
    "cue": 1.0,
    "pairs": 0.12,
}
HELD_OUT_CHECK = {
    "checkthat2024": lambda g: int(g[1:]) >= 34,
    "claimbuster": lambda g: int(g[1:]) >= 30,
    "clef2019": lambda g: g.startswith(("2016", "2018")) and zlib.crc32(g.encode()) % 4 == 0,
}
"""Whole debates kept out of training, to choose and calibrate on."""


class Encoded:
    """A chunk as numbers."""

    def __init__(
        self,
        chunk: Chunk,
        words: list[list[str]],
        tokenizer: WordpieceTokenizer,
        index: dict[str, dict[str, int]],
    ) -> None:
        ids, first = [tokenizer.start_id], []
        flat = [w for s in words for w in s]
        for w in flat:
            own = tokenizer.tokenize(w)[:MAX_WORD_PIECES] or (tokenizer.unknown_id,)
            first.append(len(ids) + read_at([tokenizer.vocabulary.pieces[x] for x in own]))
            ids.extend(own)
        self.ids, self.first = [*ids, tokenizer.end_id], first
        self.shape, self.suffix, self.prefix = (list(x) for x in zip(*map(feature_rows, flat), strict=True))
        self.starts, self.sentence = [], []
        self.heads, self.deps = [], []
        columns = {k: [] for k in ("tags", "morphs", "lemmas", "entities")}
        self.check, self.check_set, self.future = [], [], []
        offset = 0
        for k, s in enumerate(chunk.sentences):
            n = len(s.words)
            self.starts += [1.0] + [0.0] * (n - 1) if s.starts_known else [-1.0] * n
            self.sentence += [k] * n
            if s.heads is None:
                self.heads += [MASKED] * n
                self.deps += [MASKED] * n
            else:
                self.heads += [0 if h < 0 else offset + h + 1 for h in s.heads]
                self.deps += [index["deps"][d] for d in s.deps]
            for name, column in columns.items():
                values = getattr(s, name)
                column += [MASKED] * n if values is None else [index[name].get(v, MASKED) for v in values]
            self.check.append(-1.0 if s.check_worthy is None else s.check_worthy)
            self.check_set.append(s.check_set)
            self.future.append(-1.0 if s.future is None else s.future)
            offset += n
        self.columns = columns
        self.attributions, self.word = chunk.attributions, chunk.word


def padded(rows: list[list], fill: float, n: int) -> torch.Tensor:
    return torch.tensor([r + [fill] * (n - len(r)) for r in rows])


def inputs(batch: list[Encoded]) -> dict[str, torch.Tensor | None]:
    p, n = max(len(c.ids) for c in batch), max(len(c.first) for c in batch)
    mask = padded([[1] * len(c.ids) for c in batch], 0, p).bool()
    return {
        "ids": padded([c.ids for c in batch], 0, p),
        "mask": None if bool(mask.all()) else mask[:, None, None, :],
        "first": padded([c.first for c in batch], 0, n),
        "shape": padded([c.shape for c in batch], 0, n),
        "suffix": padded([c.suffix for c in batch], 0, n),
        "prefix": padded([c.prefix for c in batch], 0, n),
        "real": padded([[1.0] * len(c.first) for c in batch], 0.0, n),
    }


def pooled(encoded: torch.Tensor, batch: list[Encoded]) -> torch.Tensor:
    """Return the mean vector of each sentence of a batch."""
    rows: list[torch.Tensor] = []
    for r, c in enumerate(batch):
        sentence = torch.tensor(c.sentence)
        rows.extend(encoded[r, : len(c.first)][sentence == k].float().mean(0) for k in range(len(c.check)))
    return torch.stack(rows)


def loss_of(net: Network, batch: list[Encoded]) -> tuple[torch.Tensor, dict[str, float]]:
    out = net(**inputs(batch))
    n = max(len(c.first) for c in batch)
    losses = {}
    starts = padded([c.starts for c in batch], -1.0, n)
    known = starts >= 0
    if known.any():
        losses["starts"] = functional.binary_cross_entropy_with_logits(
            out["starts"][known].float(), starts[known]
        )
    for name in ("tags", "morphs", "lemmas", "entities"):
        gold = padded([c.columns[name] for c in batch], MASKED, n)
        if (gold != MASKED).any():
            losses[name] = functional.cross_entropy(
                out[name].flatten(0, 1).float(), gold.flatten(), ignore_index=MASKED
            )
    heads = padded([c.heads for c in batch], MASKED, n)
    if (heads != MASKED).any():
        sentence = padded([c.sentence for c in batch], -1, n)
        same = sentence[:, :, None] == sentence[:, None, :]
        mask = torch.cat([torch.ones_like(same[:, :, :1]), same], -1)
        arcs = out["arcs"].float().masked_fill(~mask, -1e4)
        losses["arcs"] = functional.cross_entropy(arcs.flatten(0, 1), heads.flatten(), ignore_index=MASKED)
        b, i = (heads != MASKED).nonzero(as_tuple=True)
        deps = padded([c.deps for c in batch], MASKED, n)
        scores = net.label_scores(out["label_head"][b, heads[b, i]], out["label_dependent"][b, i])
        losses["labels"] = functional.cross_entropy(scores.float(), deps[b, i])
    check = torch.tensor([y for c in batch for y in c.check])
    future = torch.tensor([y for c in batch for y in c.future])
    if (check >= 0).any() or (future >= 0).any():
        sets = torch.tensor([k for c in batch for k in c.check_set])
        a, f = net.sentence_scores(pooled(out["encoded"], batch), sets)
        if (k := check >= 0).any():
            losses["check"] = functional.binary_cross_entropy_with_logits(
                a[k].float(), check[k] * 0.95 + 0.02
            )
        if (k := future >= 0).any():
            losses["future"] = functional.binary_cross_entropy_with_logits(
                f[k].float(), future[k] * 0.96 + 0.02
            )
    if any(c.attributions is not None for c in batch):
        losses |= attribution_losses(net, out, batch)
    return sum(WEIGHTS[k] * v for k, v in losses.items()), {k: float(v.detach()) for k, v in losses.items()}


def attribution_losses(
    net: Network, out: dict[str, torch.Tensor], batch: list[Encoded]
) -> dict[str, torch.Tensor]:
    """Return the loss of cue heads, and the semi-Markov loss of the parts of each gold cue (as the feature tagger's)."""
    scores, gold = [], []
    blocks, cues = [], []
    for r, c in enumerate(batch):
        if c.attributions is None:
            continue
        at = torch.tensor([k for k, w in enumerate(c.word) if w and k < len(c.first)], dtype=torch.long)
        heads = {a.head for a in c.attributions}
        scores.append(out["cue"][r, at].float())
        gold.append(torch.tensor([float(k in heads) for k in range(len(at))]))
        keys = out["cue_key"][r, at]
        for a in c.attributions:
            if a.head < len(at) and max(
                x for s in [a.source or (0, 0), a.cue, *(a.content or [])] for x in s
            ) < len(at):
                blocks.append(
                    net.pair_scores(
                        out["cue_query"][r, at[a.head]][None], keys, torch.arange(len(at)) - a.head
                    ).float()
                )
                cues.append(a)
    losses = {
        "cue": functional.binary_cross_entropy_with_logits(
            torch.cat(scores), torch.cat(gold), pos_weight=torch.tensor(1.5)
        )
        * 4
    }
    if cues:
        losses["pairs"] = parts_loss(blocks, cues)
    return losses


def parts_loss(blocks: list[torch.Tensor], cues: list) -> torch.Tensor:
    from train_attribution import log_ending, span_score

    from claimtable.nlp.attribution.tagger import OUTPUTS

    length = torch.tensor([len(b) for b in blocks])
    width = int(length.max())
    scores = torch.zeros(len(blocks), width, len(OUTPUTS))
    for k, b in enumerate(blocks):
        scores[k, : len(b)] = b
    real = torch.arange(width)[None] < length[:, None]
    low, lines, place = torch.tensor(-1e4), torch.arange(len(blocks)), torch.arange(width)[None]
    own = torch.tensor([a.head for a in cues])
    get = {name: scores[:, :, k] for k, name in enumerate(OUTPUTS)}

    def spans_(items: list) -> torch.Tensor:
        return torch.tensor([list(s) if s else [0, 0] for s in items])

    first = torch.where(place <= own[:, None], get["cue_first"], low)
    last = torch.where(real & (place >= own[:, None]), get["cue_last"], low)
    z = torch.logsumexp(log_ending(first, get["cue_in"]) + last, 1)
    loss = (z - span_score(first, last, get["cue_in"], spans_([a.cue for a in cues]))).sum()
    first, last = torch.where(real, get["source_first"], low), torch.where(real, get["source_last"], low)
    none = get["no_source"][lines, own]
    z = torch.logaddexp(torch.logsumexp(log_ending(first, get["source_in"]) + last, 1), none)
    has = torch.tensor([a.source is not None for a in cues])
    known = torch.tensor([a.source_known for a in cues])
    found = torch.where(
        has, span_score(first, last, get["source_in"], spans_([a.source for a in cues])), none
    )
    loss = loss + ((z - found) * known).sum()
    first, last, inner = (
        torch.where(real, get["content_first"], low),
        torch.where(real, get["content_last"], low),
        get["content_in"],
    )
    ends = log_ending(first, inner) + last
    before = torch.cat([torch.full_like(ends[:, :2], -1e4), torch.logcumsumexp(ends, 1)[:, :-2]], 1)
    rest_first, rest_last = (
        torch.where(real, get["rest_first"], low),
        torch.where(real, get["rest_last"], low),
    )
    two, none = get["two_parts"][lines, own], get["no_content"][lines, own]
    z2 = torch.logsumexp(log_ending(rest_first + before, inner) + rest_last, 1) + two
    z = torch.logsumexp(torch.stack([torch.logsumexp(ends, 1), z2, none]), 0)
    contents = [a.content for a in cues]
    known = torch.tensor([c is not None for c in contents])
    count = torch.tensor([len(c) if c else 0 for c in contents])
    one = span_score(first, last, inner, spans_([c[0] if c else None for c in contents]))
    rest = span_score(
        rest_first, rest_last, inner, spans_([c[1] if c and len(c) == 2 else None for c in contents])
    )
    gold = torch.where(count == 2, one + rest + two, torch.where(count == 1, one, none))
    return (loss + ((z - gold) * known).sum()) / len(cues)


@torch.no_grad()
def attribution_scores(net, chunks, tokenizer, index) -> dict[str, float]:  # noqa: ANN001
    """Score within chunks: heads of cues at 0, and of gold cues the exact parts."""
    from claimtable.nlp.attribution.tagger import decode, pad

    net.eval()
    heads, exact = [0, 0, 0], {k: [0, 0] for k in ("source", "cue", "content")}
    for k in range(0, len(chunks), 16):
        batch = [Encoded(c, [s.words for s in c.sentences], tokenizer, index) for c in chunks[k : k + 16]]
        batch = [e for e in batch if len(e.ids) <= MAX_PIECES + 2]
        if not batch:
            continue
        out = net(**inputs(batch))
        for r, c in enumerate(batch):
            at = torch.tensor([i for i, w in enumerate(c.word) if w and i < len(c.first)], dtype=torch.long)
            found = set(torch.nonzero(out["cue"][r, at] > 0)[:, 0].tolist())
            gold = {a.head for a in c.attributions}
            heads = [a + b for a, b in zip(heads, (len(found & gold), len(found), len(gold)), strict=True)]
            for a in c.attributions:
                if a.head >= len(at):
                    continue
                scores = net.pair_scores(
                    out["cue_query"][r, at[a.head]][None],
                    out["cue_key"][r, at],
                    torch.arange(len(at)) - a.head,
                ).numpy()
                padded_, length = pad(scores, [(0, len(at))])
                source, cue, content = decode(padded_, length, np.array([a.head]))
                if a.source_known:
                    exact["source"][1] += 1
                    exact["source"][0] += source[0] == (
                        None if a.source is None else (a.source[0], a.source[1] + 1)
                    )
                exact["cue"][1] += 1
                exact["cue"][0] += cue[0] == (a.cue[0], a.cue[1] + 1)
                if a.content is not None:
                    exact["content"][1] += 1
                    exact["content"][0] += sorted(content[0]) == sorted((x, y + 1) for x, y in a.content)
    net.train()
    return {"heads": round(200 * heads[0] / max(1, heads[1] + heads[2]), 1)} | {
        k: round(100 * a / max(1, b), 1) for k, (a, b) in exact.items()
    }


# ------------------------------------------------------------------ decoding and scores


def spans(labels_: list[str]) -> set[tuple[int, int, str]]:
    out, start = set(), 0
    for i, x in enumerate(labels_):
        if x[0] in "BU":
            start = i
        if x[0] in "LU":
            out.add((start, i, x[2:]))
    return out


@torch.no_grad()
def evaluate(net, documents, tokenizer, index, names, limit=None) -> dict[str, float]:  # noqa: ANN001
    """Score gold tokens and gold sentence borders: LAS, UAS, tags, lemmas; entities as spans; sentence starts as F."""
    net.eval()
    rng = random.Random(0)
    chunks = [c for d in documents for c in chunks_of(d, rng)][:limit]
    decoder = Names.of(names["entities"])
    right = dict.fromkeys(("n", "las", "uas", "tags", "morphs", "lemmas"), 0)
    ne = [0, 0, 0]
    st = [0, 0, 0]
    for k in range(0, len(chunks), 16):
        pairs = [
            (c, Encoded(c, [s.words for s in c.sentences], tokenizer, index)) for c in chunks[k : k + 16]
        ]
        pairs = [
            (c, e) for c, e in pairs if len(e.ids) <= MAX_PIECES + 2
        ]  # a few sentences longer than a window
        if not pairs:
            continue
        part, batch = [c for c, _ in pairs], [e for _, e in pairs]
        out = {key: v.float().numpy() for key, v in net(**inputs(batch)).items()}
        for r, (c, e) in enumerate(zip(part, batch, strict=True)):
            n = len(e.first)
            for name in ("tags", "morphs", "lemmas"):
                gold = np.array(e.columns[name])
                right[name] += int((out[name][r, :n].argmax(-1) == gold).sum())
            if e.starts[0] >= 0:
                p = out["starts"][r, :n] > 0
                p[0] = True
                g = np.array(e.starts) > 0
                st = [a + int(b.sum()) for a, b in zip(st, (p & g, p, g), strict=True)]
            if e.columns["entities"][0] != MASKED:
                found = decoder.decoded(out["entities"][r, :n], np.array(e.sentence))
                a, b = (
                    spans([names["entities"][x] for x in found]),
                    spans([names["entities"][x] for x in e.columns["entities"]]),
                )
                ne = [x + len(y) for x, y in zip(ne, (a & b, a, b), strict=True)]
            o = 0
            for s in c.sentences:
                m = len(s.words)
                if s.heads is not None:
                    arcs = out["arcs"][r, o : o + m][:, [0, *range(o + 1, o + m + 1)]]
                    h = spanning_tree(arcs) - 1
                    at = np.where(h < 0, 0, h + o + 1)
                    scores = net.label_scores(
                        torch.from_numpy(out["label_head"][r][at]),
                        torch.from_numpy(out["label_dependent"][r, o : o + m]),
                    )
                    d = scores.argmax(-1).numpy()
                    same = h == np.array(s.heads)
                    right["n"] += m
                    right["uas"] += int(same.sum())
                    right["las"] += int((same & (d == np.array(e.deps[o : o + m]))).sum())
                o += m
    n = max(right.pop("n"), 1)
    net.train()
    return {k: round(100 * v / n, 2) for k, v in right.items()} | {
        "names": round(200 * ne[0] / max(ne[1] + ne[2], 1), 2),
        "starts": round(200 * st[0] / max(st[1] + st[2], 1), 2),
    }


@torch.no_grad()
def check_scores(net, rows, tokenizer, index) -> dict[str, float]:  # noqa: ANN001
    from sklearn.metrics import average_precision_score

    net.eval()
    gold, found = [], []
    for k in range(0, len(rows), 32):
        part = [Chunk([s]) for s in rows[k : k + 32]]
        batch = [Encoded(c, [s.words for s in c.sentences], tokenizer, index) for c in part]
        for e in batch:
            keep = sum(f < MAX_PIECES for f in e.first)
            e.ids, e.first, e.sentence = e.ids[: MAX_PIECES + 2], e.first[:keep], e.sentence[:keep]
        x = inputs(batch)
        a, _ = net.sentence_scores(pooled(net.encode(x["ids"], x["mask"], x["first"]), batch))
        found += a.tolist()
        gold += [s.check_worthy for s in rows[k : k + 32]]
    net.train()
    gold, found = np.array(gold), np.array(found)
    p = found > 0
    tp = (p & (gold == 1)).sum()
    best = max(
        2 * ((found > x) & (gold == 1)).sum() / max(1, (found > x).sum() + gold.sum())
        for x in np.arange(-4, 4, 0.1)
    )
    return {
        "ap": round(float(average_precision_score(gold, found)), 3),
        "f1": round(200 * tp / max(1, p.sum() + gold.sum()), 1),
        "best_f1": round(100 * best, 1),
        "positive": round(float(gold.mean()), 3),
    }


# ------------------------------------------------------------------ training


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--minutes", type=float, default=90)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument(
        "--start", type=Path, help="folder of a pipeline whose encoder is taken, instead of the published one"
    )
    parser.add_argument(
        "--from", dest="trained", type=Path, help="folder of a finished training that this one goes on from"
    )
    parser.add_argument("--rate", type=float, default=1.0, help="share of the learning rates")
    parser.add_argument(
        "--taught",
        type=Path,
        nargs="*",
        default=[],
        help="DocBins of texts that a pipeline read, parse and names",
    )
    parser.add_argument("--cache", type=Path, default=Path("cache"), help="folder for the parsed articles")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--every", type=float, default=8, help="minutes between evaluations")
    parser.add_argument("--hold-out-check", action=argparse.BooleanOptionalAction, default=True)
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    rng = random.Random(a.seed)
    a.out.mkdir(parents=True, exist_ok=True)
    language = a.data / "language"
    trees = [d for n in TREEBANKS for d in read_corpus(language / "train" / f"{n}.spacy", parsed=True)]
    entities = [
        d for n in ENTITY_CORPORA for d in read_corpus(language / "train" / f"{n}.spacy", parsed=False)
    ]
    dev = {n: read_corpus(language / "dev" / f"{n}.spacy", parsed=True) for n in ("ewt_dev", "gum_open_dev")}
    names = labels([*trees, *entities])
    if a.trained:
        names = json.loads((a.trained / "labels.json").read_text("utf-8"))
    index = {k: {x: i for i, x in enumerate(v)} for k, v in names.items()}
    taught = [d for file in a.taught for d in read_corpus(file, parsed=True)]
    for d in (*dev.values(), taught):
        mask_unknown(d, index)
    check = read_check_worthy(a.data / "check_worthiness")
    held = {n: [s for g, s in rows if HELD_OUT_CHECK[n](g)] for n, rows in check.items()}
    kept = {
        n: [s for g, s in rows if not (a.hold_out_check and HELD_OUT_CHECK[n](g))]
        for n, rows in check.items()
    }
    attributions = [
        c for d in read_attributions(a.data / "attribution", a.cache) for c in d if len(c.sentences)
    ]
    attributions_dev = [c for d in read_attributions(a.data / "attribution", a.cache, "dev") for c in d]
    print(len(attributions), "chunks of attributions", flush=True)
    future = read_future(a.data / "predictions" / "future_sentences.jsonl")
    print(
        {k: len(v) for k, v in names.items()},
        {k: (len(v), len(held[k])) for k, v in kept.items()},
        flush=True,
    )
    (a.out / "labels.json").write_text(json.dumps(names))
    package = find_package()
    tokenizer = WordpieceTokenizer(published_vocabulary(package))
    net = Network({k: len(v) for k, v in names.items()}, a.layers)
    if a.trained:
        net.load_state_dict(torch.load(a.trained / "final.pt", map_location="cpu")["net"])
    elif a.start:
        import spacy
        from encoder_weights import load_exported

        from claimtable.nlp.encoder.architecture import find_encoder_layer

        full = Bert(6)
        full.load_published(package / "model.safetensors")
        nlp = spacy.load(a.start)
        load_exported(full, find_encoder_layer(nlp.get_pipe("tok2vec").model).attrs["encoder"].weights.graph)
        net.bert.load_state_dict({k: v for k, v in full.state_dict().items() if k in net.bert.state_dict()})
    else:
        net.bert.load_published(package / "model.safetensors")
    net.bert.words.weight.requires_grad_(False)
    groups = [
        {
            "params": [p for n, p in net.named_parameters() if n.startswith("bert.") and p.requires_grad],
            "lr": ENCODER_RATE,
            "peak": a.rate * ENCODER_RATE,
        },
        {
            "params": [p for n, p in net.named_parameters() if not n.startswith("bert.")],
            "lr": HEAD_RATE,
            "peak": a.rate * HEAD_RATE,
        },
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=DECAY)
    spent, step, words = 0.0, 0, 0
    latest = a.out / "latest.pt"
    if latest.exists():
        saved = torch.load(latest)
        net.load_state_dict(saved["net"])
        optimiser.load_state_dict(saved["optimiser"])
        spent, step, words = saved["spent"], saved["step"], saved["words"]

    def stream(documents):  # noqa: ANN001, ANN202
        while True:
            chunks = [c for d in documents for c in chunks_of(d, rng)]
            rng.shuffle(chunks)
            yield from chunks

    def repeated(chunks):  # noqa: ANN001, ANN202
        while True:
            yield from rng.sample(chunks, len(chunks))

    def sentence_stream():  # noqa: ANN202
        pools = [kept["checkthat2024"], kept["claimbuster"], kept["clef2019"], future]
        weights = [4, 2, 2, 1]
        while True:
            pool = rng.choices(pools, weights)[0]
            k = rng.choice((1, 1, 1, 2, 3))
            start = rng.randrange(len(pool))
            chunk = Chunk([])
            for s in pool[start : start + k]:
                if chunk.length + len(s.words) <= 100:
                    chunk.sentences.append(s)
            yield chunk

    sources = [stream(trees), stream(entities), sentence_stream(), repeated(attributions)]
    shares = [
        1 - ENTITY_SHARE - SENTENCE_SHARE - ATTRIBUTION_SHARE,
        ENTITY_SHARE,
        SENTENCE_SHARE,
        ATTRIBUTION_SHARE,
    ]
    if taught:
        sources.append(stream(taught))
        shares = [*((1 - TAUGHT_SHARE) * x for x in shares), TAUGHT_SHARE]
    begun = time.monotonic()
    next_look = spent + a.every
    totals: dict[str, list[float]] = {}
    net.train()
    half = has_bfloat16()
    while True:
        minutes = spent + (time.monotonic() - begun) / 60
        if minutes >= a.minutes:
            break
        rate = min(1.0, (step + 1) / WARMUP) * max(0.0, 1 - minutes / a.minutes)
        for g in optimiser.param_groups:
            g["lr"] = g["peak"] * rate
        drawn: list[Encoded] = []
        size = 0
        while size < 3 * BATCH_WORDS:
            chunk = next(rng.choices(sources, shares)[0])
            if not chunk.sentences:
                continue
            e = Encoded(chunk, variant(chunk, rng), tokenizer, index)
            if len(e.ids) <= MAX_PIECES + 2:
                drawn.append(e)
                size += len(e.first)
        drawn.sort(key=lambda e: len(e.ids))
        parts: list[list[Encoded]] = [[]]
        count = 0
        for e in drawn:
            if count >= BATCH_WORDS:
                parts.append([])
                count = 0
            parts[-1].append(e)
            count += len(e.first)
        rng.shuffle(parts)
        for batch in parts:
            with torch.autocast("cpu", torch.bfloat16, enabled=half):
                loss, each = loss_of(net, batch)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
            optimiser.step()
            step += 1
            words += sum(len(e.first) for e in batch)
            for k, v in each.items():
                totals.setdefault(k, []).append(v)
        if minutes >= next_look or minutes + 0.3 >= a.minutes:
            next_look = minutes + a.every
            line = {
                "minutes": round(minutes, 1),
                "step": step,
                "words": words,
                "loss": {k: round(sum(v) / len(v), 3) for k, v in totals.items()},
            }
            totals = {}
            line |= {n: evaluate(net, d, tokenizer, index, names, 80) for n, d in dev.items()}
            line |= {
                n: check_scores(net, rng.sample(rows, min(300, len(rows))), tokenizer, index)
                for n, rows in held.items()
            }
            line["attribution"] = attribution_scores(net, attributions_dev[:120], tokenizer, index)
            print(json.dumps(line), flush=True)
            with (a.out / "curve.jsonl").open("a") as f:
                f.write(json.dumps(line) + "\n")
            torch.save(
                {
                    "net": net.state_dict(),
                    "optimiser": optimiser.state_dict(),
                    "spent": minutes,
                    "step": step,
                    "words": words,
                },
                a.out / "new.pt",
            )
            (a.out / "new.pt").replace(latest)
    torch.save({"net": net.state_dict()}, a.out / "final.pt")
    final = {n: evaluate(net, d, tokenizer, index, names) for n, d in dev.items()}
    final |= {
        n: evaluate(net, read_known(language / "dev" / f"{n}.spacy", index), tokenizer, index, names)
        for n in ("ewt_test", "gum_open_test")
    }
    final |= {n: check_scores(net, rows, tokenizer, index) for n, rows in held.items()}
    final["attribution"] = attribution_scores(net, attributions_dev, tokenizer, index)
    line = {"final": final, "step": step, "words": words}
    print(json.dumps(line), flush=True)
    (a.out / "final.json").write_text(json.dumps(line, indent=1) + "\n")


def mask_unknown(documents: list, index: dict[str, dict[str, int]]) -> None:
    """Take the tree from sentences with a relation that the network has no label for."""
    for document in documents:
        for s in document:
            if s.deps and any(x not in index["deps"] for x in s.deps):
                s.heads = s.deps = None


def read_known(path: Path, index: dict[str, dict[str, int]]) -> list:
    documents = read_corpus(path, parsed=True)
    mask_unknown(documents, index)
    return documents


if __name__ == "__main__":
    main()
