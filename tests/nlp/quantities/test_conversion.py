"""Conversion to SI and the unit lexicon."""

from __future__ import annotations

import pytest

from claimtable.errors import ClaimTableError
from claimtable.nlp.quantities import find_quantities
from claimtable.nlp.quantities.conversion import convert, convert_claim, convert_quantity
from claimtable.nlp.quantities.lexicon import units
from claimtable.schema import Claim


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
        (3, "[pp]", (3.0, "[pp]")),
        (25, "[bp]", (0.25, "[pp]")),
        (0.5, "1", (0.5, "1")),
        (7, "m", (7.0, "m")),
        (58.24, "USD/barrel", (366.318579, "USD/m3")),
        (20, "USD/1000 m3", (0.02, "USD/m3")),
        (2, "dB", None),
        (2, "Np", None),
        (30, "'", (0.00872664625995, "rad")),
        (5, "G", (5e-4, "kg/A/s2")),
        (2, "mR", (5.16e-7, "A.s/kg")),
        (3, "hbar", (3e7, "kg/m/s2")),
        (5, "Cel/h", (5 / 3600, "K/s")),
        (5, "USD", None),
        (5, "citizen", None),
        (5, "USD/share", None),
        (5, "test/d", None),
        (5, None, None),
    ],
)
def test_to_si(value, unit, expected):
    got = convert(value, unit)
    if expected is None:
        assert got is None
    else:
        assert got is not None
        assert got[0] == pytest.approx(expected[0], rel=1e-6)
        assert got[1] == expected[1]


@pytest.mark.parametrize(
    ("value", "unit", "target", "expected"),
    [
        (5, "EUR", "EUR", (5, "EUR")),
        (5, "EUR/h", "eur", (5, "EUR/h")),
        (5, "EUR", "USD", None),
        (5, "cent", "EUR", None),
        (5, "km", "EUR", None),
        (5, None, "EUR", None),
    ],
)
def test_to_a_currency_without_exchange_rates(value, unit, target, expected):
    assert convert(value, unit, target) == expected


@pytest.mark.parametrize("target", ["EURO", "XXY", "", "metre"])
def test_no_such_target(target):
    with pytest.raises(ClaimTableError, match="ISO 4217"):
        convert(1, "m", target)


def test_a_difference_of_temperature_has_no_zero():
    assert convert(20, "Cel") == (293.15, "K")
    assert convert(20, "Cel", difference=True) == (20.0, "K")
    assert convert(18, "[degF]", difference=True) == (10.0, "K")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rose 2 °C.", (2.0, None, None, "K")),
        ("It rose to 20 °C.", (293.15, None, None, "K")),
        ("It was 2 °C warmer.", (2.0, None, None, "K")),
        ("A warming of 1.5 °C is likely.", (1.5, None, None, "K")),
        ("It stood near 20 °C.", (293.15, None, None, "K")),
        ("Between 32 and 50 degrees Fahrenheit.", (None, 273.15, 283.15, "K")),
        ("It cost 20 pence a litre.", (200.0, None, None, "GBP/m3")),
        ("A third of them left.", (1 / 3, None, None, "1")),
        ("It rose 3 percentage points.", (3.0, None, None, "[pp]")),
        ("They sold 5 lamps.", (None, None, None, None)),
        ("It cost 5 dollars.", (None, None, None, None)),
        ("It holds 80,000 barrels.", (12718.983594, None, None, "m3")),
    ],
)
def test_a_mention_in_si(text, expected):
    (quantity,) = find_quantities(text)
    got = convert_quantity(quantity, "SI", text)
    for seen, wanted in zip((got.value, got.value_low, got.value_high), expected[:3], strict=True):
        assert seen is None if wanted is None else seen == pytest.approx(wanted)
    assert got.unit == expected[3]


def test_coins_are_parts_of_their_currency():
    (quantity,) = find_quantities("It cost 19 cents.")
    assert convert_quantity(quantity, "USD", "It cost 19 cents.").value == pytest.approx(0.19)
    assert convert_quantity(quantity, "EUR", "It cost 19 cents.").unit is None


def test_a_claim_takes_the_difference_from_its_quantity():
    text = "Temperatures rose 2 °C in May."
    found = tuple(find_quantities(text))
    claim = Claim(
        text=text, start=0, end=len(text), value=2.0, unit="Cel", unit_text="°C", dimension="temperature"
    )
    assert convert_claim(claim, "SI", text, found).value == 2.0
    level = text.replace("rose 2", "rose to 2")
    assert convert_claim(claim, "SI", level, tuple(find_quantities(level))).value == 275.15


def test_every_unit_has_a_positive_factor():
    for unit in units()[2].values():
        assert unit.factor > 0, unit


PREFIXES = {
    **{
        "yotta": 24,
        "zetta": 21,
        "exa": 18,
        "peta": 15,
        "tera": 12,
        "giga": 9,
        "mega": 6,
        "kilo": 3,
        "hecto": 2,
    },
    **{"deka": 1, "deci": -1, "centi": -2, "milli": -3, "micro": -6, "nano": -9, "pico": -12, "femto": -15},
    **{"atto": -18, "zepto": -21, "yocto": -24},
}


def test_a_prefix_multiplies():
    by_name = {unit.name: unit for unit in units()[2].values()}
    pairs = [
        (unit, by_name[unit.name.removeprefix(prefix)], power)
        for unit in by_name.values()
        for prefix, power in PREFIXES.items()
        if unit.name.startswith(prefix) and unit.name.removeprefix(prefix) in by_name
    ]
    assert len(pairs) > 900
    for unit, plain, power in pairs:
        assert (unit.dimension, unit.si, unit.offset) == (plain.dimension, plain.si, plain.offset), unit
        assert unit.factor == pytest.approx(plain.factor * 10.0**power), unit


def test_what_takes_a_prefix_takes_all_of_them():
    names = {unit.name for unit in units()[2].values()}
    prefixed = {name.removeprefix("yotta") for name in names if name.startswith("yotta")}
    assert len(prefixed) > 40 and "weber" in prefixed
    lacking = {prefix + name for prefix in PREFIXES for name in prefixed} - names
    assert not lacking


def test_a_dimension_has_one_unit_to_convert_to():
    found: dict[str, set[str]] = {}
    for unit in units()[2].values():
        found.setdefault(unit.dimension, set()).add(unit.si)
    several = {dimension for dimension, bases in found.items() if len(bases) > 1}
    assert several == {"level", "refraction"}  # decibel and neper; dioptre and prism dioptre
