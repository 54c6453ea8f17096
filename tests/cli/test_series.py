"""`claimtable series`: figures that are comparable stand together, in the order of time."""

import json
from dataclasses import replace
from datetime import date

import pytest

from claimtable.check.series import histories, middle
from claimtable.schema import Document, Section
from claimtable.store import Extraction, Store


@pytest.fixture
def rows(claim):
    def row(number, subject, value, year, **fields):
        made = replace(
            claim, claim_id=f"c{number:07}", kind="quantitative", subject=subject, value=value, unit="%", unit_text="percent",
            dimension="share", change=None, bound="=", time_start=date(year, 1, 1), time_end=date(year, 12, 31), deadline=None,
            modality=None, probability_low=None, probability_high=None, condition=None, polarity="affirmed", place=None,
            text="x", start=number, end=number + 1, prefix="", suffix="", doc_id="d1",
        )  # fmt: skip
        return replace(made, **fields)

    return [
        row(1, "the inflation in Turkey", 64.0, 2022),
        row(2, "Turkey's inflation", 53.0, 2023, place=None),
        row(3, "inflation in the euro area", 5.4, 2023),
        row(4, "Inflation", 2.1, 2024, place="Norway"),
        row(5, "Inflation", 3.1, 2024, place="Sweden"),
        row(6, "inflation in Turkey", 44.0, 2021, kind="prediction"),
        row(7, "inflation in Turkey", 1.0, 2020, status="rejected"),
        row(8, "inflation in Turkey", 1.0, 2020, polarity="negated"),
        row(9, "inflation in Turkey", 900.0, 2020, unit="TRY"),
        row(10, "core inflation in Turkey", 61.0, 2022),
        row(11, "inflation in Turkey", None, 2019, value_low=10.0, value_high=12.0),
        row(12, "inflation in Turkey", 1.0, 2020, time_start=None),
    ]


def test_what_is_comparable_stands_together(rows):
    found = histories(rows, "Inflation", unit="%")
    shown = [([int(c.claim_id[1:]) for c in h.claims], h.measure.place) for h in found]
    assert shown == [([11, 6, 1, 2], None), ([4], "Norway"), ([5], "Sweden"), ([10], None), ([3], None)]
    assert [middle(c) for c in found[0].claims] == [11.0, 44.0, 64.0, 53.0]
    assert [len(h.claims) for h in histories(rows, "turkey inflation")] == [4, 1, 1]
    assert histories(rows, "the") == histories(rows, "exports") == []


def test_the_command(claimtable, rows, tmp_path):
    db = tmp_path / "a.db"
    document = Document(
        "d1", "x" * 40, title="Prices", published=date(2024, 5, 1), sections=(Section(0, 40, "body"),)
    )
    with Store.open(db) as store:
        store.add_document(document)
        store.save_extraction(
            document, Extraction(tuple(r for r in rows if r.status == "extracted")), pipeline="t"
        )
    lines = claimtable("series", "inflation Turkey", "--unit", "%", "--db", db).stdout.splitlines()
    assert lines[0] == "inflation in Turkey"
    assert [line.split()[0] for line in lines[1:5]] == ["2019", "2021", "2022", "2023"]
    assert "forecast 44 percent" in lines[2]
    assert lines[3].count("█") == 20 and lines[4].count("█") == 17
    assert "(2024-05-01): Prices" in lines[3]
    found = [
        json.loads(x)
        for x in claimtable("series", "inflation", "--db", db, "--format", "json").stdout.splitlines()
    ]
    assert {x["place"] for x in found} == {None, "Norway", "Sweden"}
    nothing = claimtable("series", "exports", "--db", db)
    assert (nothing.exit_code, nothing.stdout) == (0, "")
    assert "no dated figure of “exports”" in nothing.stderr
