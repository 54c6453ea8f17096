"""What the claims table promises of units and bounds, by standards and dictionaries and not by our tables.

A line that is missing from a table, or says something else, fails here.
"""

import pytest

from claimtable.nlp.quantities import find_quantities

# Codes of https://ucum.org/ucum, case sensitive.
UNITS = {
    "km": "km", "kilometres": "km", "kilometers": "km", "metres": "m", "cm": "cm", "mm": "mm", "miles": "[mi_i]", "feet": "[ft_i]", "inches": "[in_i]",
    "yards": "[yd_i]", "kg": "kg", "kilograms": "kg", "grams": "g", "mg": "mg", "tonnes": "t", "pounds": "[lb_av]", "ounces": "[oz_av]",
    "litres": "L", "liters": "L", "ml": "mL", "hectares": "har", "acres": "[acr_us]", "square kilometres": "km2", "square metres": "m2",
    "cubic metres": "m3", "barrels": "barrel", "kW": "kW", "MW": "MW", "GW": "GW", "megawatts": "MW", "kWh": "kW.h", "MWh": "MW.h", "GWh": "GW.h",
    "kilowatt-hours": "kW.h", "watts": "W", "volts": "V", "Hz": "Hz", "MHz": "MHz", "GHz": "GHz", "hectopascals": "hPa", "°C": "Cel", "degrees Celsius": "Cel", "°F": "[degF]",
    "degrees Fahrenheit": "[degF]", "joules": "J", "kJ": "kJ", "hours": "h", "minutes": "min", "seconds": "s", "days": "d", "weeks": "wk",
    "months": "mo", "years": "a", "percent": "%", "per cent": "%", "percentage points": "[pp]", "basis points": "[bp]", "km/h": "km/h",
    "kilometres per hour": "km/h", "mph": "[mi_i]/h", "miles per hour": "[mi_i]/h", "mm of rain": "mm",
}  # fmt: skip
BOUNDS = {
    "~": ["about", "around", "roughly", "approximately", "approx.", "some", "almost", "nearly", "an estimated", "close to"],
    "<=": ["at most", "up to", "no more than", "a maximum of", "as much as"],
    ">=": ["at least", "no less than", "a minimum of", "no fewer than"],
    ">": ["more than", "over", "above"],
    "<": ["less than", "under", "below", "fewer than"],
}  # fmt: skip
CURRENCIES = {
    "$5 million": "USD", "US$5 million": "USD", "€5 million": "EUR", "£5 million": "GBP", "¥5 million": "JPY", "5 million euros": "EUR", "5 million dollars": "USD",
    "5 million roubles": "RUB", "5 million yen": "JPY", "5 million yuan": "CNY", "CHF 5 million": "CHF", "C$5 million": "CAD", "A$5 million": "AUD", "5 million pesos": None,
    "5 million won": "KRW", "Rs 5 million": None, "5 million rupees": None, "SEK 5 million": "SEK", "5 million Swiss francs": "CHF", "R$5 million": "BRL",
}  # fmt: skip


def only(text):
    found = [q for q in find_quantities(text) if q.value is not None]
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(("word", "code"), UNITS.items())
def test_units_are_ucum_codes(word, code):
    found = only(f"They measured 7 {word} there.")
    assert (found.value, found.unit) == (7.0, code)


@pytest.mark.parametrize(
    ("word", "bound"), [(word, bound) for bound, words in BOUNDS.items() for word in words]
)
def test_bounds(word, bound):
    found = only(f"They counted {word} 40 ships there.")
    assert (found.value, found.bound) == (40.0, bound)


@pytest.mark.parametrize(("words", "code"), CURRENCIES.items())
def test_money_is_iso_4217(words, code):
    found = only(f"They paid {words} there.")
    assert (found.value, found.dimension) == (5e6, "money")
    assert code is None or found.unit == code


@pytest.mark.parametrize(
    "behind",
    [
        "k",
        "K screens",
        " million",
        "%",
        " x 12",
        "-12",
        ".5",
        "/3",
        ",000",
        " 4",
        "th",
        "e5",
        " May",
        " MAX",
        "p",
        "",
    ],
)
@pytest.mark.parametrize("before", ["", "$", "737 ", "1/", "2 x ", "-", "No. ", "in "])
def test_digits_without_end_are_no_error(before, behind):
    """Python refuses to make a number of more than 4,300 digits."""
    find_quantities(f"It was {before}{'9' * 5000}{behind} there.")
