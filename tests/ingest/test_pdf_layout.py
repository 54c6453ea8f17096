"""PDFs as different programs store them: columns a line or a column at a time, running heads, encryption."""

import io

import pytest
from tests.fuzz.targets import pdf
from tests.ingest.test_pdf_warc import PAGES, make_pdf

from claimtable.errors import IngestError
from claimtable.ingest import read_pdf
from claimtable.ingest.columns import down_columns

pytest.importorskip("pypdf")

LEFT = [
    "Exports of coal rose to 12 million tonnes in the", "year 2013, the ministry of trade said in its",
    "report on Monday. The port handled more than", "it ever did before that year, and it will grow.",
    "Output fell in the north by 3 percent as mines", "closed one after another in the long winter.",
]  # fmt: skip
RIGHT = [
    "The central bank kept its rate at 4 percent and", "said that prices would rise by 2 percent in the",
    "coming year. Wages grew by 5 percent, which was", "more than most had expected of the tight market.",
    "Unemployment stood at 6 percent in March, the", "statistics office said, after 7 percent before.",
]  # fmt: skip


def at(x, y, text):
    return f"1 0 0 1 {x} {y} Tm ({text}) Tj "


def across():
    return (
        "BT /F1 9 Tf "
        + "".join(
            at(40, 700 - 12 * k, a) + at(320, 700 - 12 * k, b)
            for k, (a, b) in enumerate(zip(LEFT, RIGHT, strict=True))
        )
        + "ET"
    )


def blocks_across():
    lines = enumerate(zip(LEFT, RIGHT, strict=True))
    return " ".join(
        f"BT /F1 9 Tf 40 {700 - 12 * k} Td ({a}) Tj ET BT /F1 9 Tf 320 {700 - 12 * k} Td ({b}) Tj ET"
        for k, (a, b) in lines
    )


def columns_in_turn():
    return (
        "BT /F1 9 Tf "
        + "".join(
            at(x, 700 - 12 * k, line)
            for x, lines in ((40, LEFT), (320, RIGHT))
            for k, line in enumerate(lines)
        )
        + "ET"
    )


def shifted():
    """The columns do not stand on the same lines."""
    lines = enumerate(zip(LEFT, RIGHT, strict=True))
    return (
        "BT /F1 9 Tf "
        + "".join(at(40, 700 - 12 * k, a) + at(320, 699 - 12 * k, b) for k, (a, b) in lines)
        + "ET"
    )


@pytest.mark.parametrize("store", [across, blocks_across, columns_in_turn, shifted])
def test_each_column_is_read_down(store):
    text = " ".join(read_pdf(pdf(store().encode(), packed=False)).text.split())
    assert " ".join(LEFT) in text
    assert " ".join(RIGHT) in text


def test_a_heading_across_both_stays_between():
    head = "A HEADING THAT STANDS ACROSS BOTH OF THE COLUMNS OF THIS PAGE, AS OFTEN IN NEWSPAPERS"
    lines = [f"{a:<60}{b}" for a, b in zip(LEFT, RIGHT, strict=True)]
    assert down_columns([*lines, head, *lines]) == [*LEFT, *RIGHT, head, *LEFT, *RIGHT]
    assert down_columns([*lines[:5], LEFT[5], " " * 62 + RIGHT[5]]) == [*LEFT, *RIGHT]


@pytest.mark.parametrize(
    "lines",
    [
        [f"Row {k}      {k * 7}.5      {k * 9}.1" for k in range(12)],
        [f"Exports of goods in {2000 + k}           {k * 100},000" for k in range(12)],
        [*(line * 2 for line in LEFT), "a    b"],
        LEFT[:3],
        [],
    ],
)
def test_tables_and_plain_pages_are_no_columns(lines):
    assert down_columns(lines) is None


def test_running_heads_of_two_pages():
    heads = [["Harbour Review 12", *PAGES[0][3:8], "1"], ["Harbour Review 13", *PAGES[1][1:2], "2"]]
    text = read_pdf(make_pdf(heads)).text
    assert "Harbour Review" not in text
    assert "if the Russian transit trade does not" in text


@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128", "AES-128", "AES-256", "AES-256-R5"])
@pytest.mark.parametrize("password", ["", "secret"])
def test_encryption(algorithm, password):
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(PdfReader(io.BytesIO(make_pdf(PAGES))))
    writer.encrypt(password, "owner", algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    if password:
        with pytest.raises(IngestError, match="the PDF is encrypted"):
            read_pdf(out.getvalue())
    else:
        assert "443,000 containers" in read_pdf(out.getvalue()).text


def test_ligatures_are_letters(monkeypatch):
    """Browsers store the signs that they draw."""
    monkeypatch.setattr(
        "pypdf.PageObject.extract_text", lambda *_, **__: "The o\ufb03ce \ufb01nished 12 \ufb02ats."
    )
    assert read_pdf(pdf(b"BT ET", packed=False)).text == "The office finished 12 flats."
