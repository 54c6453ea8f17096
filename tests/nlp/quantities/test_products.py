"""Products of units and powers below one, and what only looks like them."""

from __future__ import annotations

import pytest

from claimtable.nlp.quantities import find_quantities
from claimtable.nlp.quantities.conversion import find_unit
from claimtable.nlp.quantities.products import divided, times


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("5 tonne-kilometres", "t.km"),
        ("3 pascal seconds", "Pa.s"),
        ("12 kg·m", "kg.m"),
        ("12 ampere minutes", "A.min"),
        ("5 lumen-seconds", "lm.s"),
        ("10 N·m", "N.m"),
        ("300 tonne kilometres a year", "t.km/a"),
        ("3 mg kg-1", "mg/kg"),
        ("6 m s-1", "m/s"),
        ("9.81 m s−2", "m/s2"),
        ("0.4 W m−2 K−1", "W/m2/K"),
        ("7 g L⁻¹", "g/L"),
    ],
)
def test_a_product_is_one_unit(written: str, unit: str) -> None:
    assert [(q.text, q.unit) for q in find_quantities(f"It had {written} then.")] == [(written, unit)]


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("an 8-hour day", "h"),
        ("a 10 mile day", "[mi_i]"),
        ("a 100 metre second heat", "m"),
        ("a 20-tonne kilometre-long train", "t"),
        ("a 40-hour week", "h"),
        ("6 m 2-3 times", "m"),
        ("5 kg 3-4 days later", "kg"),
    ],
)
def test_two_units_side_by_side_are_no_product(written: str, unit: str) -> None:
    assert find_quantities(f"It had {written} then.")[0].unit == unit


def test_products_convert_by_the_units_that_they_are_made_of() -> None:
    tonne, kilometre = find_unit("t"), find_unit("km")
    assert tonne is not None and kilometre is not None
    product = times(tonne, kilometre)
    assert (product.code, product.factor, product.si) == ("t.km", 1e6, "kg.m")
    assert find_unit("t.km") == product
    assert find_unit("t.nothing") is None
    quotient = divided(tonne, kilometre, 2)
    assert (quotient.code, quotient.si) == ("t/km2", "kg/m2")
    assert quotient.factor == pytest.approx(1e-3)
