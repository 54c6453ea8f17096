"""Conversion to SI and the unit lexicon."""

from __future__ import annotations

import pytest

from claimtable.nlp.quantities.lexicon import units
from claimtable.nlp.quantities.units import to_si


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (5, "km", (5000.0, "m")),
        (100, "[ft_i]", (30.48, "m")),
        (20, "Cel", (293.15, "K")),
        (32, "[degF]", (273.15, "K")),
        (36, "km/h", (10.0, "m/s")),
        (2, "cubic foot", (0.056633693184, "m3")),
        (1, "[Cal]", (4184.0, "kg.m2/s2")),
        (86400, "m3/d", (1.0, "m3/s")),
        (5, "%", (0.05, "1")),
        (25, "[bp]", (0.0025, "1")),
        (5, "USD", None),
        (5, "citizen", None),
        (5, "USD/barrel", None),
        (5, None, None),
    ],
)
def test_to_si(value, unit, expected):
    got = to_si(value, unit)
    if expected is None:
        assert got is None
    else:
        assert got is not None
        assert got[0] == pytest.approx(expected[0], rel=1e-6)
        assert got[1] == expected[1]


def test_every_unit_has_a_positive_factor():
    for unit in units()[2].values():
        assert unit.factor > 0, unit
