"""Train what the default pipeline's encoder adds to the word model of check-worthiness.

    python models/scripts/train_check_states.py ../shared/data/check_worthiness states.npy

Needs scikit-learn (extra `train`). The mean vectors of the sentences are computed once and kept in the second file. A logistic
regression over them, with a mark for the set, learns from CheckThat! 2024, ClaimBuster and CheckThat! 2019 together. How much it and
the word model count, and where 0.5 lies, is fitted on scores of debates that neither had seen: blocks of five, by the
number of the sentence, which follows time, or by document. Prints what held-out debates and sets give; no development or test
part is used.
"""

import argparse
import json
import re
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from network_data import clean
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, f1_score
from train_check_worthiness import mean_average_precision, odds, read, train

from claimtable.nlp import pipeline
from claimtable.nlp.check_worthiness import states
from claimtable.nlp.check_worthiness.model import WEIGHTS as WORD_WEIGHTS
from claimtable.nlp.check_worthiness.model import read_weights
from claimtable.nlp.encoder.architecture import encode_doc, find_encoder_layer

SETS = ("checkthat2024_train", "claimbuster_train", "clef2019_training")
SET_WEIGHTS = np.array([1.0, 0.7, 0.7])
PENALTY = 400.0
FOLDS = 5
ROUNDS = 7
"""Of Newton's method."""


def mean_states(texts: list[str], encoder: Any) -> np.ndarray:
    nlp = pipeline.tokenizer_only()
    out = np.zeros((len(texts), 384), dtype=np.float32)
    for row, text in zip(out, texts, strict=True):
        doc = nlp.make_doc(text)
        vectors = encode_doc(doc, encoder, width=384, max_pieces=126)
        words = [i for i, t in enumerate(doc) if not t.is_space]
        if words:
            row[:] = vectors[words].mean(axis=0)
    return out


def folds_of(rows: list[dict], sets: np.ndarray) -> np.ndarray:
    out = np.zeros(len(rows), dtype=int)
    for k in (0, 1):
        at = np.flatnonzero(sets == k)
        number = np.array([int(rows[i].get("id", rows[i].get("sentence_id"))) for i in at])
        out[at] = np.digitize(number, np.quantile(number, np.arange(1, FOLDS) / FOLDS))
    for i in np.flatnonzero(sets == 2):
        out[i] = zlib.crc32(rows[i]["document"].encode()) % FOLDS
    return out


def fit_states(x: np.ndarray, y: np.ndarray, sets: np.ndarray) -> np.ndarray:
    """Return the weights of the columns of `x`, the mean of the sets at 0."""
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-3
    a = np.hstack([(x - mean) / spread, np.eye(3)[sets]]).astype(np.float64)
    weight, target = SET_WEIGHTS[sets], y * 0.98 + 0.01
    penalty = np.full(a.shape[1], PENALTY)
    penalty[-3:] = 0.1
    b = np.zeros(a.shape[1])
    for k in range(ROUNDS):
        p = 1 / (1 + np.exp(-np.clip(a @ b, -30, 30)))
        curve = (a * (weight * p * (1 - p) + 1e-6)[:, None]).T @ a + np.diag(penalty)
        b -= np.linalg.solve(curve, a.T @ (weight * (p - target)) + penalty * b) * (0.7 if k == 0 else 1)
    return b[:-3] / spread


def scored(
    x: np.ndarray, rows: list[dict], y: np.ndarray, sets: np.ndarray, tr: np.ndarray, te: np.ndarray
) -> np.ndarray:
    """Return the scores of the word model and of the states of `te`, by models that have not seen its texts."""
    held = {key(rows[i]["text"]) for i in te}
    tr = np.array([i for i in tr if key(rows[i]["text"]) not in held])
    debates = tr[sets[tr] < 2]
    intercept, table = train([rows[i] for i in (debates if len(debates) else tr)])
    words = [odds(rows[i]["text"], intercept, table) for i in te]
    w = fit_states(x[tr], y[tr], sets[tr])
    return np.stack([words, (x[te] - x[tr].mean(axis=0)) @ w], axis=1)


