"""Quantity mentions against the NewsQuant form: a sentence, its values, changes and units, without offsets.

A gold quantity is found by an extracted one of the same value (both ends for a range), not yet
taken; among several the one with the right unit, then the right change. The unit is right when its
code stands for a name that gold gives, or its head noun is one of gold's words; the change when its
symbol is the same (`=` for a plain value, `<` and `>` with or without equality).
Follows Almasian et al., CQE: A Comprehensive Quantity Extractor (EMNLP 2023).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from importlib import resources

from claimtable.evaluate.measures import Counts, Mistake, Row, Rows, Score, close
from claimtable.evaluate.wording import singular

_RANGE = re.compile(r"\s*(-?[\d.]+(?:E[+-]?\d+)?)\s*-\s*(-?[\d.]+(?:E[+-]?\d+)?)\s*")
_CHANGES = {"<=": "<", ">=": ">"}
MEASURES = ("value", "value+change", "value+unit", "value+unit+change")


def score(gold: Sequence[Row], rows: Rows) -> Score:
    """Score sentences; the n-th gold sentence belongs to the document with id n, counted from 0."""
    result = Score("quantities")
    for number, sentence in enumerate(gold):
        document = str(number)
        free = list(rows.get(document, []))
        for name in MEASURES:
            result.counts[name] += Counts(0, len(free), len(sentence["quantities"]))
        for g in sentence["quantities"]:
            value = _gold_value(str(g["value"]))
            candidates = [row for row in free if _same_value(value, row)]
            if not candidates:
                result.mistakes.append(
                    Mistake("missed", document, str(g["value"]), gold=dict(g), context=sentence["text"])
                )
                continue
            change = g.get("change", "=")
            best = max(candidates, key=lambda row: (same_unit(g, row), _change(row) == change))
            free.remove(best)
            same_change = _change(best) == g.get("change", _change(best))
            right = {
                "value": True,
                "value+change": same_change,
                "value+unit": (unit := same_unit(g, best)),
                "value+unit+change": same_change and unit,
            }
            for name in MEASURES:
                result.counts[name] += Counts(int(right[name]), 0, 0)
            if not same_change:
                result.mistakes.append(
                    Mistake(
                        "wrong", document, best["text"], "change", change, _change(best), sentence["text"]
                    )
                )
            if not unit:
                names = [g.get("normalized_unit"), g.get("unit")]
                result.mistakes.append(
                    Mistake(
                        "wrong", document, best["text"], "unit", names, best.get("unit"), sentence["text"]
                    )
                )
        for row in free:
            found = {name: row.get(name) for name in ("value", "value_low", "value_high", "unit")}
            result.mistakes.append(
                Mistake("spurious", document, row["text"], extracted=found, context=sentence["text"])
            )
    return result


@functools.cache
def unit_names() -> dict[str, frozenset[str]]:
    """Return the names that gold sets use for each of our unit codes."""
    lines = resources.files(__package__).joinpath("unit_names.tsv").read_text(encoding="utf-8").splitlines()
    cells = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {code: frozenset(names.split("|")) for code, names in cells[1:]}


def same_unit(gold: Row, row: Row) -> bool:
    """Return whether an extracted unit is the one that gold names."""
    expected = {(gold.get("normalized_unit") or "-").lower(), (gold.get("unit") or "-").lower()}
    unit = (row.get("unit") or "-").strip()
    known = unit_names()
    if unit in ("-", "1"):
        return bool(expected & {"-", ""})
    if expected & known.get(unit, frozenset()) or unit.lower() in expected:
        return True
    above, slash, below = unit.partition("/")
    if slash and "/" not in below:
        tops, bottoms = known.get(above, {above}), known.get(below, {below})
        if any(f"{top} per {bottom}" in expected for top in tops for bottom in bottoms):
            return True
    expected_words = {singular(word) for name in expected for word in name.split()}
    return unit not in known and singular(unit.lower().split()[-1]) in expected_words


def _gold_value(value: str) -> float | tuple[float, float]:
    match = _RANGE.fullmatch(value)
    return (float(match[1]), float(match[2])) if match else float(value)


def _same_value(gold: float | tuple[float, float], row: Row) -> bool:
    if isinstance(gold, tuple):
        low, high = row.get("value_low"), row.get("value_high")
        return (close(low, gold[0]) and close(high, gold[1])) or (
            close(low, gold[1]) and close(high, gold[0])
        )
    return close(row.get("value"), gold)


def _change(row: Row) -> str:
    if row.get("change") in ("up", "down"):
        return str(row["change"])
    bound = row.get("bound") or "="
    return _CHANGES.get(bound, bound)
