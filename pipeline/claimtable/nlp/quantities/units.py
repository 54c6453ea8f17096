"""Conversion of measured values to SI, after UCUM's own definitions."""

from __future__ import annotations

import re
from functools import cache

from claimtable.nlp.quantities.lexicon import Unit, units

_NUMBERED = re.compile(r"(\d+(?:\.\d+)?) (.+)")


@cache
def _by_name() -> dict[str, Unit]:
    return {unit.label: unit for unit in units()[2].values()} | {
        unit.name: unit for unit in units()[2].values()
    }


def find_unit(code: str) -> Unit | None:
    """Returns the unit of a UCUM code, or of the English name that the layer shows for it; None if unknown."""
    return units()[2].get(code) or _by_name().get(code)


def to_si(value: float, unit: str | None) -> tuple[float, str] | None:
    """Returns (value, SI unit) of a measured value; None where there is none: money, counts, levels.

    A rate converts by both sides (`km/h` → m/s, `m3/d` → m3/s). Temperatures convert as points on the
    scale (20 Cel → 293.15 K), not as differences.
    """
    if unit is None:
        return None
    known = find_unit(unit)
    if known is not None:
        return (_tidy(value * known.factor + known.offset), known.si) if known.si != known.code else None
    above, found, below = unit.partition("/")
    if not found:
        return None
    match = _NUMBERED.fullmatch(below)
    times = float(match[1]) if match else 1.0
    upper, lower = find_unit(above), find_unit(match[2] if match else below)
    if upper is None or lower is None or upper.offset or lower.offset:
        return None
    return _tidy(value * upper.factor / (lower.factor * times)), f"{upper.si}/{lower.si}"


def _tidy(value: float) -> float:
    return float(f"{value:.12g}")
