import io
from dataclasses import replace

import pytest
from rich.console import Console

from claimtable.cli.table import TOP, show
from claimtable.export.wording import number_text, period_text


def shown(rows, *, layer="claims", width=120):
    console = Console(file=io.StringIO(), width=width, force_terminal=False)
    show(rows, layer, console=console)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [40, 80, 120, 200])
def test_it_fits_the_terminal(claim, width):
    rows = [replace(claim, text="word " * 80, speaker="x" * 60).to_dict()] * 3
    lines = shown(rows, width=width).splitlines()
    assert max(map(len, lines)) <= width


def test_a_claim_reads_as_it_should(claim):
    words = " ".join(shown([claim.to_dict()], width=200).split())
    for part in (
        "0.75",
        "Russia",
        "trade will reach $1 billion by 2020",
        "1 billion USD",
        "55%–80%",
        "by 2020-12-31",
    ):
        assert part in words


def test_most_check_worthy_first_and_how_many_more(claim):
    rows = [replace(claim, text=f"claim {n}", check_worthiness=n / 100).to_dict() for n in range(TOP + 5)]
    out = shown(rows)
    assert out.index(f"claim {TOP + 4}") < out.index(f"claim {TOP + 3}")
    assert "claim 4 " not in out
    assert "5 more" in out


def test_no_rows(claim):
    assert shown([]) == "No claims found.\n"


def test_other_layers(claim):
    out = shown([{"doc_id": "d", "start": 0, "end": 4, "text": "DPRK", "label": "LOC"}], layer="entities")
    assert "DPRK" in out
    assert "LOC" in out


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (97e6, "97 million"),
        (1948.0, "1,948"),
        (0.25, "0.25"),
        (-1.01e9, "-1.01 billion"),
        (1e13, "10 trillion"),
    ],
)
def test_numbers(value, text):
    assert number_text(value) == text


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        ("2013-01-01", "2013-12-31", "2013"),
        ("2013-04-01", "2013-04-30", "2013-04"),
        ("2013-04-01", "2013-04-01", "2013-04-01"),
        ("2010-01-01", "2012-12-31", "2010–2012"),
        ("2013-04-02", "2013-04-05", "2013-04-02\n2013-04-05"),
    ],
)
def test_periods(start, end, text):
    assert period_text(start, end) == text
