"""Parses the examples and near misses of tables of lines once, so that their tests need no model.

python tools/store_parses.py                     every table of lines; keeps what is stored, adds what is new, drops what is gone
python tools/store_parses.py subject_lines       one table
python tools/store_parses.py tests/cases/claims.jsonl    the field `text` of cases, stored as `claims`
python tools/store_parses.py --all ...           parses everything anew (after a new model)
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.stored import parses, to_doc, write  # noqa: E402

from claimtable import rules  # noqa: E402
from claimtable.nlp import pipeline  # noqa: E402
from claimtable.nlp.lines.tables import marked, tables_of_lines  # noqa: E402


def texts_of(source: str) -> tuple[str, list[str]]:
    """Return the name under which the texts of a table or of a file of cases are stored, and the texts."""
    if source.endswith(".jsonl"):
        lines = Path(source).read_text(encoding="utf-8").splitlines()
        return Path(source).stem, sorted({json.loads(line)["text"] for line in lines})
    examples = (row[column] for row in rules.table(source) for column in ("example", "near_miss"))
    return source, sorted({marked(example).text for example in examples})


def main() -> None:
    """Parse what is not stored yet, and write the files."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sources", nargs="*", metavar="TABLE_OR_CASES")
    parser.add_argument("--all", action="store_true", help="parse anew what is stored too")
    args = parser.parse_args()
    nlp = None
    for source in args.sources or tables_of_lines():
        name, texts = texts_of(source)
        stored = {} if args.all else parses(name)
        new = [text for text in texts if text not in stored]
        if new and nlp is None:
            nlp = pipeline.load()
            nlp.select_pipes(disable=list(pipeline.COMPONENTS))
        docs = list(nlp.pipe(new)) if nlp is not None else []
        write(name, [*docs, *(to_doc(stored[text]) for text in texts if text in stored)])
        print(f"{name}: {len(new)} parsed, {len(texts) - len(new)} kept")


if __name__ == "__main__":
    main()
