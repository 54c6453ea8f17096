import csv
import io
import json
import signal
import sys

import pandas as pd
import pytest

from claimtable.export.tabular import read_table


def rows_of(result):
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_a_pipe_gets_csv(claimtable, articles):
    result = claimtable("extract", articles)
    assert result.exit_code == 0, result.output
    assert [row["text"][:7] for row in rows_of(result)] == ["Exports", "Nobody "]
    assert result.stderr == ""


def test_standard_input(claimtable):
    lines = '{"id": "x", "text": "One."}\n{"id": "y", "text": "Two."}\n'
    result = claimtable("extract", "-", "--input-format", "jsonl", "--format", "jsonl", stdin=lines)
    assert [json.loads(line)["doc_id"] for line in result.stdout.splitlines()] == ["x", "y"]
    assert result.exit_code == 0


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_the_ending_sets_the_format(claimtable, articles, tmp_path, ending):
    path = tmp_path / f"out.{ending}"
    result = claimtable("extract", articles, "-o", path)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert len(read_table(path)) == 2


def test_table(claimtable, articles):
    result = claimtable("extract", articles, "--format", "table")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].split()[:3] == ["Id", "Subject", "Value"]
    # Most check-worthy first.
    assert next(line for line in lines if line.startswith("0.")).split()[1] == "Exports"
    assert "\x1b" not in result.stdout


