"""Runs the pipeline over gold sets and scores what comes out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from spacy.language import Language

from claimtable.errors import EvaluateError
from claimtable.evaluate import actors, claims, quantities, sentences, spans
from claimtable.evaluate.gold import ARTICLE_TASKS, GoldSet, Source
from claimtable.evaluate.measures import Row, Rows, Score, rows_by_document
from claimtable.nlp import layers, pipeline
from claimtable.schema import Document

Reader = Callable[[Iterable[Source]], Iterable[Document]]
"""Turns the sources of a gold set into documents with the same ids, in order."""

_BENCHMARKS: dict[str, Callable[[Sequence[Row], Rows], Score]] = {
    "quantities": quantities.score,
    "times": spans.score_times,
    "entities": spans.score_entities,
    "attributions": spans.score_attributions,
    "future": sentences.score_future,
    "check-worthiness": sentences.score_check_worthy,
    "check-worthiness-ranking": sentences.score_ranking,
}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The score of one gold set, and of each of its articles."""

    gold: GoldSet
    score: Score
    articles: dict[str, Score]
    """By document id; empty for benchmarks."""


def evaluate(sets: Sequence[GoldSet], nlp: Language, read: Reader) -> list[Evaluation]:
    """Extract from the documents of each set and score the rows, in the order of the sets.

    Raises:
        EvaluateError: gold is malformed, or two articles have the same name.
    """
    articles = [gold for gold in sets if gold.task in ARTICLE_TASKS]
    # One run over the articles gives the rows of all their tasks.
    sources = {source.path: source for gold in articles for source in gold.sources}
    names = Counter(source.id for source in sources.values())
    if twice := [name for name, number in names.items() if number > 1]:
        raise EvaluateError(
            f"two gold folders are called {', '.join(twice)}: evaluate them one after the other"
        )
    layers_of_articles = list(dict.fromkeys(gold.layer for gold in articles))
    texts, rows = extract_layers(read(sources.values()), nlp, layers_of_articles)
    out = []
    for gold in sets:
        if gold.task in ARTICLE_TASKS:
            out.append(score_rows(gold, texts, rows[gold.layer]))
        else:
            found = extract_layers(read(gold.sources), nlp, [gold.layer])[1]
            out.append(score_rows(gold, {}, found[gold.layer]))
    return out


def extract_layers(
    documents: Iterable[Document], nlp: Language, names: Sequence[str]
) -> tuple[dict[str, str], dict[str, Rows]]:
    """Return the text of each document by id, and the rows of the layers by name and document id."""
    texts: dict[str, str] = {}
    rows: dict[str, list[Row]] = {name: [] for name in names}
    with layers.restrict(nlp, *names):
        for doc in pipeline.annotate(documents, nlp):
            document = doc._.claimtable_document
            texts[document.id] = document.text
            for name in names:
                rows[name].extend(layers.LAYERS[name].rows(doc))
    return texts, {name: rows_by_document(found) for name, found in rows.items()}


def score_rows(gold: GoldSet, texts: dict[str, str], rows: Rows) -> Evaluation:
    """Score extracted rows against one gold set.

    Args:
        gold: the set.
        texts: for articles, the text of each document by id.
        rows: the rows of the set's layer by document id.
    """
    if gold.task in _BENCHMARKS:
        return Evaluation(gold, _BENCHMARKS[gold.task](gold.gold[0], rows), {})
    total = Score(gold.task)
    articles: dict[str, Score] = {}
    for source, file, lines in zip(gold.sources, gold.files, gold.gold, strict=True):
        found = rows.get(source.id, [])
        try:
            if gold.task == "claims":
                expected = [claims.GoldClaim.from_dict(line) for line in lines]
                score = claims.score_article(source.id, texts.get(source.id, ""), expected, found)
            else:
                score = actors.score_article(source.id, lines, found)
        except (KeyError, TypeError) as error:
            raise EvaluateError(f"{file}: a line lacks a field ({error}): correct it") from error
        articles[source.id] = score
        total.add(score)
    return Evaluation(gold, total, articles)
