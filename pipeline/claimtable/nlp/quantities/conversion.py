"""Conversion of values to SI, after UCUM's own definitions, and of coins to their currency.

What a column in one unit can hold, and nothing that would need an exchange rate.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from claimtable.errors import ClaimTableError
from claimtable.nlp.quantities.lexicon import Unit, currencies, neighbours, units
from claimtable.nlp.quantities.products import product_of
from claimtable.schema import Claim, Quantity

SI = "SI"
_NUMBERED = re.compile(r"(\d+(?:\.\d+)?) (.+)")
_POINTS = {"[pp]": 1.0, "[bp]": 0.01}
"""Differences of shares, in percentage points: 3 points on 10 % are not 3 % of it, so they never become a plain ratio."""
_REACH_DIFFERENCE = 3
"""Words before a temperature in which one like "warming" makes it a difference; own choice."""
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Converted:
    """A value in another unit; the ends where it is a range. All None where there is no conversion."""

    value: float | None = None
    value_low: float | None = None
    value_high: float | None = None
    unit: str | None = None


@cache
def _by_name() -> dict[str, Unit]:
    return {unit.label: unit for unit in units()[2].values()} | {
        unit.name: unit for unit in units()[2].values()
    }


def find_unit(code: str) -> Unit | None:
    """Return the unit of a UCUM code, or of the English name that the layer shows for it; None if unknown."""
    return units()[2].get(code) or _by_name().get(code) or product_of(code)


def check_target(target: str) -> str:
    """Return `SI` or an ISO 4217 code in capitals.

    Raises:
        ClaimTableError: it is neither.
    """
    wanted = target.upper()
    if wanted != SI and wanted not in currencies()[3]:
        raise ClaimTableError(
            f"{target!r} is no unit to convert to: give SI, or the ISO 4217 code of a currency, such as EUR"
        )
    return wanted


def convert(
    value: float, unit: str | None, target: str = SI, *, difference: bool = False
) -> tuple[float, str] | None:
    """Return (value, unit) of a value in SI units, or in a currency.

    Args:
        value: the number in `unit`.
        unit: as in the tables: a UCUM code, an ISO 4217 code, or a rate of these such as `USD/barrel`.
        target: `SI`, or an ISO 4217 code. A currency takes only what already is in it: there are no
            exchange rates here.
        difference: the value is a rise or fall of a temperature, not a point on its scale.

    Returns:
        None where there is no such conversion. A rate converts by both sides: `km/h` becomes `m/s`,
        `USD/barrel` becomes `USD/m3`. Temperatures become kelvins, as points on the scale (20 `Cel` are
        293.15 `K`) or as differences (20 `K`). Shares become ratios (`1`), percentage points stay apart
        from them as `[pp]`. Amounts of money alone, counted things and levels (decibels) have no SI unit.

    Raises:
        ClaimTableError: `target` is neither SI nor a currency.
    """
    wanted = check_target(target)
    if unit is None:
        return None
    if wanted != SI:
        return (value, unit) if unit.partition("/")[0] == wanted else None
    if unit == "1":
        return value, "1"
    if unit in _POINTS:
        return _tidy(value * _POINTS[unit]), "[pp]"
    known = find_unit(unit)
    if known is not None:
        offset = 0.0 if difference else known.offset
        return (_tidy(value * known.factor + offset), known.si) if _linear(known) else None
    return _convert_rate(value, unit)


def _linear(unit: Unit) -> bool:
    """Return False for a logarithmic level, whose "SI unit" is itself."""
    return unit.dimension not in ("level", "acidity")


def _convert_rate(value: float, unit: str) -> tuple[float, str] | None:
    above, found, below = unit.partition("/")
    if not found:
        return None
    match = _NUMBERED.fullmatch(below)
    times = float(match[1]) if match else 1.0
    lower = find_unit(match[2] if match else below)
    if lower is None or lower.offset or not _linear(lower):
        return None
    if above in currencies()[3]:
        return _tidy(value / (lower.factor * times)), f"{above}/{lower.si}"
    upper = find_unit(above)
    if upper is None or not _linear(upper):
        return None
    # A rate of temperatures ("5 degrees per hour") is one of differences, so the offset has no part in it.
    return _tidy(value * upper.factor / (lower.factor * times)), f"{upper.si}/{lower.si}"


def _tidy(value: float) -> float:
    return float(f"{value:.12g}")


def convert_quantity(quantity: Quantity, target: str, text: str) -> Converted:
    """Return a mention in `target`; `text` is the document's, whose words tell a rise in temperature from a level."""
    unit, factor = quantity.table_unit or quantity.unit, 1.0
    if quantity.table_unit is not None and quantity.factor is not None:
        factor = quantity.factor
    return _convert_ends(
        (quantity.value, quantity.value_low, quantity.value_high),
        factor,
        unit,
        quantity.dimension,
        target,
        is_difference(quantity, text),
    )


def convert_claim(claim: Claim, target: str, text: str, quantities: tuple[Quantity, ...]) -> Converted:
    """Return the value of a claim in `target`; `quantities` are those of its document, in `text`."""
    difference = claim.dimension == "temperature" and any(
        is_difference(q, text)
        for q in quantities
        if claim.start <= q.start < claim.end
        and (q.value, q.value_low, q.unit_text) == (claim.value, claim.value_low, claim.unit_text)
    )
    ends = (claim.value, claim.value_low, claim.value_high)
    return _convert_ends(ends, 1.0, claim.unit, claim.dimension, target, difference)


def _convert_ends(
    ends: tuple[float | None, float | None, float | None],
    factor: float,
    unit: str | None,
    dimension: str | None,
    target: str,
    difference: bool,
) -> Converted:
    if dimension == "count":
        return Converted()  # a noun may share its name with a unit: three feet of a table
    done = [
        None if end is None else convert(end * factor, unit, target, difference=difference) for end in ends
    ]
    value, low, high = (None if end is None else end[0] for end in done)
    return Converted(value, low, high, next((end[1] for end in done if end is not None), None))


def is_difference(quantity: Quantity, text: str) -> bool:
    """Return True where the value is how far something moved ("rose 2 °C", "2 °C warmer"), not where it stands ("rose to 2 °C")."""
    if quantity.change is not None:
        return True
    before = [word.lower() for word in _WORD.findall(text[max(0, quantity.start - 60) : quantity.start])]
    if any(word in neighbours()["difference"] for word in before[-_REACH_DIFFERENCE:]):
        return True
    return quantity.direction is not None and not (before and before[-1] in neighbours()["level_before"])
