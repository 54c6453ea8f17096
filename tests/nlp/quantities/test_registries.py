"""Every name and sign of units and currencies that the tables have from the registries, in formats and sentence frames."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from claimtable import rules
from claimtable.nlp.quantities import find_quantities

REFUSED = {
    "kn": "the kuna is more frequent than the knot",
    "MN": "a million",
    "F": "the degree Fahrenheit, but in texts about capacitors",
    "bps": "basis points",
    "million british thermal unit": "a million of the unit, which is the same",
    "million british thermal units": "a million of the unit, which is the same",
}
FRAMES = (
    "It had {} then.",
    "They put it at {}, he said.",
    "Some {} were left.",
    "At {} it was the most so far.",
    "The report says {}.",
    "It rose to {} in May.",
    "A level of {} is safe.",
    "“It is {},” she said.",
    "Not {}, he said.",
    "It was {} in 2015 and is now gone.",
)
FORMATS = {"12": 12.0, "1,250": 1250.0, "3.5": 3.5, "0.4": 0.4}


def _units() -> list[tuple[str, str]]:
    return [
        (row["code"], form)
        for row in rules.table("units", "code", "dimension", "name", "factor")
        for form in (*row["names"].split("|"), *row["symbols"].split("|"))
        if form and form not in REFUSED
    ]


def _currencies() -> list[tuple[str, str]]:
    out = []
    for row in rules.table("currencies", "code", "name"):
        out.append((row["code"], row["code"]))
        if "(" not in row["name"]:
            out += [(row["code"], row["name"]), (row["code"], row["plural"])]
    return out


def _assert_read(code: str, form: str, frame: str, written: str) -> None:
    text = frame.format(f"{written} {form}")
    found = [q for q in find_quantities(text) if q.text[-1] != "5" or "2015" not in q.text]
    assert [(q.value, q.table_unit or q.unit) for q in found] == [(FORMATS[written], code)], text


PRODUCT = [(code, form) for code, form in [*_units(), *_currencies()]]


def _ucum() -> list[dict[str, str]]:
    lines = (Path(__file__).parent / "ucum.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_every_unit_of_ucum_is_read_or_refused_for_a_reason() -> None:
    """A refused one that is read by now is no longer to be listed as refused."""
    rows = _ucum()
    assert len(rows) > 300
    for row in rows:
        found = [q for q in find_quantities(f"It had 12 {row['name']} then.") if q.value == 12]
        read = [q.table_unit or q.unit for q in found][:1] == [row["code"]]
        assert read != bool(row["refused"]), row


@pytest.mark.parametrize("seed", range(8))
def test_a_sample_of_units_and_currencies_is_read(seed: int) -> None:
    chosen = random.Random(seed)
    for code, form in chosen.sample(PRODUCT, 40):
        _assert_read(code, form, FRAMES[0], chosen.choice(list(FORMATS)))


@pytest.mark.slow
@pytest.mark.parametrize("written", FORMATS)
def test_every_unit_and_currency_is_read_in_nearly_every_frame(written: str) -> None:
    missed = []
    for code, form in PRODUCT:
        for frame in FRAMES:
            try:
                _assert_read(code, form, frame, written)
            except AssertionError as error:
                missed.append(str(error))
    assert len(missed) <= 0.02 * len(PRODUCT) * len(FRAMES), missed[:40]


@pytest.mark.parametrize("form", REFUSED)
def test_what_is_refused_for_a_reason_means_something_else(form: str) -> None:
    listed = rules.table("units", "code", "dimension", "name", "factor")
    signs = {row["code"] for row in listed if form in row["symbols"].split("|")}
    codes = signs or {row["code"] for row in listed if form in row["names"].split("|")}
    found = find_quantities(f"It had 12 {form} then.")
    assert not any(q.value == 12 and (q.table_unit or q.unit) in codes for q in found)
