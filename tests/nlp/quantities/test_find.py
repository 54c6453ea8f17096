"""`find_quantities` against the cases in `tests/cases/quantities.jsonl`, and what holds for any text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.timing import assert_growth

from claimtable.nlp.quantities import find_quantities
from claimtable.schema import Quantity

CASES = [
    json.loads(line)
    for name in ("quantities", "quantity_kinds")
    for line in (Path(__file__).parents[2] / "cases" / f"{name}.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])
def test_case(case):
    found = [q.to_dict() for q in find_quantities(case["text"])]
    seen = [(q["text"], q["value"], q["value_low"], q["value_high"], q["unit"]) for q in found]
    assert len(found) == len(case["expected"]), seen
    for got, expected in zip(found, case["expected"], strict=True):
        for name, value in expected.items():
            if isinstance(value, float | int) and not isinstance(value, bool):
                assert got[name] == pytest.approx(value), (name, got)
            else:
                assert got[name] == value, (name, got)


def test_case_ids_are_unique():
    ids = [case["id"] for case in CASES]
    assert len(ids) == len(set(ids))


def test_movement_keeps_both_values():
    (quantity,) = find_quantities("Mileage rose from 20 mpg in 2008 to 29 mpg in 2020.")
    assert [part.value for part in quantity.parts] == [20.0, 29.0]
    assert quantity.parts[1].direction == "up"
    assert Quantity.from_dict(json.loads(json.dumps(quantity.to_dict()))) == quantity


WORDS = st.sampled_from(
    [
        "million",
        "thousand",
        "hundred",
        "and",
        "a",
        "half",
        "one",
        "two",
        "dozen",
        "of",
        "in",
        "to",
        "from",
        "between",
        "per",
        "cent",
        "%",
        "$",
        "€",
        "£",
        "-",
        "–",
        ".",
        ",",
        "/",
        "(",
        ")",
        "+",
        "5",
        "1,000",
        "2.5",
        "2014",
        "¾",
        "1/2",
        "rose",
        "by",
        "up",
        "down",
        "more",
        "than",
        "pounds",
        "USD",
        "US",
        "$",
        "cents",
        "\n",
        "10",
        "years",
        "old",
        "times",
        "as",
        "fast",
        "km",
        "m",
        "k",
        "bn",
    ]
)


@given(
    st.one_of(
        st.text(max_size=300),
        st.lists(WORDS, max_size=40).map(" ".join),
        st.lists(WORDS, max_size=40).map("".join),
    )
)
@settings(max_examples=400)
def test_any_text_passes_and_spans_slice_back(text):
    last = 0
    for q in find_quantities(text):
        assert text[q.start : q.end] == q.text
        assert q.start >= last and q.end > q.start
        assert q.start <= q.number_start < q.number_end <= q.end
        assert (q.value is None) == (q.value_low is not None)
        last = q.end


MANNERS = {
    "english": lambda n: f"{n:,}",
    "plain": str,
    "thin space": lambda n: f"{n:,}".replace(",", "\u2009"),
    "no-break space": lambda n: f"{n:,}".replace(",", "\u00a0"),
    "apostrophe": lambda n: f"{n:,}".replace(",", "'"),
    "continental": lambda n: f"{n:,}".replace(",", ".") + ",5",
}


@given(st.integers(1, 10**12), st.sampled_from(sorted(MANNERS)))
@settings(max_examples=300)
def test_written_number_comes_back(number, manner):
    written = MANNERS[manner](number)
    value = number + (0.5 if manner == "continental" else 0)
    for text, unit in (
        (f"It weighs {written} kg now.", "kg"),
        (f"It cost €{written} then.", "EUR"),
        (f"About {written} % left.", "%"),
    ):
        (q,) = find_quantities(text)
        assert (q.value, q.unit) == (value, unit)


def indian(n):
    head, tail = divmod(n, 1000)
    if not head:
        return str(n)
    pairs = []
    while head >= 100:
        head, pair = divmod(head, 100)
        pairs.insert(0, f"{pair:02d}")
    return ",".join([str(head), *pairs, f"{tail:03d}"])


ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
SCALES = ((10**9, "billion"), (10**6, "million"), (10**3, "thousand"), (100, "hundred"))


def spell(n):
    """Returns the English cardinal of n, without "and"."""
    for scale, word in SCALES:
        if n >= scale:
            head, rest = divmod(n, scale)
            return f"{spell(head)} {word}" + (f" {spell(rest)}" if rest else "")
    if n < 20:
        return ONES[n]
    tens, ones = divmod(n, 10)
    return TENS[tens - 2] + (f"-{ONES[ones]}" if ones else "")


SMALL = {
    "words": (spell, 0.0),
    "indian": (indian, 0.0),
    "glyph": (lambda n: f"{n}¾", 0.75),
    "slash": (lambda n: f"{n} 3/4", 0.75),
    "hyphen": (lambda n: f"{n}-3/4", 0.75),
    "decimal": (lambda n: f"{n}.75", 0.75),
}


@pytest.mark.parametrize("manner", SMALL)
@given(st.integers(1, 10**9))
@settings(max_examples=60)
def test_a_number_in_words_or_with_a_fraction_comes_back(manner, number):
    if manner in ("glyph", "slash", "hyphen"):
        number %= 999
        number += 1
    write, more = SMALL[manner]
    for text, unit in (
        (f"It weighs {write(number)} kilograms.", "kg"),
        (f"Some {write(number)} % left.", "%"),
    ):
        (q,) = find_quantities(text)
        assert (q.value, q.unit) == (number + more, unit)


@given(st.integers(1, 999), st.sampled_from(["thousand", "million", "billion", "trillion", "lakh", "crore"]))
def test_a_scaled_number_comes_back(number, scale):
    value = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "lakh": 1e5, "crore": 1e7}
    for written, plain in ((str(number), number), (f"{number}.5", number + 0.5), (f"-{number}", -number)):
        (q,) = find_quantities(f"It made {written} {scale} euros.")
        assert q.value == pytest.approx(plain * value[scale])
        assert q.unit == "EUR"


@given(st.integers(1, 9), st.integers(-30, 30))
def test_scientific_notation_comes_back(number, power):
    raised = "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(c)] if c.isdigit() else "⁻" for c in str(power))
    for written in (f"{number}e{power}", f"{number}×10^{power}", f"{number} × 10{raised}"):
        (q,) = find_quantities(f"It weighs {written} kg.")
        assert q.value == pytest.approx(float(f"{number}e{power}"))


@given(st.integers(1, 400), st.integers(1, 400), st.sampled_from(["-", "–", " to ", " - "]))
def test_both_ends_of_a_range_come_back(low, width, joint):
    (q,) = find_quantities(f"It needs {low}{joint}{low + width} kg of it.")
    assert (q.value, q.value_low, q.value_high, q.unit) == (None, low, low + width, "kg")


@given(
    st.sampled_from([c for c in CASES if c["expected"] and c["id"] != "australian-text"]),
    st.text(max_size=60),
    st.text(max_size=60),
)
@settings(max_examples=200)
def test_unrelated_lines_change_nothing(case, before, after):
    text = case["text"]
    alone = [(q.text, q.value, q.unit, q.bound, q.change) for q in find_quantities(text)]
    shift = len(before) + 1
    joined = f"{before}\n{text}\n{after}"
    inside = [q for q in find_quantities(joined) if shift <= q.start and q.end <= shift + len(text)]
    if find_quantities(before) or find_quantities(after):
        return
    assert [(q.text, q.value, q.unit, q.bound, q.change) for q in inside] == alone


ADVERSARIAL = [
    "1",
    ",",
    "-",
    "1,",
    "1-",
    "million ",
    "one ",
    "1 ",
    "$",
    "from 1 to 2 ",
    '5" ',
    "three hundred and ",
    "hundreds of ",
    "1/2 ",
    "1-1/2-",
    "10⁻",
    "5 ± 1 ",
    "4x",
    "5%-",
    "a year and a half ",
    "two miles and a half ",
    "nineteen eighty-",
    "5 or so ",
    "to the dollar ",
    "5 yen to the dollar ",
    "a quarter by ",
]


@pytest.mark.slow
@pytest.mark.parametrize("unit", ADVERSARIAL)
def test_time_is_linear(unit):
    # 8 times the text; quadratic would be 64.
    assert_growth(20, lambda size: unit * (size // len(unit)), find_quantities, 10_000, 80_000)


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["1", ",", "-", "million "])
def test_a_megabyte_passes(unit):
    find_quantities(unit * (1_000_000 // len(unit)))


def test_a_dash_behind_a_range():
    found = find_quantities("Between 10 and 20-0 of them came.")
    assert (found[0].value_low, found[0].value_high) == (10, 20)
