"""Trains the attribution tagger on PolNeAR and writes its weights.

    python models/scripts/train_attribution.py DATA [--model NAME_OR_PATH ...] [--out FILE] [--cache FOLDER] [--epochs N]

DATA is a folder with `polnear_train.jsonl` and `polnear_dev.jsonl`: one article a line with `id`, `text` and
`attributions`, each with `source`, `cue`, `content` as lists of [start, end] in code points. The articles are parsed
with each given pipeline once and kept in the cache folder; all parses are trained on, so that the weights are used to the
mistakes of each, and the first one's development part sets the threshold. Needs PyTorch, which the package itself never imports.
Seeded: the same data, pipeline and number of threads give the same weights.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import time
from collections import Counter
from pathlib import Path

import numpy as np
import spacy
import torch
from spacy.tokens import Doc, DocBin

from claimtable.nlp import extensions, pipeline
from claimtable.nlp.attribution import features, rules, tagger
from claimtable.nlp.attribution.layout import Layout
from claimtable.schema import Document, Section

SEED = 20
ROWS = {"cue": 2**17, "pair": 2**17}
HIDDEN = {"cue": 16, "pair": 12}
OUT = Path(__file__).parents[2] / "pipeline/claimtable/nlp/attribution/model/attribution.npz"


def read(path: Path) -> list[dict]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def parse(rows: list[dict], model: str, cache: Path | None, part: str) -> list[Doc]:
    """Parse the articles, or take them from the cache."""
    extensions.register()
    file = cache / f"{Path(model).name}_{part}.spacy" if cache else None
    if file is not None and file.is_file():
        return list(DocBin().from_disk(file).get_docs(spacy.blank("en").vocab))
    nlp = spacy.load(pipeline.model_path(model) or model)
    nlp.add_pipe("claimtable_line_breaks", first=True)
    nlp.add_pipe("claimtable_parse_corrections")
    documents = (
        Document(id=str(r["id"]), text=r["text"], sections=(Section(0, len(r["text"]), "body"),))
        for r in rows
    )
    docs = list(nlp.pipe((pipeline.make_doc(nlp, d) for d in documents), batch_size=32))
    for doc in docs:
        doc.tensor = doc.tensor[:0]
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        DocBin(docs=docs, store_user_data=True).to_disk(file)
    return docs


class Article:
    """A parsed article with its gold attributions as sets of word tokens."""

    def __init__(self, row: dict, doc: Doc) -> None:
        self.row = row
        self.doc = doc
        self.layout = Layout(doc)
        self.drafts = rules.find(self.layout)
        self.columns = features.TokenFeatures(doc, self.layout, self.drafts)
        self.gold: dict[int, tuple[set[int], set[int], set[int]]] = {}
        for a in row["attributions"]:
            source, cue, content = (self.words(a.get(k) or []) for k in ("source", "cue", "content"))
            head = self.head(cue or self.tokens(a.get("cue") or []))
            if head is not None and content and head not in self.gold:
                self.gold[head] = (source, cue or {head}, content)

    def tokens(self, spans: list[list[int]]) -> set[int]:
        t = self.layout.t
        return {i for a, b in spans for i in range(*t.range(a, b)) if t.start[i] < b and t.end[i] > a}

    def words(self, spans: list[list[int]]) -> set[int]:
        return {i for i in self.tokens(spans) if self.layout.word[i]}

    def head(self, cue: set[int]) -> int | None:
        t = self.layout.t
        roots = [i for i in sorted(cue) if t.head[i] not in cue or t.head[i] == i]
        verbs = [i for i in roots if t.pos[i] == "VERB"]
        return (verbs or roots or [None])[0]


def runs(places: list[int]) -> list[tuple[int, int]]:
    """Return runs of consecutive places as (first, last)."""
    out: list[tuple[int, int]] = []
    for p in sorted(places):
        if out and p == out[-1][1] + 1:
            out[-1] = (out[-1][0], p)
        else:
            out.append((p, p))
    return out


class Net(torch.nn.Module):
    def __init__(self, rows: int, hidden: int, outputs: int) -> None:
        super().__init__()
        self.hidden = hidden
        # Row 0 is that of features left out in training.
        self.table = torch.nn.EmbeddingBag(rows, hidden + outputs, mode="sum", padding_idx=0)
        torch.nn.init.normal_(self.table.weight, std=0.05)
        self.table.weight.data[:, hidden:] = 0
        self.table.weight.data[0] = 0
        self.bias = torch.nn.Parameter(torch.zeros(hidden + outputs))
        self.out = torch.nn.Linear(hidden, outputs, bias=False)

    def forward(self, rows: torch.Tensor, dropout: float = 0.0) -> torch.Tensor:
        scale = 1.0
        if dropout:
            rows = rows * (torch.rand(rows.shape) >= dropout)
            scale = 1 / (1 - dropout)
        total = self.table(rows) * scale + self.bias
        return self.out(torch.relu(total[:, : self.hidden])) + total[:, self.hidden :]


def cue_words(articles: list[Article]) -> frozenset[str]:
    """Return the lemmas other than verbs that head a cue at least three times, and one time in a hundred."""
    cues = Counter(a.layout.t.lemma[i] for a in articles for i in a.gold if a.layout.t.pos[i] != "VERB")
    all_words = Counter(
        lemma
        for a in articles
        for lemma, pos in zip(a.layout.t.lemma, a.layout.t.pos, strict=True)
        if pos != "VERB"
    )
    return frozenset(lemma for lemma, n in cues.items() if n > 2 and n * 100 > all_words[lemma])


def cue_data(articles: list[Article], words: frozenset[str]) -> tuple[np.ndarray, np.ndarray]:
    xs, ys = [], []
    for a in articles:
        i = features.cue_candidates(a.layout, words)
        if len(i):
            xs.append(features.rows(features.cue_features(a.columns, i), ROWS["cue"]).astype(np.int32))
            ys.append(np.isin(i, list(a.gold)).astype(np.float32))
    return np.concatenate(xs), np.concatenate(ys)


def train_cue(
    x: np.ndarray, y: np.ndarray, epochs: int, rate: float, dropout: float, log: bool = True
) -> Net:
    net = Net(ROWS["cue"], HIDDEN["cue"], 1)
    size = 2048
    steps = epochs * (len(x) // size + 1)
    optimizer = torch.optim.Adam(net.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: max(0.02, 1 - s / steps))
    rng = np.random.default_rng(SEED)
    for epoch in range(epochs):
        order, total = rng.permutation(len(x)), 0.0
        for start in range(0, len(x), size):
            part = order[start : start + size]
            out = net(torch.from_numpy(x[part]), dropout)[:, 0]
            loss = (
                torch.nn.functional.binary_cross_entropy_with_logits(
                    out, torch.from_numpy(y[part]), reduction="sum"
                )
                / size
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += float(loss.detach())
        if log:
            print(f"cue epoch {epoch + 1}: loss {total / (len(x) / size):.4f}", flush=True)
    return net


class Windows:
    """The pairs of all gold cues, with the places of their gold parts."""

    def __init__(self, articles: list[Article]) -> None:
        self.x: list[np.ndarray] = []
        self.own: list[int] = []
        self.source: list[tuple[int, int] | None] = []
        self.cue: list[tuple[int, int]] = []
        self.content: list[list[tuple[int, int]] | None] = []
        for a in articles:
            cues = sorted(a.gold)
            if not cues:
                continue
            pairs = features.Pairs(a.columns, cues)
            rows = features.rows(features.pair_features(pairs), ROWS["pair"]).astype(np.int32)
            for i, (s, e) in zip(cues, pairs.bounds, strict=True):
                tokens = pairs.token[s:e].tolist()
                place = {token: k for k, token in enumerate(tokens)}
                source, cue, content = ([place[j] for j in part if j in place] for part in a.gold[i])
                own = place[i]
                self.x.append(rows[s:e])
                self.own.append(own)
                self.source.append((min(source), max(source)) if source else None)
                self.cue.append((min([*cue, own]), max([*cue, own])))
                spans = runs(content)
                self.content.append(spans if len(spans) <= 2 else None)


def log_ending(first: torch.Tensor, inner: torch.Tensor) -> torch.Tensor:
    through = torch.cumsum(inner, 1)
    return torch.logcumsumexp(first - (through - inner), 1) + through


def span_score(
    first: torch.Tensor, last: torch.Tensor, inner: torch.Tensor, spans: torch.Tensor
) -> torch.Tensor:
    lines = torch.arange(len(first))
    through = torch.cumsum(inner, 1)
    a, b = spans[:, 0], spans[:, 1]
    return first[lines, a] + last[lines, b] + through[lines, b] - through[lines, a] + inner[lines, a]


def pair_loss(net: Net, w: Windows, part: list[int], dropout: float) -> torch.Tensor:
    length = torch.tensor([len(w.x[k]) for k in part])
    flat = net(torch.from_numpy(np.concatenate([w.x[k] for k in part])), dropout)
    width = int(length.max())
    real = torch.arange(width)[None] < length[:, None]
    scores = torch.zeros(len(part), width, flat.shape[1])
    scores[real] = flat
    low = torch.tensor(-1e4)
    lines = torch.arange(len(part))
    own = torch.tensor([w.own[k] for k in part])
    get = {name: scores[:, :, k] for k, name in enumerate(tagger.OUTPUTS)}
    place = torch.arange(width)[None]

    def pairs(items: list) -> torch.Tensor:
        return torch.tensor([list(s) if s else [0, 0] for s in items])

    # cue
    first = torch.where(place <= own[:, None], get["cue_first"], low)
    last = torch.where(real & (place >= own[:, None]), get["cue_last"], low)
    z = torch.logsumexp(log_ending(first, get["cue_in"]) + last, 1)
    loss = (z - span_score(first, last, get["cue_in"], pairs([w.cue[k] for k in part]))).sum()
    # source
    first = torch.where(real, get["source_first"], low)
    last = torch.where(real, get["source_last"], low)
    none = get["no_source"][lines, own]
    z = torch.logaddexp(torch.logsumexp(log_ending(first, get["source_in"]) + last, 1), none)
    sources = [w.source[k] for k in part]
    has = torch.tensor([s is not None for s in sources])
    loss = (
        loss + (z - torch.where(has, span_score(first, last, get["source_in"], pairs(sources)), none)).sum()
    )
    # content
    first = torch.where(real, get["content_first"], low)
    last = torch.where(real, get["content_last"], low)
    inner = get["content_in"]
    ends = log_ending(first, inner) + last
    before = torch.full_like(ends, -1e4)
    before[:, 2:] = torch.logcumsumexp(ends, 1)[:, :-2]
    rest_first = torch.where(real, get["rest_first"], low)
    rest_last = torch.where(real, get["rest_last"], low)
    two = get["two_parts"][lines, own]
    none = get["no_content"][lines, own]
    z1 = torch.logsumexp(ends, 1)
    z2 = torch.logsumexp(log_ending(rest_first + before, inner) + rest_last, 1) + two
    z = torch.logsumexp(torch.stack([z1, z2, none]), 0)
    contents = [w.content[k] for k in part]
    known = torch.tensor([c is not None for c in contents])
    count = torch.tensor([len(c) if c else 0 for c in contents])
    one = span_score(first, last, inner, pairs([c[0] if c else None for c in contents]))
    rest = span_score(
        rest_first, rest_last, inner, pairs([c[1] if c and len(c) == 2 else None for c in contents])
    )
    gold = torch.where(count == 2, one + rest + two, torch.where(count == 1, one, none))
    return (loss + ((z - gold) * known).sum()) / len(part)


def train_pair(w: Windows, epochs: int, rate: float, dropout: float) -> Net:
    net = Net(ROWS["pair"], HIDDEN["pair"], len(tagger.OUTPUTS))
    size = 64
    steps = epochs * (len(w.x) // size + 1)
    optimizer = torch.optim.Adam(net.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: max(0.02, 1 - s / steps))
    rng = random.Random(SEED)
    order = list(range(len(w.x)))
    for epoch in range(epochs):
        # Windows of like length share a batch, batches come in random order.
        rng.shuffle(order)
        pools = [
            sorted(order[i : i + 40 * size], key=lambda k: len(w.x[k]))
            for i in range(0, len(order), 40 * size)
        ]
        batches = [pool[i : i + size] for pool in pools for i in range(0, len(pool), size)]
        rng.shuffle(batches)
        total, begin = 0.0, time.time()
        for part in batches:
            loss = pair_loss(net, w, part, dropout)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += float(loss.detach())
        print(
            f"pair epoch {epoch + 1}: loss {total / len(batches):.4f} ({time.time() - begin:.0f} s)",
            flush=True,
        )
    return net


def quantise(net: Net) -> tagger.Network:
    table = net.table.weight.detach().numpy()
    scale = (np.quantile(np.abs(table), 0.9999, axis=0) / 127 + 1e-9).astype(np.float32)
    packed = np.clip(np.rint(table / scale), -127, 127).astype(np.int8)
    return tagger.Network(
        packed, scale, net.bias.detach().numpy(), np.ascontiguousarray(net.out.weight.detach().numpy().T)
    )


def f1(tp: int, predicted: int, gold: int) -> float:
    return 200 * tp / max(1, predicted + gold)


def evaluate(model: tagger.Tagger, articles: list[Article]) -> dict[str, float]:
    """Return exact F1 of source, cue and content, and of relations, as the project's score tool counts them."""
    exact = {k: [0, 0, 0] for k in ("source", "cue", "content")}
    relation = [0, 0, 0]
    for a in articles:
        found = model.find(a.doc, a.layout, a.drafts)
        score(a, found, exact, relation)
    return {**{k: f1(*v) for k, v in exact.items()}, "relation": f1(*relation)}


