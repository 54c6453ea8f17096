"""Retrain the entity recogniser of a pipeline on names that people confirmed.

``retrain_entities.py PIPELINE DATA OUTPUT``, where DATA holds the ``train.spacy`` and ``dev.spacy`` of
``claimtable train-data``. Prints the score on ``dev.spacy`` before and after.

People confirm each actor once, so most tokens are missing values. To learn the confirmed names without forgetting the
others, a missing stretch is trained towards what the pipeline said of it before.
"""

import argparse
import random
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.scorer import get_ner_prf
from spacy.tokens import Doc, DocBin, Span
from spacy.training import Example
from spacy.util import minibatch
from thinc.api import Adam

LEARN_RATE = 0.0003
"""Of Adam; half the rate at which the recogniser's own training ends its warm-up. Hand-set."""
BATCH_DOCS = 8
DROPOUT = 0.1
MIX = 4
"""Other texts for each reviewed one. Hand-set."""


def read(nlp: Language, path: Path) -> list[Doc]:
    return list(DocBin().from_disk(path).get_docs(nlp.vocab))


def with_own_names(nlp: Language, gold: Doc) -> Doc:
    """The document with the confirmed names, and the pipeline's own where nothing was confirmed."""
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
    """Precision, recall and F of the confirmed names; a name found in a stretch without confirmed ones is neither."""
    examples = [Example(nlp(bare(nlp, gold)), gold) for gold in golds]
    scores = get_ner_prf(examples)
    return {name: scores[f"ents_{name}"] or 0.0 for name in "prf"}


def retrain(nlp: Language, golds: list[Doc], others: list[Doc], *, steps: int, seed: int) -> None:
    """Updates the recogniser alone, in place; `others` are texts to be read as before, up to `MIX` for each gold one."""
    random.seed(seed)
    spacy.util.fix_random_seed(seed)
    references = [with_own_names(nlp, gold) for gold in golds if gold.has_annotation("ENT_IOB")]
    if not references:
        raise SystemExit("no text has a confirmed name: nothing to train on")
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
        "--mix", type=Path, help="a .spacy file of other texts, mixed in so that less is forgotten"
    )
    parser.add_argument("--also", type=Path, help="a fully annotated .spacy file, to see what was forgotten")
    args = parser.parse_args(arguments)
    nlp = spacy.load(args.pipeline)
    tests = {"confirmed names": read(nlp, args.data / "dev.spacy")}
    if args.also:
        tests[args.also.stem] = read(nlp, args.also)
    before = {name: score(nlp, golds) for name, golds in tests.items()}
    others = read(nlp, args.mix) if args.mix else []
    retrain(nlp, read(nlp, args.data / "train.spacy"), others, steps=args.steps, seed=args.seed)
    after = {name: score(nlp, golds) for name, golds in tests.items()}
    for name in tests:
        report(name, before[name], after[name])
    nlp.to_disk(args.output)
    return {"before": before, "after": after}


if __name__ == "__main__":
    main()