WRONG = {
    "no input": (["extract"], "Missing argument"),
    "no such layer": (["extract", "a.txt", "--layer", "words"], "--layer"),
    "unknown ending": (["extract", "a.txt", "-o", "out.txt"], "none of"),
    "table into a file": (["extract", "a.txt", "--format", "table", "-o", "out.csv"], "--format"),
    "two models": (["extract", "a.txt", "--fast", "--model", "x"], "--fast"),
    "no such folder": (["extract", "a.txt", "-o", "nowhere/out.csv"], "not a folder"),
    "no such conversion": (["extract", "a.txt", "--convert", "miles"], "--convert"),
    "nothing to convert": (["extract", "a.txt", "--layer", "times", "--convert", "SI"], "--convert"),
    "no subject of times": (["extract", "a.txt", "--layer", "times", "--no-subject"], "--no-subject"),
    "no subject with a model": (
        ["extract", "a.txt", "--layer", "quantities", "--no-subject", "--fast"],
        "--no-subject",
    ),
    "output is a folder": (["extract", "a.txt", "-o", ".", "--format", "csv"], "is a folder"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_usage_exits_2(claimtable, case, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    arguments, word = WRONG[case]
    result = claimtable(*arguments)
    assert result.exit_code == 2
    assert word in " ".join(result.stderr.split())
    assert result.stdout == ""


def test_an_existing_file_needs_force(claimtable, articles, tmp_path):
    path = tmp_path / "out.csv"
    path.write_text("precious")
    result = claimtable("extract", articles, "-o", path)
    assert result.exit_code == 2
    assert "--force" in result.stderr
    assert path.read_text() == "precious"
    assert claimtable("extract", articles, "-o", path, "--force").exit_code == 0
    assert len(read_table(path)) == 2


BAD = {
    "empty.txt": b"",
    "blank.txt": b" \n\n",
    "binary.txt": bytes(range(256)) * 40,
    "latin1.txt": "Crème brûlée costs 5 € in Besançon".encode("utf-16-le")[1:],
    "no-text.html": b"<html><head><title></title></head><body></body></html>",
    "broken.pdf": b"%PDF-1.7 nothing",
    "picture.html": b"\x89PNG\r\n\x1a\n" + bytes(200),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_input_costs_only_itself(claimtable, articles, tmp_path, name):
    bad = tmp_path / name
    bad.write_bytes(BAD[name])
    result = claimtable("extract", bad, articles, "-o", tmp_path / "out.csv")
    assert result.exit_code == 1
    first, *_, last = result.stderr.splitlines()
    assert str(bad) in first
    assert last == "claimtable: 1 failed, 2 done"
    assert "Traceback" not in result.stderr
    assert len(read_table(tmp_path / "out.csv")) == 2


def test_a_missing_file_costs_only_itself(claimtable, articles, tmp_path):
    result = claimtable("extract", tmp_path / "missing.txt", articles)
    assert result.exit_code == 1
    assert "missing.txt" in result.stderr
    assert len(rows_of(result)) == 2


def test_a_broken_line_costs_only_itself(claimtable, tmp_path):
    path = tmp_path / "d.jsonl"
    path.write_text('{"id": "x", "text": "One."}\n{"id": \n{"id": "y", "text": "Two."}\n')
    result = claimtable("extract", path)
    assert result.exit_code == 1
    assert "line 2" in result.stderr
    assert [row["doc_id"] for row in rows_of(result)] == ["x", "y"]


AWKWARD = {
    "emoji": "😀😀 👩‍👩‍👧 rose 5 % 🇰🇵\n" * 3,
    "right to left": "ارتفعت الصادرات 14 مليون دولار في عام 2008.\n",
    "combining": "The cafe\u0301 of the town had 2014 guests in the fe\u0302te. " * 20,
    "markup": "<script>alert(1)</script> & =1+1 rose to 5\n",
    "controls": "rose\x07 to \x1b[31m5 million\x1b[0m\u202e people",
    "CRLF": "One rose.\r\n\r\nTwo fell.\r\n",
    "one long line": "Exports rose to 14 million dollars. " * 3000,
    "one long word": "x" * 10_000,
}


@pytest.mark.parametrize("case", AWKWARD)
def test_any_text_goes_through(claimtable, tmp_path, case):
    path = tmp_path / "a.txt"
    path.write_bytes(AWKWARD[case].encode())
    for form in ("csv", "jsonl", "table"):
        result = claimtable("extract", path, "--format", form)
        assert result.exit_code == 0, result.stderr
        if form == "table":
            assert "\x1b" not in result.stdout
            assert "\u202e" not in result.stdout


def test_nothing_read_writes_nothing(claimtable, tmp_path):
    path = tmp_path / "out.csv"
    path.write_text("precious")
    result = claimtable("extract", tmp_path / "missing.txt", "-o", path, "--force")
    assert result.exit_code == 1
    assert "not written" in result.stderr
    assert path.read_text() == "precious"
    assert [p.name for p in tmp_path.iterdir()] == ["out.csv"]


def test_the_unexpected_names_the_document(claimtable, articles):
    (articles / "aa.jsonl").write_text('{"id": "bad one", "text": "BOOM"}\n')
    result = claimtable("extract", articles)
    assert result.exit_code == 1
    first, last = result.stderr.splitlines()
    assert first.startswith("claimtable: bad one: unexpected RuntimeError in stand_in")
    assert "report" in first
    assert last == "claimtable: 1 failed, 2 done"
    assert len(rows_of(result)) == 2
    assert "Traceback" in claimtable("extract", articles, "--debug").stderr


def test_the_unexpected_elsewhere_is_one_line(claimtable, articles, monkeypatch):
    monkeypatch.setattr("claimtable.export.tabular.write_table", lambda *_, **__: 1 / 0)
    result = claimtable("extract", articles)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert "ZeroDivisionError" in result.stderr


def test_an_unknown_model_is_wrong_usage(articles, process):
    run = process("extract", articles, "--model", "no_such_model")
    out, err = run.communicate(timeout=120)
    assert run.returncode == 2
    assert out == ""
    assert "no_such_model" in err
    assert len(err.splitlines()) == 1


SLOW = """
import sys, time
sys.path.insert(0, {tests!r})
import conftest, spacy
from claimtable.nlp import extensions, pipeline
from claimtable import ingest
from claimtable.schema import Document

def load(model=None, *, fast=False):
    nlp = spacy.blank("en")
    extensions.register()
    nlp.add_pipe("stand_in")
    return nlp

def read(inputs, **_):
    for number in range(100_000):
        if number == 2_000 and {sleep}:
            print("ready", file=sys.stderr, flush=True)
            time.sleep(60)
        yield Document(id=str(number), text="Exports rose.")

pipeline.load, ingest.read = load, read
from claimtable.cli import main
sys.argv = ["claimtable", *{arguments!r}]
main()
"""


def slow(process, request, *arguments, sleep, **kwargs):
    tests = str(request.path.parent)
    code = SLOW.format(tests=tests, sleep=sleep, arguments=list(map(str, arguments)))
    import subprocess

    return subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **kwargs
    )


def test_a_closed_pipe_is_quiet(process, request):
    run = slow(process, request, "extract", "x", sleep=False)
    run.stdout.readline()
    run.stdout.close()
    assert run.stderr.read() == ""
    assert run.wait(timeout=60) == 141


@pytest.mark.parametrize("signal_", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_is_quiet_and_leaves_nothing(process, request, tmp_path, signal_):
    path = tmp_path / "out.csv"
    run = slow(process, request, "extract", "x", "-o", path, sleep=True)
    assert run.stderr.readline() == "ready\n"
    run.send_signal(signal_)
    assert "Traceback" not in run.stderr.read()
    assert run.wait(timeout=60) == 128 + signal_
    assert list(tmp_path.iterdir()) == []


LINE = '{"id": "x", "text": "It ran 3 miles at 20 °C for €5 and 19 cents, or 2 pounds of it."}\n'


def extract_line(claimtable, *options):
    return claimtable(
        *("extract", "-", "--input-format", "jsonl", "--format", "jsonl", "--layer", "quantities"),
        *("--no-subject", *options),
        stdin=LINE,
    )


def test_quantities_by_the_words_alone(claimtable, monkeypatch):
    monkeypatch.setattr("claimtable.nlp.pipeline.load", None)
    result = extract_line(claimtable)
    assert (result.exit_code, result.stderr) == (0, "")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["unit"] for row in rows] == ["[mi_i]", "Cel", "EUR", "cent", "[lb_av]"]
    assert "value_si" not in rows[0]
    assert all(row["subject"] is None for row in rows)


def test_converted_to_si(claimtable):
    rows = [json.loads(line) for line in extract_line(claimtable, "--convert", "SI").stdout.splitlines()]
    assert [row["unit_si"] for row in rows] == ["m", "K", None, None, "kg"]
    assert rows[0]["value_si"] == pytest.approx(4828.032)
    assert rows[1]["value_si"] == pytest.approx(293.15)
    assert list(rows[0])[-4:] == ["value_si", "value_low_si", "value_high_si", "unit_si"]


def test_converted_to_a_currency(claimtable):
    result = extract_line(claimtable, "--convert", "eur")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["value_eur"] for row in rows] == [None, None, 5.0, None, None]
    assert "1 amount in another currency (USD)" in result.stderr
    assert result.exit_code == 0


def test_conversion_in_parquet_and_table(claimtable, tmp_path):
    path = tmp_path / "out.parquet"
    source = tmp_path / "x.jsonl"
    source.write_text(LINE)
    claimtable(
        *("extract", source, "--layer", "quantities", "--no-subject", "--convert", "SI", "-o", path),
    )
    assert pd.read_parquet(path)["unit_si"].dropna().tolist() == ["m", "K", "kg"]
    result = claimtable("extract", source, "--convert", "SI", "--format", "table")
    assert result.exit_code == 0, result.output


def test_an_empty_name_is_wrong_usage(claimtable, tmp_path, monkeypatch):
    """The empty path is the present folder, which nobody asked for."""
    monkeypatch.chdir(tmp_path)
    for verb in (("extract",), ("ingest", "--db", tmp_path / "a.db")):
        result = claimtable(*verb, "")
        assert result.exit_code == 2
        assert "an empty name is no file" in " ".join(result.stderr.split())


def test_min_confidence_keeps_the_surer_rows(claimtable, articles):
    every = claimtable("extract", articles, "--format", "jsonl")
    assert len(every.stdout.splitlines()) == 2
    sure = claimtable("extract", articles, "--format", "jsonl", "--min-confidence", "0.7")
    assert [json.loads(line)["confidence"] for line in sure.stdout.splitlines()] == [0.9]
    wrong = claimtable("extract", articles, "--layer", "quantities", "--min-confidence", "0.7")
    assert wrong.exit_code == 2
    assert "--min-confidence" in wrong.output


def test_unsure_rows_are_marked(claimtable, articles):
    lines = claimtable("extract", articles, "--format", "table").stdout
    assert "0.62 " in lines
    assert sum(line.startswith("?  ") for line in lines.splitlines()) == 1
    assert "more likely wrong" in lines


def test_a_workbook_names_export(claimtable, articles, tmp_path):
    result = claimtable("extract", articles, "-o", tmp_path / "z.xlsx")
    assert result.exit_code == 2
    assert "claimtable export INPUT" in " ".join(result.stderr.replace("│", " ").split())
