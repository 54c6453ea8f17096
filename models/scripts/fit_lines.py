"""Fits the weights of the lines for subjects, and of their features: a log-linear chooser, cross-validated by document.

    python models/scripts/fit_lines.py --cases tests/cases/claims.jsonl annotations/gold annotations/gold-claims annotations/gold-open ../shared/gold ../shared/gold-kinds
    python models/scripts/fit_lines.py --write ...    puts the weights into rules/data/subject_lines.tsv and subject_features.tsv

Of each figure that gold has, the candidates whose text is right there are to be chosen; what none or all of them gets right says
nothing. The weights are drawn to those of the tables, which were set by hand at first.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from claimtable import rules
from claimtable.cli.evaluate import read_sources
from claimtable.cli.run import Run
from claimtable.evaluate.claims import GoldClaim, is_right, match
from claimtable.evaluate.gold import find_gold
from claimtable.learning import learn_subjects, parts_of
from claimtable.nlp import pipeline
from claimtable.nlp.claims.subjects.chooser import CELL
from claimtable.nlp.lines import Candidate, tracing
from claimtable.nlp.lines.fit import Example, accuracy, fitted, names_of
from claimtable.schema import Document, Section

FOLDS = 10
REPEATS = 5
"""Random orders of the documents that a simulated review is tried with."""
TABLES = ("subject_lines", "subject_features")


def examples(paths: Sequence[Path]) -> Iterator[tuple[str, Example]]:
    """Yield the gold set, and a figure with its candidates and which of them are right."""
    nlp = pipeline.load()
    for path in paths:
        for found in find_gold([path]):
            if found.task != "claims":
                continue
            for source, lines in zip(found.sources, found.gold, strict=True):
                gold = [GoldClaim.from_dict(line) for line in lines]
                with tracing() as trace:
                    (doc,) = pipeline.annotate(read_sources([source], Run()), nlp)
                rows = [claim.to_dict() for claim in doc._.claimtable_claims]
                for g, row in match(doc._.claimtable_document.text, gold, rows).pairs:
                    choice = trace.of(CELL, trace.rows[row["claim_id"]]) if row is not None else None
                    if choice is None or g.optional:
                        continue
                    candidates: list[Candidate] = [choice.winner, *choice.losers]
                    right = [is_right("subject", g, {**row, "subject": c.value.text}) for c in candidates]
                    yield path.name, Example(f"{path.name}/{source.id}", tuple(candidates), tuple(right))


def cases(path: Path) -> Iterator[tuple[str, Example]]:
    """Yield the figures of the cases that say which subject they have, word for word: rare lines have few others."""
    nlp = pipeline.load()
    for case in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        text = case["text"]
        document = Document(
            id=case["id"], text=text, published=date(2014, 4, 15), sections=(Section(0, len(text), "body"),)
        )
        with tracing() as trace:
            (doc,) = pipeline.annotate([document], nlp)
        for wanted in case["expected"]:
            rows = [
                c for c in doc._.claimtable_claims if c.value is not None and c.value == wanted.get("value")
            ]
            choice = trace.of(CELL, trace.rows[rows[0].claim_id]) if len(rows) == 1 else None
            if choice is None or not wanted.get("subject"):
                continue
            candidates = (choice.winner, *choice.losers)
            right = tuple(c.value.text == wanted["subject"] for c in candidates)
            yield path.name, Example(f"{path.name}/{case['id']}", candidates, right)


def simulate(found: Sequence[tuple[str, Example]], rows: int) -> None:
    """Print, for each gold set, what that many reviewed figures of it add to weights that its documents had no part in.

    The weights before are fitted from nothing to the other sets; then figures of the set, document by document at random, are
    added as `claimtable learn` adds them; the rest of its documents is judged.
    """
    for name in dict.fromkeys(name for name, _ in found):
        others = [unweighed(x) for other, x in found if other != name]
        own = [unweighed(x) for other, x in found if other == name]
        base = fitted(others)
        before = after = count = 0
        for seed in range(REPEATS):
            documents = sorted({x.document for x in own})
            random.Random(seed).shuffle(documents)
            reviewed: list[Example] = []
            for document in documents:
                if len(reviewed) < rows:
                    reviewed += [x for x in own if x.document == document]
            known = {x.document for x in reviewed}
            rest = [x for x in own if x.document not in known]
            taught = learn_subjects([weighed(x, base) for x in reviewed], parts_of(sorted(known))).weights
            before += accuracy(rest, base)
            after += accuracy([weighed(x, base) for x in rest], taught)
            count += len(rest)
        if count:
            print(
                f"{name:<14}{count / REPEATS:>6.0f} figures apart   before {100 * before / count:.1f} %   after {rows} reviewed {100 * after / count:.1f} %"
            )


def unweighed(x: Example) -> Example:
    """Return the example without the weights of the tables."""
    candidates = tuple(replace(c, weight=0.0, features=()) for c in x.candidates)
    return Example(x.document, candidates, x.right)


def weighed(x: Example, weights: Mapping[str, float]) -> Example:
    """Return the example with these weights for those of the tables."""
    candidates = tuple(
        replace(c, weight=sum(weights.get(name, 0.0) * value for name, value in names_of(c).items()))
        for c in x.candidates
    )
    return Example(x.document, candidates, x.right)


def write_weights(added: Mapping[str, float]) -> None:
    """Add to the column `weight` of the tables: a line's id or a feature's name says which."""
    for path in (Path(str(file)) for file in rules.files() if file.name.removesuffix(".tsv") in TABLES):
        header: list[str] = []
        out = []
        for line in path.read_text(encoding="utf-8").splitlines():
            cells = line.split("\t")
            if line and not line.startswith("#") and header:
                key = cells[header.index("feature")] if "feature" in header else f"line {cells[0]}"
                at = header.index("weight")
                cells[at] = f"{float(cells[at]) + added.get(key, 0.0):.2f}"
                line = "\t".join(cells)
            elif line and not line.startswith("#"):
                header = cells
            out.append(line + "\n")
        path.write_text("".join(out), encoding="utf-8")


def main() -> None:
    """Collect, cross-validate, print, and write if asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument(
        "--cases", type=Path, help="tests/cases/claims.jsonl: its figures are learned from too"
    )
    parser.add_argument("--write", action="store_true")
    parser.add_argument(
        "--simulate-review",
        type=int,
        metavar="N",
        help="what N reviewed figures of a set add; fits nothing else",
    )
    args = parser.parse_args()
    found = [*examples(args.gold), *(cases(args.cases) if args.cases else ())]
    if args.simulate_review:
        simulate(found, args.simulate_review)
        return
    documents = sorted({example.document for _, example in found})
    random.Random(1).shuffle(documents)
    fold = {document: k % FOLDS for k, document in enumerate(documents)}
    now: Counter[str] = Counter()
    then: Counter[str] = Counter()
    count = Counter(name for name, _ in found)
    for k in range(FOLDS):
        weights = fitted([x for _, x in found if fold[x.document] != k])
        for name in count:
            held = [x for other, x in found if other == name and fold[x.document] == k]
            now[name] += sum(x.right[0] for x in held)
            then[name] += accuracy(held, weights)
    for name, figures in count.items():
        print(
            f"{name:<14}{figures:>5} figures   the tables {100 * now[name] / figures:.1f} %   fitted to other documents {100 * then[name] / figures:.1f} %"
        )
    if args.write:
        write_weights(fitted([x for _, x in found]))


if __name__ == "__main__":
    main()
