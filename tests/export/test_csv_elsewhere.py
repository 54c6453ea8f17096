"""CSV as spreadsheets of other countries read it: no cell is a formula, wherever they end cells; and it reads back as it was."""

from __future__ import annotations

import csv
import io
import itertools
import re
import shutil
import subprocess
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtable.export.tabular import read_table, write_table
from claimtable.schema import Claim, Column

COMMANDS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example")',
    "＝1+1",
    "=",
    "-5",
]
BEFORE = [
    "", "a;", "a\t", "a\n", "a\r\n", "a\r", 'a;"', 'a";', ";", "\t", "\n", "'", ";'", "a; ", "a;\u00a0", 'a;""', "a,", 'a","', "a;;", "a|", 'a;"";',
    "a\n\n", "a;\t", "a' ;",
]  # fmt: skip
PAYLOADS = ["".join(pair) for pair in itertools.product(BEFORE, COMMANDS)] + [
    f"{before}{command};more\t{command}\n{command}" for before in BEFORE[:6] for command in COMMANDS[:4]
]
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]\s*[^\s,]")
NAMES = ("text", "subject", "speaker", "title", "note", "unit")


def written(rows, path=None):
    out = io.BytesIO() if path is None else path
    write_table((row.to_dict() for row in rows), out, "csv")
    return out.getvalue().decode() if path is None else path.read_text(encoding="utf-8")


def rows_of(payloads):
    row = Claim(kind="quantitative", bound="=", value=-1.5, rule="t@1")
    return [
        replace(row, claim_id=f"c{k}", doc_id="d", **dict.fromkeys(NAMES, text))
        for k, text in enumerate(payloads)
    ]


def test_there_are_enough():
    assert len(set(PAYLOADS)) >= 150


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_NONE])
def test_no_cell_is_a_formula_wherever_cells_end(delimiter, quoting):
    text = written(rows_of(PAYLOADS))
    if quoting == csv.QUOTE_NONE and delimiter == ",":
        pytest.skip("a reader of commas without quotation marks cannot read our CSV")
    found = 0
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting):
        for cell in row:
            found += 1
            # The value alone is a number of ours.
            assert cell == "-1.5" or not FORMULA.match(cell.lstrip('"')), cell
    assert found > len(PAYLOADS)


def test_it_reads_back_as_it_was(tmp_path):
    rows = rows_of(PAYLOADS)
    written(rows, tmp_path / "a.csv")
    frame = read_table(tmp_path / "a.csv")
    for name in NAMES:
        assert frame[name].tolist() == [getattr(row, name) for row in rows]


@given(st.lists(st.text("a;=+-'\"\t\n\r , @", min_size=1, max_size=9), min_size=1, max_size=5))
def test_any_text_reads_back(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    columns = [Column("text", "string", "a"), Column("names", "list", "b")]
    write_table(({"text": text, "names": [text, "=1"]} for text in texts), path, "csv", columns=columns)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file, delimiter=";"):
            assert not [cell for cell in row if FORMULA.match(cell)]
    frame = read_table(path, columns=columns)
    assert frame["text"].tolist() == texts
    assert [list(names) for names in frame["names"]] == [[text, "=1"] for text in texts]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice")
@pytest.mark.parametrize(("delimiter", "code"), [(",", "44"), (";", "59"), ("tab", "9"), ("both", "44/59/9")])
def test_libreoffice_finds_no_formula(tmp_path, delimiter, code):
    written(rows_of(PAYLOADS), tmp_path / "a.csv")
    # Separators, quotation mark, UTF-8, from line 1; not quoted cells as text, and formulas are evaluated.
    options = f"CSV:{code},34,76,1,,0,false,true,false,false,false,-1"
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", f"--infilter={options}", "--convert-to", "fods", "a.csv"],
        cwd=tmp_path, check=True, timeout=300, capture_output=True,
    )  # fmt: skip
    sheet = (tmp_path / "a.fods").read_text(encoding="utf-8")
    assert "c17" in sheet
    assert not re.findall(r'table:formula="[^"]{0,80}', sheet)