def score(a: Article, found: list, exact: dict[str, list[int]], relation: list[int]) -> None:
    def ids(ranges: tuple) -> frozenset[int]:
        return frozenset(i for x, y in ranges for i in range(x, y) if a.layout.word[i])

    predicted = [tuple(ids(getattr(d, k)) for k in ("source", "cue", "content")) for d in found]
    gold = [
        tuple(frozenset(a.words(g.get(k) or [])) for k in ("source", "cue", "content"))
        for g in a.row["attributions"]
    ]
    for n, k in enumerate(exact):
        p, g = {x[n] for x in predicted if x[n]}, {x[n] for x in gold if x[n]}
        for c, value in enumerate((len(p & g), len(p), len(g))):
            exact[k][c] += value
    todo = [(x[0], x[2]) for x in predicted]
    relation[1] += len(todo)
    for source, _, content in gold:
        if not content:
            continue
        relation[2] += 1
        best = max(todo, key=lambda p: len(content & p[1]) / len(content | p[1]), default=None)
        if best and len(content & best[1]) / len(content | best[1]) >= 0.5:
            todo.remove(best)
            relation[0] += (not source and not best[0]) or bool(source & best[0])


def main() -> None:
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("data", type=Path)
    args.add_argument(
        "--model",
        action="append",
        help="pipeline that parses the articles; may be repeated (both shipped ones)",
    )
    args.add_argument("--out", type=Path, default=OUT)
    args.add_argument("--cache", type=Path, help="folder for the parsed articles")
    args.add_argument("--epochs", type=int, default=3)
    args.add_argument("--cue-epochs", type=int, default=3)
    args.add_argument("--threads", type=int, default=1)
    args.add_argument("--limit", type=int, help="only so many training articles")
    options = args.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(options.threads)
    begin = time.time()
    rows = {part: read(options.data / f"polnear_{part}.jsonl") for part in ("train", "dev")}
    models = options.model or [pipeline.DEFAULT_MODEL, pipeline.FAST_MODEL]
    some = rows["train"][: options.limit]
    train = [
        Article(row, doc)
        for model in models
        for row, doc in zip(some, parse(rows["train"], model, options.cache, "train"), strict=False)
    ]
    devs = {
        model: [
            Article(row, doc)
            for row, doc in zip(rows["dev"], parse(rows["dev"], model, options.cache, "dev"), strict=True)
        ]
        for model in models
    }
    dev = devs[models[0]]
    print(f"{len(train)} + {len(dev)} articles read ({time.time() - begin:.0f} s)", flush=True)
    words = cue_words(train)
    x, y = cue_data(train, words)
    gold = sum(len(a.gold) for a in train)
    print(
        f"cue candidates {x.shape}, {int(y.sum())} of {gold} cues among them, {len(words)} words", flush=True
    )
    cue = train_cue(x, y, options.cue_epochs, 0.003, 0.2)
    windows = Windows(train)
    print(
        "cues",
        len(windows.x),
        "pairs",
        sum(map(len, windows.x)),
        f"({time.time() - begin:.0f} s)",
        flush=True,
    )
    pair = train_pair(windows, options.epochs, 0.003, 0.1)
    digest = hashlib.sha256((options.data / "polnear_train.jsonl").read_bytes()).hexdigest()[:8]
    model = tagger.Tagger(quantise(cue), quantise(pair), words, 0.0, f"1.{digest}")
    best = max(
        ((evaluate(model_at(model, t), dev), t) for t in (-1.2, -0.8, -0.4, 0.0, 0.4, 0.8)),
        key=lambda p: sum(p[0].values()),
    )
    model.threshold = best[1]
    print(
        "threshold", best[1], {k: round(v, 1) for k, v in best[0].items()}, f"({time.time() - begin:.0f} s)"
    )
    for name in models[1:]:
        print(name, {k: round(v, 1) for k, v in evaluate(model, devs[name]).items()})
    options.out.parent.mkdir(parents=True, exist_ok=True)
    arrays = {
        f"{k}_{field}": getattr(net, field)
        for k, net in (("cue", model.cue), ("pair", model.pair))
        for field in ("table", "scale", "bias", "weights")
    }
    np.savez_compressed(
        options.out,
        format=tagger.FORMAT,
        threshold=model.threshold,
        version=model.version,
        words=np.array(sorted(words)),
        **arrays,
    )
    print(options.out, options.out.stat().st_size, "bytes")


def model_at(model: tagger.Tagger, threshold: float) -> tagger.Tagger:
    return tagger.Tagger(model.cue, model.pair, model.words, threshold, model.version)


if __name__ == "__main__":
    main()
