"""Count a pipeline's mistakes on gold documents by kind, with an example of each.

    python scripts/analyse_errors.py en_claimtable DEV.spacy… -o ERRORS.md

A kind of parsing mistake is a relation with what became of it: another head, another label, or both. A kind of entity mistake
is a label with what became of it: missed, spurious, another label, other borders. Mistakes are weighted by what they cost a
table of claims: a wrong subject, object, number or entity changes a row, a wrong adverb hardly ever does.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import spacy
from spacy.tokens import Doc, DocBin, Span, Token
from spacy.training import Example

WEIGHTS = {
    **dict.fromkeys(("nsubj", "nsubj:pass", "obj", "nummod", "ROOT", "ccomp", "entity"), 3.0),
    **dict.fromkeys(
        ("obl", "obl:tmod", "conj", "nmod", "xcomp", "advcl", "acl", "acl:relcl", "parataxis"), 2.0
    ),
    **dict.fromkeys(("compound", "amod", "appos", "nmod:poss", "flat", "csubj", "iobj"), 1.5),
    "punct": 0.0,
}
"""What one mistake costs, 1 for relations that are not named: a judgement, by which cells of a row hang on the relation."""

KINDS = 50
CONTEXT = 8
"""Tokens shown before and after the mistake."""


def parse_mistakes(predicted: Doc, gold: Doc) -> Iterator[tuple[str, float, Token]]:
    """Return kind, cost and token of each wrong relation; both documents have the same tokens."""
    for token, right in zip(predicted, gold, strict=True):
        if not right.dep_ or right.dep_ == "punct":
            continue
        same_head = token.head.i == right.head.i
        if same_head and token.dep_ == right.dep_:
            continue
        if same_head:
            kind = f"{right.dep_} labelled {token.dep_}"
        elif token.dep_ == right.dep_:
            kind = f"{right.dep_} hung on the wrong word"
        else:
            kind = f"{right.dep_} taken for {token.dep_} of another word"
        yield kind, WEIGHTS.get(right.dep_, 1.0), token


def entity_mistakes(predicted: Doc, gold: Doc) -> Iterator[tuple[str, float, Span]]:
    """Return kind, cost and span of each wrong entity."""
    found = {(ent.start, ent.end): ent for ent in predicted.ents}
    wanted = {(ent.start, ent.end): ent for ent in gold.ents}
    cost = WEIGHTS["entity"]
    for place, ent in wanted.items():
        other = found.get(place)
        span = predicted[ent.start : ent.end]
        if other is not None and other.label_ != ent.label_:
            yield f"{ent.label_} labelled {other.label_}", cost, span
        elif other is None:
            overlaps = any(start < ent.end and ent.start < end for start, end in found)
            yield f"{ent.label_} with other borders" if overlaps else f"{ent.label_} missed", cost, span
    for (start, end), ent in found.items():
        if not any(s < end and start < e for s, e in wanted):
            yield f"{ent.label_} spurious", cost, ent


def show(doc: Doc, start: int, end: int) -> str:
    """Return the mistake in bold with its neighbours, for a table cell."""
    before, middle, after = doc[max(0, start - CONTEXT) : start], doc[start:end], doc[end : end + CONTEXT]
    text = f"{before.text} **{middle.text}** {after.text}"
    return " ".join(text.replace("|", "/").split())


def analyse(pipeline: Path, paths: list[Path]) -> str:
    """Return as Markdown the costliest kinds, with number, cost and one example each."""
    nlp = spacy.load(pipeline)
    numbers: Counter[str] = Counter()
    costs: Counter[str] = Counter()
    examples: dict[str, list[str]] = defaultdict(list)
    words = 0
    for path in paths:
        golds = [doc for doc in DocBin().from_disk(path).get_docs(nlp.vocab) if len(doc)]
        given = [Doc(nlp.vocab, [t.text for t in doc], [bool(t.whitespace_) for t in doc]) for doc in golds]
        for predicted, gold in zip(nlp.pipe(given), golds, strict=True):
            Example(predicted, gold)  # refuses documents that do not belong together
            words += len(gold)
            mistakes = [(k, c, t.i, t.i + 1) for k, c, t in parse_mistakes(predicted, gold)]
            mistakes += [(k, c, s.start, s.end) for k, c, s in entity_mistakes(predicted, gold)]
            for kind, cost, start, end in mistakes:
                numbers[kind] += 1
                costs[kind] += cost
                examples[kind].append(show(predicted, start, end))
    total = sum(costs.values())
    lines = ["| # | kind | mistakes | share of the cost | example |\n|---|---|---|---|---|"]
    for rank, (kind, cost) in enumerate(costs.most_common(KINDS), 1):
        example = examples[kind][len(examples[kind]) // 2]
        lines.append(f"| {rank} | {kind} | {numbers[kind]} | {cost / total:.1%} | {example} |")
    head = f"{sum(numbers.values()):,} mistakes in {words:,} tokens of {', '.join(path.stem for path in paths)}, gold tokens."
    return "\n".join([head, "", *lines])


def main() -> None:
    parser = argparse.ArgumentParser(description="Count a pipeline's mistakes by kind.")
    parser.add_argument("pipeline", type=Path)
    parser.add_argument("gold", type=Path, nargs="+", help="DocBin files")
    parser.add_argument(
        "-o", "--output", type=Path, help="Markdown file; between its markers, the table is replaced"
    )
    args = parser.parse_args()
    table = analyse(args.pipeline, args.gold)
    if args.output is None:
        print(table)
        return
    text = args.output.read_text("utf-8") if args.output.exists() else f"{START}\n{END}\n"
    before, _, rest = text.partition(START)
    args.output.write_text(f"{before}{START}\n{table}\n{END}{rest.partition(END)[2]}", "utf-8")


START = "<!-- mistakes -->"
END = "<!-- /mistakes -->"

if __name__ == "__main__":
    main()
