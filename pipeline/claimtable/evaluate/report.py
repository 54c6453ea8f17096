"""Evaluations as text to work from, and as plain data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from claimtable.evaluate.measures import Mistake, Score
from claimtable.evaluate.run import Evaluation

_KINDS = ("missed", "spurious", "wrong")


def to_text(evaluations: Sequence[Evaluation], *, errors: int) -> str:
    """Return the scores of each set, of each article, and the mistakes, at most `errors` of each kind."""
    return "\n\n".join("\n".join(_lines(evaluation, errors)) for evaluation in evaluations) + "\n"


def to_json(evaluations: Sequence[Evaluation], *, errors: int) -> str:
    """Return the same as one JSON array."""
    data = [
        {
            "task": evaluation.gold.task,
            "layer": evaluation.gold.layer,
            "gold": evaluation.gold.name,
            "sha256": evaluation.gold.sha256,
            **_score_data(evaluation.score),
            "articles": {name: _score_data(score) for name, score in evaluation.articles.items()},
            "mistakes": [_mistake_data(mistake) for mistake in _most(evaluation.score.mistakes, errors)],
        }
        for evaluation in evaluations
    ]
    return json.dumps(data, ensure_ascii=False, indent=1)


def _score_data(score: Score) -> dict[str, Any]:
    return {
        "counts": {name: counts.to_dict() for name, counts in score.counts.items()},
        "attributes": {name: share.percent for name, share in score.shares.items()},
        "values": score.values,
    }


def _mistake_data(mistake: Mistake) -> dict[str, Any]:
    data = {name: getattr(mistake, name) for name in ("kind", "document", "what", "attribute", "gold")}
    return data | {"extracted": mistake.extracted, "sentence": mistake.context}


def _most(mistakes: Sequence[Mistake], errors: int) -> list[Mistake]:
    """Return the first `errors` mistakes of each kind, and of each attribute."""
    shown: dict[tuple[str, str | None], int] = {}
    out = []
    for mistake in mistakes:
        key = (mistake.kind, mistake.attribute)
        shown[key] = shown.get(key, 0) + 1
        if shown[key] <= errors:
            out.append(mistake)
    return out


def _lines(evaluation: Evaluation, errors: int) -> Iterator[str]:
    score = evaluation.score
    yield f"== {evaluation.gold.task} · {evaluation.gold.name}"
    width = max((len(name) for name in [*score.counts, *score.shares, *evaluation.articles]), default=0)
    if score.counts:
        yield f"{'':{width}}  {'P':>5} {'R':>5} {'F1':>5}  {'right':>6} {'found':>6} {'gold':>6}"
    for name, c in score.counts.items():
        yield (
            f"{name:{width}}  {c.precision:5.1f} {c.recall:5.1f} {c.f1:5.1f}"
            f"  {c.hits:6} {c.extracted:6} {c.gold:6}"
        )
    for name, value in score.values.items():
        yield f"{name:{width}}  {value}"
    if score.shares:
        yield ""
        yield "right where found, %"
        for name, share in score.shares.items():
            percent = "-" if share.percent is None else f"{share.percent:.1f}"
            yield f"{name:{width}}  {percent:>5}  {share.right} of {share.of}"
    if len(evaluation.articles) > 1:
        yield ""
        yield "F1 by article"
        for name, article in evaluation.articles.items():
            figures = "  ".join(f"{measure} {counts.f1:5.1f}" for measure, counts in article.counts.items())
            yield f"{name:{width}}  {figures}"
    if errors:
        yield from _mistakes(score.mistakes, errors)


def _mistakes(mistakes: Sequence[Mistake], errors: int) -> Iterator[str]:
    for kind in _KINDS:
        of_kind = [mistake for mistake in mistakes if mistake.kind == kind]
        attributes = dict.fromkeys(mistake.attribute for mistake in of_kind)
        for attribute in attributes:
            group = [mistake for mistake in of_kind if mistake.attribute == attribute]
            yield ""
            more = f", {errors} shown" if len(group) > errors else ""
            yield f"-- {kind}{f' {attribute}' if attribute else ''}: {len(group)}{more}"
            for mistake in group[:errors]:
                yield from _mistake(mistake)


def _mistake(mistake: Mistake) -> Iterator[str]:
    what = " ".join(mistake.what.split())
    yield f"{mistake.document}: {what}"
    if mistake.kind == "wrong":
        yield f"    gold      {_plain(mistake.gold)}"
        yield f"    extracted {_plain(mistake.extracted)}"
    elif mistake.gold is not None:
        yield f"    gold      {_plain(mistake.gold)}"
    elif mistake.extracted is not None:
        yield f"    extracted {_plain(mistake.extracted)}"
    context = " ".join(mistake.context.split())
    if context and context != what:
        yield f"    in        {context}"


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(item)}" for key, item in value.items() if item is not None)
    if isinstance(value, list | tuple):
        return " | ".join(_plain(item) for item in value)
    return "-" if value is None else " ".join(str(value).split())
