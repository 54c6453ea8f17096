"""Prints how often each line of each table proposed and won, and was right or wrong, as a tab-separated table.

python tools/rule_coverage.py                   all gold of the checkout and beside it, and the texts of ../shared/data/texts
python tools/rule_coverage.py --texts FILE --words 100000 GOLD ...

right, wrong    on gold: for a cell of a row, whether it is right in rows that gold has; for a line that denies a prediction or a
                quantity, whether gold has none there
alone           how often nothing else proposed the same as the winner did
Lines without a table stand in code; of those only what won is known. A line that decides nothing should go.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from claimtable import ingest, rules
from claimtable.cli.evaluate import read_sources
from claimtable.cli.run import Run
from claimtable.evaluate.claims import GoldClaim, is_right, match
from claimtable.evaluate.gold import find_gold
from claimtable.evaluate.wording import fold, locate
from claimtable.nlp import pipeline
from claimtable.nlp.lines import Trace, cell_ids, tracing

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
GOLD = (
    *(ROOT / "annotations" / name for name in ("gold", "gold-claims", "gold-open")),
    *(SHARED / name for name in ("gold", "gold-kinds")),
)
TEXTS = SHARED / "data" / "texts"
TABLES = {
    "subject": "subject_lines",
    "speaker": "quotation_lines",
    "prediction": "prediction_lines",
    "no quantity": "quantity_exclusions",
}
"""Cell of a choice → the table whose lines propose for it."""
COLUMNS = ("table", "line", "proposed", "won", "alone", "right", "wrong", "proposed_in_texts", "won_in_texts")
Tally = Counter[tuple[str, str, str]]
"""(cell, line, column) → how often."""


def count_choices(trace: Trace, tally: Tally, suffix: str = "") -> None:
    """Count who proposed and who won."""
    for recorded in trace.recorded:
        if recorded.cell not in TABLES:
            continue
        choice = recorded.choice
        # A line may lead to several tokens: it proposes once.
        for line in {c.line for c in (choice.winner, *choice.losers)}:
            tally[recorded.cell, line, f"proposed{suffix}"] += 1
        tally[recorded.cell, choice.winner.line, f"won{suffix}"] += 1
        agreeing = {c.line for c in choice.losers if c.agrees_with(choice.winner)} - {choice.winner.line}
        if not suffix and not agreeing:
            tally[recorded.cell, choice.winner.line, "alone"] += 1


def count_gold(paths: Sequence[Path], tally: Tally) -> None:
    """Count the choices made on gold documents, and how right they are."""
    nlp = pipeline.load()
    for found in (x for x in find_gold([p for p in paths if p.exists()]) if x.task == "claims"):
        for source, lines in zip(found.sources, found.gold, strict=True):
            gold = [GoldClaim.from_dict(line) for line in lines]
            with tracing() as trace:
                (doc,) = pipeline.annotate(read_sources([source], Run()), nlp)
            count_choices(trace, tally)
            text = doc._.claimtable_document.text
            rows = [claim.to_dict() for claim in doc._.claimtable_claims]
            missed = []
            for g, row in match(text, gold, rows).pairs:
                if row is None:
                    missed.append(g)
                elif not g.optional:
                    count_cells(g, row, tally)
            count_denials(trace, text, missed, tally)


def count_cells(gold: GoldClaim, row: dict[str, object], tally: Tally) -> None:
    """Count for each cell of a row whether the line that chose it is right."""
    attributes = {"figure": "value", "subject": "subject", "time": "time", "speaker": "speaker"}
    for cell, line in cell_ids(str(row["rule"])).items():
        name = attributes.get(cell, cell)
        right = True if cell == "kind" else is_right(name, gold, row)
        base = line.partition("+")[0] if cell == "subject" else line
        tally[cell, base, "right" if right else "wrong"] += 1
        if cell not in TABLES or base.partition(".")[0] not in ("quote",):
            tally[cell, base, "row"] += 1


def count_denials(trace: Trace, text: str, missed: Sequence[GoldClaim], tally: Tally) -> None:
    """Count a line that denies something as wrong where gold has it in that place, and it was missed."""
    folded = fold(text)
    places = [(g, locate(folded, fold(g.quote))) for g in missed if not g.optional]
    for recorded in trace.recorded:
        if recorded.cell not in ("prediction", "no quantity"):
            continue
        at = len(fold(text[: recorded.at]))
        wrong = any(
            place is not None
            and place[0] <= at < place[1]
            and (recorded.cell == "no quantity" or g.kind == "prediction")
            for g, place in places
        )
        tally[recorded.cell, recorded.choice.winner.line, "wrong" if wrong else "right"] += 1


def count_texts(path: Path, words: int | None, tally: Tally) -> int:
    """Count the choices made on texts without gold, and return how many words they have."""
    nlp = pipeline.load()
    done = 0
    for document in ingest.read([str(path)]):
        with tracing() as trace:
            docs = list(pipeline.annotate([document], nlp, on_error=lambda _: None, keep=False))
        count_choices(trace, tally, "_in_texts")
        for claim in chain.from_iterable(doc._.claimtable_claims for doc in docs):
            for cell, line in cell_ids(claim.rule).items():
                tally[cell, line.partition("+")[0] if cell == "subject" else line, "row_in_texts"] += 1
        done += len(document.text.split())
        if words is not None and done >= words:
            break
    return done


def table(tally: Tally) -> Iterator[tuple[object, ...]]:
    """Yield the rows: first the lines of the tables, in their order, then those in code."""
    seen = set()
    for cell, name in TABLES.items():
        for row in rules.table(name):
            seen.add((cell, row["id"]))
            yield (name, row["id"], *(tally[cell, row["id"], column] for column in COLUMNS[2:]))
    for cell, line in sorted({(cell, line) for cell, line, _ in tally} - seen):
        counts = [tally[cell, line, x] for x in ("row", "right", "wrong", "row_in_texts")]
        yield f"code: {cell}", line, "", counts[0], "", counts[1], counts[2], "", counts[3]


def main() -> None:
    """Count, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path, nargs="*", help="folders with gold")
    parser.add_argument("--texts", type=Path, default=TEXTS, help="documents without gold")
    parser.add_argument("--words", type=int, help="read no more words of them")
    args = parser.parse_args()
    tally: Tally = Counter()
    count_gold(args.gold or GOLD, tally)
    if args.texts.exists():
        words = count_texts(args.texts, args.words, tally)
        print(f"{words:,} words of texts", file=sys.stderr)
    print("\t".join(COLUMNS))
    for row in table(tally):
        print("\t".join(map(str, row)))


if __name__ == "__main__":
    main()
