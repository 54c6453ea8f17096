"""Write the figures of every evaluated pipeline into the model card.

The card holds, for each pipeline, a pair of markers
``<!-- scores NAME -->`` … ``<!-- /scores NAME -->``; what is between them is
replaced by tables made from ``logs/NAME.json`` (see ``evaluate.py``) and from
``NAME/meta.json``. A pipeline without a report keeps what it has. Between the
markers ``ablations`` stands a row for each line of ``logs/ablations.jsonl``
(see ``ablate.py``), between the markers ``seeds`` one for each report
``logs/NAME-seed-N.json`` and a last one for what is shipped.
"""

import argparse
import json
import re
from pathlib import Path
from typing import Any

MARKERS = re.compile(
    r"(<!-- (?P<kind>scores|sources|ablations|seeds) (?P<name>\w+) -->\n).*?(<!-- /(?P=kind) (?P=name) -->)",
    re.S,
)

SET_NAMES = {
    "ewt_dev": "UD EWT dev",
    "ewt_test": "UD EWT test",
    "gum_open_dev": "UD GUM (open genres) dev",
    "gum_open_test": "UD GUM (open genres) test",
    "gum_news_parse": "UD GUM news, parse",
    "gum_news_ner": "UD GUM news, entities",
}

TOKEN_COLUMNS = {
    "las": "LAS",
    "uas": "UAS",
    "las_gold_tokens": "LAS, gold tokens",
    "sentence_f": "sentences F",
    "tag": "tag",
    "pos": "POS",
    "morph": "morph",
    "lemma": "lemma",
}

COST_ROWS = {
    "words_per_second": "words per second (separated by whitespace)",
    "tokens_per_second": "tokens per second (the pipeline's)",
    "load_seconds": "seconds to load, after `import spacy`",
    "peak_memory_mb": "peak memory, MB",
    "size_mb": "on disk, MB",
}


def write_card(card: Path, reports: Path) -> str:
    """Return the card's text with every marked section brought up to date."""

    def fill(match: re.Match[str]) -> str:
        name = match["name"]
        if match["kind"] == "ablations":
            return f"{match[1]}\n{ablation_table(reports / 'ablations.jsonl')}\n{match[4]}"
        if match["kind"] == "seeds":
            return f"{match[1]}\n{seed_table(reports, name)}\n{match[4]}"
        path = reports / f"{name}.json" if match["kind"] == "scores" else card.parent / name / "meta.json"
        if not path.exists():
            return match[0]
        content = json.loads(path.read_text(encoding="utf8"))
        table = score_tables(content) if match["kind"] == "scores" else source_table(content)
        return f"{match[1]}\n{table}\n{match[4]}"

    return MARKERS.sub(fill, card.read_text(encoding="utf8"))


def score_tables(report: dict[str, Any]) -> str:
    """Return Markdown tables: token layers, entities, cost."""
    scores = report["scores"]
    parsed = {SET_NAMES[name]: values for name, values in scores.items() if "las" in values}
    named = {SET_NAMES[name]: values for name, values in scores.items() if "ner" in values}
    labels = sorted({label for values in named.values() for label in values["ner_by_label"]})
    parts = [
        f"Version {report['version']}, spaCy {report['spacy']}.",
        table(
            ["", "tokens", *TOKEN_COLUMNS.values()],
            [
                [name, str(values["tokens"]), *(number(values[column]) for column in TOKEN_COLUMNS)]
                for name, values in parsed.items()
            ],
        ),
        table(
            ["entities", "P", "R", "F", *(f"{label} F" for label in labels)],
            [
                [
                    name,
                    *(number(values["ner"][column]) for column in "prf"),
                    *(number(values["ner_by_label"].get(label, {}).get("f")) for label in labels),
                ]
                for name, values in named.items()
            ],
        ),
        table(["cost", ""], [[row, str(report["cost"][key])] for key, row in COST_ROWS.items()]),
    ]
    return "\n\n".join(parts) + "\n"


def ablation_table(path: Path) -> str:
    """Return a row for each variant, with its scores on the small development set."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf8").splitlines()]
    scores = ("dep_las", "dep_uas", "tag_acc", "lemma_acc", "ents_f")
    return (
        table(
            ["variant", "LAS", "UAS", "tag", "lemma", "entities F"],
            [[row["what"], *(number(100 * row[score]) for score in scores)] for row in rows],
        )
        + "\n"
    )


def seed_table(reports: Path, name: str) -> str:
    """LAS and F of entities of each seed and of the shipped pipeline, on every set that has them."""
    paths = {path.stem.rpartition("-")[2]: path for path in sorted(reports.glob(f"{name}-seed-*.json"))}
    rows = {f"seed {seed}": path for seed, path in paths.items()} | {"shipped": reports / f"{name}.json"}
    scores = {row: json.loads(path.read_text(encoding="utf8"))["scores"] for row, path in rows.items()}
    sets = scores["shipped"]
    cells = [(key, "las") for key in sets if "las" in sets[key]]
    cells += [(key, "ner") for key in sets if "ner" in sets[key]]
    header = [f"{'LAS' if kind == 'las' else 'entities F'}, {SET_NAMES[key]}" for key, kind in cells]
    lines = [
        [row, *(number(s[key]["las"] if kind == "las" else s[key]["ner"]["f"]) for key, kind in cells)]
        for row, s in scores.items()
    ]
    return table(["", *header], lines) + "\n"


def source_table(meta: dict[str, Any]) -> str:
    """Return every source that the weights were trained on, with its licence."""
    rows = [
        [f"[{source['name']}]({source['url']})", source["license"], source["author"]]
        for source in meta["sources"]
    ]
    return table(["source", "licence", "by"], rows) + "\n"


def table(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def number(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("card", type=Path)
    parser.add_argument("reports", type=Path, help="folder with NAME.json")
    args = parser.parse_args()
    args.card.write_text(write_card(args.card, args.reports), encoding="utf8")


if __name__ == "__main__":
    main()
