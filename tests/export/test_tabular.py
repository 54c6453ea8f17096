import json
import math
import re
from dataclasses import fields, replace
from datetime import date

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from claimtable.errors import ExportError
from claimtable.export.tabular import BATCH_ROWS, frame_of, read_table, to_frame, write_table
from claimtable.schema import COLUMNS, Claim, Column

READABLE = ("csv", "jsonl", "parquet")

DTYPES = {"string": "string", "Float64": "Float64", "Int64": "Int64", "date": "datetime64[s]"}

# What a document can hold: any character but lone surrogates, which UTF-8 has no bytes for, and NUL.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
awkward = texts | st.sampled_from(
    ["=1+1", "'=1+1", "''@x", "-5 %", "a\r\nb", "\ttab", "=", '"', "’", "\u202egnp", "😀"]
)
numbers = st.floats(allow_nan=False, allow_infinity=False)
STRATEGIES = {
    "string": awkward,
    "Float64": numbers,
    "Int64": st.integers(0, 2**53),
    "date": st.dates(min_value=date(1000, 1, 1)),
}


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    values = {}
    for field, column in zip(fields(Claim), COLUMNS, strict=True):
        strategy = STRATEGIES[column.dtype]
        if column.dtype == "string" and field.default != "":
            strategy = strategy.filter(bool)
        if field.default is None:
            strategy = st.none() | strategy
        values[field.name] = draw(strategy)
    return Claim(**values)


def same(left: pd.DataFrame, right: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(left, right, check_exact=True)


@pytest.mark.parametrize("format_", READABLE)
# A row has 47 cells: shrinking it takes longer than reading it.
@settings(
    max_examples=15,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(rows=st.lists(claims(), max_size=3))
def test_a_table_reads_back_unchanged(tmp_path_factory, format_, rows):
    path = tmp_path_factory.mktemp("t") / f"t.{format_}"
    assert write_table((c.to_dict() for c in rows), path, format_) == len(rows)
    same(read_table(path), to_frame(rows))


def test_the_frame_has_the_documented_dtypes(claim):
    for rows in ([], [claim], [Claim(), claim]):
        frame = to_frame(rows)
        assert list(frame.columns) == [c.name for c in COLUMNS]
        assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == {
            c.name: DTYPES[c.dtype] for c in COLUMNS
        }


def test_analysts_can_compute_with_it(claim):
    frame = to_frame([claim, replace(claim, value=None, deadline=date(2400, 1, 1))])
    assert frame["value"].sum() == 1e9
    assert frame["value"].isna().tolist() == [False, True]
    assert (frame["deadline"] - frame["published"]).dt.days.tolist()[0] == 2452
    assert frame["deadline"].dt.year.tolist() == [2020, 2400]


def test_parquet_describes_its_columns(tmp_path, claim):
    path = tmp_path / "t.parquet"
    write_table([claim.to_dict()], path, "parquet")
    schema = pq.read_schema(path)
    for column in COLUMNS:
        assert schema.field(column.name).metadata[b"description"].decode() == column.description
    assert str(schema.field("deadline").type) == "timestamp[ms]"


def test_parquet_is_written_in_row_groups(tmp_path, claim):
    path = tmp_path / "t.parquet"
    write_table((claim.to_dict() for _ in range(BATCH_ROWS + 5)), path, "parquet")
    assert [pq.ParquetFile(path).metadata.row_group(i).num_rows for i in range(2)] == [BATCH_ROWS, 5]


FORMULAS = [
    "=1+1",
    "+1 234",
    "-5 %",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1+1",
    "'=1+1",
    '=HYPERLINK("http://x")',
    "＝1",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_csv_cell_is_a_formula(tmp_path, claim, text):
    path = tmp_path / "t.csv"
    write_table([replace(claim, text=text, value=-5.0).to_dict()], path, "csv")
    import csv

    with path.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    # Behind a tab or a line end a spreadsheet may begin another cell.
    inner = text[0] + "'" + text[1:] if text[0] in "\t\r" else text
    assert row["text"] == f"'{inner}"
    assert row["value"] == "-5"
    assert row["bound"] == "="
    assert read_table(path)["text"].tolist() == [text]


@pytest.mark.parametrize(
    ("value", "cell"), [(97_000_000.0, "97000000"), (0.1, "0.1"), (1e22, "1e+22"), (math.inf, "")]
)
def test_csv_numbers(tmp_path, claim, value, cell):
    path = tmp_path / "t.csv"
    write_table(
        [replace(claim, value=value).to_dict()],
        path,
        "csv",
        columns=[c for c in COLUMNS if c.name == "value"],
    )
    assert path.read_text() == f"value\n{cell}\n" if cell else 'value\n""\n'


@pytest.mark.parametrize("format_", READABLE)
def test_what_utf8_cannot_carry_is_replaced(tmp_path, claim, format_):
    path = tmp_path / f"t.{format_}"
    write_table([replace(claim, text="a\ud800b").to_dict()], path, format_)
    assert read_table(path)["text"].tolist() == ["a\ufffdb"]


def test_lists_and_booleans(tmp_path):
    columns = (Column("aliases", "list", ""), Column("prediction", "boolean", ""))
    rows = [{"aliases": ["DPRK", "=x"], "prediction": True}, {"aliases": None, "prediction": False}]
    for format_ in READABLE:
        path = tmp_path / f"t.{format_}"
        write_table(rows, path, format_, columns=columns)
        same(read_table(path, columns=columns), frame_of(rows, columns))


def test_jsonl_is_strict_json(tmp_path, claim):
    path = tmp_path / "t.jsonl"
    write_table([replace(claim, value=math.nan).to_dict()], path, "jsonl")
    row = json.loads(path.read_text(), parse_constant=pytest.fail)
    assert row["value"] is None
    assert row["deadline"] == "2020-12-31"


class Interrupted(BaseException):
    pass


@pytest.mark.parametrize("format_", READABLE)
@pytest.mark.parametrize("before", [None, "old"])
def test_an_interrupt_leaves_what_was_there(tmp_path, claim, format_, before):
    path = tmp_path / "t.x"
    if before:
        path.write_text(before)

    def rows():
        yield claim.to_dict()
        raise Interrupted

    with pytest.raises(Interrupted):
        write_table(rows(), path, format_, overwrite=True)
    assert [p.name for p in tmp_path.iterdir()] == (["t.x"] if before else [])
    assert not before or path.read_text() == before


def test_an_existing_file_is_kept(tmp_path, claim):
    path = tmp_path / "t.csv"
    path.write_text("old")
    with pytest.raises(ExportError, match=re.escape(f"{path} exists: ")):
        write_table([claim.to_dict()], path, "csv")
    assert path.read_text() == "old"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.txt", "", "ending is none of"),
        ("t.csv", None, "cannot be read"),
        ("t.jsonl", "{", "is no jsonl table"),
        ("t.csv", "value\nmany\n", "is no csv table"),
        ("t.parquet", "x", "is no parquet table"),
    ],
)
def test_a_bad_table_is_named(tmp_path, name, content, message):
    path = tmp_path / name
    if content is not None:
        path.write_text(content)
    with pytest.raises(ExportError, match=message):
        read_table(path)


@pytest.mark.parametrize("text", ["[" * 100_000, "5\n", '{"value": {}}\n'])
def test_jsonl_that_holds_something_else_is_no_table(tmp_path, text):
    path = tmp_path / "deep.jsonl"
    path.write_text(text)
    with pytest.raises(ExportError, match=r"deep\.jsonl is no jsonl table"):
        read_table(path)
