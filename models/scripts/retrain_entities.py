"""Retrain the entity recogniser of a pipeline on names that people confirmed.

``retrain_entities.py PIPELINE DATA OUTPUT``, where DATA holds the ``train.spacy`` and ``dev.spacy`` of
``claimtable train-data``. Prints what the pipeline finds of ``dev.spacy`` before and after: the confirmed names, and the
claims as people left them.

People confirm each actor once, so most tokens are missing values. To learn the confirmed names without forgetting the
others, a missing stretch is trained towards what the pipeline said of it before.
"""

import argparse
import random
import sys
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.scorer import get_ner_prf
from spacy.tokens import Doc, DocBin, Span
from spacy.training import Example
from spacy.util import minibatch
from thinc.api import Adam

import claimtable
from claimtable.docbin import SPANS_KEY
from claimtable.schema import SAME_PLACE, Document, Offsets, Section, overlap

LEARN_RATE = 0.0003
"""Of Adam; half the rate at which the recogniser's own training ends its warm-up. Hand-set."""
BATCH_DOCS = 8
DROPOUT = 0.1
MIX = 4
"""Other texts for each reviewed one. Hand-set."""


def read(nlp: Language, path: Path) -> list[Doc]:
    if not path.exists():
        raise SystemExit(f"{path} is missing: write it with claimtable train-data -o {path.parent}")
    return list(DocBin().from_disk(path).get_docs(nlp.vocab))


def read_others(nlp: Language, path: Path) -> list[Doc]:
    """Return texts to mix in: a .spacy file, or the paragraphs of the texts in a folder."""
    if not path.is_dir():
        return read(nlp, path)
    texts = (file.read_text(encoding="utf-8") for file in sorted(path.rglob("*.txt")))
    return [nlp.make_doc(part) for text in texts for part in text.split("\n\n") if part.strip()]


def with_own_names(nlp: Language, gold: Doc) -> Doc:
    """Return the document with the confirmed names, and the pipeline's own where nothing was confirmed."""
    doc = nlp(bare(nlp, gold))
    confirmed = [Span(doc, ent.start, ent.end, ent.label) for ent in gold.ents]
    taken = {token.i for ent in confirmed for token in ent} | {
        token.i for token in gold if token.ent_iob_ == "O"
    }
    own = [ent for ent in doc.ents if not taken.intersection(range(ent.start, ent.end))]
    doc.set_ents([*confirmed, *own], default="outside")
    return doc


def bare(nlp: Language, doc: Doc) -> Doc:
    return Doc(nlp.vocab, words=[t.text for t in doc], spaces=[bool(t.whitespace_) for t in doc])


def score(nlp: Language, golds: list[Doc]) -> dict[str, float]:
    """Return precision, recall and F of the confirmed names; a name found in a stretch without confirmed ones is neither."""
    examples = [Example(nlp(bare(nlp, gold)), gold) for gold in golds]
    scores = get_ner_prf(examples)
    return {name: scores[f"ents_{name}"] or 0.0 for name in "prf"}


def named(golds: list[Doc]) -> list[Doc]:
    """Return the texts in which a name was confirmed."""
    return [gold for gold in golds if gold.ents]


def score_claims(pipeline: str | Path, golds: list[Doc]) -> dict[str, float]:
    """Return precision, recall and F of the claims that people left or added, each found about where it stands."""
    nlp = claimtable.load(str(pipeline))
    found = wanted = right = 0
    for number, gold in enumerate(golds):
        document = Document(str(number), gold.text, sections=(Section(0, len(gold.text), "body"),))
        ours = [(claim.start, claim.end) for claim in claimtable.extract([document], nlp)]
        theirs = [(s.start_char, s.end_char) for s in gold.spans.get(SPANS_KEY, ()) if s.label_ == "Claim"]
        found, wanted, right = found + len(ours), wanted + len(theirs), right + matched(ours, theirs)
    p, r = right / found if found else 0.0, right / wanted if wanted else 0.0
    return {"p": p, "r": r, "f": 2 * p * r / (p + r) if right else 0.0}


