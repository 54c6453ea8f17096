"""Layers that are ranges of text: times, entities, attributions."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence

from claimtable.evaluate.measures import Counts, Mistake, Row, Rows, Score
from claimtable.evaluate.wording import overlap, sentence_around

_TOKEN = re.compile(r"\w+")
RELATION_OVERLAP = 0.5
PARTS = ("source", "cue", "content")

_Range = tuple[int, int]


def score_times(gold: Sequence[Row], rows: Rows) -> Score:
    """Score time expressions as TempEval-3 does.

    Each gold expression takes the extracted one that overlaps it most. `strict`: same offsets;
    `relaxed`: any overlap; `type`, `value`: overlap and the same TIMEX3 type or value.
    """
    score = Score("times")
    for item in gold:
        document, text = str(item["id"]), item["text"]
        free = list(rows.get(document, []))
        for name in ("strict", "relaxed", "type", "value"):
            score.counts[name] += Counts(0, len(free), len(item["times"]))
        for g in item["times"]:
            span = (g["start"], g["end"])
            touching = [row for row in free if overlap(span, (row["start"], row["end"]))]
            words = text[g["start"] : g["end"]]
            context = sentence_around(text, *span)
            if not touching:
                score.mistakes.append(Mistake("missed", document, words, gold=g["value"], context=context))
                continue
            row = max(touching, key=lambda r: overlap(span, (r["start"], r["end"])))
            free.remove(row)
            right = {
                "strict": (row["start"], row["end"]) == span,
                "relaxed": True,
                "type": row.get("type") == g["type"],
                "value": row.get("value") == g["value"],
            }
            for name, ok in right.items():
                score.counts[name] += Counts(int(ok), 0, 0)
            for name, ok in right.items():
                if not ok:
                    expected = words if name == "strict" else g[name]
                    found = row.get("text") if name == "strict" else row.get(name)
                    score.mistakes.append(Mistake("wrong", document, words, name, expected, found, context))
        score.mistakes += [
            Mistake("spurious", document, row["text"], extracted=row.get("value"), context=text[:200])
            for row in free
        ]
    return score


def score_entities(gold: Sequence[Row], rows: Rows) -> Score:
    """Score entities by offsets and label, over all and by label; labels that gold never uses are left out."""
    score = Score("entities")
    labels = {entity["label"] for item in gold for entity in item["entities"]}
    for item in gold:
        document, text = str(item["id"]), item["text"]
        expected = {(e["start"], e["end"], e["label"]) for e in item["entities"]}
        found = {(e["start"], e["end"], e["label"]) for e in rows.get(document, []) if e["label"] in labels}
        for name in ("all", *sorted(labels)):
            g, p = ({x for x in xs if name in ("all", x[2])} for xs in (expected, found))
            score.counts[name] += Counts(len(g & p), len(p), len(g))
        for start, end, label in sorted(expected - found):
            context = sentence_around(text, start, end)
            score.mistakes.append(Mistake("missed", document, text[start:end], gold=label, context=context))
        for start, end, label in sorted(found - expected):
            context = sentence_around(text, start, end)
            score.mistakes.append(
                Mistake("spurious", document, text[start:end], extracted=label, context=context)
            )
    return score


def score_attributions(gold: Sequence[Row], rows: Rows) -> Score:
    """Score attributions by their words, after Newell et al. (PolNeAR, LREC 2018).

    `token_x`: words that are in any source, cue or content; `exact_x`: parts with the same words;
    `relation`: an extracted attribution with content overlapping (intersection over union at least 0.5)
    and a source that shares a word, or no source in both.
    """
    score = Score("attributions")
    for item in gold:
        document, text = str(item["id"]), item["text"]
        word_ids = _word_ids(text)
        extracted, expected = rows.get(document, []), item["attributions"]
        for part in PARTS:
            g_sets = [word_ids(x.get(part) or []) for x in expected]
            p_sets = [word_ids(x.get(part) or []) for x in extracted]
            g_all, p_all = frozenset().union(*g_sets), frozenset().union(*p_sets)
            score.counts[f"token_{part}"] += Counts(len(g_all & p_all), len(p_all), len(g_all))
            g_exact = {s for s, x in zip(g_sets, expected, strict=True) if x.get(part)}
            p_exact = {s for s, x in zip(p_sets, extracted, strict=True) if x.get(part)}
            score.counts[f"exact_{part}"] += Counts(len(g_exact & p_exact), len(p_exact), len(g_exact))
        score.counts["relation"] += _relations(score.mistakes, document, text, word_ids, expected, extracted)
    return score


_Words = frozenset[int]


def _relations(
    mistakes: list[Mistake],
    document: str,
    text: str,
    word_ids: Callable[[Iterable[Sequence[int]]], _Words],
    expected: Sequence[Row],
    extracted: Sequence[Row],
) -> Counts:
    free = [(word_ids(x.get("source") or []), word_ids(x.get("content") or []), x) for x in extracted]
    hits = 0
    for g in expected:
        source, content = word_ids(g.get("source") or []), word_ids(g.get("content") or [])
        if not content:
            continue
        best = max(free, key=lambda p: _iou(content, p[1]), default=None)
        if best is None or _iou(content, best[1]) < RELATION_OVERLAP:
            mistakes.append(_attribution_mistake("missed", document, text, g))
            continue
        free.remove(best)
        if bool(source & best[0]) or not (source or best[0]):
            hits += 1
        else:
            found = _surface(text, best[2].get("source"))
            wanted = _surface(text, g.get("source"))
            what = _surface(text, g.get("content"))
            mistakes.append(Mistake("wrong", document, what, "source", wanted, found))
    mistakes.extend(_attribution_mistake("spurious", document, text, x) for _, _, x in free)
    return Counts(hits, len(extracted), sum(1 for g in expected if g.get("content")))


def _attribution_mistake(kind: str, document: str, text: str, x: Row) -> Mistake:
    parts = {part: _surface(text, x.get(part)) for part in PARTS}
    if kind == "missed":
        return Mistake("missed", document, parts["content"], gold=parts)
    return Mistake("spurious", document, parts["content"], extracted=parts)


def _surface(text: str, ranges: Iterable[Sequence[int]] | None) -> str:
    return " … ".join(" ".join(text[a:b].split()) for a, b in ranges or ())


def _word_ids(text: str) -> Callable[[Iterable[Sequence[int]]], _Words]:
    places = [match.span() for match in _TOKEN.finditer(text)]
    starts = [start for start, _ in places]
    ends = [end for _, end in places]

    def ids(ranges: Iterable[Sequence[int]]) -> _Words:
        return frozenset(i for a, b in ranges for i in range(bisect_right(ends, a), bisect_left(starts, b)))

    return ids


def _iou(a: _Words, b: _Words) -> float:
    return len(a & b) / len(a | b) if a | b else 1.0
