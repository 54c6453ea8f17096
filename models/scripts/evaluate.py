"""Score a pipeline on the development and test sets, and measure its cost.

Works for any spaCy pipeline with UD labels: ``evaluate.py PIPELINE DATA TEXTS``.
The JSON it writes is what the model card and the tests read.
"""

import argparse
import json
import platform
import resource
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

SETS = ("ewt_dev", "ewt_test", "gum_open_dev", "gum_open_test", "gum_news_parse", "gum_news_ner")
"""Files of ``DATA/dev``. ``gum_news_*`` overlap ``gum_open_*``."""

TOKEN_SCORES = {
    "las": "dep_las",
    "uas": "dep_uas",
    "sentence_f": "sents_f",
    "tag": "tag_acc",
    "pos": "pos_acc",
    "morph": "morph_acc",
    "lemma": "lemma_acc",
    "token_f": "token_f",
}
"""Our name of a score, and spaCy's. LAS and UAS leave punctuation out."""

BATCH_SIZE = 256
"""Documents per batch in ``nlp.pipe``, for speed and for scores. Timed documents are
paragraphs: a batch is one array, and 256 whole articles in it take 1.4 GB and run slower."""

SPEED_WORDS = 20_000
"""Words of news text in one timed pass; a pass lasts some seconds."""

SPEED_PASSES = 5

Scores = dict[str, Any]


def evaluate_pipeline(pipeline: str, data: Path, texts: Path) -> Scores:
    """Measure everything about one pipeline; scores are percentages.

    Cost is measured first, so that peak memory is that of running the pipeline
    and not of holding the test sets.
    """
    start = time.process_time()
    import spacy

    import_seconds = time.process_time() - start
    start = time.process_time()
    nlp = spacy.load(pipeline)
    load_seconds = time.process_time() - start
    cost = {
        "import_spacy_seconds": round(import_seconds, 2),
        "load_seconds": round(load_seconds, 2),
        **measure_speed(nlp, take_words(read_paragraphs(texts), SPEED_WORDS)),
        "peak_memory_mb": peak_memory_mb(),
        "size_mb": folder_size_mb(Path(pipeline)),
    }
    meta = nlp.meta
    return {
        "pipeline": f"{meta['lang']}_{meta['name']}",
        "version": meta["version"],
        "spacy": spacy.__version__,
        "python": platform.python_version(),
        "cost": cost,
        "scores": {name: score_set(nlp, data / "dev" / f"{name}.spacy") for name in SETS},
    }


def score_set(nlp: Any, path: Path) -> Scores:
    """Score of one DocBin file, in percent, for the layers it annotates.

    The pipeline tokenizes the raw text, as at run time: a token that is not in
    the gold counts as an error. ``las_gold_tokens`` and ``uas_gold_tokens`` are
    with the gold tokens given. Entities are exact spans with their label.
    """
    from spacy.tokens import Doc, DocBin
    from spacy.training import Example

    docs = [doc for doc in DocBin().from_disk(path).get_docs(nlp.vocab) if len(doc)]
    raw = nlp.evaluate([Example(nlp.make_doc(doc.text), doc) for doc in docs], batch_size=BATCH_SIZE)
    result: Scores = {"documents": len(docs), "tokens": sum(len(doc) for doc in docs)}
    if any(doc.has_annotation("DEP") for doc in docs):
        result |= {ours: percent(raw[theirs]) for ours, theirs in TOKEN_SCORES.items()}
        given = [
            Example(
                Doc(nlp.vocab, words=[t.text for t in doc], spaces=[bool(t.whitespace_) for t in doc]),
                doc,
            )
            for doc in docs
        ]
        gold_tokens = nlp.evaluate(given, batch_size=BATCH_SIZE)
        result["las_gold_tokens"] = percent(gold_tokens["dep_las"])
        result["uas_gold_tokens"] = percent(gold_tokens["dep_uas"])
        result["las_by_label"] = {
            label: percent(score["f"]) for label, score in sorted(raw["dep_las_per_type"].items())
        }
    if any(doc.ents for doc in docs):
        result["ner"] = prf(raw["ents_p"], raw["ents_r"], raw["ents_f"])
        result["ner_by_label"] = {
            label: prf(score["p"], score["r"], score["f"])
            for label, score in sorted(raw["ents_per_type"].items())
        }
    return result


def prf(precision: float | None, recall: float | None, f_score: float | None) -> Scores:
    return {"p": percent(precision), "r": percent(recall), "f": percent(f_score)}


def percent(value: float | None) -> float | None:
    """Return a share between 0 and 1 in percent; None where nothing was annotated."""
    return None if value is None else round(100 * value, 2)


def measure_speed(nlp: Any, texts: list[str]) -> Scores:
    """Return words and tokens per second of CPU time, in the fastest of several passes.

    CPU time is summed over threads, so the figure is that of one core however
    many the numerical libraries use. Words are separated by whitespace; tokens
    are the pipeline's (``spacy benchmark speed`` counts these). The first pass
    warms caches and is not counted.
    """
    words = sum(len(text.split()) for text in texts)
    seconds = []
    tokens = 0
    for _ in range(SPEED_PASSES):
        start = time.process_time()
        tokens = sum(len(doc) for doc in nlp.pipe(texts, batch_size=BATCH_SIZE))
        seconds.append(time.process_time() - start)
    fastest = min(seconds)
    return {
        "words": words,
        "words_per_second": round(words / fastest),
        "tokens_per_second": round(tokens / fastest),
    }


def read_paragraphs(folder: Path) -> Iterator[str]:
    """Return the paragraphs of the ``text`` of every line of every JSONL file, files in order of name."""
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf8") as lines:
            for line in lines:
                yield from filter(str.strip, json.loads(line)["text"].splitlines())


def take_words(texts: Iterable[str], words: int) -> list[str]:
    """Return the first of the texts that together have at least so many words."""
    taken = []
    for text in texts:
        taken.append(text)
        words -= len(text.split())
        if words <= 0:
            return taken
    return taken


def peak_memory_mb() -> int:
    """Return largest resident set of this process so far, in MB (10^6 bytes)."""
    unit = 1 if sys.platform == "darwin" else 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6)


def folder_size_mb(path: Path) -> float:
    """Return bytes of all files under a folder, in MB (10^6 bytes)."""
    return round(sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) / 1e6, 1)


def print_report(report: Scores) -> None:
    """Return a table for people: one line per set, then the cost."""
    print(f"{report['pipeline']} {report['version']}")
    columns = ("las", "las_gold_tokens", "uas", "sentence_f", "tag", "pos", "lemma")
    print(f"{'':16}" + "".join(f"{column[:9]:>10}" for column in columns) + f"{'NER F':>8}  by label")
    for name, scores in report["scores"].items():
        line = "".join(f"{show(scores.get(column)):>10}" for column in columns)
        labels = " ".join(f"{k} {v['f']:.1f}" for k, v in scores.get("ner_by_label", {}).items())
        print(f"{name:16}{line}{show(scores.get('ner', {}).get('f')):>8}  {labels}")
    for name, value in report["cost"].items():
        print(f"{name:24}{value}")


def show(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pipeline", help="folder of a trained pipeline")
    parser.add_argument("data", type=Path, help="folder with dev/*.spacy")
    parser.add_argument("texts", type=Path, help="folder of JSONL files with news texts, for the speed")
    parser.add_argument("-o", "--output", type=Path, help="where the JSON goes")
    args = parser.parse_args()
    report = evaluate_pipeline(args.pipeline, args.data, args.texts)
    print_report(report)
    if args.output:
        args.output.write_text(json.dumps(report, indent=2) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