def matched(ours: list[Offsets], theirs: list[Offsets]) -> int:
    """Return how many spans stand in the same place, one to one."""
    left = list(theirs)
    for one in ours:
        best = max(left, key=lambda other: overlap(one, other), default=None)
        if best is not None and overlap(one, best) >= SAME_PLACE:
            left.remove(best)
    return len(theirs) - len(left)


def retrain(nlp: Language, golds: list[Doc], others: list[Doc], *, steps: int, seed: int) -> None:
    """Update the recogniser alone, in place; `others` are texts to be read as before, up to `MIX` for each gold one."""
    random.seed(seed)
    spacy.util.fix_random_seed(seed)
    references = [with_own_names(nlp, gold) for gold in named(golds)]
    if not references:
        raise SystemExit(
            "train.spacy has no confirmed name, so there is nothing to train on: people confirm names in projects by article "
            "(claimtable review setup --by article), where each actor is marked once"
        )
    kept = random.sample(others, min(len(others), MIX * len(references)))
    references += [with_own_names(nlp, doc) for doc in kept]
    # The shipped pipelines come without the settings of their training.
    optimizer = Adam(LEARN_RATE, grad_clip=1.0, use_averages=False)
    frozen = [name for name in nlp.pipe_names if name != "ner"]
    # A shared encoder stays as it is: it only reads.
    encoder = [name for name in frozen if name == "tok2vec"]
    step = 0
    while step < steps:
        random.shuffle(references)
        for batch in minibatch(references, BATCH_DOCS):
            examples = [Example(bare(nlp, doc), doc) for doc in batch]
            nlp.update(examples, sgd=optimizer, drop=DROPOUT, exclude=frozen, annotates=encoder)
            step += 1
            if step == steps:
                break


def report(title: str, before: dict[str, float], after: dict[str, float]) -> None:
    print(f"{title:24}{'precision':>10}{'recall':>10}{'F':>10}")
    for name, scores in (("before", before), ("after", after)):
        print(f"{name:24}" + "".join(f"{100 * scores[key]:>10.1f}" for key in "prf"))


def main(arguments: list[str] | None = None) -> dict[str, Any]:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pipeline", help="folder of a trained pipeline")
    parser.add_argument("data", type=Path, help="folder with train.spacy and dev.spacy")
    parser.add_argument("output", type=Path, help="where the retrained pipeline goes")
    parser.add_argument("--steps", type=int, default=200, help=f"updates, {BATCH_DOCS} texts each")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--mix",
        type=Path,
        help="a .spacy file, or a folder of .txt files, of other texts, mixed in so that less is forgotten",
    )
    parser.add_argument("--also", type=Path, help="a fully annotated .spacy file, to see what was forgotten")
    args = parser.parse_args(arguments)
    args.output.parent.mkdir(parents=True, exist_ok=True)
    nlp = spacy.load(args.pipeline)
    held_out, golds = read(nlp, args.data / "dev.spacy"), read(nlp, args.data / "train.spacy")
    tests = {"confirmed names": named(held_out)}
    if args.also:
        tests[args.also.stem] = read(nlp, args.also)
    if empty := [
        what for what, docs in (("text", held_out), ("confirmed name", named(held_out))) if not docs
    ]:
        print(
            f"dev.spacy holds no {empty[0]}, so nothing will show what this training does to your texts: review more "
            "articles, or give claimtable train-data a larger --dev-share",
            file=sys.stderr,
        )
    tests = {name: docs for name, docs in tests.items() if docs}
    before = {name: score(nlp, docs) for name, docs in tests.items()}
    others = read_others(nlp, args.mix) if args.mix else []
    retrain(nlp, golds, others, steps=args.steps, seed=args.seed)
    after = {name: score(nlp, docs) for name, docs in tests.items()}
    nlp.to_disk(args.output)
    if held_out:
        before["claims"], after["claims"] = (
            score_claims(path, held_out) for path in (args.pipeline, args.output)
        )
    print(f"{len(named(golds))} texts with confirmed names to learn from, {len(held_out)} kept apart")
    for name in before:
        report(name, before[name], after[name])
    return {"before": before, "after": after}


if __name__ == "__main__":
    main()
