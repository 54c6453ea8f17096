import io
from dataclasses import replace

import pytest
from rich.console import Console

from claimtable.cli import table
from claimtable.cli.claim_table import MOST_ROWS
from claimtable.cli.ids import short_ids
from claimtable.cli.table import show
from claimtable.export.wording import number_text, period_text

TOP = 20


def shown(rows, *, layer="claims", width=120, top=TOP):
    console = Console(file=io.StringIO(), width=width, force_terminal=False)
    show(rows, layer, console=console, top=top)
    return console.file.getvalue()


def apart(claim, number, **fields):
    """The n-th of several claims, each in a sentence of its own."""
    return replace(
        claim,
        claim_id=f"c{number:06}",
        start=1000 * number,
        end=1000 * number + 10,
        prefix="It is so. " * 3,
        **fields,
    ).to_dict()


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_it_fits_the_terminal(claim, width):
    rows = [apart(claim, n, text="word " * 80, speaker="x" * 60) for n in range(3)]
    lines = shown(rows, width=width).splitlines()
    assert max(map(len, lines)) <= width


@pytest.mark.parametrize("width", [60, 80, 200])
def test_a_claim_reads_as_it_should(claim, width):
    words = " ".join(shown([claim.to_dict()], width=width).split())
    for part in (
        "0.75",
        "Russia",
        "trade will reach $1 billion by 2020",
        "1 billion USD",
        "55%–80%",
        "by 2020-12-31",
    ):
        assert part in words


def test_rows_of_one_sentence_stand_below_it(claim):
    first = replace(claim, claim_id="c1", text="Exports rose by 5 percent", start=0, end=25, value=5.0)
    second = replace(
        claim,
        claim_id="c2",
        text="imports fell by 3 percent.",
        start=31,
        end=57,
        value=3.0,
        prefix="Exports rose by 5 percent, and ",
    )
    third = replace(
        claim, claim_id="c3", text="Debt rose.", start=58, end=68, prefix="imports fell by 3 percent. "
    )
    out = shown([c.to_dict() for c in (first, second, third)])
    assert out.count("Exports rose by 5 percent, and imports fell by 3 percent.") == 1
    assert out.count("0.75") == 2
    assert all(out.count(name) == 1 for name in ("c1", "c2", "c3", "Debt rose."))


def test_a_table_in_a_sentence_is_cut(claim):
    rows = [replace(claim, claim_id=f"c{n:03}").to_dict() for n in range(MOST_ROWS + 30)]
    assert "30 more rows of this sentence" in shown(rows)


def test_unsure_denied_and_hedged_rows_are_marked(claim):
    marked = replace(claim, confidence=0.2, polarity="negated", modality="unlikely")
    out = shown([marked.to_dict()], width=80)
    assert "?  c1" in out
    assert "not " in out
    assert "“unlikely”" in out
    assert "all are right · not: the text denies it · “…”" in " ".join(out.split())
    plain = shown([replace(claim, confidence=0.9, modality=None).to_dict()])
    assert "?" not in plain
    assert "denies" not in plain


def test_most_check_worthy_first_and_how_many_more(claim):
    rows = [apart(claim, n, text=f"claim {n}", check_worthiness=n / 100) for n in range(TOP + 5)]
    out = shown(rows)
    assert out.index(f"claim {TOP + 4}") < out.index(f"claim {TOP + 3}")
    assert "claim 4 " not in out
    assert "5 more" in out
    assert "more" not in shown(rows, top=0)


def test_what_is_longer_than_the_terminal_goes_through_a_pager(claim, monkeypatch):
    paged = []
    monkeypatch.setattr("pydoc.pager", paged.append)
    rows = [apart(claim, n) for n in range(20)]
    monkeypatch.delenv("LESS", raising=False)
    for height in (500, 24):
        console = Console(file=io.StringIO(), width=80, height=height, force_terminal=True)
        show(rows, "claims", console=console, top=0)
    assert len(paged) == 1
    assert table.os.environ.pop("LESS") == "FRX"


def test_short_ids_tell_apart():
    ids = ["abcdefgh1", "abcdefgh2", "b" * 16]
    assert short_ids(ids) == {x: x[:9] for x in ids}
    assert short_ids(["a" * 16, "b" * 16]) == {"a" * 16: "a" * 7, "b" * 16: "b" * 7}
    assert short_ids([]) == {}


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
