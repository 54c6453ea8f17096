"""Trains the model of sentences that speak of the future and writes its weights.

    python models/scripts/train_future.py ../shared/data/predictions/future_sentences.jsonl [--cache FILE]

Needs scikit-learn (extra `train`). Prints F1 of ten-fold cross-validation. Sentences that share eight words in a row are
in one fold. Penalty and cut were chosen on the same folds, so the figure is a little too good; it is 91.3 with the cut at 0. A test sentence that the pipeline splits counts as future where any part does, as in the layer `sentences`.
"""

from __future__ import annotations

import argparse
import json
import math
import re
from collections import defaultdict
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, precision_score, recall_score
from sklearn.model_selection import GroupKFold

from claimtable.nlp import pipeline
from claimtable.nlp.check_worthiness import future
from claimtable.nlp.check_worthiness.model import features, terms
from claimtable.schema import Document, Section

INVERSE_PENALTY = 6.0
"""C of the L2 penalty. 2, 6 and 12 differ by less than 0.5 points of F1 in cross-validation; the middle one was taken."""
MIN_DOCUMENTS = 2
"""A feature must occur in so many sentences."""
CUT = -0.3
"""Log-odds from which a sentence counts as future. In cross-validation 0 gives F1 91.3, -0.2 91.8, -0.4 91.7, -0.6 91.5."""
SHARED_WORDS = 8
"""Sentences that share so many words in a row are taken for near-duplicates."""
SMALLEST = 0.05
"""Features whose idf times weight is smaller than this are left out."""
OUT = Path(__file__).parents[2] / "pipeline/claimtable/nlp/check_worthiness" / future.WEIGHTS

Table = dict[str, tuple[float, float]]


def parse(rows: list[dict]) -> list[list[future.Blocks]]:
    """Return the features of each sentence that the default pipeline finds in each row."""
    documents = (
        Document(id=str(k), text=row["text"], sections=(Section(0, len(row["text"]), "body"),))
        for k, row in enumerate(rows)
    )
    out = []
    for doc in pipeline.annotate(documents, pipeline.load(), batch_chars=20_000):
        parts = []
        for span in doc.sents:
            words = [token for token in span if not token.is_space]
            rules = [
                p.rule
                for p in doc._.claimtable_predictions
                if span.start_char <= (p.start if p.event_start is None else p.event_start) < span.end_char
            ]
            parts.append(
                future.features(
                    features(span.text),
                    [token.lemma_ for token in words],
                    [token.tag_ for token in words],
                    rules,
                )
            )
        out.append(parts)
    return out


def groups(rows: list[dict]) -> list[int]:
    """Return a number for each row, the same for rows that share `SHARED_WORDS` words in a row."""
    parent = list(range(len(rows)))

    def root(k: int) -> int:
        while parent[k] != k:
            parent[k] = parent[parent[k]]
            k = parent[k]
        return k

    first: dict[tuple[str, ...], int] = {}
    for k, row in enumerate(rows):
        words = re.findall(r"[a-z]+", row["text"].lower())
        for i in range(max(1, len(words) - SHARED_WORDS + 1)):
            parent[root(k)] = root(first.setdefault(tuple(words[i : i + SHARED_WORDS]), k))
    return [root(k) for k in range(len(rows))]


def joined(parts: list[future.Blocks]) -> future.Blocks:
    """Return the features of a row whose sentences are `parts`, as if the pipeline had not split it."""
    words, lemmas, tags, rules = ([f for part in parts for f in part[k]] for k in range(4))
    found = set(rules)
    if "rule:any" in found:
        found.discard("rule:none")
    return words, lemmas, tags, sorted(found)


def train(blocks: list[future.Blocks], labels: np.ndarray) -> tuple[float, Table]:
    """Return (intercept, feature → (idf, coefficient))."""
    frequency: dict[str, int] = defaultdict(int)
    for row in blocks:
        for block in row:
            for f in set(block):
                frequency[f] += 1
    unit = {
        f: (math.log((1 + len(blocks)) / (1 + n)) + 1, 1.0)
        for f, n in frequency.items()
        if n >= MIN_DOCUMENTS
    }
    vectorizer = DictVectorizer()
    x = vectorizer.fit_transform([{f: v for b in row for f, v in terms(b, unit).items()} for row in blocks])
    fitted = LogisticRegression(C=INVERSE_PENALTY, max_iter=1000).fit(x, labels)
    names = vectorizer.get_feature_names_out()
    table = {f: (unit[f][0], float(w)) for f, w in zip(names, fitted.coef_[0], strict=True)}
    return float(fitted.intercept_[0]), {f: v for f, v in table.items() if abs(v[0] * v[1]) >= SMALLEST}


def odds(blocks: future.Blocks, intercept: float, table: Table) -> float:
    """Return the log-odds of a sentence under these weights."""
    return intercept + sum(sum(terms(b, table).values()) for b in blocks)


def main() -> None:
    """Cross-validate, train on all, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--cache", type=Path, help="where the features are kept between runs")
    args = parser.parse_args()
    rows = [json.loads(line) for line in args.data.read_text(encoding="utf-8").splitlines() if line.strip()]
    if args.cache and args.cache.is_file():
        stored = json.loads(args.cache.read_text(encoding="utf-8"))
        parsed = [[tuple(part) for part in parts] for parts in stored]
    else:
        parsed = parse(rows)
        if args.cache:
            args.cache.write_text(json.dumps(parsed), encoding="utf-8")
    labels = np.array([row["future"] for row in rows])
    whole = [joined(parts) for parts in parsed]
    guess = np.zeros(len(rows), dtype=bool)
    for seen, unseen in GroupKFold(10).split(rows, labels, groups(rows)):
        fitted = train([whole[k] for k in seen], labels[seen])
        guess[unseen] = [any(odds(part, *fitted) >= CUT for part in parsed[k]) for k in unseen]
    scores = (f(labels, guess) for f in (precision_score, recall_score, f1_score))
    print("cross-validated P {:.3f} R {:.3f} F1 {:.3f}".format(*scores))
    intercept, table = train(whole, labels)
    lines = [
        "# feature, inverse document frequency, coefficient. Written by models/scripts/train_future.py",
        f"<intercept>\t1\t{intercept - CUT:.5f}",
        *(f"{f}\t{i:.4f}\t{w:.4f}" for f, (i, w) in sorted(table.items())),
    ]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(table)} features written to {OUT.name}")


if __name__ == "__main__":
    main()