def key(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def fit_shares(a: np.ndarray, y: np.ndarray, sets: np.ndarray) -> tuple[np.ndarray, float]:
    """Return what words and states count, and the cut with the best F1, the mean of the two sets of debates."""
    marks = np.eye(3)[sets]
    model = LogisticRegression(C=100, fit_intercept=False, max_iter=500).fit(np.hstack([a, marks]), y)
    share = model.coef_[0][:2]
    total = a @ share
    cuts = np.quantile(total[sets < 2], np.linspace(0.3, 0.99, 140))
    return share, best_cut(total, y, sets, cuts)


def best_cut(total: np.ndarray, y: np.ndarray, sets: np.ndarray, cuts: np.ndarray) -> float:
    there = [k for k in (0, 1) if (sets == k).any()]
    quality = [np.mean([f1_score(y[sets == k], total[sets == k] >= c) for k in there]) for c in cuts]
    return float(cuts[int(np.argmax(quality))])


def report(name: str, rows: list[dict], y: np.ndarray, total: np.ndarray, cut: float) -> None:
    line = f"{name:34} AP {average_precision_score(y, total):.3f} F1 {f1_score(y, total >= cut):.3f}"
    if "document" in rows[0]:
        line += f" MAP {mean_average_precision(rows, total.tolist()):.3f}"
    print(line, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("states", type=Path)
    parser.add_argument(
        "--output",
        type=Path,
        default=Path(__file__).parents[2] / "pipeline/claimtable/nlp/check_worthiness" / states.WEIGHTS,
    )
    args = parser.parse_args()
    parts = [read(args.data / f"{name}.jsonl") for name in SETS]
    rows = [r for part in parts for r in part]
    sets = np.repeat(np.arange(3), [len(part) for part in parts])
    y = np.array([r["y"] for r in rows])
    nlp = pipeline.load()
    encoder = find_encoder_layer(nlp.get_pipe("tok2vec").model).attrs["encoder"]
    if args.states.exists():
        x = np.load(args.states).astype(np.float32)
    else:
        x = mean_states([clean(r["text"]) for r in rows], encoder)
        np.save(args.states, x.astype(np.float16))
    if len(x) != len(rows):
        sys.exit(f"{args.states} is of other sentences: delete it")
    fold = folds_of(rows, sets)
    seen = np.zeros((len(rows), 2))
    for k in range(FOLDS):
        te = np.flatnonzero(fold == k)
        seen[te] = scored(x, rows, y, sets, np.flatnonzero(fold != k), te)
    for k in range(FOLDS):
        rest = fold != k
        share, cut = fit_shares(seen[rest], y[rest], sets[rest])
        alone = best_cut(seen[rest, 0], y[rest], sets[rest], np.linspace(-2, 1.5, 71))
        for s, name in enumerate(SETS):
            te = np.flatnonzero((fold == k) & (sets == s))
            report(f"block {k} of {name} words", [rows[i] for i in te], y[te], seen[te, 0], alone)
            report(f"block {k} of {name} both", [rows[i] for i in te], y[te], seen[te] @ share, cut)
    share, cut = fit_shares(seen, y, sets)
    w = fit_states(x, y, sets)
    # The shipped word model is of the same two sets; its intercept was moved, which is taken back.
    fresh, _ = train([rows[i] for i in np.flatnonzero(sets < 2)])
    shipped, _ = read_weights(WORD_WEIGHTS)
    moved = float(share[0]) * (fresh - shipped)
    intercept = float(moved - x.mean(axis=0) @ (w * share[1]) - cut)
    print(f"intercept of the word model {fresh:.3f}, shipped {shipped:.3f}")
    found = {
        "graph_sha256": encoder.weights.graph_sha256,
        "intercept": round(intercept, 5),
        "words": round(float(share[0]), 4),
        "vector": [round(float(v), 4) for v in w * share[1]],
    }
    args.output.write_text(json.dumps(found) + "\n", encoding="utf-8")
    print(f"words count {share[0]:.2f}, states {share[1]:.2f}; written to {args.output.name}")


if __name__ == "__main__":
    main()
