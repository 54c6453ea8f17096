"""Our scores are those of the scorer that all users of the shared gold share."""

import importlib.util
import json
import random
from pathlib import Path
from types import ModuleType

import pytest

from claimtable.evaluate.gold import find_gold
from claimtable.evaluate.measures import rows_by_document
from claimtable.evaluate.run import evaluate, extract_layers, score_rows

pytestmark = pytest.mark.shared

# Benchmark half, function of the scorer, lines that are compared.
BENCHMARKS = [
    ("quantities/newsquant", "quantities", 60),
    ("times/timenorm_train", "times", 200),
    ("attribution/polnear_dev", "attribution", 6),
    ("predictions/future_sentences", "sentences_future", 150),
    ("check_worthiness/checkthat2024_dev-test", "check_worthiness_f1", 100),
    ("check_worthiness/clef2019_training", "check_worthiness", 150),
]


@pytest.fixture(scope="module")
def scorer(shared_dir: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", shared_dir / "tools" / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write(path: Path, rows) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def sources_as_documents(sources):
    from claimtable.cli.evaluate import read_sources
    from claimtable.cli.run import Run

    return read_sources(sources, Run())


def comparable(score) -> dict:
    """Returns our figures in the scorer's form."""
    out = {
        name: {"p": c.precision, "r": c.recall, "f1": c.f1, "tp": c.hits, "pred": c.extracted, "gold": c.gold}
        for name, c in score.counts.items()
    }
    if score.task == "claims":
        # The scorer has no place, which is ours beside the row.
        out["attributes"] = {name: share.percent for name, share in score.shares.items() if name != "place"}
    if score.task == "actors":
        out["type_accuracy"] = score.shares["type"].percent
        out["all_aliases_merged"] = score.shares["aliases"].percent
    if score.task == "attributions":
        for form in ("token", "exact"):
            out[form] = {part: out.pop(f"{form}_{part}") for part in ("source", "cue", "content")}
    return out | score.values


def without_documents(theirs: dict) -> dict:
    return {name: value for name, value in theirs.items() if name != "documents"}


@pytest.mark.pipeline
@pytest.mark.parametrize("task", ["claims", "actors"])
def test_articles(nlp, scorer, shared_dir, tmp_path, task):
    gold = shared_dir / "gold"
    (gold_set,) = [s for s in find_gold([gold]) if s.task == task]
    texts, rows = extract_layers(sources_as_documents(gold_set.sources), nlp, [task])
    ours = score_rows(gold_set, texts, rows[task]).score
    predictions = write(tmp_path / "p.jsonl", [row for found in rows[task].values() for row in found])
    folders = sorted(str(path) for path in gold.iterdir())
    theirs = getattr(scorer, task)(*folders, str(predictions))
    if task == "claims" and not ours.shares:
        pytest.skip("no claims found")
    assert comparable(ours) == theirs


@pytest.mark.parametrize(("file", "function", "lines"), BENCHMARKS)
@pytest.mark.pipeline
def test_benchmarks(nlp, scorer, shared_dir, tmp_path, file, function, lines):
    path = shared_dir / "data" / f"{file}.jsonl"
    part = tmp_path / "gold.jsonl"
    with path.open(encoding="utf-8") as file_:
        part.write_text("".join(line for _, line in zip(range(lines), file_, strict=False)), encoding="utf-8")
    (gold_set,) = find_gold([part])
    _, rows = extract_layers(sources_as_documents(gold_set.sources), nlp, [gold_set.layer])
    found = [row for document in rows[gold_set.layer].values() for row in document]
    ours = score_rows(gold_set, {}, rows[gold_set.layer]).score
    theirs = getattr(scorer, function)(str(part), str(write(tmp_path / "p.jsonl", found)))
    assert comparable(ours) == without_documents(theirs)
    (again,) = evaluate([gold_set], nlp, sources_as_documents)
    assert again.score.figures() == ours.figures()


def test_distorted_claims(scorer, shared_dir, tmp_path):
    """Rows made from gold, some moved, changed and doubled, are judged alike: no extraction is that varied."""
    rng = random.Random(0)
    gold = shared_dir / "gold"
    (gold_set,) = [s for s in find_gold([gold]) if s.task == "claims"]
    texts = {source.id: source.data["text"] for source in gold_set.sources}
    for _ in range(6):
        rows = []
        for source, lines in zip(gold_set.sources, gold_set.gold, strict=True):
            for line in lines:
                if rng.random() < 0.2:
                    continue
                row = {k: v for k, v in line.items() if not k.startswith("accept")}
                row |= {"doc_id": source.id, "text": distort(rng, line["quote"])}
                if rng.random() < 0.3:
                    row[rng.choice(["kind", "value", "unit", "subject", "speaker", "deadline", "change"])] = (
                        rng.choice(lines).get("subject")
                    )
                if not isinstance(row.get("value"), float | int | None):
                    row["value"] = rng.choice([None, 1.0])
                if row["kind"] not in ("quantitative", "prediction"):
                    row["kind"] = "quantitative"
                rows += [row] * rng.choice([1, 1, 1, 2])
        rng.shuffle(rows)
        ours = score_rows(gold_set, texts, rows_by_document(rows)).score
        folders = sorted(str(path) for path in gold.iterdir())
        theirs = scorer.claims(*folders, str(write(tmp_path / "p.jsonl", rows)))
        assert comparable(ours) == theirs


def distort(rng: random.Random, quote: str) -> str:
    words = quote.split()
    cut = rng.randrange(0, max(1, len(words) // 2))
    return " ".join(words[cut:] if rng.random() < 0.5 else words[: len(words) - cut])
